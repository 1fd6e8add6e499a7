"""Deadline arithmetic: pure functions of a start, a limit, a way of counting and a calendar.

How to count is not said by the regulations; each choice is a field of :class:`Counting`, comes from the rule pack and
is printed with every date (the ids C1–C16 are those of the project's list of conventions, ``docs/city.md``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

Unit = Literal["wd", "day", "hour", "minute"]
"""Working days, natural days, hours and minutes on the wall clock."""

SECOND = timedelta(seconds=1)
LONGEST_LIMIT = 3660
"""Longest limit accepted, in its own unit: ten years of days."""


class CalendarDay(Protocol):
    """One date as a calendar sees it."""

    @property
    def working(self) -> bool: ...
    @property
    def why(self) -> str: ...
    @property
    def known(self) -> bool: ...
    @property
    def holiday(self) -> str | None: ...


class Calendar(Protocol):
    """Tells working days from others."""

    def day(self, when: date, /) -> CalendarDay: ...


@dataclass(frozen=True, slots=True)
class Counting:
    """How this city counts."""

    time_zone: str = "Asia/Shanghai"
    working_days: Literal["state_council", "monday_to_friday"] = "state_council"
    day_zero: Literal["excluded", "included"] = "excluded"
    cutoff: str = "24:00"
    extension_from: Literal["old_due", "approval"] = "old_due"
    last_day_off: Literal["moves", "stands"] = "moves"
    yellow_within: int = 1
    yellow_share: int = 25

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many days (or hours) and the article that says so."""

    amount: int
    unit: Unit = "wd"
    target: int | None = None
    """The shorter amount to aim at, where the regulation names two."""
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from ``start`` until ``end`` (None: it still does)."""

    start: datetime
    end: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class TraceDay:
    """A counted day (``day`` is its number) or one that was passed over (``day`` None)."""

    date: date
    day: int | None
    why: str
    holiday: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A due date that argues its case."""

    due: datetime
    """The last second that is still in time."""
    target: datetime | None
    provisional: bool
    """True when a year's calendar was not known; the date is computed again when it is."""
    yellow_from: datetime
    article: str | None
    trace: tuple[TraceDay, ...]
    """The counted days."""
    skipped: tuple[TraceDay, ...]
    """The days between that did not count, and why."""

    def as_json(self) -> dict[str, Any]:
        """Dates and times as ISO 8601; days without a festival leave it out."""
        return {
            "due": self.due.isoformat(),
            "target": self.target.isoformat() if self.target else None,
            "provisional": self.provisional,
            "article": self.article,
            "trace": [_day_json(day) for day in self.trace],
            "skipped": [_day_json(day) for day in self.skipped],
        }


def due(start: datetime, limit: Limit, counting: Counting, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Due:
    """When ``limit`` ends that began at ``start``.

    Working days: the starting day does not count (C3), the date ends at the cutoff (C4).  Hours run on the wall clock
    (C7).  A day at whose end the clock stood still is not counted; hours grow by the time it stood still.
    """
    if not 0 < limit.amount <= LONGEST_LIMIT:
        raise ValueError(f"a limit of {limit.amount}")
    local = start.astimezone(counting.zone)
    if limit.unit in ("hour", "minute"):
        return _wall_clock(local, limit, counting, calendar, pauses)
    first = local.date() if counting.day_zero == "included" else local.date() + timedelta(days=1)
    counted, skipped = _count(first, limit, counting, calendar, pauses)
    last = counted[-1].date
    target = None if limit.target is None else _end_of(counted[limit.target - 1].date, counting)
    known = all(calendar.day(day.date).known for day in (*counted, *skipped))
    return Due(
        due=_end_of(last, counting),
        target=target,
        provisional=counting.working_days == "state_council" and not known,
        yellow_from=_yellow_from(last, counting, calendar),
        article=limit.article,
        trace=tuple(counted),
        skipped=tuple(skipped),
    )


def extend(old: datetime, limit: Limit, counting: Counting, calendar: Calendar, approved: datetime) -> Due:
    """The new due date: counted from the old one (C8), or from the approval where a pack says so."""
    return due(old if counting.extension_from == "old_due" else approved, limit, counting, calendar)


def no_later(found: Due, bound: datetime, why: str, counting: Counting, calendar: Calendar) -> Due:
    """The same date, or ``bound`` where that comes before it; the trace says ``why`` in its last line."""
    if found.due <= bound:
        return found
    last = bound.astimezone(counting.zone).date()
    days = _yellow_from(last, counting, calendar)
    return replace(
        found,
        due=bound,
        target=None if found.target is None else min(found.target, bound),
        yellow_from=min(found.yellow_from, days) if found.yellow_from <= bound else days,
        trace=(*(day for day in found.trace if day.date <= last), TraceDay(last, None, why)),
        skipped=tuple(day for day in found.skipped if day.date <= last),
    )


def elapsed(start: datetime, end: datetime, counting: Counting, calendar: Calendar) -> int:
    """Working days used up from ``start`` until ``end``; the same counting as :func:`due`."""
    first, last = (moment.astimezone(counting.zone).date() for moment in (start, end))
    if counting.day_zero == "excluded":
        first += timedelta(days=1)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(_works(day, counting, calendar) for day in days)


def is_late(now: datetime, due_at: datetime) -> bool:
    """23:59:59 and every part of that second is in time, 00:00:00 is late (C4)."""
    return now >= due_at + SECOND


def light(now: datetime, due_at: datetime, yellow_from: datetime) -> Literal["green", "yellow", "red"]:
    """Green within the limit, yellow close to its end (C15), red after it."""
    if is_late(now, due_at):
        return "red"
    return "yellow" if now >= yellow_from else "green"


def working_days_before(day: date, count: int, counting: Counting, calendar: Calendar) -> date:
    """The ``count``-th working day before ``day``; ``day`` itself for 0."""
    while count > 0:
        day -= timedelta(days=1)
        count -= _works(day, counting, calendar)
    return day


def _count(
    first: date, limit: Limit, counting: Counting, calendar: Calendar, pauses: Sequence[Pause]
) -> tuple[list[TraceDay], list[TraceDay]]:
    counted: list[TraceDay] = []
    skipped: list[TraceDay] = []
    for when in _days_from(first):
        day = calendar.day(when)
        paused = _pause_at_end_of(when, counting, pauses)
        counts = _works(when, counting, calendar) if limit.unit == "wd" else True
        if paused is not None:
            skipped.append(TraceDay(when, None, f"paused: {paused.why}"))
        elif not counts:
            skipped.append(TraceDay(when, None, day.why, day.holiday))
        elif len(counted) < limit.amount:
            why = day.why if limit.unit == "wd" else "natural day"
            counted.append(TraceDay(when, len(counted) + 1, why, day.holiday if limit.unit == "wd" else None))
        if len(counted) == limit.amount:
            break
    if limit.unit == "day" and counting.last_day_off == "moves":
        while not _works(counted[-1].date, counting, calendar):
            moved = counted.pop()
            day = calendar.day(moved.date)
            skipped.append(TraceDay(moved.date, None, f"{day.why}, the last day moves on", day.holiday))
            counted.append(TraceDay(moved.date + timedelta(days=1), moved.day, "natural day"))
    return counted, skipped


def _wall_clock(local: datetime, limit: Limit, counting: Counting, calendar: Calendar, pauses: Sequence[Pause]) -> Due:
    step = timedelta(hours=1) if limit.unit == "hour" else timedelta(minutes=1)
    end = _run(local, step * limit.amount, counting.zone, pauses)
    target = None if limit.target is None else _run(local, step * limit.target, counting.zone, pauses)
    why = f"{limit.amount} {limit.unit}{'s' if limit.amount > 1 else ''} on the wall clock"
    return Due(
        due=end,
        target=target,
        provisional=False,
        yellow_from=end - step * limit.amount * counting.yellow_share / 100,
        article=limit.article,
        trace=(TraceDay(end.date(), None, why),),
        skipped=tuple(
            TraceDay(pause.start.astimezone(counting.zone).date(), None, f"paused: {pause.why}") for pause in pauses
        ),
    )


def _run(local: datetime, length: timedelta, zone: ZoneInfo, pauses: Sequence[Pause]) -> datetime:
    """Adds real time (not local time, which jumps where clocks change) and the time the clock stood still."""
    end = local.astimezone(UTC) + length
    for pause in sorted(pauses, key=lambda pause: pause.start):
        until = pause.end or pause.start
        if pause.start < end and until > local:
            end += until - max(pause.start, local)
    return end.astimezone(zone)


def _works(when: date, counting: Counting, calendar: Calendar) -> bool:
    return when.weekday() < 5 if counting.working_days == "monday_to_friday" else calendar.day(when).working


def _end_of(when: date, counting: Counting) -> datetime:
    if counting.cutoff == "24:00":
        return datetime.combine(when, time(23, 59, 59), counting.zone)
    return datetime.combine(when, time.fromisoformat(counting.cutoff), counting.zone)


def _yellow_from(last: date, counting: Counting, calendar: Calendar) -> datetime:
    first_yellow = working_days_before(last, counting.yellow_within, counting, calendar)
    return datetime.combine(first_yellow, time(), counting.zone)


def _pause_at_end_of(when: date, counting: Counting, pauses: Sequence[Pause]) -> Pause | None:
    midnight = datetime.combine(when + timedelta(days=1), time(), counting.zone)
    return next((p for p in pauses if p.start < midnight and p.end is not None and p.end >= midnight), None)


def _days_from(first: date) -> Iterator[date]:
    while True:
        yield first
        first += timedelta(days=1)


def _day_json(day: TraceDay) -> dict[str, Any]:
    said = asdict(day) | {"date": day.date.isoformat()}
    if said["holiday"] is None:
        del said["holiday"]
    return said
