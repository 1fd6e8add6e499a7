"""What other programs may do with a token: hand matters in, and ask after those they handed in themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

import cti
import ticketing
from agent_desktop.access import TheDoors
from agent_desktop.api.tickets import Kind, refused
from agent_desktop.errors import DeskError, responses
from agent_desktop.machine_access import CreatingMachine, ReadingMachine
from agent_desktop.texts import Cursor, Id, Key, Limit, Line, own_key
from agent_desktop.tokens import Token

router = APIRouter(tags=["machines"])
REGISTERS = frozenset({"operator"})
"""The role in whose place a program stands when it hands a matter in."""


class MatterIn(BaseModel):
    """A matter that is handed in.  Who hands it in and by which way stands with the token."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[Line, Field(min_length=1, max_length=200)]
    text: Annotated[Line, Field(max_length=20_000)] = ""
    kind: Kind = "help"
    category: Annotated[Line, Field(max_length=100)] = ""
    place: Annotated[Line, Field(max_length=500)] = ""
    caller_name: Annotated[Line, Field(max_length=100)] = ""
    caller_number: Annotated[Line, Field(max_length=40)] = ""
    confidential: bool = False
    no_reply: Annotated[bool, Field(description="The caller wants no answer.")] = False
    items: Annotated[list[Annotated[Line, Field(min_length=1, max_length=2000)]], Field(max_length=20)] = []
    received_on: Annotated[date | None, Field(description="When what was written came in.")] = None


class MatterOut(BaseModel):
    """A matter as its caller is told of it."""

    ticket_id: str
    number: str
    stage: str
    kind: str
    category: str
    accepted_at: datetime
    closed_at: datetime | None
    public_reply: str


class MatterAnswer(BaseModel):
    matter: MatterOut


class MatterPage(BaseModel):
    matters: list[MatterOut]
    next_cursor: str | None


ERRORS = ("bad_token", "forbidden", "token_throttled")


@router.post(
    "/machine/tickets",
    status_code=201,
    response_model=MatterAnswer,
    responses=responses(*ERRORS, "ticket_refused"),
)
def hand_in(fields: MatterIn, idempotency_key: Key, machine: CreatingMachine, doors: TheDoors) -> MatterAnswer:
    """Registers a matter.  The same key sent again answers with the same one."""
    filled = {name for name, value in fields.model_dump().items() if isinstance(value, str) and value.strip()}
    missing = doors.form.missing(fields.kind, filled)
    if missing:
        raise DeskError("ticket_refused", reason="fields_missing", fields=missing)
    command = ticketing.CreateTicket(
        idempotency_key=own_key(machine.token_id, idempotency_key),
        created_by=machine.token_id,
        caller_key=cti.normalise(fields.caller_number).key,
        origin=machine.origin,
        channel=machine.channel,
        **fields.model_dump() | {"items": tuple(fields.items)},
    )
    with doors.write.begin() as session:
        result = ticketing.create_ticket(session, command, doors.now(), REGISTERS, doors.office(session))
        if isinstance(result, ticketing.Refused):
            raise refused(result)
        return MatterAnswer(matter=_told(result))


@router.get("/machine/tickets", response_model=MatterPage, responses=responses(*ERRORS, "ticket_refused"))
def own(machine: ReadingMachine, doors: TheDoors, cursor: Cursor | None = None, limit: Limit = 50) -> MatterPage:
    """What came in with this token, the newest first."""
    with doors.read() as session:
        found = ticketing.list_tickets(
            session, ticketing.TicketFilter(created_by=machine.token_id), _viewer(machine), cursor, limit
        )
        if isinstance(found, ticketing.Refused):
            raise refused(found)
        return MatterPage(matters=[_told(one) for one in found.tickets], next_cursor=found.next_cursor)


@router.get("/machine/tickets/{ticket_id}", response_model=MatterAnswer, responses=responses(*ERRORS, "not_found"))
def one(ticket_id: Id, machine: ReadingMachine, doors: TheDoors) -> MatterAnswer:
    """One of them; what came in otherwise does not exist for the token."""
    with doors.read() as session:
        found = _own(session, machine, ticket_id)
    if found is None:
        raise DeskError("not_found")
    return MatterAnswer(matter=_told(found))


def _own(session: Session, machine: Token, ticket_id: str) -> ticketing.Ticket | None:
    found = ticketing.get_ticket(session, ticket_id, _viewer(machine))
    return found if found is not None and found.created_by == machine.token_id else None


def _viewer(machine: Token) -> ticketing.Viewer:
    return ticketing.Viewer(machine.token_id, REGISTERS)


def _told(ticket: ticketing.Ticket) -> MatterOut:
    stage, reply = ticketing.told_of(ticket)
    return MatterOut(
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        stage=stage,
        kind=ticket.kind,
        category=ticket.category,
        accepted_at=ticket.created_at,
        closed_at=ticket.closed_at,
        public_reply=reply,
    )
