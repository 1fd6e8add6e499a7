"""Duties: what follows from a threshold, written down once and left to a person to carry out."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from ticketing.consequences import Counts, due_consequences
from ticketing.doing import Doing, work_value
from ticketing.tables import TicketRow
from ticketing.tables_work import DutyRow, ReportRow, WorkRow

COMPLAINTS = ("complaint", "efficacy_complaint")
"""Kinds that count as complaining about the same matter again."""


def check_work(doing: Doing, work: WorkRow) -> None:
    """Creates what follows from the counts of one unit's work."""
    orders = [order for order in doing.orders if order.work_id == work.work_id]
    value = work_value(work)
    counts = Counts(
        urges=sum(order.kind == "urge" for order in orders),
        supervise_orders=sum(order.kind == "supervise" for order in orders),
        supervise_expired=sum(order.kind == "supervise" and order.expired is True for order in orders),
        redos=work.redone,
        overdue=work.overdue,
        handled=not value.open,
        unit_kind=doing.office.relations.kinds.get(work.unit_id),
    )
    for rule in due_consequences(doing.version.rules, counts):
        if rule.counts != "complaints":
            for act, mandatory in [(act, True) for act in rule.must] + [(act, False) for act in rule.may]:
                add_duty(doing, f"work:{work.work_id}", rule.id, act, rule.src, work.unit_id, mandatory, rule.confirm)


def check_matter(doing: Doing) -> None:
    """Creates what follows from complaints about the same matter; every one of them counts, the first included.

    A result that was solved ends the count: who complains later begins a new one (C16)."""
    row = doing.row
    if row.matter_id is None or not any(rule.counts == "complaints" for rule in doing.version.rules.consequence):
        return
    solved = _solved(doing)
    same = [TicketRow.matter_id == row.matter_id]
    if solved is not None:
        same.append(TicketRow.created_at > solved.closed_at)
    plans = doing.session.scalars(
        select(ReportRow.body).where(ReportRow.ticket_id.in_(select(TicketRow.ticket_id).where(*same)))
    )
    promised = select(TicketRow.ticket_id).where(*same, TicketRow.wake_at.is_not(None)).limit(1)
    unit = doing.session.scalar(
        select(TicketRow.unit).where(*same, TicketRow.unit.is_not(None)).order_by(TicketRow.created_at.desc()).limit(1)
    )
    counts = Counts(
        complaints=doing.session.scalar(select(func.count()).where(*same, TicketRow.kind.in_(COMPLAINTS))) or 0,
        measure=doing.session.scalar(promised) is not None or any(body.get("plan") for body in plans),
        unit_kind=doing.office.relations.kinds.get(unit) if unit else None,
    )
    scope = f"matter:{row.matter_id}" + (f":{solved.ticket_id}" if solved is not None else "")
    for rule in due_consequences(doing.version.rules, counts):
        if rule.counts == "complaints":
            for act, mandatory in [(act, True) for act in rule.must] + [(act, False) for act in rule.may]:
                add_duty(doing, scope, rule.id, act, rule.src, unit, mandatory, rule.confirm)


def _solved(doing: Doing) -> TicketRow | None:
    """The matter's ticket that was last closed as solved: by its last report, and nobody was dissatisfied."""
    later = aliased(ReportRow)
    answered_anew = select(later.report_id).where(
        later.ticket_id == ReportRow.ticket_id, later.filed_at > ReportRow.filed_at, later.resolved.is_not(None)
    )
    return doing.session.scalar(
        select(TicketRow)
        .join(ReportRow, ReportRow.ticket_id == TicketRow.ticket_id)
        .where(
            TicketRow.matter_id == doing.row.matter_id,
            TicketRow.phase.in_(("closed", "archived")),
            TicketRow.closed_at.is_not(None),
            TicketRow.satisfaction.is_distinct_from("dissatisfied"),
            ReportRow.resolved.is_(True),
            ~answered_anew.exists(),
        )
        .order_by(TicketRow.closed_at.desc())
        .limit(1)
    )


def join_matter(doing: Doing, target: TicketRow) -> None:
    """The target, and every ticket that shared this one's matter before, carry the common matter."""
    wanted, before = doing.row.matter_id, doing.found.get("matter_before")
    target.matter_id = wanted
    if before is not None and before != wanted:
        doing.session.execute(update(TicketRow).where(TicketRow.matter_id == before).values(matter_id=wanted))


def add_duty(
    doing: Doing,
    scope: str,
    rule: str,
    act: str,
    src: Sequence[str],
    unit: str | None,
    mandatory: bool = True,
    confirm: Sequence[str] = (),
    why: str = "",
) -> None:
    """Writes a duty unless the same one was written before, carried out or not."""
    known = select(DutyRow.duty_id).where(DutyRow.scope == scope, DutyRow.rule == rule, DutyRow.act == act)
    if doing.session.scalar(known) is not None:
        return
    duty = DutyRow(
        duty_id=str(uuid4()),
        scope=scope,
        rule=rule,
        act=act,
        ticket_id=doing.row.ticket_id,
        unit_id=unit,
        mandatory=mandatory,
        confirm=list(confirm),
        src=list(src),
        why=why,
        status="open",
        created_at=doing.now,
    )
    doing.session.add(duty)
    body = {"duty_id": duty.duty_id, "act": act, "unit": unit, "mandatory": mandatory, "rule": rule, "src": list(src)}
    doing.line("history", "duty_arises", body, by="system")
    doing.emit("duty_created", None, duty_id=duty.duty_id, act=act)
