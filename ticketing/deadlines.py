"""Which limit a regulation sets for a matter, and when it ends: pure functions of the rule pack and the calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from ticketing import sla
from ticketing.rules import Counting, LimitRule, Rules

Status = Literal["fixed", "set", "law", "at_once", "not_regulated", "needs", "refused"]
"""How a date came about (the regulation's own amount, set at dispatch, a law's), or why there is none."""

CONVENTIONS = {
    "C1": "time_zone",
    "C2": "working_days",
    "C3": "day_zero",
    "C4": "cutoff",
    "C5": "unit_clock_from",
    "C6": "thresholds",
    "C8": "extension_from",
    "C9": "redispatch",
    "C15": "yellow_within",
}
"""The conventions a date depends on, by the field that holds the choice."""


@dataclass(frozen=True, slots=True)
class Question:
    """A matter whose limit is asked for."""

    start: datetime
    step: Literal["handle", "accept", "sign", "return"] = "handle"
    mode: str | None = None
    kind: str | None = None
    origin: str = "citizen"
    days: int | None = None
    """Working days named by the centre or by a law."""
    basis: str | None = None
    """The law that names ``days``."""


@dataclass(frozen=True, slots=True)
class Answer:
    """When the limit ends and why, or why no date can be given."""

    status: Status
    due: sla.Due | None
    limit: sla.Limit | None
    src: tuple[str, ...]
    note: str | None = None
    needs: tuple[str, ...] = ()
    conventions: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The date with its explanation."""
        nothing = {"due": None, "target": None, "provisional": False, "article": "; ".join(self.src) or None}
        said = nothing | {"trace": [], "skipped": []} if self.due is None else self.due.as_json()
        return said | {
            "status": self.status,
            "note": self.note,
            "needs": list(self.needs),
            "conventions": self.conventions,
        }


def how_counted(counting: Counting) -> sla.Counting:
    """The part of the pack's conventions that day counting needs."""
    return sla.Counting(
        time_zone=counting.time_zone,
        working_days=counting.working_days,
        day_zero=counting.day_zero,
        cutoff=counting.cutoff,
        extension_from=counting.extension_from,
        last_day_off=counting.last_day_off,
        yellow_within=counting.yellow_within,
        yellow_share=counting.yellow_share,
    )


def ask(rules: Rules, question: Question, calendar: sla.Calendar) -> Answer:
    """The limit of this matter and its end, or why there is none."""
    if question.step == "return":
        return _return_window(rules, question, calendar)
    chosen = _fitting(rules, question)
    if isinstance(chosen, tuple) and question.days is not None:
        found = _given(question, (), f"the regulation's own limit depends on: {', '.join(chosen)}")
    elif isinstance(chosen, tuple):
        return Answer("needs", None, None, (), f"the limit depends on: {', '.join(chosen)}", chosen)
    else:
        found = _limit(rules, chosen, question)
    if found.limit is None:
        return found
    return _dated(rules, found, question.start, calendar)


def ask_extension(rules: Rules, old_due: datetime, days: int, approved: datetime, calendar: sla.Calendar) -> Answer:
    """The date after an extension of ``days`` (in the pack's unit), or why the regulation gives none."""
    rule = rules.extension
    if rule is None:
        return Answer("not_regulated", None, None, (), "the regulation says nothing about extensions")
    if rule.kind == "explain_only":
        note = "the unit explains why it needs longer; no date moves"
        return Answer("refused", None, None, rule.src, note)
    if rule.max_amount is not None and days > rule.max_amount:
        return Answer("refused", None, None, rule.src, f"an extension is at most {rule.max_amount}")
    limit = sla.Limit(days, rule.unit, article="; ".join(rule.src))
    counting = how_counted(rules.counting)
    due = sla.extend(old_due, limit, counting, calendar, approved)
    return Answer("set", due, limit, rule.src, conventions=_conventions(rules))


def _return_window(rules: Rules, question: Question, calendar: sla.Calendar) -> Answer:
    rule = rules.return_
    if rule is None:
        return Answer("not_regulated", None, None, (), "the regulation says nothing about returning a matter")
    if rule.window is None:
        return Answer("not_regulated", None, None, rule.src, "the regulation names no time for returning a matter")
    limit = sla.Limit(rule.window, rule.unit, article="; ".join(rule.src))
    return _dated(rules, Answer("fixed", None, limit, rule.src), question.start, calendar)


def _fitting(rules: Rules, question: Question) -> LimitRule | tuple[str, ...] | None:
    """The first limit that fits, None, or what must be known to tell.

    A way of dispatch that is not named is not a three-way call: that one ends with the call itself.
    """
    needs: list[str] = []
    for limit in rules.limit:
        if limit.step != question.step:
            continue
        unknown = []
        fits = True
        for name, value in (("mode", question.mode), ("kind", question.kind), ("origin", question.origin)):
            allowed = getattr(limit, name)
            if allowed and value is None and allowed != ("three_way",):
                unknown.append(name)
            elif allowed and value not in allowed:
                fits = False
        if fits and not unknown:
            return tuple(dict.fromkeys(needs)) or limit
        if fits:
            needs += unknown
    return tuple(dict.fromkeys(needs)) or None


def _limit(rules: Rules, rule: LimitRule | None, question: Question) -> Answer:
    """The amount that holds, before it is turned into a date."""
    if rule is None:
        note = f"the regulation sets no limit for this ({question.step})"
        return (
            _given(question, (), note) if question.days is not None else Answer("not_regulated", None, None, (), note)
        )
    if rule.rule == "at_once":
        return Answer("at_once", None, None, rule.src, "answered on the spot")
    if rule.rule == "centre_sets":
        if question.basis is not None and question.days is not None:
            return _law(rules, None, rule.src, question)
        if question.days is None:
            return Answer("needs", None, None, rule.src, "the centre sets the limit at dispatch", ("days",))
        return Answer("set", None, sla.Limit(question.days, "wd", article="; ".join(rule.src)), rule.src)
    if rule.rule == "own_rule":
        if question.days is None:
            note = f"another rule holds: {rule.document or 'not named'}"
            return Answer("not_regulated", None, None, rule.src, note, ("days", "basis"))
        return _given(question, rule.src, None, question.basis or rule.document)
    assert rule.amount is not None  # the loader refuses a fixed limit without an amount
    fixed = sla.Limit(rule.amount, rule.unit, rule.target, "; ".join(rule.src))
    if question.days is None:
        return Answer("fixed", None, fixed, rule.src)
    if question.basis is not None:
        return _law(rules, fixed, rule.src, question)
    note = f"the regulation names {rule.amount} ({rule.unit}); {question.days} were given without a legal basis"
    return _given(question, rule.src, note)


def _given(question: Question, src: tuple[str, ...], note: str | None, basis: str | None = None) -> Answer:
    law = basis or question.basis
    cited = (*src, law) if law else src
    assert question.days is not None  # only asked with days
    limit = sla.Limit(question.days, "wd", article="; ".join(cited) or None)
    return Answer("law" if law else "set", None, limit, cited, note)


def _law(rules: Rules, fixed: sla.Limit | None, src: tuple[str, ...], question: Question) -> Answer:
    """A law's own limit beside the regulation's."""
    statute = rules.statute
    cited = (*(statute.src if statute else src), question.basis or "")
    assert question.days is not None  # only asked with days
    longer = fixed is None or fixed.unit != "wd" or question.days > fixed.amount
    if fixed is not None and statute is not None and statute.rule == "longer_prevails" and not longer:
        stands = f"the law's {question.days} working days are not longer, so the regulation's {fixed.amount} stand"
        return Answer("fixed", None, fixed, src, stands)
    note = None if statute else "the regulation says nothing about a law's own limit; the law named holds"
    return Answer("law", None, sla.Limit(question.days, "wd", article="; ".join(cited)), cited, note)


def _dated(rules: Rules, found: Answer, start: datetime, calendar: sla.Calendar) -> Answer:
    assert found.limit is not None  # callers have one
    due = sla.due(start, found.limit, how_counted(rules.counting), calendar)
    return Answer(found.status, due, found.limit, found.src, found.note, (), _conventions(rules))


def _conventions(rules: Rules) -> dict[str, str]:
    return {name: str(getattr(rules.counting, field)) for name, field in CONVENTIONS.items()}
