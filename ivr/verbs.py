"""What a flow may ask for.  Plain values: a flow yields one, the driver performs it and sends the answer back.

Prompts are named by the ids of ``prompts.toml`` (``greeting``, ``word/7``), never by file names.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal

_NAME = re.compile(r"(__)?[A-Z][A-Z0-9_]{0,60}")
_VALUE = re.compile(r"[\w>.:-]{0,80}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Play:
    """Speak the prompts in order; a key of ``stop_keys`` ends them.  Answer: :class:`Keys`."""

    prompts: tuple[str, ...]
    stop_keys: str = ""


@dataclass(frozen=True, slots=True)
class GetData:
    """Speak the prompts, every key interrupting, then wait ``seconds`` for each of up to ``max_digits`` keys.

    ``#`` ends the input early.  Answer: :class:`Keys`.
    """

    prompts: tuple[str, ...]
    seconds: float
    max_digits: int = 1


@dataclass(frozen=True, slots=True)
class Keys:
    """What the caller pressed; ``timed_out`` tells silence from a bare ``#`` (both have no digits)."""

    digits: str = ""
    timed_out: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """Sound a tone and record the caller into ``file`` (a path of the switch's, without ending).

    Ends after ``seconds``, after ``silence`` seconds in which nothing is said, or with ``#``.  Answer:
    :class:`Recorded`.  A caller who hangs up meanwhile ends the flow; what was said until then is kept.
    """

    file: str
    seconds: float
    silence: float


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a recording; ``ok`` is False when the switch could not record at all."""

    ok: bool
    seconds: float = 0.0
    """How much was recorded, the silence at its end taken off."""


@dataclass(frozen=True, slots=True)
class PlayBack:
    """Play a recording of the caller's own, ``seconds`` long; any key ends it.  Answer: :class:`Keys`."""

    file: str
    seconds: float


@dataclass(frozen=True, slots=True)
class SetVariables:
    """Set channel variables, all in one command.  Answer: ``True``, or ``False`` when the switch refused.

    Names and values are limited to letters, digits and ``_ > . : -`` because the values travel as one
    comma-separated argument of Asterisk's ``MSet``; anything else is a mistake in a flow, hence ValueError.
    """

    values: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        for name, value in self.values:
            if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
                raise ValueError(f"not fit for a channel variable: {name}={value!r}")


@dataclass(frozen=True, slots=True)
class Lookup:
    """Ask one of our own sources, off the network thread and within a time limit.

    Answer: a string; the source's default when it failed or was too slow, so a flow never waits for long.
    """

    source: Literal["caller_class", "status"]
    argument: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Give a note to one of our own sinks, off the network thread and within a time limit.  Answer: a string."""

    sink: Literal["survey"]
    note: str


Verb = Play | GetData | Record | PlayBack | SetVariables | Lookup | Tell
Answer = Keys | Recorded | bool | str
Flow = Generator[Verb, Answer, None]
