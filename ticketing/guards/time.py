"""Rules about time: returns, extensions, terminations, reminding, urging, supervising."""

from __future__ import annotations

from datetime import datetime

from ticketing import sla
from ticketing.case import Work, given_text
from ticketing.facts import Facts, Guard, breach, no_rule
from ticketing.model import Refused
from ticketing.rules import Rules

FORMS = ("daily", "listed", "interview", "on_site")
GROUNDS = ("overdue", "refuses_to_accept", "unsolved", "bad_influence", "objection", "leader_assigned", "other")


def overdue(work: Work, facts: Facts) -> bool:
    """Whether the unit's limit has passed."""
    return work.due_at is not None and sla.is_late(facts.now, work.due_at)


def return_regulated(_work: Work, facts: Facts) -> Refused | None:
    """The regulation knows returning."""
    return None if facts.rules.return_ is not None else no_rule("return")


def return_unlocked(work: Work, facts: Facts) -> Refused | None:
    """A unit that was decided on or designated, or whose return was refused, may not return the matter."""
    rule = facts.rules.return_
    if rule is None or work.locked is None:
        return None
    if work.locked == "refused" or work.locked in rule.locked_after:
        return breach("return_locked", rule.src, why=work.locked)
    return None


def return_in_time(work: Work, facts: Facts) -> Refused | None:
    """Within the window, counted from delivery."""
    rule = facts.rules.return_
    if rule is not None and work.return_due_at is not None and sla.is_late(facts.now, work.return_due_at):
        return breach("too_late", rule.src, until=work.return_due_at.isoformat())
    return None


def extension_regulated(_work: Work, facts: Facts) -> Refused | None:
    """The regulation lets units apply for more time."""
    rule = facts.rules.extension
    if rule is None:
        return no_rule("extension")
    return breach("explain_instead", rule.src) if rule.kind == "explain_only" else None


def extension_in_time(work: Work, facts: Facts) -> Refused | None:
    """Filed no later than the due instant (C8)."""
    rule = facts.rules.extension
    if work.due_at is None:
        return Refused("no_due_date")
    return breach("too_late", rule.src if rule else (), until=work.due_at.isoformat()) if overdue(work, facts) else None


def extension_stated(_work: Work, facts: Facts) -> Refused | None:
    """The request says what it must say, and asks for no more than there is."""
    rule = facts.rules.extension
    if rule is None:
        return None
    missing = []
    if "length" in rule.must_state and facts.given.get("days") is None:
        missing.append("days")
    if "reasons" in rule.must_state and not given_text(facts.given, "reason").strip():
        missing.append("reason")
    if missing:
        return breach("missing", rule.src, needs=missing)
    return _amount(facts.given.get("days"), facts)


def extension_left(work: Work, facts: Facts) -> Refused | None:
    """Applied for no more often than allowed; a refused application counts, a dropped one does not."""
    rule = facts.rules.extension
    if rule is None or rule.max_count is None:
        return None
    applied = [
        one
        for one in facts.case.requests
        if (one.work_id, one.kind) == (work.work_id, "extension") and one.status != "dropped"
    ]
    return breach("no_extension_left", rule.src, most=rule.max_count) if len(applied) >= rule.max_count else None


def extension_amount(work: Work, facts: Facts) -> Refused | None:
    """The approval names the days, or the request did."""
    request = facts.case.pending(work.work_id, "extension")
    days = facts.given.get("days") or (request.days if request else None)
    return Refused("missing", {"needs": ["days"]}) if days is None else _amount(days, facts)


def _amount(days: object, facts: Facts) -> Refused | None:
    rule = facts.rules.extension
    if days is None:
        return None
    if type(days) is not int or not 1 <= days <= sla.LONGEST_LIMIT:
        return Refused("invalid_field", {"field": "days", "problem": "out_of_range"})
    if rule is not None and rule.max_amount is not None and days > rule.max_amount:
        return breach("too_long", rule.src, most=rule.max_amount)
    return None


def termination_regulated(_work: Work, facts: Facts) -> Refused | None:
    """The regulation knows termination, on this ground; a ground of non-acceptance is named by its code."""
    rule = facts.rules.terminate
    if rule is None:
        return no_rule("terminate")
    ground = facts.given["ground"]
    if ground not in rule.grounds:
        return breach("unknown_ground", rule.src, known=list(rule.grounds))
    codes = [one.code for one in facts.rules.not_accept]
    if ground == "not_accept" and facts.given.get("code") not in codes:
        return breach("unknown_code", rule.src, known=codes)
    return None


def explanation_whole(_work: Work, facts: Facts) -> Refused | None:
    """What cannot be solved in time is explained, with a plan where the regulation asks for one."""
    rule = facts.rules.unsolvable
    if rule is not None and "plan" in rule.must and not given_text(facts.given, "plan").strip():
        return breach("missing", rule.src, needs=["plan"])
    return None


def account_step(work: Work, phase: str, rules: Rules, now: datetime) -> str | None:
    """What the caller may demand an account of now: that it is late, or a result that the office has passed on.

    None where the regulation gives no such right, there is no ground, or it was demanded at this step already."""
    late = work.open and work.due_at is not None and sla.is_late(now, work.due_at)
    told = not work.open and phase in ("callback", "closed", "upheld")
    step = "overdue" if late else "objection" if told else None
    known = rules.query.account if rules.query is not None else ()
    return step if step in known and work.account_step != step else None


def account_owed(work: Work, facts: Facts) -> Refused | None:
    """The regulation lets the caller demand it, there is a ground, and it was not demanded at this step before."""
    rule = facts.rules.query
    if rule is None or not rule.account:
        return no_rule("account")
    if account_step(work, facts.case.ticket.phase, facts.rules, facts.now) is None:
        return breach("no_account_owed", rule.src)
    return None


def account_asked(work: Work, _facts: Facts) -> Refused | None:
    """The caller has demanded it and it was not given."""
    return Refused("not_asked") if work.account_asked_at is None or work.account is not None else None


def not_overdue(work: Work, facts: Facts) -> Refused | None:
    """Before the due date one reminds, after it one urges (C10)."""
    return Refused("urge_instead") if overdue(work, facts) else None


def may_urge(work: Work, facts: Facts) -> Refused | None:
    """Overdue; and without an explanation, where the regulation makes that the condition."""
    rule = facts.rules.urge
    if rule is not None and rule.when == "time_nodes":
        return None
    if not overdue(work, facts):
        return breach("not_overdue", rule.src if rule else ())
    if rule is not None and rule.when == "overdue_without_explanation" and work.explained:
        return breach("explained", rule.src)
    return None


def may_supervise(work: Work, facts: Facts) -> Refused | None:
    """On one of the regulation's grounds, which must be true where the program can tell.

    A result that was reported is supervised when somebody objects to it."""
    rule = facts.rules.supervise
    ticket, ground = facts.case.ticket, facts.given.get("ground")
    if ground is not None and ground not in GROUNDS:
        return Refused("unknown_ground", {"known": list(GROUNDS)})
    if rule is None:
        return None if work.open or ground == "objection" else Refused("only_on_objection")
    if work.open and ticket.origin in rule.direct_origins and not ground:
        return None
    if ground is None and len(rule.when) == 1:
        ground = rule.when[0]
    if rule.when and ground not in rule.when:
        return breach("unknown_ground", rule.src, known=list(rule.when))
    if not work.open and ground != "objection":
        return breach("only_on_objection", rule.src)
    if ground == "overdue" and not overdue(work, facts):
        return breach("not_overdue", rule.src)
    if ground == "leader_assigned" and not ticket.leader_assigned and ticket.origin != "city_leader":
        return breach("not_leader_assigned", rule.src)
    return None


def supervise_form(_work: Work, facts: Facts) -> Refused | None:
    """One of the kinds of supervision this city knows."""
    rule = facts.rules.supervise
    form = facts.given.get("form")
    if form is None:
        return None
    kinds = rule.kinds if rule is not None else ()
    known: list[str] = [kind.code for kind in kinds] or list(FORMS)
    return None if form in known else breach("unknown_form", rule.src if rule else (), known=known)


def supervise_limit(_work: Work, facts: Facts) -> Refused | None:
    """An order that must set a new limit sets one."""
    rule = facts.rules.supervise
    days = facts.given.get("days")
    if days is not None and (type(days) is not int or not 1 <= days <= sla.LONGEST_LIMIT):
        return Refused("invalid_field", {"field": "days", "problem": "out_of_range"})
    if rule is not None and rule.new_limit and days is None:
        return breach("missing", rule.src, needs=["days"])
    return None


def designation_known(_work: Work, facts: Facts) -> Refused | None:
    """Decided with the departments, or designated directly."""
    if facts.given["how"] not in ("decided", "designated"):
        return Refused("invalid_field", {"field": "how", "problem": "unknown_value"})
    return None


ALL: tuple[Guard, ...] = (
    return_regulated,
    return_unlocked,
    return_in_time,
    extension_regulated,
    extension_in_time,
    extension_stated,
    extension_left,
    extension_amount,
    termination_regulated,
    explanation_whole,
    account_owed,
    account_asked,
    not_overdue,
    may_urge,
    may_supervise,
    supervise_form,
    supervise_limit,
    designation_known,
)
