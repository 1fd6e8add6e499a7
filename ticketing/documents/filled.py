"""What a kind of paper says of a real matter, place by place: from the matter, its history and its regulation.

What all kinds share (number, title, caller, units) is put together by whoever issues the paper; here stand the places
that mean another thing in each kind: whose reason, whose opinion, which date, which article.  A place about which the
ticket knows nothing stays "", for the pen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from ticketing import sla
from ticketing.deadlines import how_counted
from ticketing.documents.told import Told, word
from ticketing.model import HistoryEntry

HOTLINE = "12345"
"""The one number of all government hotlines (国办发〔2020〕53号), where the office that issues a paper is reached."""

_UNITS = {"wd": "个工作日", "day": "日", "hour": "小时", "minute": "分钟"}
_STEPS = (
    "answer", "guide", "refer", "dispatch", "add_unit", "sign", "contact_caller", "explain", "sub_dispatch",
    "approve_extension", "report", "redo", "urge", "supervise", "call_back",
)  # fmt: skip
"""Verbs that are a step of the handling, as a report tells it."""
_SAID = ("reply", "note", "reason", "opinion", "text", "channel", "to")
"""Under which names a step's own words were given, the first that there are."""

Places = dict[str, Any]


def shared_places(told: Told) -> Places:
    """Places that mean the same in every kind: lead unit, limit and its article, the caller's opinion."""
    lead = told.lead()
    due = lead["due_at"] if lead is not None else told.matter["ticket"]["due_at"]
    return {
        "unit": told.name(lead["unit_id"]) if lead is not None else "",
        "due": told.until(due),
        "basis": _basis(told, lead),
        "satisfaction": _satisfaction(told),
    }


def _basis(told: Told, lead: Mapping[str, Any] | None) -> str:
    """The articles of the lead unit's limit, and the law that was named for days of its own."""
    if lead is None:
        return ""
    cited: list[str] = []
    for line in told.shown():
        works = line.body["works"] if line.verb in ("dispatch", "add_unit") else ()
        for work in works:
            if work["work_id"] == lead["work_id"]:
                cited = [told.cite(work["articles"]), *_named(line.body["given"], lead["unit_id"])]
    return "；".join(one for one in cited if one)


def _named(given: Mapping[str, Any], unit_id: str) -> list[str]:
    """The law on which the days rest that were set for a unit, if one was named."""
    own = [one.get("basis") for one in given["units"] if isinstance(one, Mapping) and one.get("unit") == unit_id]
    return [str(one) for one in own or [given.get("basis")] if one]


def own_places(kind: str, told: Told) -> Places:
    """The places of one kind of paper, over those all kinds share."""
    return _KINDS[kind](told)


def _dispatch_order(told: Told) -> Places:
    return _result(told) | {"opinion": _opinion(told, "escalate", "approve", "assign_by_leader")}


def _transfer_sheet(told: Told) -> Places:
    sent = told.last("refer")
    opinion = _opinion(told, "escalate", "approve", "assign_by_leader")
    if sent is None:
        return {"opinion": opinion}
    return {"unit": str(sent.body["to"]), "opinion": str(sent.body.get("note") or opinion)}


def _electronic_dispatch_letter(told: Told) -> Places:
    return _issued(told) | {"opinion": _opinion(told, "approve", "assign_by_leader")}


def _supervision_letter(told: Told) -> Places:
    order, times = _order(told, "supervise")
    if order is None:
        return _issued(told) | {"basis": told.rule("supervise")}
    ground = "" if order["ground"] is None else word("ground", order["ground"])
    work = told.work(order["work_id"])
    return _issued(told) | {
        "unit": told.name(order["unit_id"]),
        "reason": ground,
        "opinion": order["opinion"],
        "due": told.until(order["due_at"] or work["due_at"]),
        "basis": told.rule("supervise"),
        "times": times,
    }


def _urging_notice(told: Told) -> Places:
    order, times = _order(told, "urge")
    if order is None:
        return _issued(told) | {"basis": told.rule("urge")}
    return _issued(told) | {
        "unit": told.name(order["unit_id"]),
        "opinion": order["opinion"],
        "due": told.until(told.work(order["work_id"])["due_at"]),
        "basis": told.rule("urge"),
        "times": times,
    }


def _rectification_letter(told: Told) -> Places:
    """The faults found: what was sent back, orders that were not followed, grounds for criticism."""
    faults = [
        str(line.body.get("reason") or line.body.get("conclusion"))
        for line in told.shown()
        if line.verb in ("redo", "overturn")
    ]
    faults += [str(order["evaluation"]) for order in told.matter["orders"] if order["expired"] and order["evaluation"]]
    grounds = {ground.code: ground.zh for ground in told.version.rules.ground}
    faults += [grounds[line.body["code"]] for line in told.shown() if line.verb == "find_ground"]
    order, _times = _order(told, "supervise")
    return _issued(told) | {
        "reason": "；".join(fault.rstrip("。；") for fault in dict.fromkeys(faults)),
        "opinion": order["opinion"] if order is not None else "",
        "basis": told.rule("redo"),
    }


def _closing_report(told: Told) -> Places:
    places = _result(told)
    closed = told.last("close")
    report = _report(told)
    text = (closed.body.get("closing_report") if closed is not None else None) or report.get("body", {}).get(
        "closing_report"
    )
    return places | {"plan": _steps(told, told.shown()), "result": str(text or places["result"])}


def _extension_request(told: Told) -> Places:
    request = _request(told, "extension")
    places = _requested(told, request, "extension")
    rule = told.version.rules.extension
    explained = told.last("explain")
    if explained is not None:
        places["plan"] = str(explained.body.get("plan") or "")
    if request is None or rule is None:
        return places
    old, new = _moved(told, request)
    places["due"] = told.until(old)
    if request["days"]:
        places["length"] = f"{request['days']}{_UNITS[rule.unit]}"
        places["wake_up"] = told.until(new)
    return places


def _return_request(told: Told) -> Places:
    return _requested(told, _request(told, "return"), "return_")


def _termination_request(told: Told) -> Places:
    request = _request(told, "termination")
    places = _requested(told, request, "terminate")
    if request is None:
        return places
    mine = [line for line in told.shown() if line.body.get("work_id") == request["work_id"]]
    filed = next((line for line in mine if line.body.get("request_id") == request["request_id"]), None)
    if filed is not None:
        codes = {one.code: one.zh for one in told.version.rules.not_accept}
        ground = codes.get(filed.body.get("code", "")) or word("ground", filed.body["ground"])
        places["reason"] = f"{ground}。{request['reason']}"
    told_caller = [str(line.body["note"]) for line in mine if line.verb == "contact_caller"]
    closed = told.last("close")
    if closed is not None and closed.body.get("explanation"):
        told_caller.append(str(closed.body["explanation"]))
    return places | {"result": _steps(told, mine), "plan": "\n".join(told_caller)}


def _promise_sheet(told: Told) -> Places:
    """Who cannot solve it yet says why and by when: 承诺 (Mudanjiang, article 10(10))."""
    places, report, explained = _result(told), _report(told), told.last("explain")
    said = explained.body if explained is not None else {}
    promised = told.last("promise")
    places |= {
        "reason": str(said.get("reason") or report.get("result") or ""),
        "plan": str(said.get("plan") or report.get("body", {}).get("plan") or told.matter["ticket"]["public_reply"]),
        "basis": told.rule("dissatisfied"),
    }
    if promised is not None:
        places |= {"condition": str(promised.body["condition"]), "wake_up": told.day(promised.body["wake_at"])}
    return places


_KINDS: Mapping[str, Callable[[Told], Places]] = {
    "dispatch_order": _dispatch_order,
    "transfer_sheet": _transfer_sheet,
    "electronic_dispatch_letter": _electronic_dispatch_letter,
    "supervision_letter": _supervision_letter,
    "urging_notice": _urging_notice,
    "rectification_letter": _rectification_letter,
    "closing_report": _closing_report,
    "extension_request": _extension_request,
    "return_request": _return_request,
    "termination_request": _termination_request,
    "promise_sheet": _promise_sheet,
}


def _issued(told: Told) -> Places:
    """The office itself signs."""
    return {"handler": told.issuer, "handler_number": HOTLINE}


def _report(told: Told) -> Mapping[str, Any]:
    """The lead unit's newest report; empty before there is one."""
    lead = told.lead()
    mine = [one for one in told.matter["reports"] if lead is not None and one["work_id"] == lead["work_id"]]
    return max(mine, key=lambda one: str(one["filed_at"]), default={})


def _result(told: Told) -> Places:
    """What the unit reported and who answers for it; what the office answered itself where no unit worked."""
    lead, report = told.lead(), _report(told)
    if lead is None:
        answered = told.last("answer", "guide")
        by = told.names.get(answered.by, "") if answered is not None else ""
        return {
            "result": told.matter["ticket"]["public_reply"],
            "handler": by,
            "handler_number": HOTLINE if by else "",
            "signed_on": told.day(answered.at) if answered is not None else "",
        }
    if not report:
        return {"result": "", "seal": told.name(lead["unit_id"])}
    body = report["body"]
    return {
        "result": report["result"],
        "handler": body.get("signature") or told.names.get(report["filed_by"], ""),
        "handler_number": told.unit(lead["unit_id"]).mobile if told.unit(lead["unit_id"]) else "",
        "leader": body.get("leader") or told.names.get(body.get("approved_by", ""), ""),
        "seal": body.get("seal") or told.name(lead["unit_id"]),
        "signature_file": body.get("signature_file", ""),
        "seal_file": body.get("seal_file", ""),
        "signed_on": told.day(report["filed_at"]),
    }


def _request(told: Told, kind: str) -> Mapping[str, Any] | None:
    """The newest request of a kind that was not taken back."""
    mine = [one for one in told.matter["requests"] if one["kind"] == kind and one["status"] != "dropped"]
    return max(mine, key=_serial, default=None)


def _requested(told: Told, request: Mapping[str, Any] | None, topic: str) -> Places:
    """Who asked, why, and what the office (or the unit above) said to it."""
    if request is None:
        return {"basis": told.rule(topic)}
    work = told.work(request["work_id"])
    unit = told.unit(work["unit_id"])
    return {
        "unit": told.name(work["unit_id"]),
        "seal": told.name(work["unit_id"]),
        "due": told.until(work["due_at"]),
        "reason": request["reason"],
        "basis": told.rule(topic),
        "handler": told.names.get(request["filed_by"], ""),
        "handler_number": unit.mobile if unit is not None else "",
        "signed_on": told.day(request["filed_at"]),
        "opinion": _ruling(told, request),
    }


def _ruling(told: Told, request: Mapping[str, Any]) -> str:
    if request["status"] not in ("approved", "refused"):
        return ""
    said = "同意" if request["status"] == "approved" else "不同意"
    by = told.names.get(request["decided_by"], "")
    ruling = str(request["ruling"] or "").rstrip("。")
    return f"{said}。{ruling}{'。' if ruling else ''}（{by}，{told.day(request['decided_at'])}）"


def _moved(told: Told, request: Mapping[str, Any]) -> tuple[str, datetime | str]:
    """The due date before the request and the one it asks for, or was granted."""
    work, rule = told.work(request["work_id"]), told.version.rules.extension
    steps = (work["explanation"] or {}).get("steps", [])
    granted = [
        one
        for one in told.matter["requests"]
        if (one["work_id"], one["kind"], one["status"]) == (work["work_id"], "extension", "approved")
    ]
    before = len([one for one in granted if one["serial"] < request["serial"]])
    if request["status"] == "approved" and len(steps) > before + 1:
        return steps[before]["due"], steps[before + 1]["due"]
    assert rule is not None
    limit = sla.Limit(request["days"] or 1, rule.unit)
    old, filed = datetime.fromisoformat(work["due_at"]), datetime.fromisoformat(request["filed_at"])
    counting = how_counted(told.version.rules.counting)
    return work["due_at"], sla.extend(old, limit, counting, told.office.calendar, filed).due


def _order(told: Told, kind: str) -> tuple[Mapping[str, Any] | None, int]:
    """The newest order of a kind, and the how manyth it is for its unit."""
    mine = sorted((one for one in told.matter["orders"] if one["kind"] == kind), key=_serial)
    if not mine:
        return None, 0
    return mine[-1], len([one for one in mine if one["unit_id"] == mine[-1]["unit_id"]])


def _opinion(told: Told, *verbs: str) -> str:
    """What was proposed to a leader and what leaders wrote on it, each with name and day."""
    written = []
    for line in told.shown():
        if line.verb in verbs:
            said = str(line.body.get("proposal") or line.body.get("instruction")).rstrip("。")
            written.append(f"{said}。（{told.names.get(line.by, '')}，{told.day(line.at)}）")
    return "\n".join(written)


def _steps(told: Told, lines: Iterable[HistoryEntry]) -> str:
    """The handling step by step, each with its day, its unit and its own words."""
    steps = []
    for line in lines:
        if line.verb in _STEPS:
            said = next((str(line.body[name]) for name in _SAID if line.body.get(name)), "")
            if line.verb in ("dispatch", "add_unit", "sub_dispatch"):
                said = "、".join(told.name(work["unit"]) for work in line.body["works"])
            elif line.verb == "call_back":
                said = "，".join(one for one in (word("outcome", line.body["outcome"]), said) if one)
            unit = told.name(line.body.get("unit"))
            steps.append(
                f"{told.day(line.at)} {unit}{word('verb', line.verb)}" + (f"：{said.rstrip('。')}" if said else "")
            )
    return "\n".join(steps)


def _satisfaction(told: Told) -> str:
    """The caller's opinion in words: what was given to the office, else what the unit reported of it."""
    ticket, report = told.matter["ticket"], _report(told).get("body", {})
    opinions = sorted(told.matter["opinions"], key=lambda one: str(one["at"]))
    code = ticket["satisfaction"] or (opinions[-1]["outcome"] if opinions else report.get("satisfaction"))
    note = "" if opinions or ticket["satisfaction"] else str(report.get("satisfaction_note") or "")
    return "，".join(one for one in (word("outcome", code) if code else "", note) if one)


def _serial(one: Mapping[str, Any]) -> int:
    return int(one["serial"])
