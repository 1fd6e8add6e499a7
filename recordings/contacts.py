"""What other rooms know about a contact and recordings need: for retention, for confidentiality, for search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recordings.tables import ContactNote


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """Facts about a contact; None (or empty) means "not known", and leaves what is known already."""

    queue: str | None = None
    category: str | None = None
    result: str | None = None
    agent_ids: Sequence[str] = ()
    """Added to those already known."""
    confidential: bool | None = None
    named: Sequence[str] | None = None
    """User ids that may hear a confidential caller; replaces those named before."""


def note_contact(session: Session, contact_id: str, facts: ContactFacts) -> None:
    """Remembers what is known about a contact; may be called again whenever more is known."""
    row = session.get(ContactNote, contact_id)
    if row is None:
        row = ContactNote(contact_id=contact_id, agent_ids=[], named=[], confidential=False)
        session.add(row)
    row.queue = row.queue if facts.queue is None else facts.queue
    row.category = row.category if facts.category is None else facts.category
    row.result = row.result if facts.result is None else facts.result
    row.confidential = row.confidential if facts.confidential is None else facts.confidential
    row.named = row.named if facts.named is None else sorted(set(facts.named))
    row.agent_ids = sorted({*row.agent_ids, *facts.agent_ids})
    session.flush()
