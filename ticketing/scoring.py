"""Points and places from rates: pure, and all numbers from the rule pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from ticketing.assessment import Rate
from ticketing.rules.oversight import Score


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit's points; both None for a unit with nothing to be measured by."""

    points: Decimal | None
    place: int | None
    """Among the units of its group; equal points share a place."""


def points_for(curve: Score, percent: Decimal) -> Decimal:
    """Points for a percentage, on the straight line between the two given ones around it."""
    first, last = curve.rates[0], curve.rates[-1]
    if percent <= first:
        return Decimal(curve.tenths[0]) / 10
    if percent >= last:
        return Decimal(curve.tenths[-1]) / 10
    given = zip(curve.rates, curve.tenths, strict=True)
    for (low, at_low), (high, at_high) in pairwise(given):
        if percent <= high:
            share = (percent - low) / (high - low)
            return (at_low + share * (at_high - at_low)) / 10
    raise AssertionError("the last of rising rates is reached above")


def curves_of(scores: Sequence[Score], group: str | None) -> Mapping[str, Score]:
    """Indicator → the curve for units of this group: its own before the one for all."""
    found: dict[str, Score] = {score.indicator: score for score in scores if score.group == "all"}
    found.update({score.indicator: score for score in scores if group is not None and score.group == group})
    return found


def scored(
    scores: Sequence[Score], rates: Mapping[str, Mapping[str, Rate]], groups: Mapping[str, str | None]
) -> dict[str, Scored]:
    """Unit → points and place in its group.

    ``rates`` are each unit's.  An indicator without a base gives no points and takes none away: the points of the
    others are not raised for it, and a unit without any base has no place.
    """
    points: dict[str, Decimal | None] = {}
    for unit, own in rates.items():
        curves = curves_of(scores, groups.get(unit))
        got = [
            points_for(curve, percent)
            for indicator, curve in curves.items()
            if indicator in own and (percent := own[indicator].percent) is not None
        ]
        points[unit] = sum(got, Decimal(0)) if got else None
    return {unit: Scored(got, _place(unit, got, points, groups)) for unit, got in points.items()}


def _place(
    unit: str, got: Decimal | None, points: Mapping[str, Decimal | None], groups: Mapping[str, str | None]
) -> int | None:
    if got is None:
        return None
    group = groups.get(unit)
    return 1 + sum(
        other is not None and other > got for one, other in points.items() if one != unit and groups.get(one) == group
    )
