"""Counting days: the conventions C1–C9, C13 and C15, the announced calendars, and the clock's laws."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.calendar import WorkCalendar, YearTable, read_table
from ticketing.sla import Counting, Limit, Pause, due, elapsed, extend, is_late, light

pytestmark = pytest.mark.unit
SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()
PLAIN = Counting()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due_date(start: str, days: int, counting: Counting = PLAIN) -> str:
    return due(at(start), Limit(days), counting, CALENDAR).due.date().isoformat()


@pytest.mark.parametrize(("year", "working_days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_c2_working_days_of_a_year(year: int, working_days: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    assert sum(CALENDAR.day(day).working for day in days if day.year == year) == working_days


@pytest.mark.parametrize(
    "sunday", ["2024-02-04", "2024-04-07", "2024-09-29", "2025-01-26", "2025-09-28", "2026-01-04", "2026-09-20"]
)
def test_c2_a_sunday_may_be_a_make_up_day(sunday: str) -> None:
    day = CALENDAR.day(date.fromisoformat(sunday))
    assert (day.working, day.why, day.date.weekday()) == (True, "make-up working day", 6)


def test_c2_lunar_new_years_eve_2024_was_worked() -> None:
    assert CALENDAR.day(date(2024, 2, 9)).working


def test_c2_days_between_two_holiday_blocks_are_worked() -> None:
    assert due_date("2026-09-24T09:00", 3) == "2026-09-30"


def test_c3_the_starting_day_never_counts_even_at_one_past_midnight() -> None:
    assert due_date("2025-06-03T00:01", 1) == due_date("2025-06-03T23:59", 1) == "2025-06-04"


def test_c3_a_start_on_a_day_off_counts_from_the_next_working_day() -> None:
    found = due(at("2025-10-04T12:00"), Limit(1), PLAIN, CALENDAR)
    assert (found.trace[0].date, found.trace[0].day) == (date(2025, 10, 9), 1)


def test_c3_may_be_chosen_otherwise() -> None:
    assert due_date("2025-06-03T08:00", 1, Counting(day_zero="included")) == "2025-06-03"


def test_c4_the_last_second_of_the_day_is_in_time() -> None:
    end = due(at("2025-06-03T10:00"), Limit(1), PLAIN, CALENDAR).due
    assert end.isoformat() == "2025-06-04T23:59:59+08:00"
    assert not is_late(end + timedelta(microseconds=999_999), end)
    assert is_late(at("2025-06-05T00:00:00"), end)


def test_c4_a_pack_may_end_the_day_at_the_closing_hour() -> None:
    assert due(at("2025-06-03T10:00"), Limit(1), Counting(cutoff="17:30"), CALENDAR).due == at("2025-06-04T17:30")


def test_c1_a_start_in_another_zone_is_read_in_the_citys() -> None:
    late_evening_utc = datetime(2025, 6, 2, 17, 0, tzinfo=UTC)  # 01:00 on the 3rd in the city
    assert due(late_evening_utc, Limit(1), PLAIN, CALENDAR).due.date() == date(2025, 6, 4)


def test_c7_hours_run_at_night_and_on_holidays() -> None:
    found = due(at("2025-10-01T23:00"), Limit(2, "hour"), PLAIN, CALENDAR)
    assert found.due == at("2025-10-02T01:00")
    assert not found.provisional


def test_c8_an_extension_counts_from_the_old_date() -> None:
    old = at("2025-09-30T23:59:59")
    assert extend(old, Limit(2), PLAIN, CALENDAR, approved=at("2025-09-25T09:00")).due.date() == date(2025, 10, 10)
    from_approval = Counting(extension_from="approval")
    assert extend(old, Limit(2), from_approval, CALENDAR, approved=at("2025-09-25T09:00")).due.date() == date(
        2025, 9, 28
    )


def test_c13_an_unknown_year_is_provisional_until_its_table_comes() -> None:
    before = due(at("2030-12-25T09:00"), Limit(5), PLAIN, CALENDAR)
    assert before.provisional
    assert before.trace[0].why == "by weekday, the calendar of 2030 is not loaded"
    tables = [
        YearTable(2030, {}, "notice"),
        YearTable(2031, {date(2031, 1, 1): (True, "元旦")}, "notice"),
    ]
    after = due(at("2030-12-25T09:00"), Limit(5), PLAIN, WorkCalendar(tables))
    assert not after.provisional
    assert (before.due.date(), after.due.date()) == (date(2031, 1, 1), date(2031, 1, 2))


def test_c15_yellow_is_due_today_or_on_the_next_working_day() -> None:
    found = due(at("2025-09-22T09:00"), Limit(7), PLAIN, CALENDAR)
    assert found.due.date() == date(2025, 9, 30)
    shown = [
        light(at(f"2025-{day}"), found.due, found.yellow_from) for day in ("09-28T23:59", "09-29T00:00", "10-01T00:00")
    ]
    assert shown == ["green", "yellow", "red"]


def test_natural_days_and_their_last_day() -> None:
    assert due(at("2025-09-24T09:00"), Limit(7, "day"), PLAIN, CALENDAR).due.date() == date(2025, 10, 9)
    stands = Counting(last_day_off="stands")
    assert due(at("2025-09-24T09:00"), Limit(7, "day"), stands, CALENDAR).due.date() == date(2025, 10, 1)


def test_a_pause_moves_the_date_by_the_days_it_lasted() -> None:
    pause = Pause(at("2025-06-04T10:00"), at("2025-06-06T09:00"), "waiting for the caller")
    found = due(at("2025-06-03T10:00"), Limit(3), PLAIN, CALENDAR, [pause])
    assert found.due.date() == date(2025, 6, 10)
    assert [day.why for day in found.skipped[:2]] == ["paused: waiting for the caller"] * 2
    hours = due(at("2025-06-04T09:00"), Limit(3, "hour"), PLAIN, CALENDAR, [pause])
    assert hours.due == at("2025-06-06T11:00")


def test_two_limits_give_a_target_and_an_end() -> None:
    found = due(at("2025-06-03T10:00"), Limit(5, target=3), PLAIN, CALENDAR)
    assert (found.due.date(), found.target) == (date(2025, 6, 10), at("2025-06-06T23:59:59"))


def test_a_year_table_is_read_and_laid_over() -> None:
    days = [
        {"name": "x", "date": "2025-06-04", "isOffDay": True},
        {"name": "x", "date": "2025-06-07", "isOffDay": False},
    ]
    table = read_table(json.dumps({"year": 2025, "days": days}), "own")
    assert isinstance(table, YearTable)
    calendar = WorkCalendar([table])
    assert due(at("2025-06-03T10:00"), Limit(3), PLAIN, calendar).due.date() == date(2025, 6, 7)
    assert calendar.source(2025) == "own"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("{", 1),
        ("[]", 1),
        ('{"year": 2025}', 1),
        ('{"year": 2025, "days": []}', 1),
        (
            '{"year": 2025, "days": [3, {"date": "x"}, {"date": "2025-01-01"},'
            ' {"date": "1999-01-01", "isOffDay": true}]}',
            4,
        ),
    ],
)
def test_a_broken_year_table_names_every_fault(text: str, faults: int) -> None:
    problems = read_table(text, "own")
    assert isinstance(problems, list)
    assert len(problems) == faults


moments = st.datetimes(datetime(2004, 1, 1), datetime(2028, 12, 31), timezones=st.just(SHANGHAI))
amounts = st.integers(1, 60)


@given(moments, amounts)
def test_due_and_elapsed_are_each_others_inverse(start: datetime, days: int) -> None:
    assert elapsed(start, due(start, Limit(days), PLAIN, CALENDAR).due, PLAIN, CALENDAR) == days


@given(moments, moments, amounts)
def test_due_is_monotone_in_the_start(one: datetime, other: datetime, days: int) -> None:
    first, second = sorted((one, other))
    limit = Limit(days)
    assert due(first, limit, PLAIN, CALENDAR).due <= due(second, limit, PLAIN, CALENDAR).due


@given(moments, amounts)
def test_due_grows_with_every_day(start: datetime, days: int) -> None:
    shorter, longer = (due(start, Limit(n), PLAIN, CALENDAR) for n in (days, days + 1))
    assert start < shorter.due < longer.due
    assert shorter.trace == longer.trace[:-1]
    assert CALENDAR.day(longer.due.date()).working


@given(moments, amounts, amounts)
def test_an_extension_is_the_same_as_a_longer_limit(start: datetime, days: int, more: int) -> None:
    old = due(start, Limit(days), PLAIN, CALENDAR).due
    assert extend(old, Limit(more), PLAIN, CALENDAR, start).due == due(start, Limit(days + more), PLAIN, CALENDAR).due


@given(moments, st.integers(1, 1000))
def test_hours_are_real_hours(start: datetime, hours: int) -> None:
    end = due(start, Limit(hours, "hour"), PLAIN, CALENDAR).due
    assert end - start == timedelta(hours=hours)
