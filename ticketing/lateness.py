"""What time has brought about for one matter: yellow, late, orders that ran out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ticketing import clock, sla
from ticketing.carrying import carry_out
from ticketing.case import SYSTEM
from ticketing.doing import Doing, work_value
from ticketing.duties import check_work
from ticketing.effects.kind import plan_check
from ticketing.model import Refused
from ticketing.office import Office
from ticketing.tables import TicketRow
from ticketing.tables_work import WorkRow


def is_behind(doing: Doing) -> bool:
    """Whether something became due that no sweep has noted yet."""
    return any(_due(doing, work) for work in doing.works) or _orders_due(doing)


def catch_up(session: Session, office: Office, row: TicketRow, now: datetime) -> None:
    """Notes what became due before somebody acts: a report that comes late is late, though no sweep came between."""
    doing = Doing(session, office, row, SYSTEM, now)
    for work in doing.works:
        if _due(doing, work):
            note_time(doing, work)
    if _orders_due(doing):
        expire_orders(Doing(session, office, row, SYSTEM, now))


def _due(doing: Doing, work: WorkRow) -> bool:
    return work.next_check is not None and work.next_check <= doing.now


def _orders_due(doing: Doing) -> bool:
    return any(
        order.expired is None and order.due_at is not None and sla.is_late(doing.now, order.due_at)
        for order in doing.orders
    )


def note_time(doing: Doing, work: WorkRow) -> str:
    """Notes the turn to yellow or to red of one work; where the platform urges by itself it does so now."""
    if not work_value(work).open or work.due_at is None or clock.standing(work.clock):
        work.next_check = None
        return "nothing"
    urge = doing.version.rules.urge
    automatic = urge is not None and bool(urge.automatic)
    late = sla.is_late(doing.now, work.due_at)
    if not work.warned:
        work.warned = True
        doing.emit("work_due_soon", work)
        doing.finish()
    if late:
        _system(doing, work, "becomes_overdue", {})
    if automatic:
        _system(doing, work, "urge" if late else "remind", {"text": "automatic"})
    plan_check(doing, work)
    return "overdue" if late else "yellow"


def _system(doing: Doing, work: WorkRow, verb: str, given: dict[str, Any]) -> None:
    """A verb of the system with its own records."""
    again = Doing(doing.session, doing.office, doing.row, SYSTEM, doing.now)
    refused = carry_out(again, verb, work.work_id, given)
    if isinstance(refused, Refused):
        raise RuntimeError(f"the table does not let the system do {verb}: {refused.reason}")


def expire_orders(doing: Doing) -> int:
    """Judges the supervise orders whose own limit has passed: was the result still owed?"""
    owed = 0
    for order in doing.orders:
        if order.expired is not None or order.due_at is None or not sla.is_late(doing.now, order.due_at):
            continue
        work = doing.work(order.work_id)
        order.expired = work is not None and work_value(work).open
        if work is not None and order.expired:
            owed += 1
            doing.line("supervise", "order_expired", {"order_id": order.order_id, "unit": order.unit_id})
            doing.emit("supervise_order_expired", work, order_id=order.order_id)
            check_work(doing, work)
    doing.finish()
    return owed
