"""What no single value of a rule pack can say about itself: values that must fit each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ticketing.pack_reader import Reader
from ticketing.rules import Assessment, Counting, LimitRule
from ticketing.sla import LONGEST_LIMIT
from ticketing.toml_lines import Path


def check_rules(reader: Reader, at: Path, topics: Mapping[str, Any]) -> None:
    """Checks the topics that stand in the file; one that could not be read is None and is passed over."""
    if topics.get("counting") is not None:
        _check_counting(reader, (*at, "counting"), topics["counting"])
    hours = topics.get("hours")
    if hours is not None and not re.fullmatch(r"24h|\d\d:\d\d-\d\d:\d\d", hours.manned):
        reader.fault((*at, "hours", "manned"), "'manned' must be '24h' or 'HH:MM-HH:MM'")
    _check_limits(reader, (*at, "limit"), topics.get("limit", ()))
    _check_starts(reader, (*at, "limit"), topics.get("limit", ()), topics.get("counting"))
    for name, key in (("not_accept", "code"), ("consequence", "id"), ("ground", "code")):
        _check_once(reader, (*at, name), topics.get(name, ()), key)
    if topics.get("assessment") is not None:
        _check_assessment(reader, (*at, "assessment"), topics["assessment"])
    for position, consequence in enumerate(topics.get("consequence", ())):
        if consequence is not None:
            _check_consequence(reader, (*at, "consequence", position), consequence)


def _check_counting(reader: Reader, at: Path, counting: Counting) -> None:
    try:
        ZoneInfo(counting.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        reader.fault((*at, "time_zone"), f"there is no time zone {counting.time_zone!r}")
    if counting.cutoff != "24:00":
        try:
            time.fromisoformat(counting.cutoff)
        except ValueError:
            reader.fault((*at, "cutoff"), "'cutoff' must be '24:00' or a time like '17:30'")
    for name, most in (("yellow_within", 30), ("yellow_share", 100), ("percent_decimals", 6)):
        if not 0 <= getattr(counting, name) <= most:
            reader.fault((*at, name), f"{name!r} must be 0 to {most}")


def _check_starts(reader: Reader, at: Path, limits: tuple[LimitRule | None, ...], counting: Counting | None) -> None:
    if counting is None or counting.unit_clock_from == "delivery":
        return
    for position, limit in enumerate(limits):
        if limit is not None and limit.starts is not None:
            reader.fault((*at, position, "starts"), "a limit from delivery contradicts 'unit_clock_from' in 'counting'")


def _check_assessment(reader: Reader, at: Path, assessment: Assessment) -> None:
    weights = assessment.weights
    if weights is not None:
        parts = (weights.contacted, weights.solved, weights.satisfaction)
        if sum(parts) != 100 or min(parts) < 0:
            reader.fault((*at, "weights"), "'contacted', 'solved' and 'satisfaction' must make 100 together")
        if not 0 <= weights.basically <= 100:
            reader.fault((*at, "weights", "basically"), "'basically' must be 0 to 100")
    seen = set()
    for position, score in enumerate(assessment.scores):
        if score is None:
            continue  # its fault was noted
        place = (*at, "scores", position)
        if len(score.rates) != len(score.tenths) or not score.rates:
            reader.fault(place, "'rates' and 'tenths' must be as many, one at least")
        if list(score.rates) != sorted(set(score.rates)):
            reader.fault((*place, "rates"), "'rates' must rise")
        if (score.indicator, score.group) in seen:
            reader.fault(place, f"a second curve for {score.indicator!r} of {score.group!r}")
        seen.add((score.indicator, score.group))


def _check_limits(reader: Reader, at: Path, limits: tuple[LimitRule | None, ...]) -> None:
    for position, limit in enumerate(limits):
        if limit is None:
            continue
        place = (*at, position)
        if (limit.amount is not None) != (limit.rule == "fixed"):
            need = "needs" if limit.rule == "fixed" else "cannot have"
            reader.fault((*place, "amount"), f"a limit of rule {limit.rule!r} {need} an 'amount'")
        elif limit.amount is not None and not 1 <= limit.amount <= LONGEST_LIMIT:
            reader.fault((*place, "amount"), f"'amount' must be 1 to {LONGEST_LIMIT}")
        if limit.target is not None and (limit.amount is None or not 1 <= limit.target < limit.amount):
            reader.fault((*place, "target"), "'target' must be smaller than 'amount'")
        if any(other is not None and _covers(other, limit) for other in limits[:position]):
            reader.fault(place, "can never hold: an earlier limit fits everything this one does")


def _covers(earlier: LimitRule, later: LimitRule) -> bool:
    """Whether everything ``later`` fits is already taken by ``earlier``."""
    if earlier.step != later.step:
        return False
    pairs = ((earlier.mode, later.mode), (earlier.kind, later.kind), (earlier.origin, later.origin))
    return all(not first or (second and set(second) <= set(first)) for first, second in pairs)


def _check_once(reader: Reader, at: Path, entries: tuple[Any, ...], key: str) -> None:
    seen: set[str] = set()
    for position, entry in enumerate(entries):
        if entry is None:
            continue
        code = getattr(entry, key)
        if code in seen:
            reader.fault((*at, position, key), f"{key} {code!r} stands twice")
        seen.add(code)


def _check_consequence(reader: Reader, at: Path, consequence: Any) -> None:
    if consequence.at_least < 1:
        reader.fault((*at, "at_least"), "'at_least' must be 1 or more")
    if not consequence.must and not consequence.may:
        reader.fault(at, "needs 'must' or 'may'")
    if consequence.judged == "after_limit" and consequence.counts != "supervise_orders":
        reader.fault((*at, "judged"), "only a supervise order has a limit of its own")
