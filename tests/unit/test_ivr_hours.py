"""Office hours, holidays and make-up working days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ivr.city_file import last_announced_year, national_calendar
from ivr.hours import OfficeHours
from ivr.menu import MINUTES_A_DAY, Holidays, Hours, Span, parse_span

pytestmark = pytest.mark.unit

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def office(hours: dict[str, Any], holidays: dict[str, Any] | None = None, *, national: bool = False) -> OfficeHours:
    return OfficeHours(
        TypeAdapter(Hours).validate_python(hours),
        TypeAdapter(Holidays).validate_python(holidays or {"hours": []}),
        national_calendar() if national else {},
    )


WEEK = {day: ["08:30-12:00", "13:30-18:00"] for day in WEEKDAYS[:5]} | {"saturday": [], "sunday": []}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T08:29:59", False),
        ("2026-11-23T08:30:00", True),
        ("2026-11-23T11:59:59", True),
        ("2026-11-23T12:00:00", False),
        ("2026-11-23T13:30:00", True),
        ("2026-11-23T18:00:00", False),
        ("2026-11-21T10:00:00", False),
    ],
)
def test_edges_of_the_day(moment: str, expected: bool) -> None:
    assert office(WEEK).is_open(at(moment)) is expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-10-01", False),  # National Day, a Thursday
        ("2026-10-10", True),  # a Saturday worked in exchange
        ("2026-02-14", True),  # a Saturday worked before the Spring Festival
        ("2026-02-17", False),  # the Spring Festival itself
        ("2026-10-08", True),
        ("2026-10-11", False),  # an ordinary Sunday
    ],
)
def test_the_state_councils_calendar(day: str, expected: bool) -> None:
    assert office(WEEK, national=True).is_open(at(f"{day}T10:00")) is expected


def test_the_offices_own_days_win() -> None:
    own = {
        "hours": ["10:00-11:00"],
        "working_like": "friday",
        "days": [
            {"date": dt.date(2026, 10, 1), "kind": "working"},
            {"date": dt.date(2026, 11, 23), "kind": "holiday"},
        ],
    }
    hours = office(WEEK | {"friday": ["09:00-10:00"]}, own, national=True)
    assert hours.is_open(at("2026-10-01T09:30"))
    assert not hours.is_open(at("2026-10-01T10:30"))
    assert hours.is_open(at("2026-11-23T10:30"))
    assert not hours.is_open(at("2026-11-23T09:00"))


def test_years_without_an_announcement_are_like_their_weekdays() -> None:
    year = last_announced_year() + 1
    hours = office(WEEK, national=True)
    day = next(dt.date(year, 10, number) for number in range(1, 8) if dt.date(year, 10, number).weekday() < 5)
    assert hours.is_open(dt.datetime.combine(day, dt.time(10)))


def test_next_opening_over_a_festival() -> None:
    assert office(WEEK, national=True).next_opening(at("2026-09-30T18:00")) == at("2026-10-08T08:30")
    assert office(WEEK).next_opening(at("2026-11-23T12:00")) == at("2026-11-23T13:30")
    assert office({day: [] for day in WEEKDAYS}).next_opening(at("2026-11-23T12:00")) is None


def _pairs(edges: list[int]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False))


spans = st.lists(st.integers(0, MINUTES_A_DAY), max_size=6, unique=True).map(lambda edges: _pairs(sorted(edges)))


@settings(deadline=None)
@given(
    week=st.lists(spans, min_size=7, max_size=7),
    festival=spans,
    marked=st.dictionaries(
        st.dates(dt.date(2026, 1, 1), dt.date(2026, 2, 28)), st.sampled_from(["holiday", "working"]), max_size=10
    ),
    now=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 2, 28)),
)
def test_the_next_opening_is_the_first_open_moment(
    week: list[tuple[Span, ...]], festival: tuple[Span, ...], marked: dict[dt.date, Any], now: dt.datetime
) -> None:
    now = now.replace(second=0, microsecond=0)
    hours = OfficeHours(Hours(*week), Holidays(source="none", hours=festival), marked)
    opening = hours.next_opening(now)
    if opening is None:
        assert not any(hours.spans(now.date() + dt.timedelta(days=ahead)) for ahead in range(1, 61))
        return
    assert opening > now
    assert hours.is_open(opening)
    minutes = int((opening - now).total_seconds()) // 60
    reopened = [
        moment
        for moment in (now + dt.timedelta(minutes=minute) for minute in range(1, min(minutes, 3000)))
        if any(span.start == moment.hour * 60 + moment.minute for span in hours.spans(moment.date()))
    ]
    assert not reopened


@settings(deadline=None)
@given(st.integers(0, MINUTES_A_DAY), st.integers(0, MINUTES_A_DAY))
def test_spans_read_back(start: int, end: int) -> None:
    text = f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"
    if end > start:
        assert parse_span(text) == Span(start, end)
    else:
        with pytest.raises(ValueError, match="ends before it starts"):
            parse_span(text)


@pytest.mark.parametrize("text", ["8:30-12:00", "08:60-12:00", "08:30-24:01", "08:30", "", 830, None, "0８:30-12:00"])
def test_what_is_no_span(text: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # several wordings
        parse_span(text)


def test_overlapping_spans_are_refused() -> None:
    with pytest.raises(ValidationError, match="overlap"):
        TypeAdapter(Hours).validate_python({"monday": ["08:00-12:00", "11:00-13:00"]})
