"""Text as it comes in from outside: any Unicode, except what a database or an answer could not give back."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Annotated, Any

from fastapi import Header
from pydantic import AfterValidator, Field, JsonValue, StringConstraints
from pydantic_core import PydanticCustomError

SMALLEST_INT = 0
LARGEST_INT = 2**31 - 1

DEEPEST_JSON = 12


def _storable(text: str) -> str:
    """Refuses NUL, which PostgreSQL cannot store, and lone surrogates, which have no UTF-8 form."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise PydanticCustomError("bad_character", "text cannot hold U+0000 or a lone surrogate")
    return text


Line = Annotated[str, AfterValidator(_storable)]
"""Any text that can be stored; lengths are set where it is used."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
"""An id of ours in an address."""

Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_=.:|+-]{1,200}$")]
"""What a list gave as ``next_cursor``."""

Key = Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[!-~]{1,128}$")]
"""Whoever got no answer sends the same key again, and the thing is not made twice."""

Limit = Annotated[int, Field(ge=1, le=200)]
Version = Annotated[int, Field(ge=SMALLEST_INT, le=LARGEST_INT)]


def own_key(*parts: str) -> str:
    """A key of one person for one purpose: nobody meets another's by chance, or on purpose."""
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def own_id(*parts: str) -> str:
    """The id of what somebody makes under such a key: made again, it is the same thing."""
    return str(uuid.UUID(own_key(*parts)[:32]))


def _shallow(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    _walk(value, DEEPEST_JSON)
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:  # NaN, infinity, lone surrogates
        raise PydanticCustomError("not_json", "the form holds a value that JSON cannot carry") from error
    return value


def _walk(value: Any, depth: int) -> None:
    if depth == 0:
        raise PydanticCustomError("too_deep", "the form is nested too deeply")
    if isinstance(value, str):
        _storable(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _storable(key)
            _walk(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _walk(inner, depth - 1)


FormBody = Annotated[dict[str, JsonValue], AfterValidator(_shallow)]
"""A half-filled form: any JSON object that can be stored and given back unchanged."""
