"""One command being carried out: the rows it works on, and the records it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing import ledger, outbox
from ticketing.case import Actor, Case, Item, Order, Request, Work
from ticketing.facts import Facts
from ticketing.life import OPEN_PHASES
from ticketing.model import Refused, Ticket
from ticketing.office import Office
from ticketing.rulepack import Version
from ticketing.tables import TicketRow
from ticketing.tables_work import ItemRow, OpinionRow, OrderRow, RequestRow, WorkRow
from ticketing.transitions import Side, Transition
from ticketing.workflow import find, step

_WORK = tuple(field.name for field in fields(Work))


class Doing:
    """A ticket's rows inside one transaction.  Effects change the rows; :meth:`record` writes what was done."""

    def __init__(
        self, session: Session, office: Office, row: TicketRow, actor: Actor, now: datetime, new: bool = False
    ) -> None:
        self.session, self.office, self.row, self.actor, self.now = session, office, row, actor, now
        self.version: Version = office.version_of(row.pack_version, row.created_at)
        self.works: list[WorkRow] = [] if new else self._all(WorkRow, WorkRow.serial)
        self.items: list[ItemRow] = [] if new else self._all(ItemRow, ItemRow.ordinal)
        self.requests: list[RequestRow] = self._all(RequestRow, RequestRow.serial) if self.works else []
        self.orders: list[OrderRow] = self._all(OrderRow, OrderRow.serial) if self.works else []
        self.found: dict[str, Any] = {}
        """What was looked up for this verb's guards and effects."""
        self._lines: list[ledger.Line] = []
        self._events: list[tuple[str, WorkRow | None, dict[str, Any]]] = []

    def _all(self, table: Any, order: Any) -> list[Any]:
        statement = select(table).where(table.ticket_id == self.row.ticket_id).order_by(order)
        return list(self.session.scalars(statement))

    def work(self, work_id: str | None) -> WorkRow | None:
        """The row of this work."""
        return next((work for work in self.works if work.work_id == work_id), None)

    def children(self, work_id: str) -> list[WorkRow]:
        """The works a unit passed down."""
        return [work for work in self.works if work.parent_id == work_id]

    def ticket(self) -> Ticket:
        """The ticket as it stands inside this command."""
        return ticket_value(self.row)

    def case(self) -> Case:
        """Everything about the matter as plain values."""
        contacts = 0
        if self.row.phase in ("callback", "closed"):
            wanted = OpinionRow.outcome != "unreachable"
            statement = select(func.count()).where(OpinionRow.ticket_id == self.row.ticket_id, wanted)
            contacts = self.session.scalar(statement) or 0
        return Case(
            ticket=self.ticket(),
            works=tuple(work_value(work) for work in self.works),
            items=tuple(Item(one.ordinal, one.text, one.result, one.resolved, one.by_unit) for one in self.items),
            requests=tuple(
                Request(one.request_id, one.work_id, one.kind, one.reason, one.days, one.status, one.filed_at)
                for one in self.requests
            ),
            orders=tuple(
                Order(one.order_id, one.work_id, one.kind, one.form, one.status, one.issued_at, one.due_at)
                for one in self.orders
            ),
            contacts=contacts,
        )

    def facts(self, given: Mapping[str, Any]) -> Facts:
        """What a decision may rest on."""
        return Facts(
            given=given,
            rules=self.version.rules,
            now=self.now,
            case=self.case(),
            actor=self.actor,
            relations=self.office.relations,
            calendar=self.office.calendar,
            kinds=frozenset(kind.code for kind in self.office.dictionary.kinds),
            found=self.found,
        )

    def advance(self, work: WorkRow | None, verb: str, side: Side, given: Mapping[str, Any]) -> Transition | Refused:
        """Moves the ticket, or the work, by the table; the row of the table, or why not."""
        facts = self.facts(given)
        if work is None:
            before = self.row.phase
            ticket = step(facts.case.ticket, verb, side, facts)
            if isinstance(ticket, Refused):
                return ticket
            self.row.phase = ticket.phase
            row = find("ticket", before, verb)
        else:
            before = work.status
            after = step(work_value(work), verb, side, facts)
            if isinstance(after, Refused):
                return after
            work.status = after.status
            row = find("work", before, verb)
        assert row is not None
        return row

    def follow(self, work: WorkRow, verb: str, side: Side, given: Mapping[str, Any]) -> None:
        """Moves a work because of something else that is being done; only its events are sent."""
        row = self.advance(work, verb, side, given)
        if isinstance(row, Refused):
            raise RuntimeError(f"the table does not let {verb} follow here: {row.reason}")
        for event in row.emits:
            self.emit(event, work)

    def record(self, row: Transition, body: Mapping[str, Any], work: WorkRow | None = None) -> None:
        """History, the extra ledger, and the events of a transition; written by :meth:`finish`."""
        about = dict(body)
        if work is not None:
            about |= {"work_id": work.work_id, "unit": work.unit_id}
        for name in ("history", row.ledger):
            if name is not None:
                self.line(name, row.verb, about)
        for event in row.emits:
            self.emit(event, work)

    def line(self, name: str, verb: str, body: Mapping[str, Any], by: str | None = None) -> None:
        """One line of a ledger."""
        self._lines.append(ledger.Line(name, verb, body, by or self.actor.user_id))

    def emit(self, event: str, work: WorkRow | None = None, **more: Any) -> None:
        """An event for the outside, with ids only."""
        self._events.append((event, work, more))

    def finish(self) -> None:
        """Shows the outcome and writes what was recorded; the ledger last, its chain is locked until commit."""
        self.project()
        self.session.flush()
        outbox.put_all(
            self.session, [(event, self._about(work) | more) for event, work, more in self._events], self.now
        )
        if self._lines:
            ledger.append_all(self.session, self.row.ticket_id, self._lines, self.now)
        self._events, self._lines = [], []

    def _about(self, work: WorkRow | None) -> dict[str, Any]:
        said = about_ticket(self.row)
        return said if work is None else said | {"work_id": work.work_id, "unit": work.unit_id}

    def project(self) -> None:
        """What the ticket shows while units work on it: the lead unit's status, unit and dates."""
        row = self.row
        lead = self.lead()
        row.status = row.phase
        row.unit = lead.unit_id if lead is not None else (row.unit if row.phase not in OPEN_PHASES else None)
        row.due_at = row.yellow_from = None
        row.provisional = False
        if row.phase == "dispatched" and lead is not None:
            row.status = lead.status
        if row.phase == "dispatched" and lead is not None and work_value(lead).open:
            row.due_at, row.yellow_from, row.provisional = lead.due_at, lead.yellow_from, lead.provisional
        elif row.phase in OPEN_PHASES:
            row.due_at = row.citizen_due_at

    def lead(self) -> WorkRow | None:
        """The lead unit's work that still counts."""
        lead = self.case_lead()
        return self.work(lead.work_id) if lead is not None else None

    def case_lead(self) -> Work | None:
        """The same as a plain value."""
        return Case(self.ticket(), tuple(work_value(work) for work in self.works)).lead()


def about_ticket(row: Any) -> dict[str, Any]:
    """What an event says of a ticket; those who must not learn of a protected one are named in it."""
    said: dict[str, Any] = {"ticket_id": row.ticket_id, "number": row.number, "status": row.status}
    said["version"] = row.version
    hidden = [one for one in (row.accused_unit, row.accused_person) if one]
    if hidden or row.confidential:
        said |= {"protected": True, "hidden_from": hidden}
    return said


def work_value(row: WorkRow) -> Work:
    """The plain value of a work's row."""
    values = {name: getattr(row, name) for name in _WORK}
    return Work(**values | {"items": tuple(row.items), "attachments": tuple(row.attachments)})


def ticket_value(row: TicketRow) -> Ticket:
    """The plain value of a ticket's row."""
    return Ticket(**{name: getattr(row, name) for name in _TICKET} | {"attachments": tuple(row.attachments)})


_TICKET = tuple(field.name for field in fields(Ticket))
