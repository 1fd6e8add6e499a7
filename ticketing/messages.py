"""The texts that are written to callers, units, those told of emergencies and whoever keeps the voice messages: which
event, by which way, with which places to fill in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

CHANNELS = ("sms", "email")
RECEIVERS = ("caller", "unit", "alarmed", "keeper")
PLACES = frozenset({"number", "title", "status", "unit", "due", "code", "tail"})
ALARMS = frozenset({"ticket_emergency", "emergency_reported", "emergency_taken_back"})
"""What those hear of who are told of emergencies: leader, duty office."""
ALARM_PLACES = frozenset({"number", "title", "status", "emergency", "receiver"})
WAITING = "voicemail_waiting"
"""The one event that is about no ticket: voice messages wait past the limit.  It goes to whoever keeps their list."""
WAITING_PLACES = frozenset({"section", "messages", "minutes"})
PLACES_OF = {"keeper": WAITING_PLACES, "alarmed": ALARM_PLACES}
"""Receivers whose texts have places of their own."""
LONGEST_TEXT = 4000
LONGEST_ADDRESS = 200


@dataclass(frozen=True, slots=True)
class Template:
    """One text and when it is sent."""

    id: str
    on: str
    by: str
    to: str
    text: str
    subject: str = ""
    address: str = ""
    """Of the receiver, where this is no unit with a number or address of its own."""
    receiver: str = ""
    """Who is told of an emergency: a unit, or a person by log-in or name."""


def read_templates(value: Mapping[str, Any], events: frozenset[str]) -> tuple[Template, ...]:
    """The templates of a setting or file; raises ValueError, KeyError or TypeError that names what is wrong."""
    found = tuple(Template(**one) for one in value["message"])
    for one in found:
        if one.on not in events | {WAITING}:
            raise ValueError(f"{one.id}: there is no event {one.on!r}")
        if one.by not in CHANNELS or one.to not in RECEIVERS:
            raise ValueError(f"{one.id}: 'by' is sms or email, 'to' is caller, unit, alarmed or keeper")
        if (one.on == WAITING) != (one.to == "keeper"):
            raise ValueError(f"{one.id}: {WAITING} goes to the keeper, and nothing else does")
        if (one.to == "alarmed") != bool(one.receiver) or (one.to == "alarmed" and one.on not in ALARMS):
            raise ValueError(f"{one.id}: alarmed is a receiver with a name, told of {', '.join(sorted(ALARMS))}")
        if one.by == "email" and one.to == "caller":
            raise ValueError(f"{one.id}: callers leave no e-mail address")
        if max(len(one.address), len(one.receiver)) > LONGEST_ADDRESS:
            raise ValueError(f"{one.id}: address or receiver is longer than {LONGEST_ADDRESS} characters")
        for text in (one.text, one.subject):
            _check_text(one.id, text, PLACES_OF.get(one.to, PLACES))
    if len({one.id for one in found}) != len(found):
        raise ValueError("two messages have the same id")
    return found


@cache
def shipped_templates(events: frozenset[str]) -> tuple[Template, ...]:
    """What an office starts with."""
    content = files("ticketing").joinpath("messages.toml").read_text(encoding="utf-8")
    return read_templates(tomllib.loads(content), events)


def _check_text(name: str, text: str, places: frozenset[str]) -> None:
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"{name}: longer than {LONGEST_TEXT} characters")
    for _, place, form, conversion in Formatter().parse(text):
        if place is not None and (place not in places or form or conversion):
            raise ValueError(f"{name}: there is no place {{{place}}}; there are {', '.join(sorted(places))}")
