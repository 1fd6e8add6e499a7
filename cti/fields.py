"""How to read the fields of AMI events: numbers, states, causes, names of channels."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

Event = Mapping[str, str]

CALL_VARIABLES = {
    "CONTACT_ID": "contact_id",
    "CITY": "city",
    "HL_MENU_PATH": "menu_path",
    "HL_CALLER_CLASS": "caller_class",
    "HL_PRIORITY": "priority",
    "HL_NOTE": "note",
}
"""Dialplan variables (``channelvars`` in manager.conf) → attribute of the call."""

SPY = "spy-"
"""How the channel ids of supervisors' phones begin while they listen (:mod:`cti.spying`)."""

_NOBODY = frozenset({"", "<unknown>", "unknown"})
_PSEUDO = (
    "Message/",
    "CBAnn/",
    "CBRec/",
    "Announcer/",
    "Recorder/",
    "Snoop/",
    "AudioSocket/",
    "Surrogate/",
    "AsyncGoto/",
    "Bridge/",
    "MulticastRTP/",
    "UnicastRTP/",
    "WebSocket/",
    "AudioSocket/",
)


class State(IntEnum):
    """Asterisk's channel states that matter here (include/asterisk/channelstate.h)."""

    DOWN = 0
    RESERVED = 1
    OFF_HOOK = 2
    DIALING = 3
    RING = 4
    """Their phone made the call and hears the ring-back."""
    RINGING = 5
    """Their phone rings."""
    UP = 6
    BUSY = 7


class Cause(IntEnum):
    """Q.850 causes with a meaning of their own (include/asterisk/causes.h)."""

    UNKNOWN = 0
    NORMAL = 16
    BUSY = 17
    NO_RESPONSE = 18
    NO_ANSWER = 19
    REJECTED = 21
    ELSEWHERE = 26
    INTERWORKING = 127


def number(value: str | None) -> str:
    """A caller id field with Asterisk's ``<unknown>`` taken for the empty string."""
    return "" if value is None or value in _NOBODY else value


def integer(value: str | None, default: int = 0) -> int:
    """A whole number from a field; ``default`` for anything else."""
    try:
        return int(value or default)
    except ValueError:
        return default


def seconds(value: str | None) -> float | None:
    """A number of seconds, a time stamp included; None for anything else (NaN and infinity too)."""
    if not value:
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if -1e12 < found < 1e12 else None


def is_pseudo(name: str) -> bool:
    """Channels Asterisk makes for its own use: announcers, recorders, spies, masquerade helpers."""
    return name.startswith(_PSEUDO) or "<ZOMBIE>" in name


def variables(raw: str) -> dict[str, str]:
    """``ChanVariable`` headers (joined by newlines) as a mapping."""
    found = {}
    for line in raw.split("\n"):
        key, equals, value = line.partition("=")
        if equals:
            found[key.lstrip("_")] = value
    return found


def hangup_reason(cause: int, *, was_up: bool) -> str:
    """How a caller's line ended, in words.

    A cause of 16 on a line that never came up means the far end gave nothing back; Asterisk leaves 0 or 127
    where the caller gave up.
    """
    match cause:
        case Cause.NORMAL:
            return "completed" if was_up else "no-answer"
        case Cause.UNKNOWN | Cause.INTERWORKING:
            return "completed" if was_up else "cancelled"
        case Cause.BUSY:
            return "busy"
        case Cause.NO_RESPONSE | Cause.NO_ANSWER:
            return "no-answer"
        case Cause.ELSEWHERE:
            return "answered-elsewhere"
        case Cause.REJECTED:
            return "rejected"
    return "failed"
