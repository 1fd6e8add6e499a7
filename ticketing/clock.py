"""A unit's clock as plain data: kept with the work, computed again whenever something changes.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ticketing import sla
from ticketing.deadlines import CONVENTIONS, Answer, Question, ask, how_counted
from ticketing.rules import Rules

UNIT_ABOVE = "no later than the unit above"
"""Why a date was cut short: who passed the work down owes the whole result by a date of its own."""


@dataclass(frozen=True, slots=True)
class Times:
    """What a clock shows; all None where the regulation sets no limit."""

    due_at: datetime | None = None
    target_at: datetime | None = None
    yellow_from: datetime | None = None
    provisional: bool = False


def begin(rules: Rules, question: Question, calendar: sla.Calendar, version: str) -> dict[str, Any]:
    """A clock that starts at ``question.start`` with the limit that holds for the matter."""
    answer = ask(rules, question, calendar)
    return {
        "status": answer.status,
        "note": answer.note,
        "src": list(answer.src),
        "limit": None if answer.limit is None else _limit_json(answer.limit),
        "start": question.start.isoformat(),
        "extensions": [],
        "pauses": [],
        "version": version,
    }


def restarted(clock: Mapping[str, Any], start: datetime, amount: int | None = None) -> dict[str, Any]:
    """The same limit from a new start; with another amount where one was ordered."""
    limit = clock["limit"]
    if limit is not None and amount is not None:
        limit = {**limit, "amount": amount, "target": None}
    return {**clock, "limit": limit, "start": start.isoformat(), "extensions": [], "pauses": []}


def extended(clock: Mapping[str, Any], days: int, unit: sla.Unit, approved: datetime, article: str) -> dict[str, Any]:
    """With one more extension."""
    more = {"amount": days, "unit": unit, "approved": approved.isoformat(), "article": article}
    return {**clock, "extensions": [*clock["extensions"], more]}


def agreed(clock: Mapping[str, Any], days: int) -> dict[str, Any]:
    """With the working days that the unit above named for a unit below: between those two no regulation speaks."""
    limit = _limit_json(sla.Limit(days))
    return {**clock, "status": "set", "note": "the unit above named the days", "src": [], "limit": limit}


def bounded(clock: Mapping[str, Any], above: datetime | None, now: datetime) -> dict[str, Any]:
    """Not beyond the date of the unit above, as long as that lies ahead."""
    ahead = above is not None and above > now
    return {**clock, "no_later": above.isoformat() if ahead and above is not None else None}


def paused(clock: Mapping[str, Any], now: datetime, why: str) -> dict[str, Any]:
    """Standing still from now on."""
    return {**clock, "pauses": [*clock["pauses"], {"start": now.isoformat(), "end": None, "why": why}]}


def resumed(clock: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Running again."""
    pauses = [{**pause, "end": pause["end"] or now.isoformat()} for pause in clock["pauses"]]
    return {**clock, "pauses": pauses}


def standing(clock: Mapping[str, Any]) -> bool:
    """Whether it stands still."""
    return any(pause["end"] is None for pause in clock["pauses"])


def read(clock: Mapping[str, Any], rules: Rules, calendar: sla.Calendar) -> list[sla.Due]:
    """The date and how it moved: the limit's own first, then one for each extension; empty without a limit."""
    if clock["limit"] is None:
        return []
    counting = how_counted(rules.counting)
    pauses = [
        sla.Pause(_moment(one["start"]), _moment(one["end"]) if one["end"] else None, one["why"])
        for one in clock["pauses"]
    ]
    dates = [sla.due(_moment(clock["start"]), _limit(clock["limit"]), counting, calendar, pauses)]
    for more in clock["extensions"]:
        limit = sla.Limit(more["amount"], more["unit"], article=more["article"])
        dates.append(sla.extend(dates[-1].due, limit, counting, calendar, _moment(more["approved"])))
    bound = clock.get("no_later")
    if bound is not None:
        dates[-1] = sla.no_later(dates[-1], _moment(bound), UNIT_ABOVE, counting, calendar)
    return dates


def times(clock: Mapping[str, Any], rules: Rules, calendar: sla.Calendar) -> Times:
    """What the clock shows now."""
    dates = read(clock, rules, calendar)
    if not dates:
        return Times()
    last = dates[-1]
    return Times(last.due, dates[0].target, last.yellow_from, any(date.provisional for date in dates))


def explain(clock: Mapping[str, Any], rules: Rules, calendar: sla.Calendar) -> dict[str, Any]:
    """The date with its whole argument: each step day by day, articles, version, conventions, what was ordered."""
    dates = read(clock, rules, calendar)
    answer = Answer(clock["status"], dates[-1] if dates else None, None, tuple(clock["src"]), clock["note"])
    return answer.as_json() | {
        "version": clock["version"],
        "start": clock["start"],
        "steps": [date.as_json() for date in dates],
        "pauses": list(clock["pauses"]),
        "extensions": list(clock["extensions"]),
        "conventions": conventions(rules),
    }


def conventions(rules: Rules) -> dict[str, str]:
    """The ways of counting this city chose."""
    return {name: str(getattr(rules.counting, field)) for name, field in CONVENTIONS.items()}


def _limit_json(limit: sla.Limit) -> dict[str, Any]:
    return {"amount": limit.amount, "unit": limit.unit, "target": limit.target, "article": limit.article}


def _limit(said: Mapping[str, Any]) -> sla.Limit:
    return sla.Limit(said["amount"], said["unit"], said["target"], said["article"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
