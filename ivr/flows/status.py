"""How far is my request?  The query code and four signs by key, the state in words, then a person or good-bye.

What cannot be told (a wrong code, a confidential matter, too many tries, a database that is down) ends with a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator

from ivr import speech_rules
from ivr.menu import (
    AGAIN_KEY,
    EMERGENCY,
    STATUS_AGAIN,
    STATUS_CODE,
    STATUS_DUE,
    STATUS_DUE_END,
    STATUS_NEXT,
    STATUS_OFF,
    STATUS_STAGES,
    STATUS_TAIL,
    Menu,
)
from ivr.verbs import Answer, GetData, Keys, Lookup, Play, Verb

CODE_KEYS, TAIL_KEYS = 10, 4
KEY_SECONDS = 5.0
"""How long each key is waited for; people read the code off a text message."""
TRIES = 3
MOST_QUERIES = 3
"""Matters that are told in one call; then a person."""
SIGN_OF_X = "*"
"""The key for the X at the end of an identity card's number."""
NOTHING, THROTTLED, UNAVAILABLE = "nothing", "throttled", "unavailable"
PERSON, LEAVE = "person", "leave"


def status(caller_number: str, menu: Menu) -> Generator[Verb, Answer, str]:
    """Tells what is asked; how it ends is :data:`PERSON`, :data:`~ivr.menu.EMERGENCY` or
    :data:`LEAVE`."""
    for _ in range(MOST_QUERIES):
        told = yield from _told(caller_number)
        if told is None:
            return PERSON
        key = yield from _afterwards(told, menu)
        if key == menu.emergency.key:
            return EMERGENCY
        if key == menu.menu.person_key:
            return PERSON
        if key != AGAIN_KEY:
            return LEAVE
    return PERSON


def _told(caller_number: str) -> Generator[Verb, Answer, tuple[str, ...] | None]:
    """The prompts that tell the state, or None after as many failures as are borne."""
    for number in range(TRIES):
        code = yield from _keyed(STATUS_CODE, CODE_KEYS)
        tail = (yield from _keyed(STATUS_TAIL, TAIL_KEYS)) if len(code) == CODE_KEYS else ""
        if len(tail) == TAIL_KEYS:
            answer = yield Lookup("status", f"{code}|{tail.replace(SIGN_OF_X, 'X')}|{caller_number}")
            stage, _, due = str(answer).partition(" ")
            if stage in STATUS_STAGES:
                return _words(stage, due)
            if stage != NOTHING:
                yield Play((STATUS_OFF,))
                return None
        if number < TRIES - 1:
            yield Play((STATUS_AGAIN,))
    return None


def _keyed(prompt: str, keys: int) -> Generator[Verb, Answer, str]:
    answer = yield GetData((prompt,), KEY_SECONDS, keys)
    return answer.digits if isinstance(answer, Keys) else ""


def _words(stage: str, due: str) -> tuple[str, ...]:
    day = (STATUS_DUE, *speech_rules.date(dt.date.fromisoformat(due)), STATUS_DUE_END) if due else ()
    return (STATUS_STAGES[stage], *day)


def _afterwards(told: tuple[str, ...], menu: Menu) -> Generator[Verb, Answer, str]:
    """The key pressed while the state is spoken or after it."""
    keys = menu.menu.person_key + AGAIN_KEY + menu.emergency.key
    early = yield Play(told, keys)
    if isinstance(early, Keys) and early.digits:
        return early.digits
    later = yield GetData((STATUS_NEXT,), menu.menu.wait_seconds)
    return later.digits if isinstance(later, Keys) else ""
