"""Duties across tickets, and those that belong to none: what the office must do, may do, and has done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from ticketing import ledger
from ticketing.access import may_see
from ticketing.case import Actor
from ticketing.model import Refused, Viewer
from ticketing.office import Office
from ticketing.tables import TicketRow
from ticketing.tables_work import DutyRow

DutyState = Literal["open", "done", "waived"]


@dataclass(frozen=True, slots=True)
class Duty:
    """An act that follows from a threshold, a finding or an assessment."""

    duty_id: str
    act: str
    mandatory: bool
    status: str
    unit_id: str | None
    ticket_id: str | None
    """None for what an assessment leads to."""
    number: str | None
    title: str | None
    confirm: tuple[str, ...]
    """What a person must confirm first."""
    src: tuple[str, ...]
    why: str
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class DutyPage:
    """Duties, the oldest of the open first, others the newest first."""

    duties: tuple[Duty, ...]
    next_cursor: str | None


def list_duties(
    session: Session,
    viewer: Viewer,
    *,
    status: DutyState = "open",
    unit: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> DutyPage:
    """What the office has to do, for its own people; nothing about a ticket that the viewer may not see."""
    if viewer.unit_id is not None or viewer.sees == "numbers":
        return DutyPage((), None)
    statement = (
        select(DutyRow, TicketRow.number, TicketRow.title)
        .outerjoin(TicketRow, TicketRow.ticket_id == DutyRow.ticket_id)
        .where(DutyRow.status == status, or_(DutyRow.ticket_id == "", may_see(viewer)))
    )
    if unit is not None:
        statement = statement.where(DutyRow.unit_id == unit)
    place = tuple_(DutyRow.created_at, DutyRow.duty_id)
    last = session.get(DutyRow, cursor) if cursor is not None else None
    if last is not None:
        here = tuple_(last.created_at, last.duty_id)
        statement = statement.where(place > here if status == "open" else place < here)
    order = (DutyRow.created_at, DutyRow.duty_id)
    ordered = order if status == "open" else tuple(one.desc() for one in order)
    found = session.execute(statement.order_by(*ordered).limit(limit + 1)).all()
    duties = tuple(_duty(row, number, title) for row, number, title in found[:limit])
    return DutyPage(duties, duties[-1].duty_id if len(found) > limit else None)


def decide_duty(
    session: Session, office: Office, actor: Actor, duty_id: str, done: bool, note: str, now: datetime
) -> Duty | Refused:
    """Says that what an assessment led to was done, or why it is not.  A ticket's own duties are its verbs."""
    verb = "carry_out_duty" if done else "waive_duty"
    if not office.may(actor, verb):
        return Refused("not_allowed", {"verb": verb})
    row = session.get(DutyRow, duty_id, with_for_update=True)
    if row is None or row.ticket_id != "":
        return Refused("not_found")
    if row.status != "open":
        return Refused("not_now", {"status": row.status, "verb": verb})
    if not done and not note.strip():
        return Refused("missing", {"needs": ["reason"]})
    row.status = "done" if done else "waived"
    row.decided_at, row.decided_by, row.note = now, actor.user_id, note.strip() or None
    said = {"duty": duty_id, "act": row.act, "unit": row.unit_id, "note": row.note}
    ledger.append(session, "assessment", "assessment", verb, said, by=actor.user_id, now=now)
    return _duty(row, None, None)


def _duty(row: DutyRow, number: str | None, title: str | None) -> Duty:
    return Duty(
        duty_id=row.duty_id,
        act=row.act,
        mandatory=row.mandatory,
        status=row.status,
        unit_id=row.unit_id,
        ticket_id=row.ticket_id or None,
        number=number,
        title=title,
        confirm=tuple(row.confirm),
        src=tuple(row.src),
        why=row.why,
        created_at=row.created_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        note=row.note,
    )
