"""Callers who asked to stay unknown: which calls and tickets that hides, and from whom.

A confidential ticket hides its caller from everybody but those who may know (a permission), whoever wrote it, and
whoever took the call it came from.  What would give the caller away is hidden with it: the number on the call, and on
the card of the same number the ticket itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

import cti
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
    """The calls among these from which a confidential ticket was written, with who wrote them."""
    return ticketing.confidential_contacts(session, contact_ids)


def hides_number(looker: Looker, call: cti.CallRow, secret: Mapping[str, frozenset[str]]) -> bool:
    """Whether a call's number is kept from this person; ``secret`` is what :func:`secret_calls` found."""
    if call.contact_id not in secret or looker.knows_all:
        return False
    return not looker.wrote(call.agent_id or "") and not any(looker.wrote(by) for by in secret[call.contact_id])
