"""Alarms: one open row for each kind of trouble and recording, however often it happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from recordings.tables import Alarm, new_id

QUIET = frozenset({"header_repaired", "legs_differ"})
"""Notes on a recording that need nobody's attention."""


STORING = frozenset(
    {
        "disk_full",
        "no_permission",
        "store_unreachable",
        "store_differs",
        "spool_missing",
        "spool_unreadable",
        "s3_missing",
        "key_missing",
    }
)
ENCODING = frozenset({"ffmpeg_missing", "encoder_failed"})
GENERAL = STORING | ENCODING
"""Troubles of the machine, not of one recording."""


@dataclass(frozen=True, slots=True)
class AlarmView:
    """One alarm as a page shows it."""

    alarm_id: str
    kind: str
    recording_id: str | None
    raised_at: datetime
    last_at: datetime
    times: int
    cleared_at: datetime | None
    cleared_by: str | None


def raise_alarm(session: Session, kind: str, now: datetime, recording_id: str | None = None) -> str:
    """Raises an alarm, or counts one more time on the open one; returns its id."""
    same = Alarm.recording_id.is_(None) if recording_id is None else Alarm.recording_id == recording_id
    row = session.scalars(select(Alarm).where(Alarm.kind == kind, same, Alarm.cleared_at.is_(None)).limit(1)).first()
    if row is None:
        row = Alarm(alarm_id=new_id(), kind=kind, recording_id=recording_id, raised_at=now, last_at=now)
        session.add(row)
    else:
        row.times, row.last_at = row.times + 1, now
    session.flush()
    return row.alarm_id


def trouble_is_over(session: Session, now: datetime, kinds: frozenset[str]) -> None:
    """Clears alarms of the machine: what they were about has just worked."""
    session.execute(
        update(Alarm)
        .where(Alarm.recording_id.is_(None), Alarm.cleared_at.is_(None), Alarm.kind.in_(kinds))
        .values(cleared_at=now)
    )


def clear_alarm(session: Session, alarm_id: str, person: str, now: datetime) -> bool:
    """Somebody has seen to it; False for an id that is unknown or already cleared."""
    row = session.get(Alarm, alarm_id)
    if row is None or row.cleared_at is not None:
        return False
    row.cleared_at, row.cleared_by = now, person
    session.flush()
    return True


def open_alarms(session: Session, limit: int = 200) -> list[AlarmView]:
    """What is open, newest first."""
    rows = session.scalars(select(Alarm).where(Alarm.cleared_at.is_(None)).order_by(Alarm.last_at.desc()).limit(limit))
    return [
        AlarmView(
            row.alarm_id,
            row.kind,
            row.recording_id,
            row.raised_at,
            row.last_at,
            row.times,
            row.cleared_at,
            row.cleared_by,
        )
        for row in rows
    ]
