"""Tickets on their way out: only those the viewer may see, callers masked, and written into the access ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session, sessionmaker

from ticketing import ledger
from ticketing.identity import masked_identities
from ticketing.model import Refused, Ticket, TicketFilter, Viewer
from ticketing.store import LONGEST_PAGE, list_tickets

COLUMNS = (
    *("number", "external_number", "status", "kind", "category", "title", "text", "place"),
    *("caller_name", "caller_number", "caller_identity", "confidential", "channel", "origin", "unit"),
    *("created_at", "due_at", "closed_at", "satisfaction", "public_reply"),
)
_TIMES = ("created_at", "due_at", "closed_at")
_PROTECTED = ("confidential", "accused_unit", "accused_person")


def shown_rows(
    tickets: Iterable[Ticket], identities: Mapping[str, str], hides: Callable[[Ticket], bool], zone: ZoneInfo
) -> Iterator[dict[str, Any]]:
    """Tickets as rows of :data:`COLUMNS`, times local; ``hides`` says whose caller this viewer may not know.

    ``identities`` are masked: no file takes a whole document's number out of the house.
    """
    for ticket in tickets:
        own = {"caller_identity": identities.get(ticket.ticket_id, "")}
        row: dict[str, Any] = {name: own[name] if name in own else getattr(ticket, name) for name in COLUMNS}
        if hides(ticket):
            row |= {"caller_name": "", "caller_number": "", "caller_identity": ""}
        for name in _TIMES:
            row[name] = f"{row[name].astimezone(zone):%Y-%m-%d %H:%M:%S}" if row[name] is not None else None
        yield row


class Exporter:
    """One export of one viewer.  Every page is a short transaction of its own."""

    def __init__(
        self, sessions: sessionmaker[Session], viewer: Viewer, hides: Callable[[Ticket], bool], now: datetime
    ) -> None:
        self._sessions, self._viewer, self._hides, self._now = sessions, viewer, hides, now
        self._id = f"export:{uuid4()}"

    def begin(self, form: str, about: Mapping[str, Any]) -> None:
        """Writes down who takes what out, before the first row leaves."""
        self._note("export", {"form": form, "about": dict(about)})

    def of_filter(self, wanted: TicketFilter, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
        """All tickets of a filter, newest first."""
        cursor: str | None = None
        count = 0
        while True:
            with self._sessions.begin() as session:
                page = list_tickets(session, wanted, self._viewer, cursor, LONGEST_PAGE)
                assert not isinstance(page, Refused), "the cursor is our own"
                self._viewed(session, page.tickets)
                identities = self._identities(session, page.tickets)
            yield from shown_rows(page.tickets, identities, self._hides, zone)
            count += len(page.tickets)
            cursor = page.next_cursor
            if cursor is None:
                break
        self._note("exported", {"tickets": count})

    def of_tickets(self, pages: Iterable[Iterable[Ticket]], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
        """Tickets that were found otherwise, as this viewer may see them, page by page."""
        count = 0
        for page in pages:
            tickets = list(page)
            with self._sessions.begin() as session:
                self._viewed(session, tickets)
                identities = self._identities(session, tickets)
            yield from shown_rows(tickets, identities, self._hides, zone)
            count += len(tickets)
        self._note("exported", {"tickets": count})

    def _identities(self, session: Session, tickets: Iterable[Ticket]) -> Mapping[str, str]:
        """Masked numbers of identity documents; a handling unit is told none."""
        if self._viewer.unit_id is not None:
            return {}
        return masked_identities(session, [one.ticket_id for one in tickets])

    def _viewed(self, session: Session, tickets: Iterable[Ticket]) -> None:
        """Each look at a protected ticket is a line, as on its page."""
        by = self._viewer.user_id
        lines = [
            (one.ticket_id, ledger.Line("access", "view", {"how": self._id}, by))
            for one in tickets
            if any(getattr(one, name) for name in _PROTECTED)
        ]
        if lines:
            ledger.append_many(session, lines, self._now)

    def _note(self, verb: str, body: Mapping[str, Any]) -> None:
        with self._sessions.begin() as session:
            ledger.append(session, "access", self._id, verb, body, by=self._viewer.user_id, now=self._now)
