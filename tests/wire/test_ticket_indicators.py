"""The indicators of a month, counted by hand, on both databases; and kept from whoever may not count."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

import ticketing as t
from tests.kit.tickets import CENTRE, House, at, engine, handler, leader  # noqa: F401

pytestmark = pytest.mark.wire


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "demo")


def a_month(house: House) -> t.Period:
    """June 2025, looked at on the first of July."""
    house.clock("2025-07-01T09:00")
    return t.Period(at("2025-06-01T00:00"), at("2025-07-01T00:00"), house.now)


def measured(house: House, period: t.Period, actor: t.Actor = CENTRE) -> t.Measured:
    with house.db() as session:
        office = house.desk.current(session)
        return t.measure(session, office, t.viewer_of(office, actor), period)


def share(figures: t.Figures, code: str) -> tuple[int | Decimal, int]:
    rate = figures.rates[code]
    return rate.numerator, rate.denominator


def numbers(house: House, period: t.Period, code: str, unit: str | None, counts: bool | None) -> list[str]:
    """Titles of the tickets behind a figure."""
    with house.db() as session:
        office = house.desk.current(session)
        page = t.measured_tickets(session, office, t.viewer_of(office, CENTRE), period, code, unit, counts)
    assert isinstance(page, t.Page)
    return sorted(ticket.title for ticket in page.tickets)


def called(house: House, ticket: t.Ticket, outcome: str, **said: object) -> t.Ticket:
    return house.do(ticket, "call_back", outcome=outcome, **said)


@pytest.fixture
def june(house: House) -> t.Period:
    """Five matters: two units, one answered at once, one not reached, one late."""
    house.clock("2025-06-03T09:00")
    answered = house.do(house.create(title="answered"), "answer", reply="营业时间为九点至十七点")
    house.do(answered, "close")

    good = house.dispatched("bureau", title="good")
    house.later(hours=26)
    good = house.do(house.report(good, contacted=True), "pass_review")
    house.do(called(house, good, "satisfied", solved=True, contacted=True), "close")

    fair = house.dispatched("bureau", title="fair")
    house.later(hours=2)
    fair = house.do(house.report(fair, resolved=True), "pass_review")
    house.do(called(house, fair, "basically_satisfied", solved=False, contacted=True), "close")

    silent = house.do(house.report(house.dispatched("company", title="silent"), "company"), "pass_review")
    called(house, silent, "unreachable")

    late = house.dispatched("company", title="late")
    house.clock("2025-06-25T10:00")
    house.sweep()
    late = house.do(house.report(late, "company"), "pass_review")
    house.do(called(house, late, "dissatisfied", solved=False, contacted=False), "close")
    return a_month(house)


def test_the_offices_figures_are_those_counted_by_hand(house: House, june: t.Period) -> None:
    office = measured(house, june).office
    assert {code: share(office, code) for code in t.INDICATORS} == {
        "direct_answer": (1, 5),
        "first_dispatch": (4, 4),
        "signed_in_time": (4, 4),
        "on_time": (3, 4),
        "closure_rate": (4, 5),
        "one_time_closure": (4, 4),
        "called_back": (3, 4),
        "confirmed": (1, 3),
        "contacted": (2, 3),
        "solved": (1, 3),
        "satisfaction": (Decimal("1.9"), 3),
        "satisfaction_plain": (2, 3),
        "returned": (0, 4),
        "return_requested": (0, 4),
        "redone": (0, 4),
        "repeated": (0, 5),
        "overdue": (1, 4),
        "extended": (0, 4),
        "urges": (0, 4),
        "supervisions": (0, 4),
    }
    # 10 % of 2/3, 50 % of 1/3, 40 % of 1.9/3
    assert office.rates[t.COMPOSITE].shown() == "48.67"
    assert (office.spans.tickets, office.spans.median_days) == (4, 0.5)
    assert office.spans.mean_hours is not None and office.spans.mean_hours > 130


def test_each_unit_has_its_own_and_its_points(house: House, june: t.Period) -> None:
    units = measured(house, june).units
    assert set(units) == {"bureau", "company"}
    assert share(units["bureau"], "on_time") == (2, 2)
    assert share(units["company"], "on_time") == (1, 2)
    assert units["company"].rates["satisfaction"].percent == 0
    assert units["bureau"].rates["satisfaction"].percent == 95
    # on time 25, satisfaction 12.5 + (95 - 73) / 25 * 12.5, signed 25, nothing redone 25
    assert units["bureau"].scored == t.Scored(Decimal("98.5"), 1)
    assert units["company"].scored == t.Scored(Decimal("62.5"), 2)


def test_behind_a_figure_stand_its_tickets(house: House, june: t.Period) -> None:
    assert numbers(house, june, "on_time", None, False) == ["late"]
    assert numbers(house, june, "on_time", "bureau", True) == ["fair", "good"]
    assert numbers(house, june, "satisfaction", None, None) == ["fair", "good", "late"]
    with house.db() as session:
        office = house.desk.current(session)
        viewer = t.viewer_of(office, CENTRE)
        assert t.measured_tickets(session, office, viewer, june, "nothing", None, None) == t.Refused("not_found")


def test_nothing_to_divide_by_is_no_rate(house: House) -> None:
    period = a_month(house)
    office = measured(house, period).office
    assert {rate.percent for rate in office.rates.values()} == {None}
    assert measured(house, period).units == {}
    assert office.spans == t.Spans()


def test_who_is_complained_about_does_not_count_it(house: House) -> None:
    """Neither in its own figures nor in the office's: a difference would tell (§5 of secrecy)."""
    house.clock("2025-06-03T09:00")
    house.do(house.dispatched("bureau"), "name_accused", unit="company")
    period = a_month(house)
    assert share(measured(house, period).office, "overdue") == (0, 1)
    for actor in (handler("company"), leader("company")):
        seen = measured(house, period, actor)
        assert share(seen.office, "overdue") == (0, 0)
        assert seen.units == {}


def test_a_unit_counts_its_own_line_only(house: House, june: t.Period) -> None:
    assert set(measured(house, june, leader("bureau")).units) == {"bureau"}


def test_a_ticket_given_on_was_not_well_dispatched(house: House) -> None:
    house.clock("2025-06-03T09:00")
    ticket = house.dispatched("bureau")
    ticket = house.do(
        ticket, "request_return", handler("bureau"), work=house.work(ticket, "bureau")["work_id"], reason="非本单位职责"
    )
    ticket = house.do(ticket, "approve_return", work=house.work(ticket, "bureau")["work_id"])
    house.do(ticket, "dispatch", units=["company"])
    found = measured(house, a_month(house))
    assert share(found.office, "first_dispatch") == (0, 1)
    assert share(found.units["bureau"], "returned") == (1, 1)
    assert share(found.units["company"], "returned") == (0, 1)


def test_the_second_that_is_due_is_in_time(house: House) -> None:
    """C4: 23:59:59 and every part of that second."""
    for fraction, counted in ((timedelta(microseconds=999_999), (1, 1)), (timedelta(seconds=1), (1, 2))):
        house.clock("2025-06-03T09:00")
        ticket = house.dispatched("bureau")
        work = house.work(ticket, "bureau")
        due = datetime.fromisoformat(work["due_at"])
        house.now = due + fraction
        house.report(ticket)
        period = t.Period(due - timedelta(hours=1), due + timedelta(hours=1), due + timedelta(days=1))
        assert share(measured(house, period).office, "on_time") == counted


def test_a_city_that_does_not_weigh_has_no_composed_rate(engine: Engine) -> None:  # noqa: F811
    house = House(engine, "kunming")
    found = measured(house, a_month(house))
    assert found.not_regulated == ("satisfaction", "three_rates")
    assert "satisfaction" not in found.office.rates
