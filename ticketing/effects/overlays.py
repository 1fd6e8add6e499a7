"""What lies over a status: duplicates, urgency, emergencies, secrecy, a leader's instruction, duties."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from ticketing.doing import Doing, work_value
from ticketing.duties import add_duty, join_matter
from ticketing.effects.dispatching import end_work, rebase_clock
from ticketing.effects.kind import Effect, Given, note, said
from ticketing.model import Ticket, json_ready
from ticketing.tables_work import DutyRow, MeetingRow, WorkRow


def merge(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Handled with another ticket; both go on counting."""
    target: Ticket = doing.found["target"]
    doing.row.merged_into = target.ticket_id
    _join(doing, target)
    return said(given)


def unmerge(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Stands for itself again; that it is the same matter stays noted."""
    doing.row.merged_into = None
    return said(given)


def link(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The same matter as another ticket."""
    _join(doing, doing.found["target"])
    return said(given)


def flag(name: str, value: bool | None = True) -> Effect:
    """Sets one of the ticket's marks, or takes it back; the line of the mark itself stays in the history."""

    def flagged(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
        setattr(doing.row, name, value)
        return said(given)

    return flagged


def mark_emergency(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """An emergency; the chain of reports that the regulation names is written down with it."""
    doing.row.emergency, doing.row.urgent = str(given["kind"])[:80], True
    rule = doing.version.rules.emergency
    chain = list(rule.report_to) if rule is not None else None
    return said(given) | {"report_to": chain, "src": list(rule.src) if rule else []}


def call_meeting(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """A meeting on site to which units are called."""
    meeting = MeetingRow(
        meeting_id=str(uuid4()),
        ticket_id=doing.row.ticket_id,
        place=str(given["place"])[:500],
        at=given["at"],
        units=list(given["units"]),
        attendance={},
    )
    doing.session.add(meeting)
    return said(given) | {"meeting_id": meeting.meeting_id}


def record_attendance(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Who came; where the regulation says so, absence and delay are criticised."""
    meeting = doing.session.get(MeetingRow, given["meeting"])
    assert meeting is not None
    meeting.attendance = {**meeting.attendance, **given["attendance"]}
    rule = doing.version.rules.emergency
    if rule is not None and rule.attendance_required and rule.absence is not None:
        for unit, came in sorted(given["attendance"].items()):
            if came != "came":
                scope = f"meeting:{meeting.meeting_id}:{unit}"
                add_duty(doing, scope, "absence", rule.absence, rule.src, unit, why=came)
    return said(given)


def rebase(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Another version of the regulation from now on (C14): dates are computed again from the same starts."""
    version = doing.office.pack.version(given["edition"])
    assert version is not None
    before, doing.version = doing.version, version
    doing.row.pack_version = version.id
    moved = []
    for work in doing.works:
        if work_value(work).open and "limit" in work.clock:
            due = work.due_at
            rebase_clock(doing, work)
            moved.append({"work_id": work.work_id, "unit": work.unit_id, "from": due, "to": work.due_at})
    return said(given) | {"from": before.id, "works": json_ready(moved)}


def name_accused(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """From now on the unit and person complained about never see it; a unit that holds it loses it."""
    doing.row.accused_unit = given.get("unit") or doing.row.accused_unit
    doing.row.accused_person = given.get("person") or doing.row.accused_person
    taken = []
    accused = doing.row.accused_unit
    for work in doing.works:
        if accused and work_value(work).open and doing.office.relations.under(work.unit_id, accused):
            doing.follow(work, "withdraw", "centre", {"reason": "complained about"})
            end_work(doing, work)
            taken.append(work.work_id)
    return {"withdrawn": taken}


def clear_accused(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The unit or the person was named by mistake: the ticket exists for them again.  Work that was taken away stays
    withdrawn; the centre dispatches anew."""
    setattr(doing.row, given["party"], None)
    return said(given)


def carry_out_duty(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The act was done; a circular as far as the effect of the matter asks for."""
    rule = doing.version.rules.circular
    reach = rule.reach(str(given.get("effect"))) if rule is not None else None
    return _decide(doing, given, "done") | ({"reach": reach} if reach else {})


def waive_duty(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The act is not done, for a reason that stays on record."""
    return _decide(doing, given, "waived")


def find_ground(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """A person found one of the regulation's grounds: what it leads to is offered."""
    ground = next(one for one in doing.version.rules.ground if one.code == given["code"])
    for act in ground.leads_to:
        scope = f"ticket:{doing.row.ticket_id}:{given['unit']}"
        add_duty(doing, scope, ground.code, act, ground.src, given["unit"], mandatory=False, why=ground.zh)
    return said(given) | {"src": list(ground.src)}


def _decide(doing: Doing, given: Given, status: str) -> dict[str, Any]:
    duty = doing.session.get(DutyRow, given["duty"])
    assert duty is not None
    duty.status, duty.decided_at, duty.decided_by = status, doing.now, doing.actor.user_id
    duty.note = str(given.get("note") or given.get("reason") or "") or None
    return said(given) | {"act": duty.act, "unit": duty.unit_id}


def _join(doing: Doing, target: Ticket) -> None:
    """Both, and everything that was the same as one of them, carry the same matter from now on."""
    doing.found["matter_before"] = doing.row.matter_id
    doing.row.matter_id = target.matter_id or doing.row.matter_id or target.ticket_id
    join_matter(doing, doing.found["target_row"])


EFFECTS: dict[str, Effect] = {
    "merge": merge,
    "unmerge": unmerge,
    "link": link,
    "mark_urgent": flag("urgent"),
    "mark_major": flag("major"),
    "mark_emergency": mark_emergency,
    "unmark_urgent": flag("urgent", False),
    "unmark_major": flag("major", False),
    "unmark_emergency": flag("emergency", None),
    "lift_secrecy": flag("confidential", False),
    "clear_accused": clear_accused,
    "report_emergency": note,
    "record_conference": note,
    "call_meeting": call_meeting,
    "record_attendance": record_attendance,
    "assign_by_leader": flag("leader_assigned"),
    "keep_secret": flag("confidential"),
    "rebase": rebase,
    "name_accused": name_accused,
    "carry_out_duty": carry_out_duty,
    "waive_duty": waive_duty,
    "find_ground": find_ground,
}
