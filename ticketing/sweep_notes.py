"""Noting thousands of works that turned yellow or red at the same midnight in a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from ticketing import clock, sla
from ticketing.case import OPEN_WORK
from ticketing.doing import about_ticket
from ticketing.ledger import Line, append_many
from ticketing.outbox import put_all
from ticketing.tables import TicketRow
from ticketing.tables_work import WorkRow

_WORKS, _TICKETS = cast(Table, WorkRow.__table__), cast(Table, TicketRow.__table__)

DUE_WORKS = (
    select(
        _WORKS.c.work_id,
        _WORKS.c.unit_id,
        _WORKS.c.status.label("work_status"),
        _WORKS.c.clock,
        _WORKS.c.due_at,
        _WORKS.c.warned,
        _TICKETS.c.ticket_id,
        _TICKETS.c.number,
        _TICKETS.c.status,
        _TICKETS.c.version,
        _TICKETS.c.pack_version,
        _TICKETS.c.created_at,
        _TICKETS.c.accused_unit,
        _TICKETS.c.accused_person,
        _TICKETS.c.confidential,
    )
    .join_from(_WORKS, _TICKETS, _WORKS.c.ticket_id == _TICKETS.c.ticket_id)
    .where(_WORKS.c.next_check <= bindparam("now"))
    .order_by(_WORKS.c.next_check)
    .limit(bindparam("most"))
    .with_for_update(of=_TICKETS, skip_locked=True)
)
"""Works that must be looked at, with their tickets, locked; those somebody works on just now are left for later."""
_NOTE_WORK = (
    update(_WORKS)
    .where(_WORKS.c.work_id == bindparam("id"))
    .values(warned=True, overdue=bindparam("late"), next_check=bindparam("next"))
)
_NOTE_TICKET = (
    update(_TICKETS)
    .where(_TICKETS.c.ticket_id == bindparam("id"))
    .values(version=_TICKETS.c.version + 1, updated_at=bindparam("at"))
)


def note_together(session: Session, rows: Sequence[Any], now: datetime) -> list[str]:
    """Writes down what each of the works turned into: ``yellow``, ``overdue`` or ``nothing``."""
    found: list[str] = []
    works: list[dict[str, Any]] = []
    lines: list[tuple[str, Line]] = []
    events: list[tuple[str, dict[str, Any]]] = []
    for row in rows:
        turned = _turned(row, now)
        found.append(turned)
        waits = row.due_at + sla.SECOND if turned == "yellow" else None
        works.append({"id": row.work_id, "late": turned == "overdue", "next": waits})
        about = about_ticket(row) | {"work_id": row.work_id, "unit": row.unit_id}
        if turned != "nothing" and not row.warned:
            events.append(("work_due_soon", about))
        if turned == "overdue":
            events.append(("work_overdue", about | {"version": row.version + 1}))
            said = {"work_id": row.work_id, "unit": row.unit_id, "due_at": row.due_at}
            lines += [(row.ticket_id, Line(name, "becomes_overdue", said, "system")) for name in ("history", "overdue")]
    connection = session.connection()
    if works:
        connection.execute(_NOTE_WORK, works)
    late = {ticket_id for ticket_id, _line in lines}
    if late:
        connection.execute(_NOTE_TICKET, [{"id": ticket_id, "at": now} for ticket_id in sorted(late)])
    put_all(session, events, now)
    append_many(session, lines, now)
    session.expire_all()
    return found


def _turned(row: Any, now: datetime) -> str:
    if row.work_status not in OPEN_WORK or row.due_at is None or clock.standing(row.clock):
        return "nothing"
    return "overdue" if sla.is_late(now, row.due_at) else "yellow"
