"""The plain values this room is given by whoever builds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy.orm import Session

from recordings.spool import Kind
from recordings.store import Store
from recordings.work import CallOver


@dataclass(frozen=True, slots=True)
class Finished:
    """A recording that has just become ready."""

    recording_id: str
    contact_id: str
    kind: Kind
    started_at: datetime
    seconds: float
    silent: bool


Stored = Callable[[Session, Finished], None]
"""Writes down what follows from a finished recording."""


@dataclass(frozen=True, slots=True)
class StoreConfig:
    """Where recordings come from, where they go, and in which form."""

    store: Store
    spool: Path
    """MixMonitor's folder."""
    voicemail_spool: Path
    consult_spool: Path
    """Private consultations, each under an id of its own."""
    survey_spool: Path
    """What callers said after they rated a call."""
    work: Path
    """A folder for half-finished files; emptied by itself.  Best on the disk of the spool."""
    original_format: Literal["flac", "wav"] = "flac"
    """What is kept as evidence: both legs untouched, every sample."""
    listening_format: Literal["webm", "opus", "mp3", "wav"] = "webm"
    """What is played: levelled, small."""
    call_over: CallOver | None = None
    """Knows which calls have ended; without it orphaned files wait ten minutes."""
    transcribe: bool = False
    """True when a recogniser is at hand: finished recordings are put into its queue."""
    stored: Stored | None = None
    """Told of each finished recording, in the very transaction that makes it one: what it writes is there exactly
    once, whenever anything is killed."""

    def folders(self) -> dict[Kind, Path]:
        """Where the spool files of each kind lie."""
        return {
            "call": self.spool,
            "consult": self.consult_spool,
            "voicemail": self.voicemail_spool,
            "survey": self.survey_spool,
        }
