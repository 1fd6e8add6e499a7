"""What the switch tells, as far as recordings need it: the parts of a call, its queue, its agents, its units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

import cti
import recordings
from cti.facts import (
    CallAnswered,
    CallArrived,
    CallHeld,
    CallQueued,
    CallResumed,
    ConversationChanged,
    Fact,
    PartyCalled,
)

_PARTS: dict[str, recordings.Label] = {
    "talking": "agent",
    "held": "hold",
    "calling": "hold",
    "consulting": "consult",
    "three_way": "three_way",
    "handed_over": "unit",
}
"""Phases of a conversation, and what the citizen's recording is then."""


def note(session: Session, fact: Fact, told_at: datetime) -> None:
    """Marks where a new part of the call begins, and remembers queue and agent."""
    contact_id = fact.contact_id
    if contact_id is None or not recordings.is_contact_id(contact_id):
        return
    at = datetime.fromtimestamp(fact.at, UTC) if fact.at is not None else told_at
    if isinstance(fact, CallArrived):
        recordings.mark(session, contact_id, at, "menu")
    elif isinstance(fact, CallQueued):
        recordings.mark(session, contact_id, at, "queue")
        recordings.note_contact(session, contact_id, recordings.ContactFacts(queue=fact.queue))
    elif isinstance(fact, PartyCalled):
        # What is said to them in private is recorded under one of these ids.
        recordings.set_asides(session, contact_id, cti.consultation_ids(contact_id))
    elif isinstance(fact, CallHeld):
        recordings.mark(session, contact_id, at, "hold", fact.agent_id)
    elif isinstance(fact, ConversationChanged):
        if fact.phase in _PARTS:
            label, units = _PARTS[fact.phase], _units(session, fact.units)
            # The agent of a call that was handed over does not speak any more, even where the leg is still there.
            recordings.mark(session, contact_id, at, label, None if label == "unit" else fact.agent_id, units)
    elif isinstance(fact, CallResumed):
        recordings.mark(session, contact_id, at, "agent", fact.agent_id)
    elif isinstance(fact, CallAnswered):
        if not fact.agent_id:
            recordings.mark(session, contact_id, at, "unit", units=_units(session, [fact.number]))
        else:
            recordings.mark(session, contact_id, at, "agent", fact.agent_id)
            recordings.note_contact(session, contact_id, recordings.ContactFacts(agent_ids=[fact.agent_id]))


def _units(session: Session, numbers: Sequence[str]) -> list[recordings.Unit]:
    """Who answers at these numbers, by the roster as it stands now: it may say something else tomorrow."""
    known = cti.units_at(session, numbers)
    return [
        recordings.Unit(number, unit_id, name)
        for number in numbers
        if number
        for unit_id, name in known.get(number, [("", "")])
    ]
