"""Figures of the floor: five service levels, Erlang C, and what counts as a call of today (R15, R03)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desktop.erlang import agents_needed, load, traffic
from agent_desktop.floor_day import Day, Formula, Rule, service_level

pytestmark = pytest.mark.unit

MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


# Golden values: 1000 answered, 860 of them within 20 s; 60 abandoned, 20 of them within 20 s, 10 within 5 s.
@pytest.mark.parametrize(
    ("formula", "level"),
    [
        (Formula.ANSWERED_OR_GONE, 880 / 1060),
        (Formula.OF_ANSWERED, 0.86),
        (Formula.OF_ALL, 860 / 1060),
        (Formula.LATE_ABANDONS, 860 / 1040),
        (Formula.SHORT_AS_ANSWERED, 870 / 1060),
    ],
)
def test_the_five_service_levels(formula: Formula, level: float) -> None:
    answered = [20.0] * 860 + [20.1] * 140
    gone = [5.0] * 10 + [20.0] * 10 + [60.0] * 40
    assert service_level(Rule(20, 5, formula), answered, gone) == pytest.approx(level)
    assert service_level(Rule(20, 5, formula), [], []) is None, "nothing divided by nothing is no 100 %"


@pytest.mark.parametrize(
    ("per_hour", "handling", "agents", "level", "asa", "occupancy"),
    [
        (200, 240, 20, 0.9589, 2.24, 0.667),
        (738, 240, 60, 0.9529, 2.06, 0.820),
        (1000, 240, 74, 0.8207, 9.28, 0.901),
        (1000, 240, 79, 0.9557, 1.86, 0.844),
        (2000, 300, 185, 0.9565, 1.78, 0.901),
    ],
)
def test_erlang_c(per_hour: int, handling: int, agents: int, level: float, asa: float, occupancy: float) -> None:
    erlangs = traffic(per_hour, 3600, handling)
    found = load(erlangs, handling, agents, 15)
    assert (round(found.level, 4), round(found.asa, 2), round(found.occupancy, 3)) == (level, asa, occupancy)
    assert agents_needed(erlangs, handling, 15, level - 0.0001) == agents, "one fewer is too few"


def test_erlang_c_as_pyworkforce_and_r_have_it() -> None:
    found = load(traffic(100, 1800, 180), 180, 14, 20)
    assert found.waits == pytest.approx(0.174132, abs=1e-6)
    assert found.level == pytest.approx(0.888350, abs=1e-6)
    assert found.asa == pytest.approx(7.8359, abs=1e-4)
    assert found.occupancy == pytest.approx(0.714286, abs=1e-6)


def test_too_few_agents_never_catch_up() -> None:
    found = load(10.0, 240, 10, 15)
    assert (found.level, found.asa, found.occupancy) == (0.0, float("inf"), 1.0)
    assert agents_needed(0.0, 240, 15, 0.95) == 0


@given(st.floats(0.01, 300), st.floats(10, 900), st.floats(0.5, 0.99))
def test_as_many_as_needed_reach_the_level_and_one_fewer_do_not(erlangs: float, handling: float, level: float) -> None:
    needed = agents_needed(erlangs, handling, 15, level)
    assert load(erlangs, handling, needed, 15).level >= level
    assert needed <= erlangs + 1 or load(erlangs, handling, needed - 1, 15).level < level


class Told:
    """Facts of a day, a second apart from midnight on where no time is given."""

    def __init__(self) -> None:
        self.day = Day(MIDNIGHT)

    def tell(self, name: str, contact: str, second: float, **body: object) -> None:
        self.day.take(name, MIDNIGHT + timedelta(seconds=second), contact, body)

    def state(self, agent: str, state: str, second: float, contact: str = "") -> None:
        self.tell("agent_state_changed", contact, second, agent_id=agent, state=state, contact_id=contact)


RULE = Rule(15, 5, Formula.OF_ALL)


def test_a_morning() -> None:
    told = Told()
    for contact, second in (("a", 10), ("b", 20), ("c", 30), ("d", 40), ("e", 50)):
        told.tell("call_queued", contact, second, queue="citizens")
    told.tell("call_answered", "a", 15, queue="citizens", wait_seconds=5.0)
    told.state("1", "talking", 15, "a")
    told.state("1", "held", 75, "a")
    told.state("1", "talking", 95, "a")
    told.state("1", "wrap_up", 115)
    told.state("1", "ready", 135)
    told.tell("call_answered", "b", 50, queue="citizens", wait_seconds=30.0)
    told.state("2", "talking", 50, "b")
    told.tell("call_abandoned", "c", 33, queue="citizens", wait_seconds=3.0)
    told.tell("call_abandoned", "d", 100, queue="citizens", wait_seconds=60.0)
    told.tell("queue_left", "e", 900, queue="citizens", reason="key")
    counts = told.day.counts(RULE)
    assert (counts.offered, counts.answered, counts.within) == (5, 2, 1)
    assert (counts.abandoned, counts.short, counts.left) == (2, 1, 1)
    assert counts.service_level == 0.25
    assert (counts.connect_rate, counts.connect_rate_all) == (2 / 3, 0.5)
    assert (counts.asa, counts.abandon_wait, counts.longest_wait) == (17.5, 31.5, 60.0)
    assert (counts.aht, counts.handled) == (120.0, 1), "talk, hold and wrap-up; the call in work is not in it"
    assert told.day.counts(RULE, "citizens") == counts
    assert told.day.queues() == ["citizens"]


def test_who_comes_back_to_the_queue_is_one_call() -> None:
    told = Told()
    told.tell("call_queued", "a", 10, queue="citizens")
    told.tell("call_answered", "a", 15, queue="citizens", wait_seconds=5.0)
    told.tell("call_queued", "a", 100, queue="citizens", note="agent_lost")
    told.tell("call_abandoned", "a", 130, queue="citizens", wait_seconds=30.0)
    counts = told.day.counts(RULE)
    assert (counts.offered, counts.answered, counts.abandoned) == (1, 1, 0)


def test_two_queues_are_one_contact_in_the_sum() -> None:
    told = Told()
    told.tell("call_queued", "a", 10, queue="citizens")
    told.tell("queue_left", "a", 60, queue="citizens", reason="left")
    told.tell("call_queued", "a", 61, queue="dialect")
    told.tell("call_answered", "a", 70, queue="dialect", wait_seconds=9.0)
    assert [told.day.counts(RULE, queue).offered for queue in ("citizens", "dialect", "")] == [1, 1, 1]
    assert (told.day.counts(RULE).answered, told.day.counts(RULE).left) == (1, 0)
    assert told.day.counts(RULE, "citizens").left == 1


def test_r15_yesterday_is_not_today() -> None:
    """A call belongs to the day it entered the queue, by the office's own midnight."""
    told = Told()
    told.tell("call_queued", "late", -5, queue="citizens")
    told.tell("call_answered", "late", 3, queue="citizens", wait_seconds=8.0)
    told.tell("call_queued", "first", 0, queue="citizens")
    told.tell("call_answered", "first", 2, queue="citizens", wait_seconds=2.0)
    assert (told.day.counts(RULE).offered, told.day.counts(RULE).answered) == (1, 1)


def test_quarters_end_with_the_present_one() -> None:
    told = Told()
    for minute in (1, 14, 16, 61):
        told.tell("call_queued", f"c{minute}", minute * 60, queue="citizens")
    quarters = told.day.quarters(RULE, MIDNIGHT + timedelta(minutes=62))
    assert [count.offered for _, count in quarters] == [2, 1, 0, 0, 1]
    assert quarters[0][0] == MIDNIGHT
    last = told.day.quarters(RULE, MIDNIGHT + timedelta(minutes=62), most=2)
    assert [count.offered for _, count in last] == [0, 1]
    assert told.day.offered_since(MIDNIGHT + timedelta(minutes=15)) == 2
