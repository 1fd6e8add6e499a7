"""Tries that are counted: guessing a password or a query code soon costs more waiting than it can win.

Counts are rows of the database, so that they hold for every process and machine and outlive a restart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from agent_desktop.tables import ThrottleRow

LONGEST_WAIT = timedelta(minutes=15)
"""Also after how long without a try everything is forgotten."""


def throttle_key(*parts: str) -> str:
    """What tries are counted under; names and addresses themselves are not kept."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def count_try(session: Session, keys: Mapping[str, int], now: datetime) -> timedelta:
    """Counts one more try for each key (with what it allows before any waiting); answers how long to wait instead,
    zero when the try may go on.  The same statements whatever the outcome."""
    connection = session.connection()
    fresh = [{"key": key, "failures": 0, "last_at": now} for key in sorted(keys)]
    connection.execute(_OPEN[connection.dialect.name], fresh)
    wanted = select(ThrottleRow).where(ThrottleRow.key.in_(list(keys))).order_by(ThrottleRow.key).with_for_update()
    rows = session.scalars(wanted.execution_options(populate_existing=True)).all()
    wait = max(_wait(row.failures - keys[row.key], row.last_at, now) for row in rows)
    for row in rows if not wait else ():
        row.failures = 1 if now - row.last_at > LONGEST_WAIT else row.failures + 1
        row.last_at = now
    return wait


def forget_tries(session: Session, *keys: str) -> None:
    """The right one was given."""
    session.execute(delete(ThrottleRow).where(ThrottleRow.key.in_(keys)))


def _wait(over: int, last_at: datetime, now: datetime) -> timedelta:
    """How long the next try must wait: 1, 2, 4 … s after the allowance is used up, at most 15 minutes."""
    if over < 0:
        return timedelta(0)
    until = last_at + min(timedelta(seconds=2 ** min(over, 20)), LONGEST_WAIT)
    return max(until - now, timedelta(0))


_ROWS = cast(Table, ThrottleRow.__table__)
_OPEN = {
    "postgresql": postgresql.insert(_ROWS).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(_ROWS).on_conflict_do_nothing(),
}
