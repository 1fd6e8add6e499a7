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
        Index("ix_rec_recording_listening", "listening", "state"),
    )

    recording_id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(16))
    """``call`` (two legs), ``voicemail`` or ``survey`` (one)."""
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
    listening: Mapped[str] = mapped_column(String(16), default="waiting")
    """State of the copy that is played: ``waiting`` → ``ready`` | ``failed``; until then the original is played."""

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
    key_id: Mapped[str | None] = mapped_column(String(8), default=None)
    """The key it is encrypted with; None: not encrypted."""


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


class ContactNote(Base):
    """What other rooms told about a contact, as far as recordings need it: retention, confidentiality, search."""

    __tablename__ = "rec_contact"

    contact_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    queue: Mapped[str | None] = mapped_column(String(80), default=None)
    category: Mapped[str | None] = mapped_column(String(80), default=None)
    """Category code of the ticket that came of it."""
    result: Mapped[str | None] = mapped_column(String(40), default=None)
    """How the call or its ticket ended, as a code of whoever tells."""
    agent_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    confidential: Mapped[bool] = mapped_column(Boolean, default=False)
    named: Mapped[list[str]] = mapped_column(JSON, default=list)
    """User ids that may hear a confidential caller."""


class Aside(Base):
    """What was said aside in a call (a private consultation) is recorded under an id of its own and belongs to it."""

    __tablename__ = "rec_aside"
    __table_args__ = (Index("ix_rec_aside_whole", "whole_id"),)

    contact_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    whole_id: Mapped[str] = mapped_column(String(36))
    """Contact id of the call: its notes and its legal holds count for the aside too."""


class Mark(Base):
    """A moment from which on another part of the call begins (queue, agent, hold, consult, three_way, unit, survey)."""

    __tablename__ = "rec_mark"
    __table_args__ = (Index("ix_rec_mark_contact", "contact_id", "at"),)

    mark_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    contact_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    label: Mapped[str] = mapped_column(String(16))
    who: Mapped[str | None] = mapped_column(String(80), default=None)
    """Agent id; None where no agent speaks."""
    units: Mapped[list[list[str]]] = mapped_column(JSON, default=list, server_default="[]")
    """[[number, unit's id, its name], …]: the handling units that speak, as the roster named them then."""


class Alarm(Base):
    """Something that a person should look at; one open row for each kind and recording."""

    __tablename__ = "rec_alarm"
    __table_args__ = (Index("ix_rec_alarm_open", "cleared_at", "kind"),)

    alarm_id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(64))
    recording_id: Mapped[str | None] = mapped_column(String(36), default=None)
    """None for what concerns all recordings (a full disk, no encoder)."""
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    times: Mapped[int] = mapped_column(Integer, default=1)
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    cleared_by: Mapped[str | None] = mapped_column(String(80), default=None)
    """User id; None when the trouble went away by itself."""


class Hold(Base):
    """A legal hold: while one is open nothing of this contact is deleted.  Any number, for any time."""

    __tablename__ = "rec_hold"
    __table_args__ = (Index("ix_rec_hold_contact", "contact_id"),)

    hold_id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column(Text)
    placed_by: Mapped[str] = mapped_column(String(80))
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_by: Mapped[str | None] = mapped_column(String(80), default=None)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    lift_reason: Mapped[str | None] = mapped_column(Text, default=None)


class Play(Base):
    """Somebody opened a recording, with a reason; and what of it was heard."""

    __tablename__ = "rec_play"
    __table_args__ = (
        Index("ix_rec_play_recording", "recording_id", "began_at"),
        Index("ix_rec_play_open", "closed_at"),
    )

    play_id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    recording_id: Mapped[str] = mapped_column(String(36))
    person: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(String(16), default="play")
    """``play`` | ``transcript`` | ``export``."""
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    heard: Mapped[list[list[float]]] = mapped_column(JSON, default=list)
    """[[from, to], …] in seconds, merged and sorted."""


class LedgerEntry(Base):
    """One line of the ledger: written once, never changed, sealed within a day."""

    __tablename__ = "rec_ledger"
    __table_args__ = (Index("ix_rec_ledger_recording", "recording_id"), Index("ix_rec_ledger_seal", "seal_number"))

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    entry_id: Mapped[str] = mapped_column(String(36), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(16))
    """``stored`` | ``copied`` | ``deleted`` | ``opened`` | ``heard`` | ``exported`` | ``clipped`` |
    ``confided`` | ``held`` | ``lifted``."""
    recording_id: Mapped[str | None] = mapped_column(String(36), default=None)
    person: Mapped[str | None] = mapped_column(String(80), default=None)
    text: Mapped[str] = mapped_column(Text)
    """The entry in canonical JSON, all of the above included: what is hashed."""
    leaf: Mapped[str] = mapped_column(String(64))
    seal_number: Mapped[int | None] = mapped_column(Integer, default=None)


class Seal(Base):
    """One link of the chain: the entries since the last one under one root, signed."""

    __tablename__ = "rec_seal"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    """The seal in canonical JSON: number, day, sealed_at, previous, root, entries, key."""
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))
