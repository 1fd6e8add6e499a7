"""What the desk is given of the recordings room, beside the store: search, the scorecard, rules, the way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

import recordings


@dataclass(frozen=True)
class Archive:
    """Built in ``hotline/wiring.py`` and by tests."""

    index_folder: Path
    scorecard: recordings.Scorecard
    """The form that new reviews are made with."""
    rules: tuple[recordings.RetentionRule, ...]
    zone: ZoneInfo
    export: Callable[[recordings.ExportOrder, Path], str]
    """Writes the signed ZIP to the path; raises what ``recordings.export_clip`` raises."""
    check_chain: Callable[[Session], recordings.Break | None]
    """The first place where the ledger's chain does not hold; None when it holds."""
    signing_key: Callable[[], str]
    """The public key, hexadecimal."""

    @cached_property
    def index(self) -> recordings.RecordingIndex:
        """What was said, searchable."""
        return recordings.RecordingIndex(self.index_folder)
