"""Who opened which recording, why, and which seconds were heard.

Nobody hears anything without a reason that is written down first; what was heard is told by the player while it
plays and goes into the ledger when it stops.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from recordings import ledger
from recordings.contacts import kept_from
from recordings.spool import ID
from recordings.tables import ContactNote, Play, Recording, new_id

SHORTEST_REASON = 2
"""Characters; "质检" is a reason."""
IDLE = timedelta(minutes=10)
"""A player that has said nothing for so long is closed."""

Purpose = Literal["play", "transcript", "export"]


class PlayRefused(Exception):
    """``code``: not_found, no_reason, confidential."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class PlayView:
    """One time that somebody opened a recording."""

    play_id: str
    recording_id: str
    contact_id: str
    person: str
    reason: str
    purpose: str
    began_at: datetime
    heard: tuple[tuple[float, float], ...]
    heard_seconds: float


def open_play(
    session: Session, recording_id: str, person: str, reason: str, now: datetime, purpose: Purpose = "play"
) -> str:
    """Writes down that ``person`` opens a recording and why; returns the id under which hearing is told.

    The caller has checked the person's permission; that a confidential caller's voice is for named people only is
    checked here.  Raises PlayRefused.
    """
    row = session.get(Recording, recording_id) if ID.fullmatch(recording_id) else None
    if row is None or row.state != "ready":
        raise PlayRefused("not_found")
    if len(reason.strip()) < SHORTEST_REASON:
        raise PlayRefused("no_reason")
    if kept_from(session, row.contact_id, person):
        raise PlayRefused("confidential")
    play = Play(
        play_id=new_id(),
        recording_id=recording_id,
        person=person,
        reason=reason,
        purpose=purpose,
        began_at=now,
        last_at=now,
        heard=[],
    )
    session.add(play)
    body = {"play_id": play.play_id, "purpose": purpose, "reason": reason}
    ledger.append(session, "opened", now, recording_id=recording_id, person=person, body=body)
    return play.play_id


def is_open(session: Session, play_id: str, recording_id: str, person: str, now: datetime) -> bool:
    """Whether ``person`` has opened this very recording under this id, and has not let it lie since.

    A caller who has become confidential meanwhile is not heard on.
    """
    play = session.get(Play, play_id) if ID.fullmatch(play_id) else None
    row = session.get(Recording, recording_id) if play is not None else None
    return (
        play is not None
        and row is not None
        and not kept_from(session, row.contact_id, person)
        and (play.person, play.recording_id) == (person, recording_id)
        and play.closed_at is None
        and now - play.last_at <= IDLE
        and play.purpose == "play"
    )


def heard(session: Session, play_id: str, person: str, start: float, end: float, now: datetime) -> bool:
    """The player tells a stretch that was heard; False when this person has no such play open."""
    play = session.get(Play, play_id) if ID.fullmatch(play_id) else None
    if play is None or play.person != person or play.closed_at is not None:
        return False
    if not 0 <= start < end < 10**6:
        return False
    play.heard = merged([*play.heard, [round(start, 2), round(end, 2)]])
    play.last_at = now
    session.flush()
    return True


def merged(spans: list[list[float]]) -> list[list[float]]:
    """The same seconds as few, sorted stretches; gaps under half a second are closed."""
    found: list[list[float]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + 0.5:
            found[-1] = [found[-1][0], max(found[-1][1], end)]
        else:
            found.append([start, end])
    return found


def close_play(session: Session, play_id: str, now: datetime, person: str | None = None) -> None:
    """The player was closed: what was heard goes into the ledger.  With ``person`` only that person's own."""
    play = session.get(Play, play_id) if ID.fullmatch(play_id) else None
    if play is None or play.closed_at is not None or person not in (None, play.person):
        return
    play.closed_at = now
    body = {"play_id": play.play_id, "heard": play.heard}
    ledger.append(session, "heard", now, recording_id=play.recording_id, person=play.person, body=body)


def close_idle_plays(session: Session, now: datetime, limit: int = 200) -> int:
    """Closes players that went away without a word; how many."""
    idle = session.scalars(
        select(Play.play_id).where(Play.closed_at.is_(None), Play.last_at < now - IDLE).limit(limit)
    ).all()
    for play_id in idle:
        close_play(session, play_id, now)
    return len(idle)


def plays_of_recording(session: Session, recording_id: str, limit: int = 200) -> list[PlayView]:
    """Who opened a recording, newest first."""
    found = select(Play, Recording.contact_id).join(Recording, Recording.recording_id == Play.recording_id)
    rows = session.execute(found.where(Play.recording_id == recording_id).order_by(Play.began_at.desc()).limit(limit))
    return [_view(play, contact_id) for play, contact_id in rows]


def plays_of_agent(session: Session, agent_id: str, since: datetime, limit: int = 200) -> list[PlayView]:
    """Who opened recordings in which this agent speaks: for the agent concerned to see, newest first."""
    rows = session.execute(
        select(Play, Recording.contact_id, ContactNote.agent_ids)
        .join(Recording, Recording.recording_id == Play.recording_id)
        .join(ContactNote, ContactNote.contact_id == Recording.contact_id)
        .where(Play.began_at >= since)
        .order_by(Play.began_at.desc())
    )
    found = []
    for play, contact_id, agent_ids in rows:
        if agent_id in agent_ids:
            found.append(_view(play, contact_id))
            if len(found) == limit:
                break
    return found


def _view(play: Play, contact_id: str) -> PlayView:
    spans = tuple((start, end) for start, end in play.heard)
    return PlayView(
        play.play_id,
        play.recording_id,
        contact_id,
        play.person,
        play.reason,
        play.purpose,
        play.began_at,
        spans,
        round(sum(end - start for start, end in spans), 2),
    )
