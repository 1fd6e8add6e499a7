"""Figures of a period by what the reader chooses: category, kind, way in, origin, lead unit, or these crossed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ColumnElement, Integer, cast, func, select
from sqlalchemy.orm import Session

from ticketing.access import counted
from ticketing.assessment import Rate
from ticketing.indicators import INDICATORS, WHOLE, Period, tickets_behind
from ticketing.measuring import indicator_rows
from ticketing.model import Page, Refused, TicketFilter, Viewer
from ticketing.office import Office
from ticketing.rules.oversight import Weights
from ticketing.store import list_tickets
from ticketing.tables import TicketRow

Dimension = Literal["category", "kind", "channel", "origin", "unit"]

REGISTERED = "registered"
"""How many tickets came in: a count of its own beside the indicators, numerator and denominator alike."""

_COLUMNS: Mapping[Dimension, ColumnElement[str]] = {
    "category": TicketRow.category.expression,
    "kind": TicketRow.kind.expression,
    "channel": TicketRow.channel.expression,
    "origin": TicketRow.origin.expression,
    "unit": func.coalesce(TicketRow.unit, ""),
}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One figure of the tickets that share these values."""

    values: tuple[str, ...]
    """In the order of the dimensions asked for; empty where a ticket has none."""
    code: str
    rate: Rate


def report(
    session: Session, office: Office, viewer: Viewer, period: Period, rows: Sequence[Dimension]
) -> Iterator[ReportLine]:
    """The office's own figures, over the tickets that the viewer may count; only lines with something to count.

    Each ticket stands in one line of a figure, so the lines add up to the office's.
    """
    weights = _weights(office, period)
    by = [_COLUMNS[one] for one in rows]
    came = select(*by, func.count()).where(_registered(viewer, period)).group_by(*by).order_by(*by)
    for *values, count in session.execute(came):
        yield ReportLine(tuple(values), REGISTERED, Rate(Decimal(count), count))
    for code in INDICATORS:
        wanted = indicator_rows(code, viewer, period, weights)
        if wanted is None:
            continue
        found = wanted.subquery()
        hits = func.sum(cast(found.c.hit, Integer))
        counts = select(*by, func.count(), hits).join(found, found.c.ticket_id == TicketRow.ticket_id)
        for *values, count, hit in session.execute(counts.where(found.c.own).group_by(*by).order_by(*by)):
            yield ReportLine(tuple(values), code, Rate(Decimal(hit) / WHOLE, count))


def reported_tickets(
    session: Session,
    office: Office,
    viewer: Viewer,
    period: Period,
    code: str,
    values: Mapping[Dimension, str],
    cursor: str | None = None,
    limit: int = 50,
) -> Page | Refused:
    """The tickets behind a line's figure, as far as the viewer may see them, newest first."""
    if code == REGISTERED:
        among = select(TicketRow.ticket_id).where(_registered(viewer, period))
    else:
        rows = indicator_rows(code, viewer, period, _weights(office, period))
        if rows is None:
            return Refused("not_found")
        among = select(TicketRow.ticket_id).where(TicketRow.ticket_id.in_(tickets_behind(rows, None, None)))
    among = among.where(*(_COLUMNS[one] == value for one, value in values.items()))
    return list_tickets(session, TicketFilter(), viewer, cursor, limit, among=among)


def _registered(viewer: Viewer, period: Period) -> Any:
    return counted(viewer) & period.holds(TicketRow.created_at)


def _weights(office: Office, period: Period) -> Weights | None:
    assessment = office.version_of("", period.until).rules.assessment
    return assessment.weights if assessment is not None else None
