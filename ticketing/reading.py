"""A whole matter for its page: works with their argued dates, items, reports, requests, orders, duties, opinions."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing import clock, sla
from ticketing.access import may_see, viewer_of, visible
from ticketing.carrying import permitted, side_of
from ticketing.case import OPEN_WORK, Actor
from ticketing.doing import Doing, work_value
from ticketing.life import ROWS_FROM
from ticketing.looking_up import approved_by, emergency_reports
from ticketing.model import Ticket, Viewer, json_ready
from ticketing.office import Office
from ticketing.store import open_ticket
from ticketing.tables import TicketRow
from ticketing.tables_work import DutyRow, MeetingRow, OpinionRow, ReportRow, WorkRow
from ticketing.transitions import Machine


def matter(session: Session, office: Office, ticket_id: str, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """Everything a person may see of a matter, with the verbs open to that person; None when there is nothing to see.

    A unit sees its own work and the work below it, not what other units report.
    """
    viewer = viewer_of(office, actor)
    ticket = open_ticket(session, ticket_id, viewer, now)
    row = session.get(TicketRow, ticket_id)
    if ticket is None or row is None:
        return None
    doing = Doing(session, office, row, actor, now)
    works = [work for work in doing.works if viewer.unit_id is None or work.unit_id in viewer.units_below]
    mine = {work.work_id for work in works}
    whole = viewer.unit_id is None
    said = {
        "ticket": ticket.as_json() | {"light": light_of(ticket, now)},
        "works": [_work(doing, work, now) for work in works],
        "items": [_row(item) for item in doing.items],
        "requests": [_row(one) for one in doing.requests if one.work_id in mine],
        "orders": [_row(one) for one in doing.orders if one.work_id in mine],
        "reports": [_row(one) for one in _all(session, ReportRow, ticket_id) if one.work_id in mine],
        "duties": [_row(one) for one in _all(session, DutyRow, ticket_id)] if whole else [],
        "opinions": [_row(one) for one in _all(session, OpinionRow, ticket_id)] if whole else [],
        "meetings": [_row(one) for one in _all(session, MeetingRow, ticket_id)],
        "emergency_reports": emergency_reports(session, ticket_id) if whole and ticket.emergency else [],
        "repeat_count": _repeats(session, row, viewer) if whole else None,
        "same_matter": _same_matter(session, row, viewer) if whole else [],
        "verbs": _verbs(doing, works),
    }
    plain: dict[str, Any] = json_ready(said)
    return plain


def light_of(ticket: Ticket, now: datetime) -> str | None:
    """The traffic light; None where nothing is due."""
    if ticket.due_at is None:
        return None
    return sla.light(now, ticket.due_at, ticket.yellow_from or ticket.due_at)


def _work(doing: Doing, work: WorkRow, now: datetime) -> dict[str, Any]:
    value = work_value(work)
    said = asdict(value) | {"light": None, "explanation": None, "approved_by": None}
    report = doing.version.rules.report
    if value.status in OPEN_WORK and report is not None and "leader_approval" in report.checks:
        said["approved_by"] = approved_by(doing, work)
    if value.due_at is not None and value.status in OPEN_WORK:
        said["light"] = sla.light(now, value.due_at, value.yellow_from or value.due_at)
    if "limit" in work.clock:
        said["explanation"] = clock.explain(work.clock, doing.version.rules, doing.office.calendar)
        urgent = doing.version.rules.urgent
        if doing.row.urgent and urgent is not None:
            said["explanation"]["urgent"] = {"rule": urgent.rule, "src": list(urgent.src)}
    return said


def _verbs(doing: Doing, works: list[WorkRow]) -> dict[str, list[str]]:
    """What the person may try now: for the ticket, and for each work by its id."""
    found = {"ticket": _open_to(doing, "ticket", doing.row.phase, None)}
    for work in works:
        open_to = _open_to(doing, "work", work.status, work)
        if open_to:
            found[work.work_id] = open_to
    return found


def _open_to(doing: Doing, machine: Machine, status: str, work: WorkRow | None) -> list[str]:
    rows = ROWS_FROM.get((machine, status), ())
    allowed = [row for row in rows if permitted(doing.office, doing.version, doing.actor, row.verb)]
    return [row.verb for row in allowed if side_of(doing, row.verb, work) in row.actors]


def _same_matter(session: Session, row: TicketRow, viewer: Viewer) -> list[dict[str, Any]]:
    if row.matter_id is None:
        return []
    others = visible(viewer).where(TicketRow.matter_id == row.matter_id, TicketRow.ticket_id != row.ticket_id)
    newest = session.scalars(others.order_by(TicketRow.created_at.desc()).limit(50))
    return [{"ticket_id": one.ticket_id, "number": one.number, "status": one.status} for one in newest]


def _repeats(session: Session, row: TicketRow, viewer: Viewer) -> int:
    """How many tickets there are about the same matter, this one included."""
    if row.matter_id is None:
        return 1
    same = select(func.count()).select_from(TicketRow).where(TicketRow.matter_id == row.matter_id, may_see(viewer))
    return session.scalar(same) or 1


def _all(session: Session, table: Any, ticket_id: str) -> list[Any]:
    return list(session.scalars(select(table).where(table.ticket_id == ticket_id)))


def _row(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}
