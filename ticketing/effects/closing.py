"""Review, the caller's opinion, promises, closing, and what can come after it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import select

from ticketing.doing import Doing
from ticketing.effects.kind import Effect, Given, note, said
from ticketing.effects.working import reopen_work
from ticketing.tables_work import OpinionRow, ReportRow, WorkRow


def pass_review(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The centre accepts the units' results; the lead's public reply becomes the ticket's."""
    for work in doing.works:
        if work.status == "reported":
            doing.follow(work, "accept", "system", {})
    lead = doing.lead()
    if given.get("public_reply"):
        doing.row.public_reply = str(given["public_reply"])
    elif lead is not None:
        report = doing.session.scalars(
            select(ReportRow).where(ReportRow.work_id == lead.work_id).order_by(ReportRow.filed_at.desc()).limit(1)
        ).one_or_none()
        doing.row.public_reply = report.public_reply if report is not None else ""
    return said(given)


def redo(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Sent back to the units named, else to all whose result was not good enough."""
    wanted = given.get("works")
    redone = []
    for work in doing.works:
        fits = work.status in ("reported", "accepted") and work.parent_id is None
        if fits and (not wanted or work.work_id in wanted):
            doing.follow(work, "reopen_work", "system", {})
            redone.append(reopen_work(doing, work, given) | {"work_id": work.work_id, "unit": work.unit_id})
    doing.row.closed_at = doing.row.wake_at = None
    return said(given) | {"redone": redone}


def promise(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """To be taken up again when conditions have ripened."""
    doing.row.wake_at = given["wake_at"]
    return said(given)


def opinion(source: str) -> Effect:
    """What the caller says: on being called back, or unasked."""

    def kept(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
        doing.session.add(
            OpinionRow(
                opinion_id=str(uuid4()),
                ticket_id=doing.row.ticket_id,
                at=doing.now,
                by=doing.actor.user_id,
                source=source,
                outcome=given["outcome"],
                solved=given.get("solved"),
                contacted=given.get("contacted"),
                note=str(given.get("note") or ""),
            )
        )
        if given["outcome"] not in ("unreachable", "no_opinion"):
            doing.row.satisfaction = given["outcome"]
        return said(given)

    return kept


def close(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Closed; after a redo or a supervise order the centre's closing is its confirmation."""
    row = doing.row
    row.closed_at, row.wake_at = doing.now, None
    if any(work.redone for work in doing.works):
        row.settled = "confirmed_redo"
    elif any(order.kind == "supervise" for order in doing.orders):
        row.settled = "confirmed_supervise"
    for work in doing.works:
        if work.status == "reported":
            doing.follow(work, "accept", "system", {})
    asked = doing.version.rules.satisfaction
    if asked is not None and asked.every_closed and not row.no_reply:
        doing.emit("satisfaction_asked", None, via=asked.via)
    return said(given)


def reopened(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """No longer closed."""
    doing.row.closed_at = None
    return said(given)


def request_review(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The caller objects: one stage of review is used."""
    doing.row.reviews += 1
    rule = doing.version.rules.review
    stage = rule.kinds[doing.row.reviews - 1] if rule is not None else None
    return said(given) | {"stage": stage}


def rate_staff(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """What the caller says of who took the matter in; it says nothing of the handling and closes nothing."""
    return said(given) | {"about": doing.row.created_by}


def publish_reply(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """A problem common to many is answered through the media: that answer is the reply."""
    doing.row.public_reply = str(given["reply"])
    return said(given)


EFFECTS: dict[str, Effect] = {
    "pass_review": pass_review,
    "redo": redo,
    "promise": promise,
    "wake": redo,
    "call_back": opinion("callback"),
    "evaluate": opinion("citizen"),
    "rate_staff": rate_staff,
    "publish_reply": publish_reply,
    "take_higher": note,
    "close": close,
    "request_review": request_review,
    "uphold": note,
    "overturn": redo,
    "take_up_again": reopened,
    "archive": note,
}
