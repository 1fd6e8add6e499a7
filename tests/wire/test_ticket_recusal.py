"""N1: who is interested stays away from everything the interest touches, until somebody else says that it is over."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

import ticketing as t
from tests.kit.tickets import House, engine, handler, leader  # noqa: F401
from ticketing.access import counted
from ticketing.recusal import Scope
from ticketing.search_feed import Feed, sight_of
from ticketing.search_index import SearchIndex
from ticketing.tables import TicketRow

pytestmark = pytest.mark.wire
PERSON = t.Actor("op3", frozenset({"supervisor"}))


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "demo")


def declared(house: House, scope: Scope, scope_id: str) -> str:
    with house.db.begin() as session:
        made = t.declare_recusal(session, "op3", scope, scope_id, "配偶任职", by="sup1", now=house.now)
    assert isinstance(made, str)
    return made


def ended(house: House, recusal_id: str, by: str = "sup1", reason: str = "已调离") -> t.Refused | None:
    with house.db.begin() as session:
        return t.end_recusal(session, recusal_id, reason, by=by, now=house.now)


def seen(house: House, folder: Path) -> list[set[str] | int]:
    """What the person's list, search and statistics show."""
    Feed(house.db, folder).step()
    with house.db() as session:
        eyes = t.viewer_of(house.office(), PERSON)
        page = t.list_tickets(session, t.TicketFilter(), eyes)
        found = SearchIndex(folder).search("路灯", sight_of(session, eyes))
        number = session.scalar(select(func.count()).select_from(TicketRow).where(counted(eyes))) or 0
    assert isinstance(page, t.Page)
    return [{one.ticket_id for one in page.tickets}, {hit.ticket_id for hit in found.hits}, number]


def test_a_unit_is_any_that_has_work_at_any_level(house: House, tmp_path: Path) -> None:
    assisted = house.dispatched("bureau", "company")
    passed_down = house.dispatched("county")
    house.do(passed_down, "sub_dispatch", leader("county"), units=["township"])
    other = house.dispatched("bureau")
    everything = {assisted.ticket_id, passed_down.ticket_id, other.ticket_id}
    for unit, ticket in (("company", assisted), ("township", passed_down)):
        recusal = declared(house, "unit", unit)
        rest = everything - {ticket.ticket_id}
        assert seen(house, tmp_path) == [rest, rest, 2]
        assert house.attempt(ticket, "mark_urgent", PERSON) == t.Refused("not_found")
        assert ended(house, recusal) is None
        assert seen(house, tmp_path) == [everything, everything, 3]


def test_only_somebody_else_ends_it_and_says_why(house: House) -> None:
    recusal = declared(house, "caller", "861380")
    assert ended(house, recusal, by="op3") == t.Refused("own_recusal")
    no_reason = ended(house, recusal, reason=" ")
    assert no_reason is not None
    assert no_reason.reason == "missing"
    assert ended(house, recusal) is None
    assert ended(house, recusal) == t.Refused("not_found")
    with house.db() as session:
        lines = [(one.verb, one.by) for one in t.history(session, f"recusal:{recusal}", "access")]
    assert lines == [("recuse", "sup1"), ("end_recusal", "sup1")]
    assert house.breaks() == []


def test_who_is_kept_from_what_is_listed(house: House) -> None:
    first = declared(house, "unit", "company")
    assert ended(house, first) is None
    second = declared(house, "caller", "861380")
    with house.db() as session:
        assert [one.recusal_id for one in t.list_recusals(session, None)] == [second]
        assert [one.recusal_id for one in t.list_recusals(session, "op3", "ended")] == [first]
        assert {one.recusal_id for one in t.list_recusals(session, "op3", "all")} == {first, second}
        assert t.list_recusals(session, "op4", "all") == []
