"""What no ticket and no command can hold, refused before anything is looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from ticketing.model import TEXT_LIMITS, Refused, check_text, json_ready, storable
from ticketing.rules.words import Channel, Kind, Origin

LONGEST_GIVEN = 200_000
"""Characters of everything given with one command, as JSON."""
_TIMES = ("wake_at", "at")
_NUMBERS = ("days", "item")
_FLAGS = ("resolved", "solved", "contacted", "rectified")
_TEXT_LISTS = ("works", "attachments", "attachments_covered", "confirmed")
_ORDERING = ("dispatch", "add_unit", "sub_dispatch")
"""Verbs whose ``units`` may be tables that say more than the unit."""
_ENTRY: dict[str, type] = {"unit": str, "role": str, "mode": str, "days": int, "basis": str, "locked": str}
_RESULT: dict[str, type] = {"item": int, "result": str, "evidence": str, "law_basis": str, "resolved": bool}


def check_fields(said: Mapping[str, Any], allowed: tuple[str, ...] | None = None) -> Refused | None:
    """Refuses values that no ticket can hold, and names outside ``allowed``."""
    for name, value in said.items():
        if allowed is not None and name not in allowed:
            return Refused("invalid_field", {"field": name, "problem": "unknown_field"})
        refused = _check_field(name, value)
        if refused is not None:
            return refused
    return None


def check_given(given: Mapping[str, Any], verb: str) -> dict[str, Any] | Refused:
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
        problem = _shape(name, value, verb)
        if problem is not None:
            return Refused("invalid_field", {"field": name, "problem": problem})
        moment = _moment(value) if name in _TIMES and value is not None else value
        if name in _TIMES and value is not None and moment is None:
            return Refused("invalid_field", {"field": name, "problem": "not_a_time"})
        read[name] = moment
    changes = read.get("changes")
    refused = check_fields(changes, AMENDABLE) if isinstance(changes, Mapping) else None
    return refused or read


_WORDS = {"kind": Kind, "origin": Origin, "channel": Channel}
_MAY_MISS = ("contact_id", "accused_unit", "accused_person", "external_number")
AMENDABLE = (
    "title",
    "text",
    "place",
    "caller_name",
    "caller_number",
    "caller_key",
    "category",
    "kind",
    "channel",
    "no_reply",
)
"""What an amendment may change; secrecy and the accused have verbs of their own."""


def _check_field(name: str, value: Any) -> Refused | None:
    problem: str | None = None
    if name in TEXT_LIMITS:
        return None if value is None and name in _MAY_MISS else check_text(name, value)
    if name in _WORDS:
        problem = None if value in get_args(_WORDS[name]) else "unknown_value"
    elif name in ("confidential", "urgent", "no_reply"):
        problem = None if isinstance(value, bool) else "not_boolean"
    elif not storable(value):
        problem = "bad_character"
    return Refused("invalid_field", {"field": name, "problem": problem}) if problem else None


def _shape(name: str, value: Any, verb: str) -> str | None:
    """What is wrong with the kind of a value, or None."""
    if value is None or name in _TIMES:
        return None
    if name in _NUMBERS:
        return None if type(value) is int else "not_a_number"
    if name in _FLAGS:
        return None if isinstance(value, bool) else "not_boolean"
    if name in ("attendance", "changes", "conference"):
        return None if isinstance(value, Mapping) and all(isinstance(key, str) for key in value) else "not_a_table"
    if name in (*_TEXT_LISTS, "units", "items", "item_results"):
        return _list_shape(name, value, verb)
    return None if isinstance(value, str) else "not_text"


def _list_shape(name: str, value: Any, verb: str) -> str | None:
    if not isinstance(value, (list, tuple)):
        return "not_a_list"
    if name == "items":
        good = all(type(one) is int for one in value)
    elif name == "item_results":
        good = all(_fits(one, _RESULT) and {"item", "result"} <= set(one) for one in value)
    elif name == "units" and verb in _ORDERING:
        good = all(isinstance(one, str) or _is_entry(one) for one in value)
    else:
        good = all(isinstance(one, str) for one in value)
    return None if good else "wrong_shape"


def _is_entry(value: Any) -> bool:
    lists = {"items": int, "attachments": str}
    if not isinstance(value, Mapping) or "unit" not in value:
        return False
    for name, kind in lists.items():
        inner = value.get(name)
        if inner is not None and not (isinstance(inner, (list, tuple)) and all(type(one) is kind for one in inner)):
            return False
    return _fits({name: inner for name, inner in value.items() if name not in lists}, _ENTRY)


def _fits(value: Any, shape: Mapping[str, type]) -> bool:
    if not isinstance(value, Mapping) or not set(value) <= set(shape):
        return False
    return all(inner is None or type(inner) is shape[name] for name, inner in value.items())


def _moment(value: Any) -> datetime | None:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None and 1970 <= moment.year <= 2200 else None
