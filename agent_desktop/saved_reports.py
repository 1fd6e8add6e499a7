"""Reports kept under a name: by one person, for oneself or for everybody who reads statistics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from agent_desktop.tables import SavedReportRow

MOST = 200
"""Reports of one person."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a report shows."""

    name: str
    shared: bool
    period: str
    rows: list[str]
    figures: list[str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody changed it meanwhile."""

    current: SavedReportRow


@dataclass(frozen=True, slots=True)
class Kept:
    """A page of reports."""

    reports: list[SavedReportRow]
    next_cursor: str | None


def kept(session: Session, user_id: str, cursor: str | None, limit: int) -> Kept:
    """The person's own and the shared ones, by name.  ``cursor`` is the id of the last one seen."""
    statement = select(SavedReportRow).where(or_(SavedReportRow.owner == user_id, SavedReportRow.shared.is_(True)))
    place = tuple_(SavedReportRow.name, SavedReportRow.report_id)
    if cursor is not None:
        last = session.get(SavedReportRow, cursor)
        if last is not None:
            statement = statement.where(place > tuple_(last.name, last.report_id))
    found = list(session.scalars(statement.order_by(SavedReportRow.name, SavedReportRow.report_id).limit(limit + 1)))
    more = len(found) > limit
    return Kept(found[:limit], found[limit - 1].report_id if more else None)


def keep(session: Session, report_id: str, user_id: str, wish: Wish, now: datetime) -> SavedReportRow | None:
    """Keeps a new report; the same id again is the same report.  None when the person has too many."""
    row = session.get(SavedReportRow, report_id)
    if row is not None:
        return row
    own = select(func.count()).select_from(SavedReportRow).where(SavedReportRow.owner == user_id)
    if (session.scalar(own) or 0) >= MOST:
        return None
    row = SavedReportRow(report_id=report_id, owner=user_id, version=1, changed_at=now)
    _fill(row, wish)
    session.add(row)
    return row


def change(
    session: Session, report_id: str, user_id: str, wish: Wish, version: int, now: datetime
) -> SavedReportRow | Conflict | None:
    """Changes one's own; None where there is none."""
    row = session.get(SavedReportRow, report_id, with_for_update=True)
    if row is None or row.owner != user_id:
        return None
    if row.version != version:
        return Conflict(row)
    _fill(row, wish)
    row.version, row.changed_at = version + 1, now
    return row


def drop(session: Session, report_id: str, user_id: str) -> bool:
    """Takes one's own away; whether there was one."""
    row = session.get(SavedReportRow, report_id)
    if row is None or row.owner != user_id:
        return False
    session.delete(row)
    return True


def _fill(row: SavedReportRow, wish: Wish) -> None:
    row.name, row.shared, row.period = wish.name, wish.shared, wish.period
    row.rows, row.figures = list(wish.rows), list(wish.figures)
