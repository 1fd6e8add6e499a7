"""What a verb's guards must know that does not stand in the ticket's own rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.access import viewer_of, visible
from ticketing.doing import Doing, ticket_value
from ticketing.guards.matter import PICTURES
from ticketing.tables import LedgerRow, TicketRow
from ticketing.tables_attachment import AttachmentRow
from ticketing.tables_work import DutyRow, MeetingRow, ReportRow, WorkRow

PRINTABLE = ("image/png", "image/jpeg")
"""Pictures that a Word file shows."""


def look_up(doing: Doing, verb: str, given: Mapping[str, Any], work: WorkRow | None = None) -> None:
    """Fills ``doing.found`` for the verb."""
    if verb in ("merge", "link"):
        _target(doing, given.get("into" if verb == "merge" else "to"))
    elif verb in ("carry_out_duty", "waive_duty"):
        duty = doing.session.get(DutyRow, str(given.get("duty")))
        if duty is not None and duty.ticket_id == doing.row.ticket_id and duty.status == "open":
            doing.found |= {"duty": duty.duty_id, "duty_act": duty.act, "duty_confirm": tuple(duty.confirm)}
    elif verb == "record_attendance":
        meeting = doing.session.get(MeetingRow, str(given.get("meeting")))
        if meeting is not None and meeting.ticket_id == doing.row.ticket_id:
            doing.found["meeting_units"] = tuple(meeting.units)
    elif verb == "rebase":
        doing.found["versions"] = tuple(version.id for version in doing.office.pack.versions)
    elif verb == "close":
        doing.found["closing_report"] = _closing_report(doing)
    elif verb == "report_emergency":
        doing.found["stages"] = tuple(one["stage"] for one in emergency_reports(doing.session, doing.row.ticket_id))
    elif verb == "take_higher":
        doing.found["bodies"] = _bodies_so_far(doing)
    elif verb == "report":
        doing.found["pictures"] = _pictures(doing, given)
        doing.found["approved_by"] = approved_by(doing, work) if work is not None else None
    elif verb in ("dispatch", "not_accept"):
        doing.found["settled"] = settled_before(doing)


def same_matter(doing: Doing, ticket_id: str) -> None:
    """Ties a ticket that is being registered to an earlier one; an unknown or hidden one is left out."""
    _target(doing, ticket_id)
    target = doing.found.get("target_row")
    if target is not None:
        target.matter_id = doing.row.matter_id = target.matter_id or target.ticket_id


def settled_before(doing: Doing) -> bool:
    """Whether the same matter was closed after a redo or supervise order, in a way this city does not take up again."""
    rule, row = doing.version.rules.repeat, doing.row
    if rule is None or row.matter_id is None:
        return False
    statement = select(TicketRow.ticket_id).where(
        TicketRow.matter_id == row.matter_id,
        TicketRow.ticket_id != row.ticket_id,
        TicketRow.phase.in_(("closed", "upheld", "archived")),
        TicketRow.settled.in_(rule.refused_after),
    )
    return doing.session.scalar(statement.limit(1)) is not None


def _target(doing: Doing, ticket_id: Any) -> None:
    statement = visible(viewer_of(doing.office, doing.actor)).where(TicketRow.ticket_id == str(ticket_id))
    row = doing.session.scalars(statement.with_for_update()).one_or_none()
    if row is not None:
        doing.found |= {"target": ticket_value(row), "target_row": row}


def _closing_report(doing: Doing) -> bool:
    bodies = doing.session.scalars(select(ReportRow.body).where(ReportRow.ticket_id == doing.row.ticket_id))
    return any(body.get("closing_report") for body in bodies)


def emergency_reports(session: Session, ticket_id: str) -> list[dict[str, Any]]:
    """The reports of the emergency that stands, oldest first, each with its moment; a new marking begins anew."""
    statement = select(LedgerRow.verb, LedgerRow.body, LedgerRow.at).where(
        LedgerRow.ticket_id == ticket_id,
        LedgerRow.ledger == "emergency",
        LedgerRow.verb.in_(("mark_emergency", "report_emergency")),
    )
    found: list[dict[str, Any]] = []
    for line in session.execute(statement.order_by(LedgerRow.entry_id)):
        if line.verb == "mark_emergency":
            found = []
        else:
            said = json.loads(line.body)
            found.append({name: said.get(name) for name in ("stage", "to", "note")} | {"at": line.at})
    return found


def _bodies_so_far(doing: Doing) -> tuple[str, ...]:
    """The higher bodies that had the matter before."""
    statement = select(LedgerRow.body).where(
        LedgerRow.ticket_id == doing.row.ticket_id, LedgerRow.ledger == "history", LedgerRow.verb == "take_higher"
    )
    return tuple(json.loads(body)["body"] for body in doing.session.scalars(statement))


def _pictures(doing: Doing, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Which of a report's pictures are among the ticket's files."""
    known = select(AttachmentRow.attachment_id).where(
        AttachmentRow.ticket_id == doing.row.ticket_id, AttachmentRow.media.in_(PRINTABLE)
    )
    there = set(doing.session.scalars(known)) if any(given.get(name) for name in PICTURES) else set()
    return tuple(name for name in PICTURES if str(given.get(name)) in there)


def approved_by(doing: Doing, work: WorkRow) -> str | None:
    """Who of the unit's leaders has approved its result since it was last reported or sent back; the leader's own
    report needs no second word."""
    if doing.office.may(doing.actor, "approve_result"):
        return doing.actor.user_id
    verbs = ("approve_result", "report", "reopen_work", "redo_sub")
    lines = doing.session.execute(
        select(LedgerRow.verb, LedgerRow.by, LedgerRow.body)
        .where(LedgerRow.ticket_id == doing.row.ticket_id, LedgerRow.ledger == "history", LedgerRow.verb.in_(verbs))
        .order_by(LedgerRow.entry_id.desc())
    )
    last = next((line for line in lines if json.loads(line.body).get("work_id") == work.work_id), None)
    return last.by if last is not None and last.verb == "approve_result" else None
