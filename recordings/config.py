"""The plain values this room is given by whoever builds it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from recordings.store import Store
from recordings.work import CallOver


@dataclass(frozen=True, slots=True)
class StoreConfig:
    """Where recordings come from, where they go, and in which form."""

    store: Store
    spool: Path
    """MixMonitor's folder."""
    voicemail_spool: Path
    work: Path
    """A folder for half-finished files; emptied by itself.  Best on the disk of the spool."""
    original_format: Literal["flac", "wav"] = "flac"
    """What is kept as evidence: both legs untouched, every sample."""
    listening_format: Literal["opus", "mp3", "wav"] = "opus"
    """What is played: levelled, small."""
    call_over: CallOver | None = None
    """Knows which calls have ended; without it orphaned files wait ten minutes."""
    transcribe: bool = False
    """True when a recogniser is at hand: finished recordings are put into its queue."""
