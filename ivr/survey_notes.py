"""The voice menu's notes of what callers answered: one small file a caller, taken in by the worker.

A file instead of the database, because nobody on the telephone waits for one, and because an answer must survive a
database, a desk and a worker that are down.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ivr.flows.survey import ASKED, SCORES

_NOTE = re.compile(rf"([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}) ({ASKED}|[{SCORES}])")


@dataclass
class SurveyNotes:
    """The sink ``survey``: ``<contact id> asked`` or ``<contact id> <score>`` into ``folder``."""

    folder: Path
    now: Callable[[], dt.datetime]
    default: str = field(default="", init=False)

    def __call__(self, note: str) -> str:
        """Writes the note; a later one of the same caller adds to it.

        Raises:
            OSError: the folder cannot be written; the caller notices nothing.
        """
        found = _NOTE.fullmatch(note)
        if not found:
            raise ValueError("not a note of the survey")
        contact, said = found.groups()
        at = self.now().isoformat()
        answered = None if said == ASKED else int(said)
        asked_at = self._asked_at(contact) or at
        self._write(contact, {"asked_at": asked_at, "score": answered, "answered_at": None if answered is None else at})
        return ""

    def _asked_at(self, contact: str) -> str | None:
        try:
            asked: str = json.loads((self.folder / f"{contact}.json").read_text("utf-8"))["asked_at"]
        except (OSError, ValueError, KeyError):
            return None  # taken in already; the database keeps the first moment
        return asked

    def _write(self, contact: str, body: dict[str, object]) -> None:
        """Complete and on the disk before it takes its name."""
        fresh = self.folder / f"{contact}.new"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(json.dumps(body))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / f"{contact}.json")
