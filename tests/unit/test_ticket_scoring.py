"""Points and places from rates, and the periods they are counted over."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.assessment import Rate
from ticketing.indicators import COMPOSITE, INDICATORS
from ticketing.periods import PERIODS
from ticketing.rules.oversight import Score
from ticketing.scoring import Scored, points_for, scored

pytestmark = pytest.mark.unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATISFACTION = Score(src=("convention",), indicator="satisfaction", rates=(73, 98), tenths=(125, 250))
"""max(12.5, 25 - 0.5 x (98 - rate)) up to 25: a curve that a prefecture's monthly notices follow."""
ON_TIME = Score(src=("convention",), indicator="on_time", rates=(75, 100), tenths=(0, 250))


@pytest.mark.parametrize(
    ("percent", "points"),
    [
        ("87.5", "19.75"),
        ("83.33", "17.665"),
        ("75", "13.5"),
        ("50", "12.5"),
        ("71.43", "12.5"),
        ("98", "25"),
        ("100", "25"),
    ],
)
def test_points_lie_on_the_line_between_two_marks(percent: str, points: str) -> None:
    assert points_for(SATISFACTION, Decimal(percent)) == Decimal(points)


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_more_is_never_worth_less(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert Decimal("12.5") <= points_for(SATISFACTION, low) <= points_for(SATISFACTION, high) <= 25


def rates(on_time: tuple[int, int], satisfaction: tuple[int, int]) -> dict[str, Rate]:
    return {"on_time": Rate(*on_time), "satisfaction": Rate(*satisfaction)}


def test_units_are_placed_in_their_own_group_and_equal_points_share_a_place() -> None:
    units = {
        "best": rates((10, 10), (10, 10)),
        "equal": rates((10, 10), (10, 10)),
        "third": rates((5, 10), (10, 10)),
        "county": rates((0, 10), (0, 10)),
        "idle": rates((0, 0), (0, 0)),
    }
    found = scored((SATISFACTION, ON_TIME), units, {"county": "counties"})
    assert {unit: one.place for unit, one in found.items()} == {
        "best": 1,
        "equal": 1,
        "third": 3,
        "county": 1,
        "idle": None,
    }
    assert found["idle"] == Scored(None, None)


def test_what_has_no_base_gives_no_points_and_takes_none() -> None:
    found = scored((SATISFACTION, ON_TIME), {"one": rates((9, 10), (0, 0))}, {})
    assert found["one"] == Scored(Decimal(15), 1)


def test_a_groups_own_curve_goes_before_the_one_for_all() -> None:
    easy = Score(src=("convention",), indicator="on_time", group="counties", rates=(0,), tenths=(1000,))
    units = {"county": rates((0, 10), (0, 0)), "bureau": rates((0, 10), (0, 0))}
    found = scored((ON_TIME, easy), units, {"county": "counties"})
    assert (found["county"].points, found["bureau"].points) == (100, 0)


@pytest.mark.parametrize(
    ("kind", "on", "since", "until"),
    [
        ("day", "2025-06-03", "2025-06-03T00:00", "2025-06-04T00:00"),
        ("noon_day", "2025-06-03", "2025-06-02T12:00", "2025-06-03T12:00"),
        ("week", "2025-06-08", "2025-06-02T00:00", "2025-06-09T00:00"),
        ("month", "2025-12-31", "2025-12-01T00:00", "2026-01-01T00:00"),
        ("assessed_month", "2025-01-18", "2024-12-19T00:00", "2025-01-19T00:00"),
        ("assessed_month", "2025-12-19", "2025-12-19T00:00", "2026-01-19T00:00"),
    ],
)
def test_periods(kind: str, on: str, since: str, until: str) -> None:
    wanted = tuple(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) for text in (since, until))
    assert PERIODS[kind](date.fromisoformat(on), SHANGHAI) == wanted


@given(st.sampled_from(sorted(PERIODS)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_end_of_a_period_is_the_beginning_of_the_next(kind: str, on: date) -> None:
    since, until = PERIODS[kind](on, SHANGHAI)
    assert since < until
    following = until.date() + (until.date() - since.date() if kind == "noon_day" else timedelta())
    assert PERIODS[kind](following, SHANGHAI)[0] == until


def test_the_page_of_the_documents_names_every_indicator() -> None:
    page = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text("utf-8")
    named = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert named == [*INDICATORS, COMPOSITE]
    assert re.findall(r"\(`(\w+)`\)", page.partition("**What")[0]) == ["noon_day", "assessed_month"]
