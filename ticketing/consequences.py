"""What follows when a count reaches a threshold: pure, from the pack's ``[[version.consequence]]`` tables."""

from __future__ import annotations

from dataclasses import dataclass

from ticketing.rules import Consequence, Rules


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted about one unit's work, or about one matter."""

    urges: int = 0
    supervise_orders: int = 0
    supervise_expired: int = 0
    """Supervise orders that were not followed: their own limit passed, the office judged so, or another was needed."""
    redos: int = 0
    complaints: int = 0
    """Complaints of the same matter, the first included, since it was last solved (C16)."""
    overdue: bool = False
    handled: bool = False
    """The unit has reported."""
    measure: bool = False
    """A measure was decided: a promise, or a report with a plan."""
    unit_kind: str | None = None


def due_consequences(rules: Rules, counts: Counts) -> list[Consequence]:
    """The consequences whose threshold is reached and whose condition holds."""
    return [one for one in rules.consequence if _holds(one, counts) and _reached(one, counts, rules)]


def _reached(rule: Consequence, counts: Counts, rules: Rules) -> bool:
    if rule.counts == "overdue":
        return counts.overdue
    count = {
        "urges": counts.urges,
        "supervise_orders": counts.supervise_orders,
        "complaints": counts.complaints,
        "redos": counts.redos,
    }[rule.counts]
    if rule.counts == "supervise_orders" and rule.judged == "after_limit":
        count = counts.supervise_expired
    inclusive = rules.counting.thresholds == "inclusive"
    return count >= rule.at_least if inclusive else count > rule.at_least


def _holds(rule: Consequence, counts: Counts) -> bool:
    if rule.unit_kinds and counts.unit_kind not in rule.unit_kinds:
        return False
    if rule.while_ == "not_handled":
        return not counts.handled
    if rule.while_ == "unresolved_or_no_measure":
        return rule.repeat_trigger == "any" or not counts.measure
    return True
