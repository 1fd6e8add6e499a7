"""What the switch tells, as far as recordings need it: the parts of a call, its queue, its agents."""

from __future__ import annotations

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
            recordings.mark(session, contact_id, at, _PARTS[fact.phase], fact.agent_id)
    elif isinstance(fact, CallResumed):
        recordings.mark(session, contact_id, at, "agent", fact.agent_id)
    elif isinstance(fact, CallAnswered):
        recordings.mark(session, contact_id, at, "agent" if fact.agent_id else "unit", fact.agent_id)
        if fact.agent_id:
            recordings.note_contact(session, contact_id, recordings.ContactFacts(agent_ids=[fact.agent_id]))
