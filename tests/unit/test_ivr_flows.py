"""Conversations without a phone: what a caller does, what is said, where the call goes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ivr.driver import CallerHungUp, CommandFailed, drive
from ivr.flows.inbound import Call, inbound
from ivr.hours import OfficeHours
from ivr.menu import Menu, menu_labels, queues
from ivr.verbs import GetData, Keys, Lookup, Play, Recorded, SetVariables

pytestmark = pytest.mark.unit

SATURDAY_NIGHT = dt.datetime(2026, 11, 21, 22, 0)
OFFICE_WEEK = {day: ["08:30-12:00", "13:30-18:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
OFFICE_WEEK |= {"saturday": [], "sunday": []}
OPENING = ["hello", "recorded", "emergency"]


def plan(**changed: Any) -> Menu:
    """A small city; ``changed`` replaces whole tables."""
    base: dict[str, Any] = {
        "greeting": {"prompt": "hello", "recording_notice": "recorded"},
        "emergency": {"prompt": "emergency", "key": "9", "queue": "priority", "priority": 100},
        "closed": {"prompt": "closed", "opening_prompt": "next-opening"},
        "queue": {"name": "citizens", "priority": 1, "prompt": "please-wait"},
        "callers": {"blocked_prompt": "blocked"},
        "menu": {
            "options": [
                {"key": "1", "label": "咨询", "queue": "citizens"},
                {
                    "key": "2",
                    "label": "投诉举报",
                    "prompt": "menu-complaint",
                    "options": [
                        {"key": "1", "label": "消费维权", "label_en": "Consumer rights", "queue": "consumers"},
                        {"key": "2", "label": "其他", "queue": "citizens", "priority": 3},
                    ],
                },
                {"key": "3", "label": "English", "queue": "priority", "priority": 10, "language": "en"},
            ]
        },
    }
    return TypeAdapter(Menu).validate_python(base | changed)


def with_menu(**changed: Any) -> Menu:
    plain = TypeAdapter(Menu).dump_python(plan())["menu"]
    return plan(menu={**plain, "enabled": True}, **changed)


@dataclass
class Line:
    """A caller who does ``acts`` in turn: a key, "" to stay silent, None to hang up; silent when they run out."""

    acts: list[str | None]
    caller_class: str = "normal"
    broken: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    variables: list[dict[str, str]] = field(default_factory=list)

    def _act(self, possible: str) -> str:
        if not self.acts:
            return ""
        act = self.acts[0]
        if act is None:
            raise CallerHungUp
        if act and act not in possible:
            return ""  # pressed while the key stops nothing: it waits for the next chance
        self.acts.pop(0)
        return act

    def play(self, prompt: str, stop_keys: str) -> str:
        if prompt in self.broken:
            raise CommandFailed("STREAM FILE")
        self.said.append(prompt)
        return self._act(stop_keys) if prompt == "emergency" else ""

    def get_digits(self, prompt: str, seconds: float, max_digits: int) -> Keys:
        if prompt in self.broken:
            raise CommandFailed("GET DATA")
        self.said.append(prompt)
        key = self._act("0123456789*#")
        return Keys(key.replace("#", ""), timed_out=not key)

    def wait_for_key(self, seconds: float) -> str:
        return self._act("0123456789*#")

    def record(self, file: str, seconds: float, silence: float) -> Recorded:
        raise AssertionError("not on the way in")

    def play_back(self, file: str) -> str:
        raise AssertionError("not on the way in")

    def allow(self, prompts: tuple[str, ...], seconds: float) -> None:
        assert seconds < 60

    def set_variables(self, values: tuple[tuple[str, str], ...]) -> None:
        self.variables.append({name.removeprefix("__"): value for name, value in values})

    def lookup(self, source: str, argument: str) -> str:
        return self.caller_class


def call(menu: Menu, acts: list[str | None], *, caller_class: str = "normal", now: dt.datetime = SATURDAY_NIGHT,
         broken: set[str] | None = None) -> Line:  # fmt: skip
    line = Line(acts, caller_class, broken or set())
    flow = inbound(Call("13800138000", now), menu, OfficeHours(menu.hours, menu.holidays))
    drive(flow, line, lambda _verb: None)
    return line


def where(line: Line) -> tuple[str, str, str, str]:
    (choice,) = line.variables
    return choice["HL_QUEUE"], choice["HL_PRIORITY"], choice["HL_MENU_PATH"], choice["HL_NEXT"]


MENU, COMPLAINT, WAIT = "menu", "menu-complaint", "please-wait"

CONVERSATIONS: list[tuple[str, list[str | None], list[str], tuple[str, str, str, str]]] = [
    ("silence skips the menu", [], [*OPENING, MENU, WAIT], ("citizens", "1", "skip", "queue")),
    ("0 in the menu", ["", "0"], [*OPENING, MENU, WAIT], ("citizens", "1", "skip", "queue")),
    ("0 in the greeting", ["0"], [*OPENING, WAIT], ("citizens", "1", "skip", "queue")),
    ("a choice", ["", "1"], [*OPENING, MENU, WAIT], ("citizens", "1", "1", "queue")),
    ("a choice pressed in the greeting", ["3"], [*OPENING, WAIT], ("priority", "10", "3", "queue")),
    ("a choice below", ["", "2", "1"], [*OPENING, MENU, COMPLAINT, WAIT], ("consumers", "1", "2>1", "queue")),
    ("its own priority", ["2", "2"], [*OPENING, COMPLAINT, WAIT], ("citizens", "3", "2>2", "queue")),
    ("silence below", ["2"], [*OPENING, COMPLAINT, WAIT], ("citizens", "1", "2>skip", "queue")),
    ("0 below", ["2", "0"], [*OPENING, COMPLAINT, WAIT], ("citizens", "1", "2>skip", "queue")),
    ("the hand-over key in the greeting", ["9"], OPENING, ("priority", "100", "emergency", "queue")),
    ("the hand-over key in the menu", ["", "9"], [*OPENING, MENU], ("priority", "100", "emergency", "queue")),
    ("the hand-over key below", ["2", "9"], [*OPENING, COMPLAINT], ("priority", "100", "emergency", "queue")),
    ("three wrong keys", ["", "7", "8", "5"], [*OPENING, MENU, MENU, MENU, WAIT], ("citizens", "1", "skip", "queue")),
    ("a bare # is a wrong key", ["", "#", "#", "#"], [*OPENING, MENU, MENU, MENU, WAIT],
     ("citizens", "1", "skip", "queue")),
    ("wrong, then right", ["", "7", "1"], [*OPENING, MENU, MENU, WAIT], ("citizens", "1", "1", "queue")),
]  # fmt: skip


@pytest.mark.parametrize(("_name", "acts", "said", "goes"), CONVERSATIONS, ids=[one[0] for one in CONVERSATIONS])
def test_with_the_menu(_name: str, acts: list[str | None], said: list[str], goes: tuple[str, str, str, str]) -> None:
    line = call(with_menu(), list(acts))
    assert (line.said, where(line)) == (said, goes)


def test_three_silences_when_the_city_wants_three() -> None:
    line = call(with_menu(limits={"silences": 3}), [])
    assert line.said == [*OPENING, MENU, MENU, MENU, WAIT]
    assert where(line)[2] == "skip"


def test_silences_and_wrong_keys_count_together() -> None:
    line = call(with_menu(limits={"silences": 3}), ["", "7", "", "8"])
    assert line.said.count(MENU) == 3


def test_without_the_menu_straight_to_a_person() -> None:
    line = call(plan(), [])
    assert line.said == [*OPENING, WAIT]
    assert where(line) == ("citizens", "1", "", "queue")


def test_without_the_menu_its_keys_do_nothing() -> None:
    assert where(call(plan(), ["1"])) == ("citizens", "1", "", "queue")
    assert where(call(plan(), ["9"])) == ("priority", "100", "emergency", "queue")


def test_a_blocked_caller_may_leave_a_message() -> None:
    line = call(with_menu(), [], caller_class="blocked")
    assert line.said == ["blocked"]
    assert where(line)[3] == "voicemail"
    assert line.variables[0]["HL_CALLER_CLASS"] == "blocked"


def test_a_priority_caller_keeps_the_better_queue_whatever_they_choose() -> None:
    line = call(with_menu(), ["", "1"], caller_class="priority")
    assert where(line) == ("priority", "50", "1", "queue")


def test_outside_hours_the_next_opening_is_told_and_a_message_taken() -> None:
    line = call(with_menu(hours=OFFICE_WEEK, holidays={"source": "none", "hours": []}), [])
    monday_half_past_eight = ["weekday", "1", "morning", "8", "oclock", "half"]
    told = [f"word/{word}" for word in monday_half_past_eight]
    assert line.said == [*OPENING, "closed", "next-opening", *told]
    assert where(line) == ("citizens", "1", "", "voicemail")


def test_outside_hours_the_hand_over_key_reaches_a_person() -> None:
    assert where(call(plan(hours=OFFICE_WEEK), ["9"]))[2:] == ("emergency", "queue")


def test_outside_hours_a_city_may_queue_all_the_same() -> None:
    line = call(plan(hours=OFFICE_WEEK, closed={"prompt": "closed", "next": "queue"}), [])
    assert line.said == [*OPENING, "closed"]
    assert where(line)[3] == "queue"


def test_the_language_of_a_choice_is_set() -> None:
    assert call(with_menu(), ["3"]).variables[0]["HL_LANG"] == "en"


@pytest.mark.parametrize("broken", [{"hello"}, {"menu"}, {"hello", "recorded", "emergency", "menu", WAIT}])
def test_a_prompt_that_cannot_be_played_is_passed_over(broken: set[str]) -> None:
    line = call(with_menu(), ["", "1"] if "emergency" not in broken else ["1"], broken=broken)
    assert where(line) == ("citizens", "1", "1", "queue")


@pytest.mark.parametrize("acts", [[None], ["", None], ["", "7", None], ["2", None]])
def test_a_hang_up_anywhere_ends_the_flow_without_variables(acts: list[str | None]) -> None:
    line = Line(acts)
    menu = with_menu()
    with pytest.raises(CallerHungUp):
        drive(inbound(Call("", SATURDAY_NIGHT), menu, OfficeHours(menu.hours, menu.holidays)), line, lambda _verb: None)
    assert not line.variables


@settings(deadline=None)
@given(
    acts=st.lists(st.sampled_from(["", *"0123456789*#"]), max_size=12),
    enabled=st.booleans(),
    silences=st.integers(1, 3),
    wrong_keys=st.integers(1, 3),
    caller_class=st.sampled_from(["normal", "priority", "blocked", "nonsense"]),
    now=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31)),
    office=st.booleans(),
)
def test_no_dead_end(acts: list[str | None], enabled: bool, silences: int, wrong_keys: int, caller_class: str,
                     now: dt.datetime, office: bool) -> None:  # fmt: skip
    """Whatever a caller does, the call goes somewhere the switch knows, after at most four menus."""
    changed: dict[str, Any] = {"limits": {"silences": silences, "wrong_keys": wrong_keys}}
    if office:
        changed["hours"] = OFFICE_WEEK
    menu = with_menu(**changed) if enabled else plan(**changed)
    line = call(menu, acts, caller_class=caller_class, now=now)
    queue, priority, path, after = where(line)
    assert queue in queues(menu)
    assert 0 <= int(priority) <= 1000
    assert after in ("queue", "voicemail")
    assert line.said.count(MENU) + line.said.count(COMPLAINT) <= 4
    assert all(menu_labels(menu, path))
    assert line.variables[0]["HL_CALLER_CLASS"] in ("normal", "priority", "blocked")


def test_labels_of_a_menu_path() -> None:
    menu = with_menu()

    def words(path: str) -> list[str]:
        return [f"{one['zh']} {one['en']}" for one in menu_labels(menu, path)]

    assert words("2>1") == ["投诉举报 投诉举报", "消费维权 Consumer rights"], "without English words the Chinese ones"
    assert words("2>skip") == ["投诉举报 投诉举报", "直接人工 straight to a person"]
    assert words("emergency") == ["紧急转接 emergency hand-over"]
    assert words("8>1") == ["8 8", "1 1"]
    assert menu_labels(menu, "") == []


class TestDriver:
    """GetData's ways to its digits."""

    @staticmethod
    def ask(line: Line, verb: GetData) -> Keys:
        answers: list[Any] = []

        def flow() -> Any:
            answers.append((yield verb))

        drive(flow(), line, lambda _verb: None)
        keys: Keys = answers[0]
        return keys

    def test_an_early_key_counts_as_the_first_digit(self) -> None:
        line = Line(["4", "7", "1", "#"])
        assert self.ask(line, GetData(("emergency", "enter"), 3, 4)) == Keys("471", timed_out=False)
        assert line.said == ["emergency"]

    def test_without_a_playable_prompt_keys_still_count(self) -> None:
        assert self.ask(Line(["4", "7"], broken={"enter"}), GetData(("enter",), 3, 2)) == Keys("47", timed_out=False)

    def test_silence_after_some_digits(self) -> None:
        assert self.ask(Line(["4", ""], broken={"enter"}), GetData(("enter",), 3, 4)) == Keys("4", timed_out=True)

    def test_a_bare_hash_is_not_silence(self) -> None:
        assert self.ask(Line(["#"], broken={"enter"}), GetData(("enter",), 3, 4)) == Keys("", timed_out=False)

    def test_refused_variables_are_told_to_the_flow(self) -> None:
        class Refusing(Line):
            def set_variables(self, values: tuple[tuple[str, str], ...]) -> None:
                raise CommandFailed("EXEC")

        failed: list[Any] = []
        told: list[Any] = []

        def flow() -> Any:
            told.append((yield SetVariables((("HL_NEXT", "queue"),))))
            told.append((yield Lookup("caller_class", "1")))
            told.append((yield Play(("a",))))

        drive(flow(), Refusing([]), failed.append)
        assert told == [False, "normal", Keys()]
        assert [type(verb) for verb in failed] == [SetVariables]


@pytest.mark.parametrize(
    ("name", "value"),
    [("HL_QUEUE", "a,b=c"), ("HL_QUEUE", 'x"'), ("HL_QUEUE", "a\nb"), ("HL_QUEUE", "${X}"), ("a b", "c"), ("X=1", "")],
)
def test_no_text_that_could_become_a_second_variable(name: str, value: str) -> None:
    with pytest.raises(ValueError, match="not fit"):
        SetVariables(((name, value),))


def test_a_message_by_choice() -> None:
    menu = with_menu()
    chosen = plan(menu={**TypeAdapter(Menu).dump_python(menu)["menu"],
                        "options": [{"key": "8", "label": "留言", "voicemail": True}]})  # fmt: skip
    line = call(chosen, ["8"])
    assert where(line) == ("citizens", "1", "8", "voicemail")
    assert WAIT not in line.said


def test_a_city_that_asks_tells_the_dialplan() -> None:
    assert call(plan(), []).variables[0]["HL_SURVEY"] == ""
    assert call(plan(survey={"ask": True}), []).variables[0]["HL_SURVEY"] == "yes"
