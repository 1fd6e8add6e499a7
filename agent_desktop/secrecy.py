"""Callers who asked to stay unknown: which calls and tickets that hides, and from whom.

A confidential ticket hides its caller from everybody but those who may know (a permission), whoever wrote it, and
whoever took the call it came from.  What would give the caller away is hidden with it: the number on the call, and on
the card of the same number the ticket itself.

The voice is kept closer: it is for the people named with the call alone, whatever they are permitted
(:func:`keep_voices` names whoever wrote the ticket and whoever made it confidential; a named one may name others).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import cti
import recordings
import ticketing


@dataclass(frozen=True)
class Looker:
    """Who is looking, as far as secrecy goes."""

    user_id: str
    agent_id: str | None
    knows_all: bool
    """May know who asked to stay unknown (``ticket.confidential``)."""

    def wrote(self, by: str) -> bool:
        """Whether ``by`` is this person: a user id, or the agent id where that is what was written down."""
        return by == self.user_id or (self.agent_id is not None and by == self.agent_id)


def kept_from(looker: Looker, ticket: ticketing.Ticket) -> bool:
    """Whether the ticket's caller is kept from this person."""
    return ticket.confidential and not looker.knows_all and not looker.wrote(ticket.created_by)


def secret_calls(session: Session, contact_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """The calls among these whose caller is to stay unknown (by a ticket written from it, or by word of whoever keeps
    the recordings), with those who may know: who wrote it, who is named."""
    notes = recordings.notes_of(session, contact_ids)
    named = {contact_id: frozenset(note.named) for contact_id, note in notes.items() if note.confidential}
    written = ticketing.confidential_contacts(session, contact_ids)
    return {one: named.get(one, frozenset()) | written.get(one, frozenset()) for one in named.keys() | written.keys()}


def keep_voices(session: Session, ticket: ticketing.Ticket, by: str, now: datetime) -> None:
    """The ticket is confidential: so are the recordings of the calls it was written or added to in.

    ``by`` (a user id) and whoever wrote the ticket may hear them.  A call that is confidential already keeps its names.
    """
    added = ticketing.calls_added_to(session, [ticket.ticket_id])
    calls = sorted({*added, *([ticket.contact_id] if ticket.contact_id else [])})
    known = recordings.notes_of(session, calls)
    for contact_id in calls:
        if recordings.is_contact_id(contact_id) and not (contact_id in known and known[contact_id].confidential):
            recordings.confide(session, contact_id, True, [ticket.created_by, by], by, now)


def hides_number(looker: Looker, call: cti.CallRow, secret: Mapping[str, frozenset[str]]) -> bool:
    """Whether a call's number is kept from this person; ``secret`` is what :func:`secret_calls` found."""
    if call.contact_id not in secret or looker.knows_all:
        return False
    return not looker.wrote(call.agent_id or "") and not any(looker.wrote(by) for by in secret[call.contact_id])
