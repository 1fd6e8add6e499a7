"""Which days are working days: the one door to chinesecalendar, with the office's own tables laid over it.

The State Council announces each year's holidays and make-up working days (调休上班) the autumn before.  A year
nobody has told us about is answered as Monday to Friday and marked unknown, never guessed silently.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

from chinese_calendar import constants

SHIPPED = f"chinesecalendar {version('chinesecalendar')}"


@dataclass(frozen=True, slots=True)
class Day:
    """One date as the calendar sees it."""

    date: date
    working: bool
    why: str
    known: bool
    """False when the year's arrangement is not loaded: the answer is Monday to Friday."""
    holiday: str | None = None
    """The festival that makes it a day off or moves work to it."""


@dataclass(frozen=True, slots=True)
class YearTable:
    """One year's announced arrangement: only the dates that differ from Monday to Friday need to stand in it."""

    year: int
    days: Mapping[date, tuple[bool, str]]
    """Date → (day off, festival)."""
    source: str


class WorkCalendar:
    """Days by table, by chinesecalendar, or provisionally by weekday, in this order."""

    def __init__(self, tables: Iterable[YearTable] = ()) -> None:
        self._tables = sorted(tables, key=lambda table: table.year)
        self._own: dict[date, tuple[bool, str]] = {}
        for table in self._tables:
            self._own.update(table.days)
        self._known = {table.year for table in self._tables}

    def day(self, when: date) -> Day:
        """What kind of day ``when`` is."""
        if when in self._own:
            off, festival = self._own[when]
            return _announced(when, off, festival)
        if when.year in self._known:
            return _ordinary(when)
        if when.year not in _SHIPPED_YEARS:
            return Day(when, when.weekday() < 5, f"by weekday, the calendar of {when.year} is not loaded", False)
        if when in constants.holidays:
            return _announced(when, True, constants.Holiday(constants.holidays[when]).chinese)
        if when in constants.workdays:
            return _announced(when, False, constants.Holiday(constants.workdays[when]).chinese)
        return _ordinary(when)

    def source(self, year: int) -> str | None:
        """Where the year's arrangement comes from; None when it is not known."""
        for table in self._tables:
            if table.year == year:
                return table.source
        return SHIPPED if year in _SHIPPED_YEARS else None


def read_table(text: str, source: str) -> YearTable | list[str]:
    """A year's table from JSON ``{"year", "days": [{"name", "date", "isOffDay"}]}``, or all its faults.

    This is the shape the holiday-cn data set publishes from the State Council's notices.
    """
    try:
        content = json.loads(text)
    except ValueError as problem:
        return [f"not JSON: {problem}"]
    if not isinstance(content, dict) or not isinstance(content.get("year"), int):
        return ["needs a whole number 'year'"]
    if not isinstance(content.get("days"), list):
        return ["needs a list 'days'"]
    year = content["year"]
    days: dict[date, tuple[bool, str]] = {}
    problems: list[str] = []
    for position, entry in enumerate(content["days"], 1):
        found = _table_day(entry)
        if isinstance(found, str):
            problems.append(f"day {position}: {found}")
        elif found[0] in days:
            problems.append(f"day {position}: {found[0]} stands twice")
        elif abs(found[0].year - year) > 1:
            problems.append(f"day {position}: {found[0]} does not belong to {year}")
        else:
            days[found[0]] = found[1:]
    if not days and not problems:
        problems.append(f"no day of {year} stands in it")
    return problems or YearTable(year, days, source)


_SHIPPED_YEARS = frozenset(day.year for day in constants.holidays)


def _announced(when: date, off: bool, festival: str) -> Day:
    if off:
        return Day(when, False, "holiday", True, festival)
    if when.weekday() >= 5:
        return Day(when, True, "make-up working day", True, festival)
    return Day(when, True, "working day", True)


def _ordinary(when: date) -> Day:
    return Day(when, True, "working day", True) if when.weekday() < 5 else Day(when, False, "weekend", True)


def _table_day(entry: Any) -> tuple[date, bool, str] | str:
    if not isinstance(entry, dict):
        return "not an object"
    try:
        when = date.fromisoformat(entry["date"])
    except (KeyError, TypeError, ValueError):
        return "needs 'date' as YYYY-MM-DD"
    if not isinstance(entry.get("isOffDay"), bool):
        return "needs 'isOffDay' true or false"
    return when, entry["isOffDay"], str(entry.get("name", ""))
