"""The balance check of a month: it holds by itself, and names the tickets when something was changed behind it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, event, text

import ticketing as t
from tests.kit.tickets import CENTRE, House, at, engine, handler, leader  # noqa: F401

pytestmark = pytest.mark.wire


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "demo")


@pytest.fixture
def june(house: House) -> t.Period:
    """One left over from May, one closed, reopened and closed again, one redone before its closing, one in hand."""
    house.clock("2025-05-20T09:00")
    old = house.dispatched("bureau", title="old")
    house.do(house.do(house.create(title="closed in May"), "answer", reply="好"), "close")
    house.clock("2025-06-03T09:00")
    house.closed(house.report(old))
    twice = house.closed(house.report(house.dispatched("bureau", title="twice")))
    twice = house.do(twice, "redo", reason="没有修好")
    twice = house.closed(house.report(twice))
    redone = house.do(house.report(house.dispatched("county", title="redone"), "county"), "redo", reason="不清楚")
    house.closed(house.report(redone, "county"))
    house.dispatched("bureau", title="in hand")
    house.create(title="new", category="construction/municipal/lights")
    house.clock("2025-07-01T09:00")
    return t.Period(at("2025-06-01T00:00"), at("2025-07-01T00:00"), house.now)


def checked(house: House, period: t.Period, actor: t.Actor = CENTRE) -> t.Balance:
    with house.db() as session:
        office = house.desk.current(session)
        return t.check_balance(session, office, t.viewer_of(office, actor), period)


def behind(house: House, period: t.Period, code: str) -> list[str]:
    with house.db() as session:
        office = house.desk.current(session)
        page = t.unbalanced_tickets(session, office, t.viewer_of(office, CENTRE), period, code)
    assert isinstance(page, t.Page)
    return sorted(ticket.title for ticket in page.tickets)


def tampered(house: House, statement: str) -> None:
    with house.db.begin() as session:
        session.execute(text(statement))


def test_a_months_figures_agree(house: House, june: t.Period) -> None:
    found = checked(house, june)
    assert found.balanced
    assert {one.code: (one.whole, one.parts) for one in found.checks} == {
        "registered": (4, 4),
        "dispatched": (3, 3),
        "reported": (3, 3),
        "closed": (3, 3),
        "in_hands": (1, 1),
        "by_kind": (4, 4),
        "by_category": (4, 4),
        "by_channel": (4, 4),
        "by_unit": (4, 4),
    }
    stock = found.stock
    assert (stock.opening, stock.registered, stock.reopened, stock.closed, stock.closing) == (1, 4, 1, 4, 2)


def test_each_check_is_counted_once(house: House, june: t.Period, engine: Engine) -> None:  # noqa: F811
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, said, *_: statements.append(said))
    found = checked(house, june)
    counts = [said for said in statements if "count(*)" in said]
    assert len(counts) == len(set(counts)) == len(found.checks)
    for said in counts:
        assert said.count("FROM tkt_ticket ") == 2, "a side is looked for once"


def test_the_month_before_is_not_touched_by_what_came_later(house: House, june: t.Period) -> None:
    may = t.Period(at("2025-05-01T00:00"), at("2025-06-01T00:00"), house.now)
    stock = checked(house, may).stock
    assert (stock.opening, stock.registered, stock.closed, stock.closing) == (0, 2, 1, 1)


@pytest.mark.parametrize(
    ("code", "statement", "titles"),
    [
        ("registered", "UPDATE tkt_ticket SET created_at = '2025-08-01 00:00:00.000000' WHERE title = 'new'", ["new"]),
        ("closed", "UPDATE tkt_ticket SET closed_at = NULL WHERE title = 'twice'", ["twice"]),
        ("reported", "DELETE FROM tkt_report", ["old", "redone", "twice"]),
        ("in_hands", "UPDATE tkt_ticket SET phase = 'registered' WHERE title = 'in hand'", ["in hand"]),
        ("by_kind", "UPDATE tkt_ticket SET kind = 'petition' WHERE title = 'new'", ["new"]),
        ("by_category", "UPDATE tkt_ticket SET category = 'gone' WHERE title = 'new'", ["new"]),
        ("by_channel", "UPDATE tkt_ticket SET channel = 'pigeon' WHERE title = 'new'", ["new"]),
        ("by_unit", "UPDATE tkt_ticket SET unit = 'dissolved' WHERE title = 'redone'", ["redone"]),
        ("dispatched", "UPDATE tkt_work SET depth = 2 WHERE unit_id = 'county'", ["redone"]),
    ],
)
def test_what_was_changed_by_hand_is_named(
    house: House, june: t.Period, code: str, statement: str, titles: list[str]
) -> None:
    tampered(house, statement)
    found = {one.code: one for one in checked(house, june).checks}
    assert found[code].differing == len(titles)
    assert behind(house, june, code) == titles


def test_a_lost_line_of_the_history_shows_in_the_stock(house: House, june: t.Period) -> None:
    tampered(
        house,
        "DELETE FROM tkt_ledger WHERE verb = 'register'"
        " AND ticket_id = (SELECT ticket_id FROM tkt_ticket WHERE title = 'in hand')",
    )
    found = checked(house, june)
    assert not found.balanced
    assert behind(house, june, "registered") == ["in hand"]


def test_a_units_people_check_their_own(house: House, june: t.Period) -> None:
    found = {one.code: one for one in checked(house, june, leader("county")).checks}
    assert (found["registered"].whole, found["closed"].whole) == (1, 1)


def test_an_unknown_check_is_not_found(house: House, june: t.Period) -> None:
    with house.db() as session:
        office = house.desk.current(session)
        answer = t.unbalanced_tickets(session, office, t.viewer_of(office, CENTRE), june, "weather")
    assert answer == t.Refused("not_found")
