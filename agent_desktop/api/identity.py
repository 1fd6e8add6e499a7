"""The number of a caller's identity document: masked for the office, in full for who may know it, never for units."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

import ticketing
from agent_desktop.access import TheDoors, TicketReader, TicketWriter, Visitor
from agent_desktop.api.tickets import hides_caller, refused, viewer_of
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.texts import Id, Line, Version

router = APIRouter(tags=["tickets"])


class IdentityIn(BaseModel):
    """The number, empty to take it away, and the version it was made from (0: there was none)."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    number: Annotated[Line, Field(max_length=40)]


class IdentityOut(BaseModel):
    """``number`` is empty where the caller gave none."""

    number: str
    masked: bool
    version: int


class IdentityAnswer(BaseModel):
    identity: IdentityOut


@router.get(
    "/tickets/{ticket_id}/caller-identity",
    response_model=IdentityAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def read(ticket_id: Id, visitor: TicketReader, doors: TheDoors) -> IdentityAnswer:
    """The number, in full for whoever wrote the ticket or may know confidential callers; each full look is recorded."""
    with doors.write.begin() as session:
        viewer, ticket = _of_office(session, doors, ticket_id, visitor)
        whole = visitor.may("ticket.confidential") or ticket.created_by == visitor.user.user_id
        found = ticketing.identity_of(session, ticket_id, viewer, doors.now(), whole=whole)
        return _answer(found)


@router.put(
    "/tickets/{ticket_id}/caller-identity",
    response_model=IdentityAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "ticket_conflict", "ticket_refused"),
)
def change(ticket_id: Id, wanted: IdentityIn, visitor: TicketWriter, doors: TheDoors) -> IdentityAnswer:
    """Writes the number, or takes it away; 409 when somebody else did since ``version``."""
    with doors.write.begin() as session:
        viewer, _ticket = _of_office(session, doors, ticket_id, visitor)
        done = ticketing.change_identity(session, ticket_id, viewer, wanted.number, wanted.version, doors.now())
        if isinstance(done, ticketing.Refused):
            raise DeskError("ticket_conflict") if done.reason == "version" else refused(done)
        return _answer(done)


def _of_office(
    session: Session, doors: Doors, ticket_id: str, visitor: Visitor
) -> tuple[ticketing.Viewer, ticketing.Ticket]:
    """Units, and whoever may not know a confidential caller, are refused."""
    viewer = viewer_of(session, doors, visitor)
    ticket = ticketing.get_ticket(session, ticket_id, viewer)
    if ticket is None:
        raise DeskError("not_found")
    if viewer.unit_id is not None or hides_caller(ticket.confidential, ticket.created_by, visitor):
        raise DeskError("forbidden", permission="ticket.confidential")
    return viewer, ticket


def _answer(found: ticketing.Identity | None) -> IdentityAnswer:
    if found is None:
        raise DeskError("not_found")
    return IdentityAnswer(identity=IdentityOut.model_validate(found, from_attributes=True))
