"""Work as its units see it: what must be done, first what is due first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, exists, func, select, union
from sqlalchemy.orm import Session

from ticketing import sla
from ticketing.access import has_few, hidden_from
from ticketing.case import OPEN_WORK
from ticketing.model import Ticket, Viewer
from ticketing.store import get_tickets
from ticketing.tables import TicketRow
from ticketing.tables_work import OrderRow, WorkRow, accounts_owed, owed

State = Literal["open", "asked", "ended", "all"]


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
    account_asked: bool
    """The caller waits for the unit to account for itself."""
    supervised: bool
    """An order of supervision waits for the unit's answer."""
    ticket: Ticket


def works_of(
    session: Session, viewer: Viewer, now: datetime, *, state: State = "open", offset: int = 0, limit: int = 50
) -> list[Assigned]:
    """The works of the viewer's unit and the units below it; of all units for the office.

    Open ones come in the order they are due, those without a date last; others the newest first.  ``asked``: somebody
    waits for the unit's word, the caller for an account or the office for an answer, whether the work is open or not.
    """
    if viewer.sees == "numbers":
        return []
    # Not a join: SQLite would first read every ticket to filter the works by them.
    statement = select(WorkRow).where(exists().where(TicketRow.ticket_id == WorkRow.ticket_id, ~hidden_from(viewer)))
    if viewer.unit_id is not None:
        units = viewer.units_below or {viewer.unit_id}
        # Where the units have had much work the list is read in its order until it is full.  SQLite would rather read
        # all of it and sort, because of the index over units; hidden in a function the column offers none.
        few = has_few(session, viewer)
        statement = statement.where((WorkRow.unit_id if few else func.coalesce(WorkRow.unit_id, "")).in_(units))
    if state == "open":
        order = (WorkRow.due_at.asc().nulls_last(), WorkRow.delivered_at, WorkRow.work_id)
        statement = statement.where(owed(WorkRow.status)).order_by(*order)
    else:
        delivered: ColumnElement[datetime] = WorkRow.delivered_at.expression
        if state == "ended":
            statement = statement.where(~owed(WorkRow.status))
        elif state == "asked":
            asked = union(select(WorkRow.work_id).where(accounts_owed()), _ordered())
            statement = statement.where(WorkRow.work_id.in_(asked))
            delivered = func.coalesce(
                delivered, WorkRow.due_at
            )  # few among many: their order is no reason to read every work
        statement = statement.order_by(delivered.desc(), WorkRow.work_id.desc())
    works = session.scalars(statement.offset(offset).limit(limit)).all()
    tickets = get_tickets(session, [work.ticket_id for work in works], viewer)
    supervised = set(session.scalars(_ordered().where(OrderRow.work_id.in_([work.work_id for work in works]))))
    return [_assigned(work, tickets[work.ticket_id], now, work.work_id in supervised) for work in works]


def _ordered() -> Select[str]:
    """Works whose order of supervision was not answered."""
    return select(OrderRow.work_id).where(OrderRow.status == "open", OrderRow.kind == "supervise")


def _assigned(work: WorkRow, ticket: Ticket, now: datetime, supervised: bool) -> Assigned:
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
        account_asked=work.account_asked_at is not None and work.account is None,
        supervised=supervised,
        ticket=ticket,
    )
