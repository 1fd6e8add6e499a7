"""Calls and the caller card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

import cti
import recordings
import ticketing
from agent_desktop import hand_overs
from agent_desktop.access import CallReader, CardReader, TheDoors, desk_of
from agent_desktop.call_list import CallsWanted, ListedCall, Outcome, list_calls, listed
from agent_desktop.cards import CallFacts, agent_names, bare_card, make_card
from agent_desktop.doors import MenuLabels
from agent_desktop.errors import DeskError, responses
from agent_desktop.hand_overs import HandOverOut
from agent_desktop.ledger import note_access
from agent_desktop.messages import Card, MenuLabel
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
    menu_labels: list[MenuLabel]
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
    caller_hidden: bool = Field(description="The caller asked to stay unknown: the number is masked for this person.")
    disposition: str | None = Field(description="How it turned out: a code of the form guide's tree.")
    disposition_note: str


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
    tickets: list[CallTicket] = Field(description="Written during this call, or added to in it.")
    consultations: list[CallRecording] = Field(
        default=[], description="Recordings of what agent and unit said in private, while the citizen was on hold."
    )
    hand_overs: list[HandOverOut] = Field(default=[], description="To emergency services, oldest first.")


class CardAnswer(BaseModel):
    card: Card


@router.get("/calls", response_model=CallPage, responses=responses("not_logged_in", "forbidden"))
def page(
    visitor: CallReader,
    request: Request,
    doors: TheDoors,
    cursor: datetime | None = None,
    limit: Limit = 50,
    q: Annotated[Line, Field(max_length=40)] = "",
    mine: bool = False,
    disposition: Annotated[str, Query(pattern=r"^[a-z0-9_/-]{0,64}$")] = "",
    since: datetime | None = None,
    queue: Annotated[Line, Field(max_length=80)] = "",
    outcome: Outcome = "",
) -> CallPage:
    """Recent calls, newest first.  ``q``: a telephone number, however it is written (a caller who asked to stay
    unknown is not found by it); ``mine``: only those the person answered; ``disposition``: how they turned out, or
    ``none``; ``since``: those that entered a queue from then on; ``outcome``: what became of them there."""
    for name, moment in (("cursor", cursor), ("since", since)):
        if moment is not None and moment.tzinfo is None:
            raise DeskError("invalid_request", field=name)
    number = cti.normalise(q).key if q.strip() else ""
    if q.strip() and not number:
        return CallPage(calls=[], next_cursor=None)
    rules = desk_of(request).rules
    wanted = CallsWanted(
        number,
        visitor.agent_id if mine else None,
        disposition,
        cursor,
        since=since,
        queue=queue,
        outcome=outcome,
        target=rules.service_seconds,
        short=rules.short_abandon_seconds,
    )
    with doors.read() as session:
        rows = list_calls(session, wanted, limit + 1)
        found = [one for one in listed(session, rows[:limit], visitor.looker) if not (number and one.hidden)]
        calls = _shown(session, found, doors.menu_labels)
    return CallPage(calls=calls, next_cursor=rows[limit - 1].arrived_at.isoformat() if len(rows) > limit else None)


@router.get(
    "/calls/{contact_id}", response_model=CallDetail, responses=responses("not_logged_in", "forbidden", "not_found")
)
def one(contact_id: Id, visitor: CallReader, doors: TheDoors) -> CallDetail:
    """One call with the tickets written during it."""
    with doors.read() as session:
        row = cti.get_call(session, contact_id)
        if row is None:
            raise DeskError("not_found")
        viewer = viewer_of(session, doors, visitor)
        found = ticketing.tickets_of_contact(session, contact_id, viewer)
        known = {ticket.ticket_id for ticket in found}
        others = [ticket_id for ticket_id in ticketing.added_in(session, contact_id) if ticket_id not in known]
        found += ticketing.get_tickets(session, others, viewer).values()
        tickets = [CallTicket.model_validate(ticket, from_attributes=True) for ticket in found]
        call = _shown(session, listed(session, [row], visitor.looker), doors.menu_labels)[0]
        aside = recordings.find_for_contacts(session, cti.consultation_ids(contact_id))
        consultations = [
            CallRecording.model_validate(one, from_attributes=True) for own in aside.values() for one in own
        ]
        handed = hand_overs.of_call(session, contact_id)
        return CallDetail(call=call, tickets=tickets, consultations=consultations, hand_overs=handed)


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
    made = make_card(doors, facts).shown_to(visitor.looker)
    with doors.read() as session:
        [call] = listed(session, [row], visitor.looker)
    if call.hidden:
        # A finished call of somebody who asked to stay unknown: no history that would tell who it was.
        made = bare_card(doors, CallFacts(contact_id, "", row.menu_path, row.queue or None, row.queued_at))
        made = made.model_copy(
            update={"number_masked": cti.normalise(row.caller_number).masked, "confidential": True, "incomplete": False}
        )
    note_access(doors, visitor.user.user_id, visitor.session, "card", contact_id)
    return CardAnswer(card=made.model_copy(update={"waited_seconds": row.wait_seconds}))


def _shown(session: Session, calls: Sequence[ListedCall], menu_labels: MenuLabels) -> list[CallOut]:
    names = agent_names(session)
    recorded = recordings.find_for_contacts(session, [call.row.contact_id for call in calls])
    return [_call(call, names, recorded.get(call.row.contact_id, []), menu_labels) for call in calls]


def _call(
    call: ListedCall,
    names: dict[str, str],
    recorded: Sequence[recordings.RecordingView],
    menu_labels: MenuLabels,
) -> CallOut:
    row = call.row
    number = cti.normalise(row.caller_number)
    first = recorded[0] if recorded else None
    return CallOut(
        contact_id=row.contact_id,
        call_id=row.call_id,
        number="" if call.hidden else number.key,
        number_masked=number.masked,
        number_shown=number.masked if call.hidden else number.shown,
        number_kind=number.kind,
        place=None if call.hidden else number.place or None,
        queue=row.queue or None,
        menu_path=row.menu_path,
        menu_labels=[MenuLabel(**one) for one in menu_labels(row.menu_path)],
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
        caller_hidden=call.hidden,
        disposition=call.disposition.code if call.disposition else None,
        disposition_note=call.disposition.note if call.disposition else "",
    )
