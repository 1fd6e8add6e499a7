"""What a unit does: signs, handles, answers item by item, explains, reports; what the unit above reviews."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from ticketing import clock
from ticketing.doing import Doing, work_value
from ticketing.effects.dispatching import below, start_clock
from ticketing.effects.kind import Effect, Given, needed, note, said, set_clock, stop_clock
from ticketing.guards.time import account_step
from ticketing.tables_work import ReportRow, WorkRow

REPORT_BODY = (
    "signature",
    "signature_file",
    "seal",
    "seal_file",
    "leader",
    "attachments",
    "attachments_covered",
    "answered_via",
    "answered_note",
    "satisfaction",
    "satisfaction_note",
    "plan",
    "closing_report",
)
"""What a report holds beside its texts: names, file ids of pictures of signature and seal, the caller's opinion."""


def sign(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Signed for; in a city whose clock waits for it the clock starts now."""
    row = needed(work)
    row.signed_at = doing.now
    if row.clock.get("status") == "waits_for_signature":
        start_clock(doing, row, doing.now, row.clock["days"], row.clock["basis"])
    return said(given)


def save_item(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
    """One item's result, with evidence and the law it rests on."""
    _answer_item(doing, needed(work), given)
    return said(given)


def explain(_doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Why it takes longer: moves no date, but where the regulation says so it is not urged any more."""
    needed(work).explained = True
    return said(given)


def demand_account(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The caller wants to know why it is late, or why the result is what it is."""
    row = needed(work)
    row.account_step = account_step(work_value(row), doing.row.phase, doing.version.rules, doing.now)
    row.account_asked_at, row.account = doing.now, None
    return said(given) | {"step": row.account_step}


def give_account(_doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The unit's answer, for the caller to read."""
    needed(work).account = str(given["text"])
    return said(given)


def report(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The unit's result; a pending request of the unit falls with it."""
    row = needed(work)
    for one in given.get("item_results", ()):
        _answer_item(doing, row, one)
    filed = ReportRow(
        report_id=str(uuid4()),
        ticket_id=row.ticket_id,
        work_id=row.work_id,
        filed_at=doing.now,
        filed_by=doing.actor.user_id,
        result=given["result"],
        public_reply=str(given.get("public_reply") or ""),
        resolved=given.get("resolved"),
        body={name: said({name: given[name]})[name] for name in REPORT_BODY if given.get(name) is not None}
        | ({"approved_by": doing.found["approved_by"]} if doing.found.get("approved_by") else {}),
    )
    doing.session.add(filed)
    row.reported_at = doing.now
    for request in doing.requests:
        if request.work_id == row.work_id and request.status == "pending":
            request.status, request.decided_at, request.decided_by = "dropped", doing.now, doing.actor.user_id
    stop_clock(row)
    return said(given) | {"report_id": filed.report_id}


def reopen_work(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
    """To be done again: the same limit runs anew from now, or the days ordered where the centre sets them."""
    row = needed(work)
    row.redone += 1
    row.reported_at = None
    row.explained = row.overdue = row.warned = False
    row.account_step = None
    if row.clock.get("limit") is not None:
        free = row.clock["status"] in ("set", "law")
        set_clock(
            doing, row, below(doing, row, clock.restarted(row.clock, doing.now, given.get("days") if free else None))
        )
    return said(given) | {"due_at": row.due_at.isoformat() if row.due_at else None}


def redo_sub(doing: Doing, work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The unit above is not content with what came from below."""
    wanted = given.get("works")
    redone = []
    for child in doing.children(needed(work).work_id):
        if child.status == "reported" and (not wanted or child.work_id in wanted):
            doing.follow(child, "reopen_work", "system", {})
            redone.append(reopen_work(doing, child, given) | {"work_id": child.work_id})
    return said(given) | {"redone": redone}


def _answer_item(doing: Doing, work: WorkRow, given: Given) -> None:
    for item in doing.items:
        if item.ordinal == given["item"]:
            item.result = given["result"]
            item.evidence, item.law_basis = given.get("evidence"), given.get("law_basis")
            item.resolved, item.by_unit = given.get("resolved"), work.unit_id


EFFECTS: dict[str, Effect] = {
    "sign": sign,
    "start": note,
    "contact_caller": note,
    "report_common": note,
    "demand_records": note,
    "submit_records": note,
    "demand_account": demand_account,
    "give_account": give_account,
    "save_item": save_item,
    "explain": explain,
    "approve_result": note,
    "report": report,
    "accept": note,
    "reopen_work": reopen_work,
    "pass_sub": note,
    "redo_sub": redo_sub,
}
