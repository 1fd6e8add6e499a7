"""Indicators of a period by what the reader chooses: category, kind, channel, or these crossed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ticketing.assessment import Rate
from ticketing.indicators import INDICATORS, WHOLE, Period
from ticketing.measuring import indicator_rows
from ticketing.model import Viewer
from ticketing.office import Office
from ticketing.tables import TicketRow

Dimension = Literal["category", "kind", "channel"]

_COLUMNS: Mapping[Dimension, InstrumentedAttribute[Any]] = {
    "category": TicketRow.category,
    "kind": TicketRow.kind,
    "channel": TicketRow.channel,
}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One indicator of the tickets that share these values."""

    values: tuple[str, ...]
    """In the order of the dimensions asked for."""
    code: str
    rate: Rate


def report(
    session: Session, office: Office, viewer: Viewer, period: Period, rows: Sequence[Dimension]
) -> Iterator[ReportLine]:
    """The office's own figures, over the tickets that the viewer may count; only lines with something to count.

    Each ticket stands in one line of an indicator, so the lines add up to the office's figure.
    """
    assessment = office.version_of("", period.until).rules.assessment
    weights = assessment.weights if assessment is not None else None
    by = [_COLUMNS[one] for one in rows]
    for code in INDICATORS:
        wanted = indicator_rows(code, viewer, period, weights)
        if wanted is None:
            continue
        found = wanted.subquery()
        hits = func.sum(cast(found.c.hit, Integer))
        counts = select(*by, func.count(), hits).join(found, found.c.ticket_id == TicketRow.ticket_id)
        for *values, count, hit in session.execute(counts.where(found.c.own).group_by(*by).order_by(*by)):
            yield ReportLine(tuple(values), code, Rate(Decimal(hit) / WHOLE, count))
