"""Whether the disks of the spool have room for the calls that are going on: said before it is too late."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from recordings.alarms import raise_alarm, trouble_is_over
from recordings.tables import Alarm

KIND = "spool_full"
LEAST = 1_000_000_000
"""Bytes.  Two legs of 16 kB/s each for 200 calls at once fill it in two and a half minutes."""


def look_for_room(session: Session, folders: Iterable[Path], now: datetime, least: int = LEAST) -> None:
    """Raises the alarm ``spool_full`` while one of these folders has less than ``least`` bytes left, and clears it when
    there is room again.  A folder that is away is another trouble."""
    if any(shutil.disk_usage(folder).free < least for folder in set(folders) if folder.is_dir()):
        raise_alarm(session, KIND, now)
        return
    still = select(Alarm.alarm_id).where(Alarm.kind == KIND, Alarm.cleared_at.is_(None)).limit(1)
    if session.scalar(still) is not None:  # without one nothing is written: this is asked every few seconds
        trouble_is_over(session, now, frozenset({KIND}))
