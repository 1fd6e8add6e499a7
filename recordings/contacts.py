"""What other rooms know about a contact and recordings need: for retention, for confidentiality, for search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from recordings import ledger
from recordings.asides import whole_of, wholes_of
from recordings.search_feed import ask_for_contact
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
    ask_for_contact(session, contact_id)


@dataclass(frozen=True, slots=True)
class NoteView:
    """What is known about a contact."""

    queue: str | None
    category: str | None
    result: str | None
    agent_ids: tuple[str, ...]
    confidential: bool
    named: tuple[str, ...]


def notes_of(session: Session, contact_ids: Sequence[str]) -> dict[str, NoteView]:
    """What is known about these contacts, of an aside what is known of its call; those nothing is known of are
    absent."""
    wholes = wholes_of(session, contact_ids)
    rows = session.scalars(select(ContactNote).where(ContactNote.contact_id.in_(set(wholes.values()))))
    known = {
        row.contact_id: NoteView(
            row.queue, row.category, row.result, tuple(row.agent_ids), row.confidential, tuple(row.named)
        )
        for row in rows
    }
    return {one: known[whole] for one, whole in wholes.items() if whole in known}


def note_of(session: Session, contact_id: str) -> ContactNote | None:
    """What is known about the call of a contact."""
    return session.get(ContactNote, whole_of(session, contact_id))


def kept_from(session: Session, contact_id: str, person: str) -> bool:
    """Whether the caller is confidential and ``person`` (a user id) is not among those named."""
    note = note_of(session, contact_id)
    return note is not None and note.confidential and person not in note.named


def confide(
    session: Session, contact_id: str, confidential: bool, named: Sequence[str], person: str, now: datetime
) -> None:
    """``person`` says whether a caller is confidential and who may hear the voice; the ledger says so.  Said of an
    aside it holds for its whole call."""
    contact_id = whole_of(session, contact_id)
    note_contact(session, contact_id, ContactFacts(confidential=confidential, named=named))
    body = {"contact_id": contact_id, "confidential": confidential, "named": sorted(set(named))}
    ledger.append(session, "confided", now, person=person, body=body)
