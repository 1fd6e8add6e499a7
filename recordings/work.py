"""Work rows: who puts recordings into the queue and how a worker takes one.

A claim is a lease: a worker that dies leaves a row whose lease runs out, and the next one takes over.  Whatever a
worker writes later carries its claim token, so a slow worker that lost its lease cannot overwrite the new one's work.
PostgreSQL skips rows that others hold; on SQLite the transaction itself is exclusive (BEGIN IMMEDIATE).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, UnaryExpression, and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from recordings.spool import ID, Kind, all_complete, at_rest, contacts_in, files_of
from recordings.tables import Recording, new_id

LEASE = timedelta(minutes=2)
"""How long a dead worker's row stays taken; a living one renews its claim every BEAT seconds."""
BEAT = 30.0
LONGEST_PAUSE = 600.0
"""Seconds between two tries of a row that keeps failing."""

CallOver = Callable[[Session, str], bool | None]
"""Tells for a contact id whether its call has ended; None when unknown."""


class InvalidContact(ValueError):
    """The contact id is no UUID in canonical lower-case form, so it can name no spool file."""


def enqueue(
    session: Session,
    contact_id: str,
    kind: Kind,
    now: datetime,
    *,
    started_at: datetime | None = None,
    expected_seconds: float | None = None,
    call_over: bool = True,
) -> str:
    """Asks for the recording of a contact to be finished; the same contact twice gives the same recording id.

    ``call_over`` False means that nobody saw the call end.  Raises InvalidContact.
    """
    if not ID.fullmatch(contact_id):
        raise InvalidContact("a contact id is a UUID")
    row = _latest(session, contact_id, kind) or _insert(session, contact_id, kind, 1, now)
    if call_over and not row.call_over:
        row.call_over = True
        if row.state == "waiting":
            row.next_try_at = now
    row.started_at = row.started_at or started_at
    row.expected_seconds = row.expected_seconds if expected_seconds is None else expected_seconds
    session.flush()
    return row.recording_id


def _insert(session: Session, contact_id: str, kind: str, part: int, now: datetime) -> Recording:
    """A new row, or the one that another process inserted a moment ago."""
    row = Recording(
        recording_id=new_id(),
        contact_id=contact_id,
        kind=kind,
        part=part,
        created_at=now,
        state="waiting",
        call_over=False,
        alarms=[],
        spool_files={},
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        other = _latest(session, contact_id, kind)
        if other is None:
            raise
        return other
    return row


def _latest(session: Session, contact_id: str, kind: str) -> Recording | None:
    return session.scalars(
        select(Recording)
        .where(Recording.contact_id == contact_id, Recording.kind == kind)
        .order_by(Recording.part.desc())
        .limit(1)
    ).first()


def sweep_spool(
    session: Session, folders: Mapping[Kind, Path], now: datetime, call_over: CallOver | None = None
) -> list[str]:
    """Finds finished files that nobody enqueued (a desk that was down, an Asterisk that was killed).

    Returns the ids of the recordings that were put into the queue.
    """
    found = []
    for kind, folder in folders.items():
        for contact_id in contacts_in(folder):
            if not at_rest(files_of(contact_id, kind, folder).values(), now.timestamp()):
                continue  # a call that goes on: hundreds of them cost no query and hold no lock
            row = _latest(session, contact_id, kind)
            if row is not None and _takes_care(row):
                continue
            over = row is not None or (call_over is not None and call_over(session, contact_id) is True)
            files = files_of(contact_id, kind, folder)
            # looked up after the row: what is gone by now was stored and dropped between the two looks
            if files and all_complete(files.values(), folder, now.timestamp(), over, kind):
                found.append(_take_up(session, row, contact_id, kind, now, over))
    return found


def _takes_care(row: Recording) -> bool:
    """Whether the row will still deal with the files that lie in the spool."""
    return row.state in ("waiting", "processing") or (row.state == "ready" and not row.spool_dropped)


def _take_up(session: Session, row: Recording | None, contact_id: str, kind: str, now: datetime, over: bool) -> str:
    if row is not None and row.state == "failed":
        row.state, row.problem, row.next_try_at, row.failures = "waiting", None, None, 0
        session.flush()
        return row.recording_id
    new = _insert(session, contact_id, kind, row.part + 1 if row else 1, now)
    new.call_over = new.call_over or over
    session.flush()
    return new.recording_id


def claim(session: Session, now: datetime) -> Recording | None:
    """Takes the row that has waited longest, for LEASE; None when there is nothing to do."""
    to_do = or_(
        Recording.state.in_(("waiting", "processing")),
        and_(Recording.state == "ready", Recording.spool_dropped.is_(False)),
    )
    row = _take(session, now, to_do, Recording.created_at.asc())
    if row is not None and row.state == "waiting":
        row.state = "processing"
        session.flush()
    return row


def claim_for_copy(session: Session, now: datetime) -> Recording | None:
    """Takes the newest stored recording that has no listening copy yet, for LEASE."""
    to_do = and_(Recording.listening == "waiting", Recording.state == "ready", Recording.spool_dropped.is_(True))
    return _take(session, now, to_do, Recording.created_at.desc())


def _take(
    session: Session, now: datetime, to_do: ColumnElement[bool], order: UnaryExpression[datetime]
) -> Recording | None:
    free = or_(Recording.claimed_until.is_(None), Recording.claimed_until < now)
    due = or_(Recording.next_try_at.is_(None), Recording.next_try_at <= now)
    found = select(Recording).where(to_do, free, due).order_by(order).limit(1).with_for_update(skip_locked=True)
    row = session.scalars(found).first()
    if row is None:
        return None
    row.claim_token, row.claimed_until = new_id(), now + LEASE
    row.attempts += 1
    session.flush()
    return row


BEHIND = timedelta(seconds=30)
"""A recording that could be finished and has not been for this long shows that the machine is not keeping up."""


def finaliser_is_behind(session: Session, now: datetime) -> bool:
    """Whether finished calls wait for the finaliser, so that less urgent work should leave it the machine."""
    waiting = (
        select(Recording.recording_id)
        .where(
            Recording.state == "waiting",
            Recording.problem.is_(None),
            Recording.call_over.is_(True),
            Recording.created_at < now - BEHIND,
            or_(Recording.next_try_at.is_(None), Recording.next_try_at < now - BEHIND),
        )
        .limit(1)
    )
    return session.scalars(waiting).first() is not None


def renew(session: Session, row: Recording, now: datetime) -> bool:
    """Holds the lease longer; False when another worker has the row by now."""
    return write_mine(session, row, {"claimed_until": now + LEASE})


def write_mine(session: Session, row: Recording, values: dict[str, object]) -> bool:
    done = session.execute(
        update(Recording)
        .where(Recording.recording_id == row.recording_id, Recording.claim_token == row.claim_token)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def finish(session: Session, row: Recording, values: dict[str, object]) -> bool:
    """Writes the result and gives the row back; False (and nothing written) when the lease was lost."""
    return write_mine(session, row, {**values, "claimed_until": None, "claim_token": None, "next_try_at": None})


def put_back(session: Session, row: Recording, now: datetime, problem: str | None, pause: float) -> bool:
    """Gives the row back for a later try in ``pause`` seconds; the recording waits, nothing is lost."""
    state = row.state if row.state == "ready" else "waiting"
    values: dict[str, object] = {
        "state": state,
        "problem": problem,
        "failures": row.failures + 1 if problem else row.failures,
        "next_try_at": now + timedelta(seconds=pause),
        "claimed_until": None,
        "claim_token": None,
    }
    return write_mine(session, row, values)


def pause_after(failures: int) -> float:
    """Seconds to wait after so many failed tries: 5, 10, 20 … 600."""
    return min(LONGEST_PAUSE, 5.0 * 2.0 ** min(failures, 10))
