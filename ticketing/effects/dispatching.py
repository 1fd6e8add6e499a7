"""Giving a matter to units, at the centre and further down, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from ticketing import clock
from ticketing.deadlines import Question, ask, how_counted
from ticketing.doing import Doing, work_value
from ticketing.effects.kind import Effect, Given, needed, note, said, set_clock, stop_clock
from ticketing.guards.dispatch import orders_of, own_mode
from ticketing.sla import elapsed
from ticketing.tables_work import WorkRow


def dispatch(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """A work for each unit; the clock starts with the delivery to its inbox (C5)."""
    entries = orders_of(given, doing.lead() is not None)
    works = [_deliver(doing, entry, None) for entry in entries]
    lead = next((work for work in works if work.role == "lead"), None)
    if lead is not None:
        doing.row.mode = lead.mode
        _citizens_clock(doing, lead)
    return {"given": said(given), "works": [_summary(work) for work in works]}


def sub_dispatch(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The unit passes its work on; its own clock goes on."""
    works = [_deliver(doing, entry, needed(work)) for entry in orders_of(given)]
    return {"given": said(given), "works": [_summary(one) for one in works]}


def withdraw(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Taken back; what was passed down goes with it."""
    end_work(doing, needed(work))
    return said(given)


def end_work(doing: Doing, work: WorkRow) -> None:
    """Ends a work without a result, with everything below it."""
    work.ended_at = doing.now
    stop_clock(work)
    for request in doing.requests:
        if request.work_id == work.work_id and request.status == "pending":
            request.status, request.decided_at, request.decided_by = "dropped", doing.now, doing.actor.user_id
    for child in doing.children(work.work_id):
        if work_value(child).open:
            doing.follow(child, "withdraw", "upper", {"reason": "the work above it ended"})
            end_work(doing, child)


def start_clock(doing: Doing, work: WorkRow, start: datetime, days: int | None, basis: str | None) -> None:
    """The unit's clock from ``start``; the pack may start it only at the signature (C5)."""
    question = _question(doing, work, start, days, basis)
    data = clock.begin(doing.version.rules, question, doing.office.calendar, doing.version.id)
    if work.parent_id is not None and days is not None:
        data = clock.agreed(data, days)
    data["days"], data["basis"] = days, basis
    left = _left_over(doing, work, data)
    if left is not None:
        data["limit"] = {**data["limit"], "amount": left, "target": None}
    set_clock(doing, work, below(doing, work, data))


def below(doing: Doing, work: WorkRow, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The clock of a unit that was passed the work, bound by the unit above it as that stands now."""
    if work.parent_id is None:
        return data
    above = next(one for one in doing.works if one.work_id == work.parent_id)
    return clock.bounded(data, above.due_at, doing.now)


def rebase_clock(doing: Doing, work: WorkRow) -> None:
    """The clock of the version that holds now, from the same start, with what was granted and with its pauses."""
    before = work.clock
    question = _question(doing, work, datetime.fromisoformat(before["start"]), before.get("days"), before.get("basis"))
    data = clock.begin(doing.version.rules, question, doing.office.calendar, doing.version.id)
    kept = {name: before[name] for name in ("extensions", "pauses", "days", "basis", "no_later") if name in before}
    set_clock(doing, work, data | kept)


def designate(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Decided with the departments or designated: where the regulation says so it cannot be returned any more."""
    needed(work).locked = given["how"]
    return said(given)


def _deliver(doing: Doing, entry: Mapping[str, Any], parent: WorkRow | None) -> WorkRow:
    rules, now = doing.version.rules, doing.now
    work = WorkRow(
        work_id=str(uuid4()),
        serial=len(doing.works) + 1,
        ticket_id=doing.row.ticket_id,
        parent_id=parent.work_id if parent is not None else None,
        unit_id=entry["unit"],
        role=entry["role"],
        depth=parent.depth + 1 if parent is not None else 1,
        status="new",
        mode=entry["mode"] or (parent.mode if parent is not None else own_mode(doing.row.channel)),
        items=list(entry["items"] or [item.ordinal for item in doing.items]),
        attachments=list(entry.get("attachments") or doing.row.attachments),
        delivered_at=now,
        delivered_by=doing.actor.user_id,
        clock={},
        extensions=0,
        locked=entry.get("locked"),
        explained=False,
        overdue=False,
        warned=False,
        provisional=False,
        redone=0,
    )
    doing.works.append(work)
    if rules.counting.unit_clock_from == "delivery":
        start_clock(doing, work, now, entry["days"], entry["basis"])
    else:
        work.clock = {"status": "waits_for_signature", "days": entry["days"], "basis": entry["basis"]}
    work.sign_due_at = _sign_due(doing, work)
    work.return_due_at = _due(doing, Question(now, "return"))
    doing.session.add(work)
    doing.follow(work, "deliver", "system", {})
    return work


def _sign_due(doing: Doing, work: WorkRow) -> datetime | None:
    """By when the unit signs; where a regulation has it accept (受理) within a time, the signature is that act."""
    signing = Question(doing.now, "sign", work.mode, doing.row.kind, doing.row.origin)
    return _due(doing, signing) or _due(doing, replace(signing, step="accept"))


def _due(doing: Doing, question: Question) -> datetime | None:
    answer = ask(doing.version.rules, question, doing.office.calendar)
    return answer.due.due if answer.due is not None else None


def _question(doing: Doing, work: WorkRow, start: datetime, days: int | None, basis: str | None) -> Question:
    return Question(start, "handle", work.mode, doing.row.kind, doing.row.origin, days, basis)


def _left_over(doing: Doing, work: WorkRow, data: Mapping[str, Any]) -> int | None:
    """What the unit before left of the limit, where a pack does not give each unit a full one (C9)."""
    counting = doing.version.rules.counting
    limit = data["limit"]
    if counting.redispatch == "full" or limit is None or limit["unit"] != "wd" or work.parent_id is not None:
        return None
    used = 0
    for earlier in doing.works:
        if earlier.status == "returned" and earlier.parent_id is None and earlier.ended_at is not None:
            used += elapsed(earlier.delivered_at, earlier.ended_at, how_counted(counting), doing.office.calendar)
    return max(1, limit["amount"] - used) if used else None


def _citizens_clock(doing: Doing, lead: WorkRow) -> None:
    """The same limit from acceptance; it is set once and never restarts (C9)."""
    if doing.row.citizen_due_at is not None or not lead.clock.get("limit"):
        return
    data = clock.restarted(lead.clock, doing.row.created_at)
    doing.row.citizen_due_at = clock.times(data, doing.version.rules, doing.office.calendar).due_at


def _summary(work: WorkRow) -> dict[str, Any]:
    value = work_value(work)
    return {
        "work_id": value.work_id,
        "unit": value.unit_id,
        "role": value.role,
        "mode": value.mode,
        "due_at": value.due_at,
        "provisional": value.provisional,
        "articles": work.clock.get("src", []),
        "limit": work.clock.get("status"),
    }


EFFECTS: dict[str, Effect] = {
    "dispatch": dispatch,
    "add_unit": dispatch,
    "deliver": note,
    "sub_dispatch": sub_dispatch,
    "withdraw": withdraw,
    "designate": designate,
    "all_reported": note,
    "given_back": note,
    "ended": note,
    "subs_done": note,
    "subs_ended": note,
}
