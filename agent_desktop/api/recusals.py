"""Declared interests (回避): for oneself, by a supervisor for others; the list of who is kept from what; their end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

import cti
import ticketing
from agent_desktop.access import RecusalManager, TheDoors, TicketReader, Visitor
from agent_desktop.accounts import accounts_named
from agent_desktop.api.tickets import names_of, refused, ticket_asked_for, viewer_of
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.paging import Position, after
from agent_desktop.texts import Id, Limit, Line

router = APIRouter(prefix="/recusals", tags=["office"])

Reason = Annotated[Line, Field(min_length=1, max_length=500)]


class RecusalIn(BaseModel):
    """An interest: in one ticket, in everything a unit works on or is complained about in, or in everything of a
    caller."""

    model_config = ConfigDict(extra="forbid")

    scope: Literal["ticket", "unit", "caller"]
    scope_id: Annotated[
        Line, Field(min_length=1, max_length=64, description="Number or id of the ticket, unit, telephone number.")
    ]
    reason: Reason
    person: Annotated[
        Line, Field(max_length=100, description="Log-in or name of somebody else; empty: the visitor.")
    ] = ""


class EndIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Reason


class RecusalAnswer(BaseModel):
    recusal_id: str


class RecusalOut(BaseModel):
    """Who is kept from what.  A caller's number is masked; a ticket that the visitor may not see has no number."""

    recusal_id: str
    person_name: str
    own: bool = Field(description="About the visitor, who then cannot end it.")
    scope: Literal["ticket", "unit", "caller"]
    about: str = Field(description="The ticket's number, the unit's id, or the caller's number with its middle hidden.")
    reason: str
    declared_by_name: str
    declared_at: datetime
    ended_at: datetime | None


class RecusalPage(BaseModel):
    recusals: list[RecusalOut]
    next_cursor: str | None


@router.get("", response_model=RecusalPage, responses=responses("not_logged_in", "forbidden"))
def recusals(
    visitor: TicketReader,
    doors: TheDoors,
    state: Literal["open", "ended", "all"] = "open",
    start: Position = 0,
    limit: Limit = 50,
) -> RecusalPage:
    """The visitor's own; everybody's for whoever may declare and end them for others."""
    whose = None if visitor.may("recusal.manage") else visitor.user.user_id
    with doors.read() as session:
        found = ticketing.list_recusals(session, whose, state, offset=start, limit=limit + 1)
        shown = _shown(session, doors, found[:limit], visitor)
    return RecusalPage(recusals=shown, next_cursor=after(start, limit, found))


@router.post(
    "",
    status_code=201,
    response_model=RecusalAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "ticket_refused"),
)
def recuse(wanted: RecusalIn, visitor: TicketReader, doors: TheDoors) -> RecusalAnswer:
    """Declares an interest, the visitor's own or somebody else's: from now on those matters do not exist for them."""
    if wanted.person and not visitor.may("recusal.manage"):
        raise DeskError("forbidden", permission="recusal.manage")
    me = visitor.user.user_id
    with doors.write.begin() as session:
        result = ticketing.declare_recusal(
            session,
            _person(session, wanted.person) if wanted.person else me,
            wanted.scope,
            _about(session, doors, wanted, visitor),
            wanted.reason,
            by=me,
            now=doors.now(),
        )
        if isinstance(result, ticketing.Refused):
            raise refused(result)
    return RecusalAnswer(recusal_id=result)


@router.post(
    "/{recusal_id}/end",
    response_model=RecusalAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "ticket_refused"),
)
def end(recusal_id: Id, wanted: EndIn, visitor: RecusalManager, doors: TheDoors) -> RecusalAnswer:
    """The interest is over; never said by the one who is kept away."""
    with doors.write.begin() as session:
        result = ticketing.end_recusal(session, recusal_id, wanted.reason, by=visitor.user.user_id, now=doors.now())
        if result is not None:
            raise refused(result)
    return RecusalAnswer(recusal_id=recusal_id)


def _person(session: Session, name: str) -> str:
    accounts = accounts_named(session, name.strip())
    if len(accounts) > 1:
        raise DeskError("ticket_refused", reason="several_people", usernames=[one.username for one in accounts])
    if not accounts:
        raise DeskError("ticket_refused", reason="unknown_person")
    return accounts[0].user_id


def _about(session: Session, doors: Doors, wanted: RecusalIn, visitor: Visitor) -> str:
    """What is stored of what was written: an id or a key."""
    asked = wanted.scope_id.strip()
    if wanted.scope == "ticket":
        ticket = ticket_asked_for(session, viewer_of(session, doors, visitor), asked)
        if ticket is None:
            raise DeskError("not_found")
        return ticket.ticket_id
    if wanted.scope == "unit":
        if not doors.office(session).relations.known(asked):
            raise DeskError("ticket_refused", reason="unknown_unit", units=[asked])
        return asked
    return cti.normalise(asked).key


def _shown(session: Session, doors: Doors, found: Sequence[ticketing.Recusal], visitor: Visitor) -> list[RecusalOut]:
    names = names_of(session, {who for one in found for who in (one.user_id, one.declared_by)})
    wanted = [one.scope_id for one in found if one.scope == "ticket"]
    tickets = ticketing.get_tickets(session, wanted, viewer_of(session, doors, visitor))
    return [
        RecusalOut(
            recusal_id=one.recusal_id,
            person_name=names.get(one.user_id, one.user_id),
            own=one.user_id == visitor.user.user_id,
            scope=one.scope,
            about=_said(one, tickets),
            reason=one.reason,
            declared_by_name=names.get(one.declared_by, one.declared_by),
            declared_at=one.declared_at,
            ended_at=one.ended_at,
        )
        for one in found
    ]


def _said(one: ticketing.Recusal, tickets: dict[str, ticketing.Ticket]) -> str:
    if one.scope == "ticket":
        return tickets[one.scope_id].number if one.scope_id in tickets else ""
    return one.scope_id if one.scope == "unit" else cti.normalise(one.scope_id).masked
