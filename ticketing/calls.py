"""Which calls belong to which tickets: the one a ticket was written in, and those whose matter was added to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import SQLColumnExpression, select
from sqlalchemy.orm import Session

from ticketing.tables import CallTicketRow, TicketRow


def add_call(session: Session, contact_id: str, ticket_id: str, by: str, now: datetime) -> None:
    """What was said in the call was added to the ticket by that person (a user id); once, however often it is told."""
    if session.get(CallTicketRow, (contact_id, ticket_id)) is None:
        session.add(CallTicketRow(contact_id=contact_id, ticket_id=ticket_id, by=by, at=now))


def added_in(session: Session, contact_id: str) -> Sequence[str]:
    """The tickets that what was said in this call was added to, the first first."""
    rows = select(CallTicketRow.ticket_id).where(CallTicketRow.contact_id == contact_id).order_by(CallTicketRow.at)
    return session.scalars(rows).all()


def calls_added_to(session: Session, ticket_ids: Sequence[str]) -> set[str]:
    """The calls in which something was added to one of these tickets."""
    return set(session.scalars(select(CallTicketRow.contact_id).where(CallTicketRow.ticket_id.in_(ticket_ids))))


def categories_of_contacts(session: Session, contact_ids: Sequence[str]) -> dict[str, set[str]]:
    """The category codes of the tickets that came of these calls or were added to in them; calls without one are
    absent."""
    found: dict[str, set[str]] = {}
    for contact_id, row, _by in _tickets_of(session, contact_ids, TicketRow.category != ""):
        found.setdefault(contact_id, set()).add(row.category)
    return found


def confidential_contacts(session: Session, contact_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Of these calls, those that belong to a ticket whose caller asked to stay unknown, with who wrote it down and who
    added to it."""
    found: dict[str, frozenset[str]] = {}
    for contact_id, row, by in _tickets_of(session, contact_ids, TicketRow.confidential):
        found[contact_id] = found.get(contact_id, frozenset()) | {row.created_by, by}
    return found


def _tickets_of(
    session: Session, contact_ids: Sequence[str], those: SQLColumnExpression[bool]
) -> Iterator[tuple[str, TicketRow, str]]:
    """Call, ticket, and who tied them."""
    written = select(TicketRow).where(TicketRow.contact_id.in_(contact_ids), those)
    for row in session.scalars(written):
        yield row.contact_id or "", row, row.created_by
    added = (
        select(CallTicketRow, TicketRow)
        .join(TicketRow, TicketRow.ticket_id == CallTicketRow.ticket_id)
        .where(CallTicketRow.contact_id.in_(contact_ids), those)
    )
    for tie, row in session.execute(added):
        yield tie.contact_id, row, tie.by
