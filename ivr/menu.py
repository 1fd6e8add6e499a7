"""The typed form of a city's ``ivr.toml``: what callers hear, which keys they may press, where calls go.

Pure values.  :mod:`ivr.city_file` reads them from the file, :mod:`ivr.flows` walks through them.
The meaning of every key is told for offices in ``docs/ivr.md``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass

_STRICT = ConfigDict(extra="forbid", strict=False)

Key = Annotated[str, StringConstraints(pattern=r"^[0-9*]$")]
"""One telephone key.  ``#`` is not offered: it ends an input."""
PromptId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([/-][a-z0-9]+)*$")]
QueueName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
Priority = Annotated[int, Field(ge=0, le=1000)]
"""Queue priority as app_queue counts it: a higher number is answered first."""
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+$")]

MINUTES_A_DAY = 24 * 60


class Span(NamedTuple):
    """An opening span of one day, in minutes since midnight, the end not included."""

    start: int
    end: int


def parse_span(text: object) -> Span:
    """``"08:30-12:00"`` to a span; ``24:00`` is the end of the day.

    Raises:
        ValueError: not of that form, or the end is not after the start.
    """
    found = re.fullmatch(r"(\d\d):(\d\d)-(\d\d):(\d\d)", text, re.ASCII) if isinstance(text, str) else None
    if not found:
        raise ValueError('expected a span like "08:30-12:00"')
    h1, m1, h2, m2 = (int(part) for part in found.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if m1 > 59 or m2 > 59 or end > MINUTES_A_DAY:
        raise ValueError(f"no such time of day in {text!r}")
    if end <= start:
        raise ValueError(f"{text!r} ends before it starts; write a night as two spans, split at 24:00")
    return Span(start, end)


def _parse_spans(value: object) -> object:
    if not isinstance(value, list | tuple):
        raise ValueError('expected a list of spans like ["08:30-12:00", "13:30-18:00"]')
    spans = [one if isinstance(one, Span) else parse_span(one) for one in value]
    for earlier, later in pairwise(spans):
        if later.start < earlier.end:
            raise ValueError("spans overlap or are not in order")
    return tuple(spans)


Spans = Annotated[tuple[Span, ...], BeforeValidator(_parse_spans)]
_ALL_DAY = (Span(0, MINUTES_A_DAY),)


@dataclass(frozen=True, config=_STRICT)
class Greeting:
    """The first words of every call."""

    prompt: PromptId
    recording_notice: PromptId


@dataclass(frozen=True, config=_STRICT)
class QueueChoice:
    """Where a call goes that chose nothing: straight to a person."""

    name: QueueName = "citizens"
    priority: Priority = 0
    prompt: PromptId | None = None


@dataclass(frozen=True, config=_STRICT)
class Emergency:
    """The hint to dial 110, 119 or 120, and the key that hands the caller to a person at once."""

    prompt: PromptId
    key: Key
    queue: QueueName
    priority: Priority


@dataclass(frozen=True, config=_STRICT)
class Hours:
    """Office hours by weekday; an empty list is a closed day."""

    monday: Spans = _ALL_DAY
    tuesday: Spans = _ALL_DAY
    wednesday: Spans = _ALL_DAY
    thursday: Spans = _ALL_DAY
    friday: Spans = _ALL_DAY
    saturday: Spans = _ALL_DAY
    sunday: Spans = _ALL_DAY

    def of_weekday(self, weekday: int) -> tuple[Span, ...]:
        """The spans of a weekday, Monday being 0."""
        week = (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)
        return week[weekday]


@dataclass(frozen=True, config=_STRICT)
class SpecialDay:
    """One day that is not like its weekday."""

    date: dt.date
    kind: Literal["holiday", "working"]
    name: str = ""


@dataclass(frozen=True, config=_STRICT)
class Holidays:
    """Public holidays and make-up working days (调休)."""

    source: Literal["chinesecalendar", "none"] = "chinesecalendar"
    hours: Spans = _ALL_DAY
    working_like: Literal["monday", "tuesday", "wednesday", "thursday", "friday"] = "monday"
    days: tuple[SpecialDay, ...] = ()


@dataclass(frozen=True, config=_STRICT)
class Closed:
    """Outside the office hours."""

    prompt: PromptId
    next: Literal["voicemail", "queue"] = "voicemail"
    opening_prompt: PromptId | None = None


@dataclass(frozen=True, config=_STRICT)
class Callers:
    """Two lists of telephone numbers, each in its own file beside ``ivr.toml``."""

    blacklist: FileName | None = None
    blocked_prompt: PromptId | None = None
    priority_list: FileName | None = None
    priority_queue: QueueName = "priority"
    priority_level: Priority = 50


@dataclass(frozen=True, config=_STRICT)
class Option:
    """One choice of the menu: a queue, a voice message, how far a request is, or a deeper menu with ``prompt`` and
    ``options``."""

    key: Key
    label: str = Field(min_length=1, max_length=40)
    label_en: str = ""
    queue: QueueName | None = None
    voicemail: bool = False
    status: bool = False
    priority: Priority | None = None
    language: Language | None = None
    prompt: PromptId | None = None
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, config=_STRICT)
class KeyMenu:
    """The menu; the national standard advises against one, so it is off unless switched on."""

    enabled: bool = False
    prompt: PromptId = "menu"
    person_key: Key = "0"
    wait_seconds: float = Field(default=4.0, ge=1, le=15)
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, config=_STRICT)
class Limits:
    """How many silences or wrong keys before a person takes over; never more than three together."""

    silences: int = Field(default=1, ge=1, le=3)
    wrong_keys: int = Field(default=3, ge=1, le=3)


@dataclass(frozen=True, config=_STRICT)
class Budget:
    """The most a caller may have to listen to and press before the call enters a queue."""

    seconds: float = Field(default=15.0, gt=0, le=120)
    keys: int = Field(default=2, ge=0, le=6)


@dataclass(frozen=True, config=_STRICT)
class VoicemailRules:
    """How a voice message is taken."""

    seconds: int = Field(default=180, ge=20, le=600)
    silence_seconds: int = Field(default=6, ge=3, le=20)
    takes: int = Field(default=3, ge=1, le=8)
    review: bool = True
    empty_takes: int = Field(default=1, ge=0, le=2)


@dataclass(frozen=True, config=_STRICT)
class SurveyRules:
    """Whether and how callers are asked what they thought of the call."""

    ask: bool = False
    wait_seconds: float = Field(default=6.0, ge=2, le=15)
    comment: bool = True
    comment_seconds: int = Field(default=60, ge=10, le=180)


@dataclass(frozen=True, config=_STRICT)
class Menu:
    """The whole of a city's ``ivr.toml``."""

    greeting: Greeting
    emergency: Emergency
    closed: Closed
    language: Language = "zh"
    queue: QueueChoice = Field(default_factory=QueueChoice)
    hours: Hours = Field(default_factory=Hours)
    holidays: Holidays = Field(default_factory=Holidays)
    callers: Callers = Field(default_factory=Callers)
    menu: KeyMenu = Field(default_factory=KeyMenu)
    limits: Limits = Field(default_factory=Limits)
    budget: Budget = Field(default_factory=Budget)
    voicemail: VoicemailRules = Field(default_factory=VoicemailRules)
    survey: SurveyRules = Field(default_factory=SurveyRules)


VOICEMAIL = "voicemail"
"""The prompt that asks for a voice message; the dialplan speaks it too."""
SPOKEN_BY_THE_DIALPLAN = (VOICEMAIL, "voicemail-thanks", "all-busy")
"""Prompts every city must have, because ``asterisk-conf`` names them."""
VOICEMAIL_EMPTY, VOICEMAIL_REVIEW = "voicemail-empty", "voicemail-review"
SURVEY, SURVEY_COMMENT, GOODBYE = "survey", "survey-comment", "goodbye"
ASKED_AFTER_A_MESSAGE = (VOICEMAIL_EMPTY, VOICEMAIL_REVIEW)
ASKED_AFTER_A_CALL = (SURVEY, SURVEY_COMMENT, GOODBYE)
STATUS_CODE, STATUS_TAIL, STATUS_AGAIN = "status-code", "status-tail", "status-again"
STATUS_DUE, STATUS_DUE_END, STATUS_NEXT, STATUS_OFF = "status-due", "status-due-end", "status-next", "status-off"
AGAIN_KEY = "1"
"""After a request was told: another one."""
STATUS_STAGES = {
    "accepted": "status-accepted",
    "handling": "status-handling",
    "checking": "status-checking",
    "answered": "status-answered",
    "not_accepted": "status-not-accepted",
    "promised": "status-promised",
    "reviewing": "status-reviewing",
    "ended": "status-ended",
    "closed": "status-closed",
}
"""How far a request is, as the caller may know it → what is said."""
ASKED_FOR_A_REQUEST = (
    *(STATUS_CODE, STATUS_TAIL, STATUS_AGAIN, STATUS_DUE, STATUS_DUE_END, STATUS_NEXT, STATUS_OFF),
    *STATUS_STAGES.values(),
)
SKIPPED = "skip"
"""Last part of a menu path when the caller reached a person without choosing."""
EMERGENCY = "emergency"
"""The menu path of a caller who pressed the hand-over key."""


def options_below(options: tuple[Option, ...]) -> Iterator[Option]:
    """Every option of a menu, depth first."""
    for option in options:
        yield option
        yield from options_below(option.options)


def tells_status(menu: Menu) -> bool:
    """Whether callers can ask how far their request is."""
    return menu.menu.enabled and any(option.status for option in options_below(menu.menu.options))


def queues(menu: Menu) -> set[str]:
    """Every queue a call may be sent to; the switch must know all of them."""
    chosen = {option.queue for option in options_below(menu.menu.options) if option.queue}
    return chosen | {menu.queue.name, menu.emergency.queue, menu.callers.priority_queue}


def menu_labels(menu: Menu, path: str) -> list[dict[str, str]]:
    """The words for a menu path such as ``2>1``, ``zh`` and ``en`` each, for the agent's screen.

    A key the menu no longer has (the file changed since the call) is shown as it was pressed.
    """
    fixed = {
        SKIPPED: {"zh": "直接人工", "en": "straight to a person"},
        EMERGENCY: {"zh": "紧急转接", "en": "emergency hand-over"},
    }
    labels: list[dict[str, str]] = []
    options = menu.menu.options
    for part in path.split(">") if path else []:
        option = next((one for one in options if one.key == part), None)
        options = option.options if option else ()
        if part in fixed:
            labels.append(fixed[part])
        elif option:
            labels.append({"zh": option.label, "en": option.label_en or option.label})
        else:
            labels.append({"zh": part, "en": part})
    return labels
