"""Live messages to and from text.  No socket here: the gateway and the tests use the same two functions."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from agent_desktop.messages import (
    CLIENT_MESSAGES,
    ClientHello,
    ClientPhone,
    ClientPong,
    ClientTakeOver,
)

LARGEST_MESSAGE = 4096
"""Bytes of one client message; the largest real one has under 100."""


class BadMessage(ValueError):
    """A client message outside of the agreed shape; the text never repeats its content."""


def encode(message: BaseModel) -> str:
    """One server message as JSON text."""
    return message.model_dump_json()


def decode(text: str) -> ClientHello | ClientPhone | ClientTakeOver | ClientPong:
    """One client message from JSON text; raises BadMessage."""
    if len(text) > LARGEST_MESSAGE:
        raise BadMessage("too long")
    try:
        message: Any = CLIENT_MESSAGES.validate_json(text)
    except (ValidationError, UnicodeEncodeError, RecursionError) as error:
        raise BadMessage("not a message of this version") from error
    return message  # type: ignore[no-any-return]
