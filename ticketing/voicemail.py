"""Voice messages as work: they come in once, are taken by one clerk, end with a ticket, a call back or a reason.

Nothing waits unheard: what is not done within the office's limit is told again and again (:func:`remind_voicemail`),
message by message to other programs, and once for all that wait to whoever keeps the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing.messages import WAITING
from ticketing.model import Refused
from ticketing.office import Office
from ticketing.outbox import put_all
from ticketing.rules.clock import Hours
from ticketing.tables import OutboxRow
from ticketing.tables_voicemail import VoicemailRow

Outcome = Literal["called_back", "no_action"]
Wanted = Literal["open", "done"]


@dataclass(frozen=True, slots=True)
class Voicemail:
    """One message as it stands."""

    voicemail_id: str
    """Also the id of its recording."""
    contact_id: str
    left_at: datetime
    seconds: float
    silent: bool
    section: str
    claimed_by: str | None
    claimed_at: datetime | None
    done_by: str | None
    done_at: datetime | None
    outcome: str | None
    ticket_id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class VoicemailWaiting:
    """How many messages nobody has dealt with, and since when the oldest waits."""

    open: int
    claimed: int
    oldest: datetime | None


def take_in_voicemail(
    session: Session,
    office: Office,
    voicemail_id: str,
    contact_id: str,
    left_at: datetime,
    seconds: float,
    *,
    silent: bool,
) -> Voicemail:
    """A message has been recorded.  The same id again changes nothing."""
    row = session.get(VoicemailRow, voicemail_id)
    if row is None:
        row = VoicemailRow(
            voicemail_id=voicemail_id,
            contact_id=contact_id,
            left_at=left_at,
            seconds=seconds,
            silent=silent,
            section=_section(session, office, left_at),
        )
        session.add(row)
        session.flush()
    return _value(row)


def _section(session: Session, office: Office, left_at: datetime) -> str:
    version = office.pack.in_force(left_at.astimezone(_zone(office)).date())
    hours = version.rules.hours
    if hours is None or not hours.voicemail_sections:
        return ""
    count = 0
    if hours.voicemail_turn == "message":
        count = session.scalar(select(func.count()).select_from(VoicemailRow)) or 0
    return section_of(hours, left_at.astimezone(_zone(office)), count)


def _zone(office: Office) -> ZoneInfo:
    return ZoneInfo(office.pack.versions[0].rules.counting.time_zone)


def section_of(hours: Hours, left_at: datetime, before: int) -> str:
    """Whose turn a message is that was left at that local time, after ``before`` others.

    The turn passes on with the day or the week of the calendar, so nobody keeps a list of turns.
    """
    sections = hours.voicemail_sections
    days = left_at.date().toordinal()  # day 1 was a Monday
    turn = {"message": before, "day": days, "week": (days - 1) // 7}[hours.voicemail_turn]
    return sections[turn % len(sections)]


def list_voicemail(
    session: Session, wanted: Wanted = "open", *, section: str | None = None, offset: int = 0, limit: int = 50
) -> list[Voicemail]:
    """Open messages, the oldest first; done ones, the newest first."""
    query = select(VoicemailRow)
    if wanted == "open":
        query = query.where(VoicemailRow.done_at.is_(None)).order_by(VoicemailRow.left_at, VoicemailRow.voicemail_id)
    else:
        query = query.where(VoicemailRow.done_at.is_not(None)).order_by(
            VoicemailRow.done_at.desc(), VoicemailRow.voicemail_id
        )
    if section is not None:
        query = query.where(VoicemailRow.section == section)
    return [_value(row) for row in session.scalars(query.offset(offset).limit(limit))]


def get_voicemail(session: Session, voicemail_id: str) -> Voicemail | None:
    """One message, or None."""
    row = session.get(VoicemailRow, voicemail_id)
    return None if row is None else _value(row)


def voicemail_waiting(session: Session) -> VoicemailWaiting:
    """What waits, in numbers."""
    counted = select(func.count(), func.count(VoicemailRow.claimed_by), func.min(VoicemailRow.left_at))
    waiting, claimed, oldest = session.execute(counted.where(VoicemailRow.done_at.is_(None))).one()
    return VoicemailWaiting(waiting, claimed, oldest)


def claim_voicemail(session: Session, voicemail_id: str, user_id: str, now: datetime) -> Voicemail | Refused | None:
    """The person takes the message; None when there is none, Refused when somebody else has it or it is done."""
    row = session.get(VoicemailRow, voicemail_id, with_for_update=True)
    if row is None:
        return None
    if row.done_at is not None:
        return Refused("already_done", {"outcome": row.outcome})
    if row.claimed_by not in (None, user_id):
        return Refused("taken", {"by": row.claimed_by})
    row.claimed_by, row.claimed_at = user_id, row.claimed_at or now
    session.flush()
    return _value(row)


def release_voicemail(
    session: Session, voicemail_id: str, user_id: str, *, anybodys: bool = False
) -> Voicemail | Refused | None:
    """Gives the message back; ``anybodys``: also one that somebody else has taken (a supervisor's right)."""
    row = session.get(VoicemailRow, voicemail_id, with_for_update=True)
    if row is None:
        return None
    if row.done_at is not None:
        return Refused("already_done", {"outcome": row.outcome})
    if row.claimed_by not in (None, user_id) and not anybodys:
        return Refused("taken", {"by": row.claimed_by})
    row.claimed_by = row.claimed_at = None
    session.flush()
    return _value(row)


def finish_voicemail(
    session: Session, voicemail_id: str, user_id: str, outcome: Outcome, reason: str, now: datetime
) -> Voicemail | Refused | None:
    """The message needs nothing more: the caller was called back, or ``reason`` says why nothing is done.

    Only for whoever has taken the message.  Again with the same outcome by the same person: the first one stands.
    """
    row = session.get(VoicemailRow, voicemail_id, with_for_update=True)
    if row is None:
        return None
    if row.done_at is not None:
        same = (row.done_by, row.outcome) == (user_id, outcome)
        return _value(row) if same else Refused("already_done", {"outcome": row.outcome})
    if row.claimed_by != user_id:
        return Refused("not_taken", {"by": row.claimed_by})
    if outcome == "no_action" and not reason.strip():
        return Refused("invalid_field", {"field": "reason", "problem": "missing"})
    _done(row, user_id, outcome, now)
    row.reason = reason.strip()
    session.flush()
    return _value(row)


def became_ticket(session: Session, contact_id: str, ticket_id: str, user_id: str, now: datetime) -> None:
    """A ticket was registered for this contact, or what it says added to one: its messages are dealt with, in the same
    transaction."""
    open_ones = select(VoicemailRow).where(VoicemailRow.contact_id == contact_id, VoicemailRow.done_at.is_(None))
    for row in session.scalars(open_ones.with_for_update()):
        _done(row, user_id, "ticket", now)
        row.ticket_id = ticket_id


def remind_voicemail(session: Session, now: datetime, limit: timedelta, most: int = 50) -> int:
    """Tells of messages that have waited longer than ``limit``, and again each time as much has passed; how many.

    Whoever keeps a section's list is told of all its late messages at once, no more often than that.
    """
    due = now - limit
    late = (
        select(VoicemailRow)
        .where(
            VoicemailRow.done_at.is_(None),
            VoicemailRow.left_at <= due,
            VoicemailRow.reminded_at.is_(None) | (VoicemailRow.reminded_at <= due),
        )
        .order_by(VoicemailRow.left_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows: Sequence[VoicemailRow] = session.scalars(late).all()
    for row in rows:
        row.reminded_at = now
    put_all(session, [("voicemail_overdue", _about(row, now)) for row in rows], now)
    if rows:
        put_all(session, [(WAITING, said) for said in _late_sections(session, now, due)], now)
    session.flush()
    return len(rows)


def _late_sections(session: Session, now: datetime, due: datetime) -> list[dict[str, object]]:
    """What waits past the limit, a line a section that was not told of since ``due``."""
    before = session.scalars(select(OutboxRow.body).where(OutboxRow.event == WAITING, OutboxRow.created_at > due))
    told = {body.get("section") for body in before}
    late = (
        select(VoicemailRow.section, func.count(), func.min(VoicemailRow.left_at))
        .where(VoicemailRow.done_at.is_(None), VoicemailRow.left_at <= due)
        .group_by(VoicemailRow.section)
        .order_by(VoicemailRow.section)
    )
    return [
        {"section": section, "messages": count, "waiting_minutes": int((now - oldest).total_seconds() // 60)}
        for section, count, oldest in session.execute(late)
        if section not in told
    ]


def _about(row: VoicemailRow, now: datetime) -> dict[str, object]:
    return {
        "voicemail_id": row.voicemail_id,
        "contact_id": row.contact_id,
        "section": row.section,
        "claimed_by": row.claimed_by,
        "waiting_minutes": int((now - row.left_at).total_seconds() // 60),
    }


def _done(row: VoicemailRow, user_id: str, outcome: str, now: datetime) -> None:
    row.done_by, row.done_at, row.outcome = user_id, now, outcome


def _value(row: VoicemailRow) -> Voicemail:
    return Voicemail(
        voicemail_id=row.voicemail_id,
        contact_id=row.contact_id,
        left_at=row.left_at,
        seconds=row.seconds,
        silent=row.silent,
        section=row.section,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        done_by=row.done_by,
        done_at=row.done_at,
        outcome=row.outcome,
        ticket_id=row.ticket_id,
        reason=row.reason,
    )
