"""One verb on rows that are loaded and locked: the step by the table, its effects, and what follows by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ticketing.case import Actor
from ticketing.doing import Doing, work_value
from ticketing.duties import check_matter, check_work
from ticketing.effects import EFFECTS
from ticketing.following import follow
from ticketing.life import MACHINE_OF
from ticketing.looking_up import look_up
from ticketing.model import Refused, json_ready
from ticketing.office import Office
from ticketing.rulepack import Version
from ticketing.tables_work import WorkRow
from ticketing.transitions import Side
from ticketing.workflow import find, step

BY_ANY_SECTION = ("supervise", "evaluate_supervision")
"""Verbs that a regulation may give to every section of the office."""


def carry_out(doing: Doing, verb: str, work_id: str | None, given: Mapping[str, Any]) -> Refused | None:
    """The verb on rows that are loaded and locked, and everything that follows from it."""
    who = _who(doing, verb, work_id)
    if isinstance(who, Refused):
        return who
    work, side = who
    look_up(doing, verb, given, work)
    row = doing.advance(work, verb, side, given)
    if isinstance(row, Refused):
        return row
    doing.row.version += 1
    doing.row.updated_at = doing.now
    doing.record(row, json_ready(EFFECTS[verb](doing, work, given)), work)
    follow(doing)
    for one in doing.works:
        check_work(doing, one)
    check_matter(doing)
    doing.finish()
    return None


def refusal(doing: Doing, verb: str, work_id: str | None, given: Mapping[str, Any]) -> Refused | None:
    """Why the verb would be refused as things stand; nothing is changed."""
    who = _who(doing, verb, work_id)
    if isinstance(who, Refused):
        return who
    work, side = who
    look_up(doing, verb, given, work)
    facts = doing.facts(given)
    if work is None:
        after: Any = step(facts.case.ticket, verb, side, facts)
    else:
        after = step(work_value(work), verb, side, facts)
    return after if isinstance(after, Refused) else None


def _who(doing: Doing, verb: str, work_id: str | None) -> tuple[WorkRow | None, Side] | Refused:
    """The work the verb is about, and how the actor stands to it."""
    work = _work_of(doing, verb, work_id)
    if isinstance(work, Refused):
        return work
    side = side_of(doing, verb, work)
    return (work, side) if side is not None else Refused("not_yours", {"verb": verb})


def permitted(office: Office, version: Version, actor: Actor, verb: str) -> bool:
    """One of the person's roles has the verb; where the regulation lets any section of the office supervise, whoever
    takes matters in there may as well (K5)."""
    if office.may(actor, verb):
        return True
    rule = version.rules.supervise
    any_section = verb in BY_ANY_SECTION and rule is not None and bool(rule.by_any_section)
    return any_section and actor.unit_id is None and office.may(actor, "register")


def _work_of(doing: Doing, verb: str, work_id: str | None) -> WorkRow | Refused | None:
    """The work a verb is about; for a unit with only one open work it need not be named."""
    if MACHINE_OF[verb] == "ticket":
        return None
    if work_id is None:
        unit = doing.actor.unit_id
        own = [one for one in doing.works if one.unit_id == unit and one.ended_at is None]
        return own[0] if len(own) == 1 else Refused("missing", {"needs": ["work_id"]})
    return doing.work(work_id) or Refused("unknown_work")


def side_of(doing: Doing, verb: str, work: WorkRow | None) -> Side | None:
    """How the actor stands to the matter, for this verb."""
    actor = doing.actor
    if "system" in actor.roles:
        return "system"
    if "citizen" in actor.roles:
        return "citizen"
    if actor.unit_id is not None:
        if work is None:
            return None
        if work.unit_id == actor.unit_id:
            return "unit"
        above = doing.work(work.parent_id)
        return "upper" if above is not None and above.unit_id == actor.unit_id else None
    status = doing.row.phase if work is None else work.status
    row = find(MACHINE_OF[verb], status, verb)
    leads = "duty_leader" in actor.roles and row is not None and "leader" in row.actors
    return "leader" if leads else "centre"
