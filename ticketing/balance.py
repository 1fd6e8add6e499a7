"""The balance check (平衡校验): what must agree in a period's figures, counted in two ways that share no column.

What is in the tickets stands against what the append-only history says, and the parts of a sum against the whole.
Each check is two sets of tickets; where they differ, the tickets that make the difference are known.  Source:
003§3 模块二 3, fixed and custom reports "提供平衡校验功能".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, literal, not_, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from ticketing.access import counted
from ticketing.case import OPEN_WORK
from ticketing.dictionary import Category
from ticketing.indicators import Period
from ticketing.model import Page, Refused, TicketFilter, Viewer
from ticketing.office import Office
from ticketing.rules.words import Channel
from ticketing.store import list_tickets
from ticketing.tables import LedgerRow, TicketRow
from ticketing.tables_work import ReportRow, WorkRow

CLOSING = "close"
REOPENING = ("redo", "overturn", "take_up_again")
"""Acts after which a closed matter is open again; a redo before the closing is none."""
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Check:
    """Two ways to count the same tickets: the whole, and what should be the same."""

    code: str
    whole: int
    parts: int
    differing: int
    """Tickets that stand on one side only; both sides may be equally long and yet differ."""

    @property
    def balanced(self) -> bool:
        """Whether both sides are the same tickets."""
        return self.differing == 0


@dataclass(frozen=True, slots=True)
class Stock:
    """Open matters at the beginning, what came, what was closed, and what should be left; all by the history."""

    opening: int
    registered: int
    reopened: int
    closed: int
    closing: int

    @property
    def balanced(self) -> bool:
        """Whether the parts come to what is left."""
        return self.opening + self.registered + self.reopened - self.closed == self.closing


@dataclass(frozen=True, slots=True)
class Balance:
    """A period's check."""

    checks: tuple[Check, ...]
    stock: Stock

    @property
    def balanced(self) -> bool:
        """Whether everything agrees."""
        return self.stock.balanced and all(check.balanced for check in self.checks)


def check_balance(session: Session, office: Office, viewer: Viewer, period: Period) -> Balance:
    """Checks the figures of a period over the tickets that the viewer may count."""
    checks = tuple(_counted(session, code, _sides(code, office, viewer, period)) for code in CHECKS)
    return Balance(checks, _stock(session, viewer, period))


def unbalanced_tickets(
    session: Session,
    office: Office,
    viewer: Viewer,
    period: Period,
    code: str,
    cursor: str | None = None,
    limit: int = 50,
) -> Page | Refused:
    """The tickets that make the difference of a check, as far as the viewer may see them, newest first."""
    if code not in CHECKS:
        return Refused("not_found")
    sides = _sides(code, office, viewer, period)
    differing = select(sides.c.ticket_id).where(sides.c.whole != sides.c.parts)
    return list_tickets(session, TicketFilter(), viewer, cursor, limit, among=differing)


Sides = Callable[[Office, Period], tuple[Condition, Condition]]


def _registered(_office: Office, period: Period) -> tuple[Condition, Condition]:
    """Registered by the ticket's own date, and by its history."""
    return period.holds(TicketRow.created_at), and_(_touched(period), _has(period, "register"))


def _closed(_office: Office, period: Period) -> tuple[Condition, Condition]:
    """Closed by the ticket's own date, and by a closing in its history that nothing undid."""
    line, later = aliased(LedgerRow), aliased(LedgerRow)
    undone = exists().where(
        later.ticket_id == line.ticket_id,
        later.ledger == "history",
        later.entry_id > line.entry_id,
        later.verb.in_((CLOSING, *REOPENING)),
    )
    last = exists().where(
        line.ticket_id == TicketRow.ticket_id,
        line.ledger == "history",
        line.verb == CLOSING,
        period.holds(line.at),
        not_(undone),
    )
    return period.holds(TicketRow.closed_at), and_(_touched(period), last)


def _dispatched(_office: Office, period: Period) -> tuple[Condition, Condition]:
    """With a unit's work that the centre ordered in the period, and with that act in the history."""
    ordered = exists().where(
        WorkRow.ticket_id == TicketRow.ticket_id, WorkRow.depth == 1, period.holds(WorkRow.delivered_at)
    )
    return ordered, and_(_touched(period), _has(period, "dispatch", "add_unit"))


def _reported(_office: Office, period: Period) -> tuple[Condition, Condition]:
    """With a work that was reported in the period, and with the report itself."""
    reported = exists().where(WorkRow.ticket_id == TicketRow.ticket_id, period.holds(WorkRow.reported_at))
    filed = exists().where(
        ReportRow.ticket_id == TicketRow.ticket_id,
        WorkRow.work_id == ReportRow.work_id,
        WorkRow.reported_at == ReportRow.filed_at,
        period.holds(ReportRow.filed_at),
    )
    return reported, and_(_touched(period), filed)


def _in_hands(_office: Office, period: Period) -> tuple[Condition, Condition]:
    """Of the period's tickets: those that units have now, and those with a work that is not over."""
    ours = period.holds(TicketRow.created_at)
    open_work = exists().where(
        WorkRow.ticket_id == TicketRow.ticket_id, WorkRow.depth == 1, WorkRow.status.in_(sorted(OPEN_WORK))
    )
    return and_(ours, TicketRow.phase == "dispatched"), and_(ours, open_work)


def _by_kind(office: Office, period: Period) -> tuple[Condition, Condition]:
    return _parts(period, TicketRow.kind, {one.code for one in office.dictionary.kinds})


def _by_category(office: Office, period: Period) -> tuple[Condition, Condition]:
    return _parts(period, TicketRow.category, set(_codes(office.dictionary.categories)) | {""})


def _by_channel(_office: Office, period: Period) -> tuple[Condition, Condition]:
    return _parts(period, TicketRow.channel, set(get_args(Channel)))


def _by_unit(office: Office, period: Period) -> tuple[Condition, Condition]:
    whole, known = _parts(period, TicketRow.unit, {one.unit_id for one in office.dictionary.units})
    return whole, and_(whole, or_(TicketRow.unit.is_(None), known))


def _codes(nodes: tuple[Category, ...]) -> Iterator[str]:
    for node in nodes:
        yield node.code
        yield from _codes(node.children)


def _parts(period: Period, column: Any, known: set[str]) -> tuple[Condition, Condition]:
    """All of the period, and those that some part of the report counts."""
    whole = period.holds(TicketRow.created_at)
    return whole, and_(whole, column.in_(sorted(known)))


CHECKS: Mapping[str, Sides] = {
    "registered": _registered,
    "dispatched": _dispatched,
    "reported": _reported,
    "closed": _closed,
    "in_hands": _in_hands,
    "by_kind": _by_kind,
    "by_category": _by_category,
    "by_channel": _by_channel,
    "by_unit": _by_unit,
}
"""By code: the two conditions on a ticket that must hold for the same tickets."""


def _touched(period: Period) -> Condition:
    """Every act moves the ticket's own clock, so that history is read of these tickets alone."""
    return TicketRow.updated_at >= period.since


def _has(period: Period, *verbs: str) -> Condition:
    return exists().where(
        LedgerRow.ticket_id == TicketRow.ticket_id,
        LedgerRow.ledger == "history",
        LedgerRow.verb.in_(verbs),
        period.holds(LedgerRow.at),
    )


def _sides(code: str, office: Office, viewer: Viewer, period: Period) -> Subquery:
    """A row a ticket that stands on a side: 1 or 0 for the whole, and for the parts; each side is looked for once."""
    whole, parts = CHECKS[code](office, period)
    may = counted(viewer)
    found = union_all(
        select(TicketRow.ticket_id, literal(1).label("whole"), literal(0).label("parts")).where(whole, may),
        select(TicketRow.ticket_id, literal(0), literal(1)).where(parts, may),
    ).subquery()
    sides = (func.max(found.c.whole).label("whole"), func.max(found.c.parts).label("parts"))
    return select(found.c.ticket_id, *sides).group_by(found.c.ticket_id).subquery()


def _counted(session: Session, code: str, sides: Subquery) -> Check:
    row = session.execute(
        select(
            func.count().filter(sides.c.whole == 1),
            func.count().filter(sides.c.parts == 1),
            func.count().filter(sides.c.whole != sides.c.parts),
        ).select_from(sides)
    ).one()
    return Check(code, *row)


def _stock(session: Session, viewer: Viewer, period: Period) -> Stock:
    """From the lines of the history that open and close a matter, each with those before and after it."""
    beside: dict[str, Any] = {"partition_by": LedgerRow.ticket_id, "order_by": LedgerRow.entry_id}
    lines = (
        select(
            LedgerRow.verb,
            LedgerRow.at,
            func.lag(LedgerRow.verb).over(**beside).label("before"),
            func.lead(LedgerRow.verb).over(**beside).label("after"),
        )
        .join(TicketRow, TicketRow.ticket_id == LedgerRow.ticket_id)
        .where(
            LedgerRow.ledger == "history",
            LedgerRow.verb.in_(("register", CLOSING, *REOPENING)),
            LedgerRow.at < period.until,
            counted(viewer),
        )
        .subquery()
    )
    begins, closes = lines.c.verb == "register", lines.c.verb == CLOSING
    opens = and_(lines.c.verb.in_(REOPENING), lines.c.before == CLOSING)
    early = lines.c.at < period.since
    left_open = and_(lines.c.after.is_(None), not_(closes))

    def number(*conditions: Condition) -> Any:
        return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)

    before = [number(one, early) for one in (begins, opens, closes)]
    within = [number(one, not_(early)) for one in (begins, opens, closes)]
    row = session.execute(select(*before, *within, number(left_open))).one()
    came, again, gone, registered, reopened, closed, left = (int(one) for one in row)
    return Stock(came + again - gone, registered, reopened, closed, left)
