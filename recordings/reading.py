"""What the desk asks: which recordings a contact has, their audio, waveform and text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from recordings.audio import MEDIA_TYPE
from recordings.spool import ID
from recordings.store import LocalStore, NotInStore, Store
from recordings.tables import Recording, Segment, StoredFile, Transcript


@dataclass(frozen=True, slots=True)
class RecordingView:
    """One recording as a page shows it."""

    recording_id: str
    contact_id: str
    kind: str
    part: int
    state: str
    problem: str | None
    alarms: tuple[str, ...]
    created_at: datetime
    started_at: datetime | None
    seconds: float | None
    channels: int | None
    transcript_state: str
    format: str | None
    """Of what is played: the listening copy, or the original until there is one; None until it is stored."""
    path: str | None
    bytes: int | None
    sha256: str | None
    """Of the original, the file that is kept as evidence."""


@dataclass(frozen=True, slots=True)
class AudioFile:
    """A stored file that can be read from any byte on."""

    store: Store
    path: str
    size: int
    media_type: str
    sha256: str
    stored_size: int
    """What was stored; another ``size`` means that somebody has cut the file or written on."""
    guarded: bool
    """Encrypted: every piece proves itself when it is read.  Of any other file only the whole can be compared."""

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to, not including, ``stop``.  Raises NotInStore, StoreUnavailable."""
        return self.store.read(self.path, start, None if stop is None else stop - start)


def get_recording(session: Session, recording_id: str) -> RecordingView | None:
    """The recording with this id; None for an id that is none of ours, whatever it looks like."""
    row = _known(session, recording_id)
    return None if row is None else _view(session, [row])[0]


def get_recordings(session: Session, recording_ids: Sequence[str]) -> dict[str, RecordingView]:
    """Several recordings by their ids, with two queries; unknown ones are absent."""
    known = [one for one in recording_ids if ID.fullmatch(one)]
    rows = session.scalars(select(Recording).where(Recording.recording_id.in_(known))).all() if known else []
    return {view.recording_id: view for view in _view(session, list(rows))}


def _known(session: Session, recording_id: str) -> Recording | None:
    """The row; ids of another form (a NUL alone makes PostgreSQL raise) never reach the database."""
    return session.get(Recording, recording_id) if ID.fullmatch(recording_id) else None


def _file(session: Session, recording_id: str, role: str) -> StoredFile | None:
    """The stored file; the original stands in for a listening copy that is not made yet."""
    if not ID.fullmatch(recording_id):
        return None
    found = session.get(StoredFile, (recording_id, role))
    return found or (session.get(StoredFile, (recording_id, "original")) if role == "listening" else None)


def find_for_contact(session: Session, contact_id: str) -> list[RecordingView]:
    """All recordings of a contact in order: calls before voicemail, parts in sequence."""
    return find_for_contacts(session, [contact_id]).get(contact_id, [])


def find_for_contacts(session: Session, contact_ids: list[str]) -> dict[str, list[RecordingView]]:
    """The same for many contacts with two queries; contacts without a recording are absent."""
    known = [contact_id for contact_id in contact_ids if ID.fullmatch(contact_id)]
    rows = session.scalars(
        select(Recording).where(Recording.contact_id.in_(known)).order_by(Recording.kind, Recording.part)
    ).all()
    found: dict[str, list[RecordingView]] = {}
    for view in _view(session, list(rows)):
        found.setdefault(view.contact_id, []).append(view)
    return found


def _view(session: Session, rows: list[Recording]) -> list[RecordingView]:
    ids = [row.recording_id for row in rows]
    stored = session.scalars(select(StoredFile).where(StoredFile.recording_id.in_(ids))).all() if ids else []
    files = {(file.recording_id, file.role): file for file in stored}
    return [
        _one_view(row, files.get((row.recording_id, "listening")), files.get((row.recording_id, "original")))
        for row in rows
    ]


def _one_view(row: Recording, listening: StoredFile | None, original: StoredFile | None) -> RecordingView:
    listening = listening or original
    return RecordingView(
        recording_id=row.recording_id,
        contact_id=row.contact_id,
        kind=row.kind,
        part=row.part,
        state=row.state,
        problem=row.problem,
        alarms=tuple(row.alarms),
        created_at=row.created_at,
        started_at=row.started_at,
        seconds=row.seconds,
        channels=row.channels,
        transcript_state=row.transcript_state,
        format=listening.format if listening else None,
        path=listening.path if listening else None,
        bytes=listening.bytes if listening else None,
        sha256=original.sha256 if original else None,
    )


def open_audio(session: Session, store: Store, recording_id: str, role: str = "listening") -> AudioFile | None:
    """The audio of a recording; None when there is none yet or no such id.

    ``role``: ``listening`` (the levelled copy; the original until that is made) or ``original``.

    Raises NotInStore when the file was stored once and is gone, StoreUnavailable when the store cannot be read.
    """
    if role not in ("listening", "original"):
        return None
    file = _file(session, recording_id, role)
    if file is None:
        return None
    size, kind = store.size(file.path), MEDIA_TYPE[file.format]
    return AudioFile(store, file.path, size, kind, file.sha256, file.bytes, guarded=file.key_id is not None)


def file_path(session: Session, store: Store, recording_id: str) -> Path | None:
    """What is played, as a plain file where the store is an unencrypted folder; None otherwise or when absent."""
    file = _file(session, recording_id, "listening")
    if file is None or not isinstance(store, LocalStore):
        return None
    path = store.local_path(file.path)
    return path if path.is_file() else None


def peaks(session: Session, store: Store, recording_id: str) -> dict[str, Any] | None:
    """The waveform: ``{"seconds", "points_per_second", "peaks": {"citizen": [0…1], "other": […]}}``.

    None when there is none.  Raises NotInStore, StoreUnavailable.
    """
    file = _file(session, recording_id, "peaks")
    if file is None:
        return None
    found: dict[str, Any] = json.loads(b"".join(store.read(file.path)))
    return found


def transcript(session: Session, recording_id: str, version: int | None = None) -> dict[str, Any] | None:
    """The newest finished transcript (or ``version``) with its utterances of both legs in order of time.

    ``{"state", "version", "engine", "model", "versions", "segments": [{"leg", "start", "end", "text", "conf",
    "words"}]}``; with no transcript yet only the state and no segments.  None for an unknown recording.
    """
    row = _known(session, recording_id)
    if row is None:
        return None
    runs = session.scalars(
        select(Transcript).where(Transcript.recording_id == recording_id).order_by(Transcript.version.desc())
    ).all()
    done = [run for run in runs if run.state == "done"]
    chosen = next((run for run in done if version is None or run.version == version), None)
    return {
        "state": row.transcript_state,
        "problem": runs[0].problem if runs else None,
        "version": chosen.version if chosen else None,
        "engine": chosen.engine if chosen else None,
        "model": chosen.model if chosen else None,
        "versions": [run.version for run in done],
        "segments": _segments(session, chosen.transcript_id) if chosen else [],
    }


def _segments(session: Session, transcript_id: str) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Segment).where(Segment.transcript_id == transcript_id).order_by(Segment.start, Segment.segment_id)
    )
    return [
        {"leg": row.leg, "start": row.start, "end": row.end, "text": row.text, "conf": row.conf, "words": row.words}
        for row in rows
    ]


__all__ = [
    "AudioFile",
    "NotInStore",
    "RecordingView",
    "file_path",
    "find_for_contact",
    "find_for_contacts",
    "get_recording",
    "get_recordings",
    "open_audio",
    "peaks",
    "transcript",
]
