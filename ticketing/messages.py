"""The texts that are written to callers and units: which event, by which way, with which places to fill in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

CHANNELS = ("sms", "email")
PLACES = frozenset({"number", "title", "status", "unit", "due", "code", "tail"})
LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Template:
    """One text and when it is sent."""

    id: str
    on: str
    by: str
    to: str
    text: str
    subject: str = ""


def read_templates(value: Mapping[str, Any], events: frozenset[str]) -> tuple[Template, ...]:
    """The templates of a setting or file; raises ValueError, KeyError or TypeError that names what is wrong."""
    found = tuple(Template(**one) for one in value["message"])
    for one in found:
        if one.on not in events:
            raise ValueError(f"{one.id}: there is no event {one.on!r}")
        if one.by not in CHANNELS or one.to not in ("caller", "unit"):
            raise ValueError(f"{one.id}: 'by' is sms or email, 'to' is caller or unit")
        if one.by == "email" and one.to == "caller":
            raise ValueError(f"{one.id}: callers leave no e-mail address")
        for text in (one.text, one.subject):
            _check_text(one.id, text)
    if len({one.id for one in found}) != len(found):
        raise ValueError("two messages have the same id")
    return found


@cache
def shipped_templates(events: frozenset[str]) -> tuple[Template, ...]:
    """What an office starts with."""
    content = files("ticketing").joinpath("messages.toml").read_text(encoding="utf-8")
    return read_templates(tomllib.loads(content), events)


def _check_text(name: str, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"{name}: longer than {LONGEST_TEXT} characters")
    for _, place, form, conversion in Formatter().parse(text):
        if place is not None and (place not in PLACES or form or conversion):
            raise ValueError(f"{name}: there is no place {{{place}}}; there are {', '.join(sorted(PLACES))}")
