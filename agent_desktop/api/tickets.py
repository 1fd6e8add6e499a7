"""Tickets: write, list, read, change, history; and the office's words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

import cti
import ticketing
from agent_desktop import hand_overs
from agent_desktop.access import TheDoors, TicketReader, TicketWriter, Visitor
from agent_desktop.api.ticket_filter import AskedFor
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.hand_overs import HandOverOut
from agent_desktop.secrecy import keep_voices
from agent_desktop.tables import TokenRow, UserRow
from agent_desktop.texts import Cursor, Id, Key, Limit, Line, Version

router = APIRouter(tags=["tickets"])

Kind = ticketing.Kind


class TicketFields(BaseModel):
    """What an agent writes down."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[Line, Field(max_length=200)] = ""
    text: Annotated[Line, Field(max_length=20_000)] = ""
    kind: Kind = "help"
    channel: ticketing.Channel = "phone"
    category: Annotated[Line, Field(max_length=100)] = ""
    place: Annotated[Line, Field(max_length=500)] = ""
    caller_name: Annotated[Line, Field(max_length=100)] = ""
    caller_number: Annotated[Line, Field(max_length=40)] = ""
    confidential: bool = False
    no_reply: Annotated[bool, Field(description="The caller wants no answer.")] = False


class NewTicket(TicketFields):
    """A ticket to be registered.  ``items``: the demands in it, where there are several; ``same_matter_as``: an
    earlier ticket about the same matter."""

    contact_id: Id | None = None
    origin: Annotated[ticketing.Origin, Field(description="Who handed it in; some have rules of their own.")] = (
        "citizen"
    )
    caller_identity: Annotated[Line, Field(max_length=40)] = ""
    items: Annotated[list[Annotated[Line, Field(min_length=1, max_length=2000)]], Field(max_length=20)] = []
    received_on: Annotated[date | None, Field(description="When what was written came in.")] = None
    attachments: Annotated[list[Annotated[Line, Field(min_length=1, max_length=200)]], Field(max_length=20)] = []
    same_matter_as: Id | None = None


class TicketChanges(BaseModel):
    """Only the fields that change, and the version they were changed from."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    title: Annotated[Line, Field(max_length=200)] | None = None
    text: Annotated[Line, Field(max_length=20_000)] | None = None
    kind: Kind | None = None
    channel: ticketing.Channel | None = None
    category: Annotated[Line, Field(max_length=100)] | None = None
    place: Annotated[Line, Field(max_length=500)] | None = None
    caller_name: Annotated[Line, Field(max_length=100)] | None = None
    caller_number: Annotated[Line, Field(max_length=40)] | None = None
    confidential: bool | None = None
    no_reply: bool | None = None


class TicketOut(BaseModel):
    """A ticket.  Of a confidential one, whoever may not see the caller gets the name and number masked."""

    ticket_id: str
    number: str
    status: str
    kind: str
    channel: str
    received_on: date | None
    category: str
    title: str
    text: str
    place: str
    caller_name: str
    caller_number: str
    caller_masked: bool
    contact_id: str | None
    confidential: bool
    no_reply: bool
    created_by: str
    created_by_name: str
    created_at: datetime
    updated_at: datetime
    version: int
    due_at: datetime | None
    yellow_from: datetime | None
    unit: str | None


class TicketAnswer(BaseModel):
    ticket: TicketOut


class TicketPage(BaseModel):
    tickets: list[TicketOut]
    next_cursor: str | None


class HistoryLine(BaseModel):
    """One line of the ticket's append-only history."""

    entry_id: int
    at: datetime
    by: str
    by_name: str
    verb: str
    body: dict[str, Any]
    hash: str


class HistoryAnswer(BaseModel):
    history: list[HistoryLine]
    hand_overs: list[HandOverOut] = Field(
        default=[], description="To emergency services, in the call the ticket was written in; oldest first."
    )
    next_cursor: str | None


class LabelOut(BaseModel):
    code: str
    zh: str
    en: str


class CategoryOut(BaseModel):
    code: str
    zh: str
    en: str
    children: list[CategoryOut]


class UnitOut(BaseModel):
    unit_id: str
    zh: str
    en: str
    kind: str
    parent: str | None


class DictionaryOut(BaseModel):
    """The office's words: kinds, statuses, the category tree, handling units."""

    kinds: list[LabelOut]
    statuses: list[LabelOut]
    categories: list[CategoryOut]
    units: list[UnitOut]
    channels: list[ticketing.Channel] = Field(description="Ways in that the regulation names, the telephone first.")
    largest_file: int = Field(description="Bytes that a file put to a ticket may have.")


@router.post(
    "/tickets",
    status_code=201,
    response_model=TicketAnswer,
    responses=responses("ticket_refused", "not_logged_in", "forbidden"),
)
def create(
    fields: NewTicket,
    idempotency_key: Key,
    visitor: TicketWriter,
    doors: TheDoors,
) -> TicketAnswer:
    """Registers a ticket.  The same key sent again answers with the same ticket.  A draft for the same call goes."""
    filled = {name for name, value in fields.model_dump().items() if isinstance(value, str) and value.strip()}
    missing = doors.form.missing(fields.kind, filled)
    if missing:
        raise DeskError("ticket_refused", reason="fields_missing", fields=missing)
    said = fields.model_dump() | {"items": tuple(fields.items), "attachments": tuple(fields.attachments)}
    command = ticketing.CreateTicket(
        idempotency_key=hashlib.sha256(f"{visitor.user.user_id} {idempotency_key}".encode()).hexdigest(),
        created_by=visitor.user.user_id,
        caller_key=cti.normalise(fields.caller_number).key,
        **said,
    )
    with doors.write.begin() as session:
        result = ticketing.create_ticket(session, command, doors.now(), visitor.ticket_roles, doors.office(session))
        if isinstance(result, ticketing.Refused):
            raise refused(result)
        if result.confidential:
            keep_voices(session, result, visitor.user.user_id, doors.now())
        if fields.contact_id and visitor.user.agent_id:
            ticketing.drop_draft(session, visitor.user.agent_id, fields.contact_id)
        return TicketAnswer(ticket=shown(session, [result], visitor)[0])


@router.get("/tickets", response_model=TicketPage, responses=responses("not_logged_in", "forbidden", "ticket_refused"))
def page(
    visitor: TicketReader,
    doors: TheDoors,
    asked: AskedFor,
    cursor: Cursor | None = None,
    limit: Limit = 50,
    sort: Literal["newest", "oldest"] = "newest",
    q: Annotated[Line, Field(max_length=100)] = "",
) -> TicketPage:
    """Tickets, newest first.  ``q`` is a ticket's number, or words that stand in one of the newest tickets; words in
    older ones are found by ``/search``."""
    with doors.read() as session:
        wanted = asked.wanted(doors.office(session), doors.now(), q)
        viewer = viewer_of(session, doors, visitor)
        found = ticketing.list_tickets(session, wanted, viewer, cursor, limit, oldest=sort == "oldest")
        if isinstance(found, ticketing.Refused):
            raise refused(found)
        return TicketPage(tickets=shown(session, found.tickets, visitor), next_cursor=found.next_cursor)


@router.get(
    "/tickets/{ticket_id}", response_model=TicketAnswer, responses=responses("not_logged_in", "forbidden", "not_found")
)
def one(ticket_id: Id, visitor: TicketReader, doors: TheDoors) -> TicketAnswer:
    """One ticket."""
    with doors.read() as session:
        return TicketAnswer(ticket=shown(session, [_found(session, doors, ticket_id, visitor)], visitor)[0])


@router.put(
    "/tickets/{ticket_id}",
    response_model=TicketAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "ticket_conflict", "ticket_refused"),
)
def change(ticket_id: Id, changes: TicketChanges, visitor: TicketWriter, doors: TheDoors) -> TicketAnswer:
    """Changes a ticket if nobody changed it since ``version``; else 409 with ``current`` and ``yours``."""
    wanted = {name: value for name, value in changes.model_dump(exclude={"version"}).items() if value is not None}
    with doors.write.begin() as session:
        before = _found(session, doors, ticket_id, visitor)
        if hides_caller(before.confidential, before.created_by, visitor) and wanted.keys() & {
            "caller_name",
            "caller_number",
            "confidential",
        }:
            raise DeskError("forbidden", permission="ticket.confidential")
        command = ticketing.UpdateTicket(ticket_id, visitor.user.user_id, changes.version, wanted)
        result = ticketing.update_ticket(session, command, doors.now(), visitor.ticket_roles, doors.office(session))
        if isinstance(result, ticketing.Refused):
            raise refused(result)
        if isinstance(result, ticketing.Conflict):
            current = shown(session, [result.current], visitor)[0]
            raise DeskError("ticket_conflict", current=current.model_dump(mode="json"), yours=wanted)
        if result.confidential and not before.confidential:
            keep_voices(session, result, visitor.user.user_id, doors.now())
        return TicketAnswer(ticket=shown(session, [result], visitor)[0])


@router.get(
    "/tickets/{ticket_id}/history",
    response_model=HistoryAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def ticket_history(
    ticket_id: Id,
    visitor: TicketReader,
    doors: TheDoors,
    cursor: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Limit = 50,
) -> HistoryAnswer:
    """Everything that was done about a ticket, newest first."""
    with doors.read() as session:
        ticket = _found(session, doors, ticket_id, visitor)
        found = ticketing.history_page(session, ticket_id, before=cursor, limit=limit + 1)
        lines = found[:limit]
        names = names_of(session, {line.by for line in lines})
        hidden = hides_caller(ticket.confidential, ticket.created_by, visitor)
        return HistoryAnswer(
            history=[
                HistoryLine(**asdict(line) | {"body": _body(line, hidden)}, by_name=names.get(line.by, line.by))
                for line in lines
            ],
            hand_overs=hand_overs.of_call(session, ticket.contact_id),
            next_cursor=str(lines[-1].entry_id) if len(found) > limit else None,
        )


@router.get("/dictionary", response_model=DictionaryOut, responses=responses("not_logged_in", "forbidden"))
def dictionary(_visitor: TicketReader, doors: TheDoors) -> DictionaryOut:
    """The office's words."""
    with doors.read() as session:
        office = doors.office(session)
        intake = office.version_of("", doors.now()).rules.intake
        channels = dict.fromkeys(["phone", *(intake.channels if intake is not None else ()), "other"])
        more = {"channels": list(channels), "largest_file": doors.attachments.largest}
        return DictionaryOut.model_validate(office.dictionary.as_json() | more)


def actor_of(visitor: Visitor) -> ticketing.Actor:
    """The person as somebody who acts on tickets."""
    return ticketing.Actor(visitor.user.user_id, visitor.ticket_roles, visitor.user.unit_id)


def viewer_of(session: Session, doors: Doors, visitor: Visitor) -> ticketing.Viewer:
    """The person as somebody who looks at tickets."""
    return ticketing.viewer_of(doors.office(session), actor_of(visitor))


def refused(why: ticketing.Refused) -> DeskError:
    """A refusal of the ticket room as this API says it."""
    known = {"not_found": "not_found", "not_allowed": "forbidden"}
    return DeskError(known.get(why.reason, "ticket_refused"), reason=why.reason, **dict(why.detail))


def names_of(session: Session, user_ids: Iterable[str]) -> dict[str, str]:
    """Display names by user id, by agent id where that is what was written down, or by a token's id."""
    ids = list(user_ids)
    known = or_(UserRow.user_id.in_(ids), UserRow.agent_id.in_(ids))
    rows = session.execute(select(UserRow.user_id, UserRow.agent_id, UserRow.display_name).where(known)).all()
    by_agent = {row.agent_id: row.display_name for row in rows if row.agent_id}
    tokens = session.execute(select(TokenRow.token_id, TokenRow.name).where(TokenRow.token_id.in_(ids))).all()
    by_token = {row.token_id: row.name for row in tokens}
    return by_agent | by_token | {row.user_id: row.display_name for row in rows}


def _found(session: Session, doors: Doors, ticket_id: str, visitor: Visitor) -> ticketing.Ticket:
    ticket = ticketing.get_ticket(session, ticket_id, viewer_of(session, doors, visitor))
    if ticket is None:
        raise DeskError("not_found")
    return ticket


def ticket_asked_for(session: Session, viewer: ticketing.Viewer, asked: str) -> ticketing.Ticket | None:
    """The ticket of this id or number, as far as the viewer may know of it."""
    found = ticketing.get_ticket(session, asked, viewer)
    if found is not None:
        return found
    page = ticketing.list_tickets(session, ticketing.TicketFilter(q=asked), viewer, None, 10)
    if isinstance(page, ticketing.Refused):
        return None
    return next((one for one in page.tickets if one.number == asked), None)


def hides_caller(confidential: bool, created_by: str, visitor: Visitor) -> bool:
    """Whether the caller asked to stay in the office and this person is not among those who may know."""
    return confidential and created_by != visitor.user.user_id and not visitor.may("ticket.confidential")


def shown(session: Session, tickets: Iterable[ticketing.Ticket], visitor: Visitor) -> list[TicketOut]:
    """Tickets as this person may see them."""
    tickets = list(tickets)
    names = names_of(session, {ticket.created_by for ticket in tickets})
    made = []
    for ticket in tickets:
        values = asdict(ticket)
        masked = hides_caller(ticket.confidential, ticket.created_by, visitor)
        if masked:
            values |= {"caller_name": "", "caller_number": cti.normalise(ticket.caller_number).masked}
        name = names.get(ticket.created_by, ticket.created_by)
        made.append(TicketOut(**values, caller_masked=masked, created_by_name=name))
    return made


def _body(line: ticketing.HistoryEntry, hidden: bool) -> dict[str, Any]:
    """What a history line says, without the caller where the caller is hidden."""
    body = dict(line.body)
    if hidden and isinstance(body.get("changed"), dict):
        private = {"caller_name", "caller_number"}
        body["changed"] = {name: value for name, value in body["changed"].items() if name not in private}
    return body
