"""Rules about who may be given a matter: units, levels, lead and assisting, limits, the accused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ticketing.case import Work, given_text
from ticketing.deadlines import Question, ask, how_counted
from ticketing.facts import Facts, Guard, breach
from ticketing.model import Refused, Ticket
from ticketing.rules import Rules
from ticketing.sla import Limit, due

SPOKEN = ("phone", "voicemail")
"""Ways in by the telephone."""
MODES = ("phone", "written", "three_way")
ROLES = ("lead", "assist")


def orders_of(given: Mapping[str, Any], lead_stands: bool = False) -> list[dict[str, Any]]:
    """The units to dispatch to, each ``{"unit", "role", "items", "mode", "days", "basis"}`` with defaults filled in.

    A plain unit id is short for its dictionary.  Where no role is named the first unit leads, unless a
    lead stands already.
    """
    entries = [dict(entry) if isinstance(entry, Mapping) else {"unit": entry} for entry in given["units"]]
    named = lead_stands or any(entry.get("role") for entry in entries)
    for position, entry in enumerate(entries):
        entry["role"] = entry.get("role") or ("lead" if position == 0 and not named else "assist")
        for name in ("mode", "days", "basis"):
            if entry.get(name) is None:
                entry[name] = given.get(name)
        entry["items"] = tuple(entry.get("items") or ())
    return entries


def own_mode(channel: str) -> str | None:
    """How a matter is handed to a unit if nobody says: what came in writing or in person goes out in writing."""
    return None if channel in SPOKEN else "written"


def units_dispatchable(ticket: Ticket, facts: Facts) -> Refused | None:
    """Known units, of a level the centre may dispatch to, none of them accused, none asked twice."""
    for entry in orders_of(facts.given, facts.case.lead() is not None):
        refused = _malformed(entry, facts) or _secret(entry["unit"], ticket, facts) or _level(entry["unit"], facts)
        if refused is not None:
            return refused
    units = [entry["unit"] for entry in orders_of(facts.given, facts.case.lead() is not None)]
    busy = [work.unit_id for work in facts.case.top() if work.open]
    twice = sorted({unit for unit in units if units.count(unit) > 1 or unit in busy})
    return Refused("already_there", {"units": twice}) if twice else None


def leader_first(ticket: Ticket, facts: Facts) -> Refused | None:
    """Major and hard matters are approved by a leader before they are dispatched."""
    rule = facts.rules.approve_first
    if rule is not None and ticket.major and ticket.phase == "registered":
        return breach("leader_first", rule.src, by=rule.by)
    return None


def one_lead(_ticket: Ticket, facts: Facts) -> Refused | None:
    """One unit leads; where a county and a department both take part, the department does."""
    entries = orders_of(facts.given, facts.case.lead() is not None)
    leads = [entry["unit"] for entry in entries if entry["role"] == "lead"]
    standing = facts.case.lead()
    if len(leads) + (standing is not None) != 1:
        return Refused("one_lead", {"leads": leads, "standing": standing.unit_id if standing else None})
    rule = facts.rules.main_unit
    kinds = {entry["unit"]: facts.relations.kinds.get(entry["unit"]) for entry in entries}
    if rule is not None and rule.county_vs_department == "department" and leads:
        both = {"county", "department"} <= set(kinds.values())
        if both and kinds[leads[0]] == "county":
            return breach("department_leads", rule.src)
    return None


def limit_known(ticket: Ticket, facts: Facts) -> Refused | None:
    """The limit follows from the regulation, or is named with what the regulation demands."""
    for entry in orders_of(facts.given, facts.case.lead() is not None):
        question = question_of(ticket, entry, facts)
        assert facts.calendar is not None
        answer = ask(facts.rules, question, facts.calendar)
        if answer.status == "needs":
            return breach("missing", answer.src, needs=list(answer.needs), unit=entry["unit"])
        if answer.status == "not_regulated" and "days" in answer.needs:
            return breach("missing", answer.src, needs=list(answer.needs), unit=entry["unit"])
        if answer.status == "set" and not _may_set(facts.rules, question):
            return Refused("basis_needed", {"note": answer.note, "unit": entry["unit"]})
    return None


def question_of(ticket: Ticket, entry: Mapping[str, Any], facts: Facts) -> Question:
    """The question whose answer is the unit's limit."""
    return Question(
        start=facts.now,
        mode=entry["mode"] or own_mode(ticket.channel),
        kind=ticket.kind,
        origin=ticket.origin,
        days=entry["days"],
        basis=entry["basis"] or None,
    )


def units_below(work: Work, facts: Facts) -> Refused | None:
    """A unit passes work on only to those under it, and a county only what is on a township's own list."""
    for entry in orders_of(facts.given):
        unit = entry["unit"]
        refused = _malformed(entry, facts) or _secret(unit, facts.case.ticket, facts)
        if refused is not None:
            return refused
        if unit == work.unit_id or not facts.relations.under(unit, work.unit_id):
            return Refused("not_below", {"unit": unit})
        if any(child.unit_id == unit and child.open for child in facts.case.children(work.work_id)):
            return Refused("already_there", {"units": [unit]})
        refused = _township(work.unit_id, unit, facts) or _later_than_above(work, entry, facts)
        if refused is not None:
            return refused
    return None


def _later_than_above(work: Work, entry: Mapping[str, Any], facts: Facts) -> Refused | None:
    """Days that are named end no later than the date by which the unit above owes the whole, while that lies ahead."""
    if entry["days"] is None or work.due_at is None or work.due_at <= facts.now:
        return None
    assert facts.calendar is not None
    named = due(facts.now, Limit(entry["days"]), how_counted(facts.rules.counting), facts.calendar).due
    if named <= work.due_at:
        return None
    detail = {"unit": entry["unit"], "due": named.isoformat(), "until": work.due_at.isoformat()}
    return Refused("later_than_above", detail)


def _malformed(entry: Mapping[str, Any], facts: Facts) -> Refused | None:
    if not isinstance(entry.get("unit"), str) or not facts.relations.known(entry["unit"]):
        return Refused("unknown_unit", {"units": [entry.get("unit")]})
    if entry["role"] not in ROLES:
        return Refused("invalid_field", {"field": "role", "problem": "unknown_value"})
    if entry["mode"] not in (None, *MODES):
        return Refused("invalid_field", {"field": "mode", "problem": "unknown_value"})
    days = entry["days"]
    if days is not None and (type(days) is not int or not 1 <= days <= 3660):
        return Refused("invalid_field", {"field": "days", "problem": "out_of_range"})
    known = {item.ordinal for item in facts.case.items}
    if not set(entry["items"]) <= known:
        return Refused("invalid_field", {"field": "items", "problem": "unknown_value"})
    return None


def _secret(unit: str, ticket: Ticket, facts: Facts) -> Refused | None:
    """The accused and those below never get it."""
    if ticket.accused_unit is not None and facts.relations.under(unit, ticket.accused_unit):
        secrecy = facts.rules.secrecy
        return breach("accused_unit", secrecy.src if secrecy else (), unit=unit)
    return None


def _level(unit: str, facts: Facts) -> Refused | None:
    rule = facts.rules.network
    if rule is None or not rule.dispatch_to or facts.relations.kinds.get(unit) == "friend":
        return None
    level = facts.relations.depth(unit) + (rule.centre_level or 0)
    if level in rule.dispatch_to:
        return None
    if rule.skip_levels == "when_necessary" and given_text(facts.given, "skip_reason").strip():
        return None
    needs = ["skip_reason"] if rule.skip_levels == "when_necessary" else []
    return breach("wrong_level", rule.src, unit=unit, level=level, needs=needs)


def _township(upper: str, unit: str, facts: Facts) -> Refused | None:
    rule = facts.rules.network
    kinds = facts.relations.kinds
    if rule is None or not rule.push_down_forbidden:
        return None
    pushed_down = kinds.get(upper) == "county" and kinds.get(unit) == "township"
    if pushed_down and not given_text(facts.given, "duty_list").strip():
        return breach("township_guard", rule.src, needs=["duty_list"])
    return None


def _may_set(rules: Rules, question: Question) -> bool:
    """Whether the centre may name the days without a law: the regulation leaves the limit to it, or sets none."""
    fitting = [
        limit
        for limit in rules.limit
        if limit.step == "handle"
        and (not limit.mode or question.mode in limit.mode)
        and (not limit.kind or question.kind in limit.kind)
        and (not limit.origin or question.origin in limit.origin)
    ]
    return not fitting or fitting[0].rule != "fixed"


ALL: tuple[Guard, ...] = (units_dispatchable, leader_first, one_lead, limit_known, units_below)
