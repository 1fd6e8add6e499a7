"""Who may call which route.  Every route names one rule; a test walks the routes and fails on one without."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Request
from itsdangerous import BadSignature, Signer
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from agent_desktop import accounts
from agent_desktop.doors import DeskConfig, Doors
from agent_desktop.errors import DeskError
from agent_desktop.house_rules import PERMISSIONS, Permission
from agent_desktop.secrecy import Looker

if TYPE_CHECKING:
    from agent_desktop.desk import Desk
    from agent_desktop.keeper import Keeper

SESSION_COOKIE = "hotline_session"
DEMO_COOKIE = "hotline_demo"
CSRF_HEADER = "x-requested-with"
CSRF_VALUE = "hotline"


@dataclass(frozen=True)
class Visitor:
    """The person behind a request."""

    user: accounts.User
    permissions: frozenset[Permission]
    ticket_roles: frozenset[str]
    session: str
    """Hash of the session's token."""

    def may(self, permission: Permission) -> bool:
        """Whether the person's roles allow this."""
        return permission in self.permissions

    @property
    def looker(self) -> Looker:
        """The person as somebody who looks at callers."""
        return Looker(self.user.user_id, self.user.agent_id, self.may("ticket.confidential"))

    @property
    def agent_id(self) -> str:
        """The person's agent's place; refuses with ``not_an_agent`` when there is none."""
        if self.user.agent_id is None:
            raise DeskError("not_an_agent")
        return self.user.agent_id


def doors_of(connection: HTTPConnection) -> Doors:
    """The desk's surroundings, from any request or WebSocket."""
    return cast(Doors, connection.app.state.doors)


def desk_of(connection: HTTPConnection) -> Desk:
    """The running desk, from any request or WebSocket."""
    return cast("Desk", connection.app.state.desk)


def keeper_of(connection: HTTPConnection) -> Keeper:
    """Who looks after the running desk."""
    return cast("Keeper", connection.app.state.keeper)


def sign(config: DeskConfig, purpose: str, value: str) -> str:
    """A cookie's value; ``purpose`` keeps a signature made for one cookie from opening another."""
    return _signer(config, purpose).sign(value).decode()


def unsign(config: DeskConfig, purpose: str, signed: str) -> str | None:
    """The value of a cookie signed here for this purpose."""
    try:
        return _signer(config, purpose).unsign(signed.encode("utf-8", "replace")).decode()
    except (BadSignature, UnicodeDecodeError):
        return None


def _signer(config: DeskConfig, purpose: str) -> Signer:
    return Signer(config.secret, salt=purpose, key_derivation="hmac", digest_method=hashlib.sha256)


async def visitor_of(connection: HTTPConnection) -> Visitor | None:
    """Who is behind a request or WebSocket, by its cookie; None when nobody is logged in."""
    doors = doors_of(connection)
    token = unsign(doors.config, SESSION_COOKIE, connection.cookies.get(SESSION_COOKIE, ""))
    if token is None:
        return None
    return await run_in_threadpool(look_up, doors, accounts.hash_token(token))


def look_up(doors: Doors, session_hash: str) -> Visitor | None:
    """The person of a live session; notes the use at most once a minute."""
    now = doors.now()
    with doors.read() as session:
        found = accounts.who_is(session, session_hash, now)
    if found is None:
        return None
    user, seen_at = found
    if now - seen_at > accounts.SEEN_STEP:
        with doors.write.begin() as session:
            accounts.note_use(session, session_hash, now)
    return Visitor(user, *allowed(doors, user), session_hash)


def allowed(doors: Doors, user: accounts.User) -> tuple[frozenset[Permission], frozenset[str]]:
    """What a person may do, and the person's roles in the ticket workflow.

    By ``desk.toml``, and by the roles that the office made at run time (the setting ``roles``): those with permissions.
    """
    rules = doors.config.house_rules
    permissions, ticket_roles = rules.permissions(user.roles), rules.ticket_roles(user.roles)
    if any(role not in rules.roles for role in user.roles):
        with doors.read() as session:
            made = doors.office(session).roles
        own = [role for role in user.roles if role not in rules.roles and role in made and made[role].permissions]
        ticket_roles |= set(own)
        permissions |= {one for role in own for one in PERMISSIONS if one in made[role].permissions}
    return permissions, ticket_roles


class Rule:
    """An access rule that is a FastAPI dependency; ``name`` shows in the tests' table."""

    name: str


class Public(Rule):
    """Anybody."""

    name = "public"

    def __call__(self) -> None:
        return


class OwnMachine(Rule):
    """Only programs on the same machine: monitoring."""

    name = "own machine"

    def __call__(self, request: Request) -> None:
        host = request.client.host if request.client else ""
        try:
            if ipaddress.ip_address(host).is_loopback:
                return
        except ValueError:
            pass
        raise DeskError("forbidden")


class LoggedIn(Rule):
    """Anybody who is logged in, or only those with a permission."""

    def __init__(self, permission: Permission | None = None) -> None:
        self.permission = permission
        self.name = permission or "logged in"

    async def __call__(self, request: Request) -> Visitor:
        visitor = await visitor_of(request)
        if visitor is None:
            raise DeskError("not_logged_in")
        if self.permission is not None and not visitor.may(self.permission):
            raise DeskError("forbidden", permission=self.permission)
        return visitor


class DemoOnly(Rule):
    """Anybody, while the demo runs; otherwise the address does not exist."""

    name = "demo only"

    def __call__(self, request: Request) -> None:
        if not doors_of(request).config.demo:
            raise DeskError("not_found")


TheDoors = Annotated[Doors, Depends(doors_of)]
AnyUser = Annotated[Visitor, Depends(LoggedIn())]
CallTaker = Annotated[Visitor, Depends(LoggedIn("call.take"))]
CallBarger = Annotated[Visitor, Depends(LoggedIn("call.barge"))]
CallListener = Annotated[Visitor, Depends(LoggedIn("call.listen"))]
FloorActor = Annotated[Visitor, Depends(LoggedIn("floor.act"))]
CallReader = Annotated[Visitor, Depends(LoggedIn("call.read"))]
CardReader = Annotated[Visitor, Depends(LoggedIn("card.read"))]
TicketReader = Annotated[Visitor, Depends(LoggedIn("ticket.read"))]
TicketWriter = Annotated[Visitor, Depends(LoggedIn("ticket.write"))]
StatisticsReader = Annotated[Visitor, Depends(LoggedIn("statistics.read"))]
TicketExporter = Annotated[Visitor, Depends(LoggedIn("ticket.export"))]
CallerMarker = Annotated[Visitor, Depends(LoggedIn("caller.mark"))]
CallerReviewer = Annotated[Visitor, Depends(LoggedIn("caller.review"))]
KnowledgeReader = Annotated[Visitor, Depends(LoggedIn("knowledge.read"))]
KnowledgeWriter = Annotated[Visitor, Depends(LoggedIn("knowledge.write"))]
KnowledgeReviewer = Annotated[Visitor, Depends(LoggedIn("knowledge.review"))]
LedgerReader = Annotated[Visitor, Depends(LoggedIn("ledger.read"))]
OfficeReader = Annotated[Visitor, Depends(LoggedIn("office.read"))]
OfficeWriter = Annotated[Visitor, Depends(LoggedIn("office.write"))]
VoicemailClerk = Annotated[Visitor, Depends(LoggedIn("voicemail.handle"))]
RecusalManager = Annotated[Visitor, Depends(LoggedIn("recusal.manage"))]
SystemReader = Annotated[Visitor, Depends(LoggedIn("system.read"))]
RecordingReader = Annotated[Visitor, Depends(LoggedIn("recording.read"))]
RecordingSearcher = Annotated[Visitor, Depends(LoggedIn("recording.search"))]
RecordingExporter = Annotated[Visitor, Depends(LoggedIn("recording.export"))]
Reviewer = Annotated[Visitor, Depends(LoggedIn("recording.review"))]
RecordingKeeper = Annotated[Visitor, Depends(LoggedIn("recording.keep"))]

PUBLIC = Depends(Public())
OWN_MACHINE = Depends(OwnMachine())
DEMO_ONLY = Depends(DemoOnly())
