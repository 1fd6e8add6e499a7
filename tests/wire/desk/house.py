"""A desk for tests: real rooms on SQLite, a bridge that the test moves by hand, a clock that stands still."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from sqlalchemy import Engine

import agent_desktop
import cti
import recordings
import ticketing
from agent_desktop import (
    Archive,
    AttachmentFiles,
    CaptionEngine,
    DemoLogin,
    DeskConfig,
    Doors,
    FormGuide,
    Intake,
    NoCaptions,
    SipAccount,
    WorkingRules,
    add_user,
    create_app,
    load_form_guide,
    load_house_rules,
)
from cti import CallView
from cti.facts import AgentRingEnded, AgentRinging, AgentStateChanged, CallAnswered, CallArrived, CallEnded, CallQueued
from hotline.database import build_engine, read_only, sessions
from tests.wire.desk.hand_bridge import HandBridge

PASSWORD = "correct-horse-battery"
LARGEST_FILE = 1024 * 1024
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CONTACT = "5f0c5a64-7d33-4a39-8d0b-0f2f4f0f1a01"


CITY = Path(__file__).parents[3] / "cities" / "demo"


class Clock:
    """Says what time it is; moved by the test."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **units: float) -> None:
        self.now += timedelta(**units)


@cache
def _pack() -> ticketing.RulePack:
    """The demo city's regulation with one more unit."""
    pack = ticketing.load_rulepack(CITY)
    assert not isinstance(pack, list)
    units = (*pack.dictionary.units, ticketing.Unit("u1", "城管局", "City"))
    return replace(pack, dictionary=replace(pack.dictionary, units=units))


def make_tables(engine: Engine) -> None:
    """All rooms' tables."""
    for room in (cti, ticketing, recordings, agent_desktop):
        room.Base.metadata.create_all(engine)


@cache
def empty_database() -> bytes:
    """A database file with all tables and no rows; copying it is quicker than making it for every test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite"
        engine = build_engine(f"sqlite:///{path}")
        make_tables(engine)
        engine.dispose()  # the last connection's end writes the log into the file
        return path.read_bytes()


class House:
    """One desk with everything around it."""

    def __init__(
        self,
        home: Path,
        url: str | None = None,
        form: FormGuide | None = None,
        captions: CaptionEngine | None = None,
        encrypted: bool = False,
        **config: object,
    ) -> None:
        self.home = home
        self.clock = Clock()
        self.bridge = HandBridge()
        file = home / "desk.sqlite"
        if url is None and not file.exists():
            file.write_bytes(empty_database())
        self.engine = build_engine(url or f"sqlite:///{file}")
        if url is not None:
            make_tables(self.engine)
        self.write = sessions(self.engine)
        self.read = sessions(read_only(self.engine))
        self.store = recordings.open_store(
            home / "store", recordings.KeyRing(home / "keys.json") if encrypted else None
        )
        self.phones = {"a1": SipAccount("8001", "secret-of-8001-x", "Agent One", "desk.invalid")}
        values: dict[str, object] = {
            "city_code": "demo",
            "city_name": "Demo",
            "secret": "test",
            "house_rules": load_house_rules(),
            "asterisk_ws": "ws://127.0.0.1:9/ws",
            "static_dir": None,
            "rules": WorkingRules(),
            "demo": True,
            "demo_logins": (DemoLogin("agent1", PASSWORD, "Agent One"),),
            "demo_phones": (SipAccount("9001", "secret-of-9001-x", "Citizen", "desk.invalid"),),
        } | config
        self.doors = Doors(
            config=DeskConfig(**values),  # type: ignore[arg-type]
            write=self.write,
            read=self.read,
            bridge=self.bridge,
            now=self.clock,
            office=ticketing.OfficeDesk(_pack()).current,
            intake=Intake(home / "search", CITY / "keywords.toml"),
            paper_templates=home / "documents",
            recording_store=self.store,
            attachments=AttachmentFiles(self._attachment_store(home), home / "incoming", LARGEST_FILE),
            archive=self._archive(home),
            sip_account=self.phones.get,
            form=form or load_form_guide(CITY / "form.toml").model_copy(update={"required": ()}),
            captions=captions or NoCaptions(),
            menu_labels=lambda path: [
                {"zh": f"项目 {key}", "en": f"item {key}"} for key in path.split(">") if key.isdigit()
            ],
        )
        self.app: FastAPI = create_app(self.doors)

    def _attachment_store(self, home: Path) -> recordings.Store:
        return recordings.open_store(home / "attachments", recordings.KeyRing(home / "attachment-keys.json"))

    def _archive(self, home: Path) -> Archive:
        """Recordings as the wiring gives them, with keys in the test's folder."""
        ring, zone = recordings.KeyRing(home / "keys.json"), ZoneInfo("Asia/Shanghai")
        folders = (home / name for name in ("spool", "voicemail", "consultations", "survey", "work"))
        self.store_config = config = recordings.StoreConfig(self.store, *folders, listening_format="wav")
        form = recordings.read_scorecard(recordings.SHIPPED_SCORECARD.read_text("utf-8"))
        assert isinstance(form, recordings.Scorecard)
        self.feed = recordings.RecordingFeed(self.read, self.write, self.store, home / "said")
        return Archive(
            index_folder=home / "said",
            scorecard=form,
            rules=(recordings.RetentionRule(90, kind="voicemail"),),
            zone=zone,
            export=lambda order, target: recordings.export_clip(
                self.write, config, ring.signer(), order, self.clock, zone, target
            ),
            check_chain=lambda session: recordings.check_chain(session, {ring.signer().public.hex()}),
            signing_key=lambda: ring.signer().public.hex(),
        )

    def agent(self, number: int = 1, *, kind: str = "web", roles: Sequence[str] = ("agent",)) -> str:
        """Adds agent ``a<number>`` with a log-in ``agent<number>``."""
        agent_id = f"a{number}"
        with self.write.begin() as session:
            cti.put_agent(
                session, agent_id=agent_id, extension=f"800{number}", display_name=f"Agent {number}", kind=kind
            )
            add_user(
                session,
                username=f"agent{number}",
                password=PASSWORD,
                display_name=f"Agent {number}",
                roles=roles,
                agent_id=agent_id,
                now=self.clock(),
            )
        return agent_id

    def person(self, username: str, role: str, unit: str | None = None) -> None:
        """Adds somebody without an agent's place."""
        with self.write.begin() as session:
            add_user(
                session,
                username=username,
                password=PASSWORD,
                display_name=username,
                roles=[role],
                unit_id=unit,
                now=self.clock(),
            )

    def ticket(self, title: str = "路灯不亮", contact_id: str = CONTACT) -> ticketing.Ticket:
        """A ticket that agent 1 wrote in this call."""
        command = ticketing.CreateTicket(f"k-{contact_id}", "a1", title, contact_id=contact_id)
        with self.write.begin() as session:
            made = ticketing.create_ticket(session, command, self.clock())
        assert isinstance(made, ticketing.Ticket)
        return made

    # --- the switch's side ---

    def tell(self, *facts: cti.Fact) -> None:
        """Gives facts to the log and to the desk, as the wiring does."""
        with self.write.begin() as session:
            for fact in facts:
                cti.record(session, fact, self.clock())
                agent_desktop.note_hand_over(session, fact, self.clock())
        for fact in facts:
            self.app.state.desk.on_fact(fact)

    def at(self) -> float:
        return self.clock.now.timestamp()

    def queued(self, contact_id: str = CONTACT, number: str = "13800138000", menu_path: str = "2>1") -> None:
        """A citizen waits."""
        call = {"at": self.at(), "call_id": f"call-{contact_id[:4]}", "linkedid": "l1", "contact_id": contact_id}
        self.bridge.call_views[call["call_id"]] = CallView(  # type: ignore[index]
            call_id=str(call["call_id"]),
            contact_id=contact_id,
            linkedid="l1",
            state="queued",
            since=self.at(),
            arrived_at=self.at(),
            channel="PJSIP/trunk-1",
            caller_number=number,
            caller_name="",
            dialled="12345",
            menu_path=menu_path,
            queue="citizens",
        )
        self.tell(
            CallArrived(**call, channel="PJSIP/trunk-1", caller_number=number, dialled="12345"),  # type: ignore[arg-type]
            CallQueued(
                **call,  # type: ignore[arg-type]
                channel="PJSIP/trunk-1",
                caller_number=number,
                queue="citizens",
                position=1,
                menu_path=menu_path,
            ),
        )

    def rings(self, agent_id: str, contact_id: str = CONTACT, number: str = "13800138000") -> None:
        """The call rings at an agent."""
        self._state(agent_id, "ringing", contact_id)
        self.tell(
            AgentRinging(
                at=self.at(),
                call_id=f"call-{contact_id[:4]}",
                contact_id=contact_id,
                channel="PJSIP/8001-1",
                interface="PJSIP/8001",
                agent_id=agent_id,
                queue="citizens",
                caller_number=number,
                wait_seconds=7.5,
            )
        )

    def ring_ends(self, agent_id: str, reason: str, contact_id: str = CONTACT) -> None:
        """The offer is over."""
        self.tell(
            AgentRingEnded(
                at=self.at(),
                call_id=f"call-{contact_id[:4]}",
                contact_id=contact_id,
                channel="PJSIP/8001-1",
                interface="PJSIP/8001",
                agent_id=agent_id,
                queue="citizens",
                reason=reason,
            )
        )

    def answers(self, agent_id: str, contact_id: str = CONTACT) -> None:
        """The agent answers."""
        self._state(agent_id, "talking", contact_id)
        self.tell(
            CallAnswered(
                at=self.at(),
                call_id=f"call-{contact_id[:4]}",
                contact_id=contact_id,
                channel="PJSIP/trunk-1",
                by="PJSIP/8001-1",
                agent_id=agent_id,
                wait_seconds=7.5,
            )
        )
        self.ring_ends(agent_id, "answered", contact_id)

    def call_ends(self, agent_id: str, contact_id: str = CONTACT) -> None:
        """The citizen hangs up; the agent is in wrap-up."""
        self.bridge.call_views.pop(f"call-{contact_id[:4]}", None)
        self.bridge.show(agent_id, state="wrap_up", reason="wrap_up", since=self.at())
        ended = CallEnded(
            at=self.at(), call_id=f"call-{contact_id[:4]}", contact_id=contact_id, reason="completed", answered=True
        )
        wrap_up = AgentStateChanged(
            at=self.at(), agent_id=agent_id, interface="PJSIP/8001", state="wrap_up", reason="wrap_up"
        )
        self.tell(ended, wrap_up)

    def _state(self, agent_id: str, state: str, contact_id: str) -> None:
        self.bridge.show(
            agent_id,
            state=state,
            call_id=f"call-{contact_id[:4]}",
            contact_id=contact_id,
            channel="PJSIP/8001-1",
            since=self.at(),
        )
