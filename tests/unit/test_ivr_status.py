"""Asking how far a request is, without a phone: what is keyed, what is said, where it ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.driver import CallerHungUp, drive
from ivr.flows.inbound import Call, inbound
from ivr.flows.status import NOTHING, THROTTLED, UNAVAILABLE
from ivr.hours import OfficeHours
from ivr.menu import ASKED_FOR_A_REQUEST, STATUS_STAGES
from ivr.verbs import Keys, Recorded
from tests.unit.test_ivr_flows import OPENING, plan

pytestmark = pytest.mark.unit

NOW = dt.datetime(2026, 11, 28, 10, 0)
CODE, TAIL = "4821307755", "8000"
ENTRY = ["status-code", "status-tail"]
OPTION = {"key": "4", "label": "查询进度", "status": True}
DUE = ("status-due", "word/10", "word/2", "word/month", "word/3", "word/day", "status-due-end")
"""承办单位应于十二月三日前答复."""


@dataclass
class Asker:
    """A caller who keys ``entries`` in turn, one a question, ``answers`` being what the tickets' door says."""

    entries: list[str | None]
    answers: list[str]
    interrupts: str = ""
    """Pressed while the state is spoken."""
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    variables: list[dict[str, str]] = field(default_factory=list)

    def play(self, prompt: str, stop_keys: str) -> str:
        self.said.append(prompt)
        told = prompt in STATUS_STAGES.values()
        return self.interrupts if told and self.interrupts in stop_keys else ""

    def get_digits(self, prompt: str, seconds: float, max_digits: int) -> Keys:
        self.said.append(prompt)
        entry = self.entries.pop(0) if self.entries else ""
        if entry is None:
            raise CallerHungUp
        digits = entry[:max_digits].split("#")[0]
        return Keys(digits, timed_out=len(digits) < max_digits and "#" not in entry)

    def wait_for_key(self, seconds: float) -> str:
        raise AssertionError("every announcement is there")

    def record(self, file: str, seconds: float, silence: float) -> Recorded:
        raise AssertionError("nothing is recorded")

    def play_back(self, file: str) -> str:
        raise AssertionError("nothing is recorded")

    def allow(self, prompts: tuple[str, ...], seconds: float) -> None:
        assert seconds <= 50

    def set_variables(self, values: tuple[tuple[str, str], ...]) -> None:
        self.variables.append({name.removeprefix("__"): value for name, value in values})

    def lookup(self, source: str, argument: str) -> str:
        if source == "caller_class":
            return "normal"
        self.asked.append(argument)
        return self.answers.pop(0) if self.answers else NOTHING


def ask(entries: list[str | None], *answers: str, interrupts: str = "", **changed: Any) -> Asker:
    menu = plan(menu={"enabled": True, "options": [OPTION]} | changed)
    line = Asker(["4", *entries], list(answers), interrupts)
    flow = inbound(Call("13800138000", NOW), menu, OfficeHours(menu.hours, menu.holidays))
    drive(flow, line, lambda _verb: None)
    return line


def where(line: Asker) -> tuple[str, str, str]:
    (choice,) = line.variables
    return choice["HL_QUEUE"], choice["HL_MENU_PATH"], choice["HL_NEXT"]


def heard(line: Asker) -> list[str]:
    return line.said[len([*OPENING, "menu"]) :]


PERSON = ("citizens", "4", "queue")
LEFT = ("citizens", "4", "hangup")


def test_the_state_is_told_with_its_day_and_silence_takes_leave() -> None:
    line = ask([CODE, TAIL], "handling 2026-12-03")
    assert line.asked == [f"{CODE}|{TAIL}|13800138000"]
    assert heard(line) == [*ENTRY, "status-handling", *DUE, "status-next", "goodbye"]
    assert where(line) == LEFT


@pytest.mark.parametrize("stage", STATUS_STAGES)
def test_every_stage_has_words(stage: str) -> None:
    line = ask([CODE, TAIL, "0"], stage)
    assert heard(line) == [*ENTRY, STATUS_STAGES[stage], "status-next", "please-wait"]
    assert where(line) == PERSON


def test_the_x_of_an_identity_card_is_the_star() -> None:
    assert ask([CODE, "002*"], "closed").asked == [f"{CODE}|002X|13800138000"]


@pytest.mark.parametrize("key", ["0", "9"])
def test_a_key_while_the_state_is_spoken(key: str) -> None:
    line = ask([CODE, TAIL], "closed", interrupts=key)
    assert "status-next" not in line.said
    assert where(line) == (PERSON if key == "0" else ("priority", "emergency", "queue"))


def test_the_hand_over_key_after_it() -> None:
    assert where(ask([CODE, TAIL, "9"], "closed")) == ("priority", "emergency", "queue")


def test_another_request_and_no_more_than_three() -> None:
    line = ask([CODE, TAIL, "1"] * 4, *["closed"] * 4)
    assert len(line.asked) == 3
    assert where(line) == PERSON


FAILURES: list[tuple[str, list[str | None], list[str], int]] = [
    ("wrong three times", [CODE, TAIL] * 3, [*ENTRY, "status-again"] * 2 + ENTRY, 3),
    ("silent", [], ["status-code", "status-again"] * 2 + ["status-code"], 0),
    ("a code too short", ["123#"] * 3, ["status-code", "status-again"] * 2 + ["status-code"], 0),
    ("no end of a number", [CODE, ""] * 3, [*ENTRY, "status-again"] * 2 + ENTRY, 0),
]


@pytest.mark.parametrize(("_name", "entries", "hears", "asked"), FAILURES, ids=[one[0] for one in FAILURES])
def test_three_failures_lead_to_a_person(_name: str, entries: list[str | None], hears: list[str], asked: int) -> None:
    line = ask(entries)
    assert heard(line) == [*hears, "please-wait"]
    assert len(line.asked) == asked
    assert where(line) == PERSON


def test_a_second_try_may_be_the_right_one() -> None:
    line = ask([CODE, "0000", CODE, TAIL], NOTHING, "closed")
    assert heard(line)[:6] == [*ENTRY, "status-again", *ENTRY, "status-closed"]


@pytest.mark.parametrize("answer", [THROTTLED, UNAVAILABLE, "something new"])
def test_what_cannot_be_told_now_leads_to_a_person_at_once(answer: str) -> None:
    line = ask([CODE, TAIL], answer)
    assert heard(line) == [*ENTRY, "status-off", "please-wait"]
    assert where(line) == PERSON


@given(
    st.lists(st.one_of(st.none(), st.text("0123456789*#", max_size=12)), max_size=14),
    st.lists(st.sampled_from([*STATUS_STAGES, "handling 2026-12-03", NOTHING, THROTTLED, UNAVAILABLE]), max_size=6),
)
@settings(deadline=None)
def test_every_caller_comes_to_an_end_and_hears_only_what_there_is(
    entries: list[str | None], answers: list[str]
) -> None:
    try:
        line = ask(entries, *answers)
    except CallerHungUp:
        return
    assert len(line.variables) == 1
    assert len(line.asked) <= 9
    known = {*OPENING, "menu", "please-wait", "goodbye", *ASKED_FOR_A_REQUEST}
    assert {one for one in line.said if not one.startswith("word/")} <= known
