"""Rules about the ticket as a whole and about reports and orders."""

from __future__ import annotations

from datetime import datetime

from ticketing.case import Work, given_text
from ticketing.facts import OUTCOMES, Facts, Guard, breach, no_rule
from ticketing.model import TEXT_LIMITS, Refused, Ticket

PICTURES = ("signature_file", "seal_file")
"""Of a report: pictures that its paper shows."""
ANSWERED_VIA = ("told_by_phone", "told_in_person", "told_in_writing")
"""How a unit answers a caller."""
NOT_ANSWERED = "not_reached"
"""It could not, and says why: no number left, nobody there."""


def kind_known(ticket: Ticket, facts: Facts) -> Refused | None:
    """The kind is one this office works with."""
    if facts.kinds and ticket.kind not in facts.kinds:
        return Refused("invalid_field", {"field": "kind", "problem": "unknown_value"})
    return None


def ground_of_refusal(_ticket: Ticket, facts: Facts) -> Refused | None:
    """Non-acceptance needs a ground of the regulation and tells the caller what that ground demands."""
    rules, code = facts.rules, facts.given["code"]
    must: tuple[str, ...]
    ground = next((one for one in rules.not_accept if one.code == code), None)
    if ground is not None:
        src, must = ground.src, ground.must
    elif code == "REPEAT" and rules.repeat is not None and facts.found.get("settled"):
        src, must = rules.repeat.src, rules.repeat.must
    elif code == "EMERGENCY" and rules.emergency is not None and not rules.emergency.accepted:
        src, must = rules.emergency.src, ("channel",)
    elif not rules.not_accept:
        return no_rule("not_accept")
    else:
        return Refused("unknown_code", {"code": code})
    missing = [name for name in must if not given_text(facts.given, name).strip()]
    return breach("missing", src, needs=missing) if missing else None


def not_settled(_ticket: Ticket, facts: Facts) -> Refused | None:
    """A matter that was closed after a redo or supervise order and confirmed is not taken up again."""
    if facts.rules.repeat is not None and facts.found.get("settled"):
        return breach("not_accepted_again", facts.rules.repeat.src)
    return None


def wakes_later(_ticket: Ticket, facts: Facts) -> Refused | None:
    """A promise wakes up in the future."""
    wake_at = facts.given["wake_at"]
    if not isinstance(wake_at, datetime) or wake_at.tzinfo is None or wake_at <= facts.now:
        return Refused("invalid_field", {"field": "wake_at", "problem": "not_later"})
    return None


def was_dispatched(_ticket: Ticket, facts: Facts) -> Refused | None:
    """There is a unit's work to do again."""
    return None if facts.case.works else Refused("never_dispatched")


def never_dispatched(_ticket: Ticket, facts: Facts) -> Refused | None:
    """Closed without a unit; otherwise it is redone, not taken up anew."""
    return Refused("was_dispatched") if facts.case.works else None


def known_outcome(_ticket: Ticket, facts: Facts) -> Refused | None:
    """The caller's opinion is one of those counted."""
    if facts.given["outcome"] not in OUTCOMES:
        return Refused("invalid_field", {"field": "outcome", "problem": "unknown_value"})
    return None


def called_back(_ticket: Ticket, facts: Facts) -> Refused | None:
    """Where call-backs are mandatory nothing closes without one."""
    rule = facts.rules.callback
    if rule is not None and rule.duty == "mandatory" and not facts.case.contacts:
        return breach("call_back_first", rule.src)
    return None


def closing_report(_ticket: Ticket, facts: Facts) -> Refused | None:
    """Where a closing report is due nothing closes without one."""
    rule = facts.rules.closing_report
    if rule is None or not rule.required:
        return None
    if facts.found.get("closing_report") or given_text(facts.given, "closing_report").strip():
        return None
    return breach("closing_report_missing", rule.src, name=rule.name)


def caller_told(_ticket: Ticket, facts: Facts) -> Refused | None:
    """A terminated matter is explained to the caller."""
    rule = facts.rules.terminate
    if rule is not None and rule.explain_to_caller and not given_text(facts.given, "explanation").strip():
        return breach("missing", rule.src, needs=["explanation"])
    return None


def higher_body_known(_ticket: Ticket, facts: Facts) -> Refused | None:
    """What the units cannot solve goes to the bodies that the regulation names, in its order."""
    rule, body = facts.rules.unsolvable, facts.given["body"]
    if rule is None or not rule.then:
        return no_rule("unsolvable")
    if body not in rule.then:
        return breach("unknown_body", rule.src, bodies=list(rule.then))
    before = rule.then[: rule.then.index(body)]
    passed_over = [one for one in before if one not in facts.found.get("bodies", ())]
    return breach("earlier_body_first", rule.src, bodies=passed_over) if passed_over else None


def answered_in_public(_about: Ticket | Work, facts: Facts) -> Refused | None:
    """Problems common to many are answered in public where the regulation says so."""
    rule = facts.rules.reply
    return None if rule is not None and rule.common_problem is not None else no_rule("reply")


def not_kept_secret(ticket: Ticket, facts: Facts) -> Refused | None:
    """What a caller wants kept secret is not answered in public."""
    rule = facts.rules.secrecy
    return breach("kept_secret", rule.src if rule is not None else ()) if ticket.confidential else None


def review_left(ticket: Ticket, facts: Facts) -> Refused | None:
    """The regulation knows a (further) stage of review."""
    rule = facts.rules.review
    if rule is None:
        return no_rule("review")
    return breach("no_review_left", rule.src) if ticket.reviews >= len(rule.kinds) else None


def link_target(ticket: Ticket, facts: Facts) -> Refused | None:
    """The other ticket exists and is another one."""
    target = facts.found.get("target")
    if not isinstance(target, Ticket) or target.ticket_id == ticket.ticket_id:
        return Refused("invalid_field", {"field": "to", "problem": "unknown_value"})
    return None


def merge_target(ticket: Ticket, facts: Facts) -> Refused | None:
    """A ticket is merged into one that stands for itself."""
    target = facts.found.get("target")
    if not isinstance(target, Ticket) or target.ticket_id == ticket.ticket_id or target.phase == "merged":
        return Refused("invalid_field", {"field": "into", "problem": "unknown_value"})
    return None


def units_known(_ticket: Ticket, facts: Facts) -> Refused | None:
    """All units named exist."""
    unknown = [unit for unit in facts.given["units"] if not facts.relations.known(unit)]
    return Refused("unknown_unit", {"units": unknown}) if unknown else None


def meeting_known(_ticket: Ticket, facts: Facts) -> Refused | None:
    """The meeting was called, and attendance is recorded for the units called to it."""
    units = facts.found.get("meeting_units")
    attendance = facts.given["attendance"]
    if units is None:
        return Refused("invalid_field", {"field": "meeting", "problem": "unknown_value"})
    good = all(came in ("came", "late", "absent") for came in attendance.values())
    if not good or not set(attendance) <= set(units):
        return Refused("invalid_field", {"field": "attendance", "problem": "unknown_value"})
    return None


def accused_named(_ticket: Ticket, facts: Facts) -> Refused | None:
    """At least a unit or a person is named, and the unit exists."""
    unit, person = given_text(facts.given, "unit"), given_text(facts.given, "person")
    if not unit and not person:
        return Refused("missing", {"needs": ["unit", "person"]})
    if len(person) > TEXT_LIMITS["accused_person"]:
        return Refused("invalid_field", {"field": "person", "problem": "too_long"})
    return Refused("unknown_unit", {"units": [unit]}) if unit and not facts.relations.known(unit) else None


def duty_open(_ticket: Ticket, facts: Facts) -> Refused | None:
    """The duty exists and waits."""
    return None if facts.found.get("duty") else Refused("unknown_duty")


def duty_confirmed(_ticket: Ticket, facts: Facts) -> Refused | None:
    """A person confirmed what the article makes a condition and no count can tell."""
    confirmed = facts.given.get("confirmed", ())
    missing = [one for one in facts.found["duty_confirm"] if one not in confirmed]
    return Refused("confirm_first", {"confirm": missing}) if missing else None


def reach_chosen(_ticket: Ticket, facts: Facts) -> Refused | None:
    """How far a circular goes follows from the effect, where the regulation has steps; a person judges the effect."""
    rule = facts.rules.circular
    if facts.found["duty_act"] != "circular_criticism" or rule is None:
        return None
    known = [one for one in ("ordinary", "some_effect", "major_effect") if rule.reach(one)]
    if not known or given_text(facts.given, "effect") in known:
        return None
    return breach("effect_first", rule.src, effects=known)


def ground_known(_ticket: Ticket, facts: Facts) -> Refused | None:
    """The ground for criticism is one of the regulation's."""
    if all(ground.code != facts.given["code"] for ground in facts.rules.ground):
        return Refused("unknown_code", {"code": facts.given["code"]}) if facts.rules.ground else no_rule("ground")
    unit = facts.given["unit"]
    return None if facts.relations.known(unit) else Refused("unknown_unit", {"units": [unit]})


def edition_known(ticket: Ticket, facts: Facts) -> Refused | None:
    """The regulation has this version, and it is another one than the ticket's."""
    version = facts.given["edition"]
    if version not in facts.found.get("versions", ()) or version == ticket.pack_version:
        return Refused("invalid_field", {"field": "edition", "problem": "unknown_value"})
    return None


def item_known(_work: Work, facts: Facts) -> Refused | None:
    """The item is one of the ticket's."""
    if all(item.ordinal != facts.given["item"] for item in facts.case.items):
        return Refused("invalid_field", {"field": "item", "problem": "unknown_value"})
    return None


def report_complete(work: Work, facts: Facts) -> Refused | None:
    """A report without one of the regulation's elements is not taken."""
    rule = facts.rules.report
    if rule is None:
        return None
    given = facts.given
    answered = set(given.get("items", ())) | {item.ordinal for item in facts.case.items if item.result}
    answered |= {one["item"] for one in given.get("item_results", ()) if one["result"].strip()}
    holds = {
        "all_items_answered": set(work.items) <= answered,
        "attachments_covered": set(work.attachments) <= set(given.get("attachments_covered", ())),
        "satisfaction_or_explanation": given.get("satisfaction") in OUTCOMES[:3]
        or bool(given_text(given, "satisfaction_note").strip()),
        "handler_signature": bool(given_text(given, "signature").strip() or given.get("signature_file")),
        "unit_seal": bool(given_text(given, "seal").strip() or given.get("seal_file")),
        "leader_approval": bool(given_text(given, "leader").strip() or facts.found.get("approved_by")),
    }
    missing = [check for check in rule.checks if not holds[check]]
    return breach("report_incomplete", rule.src, missing=missing) if missing else None


def pictures_known(_work: Work, facts: Facts) -> Refused | None:
    """Signature and seal are pictures among the ticket's own files."""
    unknown = [name for name in PICTURES if facts.given.get(name) and name not in facts.found.get("pictures", ())]
    return Refused("unknown_picture", {"needs": unknown}) if unknown else None


def caller_answered(work: Work, facts: Facts) -> Refused | None:
    """Where the unit answers the caller, the lead unit's report says how it did, or why it could not."""
    rule, lead = facts.rules.reply, facts.case.lead()
    if rule is None or rule.by != "unit" or lead is None or lead.work_id != work.work_id or facts.case.ticket.no_reply:
        return None
    via = given_text(facts.given, "answered_via")
    told = via in ANSWERED_VIA or (via == NOT_ANSWERED and given_text(facts.given, "answered_note").strip())
    return None if told else breach("report_incomplete", rule.src, missing=["caller_answered"])


def reply_of_centre(ticket: Ticket, facts: Facts) -> Refused | None:
    """Where the centre answers the caller, the reply is its own: what a unit proposed does not go out unread."""
    rule = facts.rules.reply
    if rule is None or rule.by != "centre" or ticket.no_reply or given_text(facts.given, "public_reply").strip():
        return None
    return breach("missing", rule.src, needs=["public_reply"])


def order_open(work: Work, facts: Facts) -> Refused | None:
    """The supervise order waits for the unit's answer."""
    return _order(work, facts, ("open",))


def order_known(work: Work, facts: Facts) -> Refused | None:
    """The supervise order exists and was not evaluated yet."""
    return _order(work, facts, ("open", "answered"))


def _order(work: Work, facts: Facts, statuses: tuple[str, ...]) -> Refused | None:
    for order in facts.case.orders:
        if order.order_id == facts.given["order"] and order.kind == "supervise" and order.work_id == work.work_id:
            return None if order.status in statuses else Refused("not_now", {"status": order.status})
    return Refused("unknown_order")


ALL: tuple[Guard, ...] = (
    kind_known,
    ground_of_refusal,
    not_settled,
    wakes_later,
    was_dispatched,
    never_dispatched,
    known_outcome,
    called_back,
    closing_report,
    caller_told,
    higher_body_known,
    answered_in_public,
    not_kept_secret,
    review_left,
    link_target,
    merge_target,
    units_known,
    meeting_known,
    accused_named,
    duty_open,
    duty_confirmed,
    reach_chosen,
    ground_known,
    edition_known,
    item_known,
    pictures_known,
    report_complete,
    caller_answered,
    reply_of_centre,
    order_open,
    order_known,
)
