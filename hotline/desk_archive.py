"""What the desk is given of the recordings room, as this installation's settings want it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session, sessionmaker

import recordings
from agent_desktop import Archive
from hotline import recording_room
from hotline.settings import Settings


def archive(settings: Settings, sessions: sessionmaker[Session], now: Callable[[], datetime]) -> Archive:
    """What the desk is given of recordings beside the store.  Raises BadScorecard, BadRetention."""
    zone = ZoneInfo(settings.time_zone)

    def export(order: recordings.ExportOrder, target: Path) -> str:
        signer = recording_room.keys(settings).signer()
        return recordings.export_clip(sessions, recording_room.store_config(settings), signer, order, now, zone, target)

    def check_chain(session: Session) -> recordings.Break | None:
        return recordings.check_chain(session, {signing_key()})

    def signing_key() -> str:
        return recording_room.keys(settings).signer().public.hex()

    return Archive(
        index_folder=settings.recording_index,
        scorecard=recording_room.scorecard(settings),
        rules=tuple(recording_room.retention(settings)),
        zone=zone,
        export=export,
        check_chain=check_chain,
        signing_key=signing_key,
    )
