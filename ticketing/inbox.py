"""Work as its units see it: what must be done, first what is due first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from ticketing import sla
from ticketing.access import may_see
from ticketing.case import OPEN_WORK
from ticketing.model import Ticket, Viewer
from ticketing.store import ticket_of
from ticketing.tables import TicketRow
from ticketing.tables_work import WorkRow

State = Literal["open", "ended", "all"]


@dataclass(frozen=True, slots=True)
class Assigned:
    """A piece of work with the ticket it belongs to, as its viewer may see both."""

    work_id: str
    status: str
    role: str
    unit_id: str
    delivered_at: datetime
    due_at: datetime | None
    sign_due_at: datetime | None
    light: str | None
    ticket: Ticket


def works_of(
    session: Session, viewer: Viewer, now: datetime, *, state: State = "open", offset: int = 0, limit: int = 50
) -> list[Assigned]:
    """The works of the viewer's unit and the units below it; of all units for the office."""
    work = aliased(WorkRow)  # the condition of sight asks the same table by its own name
    statement = select(work, TicketRow).join(TicketRow, TicketRow.ticket_id == work.ticket_id).where(may_see(viewer))
    if viewer.unit_id is not None:
        statement = statement.where(work.unit_id.in_(viewer.units_below or {viewer.unit_id}))
    if state != "all":
        is_open = work.status.in_(OPEN_WORK)
        statement = statement.where(is_open if state == "open" else ~is_open)
    order = (work.due_at.is_(None), work.due_at, work.delivered_at, work.work_id)
    rows = session.execute(statement.order_by(*order).offset(offset).limit(limit)).all()
    return [_assigned(one, ticket, viewer, now) for one, ticket in rows]


def _assigned(work: WorkRow, ticket: TicketRow, viewer: Viewer, now: datetime) -> Assigned:
    light = None
    if work.due_at is not None and work.status in OPEN_WORK:
        light = sla.light(now, work.due_at, work.yellow_from or work.due_at)
    return Assigned(
        work_id=work.work_id,
        status=work.status,
        role=work.role,
        unit_id=work.unit_id,
        delivered_at=work.delivered_at,
        due_at=work.due_at,
        sign_due_at=work.sign_due_at,
        light=light,
        ticket=ticket_of(ticket, viewer),
    )
