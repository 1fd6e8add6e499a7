"""What a filter means in the database, and which part of it is quickest to start from.

A list is in the order of registration.  Read in that order until a page is full it is quick when many tickets are as
wanted, and slow when few are; the few are quickly found by an index of their own and sorted.  Neither database knows
which of the two it is (a part's size follows from the hour, as the lights do), so it is tried: a part that has more
than :data:`FEW` tickets is looked for while reading.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, null, select
from sqlalchemy.orm import Session

from ticketing.model import Span, TicketFilter, Urgency
from ticketing.sla import SECOND
from ticketing.tables import TicketRow, marked
from ticketing.tables_work import WorkRow, assisting, was_late

FEW = 5_000
"""Tickets that are sorted about as quickly as a page is filled by one hit in two hundred tickets of a million."""

Conditions = list[ColumnElement[bool]]


def start_from(session: Session, wanted: TicketFilter) -> Select[Any] | None:
    """The ids of those few tickets among which all wanted ones are, where a part of the filter leaves so few."""
    for ids in _parts(wanted):
        counted = select(func.count()).select_from(ids.limit(FEW + 1).subquery())
        if (session.scalar(counted) or 0) <= FEW:
            return ids
    return None


def conditions(wanted: TicketFilter) -> Conditions:
    """The filter without its words and its statuses, to be looked for while the tickets are read in their order."""
    found: Conditions = []
    if wanted.kind:
        found.append(TicketRow.kind.in_(wanted.kind))
    if len(wanted.category) == 1:
        found.append(TicketRow.category == wanted.category[0])
    elif wanted.category:
        found.append(unindexed(TicketRow.category).in_(wanted.category))
    for column, value in (
        (TicketRow.channel, wanted.channel),
        (TicketRow.origin, wanted.origin),
        (TicketRow.unit, wanted.unit),
        (TicketRow.created_by, wanted.created_by),
    ):
        if value is not None:
            found.append(column == value)
    found += _within(TicketRow.created_at, wanted.accepted)
    found += _within(unindexed(TicketRow.due_at), wanted.due)
    found += _within(unindexed(TicketRow.closed_at), wanted.closed)
    if wanted.light is not None:
        found += _lit(wanted, unindexed(TicketRow.due_at))
    if wanted.urgency is not None:
        found.append(_urgency(wanted.urgency))
    if wanted.evaluated is not None:
        said = unindexed(TicketRow.satisfaction)
        found.append(said.is_not(None) if wanted.evaluated else said.is_(None))
    works = exists().where(WorkRow.ticket_id == TicketRow.ticket_id)
    if wanted.overdue is not None:
        late = works.where(was_late())
        found.append(late if wanted.overdue else ~late)
    if wanted.assisting is not None:
        found.append(works.where(assisting(), WorkRow.unit_id == wanted.assisting))
    return found


def unindexed(column: Any) -> Any:
    """The column where no index offers itself: SQLite would rather sort half of all tickets than read in order, and
    read all of them in order than sort a few."""
    return func.coalesce(column, null())


def _parts(wanted: TicketFilter) -> list[Select[Any]]:
    """Each part of the filter that has an index by which the few it may leave are found."""
    parts: list[Select[Any]] = []
    if len(wanted.category) > 1:
        parts.append(_tickets(TicketRow.category.in_(wanted.category)))
    for column, span in ((TicketRow.due_at, wanted.due), (TicketRow.closed_at, wanted.closed)):
        if span != Span():
            parts.append(_tickets(*_within(column, span)))
    if wanted.light is not None:
        parts.append(_tickets(*_lit(wanted, TicketRow.due_at)))
    if wanted.urgency not in (None, "ordinary"):
        parts.append(_tickets(marked(), _urgency(wanted.urgency)))
    if wanted.evaluated is not None:
        # Not IS NOT NULL, for which SQLite uses no index.
        parts.append(_tickets(TicketRow.satisfaction >= "" if wanted.evaluated else TicketRow.satisfaction.is_(None)))
    if wanted.overdue:
        parts.append(select(WorkRow.ticket_id).where(was_late()))
    if wanted.assisting is not None:
        parts.append(select(WorkRow.ticket_id).where(assisting(), WorkRow.unit_id == wanted.assisting))
    return parts


def _tickets(*said: ColumnElement[bool]) -> Select[Any]:
    return select(TicketRow.ticket_id).where(*said)


def _within(column: Any, span: Span) -> Conditions:
    found: Conditions = []
    if span.start is not None:
        found.append(column >= span.start)
    if span.end is not None:
        found.append(column < span.end)
    return found


def _lit(wanted: TicketFilter, due_at: Any) -> Conditions:
    """The colours as ranges of dates, the same as :func:`ticketing.sla.light` says them one by one."""
    if wanted.at is None:
        raise ValueError("a light is seen at a moment")
    late_by: datetime = wanted.at - SECOND
    if wanted.light == "red":
        return [due_at <= late_by]
    yellow_from = func.coalesce(TicketRow.yellow_from, TicketRow.due_at)
    return [due_at > late_by, yellow_from <= wanted.at if wanted.light == "yellow" else yellow_from > wanted.at]


def _urgency(wanted: Urgency | None) -> ColumnElement[bool]:
    if wanted == "urgent":
        return TicketRow.urgent.is_(True)
    if wanted == "major":
        return TicketRow.major.is_(True)
    if wanted == "emergency":
        return TicketRow.emergency.is_not(None)
    return and_(TicketRow.urgent.is_(False), TicketRow.major.is_(False), TicketRow.emergency.is_(None))
