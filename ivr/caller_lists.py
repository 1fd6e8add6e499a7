"""The lists of blocked and of priority callers: one telephone number a line, read again when the file changes.

A line is a number, or the beginning of numbers with ``*`` at its end (``0871*``); ``#`` starts a comment.
Nobody is ever put on a list by the program, and a blocked caller may still leave a message.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

_NUMBER = re.compile(r"\+?[0-9][0-9 ()-]*\*?")

Normalise = Callable[[str], str]
"""A telephone number in any usual spelling → the key under which the system knows it."""


def parse_list(text: str) -> tuple[list[str], list[tuple[int, str]]]:
    """The entries of a list as they are written, and the lines that are none (line, message)."""
    entries: list[str] = []
    wrong: list[tuple[int, str]] = []
    for number, row in enumerate(text.splitlines(), 1):
        entry = row.partition("#")[0].strip()
        if entry and not _NUMBER.fullmatch(entry):
            wrong.append((number, "not a telephone number, nor the beginning of one with * at its end"))
        elif entry:
            entries.append(entry)
    return entries, wrong


@dataclass
class NumberList:
    """One list file, kept in memory until its time stamp or size changes."""

    path: Path
    normalise: Normalise
    _stamp: tuple[int, int] = (0, 0)
    _numbers: frozenset[str] = frozenset()
    _beginnings: tuple[str, ...] = ()

    def __contains__(self, number: str) -> bool:
        """Whether ``number`` (any spelling) is on the list.

        Raises:
            OSError: the file cannot be read.
        """
        state = self.path.stat()
        stamp = (state.st_mtime_ns, state.st_size)
        if stamp != self._stamp:
            entries, _ = parse_list(self.path.read_text("utf-8-sig", errors="replace"))
            self._numbers = frozenset(self.normalise(entry) for entry in entries if not entry.endswith("*"))
            self._beginnings = tuple(re.sub(r"[^0-9+]", "", entry) for entry in entries if entry.endswith("*"))
            self._stamp = stamp
        key = self.normalise(number)
        return bool(number) and (key in self._numbers or any(_starts(number, key, part) for part in self._beginnings))


def _starts(number: str, key: str, beginning: str) -> bool:
    """Both as the carrier sent it and as the system knows it; a key of the mainland has no 0 before the area code."""
    if key.startswith("+86"):
        key, beginning_of_key = key[3:], beginning.removeprefix("+86").removeprefix("0")
    else:
        beginning_of_key = beginning
    return number.startswith(beginning) or key.startswith(beginning_of_key)


@dataclass
class CallerClasses:
    """Answers the ``caller_class`` look-up: ``blocked``, ``priority`` or ``normal``."""

    blocked: NumberList | None = None
    priority: NumberList | None = None
    default: str = field(default="normal", init=False)

    def __call__(self, number: str) -> str:
        """The class of a caller.

        Raises:
            OSError: a list cannot be read; the caller then counts as :attr:`default`.
        """
        if self.priority is not None and number in self.priority:
            return "priority"
        if self.blocked is not None and number in self.blocked:
            return "blocked"
        return self.default
