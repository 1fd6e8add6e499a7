"""What no ticket and no command can hold, refused before anything is looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from ticketing.model import TEXT_LIMITS, Refused, check_text, json_ready, storable
from ticketing.rules.words import Kind, Origin

LONGEST_GIVEN = 200_000
"""Characters of everything given with one command, as JSON."""
_TIMES = ("wake_at", "at")
_NUMBERS = ("days", "item")
_FLAGS = ("resolved", "solved", "contacted")
_LISTS = ("units", "works", "items", "item_results", "attachments", "attachments_covered", "confirmed")
_TABLES = ("attendance", "changes")


def check_fields(said: Mapping[str, Any], allowed: tuple[str, ...] | None = None) -> Refused | None:
    """Refuses values that no ticket can hold, and names outside ``allowed``."""
    for name, value in said.items():
        if allowed is not None and name not in allowed:
            return Refused("invalid_field", {"field": name, "problem": "unknown_field"})
        refused = _check_field(name, value)
        if refused is not None:
            return refused
    return None


def check_given(given: Mapping[str, Any]) -> dict[str, Any] | Refused:
    """What was given with a verb, times read, or why it cannot be used."""
    try:
        size = len(json.dumps(json_ready(given), ensure_ascii=False))
    except (TypeError, ValueError, RecursionError):
        return Refused("invalid_field", {"field": "given", "problem": "not_json"})
    if size > LONGEST_GIVEN:
        return Refused("invalid_field", {"field": "given", "problem": "too_long", "limit": LONGEST_GIVEN})
    if not storable(given):
        return Refused("invalid_field", {"field": "given", "problem": "bad_character"})
    read: dict[str, Any] = {}
    for name, value in given.items():
        problem = _shape(name, value)
        if problem is not None:
            return Refused("invalid_field", {"field": name, "problem": problem})
        moment = _moment(value) if name in _TIMES and value is not None else value
        if name in _TIMES and value is not None and moment is None:
            return Refused("invalid_field", {"field": name, "problem": "not_a_time"})
        read[name] = moment
    changes = read.get("changes")
    refused = check_fields(changes, AMENDABLE) if isinstance(changes, Mapping) else None
    return refused or read


AMENDABLE = (*TEXT_LIMITS, "kind", "no_reply")
"""What an amendment may change; secrecy and the accused have verbs of their own."""


def _check_field(name: str, value: Any) -> Refused | None:
    problem: str | None = None
    if name in TEXT_LIMITS:
        return check_text(name, value)
    if name in ("kind", "origin"):
        known = get_args(Kind) if name == "kind" else get_args(Origin)
        problem = None if value in known else "unknown_value"
    elif name in ("confidential", "urgent", "no_reply"):
        problem = None if isinstance(value, bool) else "not_boolean"
    elif not storable(value):
        problem = "bad_character"
    return Refused("invalid_field", {"field": name, "problem": problem}) if problem else None


def _shape(name: str, value: Any) -> str | None:
    """What is wrong with the kind of a value, or None."""
    if value is None:
        return None
    if name in _NUMBERS:
        return None if type(value) is int else "not_a_number"
    if name in _FLAGS:
        return None if isinstance(value, bool) else "not_boolean"
    if name in _LISTS:
        return None if isinstance(value, (list, tuple)) else "not_a_list"
    if name in _TABLES:
        return None if isinstance(value, Mapping) else "not_a_table"
    if name in _TIMES:
        return None
    return None if isinstance(value, (str, bool, int)) else "not_text"


def _moment(value: Any) -> datetime | None:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None and 1970 <= moment.year <= 2200 else None
