"""Reminding, urging and supervising: three ledgers that are never mixed (C10)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from ticketing import sla
from ticketing.deadlines import how_counted
from ticketing.doing import Doing
from ticketing.effects.kind import Effect, Given, needed, said
from ticketing.tables_work import OrderRow, WorkRow


def order(kind: str) -> Effect:
    """An order to a unit; a supervise order may set a limit of its own."""

    def ordered(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
        row = needed(work)
        days = given.get("days") if kind == "supervise" else None
        due = None
        if kind == "supervise":
            _still_owed(doing, row)
        if days is not None:
            supervise = doing.version.rules.supervise
            article = "; ".join(supervise.src) if supervise else None
            limit = sla.Limit(days, article=article)
            due = sla.due(doing.now, limit, how_counted(doing.version.rules.counting), doing.office.calendar).due
        made = OrderRow(
            order_id=str(uuid4()),
            serial=len(doing.orders) + 1,
            ticket_id=row.ticket_id,
            work_id=row.work_id,
            unit_id=row.unit_id,
            kind=kind,
            form=given.get("form"),
            ground=given.get("ground"),
            opinion=str(given.get("opinion") or given.get("text") or ""),
            status="open" if kind == "supervise" else "done",
            issued_at=doing.now,
            issued_by=doing.actor.user_id,
            due_at=due,
        )
        doing.session.add(made)
        doing.orders.append(made)
        return said(given) | {"order_id": made.order_id, "due_at": due.isoformat() if due else None}

    return ordered


def answer_supervision(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The unit answers the order."""
    made = _order(doing, given)
    made.status, made.answer = "answered", given["text"]
    return said(given)


def evaluate_supervision(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The office judges the result of the order."""
    made = _order(doing, given)
    made.status, made.evaluation = "evaluated", given["evaluation"]
    if given.get("rectified") is not None:
        made.expired = not given["rectified"]
    return said(given)


def _still_owed(doing: Doing, work: WorkRow) -> None:
    """Earlier orders without a limit of their own were not followed: another one is needed."""
    for order in doing.orders:
        if (order.work_id, order.kind, order.due_at, order.expired) == (work.work_id, "supervise", None, None):
            order.expired = True


def becomes_overdue(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Late since its due date, whenever the sweep came by."""
    row = needed(work)
    row.overdue = True
    return said(given) | {"due_at": row.due_at.isoformat() if row.due_at else None}


def _order(doing: Doing, given: Given) -> OrderRow:
    return next(one for one in doing.orders if one.order_id == given["order"])


EFFECTS: dict[str, Effect] = {
    "remind": order("remind"),
    "urge": order("urge"),
    "supervise": order("supervise"),
    "answer_supervision": answer_supervision,
    "evaluate_supervision": evaluate_supervision,
    "becomes_overdue": becomes_overdue,
}
