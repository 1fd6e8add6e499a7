"""Agents' places added and removed while the switch runs: database row, phone file, reload, queues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

import cti
from agent_desktop import BadAccount, add_user, find_user, generate_password, link_agent, list_users, user_of_agent
from hotline import switch
from hotline.preparation import pjsip_dir
from hotline.secrets_file import SecretsFile
from hotline.settings import Settings


class BadPlace(ValueError):
    """The place cannot be added or removed; the text says why."""


@dataclass(frozen=True)
class NewPlace:
    """What is wanted; ``username`` may be empty."""

    extension: str
    name: str
    kind: str
    queues: tuple[str, ...]
    username: str


@dataclass(frozen=True)
class PlaceAdded:
    """What was made.  Passwords are shown this once; ``sip_password`` only for a phone somebody has to set up."""

    extension: str
    kind: str
    username: str
    password: str
    sip_password: str
    switch_told: bool


@dataclass(frozen=True)
class Place:
    """A place as listed."""

    extension: str
    name: str
    kind: str
    queues: list[str]
    username: str


def add(settings: Settings, sessions: sessionmaker[Session], wanted: NewPlace, now: datetime) -> PlaceAdded:
    """Makes the place and tells a running switch.  Raises :class:`BadPlace`; then nothing has changed."""
    secrets = SecretsFile(settings.home)
    if wanted.kind not in ("web", "phone"):
        raise BadPlace("the kind is web or phone")
    password = ""
    try:
        with sessions.begin() as session:
            if cti.agent_at(session, wanted.extension) is not None:
                raise BadPlace(f"there is a place {wanted.extension} already")
            cti.put_agent(
                session,
                agent_id=wanted.extension,
                extension=wanted.extension,
                display_name=wanted.name,
                kind=wanted.kind,
                queues=wanted.queues,
            )
            if wanted.username:
                password = _seat(session, wanted, now)
            # Last, so that a phone that cannot be written takes the rows back with it.
            secret = secrets.get(f"sip.{wanted.extension}")
            kind: switch.PhoneKind = "web" if wanted.kind == "web" else "phone"
            pjsip_dir(settings).mkdir(parents=True, exist_ok=True)  # the switch may never have been started here
            switch.add_phone(pjsip_dir(settings), switch.Phone(wanted.extension, kind, wanted.name, secret))
    except (BadAccount, switch.BadPhone, ValueError) as error:
        raise BadPlace(str(error)) from error
    told = _tell(settings, [])
    shown = secret if wanted.kind == "phone" else ""
    return PlaceAdded(wanted.extension, wanted.kind, wanted.username, password, shown, told)


def _seat(session: Session, wanted: NewPlace, now: datetime) -> str:
    """Seats the named person; answers the password of one who had to be made, else nothing."""
    known = find_user(session, wanted.username)
    if known is not None:
        if known.agent_id is not None:
            raise BadPlace(f"{known.username} sits at {known.agent_id} already")
        link_agent(session, known.username, wanted.extension)
        return ""
    password = generate_password()
    add_user(
        session,
        username=wanted.username,
        password=password,
        display_name=wanted.name,
        roles=["agent"],
        agent_id=wanted.extension,
        now=now,
    )
    return password


def remove(settings: Settings, sessions: sessionmaker[Session], extension: str) -> bool:
    """Takes the place away; True when a running switch was told.  Raises :class:`BadPlace`."""
    with sessions.begin() as session:
        place = cti.agent_at(session, extension)
        if place is None:
            raise BadPlace(f"there is no place {extension}")
        queues = list(place.queues)
        person = user_of_agent(session, place.agent_id)
        if person is not None:
            link_agent(session, person.username, None)
        cti.remove_agent(session, place.agent_id)
    switch.remove_phone(pjsip_dir(settings), extension)
    SecretsFile(settings.home).drop(f"sip.{extension}")
    return _tell(settings, [{"Queue": queue, "Interface": f"PJSIP/{extension}"} for queue in queues])


def listed(sessions: sessionmaker[Session]) -> list[Place]:
    """All places by extension."""
    with sessions() as session:
        people = {user.agent_id: user.username for user in list_users(session) if user.agent_id}
        return [
            Place(row.extension, row.display_name, row.kind, list(row.queues), people.get(row.agent_id, ""))
            for row in cti.list_agents(session)
        ]


def _tell(settings: Settings, leave: list[dict[str, str]]) -> bool:
    """Takes phones out of queues and has the switch read its phones again; False when it does not run."""
    try:
        with switch.manager(settings.ami_port, SecretsFile(settings.home).get("ami")) as link:
            for membership in leave:
                _leave(link, membership)
            link.ask("Reload", {"Module": "res_pjsip.so"})
    except switch.NoManager:
        return False
    return True


def _leave(link: switch.Manager, membership: dict[str, str]) -> None:
    try:
        link.ask("QueueRemove", membership)
    except switch.NoManager:
        return  # not in that queue
