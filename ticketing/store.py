"""Reading tickets.  Every read names its viewer; rows become plain values here and nowhere else."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, union_all
from sqlalchemy.orm import Session

from ticketing.access import has_few, seen, visible
from ticketing.doing import ticket_value
from ticketing.model import Page, Refused, Ticket, TicketFilter, Viewer
from ticketing.narrowing import conditions, start_from, unindexed
from ticketing.tables import CallTicketRow, TicketRow

LONGEST_PAGE = 200
NEWEST = 1_000
"""Tickets in which ``q`` looks for words."""
AT_ONCE = 1_000
"""Ids in one statement."""


def ticket_of(row: TicketRow, viewer: Viewer) -> Ticket:
    """The plain value of a row; units do not learn who asked to stay unknown."""
    return _masked(ticket_value(row), viewer)


def _masked(ticket: Ticket, viewer: Viewer) -> Ticket:
    if ticket.confidential and viewer.unit_id is not None:
        return replace(ticket, caller_name="", caller_number="", contact_id=None)
    return ticket


def get_ticket(session: Session, ticket_id: str, viewer: Viewer) -> Ticket | None:
    """The ticket, or None when there is none that this viewer may see."""
    row = session.scalars(visible(viewer).where(TicketRow.ticket_id == ticket_id)).one_or_none()
    return None if row is None else ticket_of(row, viewer)


def get_tickets(session: Session, ticket_ids: Sequence[str], viewer: Viewer) -> dict[str, Ticket]:
    """The tickets of these ids that this viewer may see, by id."""
    rows = session.scalars(visible(viewer).where(TicketRow.ticket_id.in_(ticket_ids)))
    return {row.ticket_id: ticket_of(row, viewer) for row in rows}


def open_ticket(session: Session, ticket_id: str, viewer: Viewer, now: datetime) -> Ticket | None:
    """The ticket for its page: looking at a protected one, or for a hidden one, goes into the access ledger."""
    row = seen(session, ticket_id, viewer, now, "open")
    return None if row is None else ticket_of(row, viewer)


def list_tickets(
    session: Session,
    wanted: TicketFilter,
    viewer: Viewer,
    cursor: str | None = None,
    limit: int = 50,
    *,
    among: Select[Any] | None = None,
    oldest: bool = False,
) -> Page | Refused:
    """A page of tickets, newest first, or the oldest first.

    ``cursor`` comes from the page before; ``among`` selects the ids to look at.
    """
    limit = max(1, min(limit, LONGEST_PAGE))
    statement = _filtered(visible(viewer, has_few(session, viewer)), wanted)
    if among is not None:
        statement = statement.where(TicketRow.ticket_id.in_(among))
    few = start_from(session, wanted)
    if few is not None:
        statement = statement.where(TicketRow.ticket_id.in_(few))
    place = _PLACE if few is None else tuple(unindexed(column) for column in _PLACE)
    order = place if oldest else tuple(column.desc() for column in place)
    if cursor is not None:
        after = _read_cursor(cursor)
        if after is None:
            return Refused("invalid_cursor")
        statement = statement.where(*_beyond(place, after, oldest))
    if len(wanted.status) > 1 and few is None:
        statement = _first_of_each(statement, wanted.status, order, limit + 1)
    elif wanted.status:
        statement = statement.where(TicketRow.status.in_(wanted.status))
    found = _read(session, statement.order_by(*order).limit(limit + 1), viewer)
    more, tickets = len(found) > limit, tuple(found[:limit])
    return Page(tickets, _cursor(tickets[-1]) if more else None)


def filtered(session: Session, ticket_ids: Sequence[str], wanted: TicketFilter, viewer: Viewer) -> list[str]:
    """Those of the tickets that are as wanted and that the viewer may see, in the order given."""
    statement = _filtered(visible(viewer), wanted).with_only_columns(TicketRow.ticket_id)
    if wanted.status:
        statement = statement.where(TicketRow.status.in_(wanted.status))
    as_wanted = {
        one
        for start in range(0, len(ticket_ids), AT_ONCE)
        for one in session.scalars(statement.where(TicketRow.ticket_id.in_(ticket_ids[start : start + AT_ONCE])))
    }
    return [one for one in ticket_ids if one in as_wanted]


def calls_of_tickets(session: Session, wanted: TicketFilter, viewer: Viewer) -> set[str]:
    """The contacts of the tickets that are as wanted: those they were written in and those added to them."""
    statement = _filtered(visible(viewer, has_few(session, viewer)), wanted)
    if wanted.status:
        statement = statement.where(TicketRow.status.in_(wanted.status))
    if viewer.unit_id is not None:  # as in _masked
        statement = statement.where(TicketRow.confidential.is_(False))
    written = statement.where(TicketRow.contact_id.is_not(None)).with_only_columns(TicketRow.contact_id)
    among = statement.with_only_columns(TicketRow.ticket_id)
    added = select(CallTicketRow.contact_id).where(CallTicketRow.ticket_id.in_(among))
    return {one for one in (*session.scalars(written), *session.scalars(added)) if one}


def tickets_of_number(session: Session, number_key: str, viewer: Viewer, limit: int = 20) -> list[Ticket]:
    """The tickets of one caller, open ones first, then newest first; none for a withheld number."""
    if not number_key:
        return []
    statement = (
        visible(viewer)
        .where(TicketRow.caller_key == number_key)
        .order_by(TicketRow.status.in_(("closed", "archived")), TicketRow.created_at.desc())
        .limit(limit)
    )
    return _read(session, statement, viewer)


def tickets_of_contact(session: Session, contact_id: str, viewer: Viewer) -> list[Ticket]:
    """The tickets written during one call, oldest first."""
    statement = visible(viewer).where(TicketRow.contact_id == contact_id).order_by(TicketRow.created_at)
    return _read(session, statement, viewer)


def _read(session: Session, statement: Select[TicketRow], viewer: Viewer) -> list[Ticket]:
    """Plain values straight from the columns: building mapped rows first would cost a list most of its time."""
    rows = session.execute(statement.with_only_columns(*_COLUMNS))
    values = (dict(zip(_NAMES, row, strict=True)) for row in rows)
    return [_masked(Ticket(**said | {"attachments": tuple(said["attachments"])}), viewer) for said in values]


_NAMES = [field.name for field in fields(Ticket)]
_COLUMNS = [TicketRow.__mapper__.columns[name] for name in _NAMES]


_PLACE = (TicketRow.created_at, TicketRow.ticket_id)
"""A ticket's place in every list."""
_NEWEST_FIRST = tuple(column.desc() for column in _PLACE)


def _first_of_each(
    statement: Select[TicketRow], statuses: Sequence[str], order: Sequence[ColumnElement[Any] | Any], limit: int
) -> Select[TicketRow]:
    """The first of every status, read off its index; asked for several at once SQLite sorts all there are."""
    ids = statement.with_only_columns(TicketRow.ticket_id).order_by(*order).limit(limit)
    each = (ids.where(TicketRow.status == status).subquery().c.ticket_id for status in dict.fromkeys(statuses))
    return select(TicketRow).where(TicketRow.ticket_id.in_(union_all(*(select(found) for found in each))))


def _beyond(place: Sequence[Any], after: tuple[datetime, str], oldest: bool) -> tuple[ColumnElement[bool], ...]:
    (created, ticket_id), (at, last) = place, after
    if oldest:
        return created >= at, or_(created > at, and_(created == at, ticket_id > last))
    return created <= at, or_(created < at, and_(created == at, ticket_id < last))


def _filtered(statement: Select[TicketRow], wanted: TicketFilter) -> Select[TicketRow]:
    """All of the filter but its statuses."""
    statement = statement.where(*conditions(wanted))
    if wanted.q:
        statement = statement.where(TicketRow.ticket_id.in_(_spoken_of(wanted.q)))
    return statement


def _spoken_of(q: str) -> CompoundSelect[str]:
    """The ticket of this number, and those of the newest in which the words stand: looking through all would take as
    long as there are tickets, and finding words among all is the search index's work."""
    newest = select(TicketRow).order_by(*_NEWEST_FIRST).limit(NEWEST).subquery().c
    said = or_(*(place.icontains(q, autoescape=True) for place in (newest.number, newest.title, newest.text)))
    return union_all(
        select(TicketRow.ticket_id).where(TicketRow.number == q),
        select(newest.ticket_id).where(said),
    )


def _cursor(last: Ticket) -> str:
    plain = json.dumps([last.created_at.isoformat(), last.ticket_id])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str] | None:
    try:
        at, ticket_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = datetime.fromisoformat(at)
    except (ValueError, TypeError):
        return None
    return (moment, ticket_id) if moment.tzinfo is not None and isinstance(ticket_id, str) else None
