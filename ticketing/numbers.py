"""Ticket numbers people can read aloud: ``YYYYMMDD-NNNNNN``, counted from 1 each local day."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, select
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


def _from_sequence(session: Session, day: str) -> int:
    """Counts from where the day began: a counter row would be locked until commit, the sequence never is."""
    while True:
        value = session.scalars(select(number_sequence.next_value())).one()
        first = session.scalar(select(NumberDayRow.value).where(NumberDayRow.day == day))
        if first is None:
            insert = postgresql.insert(NumberDayRow).values(day=day, value=value)
            session.execute(insert.on_conflict_do_nothing())
            first = session.scalars(select(NumberDayRow.value).where(NumberDayRow.day == day)).one()
        if value >= first:  # a value drawn just before another registration opened the day is dropped
            return int(value - first + 1)
