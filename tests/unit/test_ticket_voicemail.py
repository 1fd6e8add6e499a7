"""Whose turn a voice message is: by message, by day, by week, as the pack says."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

import ticketing
from hotline import resources
from ticketing.rules.clock import Hours
from ticketing.voicemail import section_of

pytestmark = pytest.mark.unit

MONDAY = datetime(2026, 3, 2, 0, 0)


def hours(turn: str) -> Hours:
    return Hours(src=("x:1",), manned="24h", voicemail_sections=("a", "b", "c"), voicemail_turn=turn)  # type: ignore[arg-type]


def test_by_message() -> None:
    assert [section_of(hours("message"), MONDAY, before) for before in range(4)] == ["a", "b", "c", "a"]


def test_by_day() -> None:
    days = [section_of(hours("day"), MONDAY + timedelta(days=day), 7) for day in range(6)]
    assert days[:3] == days[3:]
    assert set(days) == {"a", "b", "c"}
    assert section_of(hours("day"), MONDAY.replace(hour=23, minute=59), 0) == days[0]


def test_by_week() -> None:
    weeks = [{section_of(hours("week"), MONDAY + timedelta(days=7 * week + day), 0) for day in range(7)}
             for week in range(3)]  # fmt: skip
    assert all(len(week) == 1 for week in weeks), "from Monday to Sunday one section"
    assert set.union(*weeks) == {"a", "b", "c"}


def test_the_city_whose_rules_name_three_sections() -> None:
    pack = ticketing.load_rulepack(resources.cities() / "kunming")
    assert isinstance(pack, ticketing.RulePack)
    of_the_day = pack.in_force(MONDAY.date()).rules.hours
    assert of_the_day is not None
    assert len(of_the_day.voicemail_sections) == 3
    assert section_of(of_the_day, MONDAY, 0) in of_the_day.voicemail_sections
