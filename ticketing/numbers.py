"""Ticket numbers people can read aloud: ``YYYYMMDD-NNNNNN``, counted from 1 each local day."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ticketing.tables import NumberDayRow, number_sequence


def next_number(session: Session, now: datetime, zone: ZoneInfo) -> str:
    """A number nobody else gets.  A registration that fails may leave a gap."""
    day = f"{now.astimezone(zone):%Y%m%d}"
    if session.get_bind().dialect.name == "postgresql":
        serial = _from_sequence(session, day)
    else:
        serial = session.connection().execute(_COUNT_UP, {"day": day, "value": 1}).scalar_one()
    return f"{day}-{serial:06d}"


_DAYS = cast(Table, NumberDayRow.__table__)
_COUNT_UP = (
    sqlite.insert(_DAYS)
    .on_conflict_do_update(index_elements=["day"], set_={"value": _DAYS.c.value + 1})
    .returning(_DAYS.c.value)
)

_FIRST = select(_DAYS.c.value).where(_DAYS.c.day == bindparam("wanted"))
_DRAW = select(number_sequence.next_value(), _FIRST.scalar_subquery())
_OPEN_DAY = postgresql.insert(_DAYS).on_conflict_do_nothing()


def _from_sequence(session: Session, day: str) -> int:
    """Counts from where the day began: a counter row would be locked until commit, the sequence never is."""
    connection = session.connection()
    while True:
        value, first = connection.execute(_DRAW, {"wanted": day}).one()
        if first is None:
            connection.execute(_OPEN_DAY, {"day": day, "value": value})
            first = connection.execute(_FIRST, {"wanted": day}).scalar_one()
        if value >= first:  # a value drawn just before another registration opened the day is dropped
            return int(value - first + 1)
