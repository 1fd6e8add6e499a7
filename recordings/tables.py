"""What the database knows about recordings (tables ``rec_…``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, BigInteger, Boolean, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy_utc import UtcDateTime


class Base(DeclarativeBase):
    """The metadata of this room."""


def new_id() -> str:
    """A fresh id: a random UUID in its canonical text form."""
    return str(uuid4())


class Recording(Base):
    """One recording of one contact; at the same time the work row of the finaliser.

    ``part`` counts recordings of the same contact and kind: a file that appears after the first one was stored
    becomes part 2, so that nothing overwrites anything.
    """

    __tablename__ = "rec_recording"
    __table_args__ = (
        UniqueConstraint("contact_id", "kind", "part", name="uq_rec_recording_contact"),
        Index("ix_rec_recording_work", "state", "next_try_at"),
        Index("ix_rec_recording_created", "created_at"),
    )

    recording_id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(16))
    """``call`` (two legs) or ``voicemail`` (one)."""
    part: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    """``waiting`` → ``processing`` → ``ready`` | ``failed``; later perhaps ``deleted``."""
    problem: Mapped[str | None] = mapped_column(String(64), default=None)
    """Why it is not ready, as a stable code; None when all is well."""
    alarms: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What is odd about a stored recording: ``one_sided_citizen``, ``silent``, ``header_repaired``…"""

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    expected_seconds: Mapped[float | None] = mapped_column(Float, default=None)
    """How long the call was, told by whoever saw it end; the audio is checked against it."""
    seconds: Mapped[float | None] = mapped_column(Float, default=None)
    channels: Mapped[int | None] = mapped_column(Integer, default=None)
    transcript_state: Mapped[str] = mapped_column(String(16), default="none")
    """``none`` | ``no_model`` | ``waiting`` | ``done`` | ``failed``."""

    call_over: Mapped[bool] = mapped_column(Boolean, default=False)
    """True when somebody who knows said that the call has ended; False when the sweep found the file."""
    spool_files: Mapped[dict[str, list[int]]] = mapped_column(JSON, default=dict)
    """Spool file name → [inode, bytes, mtime in ns] as read; only exactly these files may be dropped."""
    spool_dropped: Mapped[bool] = mapped_column(Boolean, default=False)

    attempts: Mapped[int] = mapped_column(Integer, default=0)
    """How often the row was claimed; part of the stored file names, so no two attempts share a name."""
    failures: Mapped[int] = mapped_column(Integer, default=0)
    """Failed tries in a row; sets the pause before the next one."""
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    claim_token: Mapped[str | None] = mapped_column(String(36), default=None)


class StoredFile(Base):
    """One file in the store that belongs to a recording."""

    __tablename__ = "rec_file"

    recording_id: Mapped[str] = mapped_column(ForeignKey("rec_recording.recording_id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    """``original`` (both legs, untouched, lossless) | ``listening`` (levelled, compressed) | ``peaks`` (waveform)."""
    path: Mapped[str] = mapped_column(String(200), unique=True)
    """Relative to the store: date folders and ids only."""
    format: Mapped[str] = mapped_column(String(8))
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Transcript(Base):
    """One run of one recogniser over one recording, and the work row of the transcriber."""

    __tablename__ = "rec_transcript"
    __table_args__ = (
        UniqueConstraint("recording_id", "version", name="uq_rec_transcript_version"),
        Index("ix_rec_transcript_work", "state", "priority", "created_at"),
    )

    transcript_id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    recording_id: Mapped[str] = mapped_column(ForeignKey("rec_recording.recording_id"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    """``waiting`` → ``processing`` → ``done`` | ``failed``."""
    priority: Mapped[int] = mapped_column(Integer, default=10)
    """Smaller first: 10 calls of today, 50 re-runs."""
    problem: Mapped[str | None] = mapped_column(String(64), default=None)
    engine: Mapped[str | None] = mapped_column(String(32), default=None)
    model: Mapped[str | None] = mapped_column(String(128), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """How the run went: audio seconds, processing seconds, words, mean confidence."""

    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    claim_token: Mapped[str | None] = mapped_column(String(36), default=None)


class Segment(Base):
    """One utterance of a transcript."""

    __tablename__ = "rec_segment"
    __table_args__ = (Index("ix_rec_segment_recording", "recording_id", "start"),)

    segment_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    transcript_id: Mapped[str] = mapped_column(ForeignKey("rec_transcript.transcript_id"), index=True)
    recording_id: Mapped[str] = mapped_column(String(36))
    leg: Mapped[str] = mapped_column(String(8))
    """``citizen`` or ``other``."""
    start: Mapped[float] = mapped_column(Float)
    end: Mapped[float] = mapped_column(Float)
    """Seconds from the beginning of the recording."""
    text: Mapped[str] = mapped_column(Text)
    conf: Mapped[float | None] = mapped_column(Float, default=None)
    words: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    """[[word, start, end, confidence], …]; empty when the engine gives no word times."""
