"""Rates of units and what an assessment makes of them: pure.

A rate keeps its numerator, denominator and tickets, and has no value where there is nothing to divide by (C11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from ticketing.rules import Assessment
from ticketing.rules.oversight import Threshold

MISSED_MARK = "missed_mark"
LAST_PLACE = "last_place"


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of tickets."""

    numerator: int | Decimal
    """A fraction where something counts partly."""
    denominator: int
    ticket_ids: tuple[str, ...] = ()
    """The tickets of the denominator."""

    @property
    def percent(self) -> Decimal | None:
        """Exact percentage; None without a base."""
        return None if self.denominator == 0 else Decimal(self.numerator) * 100 / Decimal(self.denominator)

    def shown(self, decimals: int = 2) -> str:
        """Rounded half up (C12); “—” without a base, never 0 or 100."""
        percent = self.percent
        if percent is None:
            return "—"
        return str(percent.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One unit's period."""

    unit_id: str
    group: str | None
    tickets: int
    rates: Mapping[str, Rate] = field(default_factory=dict)
    """``closure_rate`` and ``satisfaction_rate``."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an assessment found about a unit, and the acts it leads to."""

    unit_id: str
    reason: str
    src: tuple[str, ...]
    why: str
    acts: tuple[str, ...]


def assess(
    rules: Assessment, results: Sequence[UnitResult], campaign: str | None = None, ranking: Sequence[str] = ()
) -> list[Finding]:
    """Marks that were missed, and the unit that is last and missed its task.

    ``campaign`` is the campaign that has just ended; marks that only hold after one are looked at only then.
    ``ranking`` names the units from best to worst, by the office's own scores.
    """
    found = []
    for result in results:
        for mark in rules.thresholds:
            if _applies(mark, result, campaign) and _missed(mark, result.rates[mark.indicator]):
                why = f"{mark.indicator} {result.rates[mark.indicator].shown()} < {mark.at_least}"
                found.append(Finding(result.unit_id, MISSED_MARK, mark.src, why, mark.leads_to))
    missed = {finding.unit_id for finding in found}
    if ranking and ranking[-1] in missed and rules.last_place_and_task_missed:
        acts = rules.last_place_and_task_missed
        found.append(Finding(ranking[-1], LAST_PLACE, rules.src, "last place and task missed", acts))
    return found


def _applies(mark: Threshold, result: UnitResult, campaign: str | None) -> bool:
    if mark.after is not None and mark.after != campaign:
        return False
    if mark.group not in ("all", result.group):
        return False
    return (mark.min_tickets is None or result.tickets >= mark.min_tickets) and mark.indicator in result.rates


def _missed(mark: Threshold, rate: Rate) -> bool:
    percent = rate.percent
    return percent is not None and percent < mark.at_least
