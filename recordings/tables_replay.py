"""What the replay desk and quality checks write down (tables ``rec_…``), beside the recordings themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Float, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utc import UtcDateTime

from recordings.tables import Base, new_id

_UNDER_WAY = "state <> 'released' AND calibration_id IS NULL"


class SearchDue(Base):
    """A recording whose entry in the search index is out of date.  Rows are only added and, when done, deleted, so
    that two who ask for the same recording never wait for one another."""

    __tablename__ = "rec_search_due"

    due_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    recording_id: Mapped[str] = mapped_column(String(36))


class Talk(Base):
    """Who spoke when, as far as the waveform tells; derived, made again by ``hotline reindex``."""

    __tablename__ = "rec_talk"

    recording_id: Mapped[str] = mapped_column(ForeignKey("rec_recording.recording_id"), primary_key=True)
    citizen_seconds: Mapped[float] = mapped_column(Float)
    other_seconds: Mapped[float] = mapped_column(Float)
    talk_over_seconds: Mapped[float] = mapped_column(Float)
    longest_silence: Mapped[float] = mapped_column(Float)
    talk_overs: Mapped[list[list[float]]] = mapped_column(JSON, default=list)
    """[[start, end], …] in seconds: both speak."""
    silences: Mapped[list[list[float]]] = mapped_column(JSON, default=list)
    """[[start, end], …] in seconds: nobody speaks, anywhere in the recording."""


class Comment(Base):
    """A remark at a second, or over a stretch, of a recording.  One that was taken back stays as a row."""

    __tablename__ = "rec_comment"
    __table_args__ = (Index("ix_rec_comment_recording", "recording_id", "start"),)

    comment_id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    recording_id: Mapped[str] = mapped_column(ForeignKey("rec_recording.recording_id"))
    start: Mapped[float] = mapped_column(Float)
    end: Mapped[float | None] = mapped_column(Float, default=None)
    text: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Clip(Base):
    """A stretch of a recording that belongs to a ticket; the audio stays where it is."""

    __tablename__ = "rec_clip"
    __table_args__ = (Index("ix_rec_clip_ticket", "ticket_id"), Index("ix_rec_clip_recording", "recording_id"))

    clip_id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    recording_id: Mapped[str] = mapped_column(ForeignKey("rec_recording.recording_id"))
    ticket_id: Mapped[str] = mapped_column(String(64))
    start: Mapped[float] = mapped_column(Float)
    end: Mapped[float] = mapped_column(Float)
    title: Mapped[str] = mapped_column(String(200))
    person: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ScorecardForm(Base):
    """A version of the scorecard by which something was scored: reviews stay readable when the form changes."""

    __tablename__ = "rec_scorecard"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[str] = mapped_column(String(40))
    form: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Calibration(Base):
    """Two reviewers score the same recording without seeing each other's scores."""

    __tablename__ = "rec_calibration"

    calibration_id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    recording_id: Mapped[str] = mapped_column(ForeignKey("rec_recording.recording_id"))
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Review(Base):
    """One scorecard filled in, or being filled in, by one reviewer."""

    __tablename__ = "rec_review"
    __table_args__ = (
        # One reviewer at a time for a recording, except in a calibration.
        Index(
            "uq_rec_review_claim",
            "recording_id",
            unique=True,
            sqlite_where=text(_UNDER_WAY),
            postgresql_where=text(_UNDER_WAY),
        ),
        Index("ix_rec_review_reviewer", "reviewer", "state"),
        Index("ix_rec_review_done", "state", "done_at"),
        Index("uq_rec_review_calibration", "calibration_id", "reviewer", unique=True),
    )

    review_id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    recording_id: Mapped[str] = mapped_column(ForeignKey("rec_recording.recording_id"))
    calibration_id: Mapped[str | None] = mapped_column(ForeignKey("rec_calibration.calibration_id"), default=None)
    agent_id: Mapped[str] = mapped_column(String(80))
    """Whose work is scored."""
    reviewer: Mapped[str] = mapped_column(String(80))
    form: Mapped[str] = mapped_column(ForeignKey("rec_scorecard.digest"))
    state: Mapped[str] = mapped_column(String(16), default="claimed")
    """``claimed`` → ``done`` | ``released``."""
    version: Mapped[int] = mapped_column(Integer, default=1)
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    points: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Point id → points given."""
    failed: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Ids of the instant-fail points that were met."""
    comment: Mapped[str] = mapped_column(Text, default="")
    score: Mapped[float | None] = mapped_column(Float, default=None)
    """0 to 100; None until done."""
    passed: Mapped[bool | None] = mapped_column(Boolean, default=None)
