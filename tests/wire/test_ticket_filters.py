"""What a list is filtered by, on both databases; the parts combine, and nobody sees more by filtering."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

import ticketing as t
from tests.kit.tickets import House, at, engine, handler
from ticketing import narrowing

__all__ = ["engine"]
pytestmark = pytest.mark.wire


@pytest.fixture(params=[narrowing.FEW, -1], ids=["few", "many"])
def house(request: pytest.FixtureRequest, engine: Any, monkeypatch: pytest.MonkeyPatch) -> House:
    """Both ways of reading: starting from the few that a part leaves, and looking while reading in order."""
    monkeypatch.setattr(narrowing, "FEW", request.param)
    return House(engine, "demo")


def listed(house: House, viewer: t.Viewer | None = None, **wanted: Any) -> list[str]:
    with house.db() as session:
        page = t.list_tickets(session, t.TicketFilter(**wanted), viewer or t.Viewer("op1"))
        assert isinstance(page, t.Page)
        ids = [one.ticket_id for one in page.tickets]
        everything = t.list_tickets(session, t.TicketFilter(), viewer or t.Viewer("op1"))
        assert isinstance(everything, t.Page)
        known = [one.ticket_id for one in everything.tickets]
        assert t.filtered(session, known, t.TicketFilter(**wanted), viewer or t.Viewer("op1")) == ids
    return ids


def test_lights_are_those_of_the_tickets_at_that_moment(house: House) -> None:
    ticket = house.dispatched("bureau")
    undated = house.create()
    page = house.matter(ticket)["ticket"]
    ends = datetime.fromisoformat(page["due_at"])
    moments = {
        "green": datetime.fromisoformat(page["yellow_from"]) - timedelta(seconds=1),
        "yellow": ends + timedelta(microseconds=999_999),
        "red": ends + timedelta(seconds=1),
    }
    for light, moment in moments.items():
        house.now = moment
        assert house.matter(ticket)["ticket"]["light"] == light
        for other in moments:
            found = listed(house, light=other, at=moment)
            assert found == ([ticket.ticket_id] if other == light else []), (light, other)
    assert undated.ticket_id in listed(house)


def test_whoever_was_late_once_stays_among_the_late(house: House) -> None:
    late, other = house.dispatched("bureau"), house.dispatched("county")
    house.clock("2025-08-01T09:00")
    house.report(late)
    assert listed(house, overdue=True) == [late.ticket_id]
    assert listed(house, overdue=False) == [other.ticket_id]


def test_units_that_lead_and_units_that_assist_are_asked_for_apart(house: House) -> None:
    both = house.dispatched("bureau", "county")
    alone = house.dispatched("county")
    assert listed(house, assisting="county") == [both.ticket_id]
    assert listed(house, unit="county") == [alone.ticket_id]
    assert listed(house, assisting="county", unit="county") == []


def test_a_category_is_asked_for_with_all_below_it(house: House) -> None:
    tree = house.office().dictionary
    top = tree.categories[0]
    leaf = top.children[0].children[0]
    inside, outside = house.create(category=leaf.code), house.create(category=tree.categories[1].code)
    assert leaf.code in tree.subtree(top.code)
    assert listed(house, category=tree.subtree(top.code)) == [inside.ticket_id]
    assert listed(house, category=tree.subtree(leaf.code)) == [inside.ticket_id]
    assert listed(house, category=tree.subtree(outside.category)) == [outside.ticket_id]
    assert tree.subtree("gone/long-ago") == ("gone/long-ago",)


def test_periods_of_acceptance_of_the_date_and_of_the_end(house: House) -> None:
    june, closed = house.dispatched("bureau"), house.dispatched("county")
    house.report(closed, "county")
    house.closed(closed)
    house.clock("2025-07-01T09:00")
    july = house.dispatched("bureau")
    first = t.Span(end=at("2025-07-01T00:00"))
    assert set(listed(house, accepted=first)) == {june.ticket_id, closed.ticket_id}
    assert listed(house, accepted=t.Span(at("2025-07-01T09:00"))) == [july.ticket_id]
    assert listed(house, due=first) == [june.ticket_id], "what is closed is no longer due"
    assert listed(house, due=t.Span(at("2025-07-01T00:00"))) == [july.ticket_id]
    assert listed(house, closed=first) == [closed.ticket_id]
    assert listed(house, closed=t.Span(at("2025-07-01T00:00"))) == []


def test_marks_origin_and_evaluation(house: House) -> None:
    plain, urgent = house.create(), house.create(urgent=True, origin="city_leader")
    emergency = house.do(house.create(), "mark_emergency", kind="flood")
    evaluated = house.dispatched("bureau")
    house.report(evaluated)
    house.closed(evaluated)
    assert set(listed(house, urgency="urgent")) == {urgent.ticket_id, emergency.ticket_id}, "an emergency is urgent"
    assert listed(house, urgency="emergency") == [emergency.ticket_id]
    assert set(listed(house, urgency="ordinary")) == {plain.ticket_id, evaluated.ticket_id}
    assert listed(house, urgency="major") == []
    assert listed(house, origin="city_leader") == [urgent.ticket_id]
    assert listed(house, evaluated=True) == [evaluated.ticket_id]
    assert len(listed(house, evaluated=False)) == 3


def test_a_filter_shows_nobody_more_than_the_list(house: House) -> None:
    against = house.dispatched("county", accused_unit="bureau")
    house.clock("2025-08-01T09:00")
    house.sweep()
    with house.db() as session:
        accused = t.viewer_of(house.desk.current(session), handler("bureau"))
    asked: list[dict[str, Any]] = [
        {"overdue": True},
        {"light": "red", "at": house.now},
        {"unit": "county"},
        {"evaluated": False},
        {"due": t.Span(end=house.now)},
    ]
    for wanted in asked:
        assert listed(house, **wanted) == [against.ticket_id], wanted
        assert listed(house, accused, **wanted) == [], wanted


def test_a_page_goes_on_where_the_last_one_ended_in_either_order(house: House) -> None:
    ids = [house.create(urgent=True).ticket_id for _ in range(5)]
    for oldest in (False, True):
        found: list[str] = []
        cursor: str | None = None
        while True:
            with house.db() as session:
                wanted = t.TicketFilter(urgency="urgent", status=("registered", "handling"))
                page = t.list_tickets(session, wanted, t.Viewer("op1"), cursor, 2, oldest=oldest)
            assert isinstance(page, t.Page)
            found += [one.ticket_id for one in page.tickets]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert len(found) == 5, "nothing twice"
        assert set(found) == set(ids)
