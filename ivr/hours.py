"""When is the office open?  Pure: the day's kind comes from a table, the moment from the caller."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ivr.menu import MINUTES_A_DAY, Holidays, Hours, Span

DayKind = Literal["holiday", "working"]
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Weekly hours with the days that differ from their weekday."""

    hours: Hours
    holidays: Holidays
    national: Mapping[dt.date, DayKind] = field(default_factory=dict)
    """Public holidays, and weekend days that are worked, as the State Council announced them."""

    def kind_of(self, day: dt.date) -> DayKind | None:
        """``holiday``, ``working`` (a make-up day), or None for a day like its weekday.  The office's table wins."""
        own = next((special.kind for special in self.holidays.days if special.date == day), None)
        return own or self.national.get(day)

    def spans(self, day: dt.date) -> tuple[Span, ...]:
        """The opening spans of ``day``."""
        match self.kind_of(day):
            case "holiday":
                return self.holidays.hours
            case "working":
                return self.hours.of_weekday(_WEEKDAYS.index(self.holidays.working_like))
            case _:
                return self.hours.of_weekday(day.weekday())

    def is_open(self, now: dt.datetime) -> bool:
        """Whether the office is open at ``now`` (local time of the city)."""
        minute = now.hour * 60 + now.minute
        return any(span.start <= minute < span.end for span in self.spans(now.date()))

    def next_opening(self, now: dt.datetime) -> dt.datetime | None:
        """The first opening after ``now`` in the city's local time; None when there is none within 60 days."""
        minute = now.hour * 60 + now.minute
        for ahead in range(61):
            day = now.date() + dt.timedelta(days=ahead)
            for span in self.spans(day):
                if ahead or span.start > minute:
                    start = dt.time(span.start // 60, span.start % 60)
                    return dt.datetime.combine(day, start, tzinfo=now.tzinfo)
        return None


def always_open(hours: OfficeHours, day: dt.date) -> bool:
    """Whether the office never closes on ``day``."""
    return hours.spans(day) == (Span(0, MINUTES_A_DAY),)
