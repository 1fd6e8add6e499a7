"""Reporting periods around a local day: pure.

The two that offices of other cities report by stand beside the calendar's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NOON = time(12)
ASSESSED_FROM = 19
"""Day of the month on which an assessed month begins."""


def day(on: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From midnight to midnight."""
    return _at(on, zone), _at(on + timedelta(days=1), zone)


def noon_day(on: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From noon of the day before to noon of this one: the daily report."""
    return _at(on - timedelta(days=1), zone, NOON), _at(on, zone, NOON)


def week(on: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From Monday to Sunday."""
    first = on - timedelta(days=on.weekday())
    return _at(first, zone), _at(first + timedelta(days=7), zone)


def month(on: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The calendar's month."""
    first = on.replace(day=1)
    return _at(first, zone), _at(_next_month(first), zone)


def assessed_month(on: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the 19th to the 19th around this day: the monthly assessment."""
    this = on.replace(day=ASSESSED_FROM)
    first = this if on >= this else _previous_month(this)
    return _at(first, zone), _at(_next_month(first), zone)


PERIODS: Mapping[str, Callable[[date, ZoneInfo], tuple[datetime, datetime]]] = {
    "day": day,
    "noon_day": noon_day,
    "week": week,
    "month": month,
    "assessed_month": assessed_month,
}
"""Name → [since, until) around a day."""


def _at(on: date, zone: ZoneInfo, hour: time = time()) -> datetime:
    return datetime.combine(on, hour, zone)


def _next_month(on: date) -> date:
    return on.replace(year=on.year + on.month // 12, month=on.month % 12 + 1)


def _previous_month(on: date) -> date:
    return on.replace(year=on.year - (on.month == 1), month=(on.month - 2) % 12 + 1)
