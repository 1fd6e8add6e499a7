"""Requests of a unit (return, more time, termination) and the rulings on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from ticketing import clock
from ticketing.deadlines import how_counted
from ticketing.doing import Doing
from ticketing.effects.dispatching import below, end_work
from ticketing.effects.kind import Effect, Given, needed, said, set_clock
from ticketing.sla import Limit, extend
from ticketing.tables_work import RequestRow, WorkRow


def file(kind: str) -> Effect:
    """The unit files a request; the clock goes on unless the pack stops it meanwhile (C8)."""

    def filed(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
        row = needed(work)
        request = RequestRow(
            request_id=str(uuid4()),
            serial=len(doing.requests) + 1,
            ticket_id=row.ticket_id,
            work_id=row.work_id,
            kind=kind,
            reason=str(given.get("reason") or ""),
            days=given.get("days"),
            status="pending",
            filed_at=doing.now,
            filed_by=doing.actor.user_id,
        )
        doing.session.add(request)
        doing.requests.append(request)
        if any(rule.while_ == row.status for rule in doing.version.rules.pause):
            set_clock(doing, row, clock.paused(row.clock, doing.now, row.status))
        return said(given) | {"request_id": request.request_id}

    return filed


def rule(kind: str, approved: bool, then: Callable[[Doing, WorkRow, RequestRow, Given], None]) -> Effect:
    """The centre, or the unit above, rules on it."""

    def ruled(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
        row = needed(work)
        request = next(
            one for one in doing.requests if (one.work_id, one.kind, one.status) == (row.work_id, kind, "pending")
        )
        request.status = "approved" if approved else "refused"
        request.decided_at, request.decided_by = doing.now, doing.actor.user_id
        request.ruling = str(given.get("ruling") or "") or None
        _resume(doing, row)
        then(doing, row, request, given)
        body = said(given) | {"request_id": request.request_id, "approved": approved}
        return body | {"due_at": row.due_at.isoformat() if row.due_at else None}

    return ruled


def drop(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The unit takes its request back."""
    row = needed(work)
    for request in doing.requests:
        if request.work_id == row.work_id and request.status == "pending":
            request.status, request.decided_at, request.decided_by = "dropped", doing.now, doing.actor.user_id
    _resume(doing, row)
    return said(given)


def _resume(doing: Doing, work: WorkRow) -> None:
    if work.clock.get("limit") is not None and clock.standing(work.clock):
        set_clock(doing, work, clock.resumed(work.clock, doing.now))


def _end(doing: Doing, work: WorkRow, _request: RequestRow, _given: Given) -> None:
    end_work(doing, work)


def _lock(_doing: Doing, work: WorkRow, _request: RequestRow, _given: Given) -> None:
    """A refused return is settled: the unit keeps the matter."""
    work.locked = "refused"


def _nothing(_doing: Doing, _work: WorkRow, _request: RequestRow, _given: Given) -> None:
    """A refusal changes nothing: late stays late since the old date."""


def _extend(doing: Doing, work: WorkRow, request: RequestRow, given: Given) -> None:
    """Counted from the old due date; the citizen's date moves by as much."""
    rules = doing.version.rules
    rule_of = rules.extension
    assert rule_of is not None
    days = int(given.get("days") or request.days or 0)
    article = "; ".join(rule_of.src)
    request.days = days
    work.extensions += 1
    longer = clock.extended(work.clock, days, rule_of.unit, doing.now, article)
    set_clock(doing, work, below(doing, work, longer))
    citizen = doing.row.citizen_due_at
    if citizen is not None and work.role == "lead" and work.parent_id is None:
        limit = Limit(days, rule_of.unit, article=article)
        later = extend(citizen, limit, how_counted(rules.counting), doing.office.calendar, doing.now)
        doing.row.citizen_due_at = later.due


EFFECTS: dict[str, Effect] = {
    "request_return": file("return"),
    "approve_return": rule("return", True, _end),
    "refuse_return": rule("return", False, _lock),
    "request_extension": file("extension"),
    "approve_extension": rule("extension", True, _extend),
    "refuse_extension": rule("extension", False, _nothing),
    "request_termination": file("termination"),
    "approve_termination": rule("termination", True, _end),
    "refuse_termination": rule("termination", False, _nothing),
    "drop_request": drop,
}
