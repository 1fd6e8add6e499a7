"""What an office is measured by: each indicator as one SQL statement over a period.

A statement has a row for everything in the denominator: the unit it counts for, the ticket, whether it stands in the
office's own figure (work of lead units only, so that a ticket counts once), and ``hit``, its share of the numerator
in thousandths.  Rates and the tickets behind them come from the same statement, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy_utc import UtcDateTime

from ticketing.case import ENDED_WORK
from ticketing.life import CLOSED_PHASES
from ticketing.rules.oversight import Weights
from ticketing.tables import LedgerRow, TicketRow
from ticketing.tables_work import OpinionRow, OrderRow, ReportRow, RequestRow, WorkRow

WHOLE = 1000
"""``hit`` of what counts fully."""
REPEAT_WINDOW = timedelta(days=30)
"""A closed matter that is reported again until so long after the period was not settled at once; our convention."""


@dataclass(frozen=True, slots=True)
class Period:
    """[since, until), looked at when it is ``now``: what is due later than that is not late yet."""

    since: datetime
    until: datetime
    now: datetime

    def holds(self, moment: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        """Whether the moment lies in the period."""
        return and_(moment >= self.since, moment < self.until)


Better = Literal["more", "less"]
Statement = Callable[[Period, Weights | None], Select[Any]]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A rate: what is counted, and whether more of it is better."""

    better: Better
    rows: Statement
    weighed: bool = False
    """Only where the regulation says how its parts weigh."""


class _end_of_second(FunctionElement[datetime]):
    """The first moment that is late for a due instant: the second itself is in time (C4)."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(_end_of_second, "postgresql")
def _postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return f"({compiler.process(element.clauses, **how)} + interval '1 second')"


@compiles(_end_of_second, "sqlite")
def _sqlite(element: Any, compiler: Any, **how: Any) -> str:
    # Moments are texts there and compare as such; one without a fraction sorts before the same with one.
    return f"datetime({compiler.process(element.clauses, **how)}, '+1 second')"


def in_time(done: SQLColumnExpression[Any], due: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Done before the due instant's second was over."""
    return and_(done.is_not(None), done < _end_of_second(due))


def _hit(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, WHOLE), else_=0)


def _tickets(hit: ColumnElement[int], *base: ColumnElement[bool]) -> Select[Any]:
    """One row a ticket, for its lead unit."""
    unit = func.coalesce(TicketRow.unit, "").label("unit")
    columns: tuple[Any, ...] = (unit, TicketRow.ticket_id, true().label("own"), hit.label("hit"))
    return select(*columns).where(*base)


def _works(hit: ColumnElement[int], *base: ColumnElement[bool]) -> Select[Any]:
    """One row a unit's work."""
    own = and_(WorkRow.depth == 1, WorkRow.role == "lead").label("own")
    joined = TicketRow.ticket_id == WorkRow.ticket_id
    columns: tuple[Any, ...] = (WorkRow.unit_id.label("unit"), WorkRow.ticket_id, own, hit.label("hit"))
    return select(*columns).join(TicketRow, joined).where(*base)


def _did(*verbs: str) -> ColumnElement[bool]:
    """Whether one of these acts stands in the ticket's history."""
    return exists().where(
        LedgerRow.ticket_id == TicketRow.ticket_id, LedgerRow.ledger == "history", LedgerRow.verb.in_(verbs)
    )


def _worked_on() -> ColumnElement[bool]:
    return exists().where(WorkRow.ticket_id == TicketRow.ticket_id)


def _accepted(period: Period) -> ColumnElement[bool]:
    """Registered in the period, and not refused for good."""
    refused = and_(_did("not_accept"), not_(_did("answer", "guide", "refer", "dispatch")))
    return and_(period.holds(TicketRow.created_at), not_(refused))


def _direct_answer(period: Period, _weights: Weights | None) -> Select[Any]:
    return _tickets(_hit(and_(_did("answer", "guide"), not_(_worked_on()))), _accepted(period))


def _closed_at_once(period: Period, _weights: Weights | None) -> Select[Any]:
    again = aliased(TicketRow)
    repeated = exists().where(
        again.matter_id == TicketRow.matter_id,
        again.ticket_id != TicketRow.ticket_id,
        again.created_at > TicketRow.closed_at,
        again.created_at < period.until + REPEAT_WINDOW,
    )
    undone = or_(_did("redo", "reopen", "take_up_again", "overturn"), repeated)
    return _tickets(_hit(not_(undone)), period.holds(TicketRow.closed_at))


def _closure(period: Period, _weights: Weights | None) -> Select[Any]:
    return _tickets(_hit(TicketRow.phase.in_(sorted(CLOSED_PHASES))), period.holds(TicketRow.created_at))


def _signed(period: Period, _weights: Weights | None) -> Select[Any]:
    due = WorkRow.sign_due_at
    owed = or_(WorkRow.signed_at.is_not(None), WorkRow.status.not_in(sorted(ENDED_WORK)))
    return _works(_hit(in_time(WorkRow.signed_at, due)), period.holds(due), due <= period.now, owed)


def _on_time(period: Period, _weights: Weights | None) -> Select[Any]:
    due = WorkRow.due_at
    owed = WorkRow.status.not_in(sorted(ENDED_WORK))
    return _works(_hit(in_time(WorkRow.reported_at, due)), period.holds(due), due <= period.now, owed)


def _called_back(period: Period, _weights: Weights | None) -> Select[Any]:
    valid = exists().where(
        OpinionRow.ticket_id == TicketRow.ticket_id,
        OpinionRow.source == "callback",
        OpinionRow.outcome != "unreachable",
    )
    return _tickets(_hit(valid), period.holds(TicketRow.closed_at))


def _call_backs(period: Period, hit: ColumnElement[int], *base: ColumnElement[bool]) -> Select[Any]:
    """One row for the last valid call-back of the period about a ticket."""
    later = aliased(OpinionRow)
    superseded = exists().where(
        later.ticket_id == OpinionRow.ticket_id,
        later.source == "callback",
        later.outcome != "unreachable",
        period.holds(later.at),
        or_(later.at > OpinionRow.at, and_(later.at == OpinionRow.at, later.opinion_id > OpinionRow.opinion_id)),
    )
    return (
        _tickets(hit, *base)
        .join(OpinionRow, OpinionRow.ticket_id == TicketRow.ticket_id)
        .where(OpinionRow.source == "callback", OpinionRow.outcome != "unreachable", period.holds(OpinionRow.at))
        .where(not_(superseded))
    )


def _confirmed(period: Period, _weights: Weights | None) -> Select[Any]:
    said = (
        select(ReportRow.resolved)
        .where(ReportRow.ticket_id == TicketRow.ticket_id, ReportRow.resolved.is_not(None))
        .order_by(ReportRow.filed_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return _call_backs(period, _hit(said == OpinionRow.solved), OpinionRow.solved.is_not(None), said.is_not(None))


def _contacted(period: Period, _weights: Weights | None) -> Select[Any]:
    return _call_backs(period, _hit(OpinionRow.contacted.is_(True)), _worked_on())


def _solved(period: Period, _weights: Weights | None) -> Select[Any]:
    return _call_backs(period, _hit(OpinionRow.solved.is_(True)))


def _satisfaction(period: Period, weights: Weights | None) -> Select[Any]:
    basically = (weights.basically if weights else 100) * WHOLE // 100
    hit = case(
        (OpinionRow.outcome == "satisfied", WHOLE), (OpinionRow.outcome == "basically_satisfied", basically), else_=0
    )
    return _call_backs(period, hit)


def _satisfied_of_rated(period: Period, _weights: Weights | None) -> Select[Any]:
    content = OpinionRow.outcome.in_(("satisfied", "basically_satisfied"))
    return _call_backs(period, _hit(content), or_(content, OpinionRow.outcome == "dissatisfied"))


def _request(kind: str, *statuses: str) -> ColumnElement[bool]:
    wanted = (RequestRow.ticket_id == WorkRow.ticket_id, RequestRow.work_id == WorkRow.work_id, RequestRow.kind == kind)
    return exists().where(*wanted, *((RequestRow.status.in_(statuses),) if statuses else ()))


def _of_delivered(hit: Callable[[], ColumnElement[int]]) -> Statement:
    def rows(period: Period, _weights: Weights | None) -> Select[Any]:
        return _works(hit(), period.holds(WorkRow.delivered_at))

    return rows


def _orders(kind: str) -> ColumnElement[int]:
    """A whole for each order: counts, so a unit may have more than one a ticket."""
    wanted = (OrderRow.ticket_id == WorkRow.ticket_id, OrderRow.work_id == WorkRow.work_id, OrderRow.kind == kind)
    return select(func.count() * WHOLE).select_from(OrderRow).where(*wanted).scalar_subquery()


def _redone(period: Period, _weights: Weights | None) -> Select[Any]:
    return _works(_hit(WorkRow.redone > 0), period.holds(WorkRow.reported_at))


def _repeated(period: Period, _weights: Weights | None) -> Select[Any]:
    earlier = aliased(TicketRow)
    known = exists().where(
        earlier.matter_id == TicketRow.matter_id,
        earlier.caller_key == TicketRow.caller_key,
        earlier.ticket_id != TicketRow.ticket_id,
        earlier.created_at < TicketRow.created_at,
    )
    return _tickets(_hit(and_(TicketRow.caller_key != "", known)), _accepted(period))


def _first_dispatch(period: Period, _weights: Weights | None) -> Select[Any]:
    other = aliased(WorkRow)
    lead = and_(other.ticket_id == WorkRow.ticket_id, other.depth == 1, other.role == "lead")
    first = not_(exists().where(lead, other.serial < WorkRow.serial))
    sent_on = exists().where(lead, other.serial > WorkRow.serial, other.unit_id != WorkRow.unit_id)
    return _works(
        _hit(not_(sent_on)), period.holds(WorkRow.delivered_at), WorkRow.depth == 1, WorkRow.role == "lead", first
    )


INDICATORS: Mapping[str, Indicator] = {
    "direct_answer": Indicator("more", _direct_answer),
    "first_dispatch": Indicator("more", _first_dispatch),
    "signed_in_time": Indicator("more", _signed),
    "on_time": Indicator("more", _on_time),
    "closure_rate": Indicator("more", _closure),
    "one_time_closure": Indicator("more", _closed_at_once),
    "called_back": Indicator("more", _called_back),
    "confirmed": Indicator("more", _confirmed),
    "contacted": Indicator("more", _contacted),
    "solved": Indicator("more", _solved),
    "satisfaction": Indicator("more", _satisfaction, weighed=True),
    "satisfaction_plain": Indicator("more", _satisfied_of_rated),
    "returned": Indicator("less", _of_delivered(lambda: _hit(_request("return", "approved")))),
    "return_requested": Indicator("less", _of_delivered(lambda: _hit(_request("return")))),
    "redone": Indicator("less", _redone),
    "repeated": Indicator("less", _repeated),
    "overdue": Indicator("less", _of_delivered(lambda: _hit(WorkRow.overdue.is_(True)))),
    "extended": Indicator("less", _of_delivered(lambda: _hit(WorkRow.extensions > 0))),
    "urges": Indicator("less", _of_delivered(lambda: _orders("urge"))),
    "supervisions": Indicator("less", _of_delivered(lambda: _orders("supervise"))),
}
"""Every indicator, in the order in which they are shown."""

COMPOSITE = "three_rates"
"""Contacted, solved and satisfied together, weighed as the regulation says."""


def sums(rows: Select[Any]) -> Select[Any]:
    """Unit, own, how many, and the sum of their hits."""
    found = rows.subquery()
    hits = func.coalesce(func.sum(cast(found.c.hit, Integer)), literal(0))
    return select(found.c.unit, found.c.own, func.count(), hits).group_by(found.c.unit, found.c.own)


def tickets_behind(rows: Select[Any], unit: str | None, counted: bool | None) -> Select[Any]:
    """Ids of the tickets behind a figure: of one unit or (None) of the office; those that hit, missed, or all."""
    found = rows.subquery()
    wanted = select(found.c.ticket_id).where(found.c.own if unit is None else found.c.unit == unit)
    if counted is not None:
        wanted = wanted.where(found.c.hit > 0 if counted else found.c.hit == 0)
    return wanted
