"""What time alone brings about: turning yellow, becoming late, expired orders, promises that wake up.

The worker calls :func:`sweep` again and again; each call does a bounded piece of work in one transaction and looks only
at what an index says is due, so an office with a million open tickets costs no more than one with a hundred.
Several workers may sweep at once: rows are claimed with SKIP LOCKED.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ticketing import sla
from ticketing.carrying import carry_out
from ticketing.case import SYSTEM
from ticketing.doing import Doing, work_value
from ticketing.effects.kind import set_clock
from ticketing.lateness import expire_orders, note_time
from ticketing.ledger import chain_of
from ticketing.office import Office
from ticketing.rules import Rules
from ticketing.sweep_notes import DUE_WORKS as _DUE
from ticketing.sweep_notes import note_together
from ticketing.tables import TicketRow
from ticketing.tables_work import OrderRow, WorkRow


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each were found due."""

    yellow: int = 0
    overdue: int = 0
    expired: int = 0
    woken: int = 0

    def __bool__(self) -> bool:
        return bool(self.yellow or self.overdue or self.expired or self.woken)


def sweep(session: Session, office: Office, now: datetime, limit: int = 50) -> Swept:
    """Up to ``limit`` works, else orders, else promises that became due; call again while it finds any."""
    return (
        _works(session, office, now, limit)
        or _orders(session, office, now, limit)
        or _promises(session, office, now, limit)
    )


def _works(session: Session, office: Office, now: datetime, limit: int) -> Swept:
    """Works that turned yellow or red.

    Where nothing but a note follows they are noted together; where a pack lets more follow from being late (a duty,
    an automatic urge) each goes its own way through the workflow.
    """
    plain: list[Any] = []
    special: set[str] = set()
    for due in session.connection().execute(_DUE, {"now": now, "most": limit}):
        if _more_follows(office.version_of(due.pack_version, due.created_at).rules):
            special.add(due.ticket_id)
        else:
            plain.append(due)
    found = note_together(session, plain, now)
    ids = select(TicketRow.ticket_id).where(TicketRow.ticket_id.in_(special))
    for row in _claimed(session, ids, limit):
        doing = Doing(session, office, row, SYSTEM, now)
        found += [
            note_time(doing, work) for work in doing.works if work.next_check is not None and work.next_check <= now
        ]
    return Swept(yellow=found.count("yellow"), overdue=found.count("overdue"))


def _more_follows(rules: Rules) -> bool:
    """Whether being late brings more than a note: a duty, or an urge by the platform itself."""
    automatic = rules.urge is not None and bool(rules.urge.automatic)
    return automatic or any(rule.counts == "overdue" for rule in rules.consequence)


def _orders(session: Session, office: Office, now: datetime, limit: int) -> Swept:
    passed = OrderRow.due_at <= now - sla.SECOND
    due = select(OrderRow.ticket_id).where(OrderRow.expired.is_(None), passed).order_by(OrderRow.due_at)
    rows = _claimed(session, due, limit)
    return Swept(expired=sum(expire_orders(Doing(session, office, row, SYSTEM, now)) for row in rows))


def _promises(session: Session, office: Office, now: datetime, limit: int) -> Swept:
    due = select(TicketRow.ticket_id).where(TicketRow.phase == "promised", TicketRow.wake_at <= now)
    woken = [
        carry_out(Doing(session, office, row, SYSTEM, now), "wake", None, {}) for row in _claimed(session, due, limit)
    ]
    return Swept(woken=woken.count(None))


def recompute(
    session: Session, office: Office, now: datetime, after: str = "", limit: int = 200, every: bool = False
) -> tuple[int, str | None]:
    """Computes provisional dates again after a year's calendar was loaded (C13), a page of tickets at a time.

    With ``every`` all running dates and lights: after an announced year was changed, or the lights' parameters.

    Returns how many tickets moved and where to go on (``after`` of the next call), None at the end.  Dates whose year
    is still unknown stay provisional.
    """
    waiting = select(WorkRow.ticket_id).where(WorkRow.ended_at.is_(None), WorkRow.due_at.is_not(None))
    if not every:
        waiting = waiting.where(WorkRow.provisional.is_(True))
    page = waiting.where(WorkRow.ticket_id > after).distinct().order_by(WorkRow.ticket_id)
    ids = session.scalars(page.limit(limit)).all()
    moved = 0
    for row in _claimed(session, select(TicketRow.ticket_id).where(TicketRow.ticket_id.in_(ids)), limit, wait=True):
        doing = Doing(session, office, row, SYSTEM, now)
        changed = [_again(doing, work) for work in doing.works if (every or work.provisional) and work_value(work).open]
        if any(changed):
            doing.line("history", "due_date_changed", {"works": [one for one in changed if one], "why": "calendar"})
            row.version, row.updated_at = row.version + 1, now
            doing.finish()
            moved += 1
    return moved, ids[-1] if len(ids) == limit else None


def _again(doing: Doing, work: WorkRow) -> dict[str, Any] | None:
    """One work's dates by the calendar as it is now; None when nothing changed."""
    before = (work.due_at, work.provisional)
    if "limit" not in work.clock:
        return None
    set_clock(doing, work, work.clock)
    if (work.due_at, work.provisional) == before:
        doing.project()
        return None
    doing.emit("due_date_changed", work)
    return {"work_id": work.work_id, "unit": work.unit_id, "from": before[0], "to": work.due_at}


def _claimed(session: Session, ids: Select[Any], limit: int, wait: bool = False) -> list[TicketRow]:
    """The tickets' rows, locked; those another worker or a command has just now are left for the next time.

    They come in the order of their ledger chains: whoever writes several tickets takes the chains' locks in one order.
    """
    wanted = list(dict.fromkeys(session.scalars(ids.limit(limit))))
    if not wanted:
        return []
    statement = select(TicketRow).where(TicketRow.ticket_id.in_(wanted)).with_for_update(skip_locked=not wait)
    rows = session.scalars(statement.execution_options(populate_existing=True))
    return sorted(rows, key=lambda row: chain_of(row.ticket_id))
