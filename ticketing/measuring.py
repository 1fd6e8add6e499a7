"""The indicators of a period, for the office and each unit, as far as the viewer may count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import mean, median
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from ticketing import sla
from ticketing.access import counted
from ticketing.assessment import Rate
from ticketing.deadlines import how_counted
from ticketing.indicators import COMPOSITE, INDICATORS, WHOLE, Period, sums, tickets_behind
from ticketing.model import Page, Refused, TicketFilter, Viewer
from ticketing.office import Office
from ticketing.rules.oversight import Score, Weights
from ticketing.scoring import Scored, scored
from ticketing.store import list_tickets
from ticketing.tables import TicketRow
from ticketing.tables_work import WorkRow


@dataclass(frozen=True, slots=True)
class Spans:
    """How long matters took that were closed in the period: elapsed time as well as days (no share in time alone)."""

    tickets: int = 0
    mean_days: float | None = None
    """Working days from acceptance to the final reply."""
    median_days: float | None = None
    mean_hours: float | None = None
    """The same on the wall clock."""
    median_hours: float | None = None


@dataclass(slots=True)
class Figures:
    """What is known of a unit, or of the office."""

    rates: dict[str, Rate] = field(default_factory=dict)
    spans: Spans = field(default_factory=Spans)
    scored: Scored = field(default_factory=lambda: Scored(None, None))


@dataclass(frozen=True, slots=True)
class Measured:
    """A period's figures."""

    office: Figures
    units: Mapping[str, Figures]
    """By unit; only units with something to count."""
    decimals: int
    """Of a shown percentage (C12)."""
    not_regulated: tuple[str, ...]
    """Indicators whose weighing the regulation does not tell."""


def measure(session: Session, office: Office, viewer: Viewer, period: Period) -> Measured:
    """Every indicator over the period.  The regulation in force at its end says how composed rates weigh."""
    rules = office.version_of("", period.until).rules
    assessment = rules.assessment
    weights = assessment.weights if assessment is not None else None
    scores: tuple[Score, ...] = assessment.scores if assessment is not None else ()
    known = {code: rows for code in INDICATORS if (rows := indicator_rows(code, viewer, period, weights)) is not None}
    all_of_it, units = Figures(), dict[str, Figures]()
    for code, rows in known.items():
        found = [tuple(row) for row in session.execute(sums(rows))]
        all_of_it.rates[code] = _rate([(count, hits) for _unit, own, count, hits in found if own])
        for unit in {row[0] for row in found if row[0] and _shown_to(viewer, row[0])}:
            own_rows = [(count, hits) for one, _own, count, hits in found if one == unit]
            units.setdefault(unit, Figures()).rates[code] = _rate(own_rows)
    _spans(session, office, viewer, period, all_of_it, units)
    for figures in (all_of_it, *units.values()):
        figures.rates = {code: figures.rates.get(code, Rate(0, 0)) for code in known}
        if weights is not None:
            figures.rates[COMPOSITE] = _composite(figures.rates, weights)
    groups = {unit.unit_id: unit.group for unit in office.dictionary.units}
    for unit, result in scored(scores, {unit: one.rates for unit, one in units.items()}, groups).items():
        units[unit].scored = result
    unknown = () if weights is not None else (*(code for code, one in INDICATORS.items() if one.weighed), COMPOSITE)
    return Measured(all_of_it, units, rules.counting.percent_decimals, unknown)


def measured_tickets(
    session: Session,
    office: Office,
    viewer: Viewer,
    period: Period,
    code: str,
    unit: str | None,
    counts: bool | None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page | Refused:
    """The tickets behind a figure, as far as the viewer may see them, newest first.

    ``unit`` None is the office's own figure.  ``counts``: only those in the numerator, only the others, or all.
    """
    assessment = office.version_of("", period.until).rules.assessment
    rows = indicator_rows(code, viewer, period, assessment.weights if assessment is not None else None)
    if rows is None or (unit is not None and not _shown_to(viewer, unit)):
        return Refused("not_found")
    among = tickets_behind(rows, unit, counts)
    return list_tickets(session, TicketFilter(), viewer, cursor, limit, among=among)


def indicator_rows(code: str, viewer: Viewer, period: Period, weights: Weights | None) -> Select[Any] | None:
    """What an indicator counts, as far as the viewer may; None where there is none or nobody says how it weighs."""
    indicator = INDICATORS.get(code)
    if indicator is None or (indicator.weighed and weights is None):
        return None
    return indicator.rows(period, weights).where(counted(viewer))


def _shown_to(viewer: Viewer, unit: str) -> bool:
    """A unit's people see their own line of units, the office sees all."""
    return viewer.unit_id is None or unit in (viewer.units_below or {viewer.unit_id})


def _rate(rows: list[tuple[int, int]]) -> Rate:
    hits = Decimal(sum(hits for _count, hits in rows)) / WHOLE
    whole = int(hits) if hits == hits.to_integral_value() else hits
    return Rate(whole, sum(count for count, _hits in rows))


def _composite(rates: Mapping[str, Rate], weights: Weights) -> Rate:
    """The weighed mean of three rates, as so much of a hundred; without a base where one of them has none."""
    parts = ((weights.contacted, "contacted"), (weights.solved, "solved"), (weights.satisfaction, "satisfaction"))
    percents = [(weight, rates[code].percent if code in rates else None) for weight, code in parts]
    if any(percent is None for weight, percent in percents if weight):
        return Rate(0, 0)
    return Rate(sum((weight * percent for weight, percent in percents if percent is not None), Decimal(0)) / 100, 100)


def _spans(
    session: Session,
    office: Office,
    viewer: Viewer,
    period: Period,
    all_of_it: Figures,
    units: dict[str, Figures],
) -> None:
    """From acceptance to the lead unit's last report, or to the closing of what no unit worked on."""
    replied = (
        select(func.max(WorkRow.reported_at))
        .where(WorkRow.ticket_id == TicketRow.ticket_id, WorkRow.depth == 1, WorkRow.role == "lead")
        .scalar_subquery()
    )
    wanted = and_(period.holds(TicketRow.closed_at), counted(viewer))
    answered = func.coalesce(replied, TicketRow.closed_at)
    rows = session.execute(select(TicketRow.unit, TicketRow.created_at, answered).where(wanted))
    counting = how_counted(office.version_of("", period.until).rules.counting)
    days: dict[tuple[Any, Any], int] = {}
    taken: dict[str, list[tuple[int, float]]] = {}
    for unit, begun, ended in rows:
        assert ended is not None  # closed in the period
        between = (begun.astimezone(counting.zone).date(), ended.astimezone(counting.zone).date())
        if between not in days:  # a month of a large city has few different pairs of days
            days[between] = sla.elapsed(begun, ended, counting, office.calendar)
        taken.setdefault(unit or "", []).append((days[between], (ended - begun).total_seconds() / 3600))
    all_of_it.spans = _span([one for several in taken.values() for one in several])
    for unit, several in taken.items():
        if unit and _shown_to(viewer, unit):
            units.setdefault(unit, Figures()).spans = _span(several)


def _span(taken: list[tuple[int, float]]) -> Spans:
    if not taken:
        return Spans()
    days, hours = [one for one, _hours in taken], [one for _days, one in taken]
    return Spans(len(taken), mean(days), median(days), mean(hours), median(hours))
