"""The desk's composition root: settings → engine → rooms → the application.  No room builds another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from fastapi import FastAPI
from sqlalchemy.orm import Session, sessionmaker

import cti
import ivr
import ticketing
from agent_desktop import (
    INTAKE_TARGETS,
    DemoLogin,
    DeskConfig,
    Doors,
    FormGuide,
    HouseRules,
    Intake,
    SipAccount,
    WorkingRules,
    create_app,
    load_form_guide,
    load_house_rules,
)
from hotline import attachment_room, briefing, database, desk_archive, live_captions, recording_room, resources, seed
from hotline.fact_writer import FactWriter
from hotline.secrets_file import SecretsFile
from hotline.settings import Settings

HOUSE_RULES = "desk.toml"
"""File of a city pack with its own roles and not-ready reasons."""

FORM_GUIDE = "form.toml"
"""File of a city pack with its own scripts, places, dispositions and required fields."""

SIP_DOMAIN = "desk.invalid"
"""Domain in the agents' SIP addresses.  Asterisk goes by the user part; no name is ever looked up."""


class BadCity(ValueError):
    """The city pack cannot be used; the text lists every problem with file and line."""


class DeskProcess:
    """The desk with everything behind it.  Serve ``app``; :meth:`start` before, :meth:`stop` after."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        engine = database.build_engine(settings.sqlalchemy_url)
        self._engine = engine
        self.writer = FactWriter(database.sessions(engine), now)
        self.bridge = cti.Bridge(bridge_config(settings), self._on_fact)
        self.app: FastAPI = create_app(self._doors(settings, now))

    def start(self) -> None:
        """Starts writing facts down.  The bridge starts with the application."""
        self.writer.start()

    def stop(self) -> None:
        """Writes down what is left and lets the database go."""
        self.writer.stop()
        self._engine.dispose()

    def _on_fact(self, fact: cti.Fact) -> None:
        """Every fact of the switch, in order: into the log's queue, then to the pages."""
        self.writer.put(fact)
        self.app.state.desk.on_fact(fact)

    def _doors(self, settings: Settings, now: Callable[[], datetime]) -> Doors:
        read = database.sessions(database.read_only(self._engine))
        secrets = SecretsFile(settings.home)
        city = resources.city_dir(settings)
        menu = ivr.load_menu(city / "ivr.toml")
        if isinstance(menu, list):
            raise BadCity("\n".join(str(problem) for problem in menu))
        pack = ticketing.load_rulepack(city)
        if isinstance(pack, list):
            raise BadCity("\n".join(str(problem) for problem in pack))
        try:
            archive = desk_archive.archive(settings, database.sessions(self._engine), now)
        except (recording_room.BadScorecard, recording_room.BadRetention) as error:
            raise BadCity(str(error)) from error
        return Doors(
            config=desk_config(settings, secrets, pack.name),
            write=database.sessions(self._engine),
            read=read,
            bridge=self.bridge,
            now=now,
            office=ticketing.OfficeDesk(pack).current,
            intake=intake(settings),
            paper_templates=city / "documents",
            recording_store=recording_room.store(settings),
            attachments=attachment_room.files(settings),
            archive=archive,
            sip_account=partial(sip_account, read, secrets),
            form=form_guide(settings),
            brief=partial(briefing.brief, city / "prompts"),
            menu_labels=partial(ivr.menu_labels, menu),
            captions=live_captions.engine(settings),
        )


def intake(settings: Settings) -> Intake:
    """What intake suggests from: the search index, the city's keywords, the models trained here."""
    keywords = resources.city_dir(settings) / "keywords.toml"
    return Intake(settings.search_index, keywords, {name: settings.suggest_model(name) for name in INTAKE_TARGETS})


def bridge_config(settings: Settings) -> cti.BridgeConfig:
    """How the desk reaches the switch."""
    secret = SecretsFile(settings.home).get("ami")
    return cti.BridgeConfig(ami=cti.AmiConfig(port=settings.ami_port, secret=secret))


def working_rules(settings: Settings) -> WorkingRules:
    """What an office starts with of the rules it may change while working."""
    return WorkingRules.model_validate({name: getattr(settings, name) for name in WorkingRules.model_fields})


def desk_config(settings: Settings, secrets: SecretsFile, city_name: str) -> DeskConfig:
    """The desk's plain settings."""
    content = seed.read(resources.city_dir(settings)) if settings.demo else None
    return DeskConfig(
        city_code=settings.city,
        city_name=city_name,
        secret=secrets.get("session"),
        house_rules=house_rules(settings),
        asterisk_ws=f"ws://127.0.0.1:{settings.asterisk_http_port}/ws",
        static_dir=resources.web_app(),
        rules=working_rules(settings),
        demo=settings.demo,
        demo_logins=tuple(DemoLogin(**vars(login)) for login in seed.logins(content, secrets)) if content else (),
        demo_phones=tuple(_citizen_phone(one, secrets) for one in content.citizen_phones) if content else (),
    )


def house_rules(settings: Settings) -> HouseRules:
    """Roles and reasons: the city's own file if it has one, else the shipped ones."""
    own = resources.city_dir(settings) / HOUSE_RULES
    return load_house_rules(own) if own.exists() else load_house_rules()


def form_guide(settings: Settings) -> FormGuide:
    """What guides an agent through a call: the city's own file if it has one, else the shipped one."""
    own = resources.city_dir(settings) / FORM_GUIDE
    return load_form_guide(own) if own.exists() else load_form_guide()


def sip_account(read: sessionmaker[Session], secrets: SecretsFile, agent_id: str) -> SipAccount | None:
    """The browser phone of an agent; None for one with a SIP phone on the desk, and for nobody."""
    with read() as session:
        row = cti.get_agent(session, agent_id)
    if row is None or not row.enabled or row.kind != "web":
        return None
    return SipAccount(row.extension, secrets.get(f"sip.{row.extension}"), row.display_name, SIP_DOMAIN)


def _citizen_phone(one: dict[str, str], secrets: SecretsFile) -> SipAccount:
    return SipAccount(one["extension"], secrets.get(f"sip.{one['extension']}"), one["name"], SIP_DOMAIN)


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)
