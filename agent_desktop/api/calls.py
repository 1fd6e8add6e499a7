"""Calls and the caller card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

import cti
import recordings
import ticketing
from agent_desktop.access import CallReader, CardReader, TheDoors
from agent_desktop.cards import CallFacts, agent_names, make_card
from agent_desktop.errors import DeskError, responses
from agent_desktop.ledger import note_access
from agent_desktop.messages import Card
from agent_desktop.texts import Id, Limit, Line

from .tickets import viewer_of

router = APIRouter(tags=["calls"])


class CallRecording(BaseModel):
    recording_id: str
    kind: str
    state: str
    problem: str | None
    seconds: float | None


class CallOut(BaseModel):
    """One call; times are null where the call never got so far."""

    contact_id: str
    call_id: str
    number: str = Field(description="Canonical key; empty for a hidden number.")
    number_masked: str
    number_shown: str
    number_kind: str
    place: str | None
    queue: str | None
    menu_path: str
    menu_labels: list[str]
    arrived_at: datetime
    queued_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    agent_id: str | None
    agent_name: str | None
    wait_seconds: float | None
    talk_seconds: float | None
    end_reason: str | None
    recording_id: str | None = Field(description="The call's recording, or the voicemail where there is no call's.")
    recording_state: str | None
    recordings: list[CallRecording]


class CallPage(BaseModel):
    calls: list[CallOut]
    next_cursor: str | None


class CallTicket(BaseModel):
    ticket_id: str
    number: str
    title: str
    status: str


class CallDetail(BaseModel):
    call: CallOut
    tickets: list[CallTicket] = Field(description="Written during this call.")


class CardAnswer(BaseModel):
    card: Card


@router.get("/calls", response_model=CallPage, responses=responses("not_logged_in", "forbidden"))
def page(
    visitor: CallReader,
    doors: TheDoors,
    cursor: datetime | None = None,
    limit: Limit = 50,
    q: Annotated[Line, Field(max_length=40)] = "",
    mine: bool = False,
) -> CallPage:
    """Recent calls, newest first.  ``q``: a telephone number, however it is written; ``mine``: only those the
    person answered."""
    if cursor is not None and cursor.tzinfo is None:
        raise DeskError("invalid_request", field="cursor")
    agent_id = visitor.agent_id if mine else None
    if q.strip() and not cti.normalise(q).key:
        return CallPage(calls=[], next_cursor=None)
    with doors.read() as session:
        rows = cti.recent_calls(session, limit=limit + 1, before=cursor, agent_id=agent_id, number=q.strip() or None)
        more = len(rows) > limit
        calls = _shown(session, rows[:limit], doors.menu_labels)
    return CallPage(calls=calls, next_cursor=calls[-1].arrived_at.isoformat() if more else None)


@router.get(
    "/calls/{contact_id}", response_model=CallDetail, responses=responses("not_logged_in", "forbidden", "not_found")
)
def one(contact_id: Id, visitor: CallReader, doors: TheDoors) -> CallDetail:
    """One call with the tickets written during it."""
    with doors.read() as session:
        row = cti.get_call(session, contact_id)
        if row is None:
            raise DeskError("not_found")
        found = ticketing.tickets_of_contact(session, contact_id, viewer_of(session, doors, visitor))
        tickets = [CallTicket.model_validate(ticket, from_attributes=True) for ticket in found]
        return CallDetail(call=_shown(session, [row], doors.menu_labels)[0], tickets=tickets)


@router.get(
    "/card/{contact_id}", response_model=CardAnswer, responses=responses("not_logged_in", "forbidden", "not_found")
)
def card(contact_id: Id, visitor: CardReader, doors: TheDoors) -> CardAnswer:
    """The caller card of a call, read anew.  The look is written down."""
    with doors.read() as session:
        row = cti.get_call(session, contact_id)
    if row is None:
        raise DeskError("not_found")
    facts = CallFacts(contact_id, row.caller_number, row.menu_path, row.queue or None, row.queued_at)
    made = make_card(doors, facts)
    note_access(doors, visitor.user.user_id, visitor.session, "card", contact_id)
    return CardAnswer(card=made.model_copy(update={"waited_seconds": row.wait_seconds}))


def _shown(session: Session, rows: Sequence[cti.CallRow], menu_labels: Callable[[str], list[str]]) -> list[CallOut]:
    names = agent_names(session)
    recorded = recordings.find_for_contacts(session, [row.contact_id for row in rows])
    return [_call(row, names, recorded.get(row.contact_id, []), menu_labels) for row in rows]


def _call(
    row: cti.CallRow,
    names: dict[str, str],
    recorded: Sequence[recordings.RecordingView],
    menu_labels: Callable[[str], list[str]],
) -> CallOut:
    number = cti.normalise(row.caller_number)
    first = recorded[0] if recorded else None
    return CallOut(
        contact_id=row.contact_id,
        call_id=row.call_id,
        number=number.key,
        number_masked=number.masked,
        number_shown=number.shown,
        number_kind=number.kind,
        place=number.place or None,
        queue=row.queue or None,
        menu_path=row.menu_path,
        menu_labels=menu_labels(row.menu_path),
        arrived_at=row.arrived_at,
        queued_at=row.queued_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        agent_id=row.agent_id,
        agent_name=names.get(row.agent_id or ""),
        wait_seconds=row.wait_seconds,
        talk_seconds=row.talk_seconds,
        end_reason=row.end_reason,
        recording_id=first.recording_id if first else None,
        recording_state=first.state if first else None,
        recordings=[CallRecording.model_validate(view, from_attributes=True) for view in recorded],
    )
