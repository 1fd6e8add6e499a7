"""What whoever looks after the recordings asks: what is held, what was deleted, what has no audio and why, which runs
of a recogniser there were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from recordings.ledger import body_of
from recordings.spool import ID
from recordings.tables import Aside, Hold, LedgerEntry, Recording, Seal, StoredFile, Transcript


@dataclass(frozen=True, slots=True)
class HoldView:
    """One legal hold."""

    hold_id: str
    contact_id: str
    reason: str
    placed_by: str
    placed_at: datetime
    recordings: int


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a recording that was deleted: the ledger's entry."""

    recording_id: str
    contact_id: str
    at: datetime
    person: str | None
    """None: by a retention rule."""
    reason: str
    seconds: float | None
    files: dict[str, str]
    """Role → SHA-256 of what was there."""
    number: int
    """Of its entry in the ledger."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A recording that cannot be played (yet), and why."""

    recording_id: str
    contact_id: str
    state: str
    problem: str
    created_at: datetime
    failures: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """What there is, in numbers."""

    recordings: dict[str, int]
    """State → how many."""
    transcripts: dict[str, int]
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a recogniser over a recording."""

    version: int
    state: str
    problem: str | None
    engine: str | None
    model: str | None
    created_at: datetime
    done_at: datetime | None
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SealView:
    """The newest link of the chain."""

    number: int
    digest: str
    unsealed: int
    """Entries written since."""


def held(session: Session, limit: int = 200) -> list[HoldView]:
    """The open legal holds, newest first."""
    counted = (
        select(func.count())
        .select_from(Recording)
        .join(Aside, Aside.contact_id == Recording.contact_id, isouter=True)
        .where(or_(Recording.contact_id == Hold.contact_id, Aside.whole_id == Hold.contact_id))
        .correlate(Hold)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Hold, counted).where(Hold.lifted_at.is_(None)).order_by(Hold.placed_at.desc()).limit(limit)
    )
    return [
        HoldView(hold.hold_id, hold.contact_id, hold.reason, hold.placed_by, hold.placed_at, count)
        for hold, count in rows
    ]


def tombstones(session: Session, limit: int = 50, before: int | None = None) -> list[Tombstone]:
    """What was deleted, newest first; ``before``: the number of the last one of the page before."""
    query = select(LedgerEntry).where(LedgerEntry.kind == "deleted")
    if before is not None:
        query = query.where(LedgerEntry.seq < before)
    return [_tombstone(row) for row in session.scalars(query.order_by(LedgerEntry.seq.desc()).limit(limit))]


def tombstone_of(session: Session, recording_id: str) -> Tombstone | None:
    """Why a recording is gone; None for one that is not deleted."""
    if not ID.fullmatch(recording_id):
        return None
    query = select(LedgerEntry).where(LedgerEntry.kind == "deleted", LedgerEntry.recording_id == recording_id)
    row = session.scalars(query.limit(1)).first()
    return None if row is None else _tombstone(row)


def troubles(session: Session, limit: int = 50) -> list[Trouble]:
    """Recordings that have failed or wait because of something, newest first."""
    rows = session.scalars(
        select(Recording)
        .where(Recording.state.in_(("waiting", "failed")), Recording.problem.is_not(None))
        .order_by(Recording.created_at.desc())
        .limit(limit)
    )
    return [
        Trouble(row.recording_id, row.contact_id, row.state, row.problem or "", row.created_at, row.failures)
        for row in rows
    ]


def holdings(session: Session) -> Holdings:
    """What there is, in numbers."""
    states = session.execute(select(Recording.state, func.count()).group_by(Recording.state))
    texts = session.execute(
        select(Recording.transcript_state, func.count())
        .where(Recording.state == "ready")
        .group_by(Recording.transcript_state)
    )
    size = session.scalar(select(func.sum(StoredFile.bytes)))
    seconds = session.scalar(select(func.sum(Recording.seconds)).where(Recording.state == "ready"))
    return Holdings(
        dict(states.all()),
        dict(texts.all()),
        int(size or 0),
        round(float(seconds or 0.0), 1),
    )


def runs_of(session: Session, recording_id: str) -> list[Run]:
    """Every run over a recording, newest first, with its figures."""
    if not ID.fullmatch(recording_id):
        return []
    rows = select(Transcript).where(Transcript.recording_id == recording_id).order_by(Transcript.version.desc())
    return [
        Run(row.version, row.state, row.problem, row.engine, row.model, row.created_at, row.done_at, dict(row.figures))
        for row in session.scalars(rows)
    ]


def newest_seal(session: Session) -> SealView | None:
    """The newest seal and what is not under it yet; None before the first."""
    seal = session.scalars(select(Seal).order_by(Seal.number.desc()).limit(1)).first()
    if seal is None:
        return None
    unsealed = session.scalar(select(func.count()).select_from(LedgerEntry).where(LedgerEntry.seal_number.is_(None)))
    return SealView(seal.number, seal.digest, unsealed or 0)


def is_sealed(session: Session, recording_id: str) -> bool:
    """Whether the entry that a recording was stored is under a seal."""
    if not ID.fullmatch(recording_id):
        return False
    entry = select(LedgerEntry.seal_number).where(
        LedgerEntry.recording_id == recording_id, LedgerEntry.kind == "stored"
    )
    return session.scalars(entry.limit(1)).first() is not None


def _tombstone(row: LedgerEntry) -> Tombstone:
    body = body_of(row)
    return Tombstone(
        row.recording_id or "",
        body.get("contact_id", ""),
        row.at,
        row.person,
        body.get("reason", ""),
        body.get("seconds"),
        body.get("files", {}),
        row.seq,
    )
