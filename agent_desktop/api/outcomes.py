"""What a three-way call came to: written into the ticket with its participants, times and recordings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

import ticketing
from agent_desktop.access import TheDoors, TicketWriter, Visitor, desk_of
from agent_desktop.api.tickets import actor_of, refused
from agent_desktop.conference import conference_of
from agent_desktop.errors import DeskError, responses
from agent_desktop.texts import Id, Line

router = APIRouter(tags=["conversation"])

Outcome = Literal["answered_by_unit", "phone_dispatch", "written_dispatch"]


class OutcomeIn(BaseModel):
    """``answered_by_unit``: the unit has answered on the spot, ``note`` is its answer; ``phone_dispatch``: it has taken
    the matter over by telephone, until ``deadline``; ``written_dispatch``: it gets it in writing."""

    model_config = ConfigDict(extra="forbid")

    ticket_id: Id
    outcome: Outcome
    unit_id: Id | None = None
    note: Annotated[Line, Field(max_length=2000)] = ""
    deadline: datetime | None = None


class OutcomeAnswer(BaseModel):
    """What was written down, and whether the ticket has moved by it."""

    conference: dict[str, Any]
    status: str
    moved: bool = Field(description="The ticket was answered or dispatched with it.")
    why_not: str | None = Field(description="Why it was not, in the ticket workflow's words.")


@router.post(
    "/calls/{contact_id}/outcome",
    response_model=OutcomeAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "ticket_refused", "invalid_request"),
)
def record(contact_id: Id, said: OutcomeIn, visitor: TicketWriter, request: Request, doors: TheDoors) -> OutcomeAnswer:
    """Writes the outcome into the ticket; where the person's role allows it, the ticket is answered or dispatched in
    the same step, else whoever may do that finds it prepared."""
    if said.deadline is not None and said.deadline.tzinfo is None:
        raise DeskError("invalid_request", field="deadline")
    with doors.write.begin() as session:
        conference = conference_of(session, contact_id, desk_of(request).names)
        if conference is None:
            raise DeskError("not_found")
        office = doors.office(session)
        deadline = said.deadline.isoformat() if said.deadline is not None else None
        given: dict[str, Any] = {"outcome": said.outcome, "conference": conference | {"deadline": deadline}}
        given |= {"unit": said.unit_id} if said.unit_id else {}
        given |= {"note": said.note} if said.note else {}
        written = _perform(session, office, said.ticket_id, "record_conference", given, visitor, doors.now())
        if not isinstance(written, ticketing.Refused):
            moved = _move(session, office, said, visitor, doors.now())
            status = moved.status if isinstance(moved, ticketing.Ticket) else written.status
            return OutcomeAnswer(
                conference=given["conference"],
                status=status,
                moved=isinstance(moved, ticketing.Ticket),
                why_not=moved.reason if isinstance(moved, ticketing.Refused) else None,
            )
    raise refused(written)


def _move(
    session: Session, office: ticketing.Office, said: OutcomeIn, visitor: Visitor, now: datetime
) -> ticketing.Ticket | ticketing.Refused | None:
    """The step in the ticket's life that follows from the outcome; None when the outcome asks for none."""
    if said.outcome == "answered_by_unit":
        if not said.note:
            return None
        return _perform(session, office, said.ticket_id, "answer", {"reply": said.note}, visitor, now)
    if said.unit_id is None:
        return None
    entry = {"unit": said.unit_id, "role": "lead"} | ({"mode": "phone"} if said.outcome == "phone_dispatch" else {})
    return _perform(session, office, said.ticket_id, "dispatch", {"units": [entry]}, visitor, now)


def _perform(
    session: Session,
    office: ticketing.Office,
    ticket_id: str,
    verb: str,
    given: dict[str, Any],
    visitor: Visitor,
    now: datetime,
) -> ticketing.Ticket | ticketing.Refused:
    act = ticketing.Act(ticket_id=ticket_id, verb=verb, actor=actor_of(visitor), given=given)
    done = ticketing.perform(session, office, act, now)
    if isinstance(done, ticketing.Conflict):  # no version was asked for
        raise AssertionError("a command without a version cannot conflict")
    return done
