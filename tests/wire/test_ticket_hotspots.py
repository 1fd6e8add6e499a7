"""Hot spots: places by categories, counted by hand on both databases; what grew, and the tickets behind a cell."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

import ticketing as t
from tests.kit.tickets import CENTRE, House, at, engine  # noqa: F401

pytestmark = pytest.mark.wire

CITY = t.PlaceAxis("", {"lake": "东湖", "park": "东湖园区", "hill": "西山区"})
LAKE = t.PlaceAxis("东湖", {"lake/road": "东湖望江路街道"})
JUNE = (at("2025-06-01T00:00"), at("2025-07-01T00:00"))
NOISE, LIGHTS = "environment/noise", "construction/municipal/lights"


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    """May: one matter at the lake, four on the hill.  June: eight at the lake, five on the hill, one in the park."""
    made = House(engine, "demo")
    made.clock("2025-05-10T09:00")
    made.create(title="earlier", place="东湖望江路街道1号", category=NOISE)
    for _ in range(4):
        made.create(title="hill, earlier", place="西山区", category=LIGHTS)
    made.clock("2025-06-10T09:00")
    for number in range(8):
        made.create(title=f"lake {number}", place="东湖 望江路街道 1号" if number else "东湖边", category=NOISE)
    for _ in range(5):
        made.create(title="hill", place="西山区2号", category=LIGHTS)
    made.create(title="park", place="东湖园区3号", category=NOISE)
    made.create(title="nowhere", place="", category="")
    made.clock("2025-07-01T09:00")
    return made


def cells(
    house: House, places: t.PlaceAxis = CITY, above: str = "", actor: t.Actor = CENTRE
) -> dict[tuple[str, str], t.Cell]:
    with house.db() as session:
        office = house.desk.current(session)
        period = t.Period(*JUNE, house.now)
        found = t.hotspots(session, office, t.viewer_of(office, actor), period, places, above)
    assert not isinstance(found, t.Refused)
    return {(cell.place, cell.category): cell for cell in found}


def behind(house: House, places: t.PlaceAxis, above: str, place: str | None, category: str | None) -> list[str]:
    with house.db() as session:
        office = house.desk.current(session)
        viewer, period = t.viewer_of(office, CENTRE), t.Period(*JUNE, house.now)
        page = t.hotspot_tickets(session, office, viewer, period, places, above, place, category)
    assert isinstance(page, t.Page)
    return sorted(ticket.title for ticket in page.tickets)


def test_each_ticket_stands_in_one_cell(house: House) -> None:
    found = cells(house)
    assert {key: (cell.now, cell.before) for key, cell in found.items()} == {
        ("lake", "environment"): (8, 1),
        ("hill", "construction"): (5, 4),
        ("park", "environment"): (1, 0),
        ("-", "-"): (1, 0),
    }
    for place, category in found:
        assert len(behind(house, CITY, "", place, category)) == found[place, category].now


def test_what_grew_by_more_than_chance_is_rising(house: House) -> None:
    assert {key for key, cell in cells(house).items() if cell.rising} == {("lake", "environment")}


@pytest.mark.parametrize(
    ("now", "before", "rising"), [(4, 0, False), (5, 0, True), (21, 10, False), (22, 10, True), (5, 9, False)]
)
def test_where_rising_begins(now: int, before: int, rising: bool) -> None:
    assert t.Cell("a", "b", now, before).rising is rising


def test_the_next_level_of_places_and_of_categories(house: House) -> None:
    found = cells(house, LAKE, "environment")
    assert {key: cell.now for key, cell in found.items()} == {("lake/road", NOISE): 7, ("-", NOISE): 2}
    assert behind(house, LAKE, "environment", "-", None) == ["lake 0", "park"]
    assert behind(house, LAKE, "environment", None, NOISE) == ["lake 0", *(f"lake {n}" for n in range(1, 8)), "park"]


def test_a_period_under_way_is_compared_with_as_much_of_the_one_before(house: House) -> None:
    house.clock("2025-06-11T00:00")
    found = cells(house)  # of the period before, the days from 2 to 12 May
    assert found["lake", "environment"].before == 1
    house.clock("2025-06-09T00:00")
    assert {cell.before for cell in cells(house).values() if cell.place == "hill"} == {0}


def test_who_is_complained_about_counts_nothing_of_it(house: House) -> None:
    house.clock("2025-06-20T09:00")
    house.create(title="secret", place="西山区", category=NOISE, accused_unit="bureau")
    bureau = t.Actor("bureau-leader", frozenset({"unit_leader"}), "bureau")
    assert ("hill", "environment") in cells(house)
    assert cells(house, actor=bureau) == {}


def test_what_does_not_exist(house: House) -> None:
    with house.db() as session:
        office = house.desk.current(session)
        viewer, period = t.viewer_of(office, CENTRE), t.Period(*JUNE, house.now)
        assert t.hotspots(session, office, viewer, period, CITY, "no/such") == t.Refused("not_found")
        answer = t.hotspot_tickets(session, office, viewer, period, CITY, "", "no", None)
        assert answer == t.Refused("not_found")
