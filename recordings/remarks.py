"""What people put on a recording: comments at a second, and clips that belong to a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from recordings import ledger
from recordings.contacts import kept_from
from recordings.plays import PlayRefused
from recordings.spool import ID
from recordings.tables import Recording
from recordings.tables_replay import Clip, Comment, Talk

SHORTEST_CLIP = 0.5
"""Seconds."""


class RemarkRefused(Exception):
    """``code``: not_found, not_yours, outside (of the recording), empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class CommentView:
    """A remark at ``start``, or over the stretch up to ``end``."""

    comment_id: str
    recording_id: str
    start: float
    end: float | None
    text: str
    person: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ClipView:
    """A stretch of a recording that belongs to a ticket."""

    clip_id: str
    recording_id: str
    contact_id: str
    ticket_id: str
    start: float
    end: float
    title: str
    person: str
    made_at: datetime
    state: str
    """Of the recording: a clip of one that was deleted cannot be heard any more."""


@dataclass(frozen=True, slots=True)
class TalkView:
    """Who spoke how long, in seconds."""

    citizen_seconds: float
    other_seconds: float
    talk_over_seconds: float
    longest_silence: float
    talk_overs: list[list[float]]
    silences: list[list[float]]


def talk_of(session: Session, recording_id: str) -> TalkView | None:
    """What the waveform said about the conversation; None until the recording was taken into the index."""
    row = session.get(Talk, recording_id) if ID.fullmatch(recording_id) else None
    if row is None:
        return None
    return TalkView(
        row.citizen_seconds,
        row.other_seconds,
        row.talk_over_seconds,
        row.longest_silence,
        row.talk_overs,
        row.silences,
    )


def may_hear(session: Session, recording_id: str, person: str) -> bool:
    """False for a confidential caller's recording, except for the people named with it."""
    row = session.get(Recording, recording_id) if ID.fullmatch(recording_id) else None
    return row is None or not kept_from(session, row.contact_id, person)


def add_comment(
    session: Session,
    comment_id: str,
    recording_id: str,
    start: float,
    end: float | None,
    text: str,
    person: str,
    now: datetime,
) -> CommentView:
    """Puts a remark on a recording; under an id that is there already it is given back as it was made.

    Raises RemarkRefused, PlayRefused ("confidential").
    """
    _stretch(session, recording_id, start, end, person)
    if not text.strip():
        raise RemarkRefused("empty")
    before = session.get(Comment, comment_id)
    if before is not None:
        return _comment(before)
    row = Comment(
        comment_id=comment_id,
        recording_id=recording_id,
        start=round(start, 2),
        end=None if end is None else round(end, 2),
        text=text,
        person=person,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return _comment(row)


def comments_of(session: Session, recording_id: str) -> list[CommentView]:
    """The remarks on a recording in order of time."""
    rows = select(Comment).where(Comment.recording_id == recording_id, Comment.removed_at.is_(None))
    return [_comment(row) for row in session.scalars(rows.order_by(Comment.start, Comment.made_at))]


def remove_comment(session: Session, comment_id: str, person: str, now: datetime) -> None:
    """Takes one's own remark back.  Raises RemarkRefused."""
    row = session.get(Comment, comment_id) if ID.fullmatch(comment_id) else None
    if row is None or row.removed_at is not None:
        raise RemarkRefused("not_found")
    if row.person != person:
        raise RemarkRefused("not_yours")
    row.removed_at = now
    session.flush()


def attach_clip(
    session: Session,
    clip_id: str,
    recording_id: str,
    ticket_id: str,
    start: float,
    end: float,
    title: str,
    person: str,
    now: datetime,
) -> ClipView:
    """Attaches a stretch to a ticket (whose existence the caller has checked); the ledger says so.  Under an id that is
    there already it is given back as it was made.

    Raises RemarkRefused, PlayRefused ("confidential").
    """
    row = _stretch(session, recording_id, start, end, person)
    if end - start < SHORTEST_CLIP:
        raise RemarkRefused("outside")
    before = session.get(Clip, clip_id)
    if before is not None:
        return _clip(before, row)
    clip = Clip(
        clip_id=clip_id,
        recording_id=recording_id,
        ticket_id=ticket_id,
        start=round(start, 2),
        end=round(end, 2),
        title=title,
        person=person,
        made_at=now,
    )
    session.add(clip)
    body = {"clip_id": clip.clip_id, "ticket_id": ticket_id, "from": clip.start, "to": clip.end}
    ledger.append(session, "clipped", now, recording_id=recording_id, person=person, body=body)
    return _clip(clip, row)


def clips_of_ticket(session: Session, ticket_id: str) -> list[ClipView]:
    """The clips of a ticket in the order in which they were attached."""
    rows = session.execute(
        select(Clip, Recording)
        .join(Recording, Recording.recording_id == Clip.recording_id)
        .where(Clip.ticket_id == ticket_id)
        .order_by(Clip.made_at)
    )
    return [_clip(clip, row) for clip, row in rows]


def clips_of_recording(session: Session, recording_id: str) -> list[ClipView]:
    """The clips that were taken of a recording, in order of time."""
    row = session.get(Recording, recording_id) if ID.fullmatch(recording_id) else None
    if row is None:
        return []
    clips = session.scalars(select(Clip).where(Clip.recording_id == recording_id).order_by(Clip.start))
    return [_clip(clip, row) for clip in clips]


def _stretch(session: Session, recording_id: str, start: float, end: float | None, person: str) -> Recording:
    row = session.get(Recording, recording_id) if ID.fullmatch(recording_id) else None
    if row is None or row.state != "ready":
        raise RemarkRefused("not_found")
    if not may_hear(session, recording_id, person):
        raise PlayRefused("confidential")
    last = (row.seconds or 0.0) + 1.0  # players round up
    if not 0 <= start <= last or (end is not None and not start < end <= last):
        raise RemarkRefused("outside")
    return row


def _comment(row: Comment) -> CommentView:
    return CommentView(row.comment_id, row.recording_id, row.start, row.end, row.text, row.person, row.made_at)


def _clip(clip: Clip, row: Recording) -> ClipView:
    return ClipView(
        clip.clip_id,
        clip.recording_id,
        row.contact_id,
        clip.ticket_id,
        clip.start,
        clip.end,
        clip.title,
        clip.person,
        clip.made_at,
        row.state,
    )
