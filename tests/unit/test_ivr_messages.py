"""Voice messages and the survey without a phone: every path, silence, wrong keys, hanging up at each step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.driver import CallerHungUp, CommandFailed, drive
from ivr.flows.survey import survey
from ivr.flows.voicemail import MOST_REVIEWS, voicemail
from ivr.menu import SurveyRules, VoicemailRules
from ivr.verbs import Keys, Recorded

pytestmark = pytest.mark.unit

BASE, CONTACT = "/spool/c", "0f8b6f0e-3b0c-4d57-9a53-2b5f6c1f7a11"
ASK, REVIEW, EMPTY = "voicemail", "voicemail-review", "voicemail-empty"


@dataclass
class Line:
    """A caller: ``says`` how many seconds into each recording, ``keys`` at each question (None: hangs up there)."""

    says: list[float | None] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    recorder_works: bool = True
    heard: list[str] = field(default_factory=list)
    takes: list[str] = field(default_factory=list)
    played_back: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    variables: list[dict[str, str]] = field(default_factory=list)
    allowed: float = 0

    def play(self, prompt: str, stop_keys: str) -> str:
        self.heard.append(prompt)
        return ""

    def get_digits(self, prompt: str, seconds: float, max_digits: int) -> Keys:
        self.heard.append(prompt)
        key = self.keys.pop(0) if self.keys else ""
        if key is None:
            raise CallerHungUp
        return Keys(key.replace("#", ""), timed_out=not key)

    def wait_for_key(self, seconds: float) -> str:
        return ""

    def record(self, file: str, seconds: float, silence: float) -> Recorded:
        if not self.recorder_works:
            raise CommandFailed("RECORD FILE")
        assert self.allowed >= seconds, "the switch must wait for the whole message"
        self.takes.append(file)
        said = self.says.pop(0) if self.says else 0.0
        if said is None:
            raise CallerHungUp
        return Recorded(ok=True, seconds=said)

    def play_back(self, file: str) -> str:
        self.played_back.append(file)
        return ""

    def allow(self, prompts: tuple[str, ...], seconds: float) -> None:
        self.allowed = seconds

    def set_variables(self, values: tuple[tuple[str, str], ...]) -> None:
        self.variables.append(dict(values))

    def lookup(self, source: str, argument: str) -> str:
        self.told.append(f"{source} {argument}")
        return ""


def leave(line: Line, **rules: Any) -> Line:
    drive(voicemail(BASE, VoicemailRules(**rules)), line, lambda _verb: None)
    return line


MESSAGES: list[tuple[str, list[float | None], list[str | None], list[str], int, int, str]] = [
    # says, presses → hears, takes, played back, ends as
    ("kept by #", [9], ["#"], [ASK, REVIEW], 1, 0, "kept"),
    ("kept by silence", [9], [], [ASK, REVIEW], 1, 0, "kept"),
    ("kept by a key that means nothing", [9], ["7"], [ASK, REVIEW], 1, 0, "kept"),
    ("listened to, then kept", [9], ["1", "#"], [ASK, REVIEW, REVIEW], 1, 1, "kept"),
    ("spoken anew", [9, 5], ["2", "#"], [ASK, REVIEW, ASK, REVIEW], 2, 0, "kept"),
    ("listened to, spoken anew, listened to", [9, 5], ["1", "2", "1", "#"],
     [ASK, REVIEW, REVIEW, ASK, REVIEW, REVIEW], 2, 2, "kept"),
    ("anew as often as there are takes", [9, 5, 4], ["2", "2", "2"], [ASK, REVIEW] * 3, 3, 0, "kept"),
    ("nothing said, then something", [0.2, 6], ["#"], [ASK, EMPTY, ASK, REVIEW], 2, 0, "kept"),
    ("nothing said twice", [0, 0], [], [ASK, EMPTY, ASK, EMPTY], 2, 0, "empty"),
    ("something, then anew with nothing", [9, 0, 0], ["2"], [ASK, REVIEW, ASK, EMPTY, ASK, EMPTY], 3, 0, "kept"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("_name", "says", "keys", "hears", "takes", "back", "end"), MESSAGES, ids=[one[0] for one in MESSAGES]
)
def test_a_message(
    _name: str, says: list[float | None], keys: list[str | None], hears: list[str], takes: int, back: int, end: str
) -> None:
    line = leave(Line(list(says), list(keys)))
    assert line.heard == hears
    assert line.takes == [f"{BASE}-{number}" for number in range(1, takes + 1)]
    assert len(line.played_back) == back
    assert line.variables == [{"HL_VOICEMAIL": end}]


def test_hanging_up_anywhere_says_nothing_more() -> None:
    for line in (Line([None]), Line([9], [None]), Line([9, None], ["2"])):
        with pytest.raises(CallerHungUp):
            leave(line)
        assert line.variables == []


def test_a_switch_that_cannot_record_is_left_to_the_dialplan() -> None:
    line = leave(Line(recorder_works=False))
    assert (line.heard, line.variables) == ([ASK], [])


def test_a_city_may_do_without_listening_back_and_with_one_take() -> None:
    assert leave(Line([9]), review=False).heard == [ASK]
    once = leave(Line([9, 9], ["2"]), takes=1)
    assert (len(once.takes), once.variables) == (1, [{"HL_VOICEMAIL": "kept"}])


@settings(max_examples=200)
@given(
    st.lists(st.one_of(st.none(), st.floats(0, 180)), max_size=12),
    st.lists(st.one_of(st.none(), st.sampled_from("0123456789*#")), max_size=60),
)
def test_every_caller_comes_to_an_end(says: list[float | None], keys: list[str | None]) -> None:
    line = Line(says, keys)
    try:
        leave(line)
    except CallerHungUp:
        return
    assert len(line.variables) == 1
    assert len(line.takes) <= 3
    assert line.heard.count(REVIEW) <= 3 * MOST_REVIEWS


def ask(line: Line, **rules: Any) -> Line:
    drive(survey(CONTACT, BASE, SurveyRules(ask=True, **rules)), line, lambda _verb: None)
    return line


ASKED = f"survey {CONTACT} asked"
S, C, BYE = "survey", "survey-comment", "goodbye"
ANSWERS: list[tuple[str, list[str | None], list[str], list[str], int]] = [
    ("satisfied", ["5"], [S, C, BYE], [ASKED, f"survey {CONTACT} 5"], 1),
    ("a wrong key, then a right one", ["8", "1"], [S, S, C, BYE], [ASKED, f"survey {CONTACT} 1"], 1),
    ("two wrong keys", ["0", "#"], [S, S, BYE], [ASKED], 0),
    ("silence", [], [S, BYE], [ASKED], 0),
]


@pytest.mark.parametrize(("_name", "keys", "hears", "told", "comments"), ANSWERS, ids=[one[0] for one in ANSWERS])
def test_the_survey(_name: str, keys: list[str | None], hears: list[str], told: list[str], comments: int) -> None:
    line = ask(Line(keys=list(keys)))
    assert (line.heard, line.told, len(line.takes)) == (hears, told, comments)
    assert line.variables == []


def test_the_survey_and_the_caller_who_leaves() -> None:
    before, within = Line(keys=[None]), Line([None], ["4"])
    for line in (before, within):
        with pytest.raises(CallerHungUp):
            ask(line)
    assert before.told == [ASKED]
    assert within.told == [ASKED, f"survey {CONTACT} 4"], "what was pressed stays"


def test_a_city_may_do_without_comments() -> None:
    assert ask(Line(keys=["3"]), comment=False).heard == [S, BYE]
