"""Rates and assessment: no base is no rate (C11), rounding half up (C12), marks by group and minimum."""

from __future__ import annotations

import pytest

from tests.kit.tickets import pack_of
from ticketing.assessment import Rate, UnitResult, assess
from ticketing.rules import Assessment

pytestmark = pytest.mark.unit


def rules() -> Assessment:
    found = pack_of("luhe_assessment").versions[0].rules.assessment
    assert found is not None
    return found


def result(
    unit: str, *, group: str | None = None, tickets: int = 50, closed: int = 100, satisfied: int = 100
) -> UnitResult:
    rates = {"closure_rate": Rate(closed, 100), "satisfaction_rate": Rate(satisfied, 100)}
    return UnitResult(unit, group, tickets, rates)


@pytest.mark.parametrize(
    ("numerator", "denominator", "decimals", "shown"),
    [
        (0, 0, 2, "—"),
        (0, 3, 2, "0.00"),
        (3, 3, 2, "100.00"),
        (2, 3, 2, "66.67"),
        (1, 800, 2, "0.13"),
        (926, 1000, 1, "92.6"),
    ],
)
def test_a_rate_is_shown_as_people_read_it(numerator: int, denominator: int, decimals: int, shown: str) -> None:
    assert Rate(numerator, denominator).shown(decimals) == shown


def test_public_service_enterprises_have_higher_marks() -> None:
    enterprise = result("water", group="公共企事业单位", closed=94, satisfied=89)
    office = result("street", closed=94, satisfied=89)
    found = assess(rules(), [enterprise, office])
    assert [(one.unit_id, one.why) for one in found] == [
        ("water", "closure_rate 94.00 < 95"),
        ("water", "satisfaction_rate 89.00 < 90"),
    ]


def test_the_mark_itself_is_reached() -> None:
    assert assess(rules(), [result("water", group="公共企事业单位", closed=95, satisfied=90)]) == []


def test_small_units_are_not_measured_by_the_citys_mark() -> None:
    assert assess(rules(), [result("small", tickets=19, satisfied=10)]) == []
    assert len(assess(rules(), [result("large", tickets=20, satisfied=79)])) == 1


def test_no_base_misses_no_mark() -> None:
    nothing = UnitResult("quiet", None, 0, {"closure_rate": Rate(0, 0), "satisfaction_rate": Rate(0, 0)})
    assert assess(rules(), [nothing], campaign="清零行动") == []
