"""Parts of a call from marks; retention rules; what was heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from recordings.parts import Part, Unit, cut
from recordings.plays import merged
from recordings.retention import RetentionRule, read_rules, rule_for
from recordings.tables import ContactNote

pytestmark = pytest.mark.unit

WATER = Unit("5559876", "water-company", "自来水公司")
BEGAN = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def test_a_three_way_call_in_parts() -> None:
    marks = [
        (at(-1), "menu", None, ()),
        (at(10), "queue", None, ()),
        (at(40), "agent", "a1", ()),
        (at(100), "hold", "a1", ()),
        (at(100), "consult", "a1", ()),
        (at(130), "three_way", "a1", ()),
        (at(200), "unit", None, (WATER,)),
        (at(999), "agent", "a1", ()),
    ]
    assert cut(marks, BEGAN, 240.0) == [
        Part(0.0, 10.0, "menu", None),
        Part(10.0, 40.0, "queue", None),
        Part(40.0, 100.0, "agent", "a1"),
        Part(100.0, 130.0, "consult", "a1"),
        Part(130.0, 200.0, "three_way", "a1"),
        Part(200.0, 240.0, "unit", None, (WATER,)),
    ]


def test_the_same_part_twice_is_one() -> None:
    assert cut([(at(0), "agent", "a1", ()), (at(5), "agent", "a1", ())], BEGAN, 9.0) == [Part(0.0, 9.0, "agent", "a1")]
    assert cut([], BEGAN, 9.0) == []


def test_heard_seconds_are_merged() -> None:
    assert merged([[5, 9], [0, 2], [8, 12], [12.4, 13]]) == [[0, 2], [5, 13]]


RULES = """
[[keep]]
kind = "voicemail"
days = 90

[[keep]]
category = "env"
days = 365

[[keep]]
result = "supervised"
for_ever = true

[[keep]]
days = 180
"""


def note(**facts: str) -> ContactNote:
    return ContactNote(contact_id="x", agent_ids=[], named=[], confidential=False, **facts)


def test_the_first_rule_that_fits_decides() -> None:
    rules = read_rules(RULES)
    assert rules[0] == RetentionRule(90, kind="voicemail")

    def days(kind: str, known: ContactNote | None, *categories: str) -> int | None:
        rule = rule_for(rules, kind, known, categories)  # type: ignore[arg-type]
        assert rule is not None
        return rule.days

    assert days("voicemail", note(category="env")) == 90
    assert days("call", note(category="env")) == 365
    assert days("call", note(category="env.noise")) == 365
    assert days("call", note(category="environment")) == 180
    assert days("call", note(result="supervised")) is None
    assert days("call", None) == 180
    assert days("call", None, "road", "env.noise") == 365, "of several tickets each counts"


def test_no_rules_keep_everything() -> None:
    assert read_rules("") == []
    assert rule_for([], "call", None) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[keep]]\ndays = 0", "rule 1: says neither"),
        ("[[keep]]\ndays = true", "rule 1: says neither"),
        ('[[keep]]\ndays = "90"', "rule 1: says neither"),
        ("[[keep]]\nqueue = 'x'", "rule 1: says neither"),
        ("[[keep]]\ndays = 9\nqueues = 'x'", "rule 1: unknown: queues"),
        ("[[keep]]\ndays = 9\nqueue = 5", "are texts"),
        ("[[keep\n", "Expected"),
    ],
)
def test_bad_rules_are_named(text: str, problem: str) -> None:
    (said,) = read_rules(text)
    assert isinstance(said, str)
    assert problem in said
