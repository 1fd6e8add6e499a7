"""Reports by what the reader chooses: their lines add up to the office's figure, and secrecy holds."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

import ticketing as t
from tests.kit.tickets import CENTRE, House, at, engine, leader  # noqa: F401

pytestmark = pytest.mark.wire


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    house = House(engine, "demo")
    house.clock("2025-06-03T09:00")
    return house


def reported(house: House, *rows: t.Dimension, actor: t.Actor = CENTRE) -> dict[tuple[str, ...], tuple[object, int]]:
    """The closure rate, by the values of the lines."""
    period = t.Period(at("2025-06-01T00:00"), at("2025-07-01T00:00"), house.now)
    with house.db() as session:
        office = house.desk.current(session)
        lines = list(t.report(session, office, t.viewer_of(office, actor), period, rows))
        measured = t.measure(session, office, t.viewer_of(office, actor), period).office.rates
    for code in measured:
        if code == t.COMPOSITE:
            continue
        own = [line.rate for line in lines if line.code == code]
        assert sum(rate.numerator for rate in own) == measured[code].numerator, code
        assert sum(rate.denominator for rate in own) == measured[code].denominator, code
    came = sum(line.rate.denominator for line in lines if line.code == t.REGISTERED)
    assert came >= sum(line.rate.denominator for line in lines if line.code == "closure_rate")
    return {line.values: (line.rate.numerator, line.rate.denominator) for line in lines if line.code == "closure_rate"}


def test_lines_are_by_what_was_chosen(house: House) -> None:
    answered = house.do(house.create(kind="inquiry"), "answer", reply="营业时间为九点至十七点")
    house.do(answered, "close")
    house.create(kind="inquiry")
    house.create(kind="complaint")
    assert reported(house, "kind") == {("complaint",): (0, 1), ("inquiry",): (1, 2)}
    assert reported(house, "channel", "kind") == {("phone", "complaint"): (0, 1), ("phone", "inquiry"): (1, 2)}


def test_who_is_complained_about_does_not_count_it(house: House) -> None:
    house.do(house.dispatched("bureau"), "name_accused", unit="company")
    assert sum(base for _hits, base in reported(house, "category").values()) == 1
    assert reported(house, "category", actor=leader("company")) == {}


def behind(house: House, code: str, actor: t.Actor = CENTRE, **values: str) -> list[str]:
    """Numbers of the tickets behind a line's figure."""
    period = t.Period(at("2025-06-01T00:00"), at("2025-07-01T00:00"), house.now)
    with house.db() as session:
        office = house.desk.current(session)
        found = t.reported_tickets(session, office, t.viewer_of(office, actor), period, code, values)  # type: ignore[arg-type]
        assert isinstance(found, t.Page)
        return [ticket.number for ticket in found.tickets]


def test_each_figure_of_a_line_has_its_tickets(house: House) -> None:
    taken, other = house.dispatched("bureau"), house.create(origin="city_leader", kind="complaint")
    assert behind(house, t.REGISTERED, unit="bureau") == [taken.number]
    assert behind(house, t.REGISTERED, unit="", origin="city_leader") == [other.number]
    assert behind(house, "closure_rate", kind="complaint", origin="city_leader") == [other.number]
    assert behind(house, "closure_rate", kind="inquiry") == []
    house.do(taken, "name_accused", unit="company")
    assert behind(house, t.REGISTERED, actor=leader("company")) == []
