"""A matter's life from the call to the archive, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

import ticketing as t
from tests.kit.tickets import CENTRE, DUTY_LEADER, House, engine, handler, leader, local  # noqa: F401

pytestmark = pytest.mark.wire


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "demo")


def test_from_call_to_archive(house: House) -> None:
    ticket = house.create(kind="help", text="路口路灯不亮")
    assert (ticket.status, ticket.city, ticket.pack_version) == ("registered", "demo", "2020")
    ticket = house.do(ticket, "dispatch", units=["bureau"])
    assert (ticket.status, ticket.unit) == ("delivered", "bureau")
    ticket = house.do(ticket, "sign", handler("bureau"))
    ticket = house.do(ticket, "contact_caller", handler("bureau"), note="已联系")
    assert ticket.status == "handling"
    ticket = house.report(ticket)
    assert (ticket.status, ticket.due_at) == ("centre_review", ticket.citizen_due_at)
    ticket = house.do(ticket, "pass_review")
    assert (ticket.status, ticket.public_reply) == ("callback", "路灯已修复")
    ticket = house.do(ticket, "call_back", outcome="satisfied", solved=True, contacted=True)
    ticket = house.do(ticket, "close")
    assert (ticket.status, ticket.satisfaction, ticket.due_at) == ("closed", "satisfied", None)
    assert ticket.closed_at is not None
    ticket = house.do(ticket, "archive")
    assert house.matter(ticket)["verbs"] == {"ticket": []}
    assert house.ledger(ticket) == [
        "register", "dispatch", "sign", "contact_caller", "report", "all_reported", "pass_review", "call_back",
        "close", "archive",
    ]  # fmt: skip
    assert house.ledger(ticket, "callback") == ["call_back"]
    assert house.breaks() == []


@pytest.mark.parametrize(
    ("verb", "given", "status"),
    [
        ("answer", {"reply": "周一至周五办理"}, "answered"),
        ("guide", {"channel": "自来水公司客服"}, "guided"),
        ("refer", {"to": "bureau"}, "referred"),
        ("not_accept", {"code": "D1", "reason": "已诉讼", "channel": "法院"}, "not_accepted"),
    ],
)
def test_without_a_unit(house: House, verb: str, given: dict[str, Any], status: str) -> None:
    ticket = house.do(house.create(), verb, **given)
    assert ticket.status == status
    assert house.do(ticket, "close").status == "closed"
    again = house.do(ticket, "take_up_again", reason="来电人不满意")
    assert (again.status, again.closed_at) == ("registered", None)


def test_a_leader_decides_first(house: House) -> None:
    ticket = house.do(house.create(), "mark_major")
    refused = house.refused(ticket, "dispatch", units=["bureau"])
    assert (refused.reason, refused.detail["article"]) == ("leader_first", ["demo:15"])
    ticket = house.do(ticket, "escalate", proposal="拟请局里牵头")
    assert house.refused(ticket, "approve", instruction="同意").reason == "not_allowed"
    ticket = house.do(ticket, "send_back", DUTY_LEADER, reason="再核实")
    ticket = house.do(ticket, "escalate", proposal="已核实")
    ticket = house.do(ticket, "approve", DUTY_LEADER, instruction="同意")
    assert ticket.status == "instructed"
    assert house.do(ticket, "dispatch", units=["bureau"]).status == "delivered"


def test_lead_and_assisting_units_close_together(house: House) -> None:
    ticket = house.create(items=("灯不亮", "路不平"))
    units = [{"unit": "bureau", "role": "lead", "items": [1]}, {"unit": "county", "role": "assist", "items": [2]}]
    ticket = house.do(ticket, "dispatch", units=units)
    for unit in ("bureau", "county"):
        house.do(ticket, "sign", handler(unit))
    assert house.refused(ticket, "report", leader("bureau"), result="好", items=[]).reason == "report_incomplete"
    house.do(ticket, "save_item", handler("bureau"), item=1, result="已修", evidence="照片", resolved=True)
    ticket = house.do(ticket, "report", leader("bureau"), result="好", resolved=True, answered_via="told_by_phone")
    assert ticket.status == "reported"
    ticket = house.do(ticket, "report", leader("county"), result="好", items=[2])
    assert ticket.status == "centre_review"
    (first, _second) = house.matter(ticket)["items"]
    assert (first["result"], first["by_unit"], first["resolved"]) == ("已修", "bureau", True)


def test_one_unit_leads(house: House) -> None:
    two = [{"unit": "bureau", "role": "lead"}, {"unit": "company", "role": "lead"}]
    ticket = house.create()
    assert house.refused(ticket, "dispatch", units=two).reason == "one_lead"
    ticket = house.do(ticket, "dispatch", units=["bureau"])
    assert house.refused(ticket, "add_unit", units=[{"unit": "company", "role": "lead"}]).reason == "one_lead"
    assert house.refused(ticket, "add_unit", units=[{"unit": "bureau", "role": "assist"}]).reason == "already_there"
    ticket = house.do(ticket, "add_unit", units=[{"unit": "company", "role": "assist"}])
    assert [work["role"] for work in house.matter(ticket)["works"]] == ["lead", "assist"]


def test_down_three_levels_and_up_again(house: House) -> None:
    ticket = house.dispatched("county")
    ticket = house.do(ticket, "sub_dispatch", leader("county"), units=["township"])
    assert ticket.status == "sub_dispatched"
    house.do(ticket, "sign", handler("township"))
    house.do(ticket, "sub_dispatch", leader("township"), units=["village"])
    house.do(ticket, "sign", handler("village"))
    village = house.work(ticket, "village")
    assert (village["depth"], village["parent_id"]) == (3, house.work(ticket, "township")["work_id"])
    house.report(ticket, "village")
    assert house.work(ticket, "township")["status"] == "sub_reported"
    assert house.refused(ticket, "report", leader("township"), result="好").reason == "not_now"
    house.do(ticket, "redo_sub", leader("township"), reason="没有说明原因")
    assert house.work(ticket, "village")["status"] == "handling"
    house.report(ticket, "village")
    house.do(ticket, "pass_sub", leader("township"), opinion="属实")
    house.report(ticket, "township")
    house.do(ticket, "pass_sub", leader("county"), opinion="同意")
    ticket = house.report(ticket, "county")
    assert ticket.status == "centre_review"
    assert house.ledger(ticket, "redo") == ["redo_sub"]


def test_what_is_passed_down_ends_no_later_than_above(house: House) -> None:
    ticket = house.dispatched("county")
    above = house.due(ticket, "county")
    now = house.now
    house.now += timedelta(days=2)
    refused = house.refused(ticket, "sub_dispatch", leader("county"), units=["township"], days=30)
    assert (refused.reason, refused.detail["unit"], local(refused.detail["until"])) == (
        "later_than_above",
        "township",
        above,
    )
    house.do(ticket, "sub_dispatch", leader("county"), units=["township"])
    # The regulation's own days, begun later, would end later than the county's.
    assert house.due(ticket, "township") == above
    explained = house.work(ticket, "township")["explanation"]
    assert explained["trace"][-1]["why"] == "no later than the unit above"
    house.do(ticket, "sign", handler("township"))
    house.do(ticket, "sub_dispatch", leader("township"), units=["village"], days=1)
    assert local(house.work(ticket, "village")["due_at"])[:10] < above[:10]
    assert house.work(ticket, "village")["explanation"]["note"] == "the unit above named the days"
    # Who passes on what is late already has no date to keep to.
    late = house.dispatched("county")
    house.now = now + timedelta(days=60)
    house.do(late, "sub_dispatch", leader("county"), units=["township"])
    assert house.due(late, "township") > house.due(late, "county")


def test_what_went_down_comes_back_with_the_upper_work(house: House) -> None:
    ticket = house.dispatched("county")
    ticket = house.do(ticket, "sub_dispatch", leader("county"), units=["township"])
    ticket = house.do(ticket, "withdraw", work=house.work(ticket, "county")["work_id"], reason="改派")
    assert {work["status"] for work in house.matter(ticket)["works"]} == {"withdrawn"}
    assert (ticket.status, ticket.unit) == ("registered", None)
    assert house.do(ticket, "dispatch", units=["bureau"]).status == "delivered"


def test_only_units_below_are_passed_down_to(house: House) -> None:
    ticket = house.dispatched("county")
    for unit, reason in (("bureau", "not_below"), ("county", "not_below"), ("nowhere", "unknown_unit")):
        assert house.refused(ticket, "sub_dispatch", leader("county"), units=[unit]).reason == reason


def test_the_citizen_evaluates(house: House) -> None:
    ticket = house.closed(house.report(house.dispatched("bureau")))
    ticket = house.do(ticket, "evaluate", t.CITIZEN, outcome="dissatisfied", note="没修好")
    assert ticket.satisfaction == "dissatisfied"
    assert house.refused(ticket, "evaluate", t.CITIZEN, outcome="meh").reason == "invalid_field"
    assert house.ledger(ticket, "evaluation") == ["evaluate"]


def test_reminding_urging_and_supervising_are_kept_apart(house: House) -> None:
    ticket = house.dispatched("bureau")
    work = house.work(ticket, "bureau")["work_id"]
    house.do(ticket, "remind", work=work, text="请按时办理")
    assert house.refused(ticket, "urge", work=work).reason == "not_overdue"
    house.clock("2025-06-18T09:00")
    assert house.refused(ticket, "remind", work=work).reason == "urge_instead"
    house.do(ticket, "urge", work=work)
    assert house.refused(ticket, "supervise", work=work, opinion="限期", ground="overdue").reason == "missing"
    house.do(ticket, "supervise", work=work, opinion="限期办结", ground="overdue", days=2)
    order = next(one for one in house.matter(ticket)["orders"] if one["kind"] == "supervise")
    house.do(ticket, "answer_supervision", handler("bureau"), order=order["order_id"], text="正在办")
    house.do(ticket, "evaluate_supervision", work=work, order=order["order_id"], evaluation="落实")
    assert [house.ledger(ticket, name) for name in ("remind", "urge", "supervise")] == [
        ["remind"],
        ["urge"],
        ["supervise", "answer_supervision", "evaluate_supervision"],
    ]


def test_an_emergency_has_its_chain_of_reports_and_a_meeting_with_attendance(house: House) -> None:
    ticket = house.create(text="煤气泄漏")
    assert house.refused(ticket, "report_emergency", to="带班领导", stage="first").reason == "no_emergency"
    ticket = house.do(ticket, "mark_emergency", kind="险情")
    assert (ticket.emergency, ticket.urgent) == ("险情", True)
    early = house.refused(ticket, "report_emergency", to="带班领导", stage="follow_up")
    assert (early.reason, early.detail["so_far"]) == ("report_out_of_order", [])
    house.do(ticket, "report_emergency", to="带班领导", stage="first")
    house.do(ticket, "call_meeting", place="现场", at="2025-06-03T11:00:00+08:00", units=["bureau", "company"])
    meeting = house.matter(ticket)["meetings"][0]["meeting_id"]
    assert house.refused(ticket, "record_attendance", meeting=meeting, attendance={"county": "came"}).reason == (
        "invalid_field"
    )
    house.do(ticket, "record_attendance", meeting=meeting, attendance={"bureau": "came", "company": "absent"})
    duty = house.matter(ticket)["duties"]
    assert [(one["act"], one["unit_id"], one["why"]) for one in duty] == [("circular_criticism", "company", "absent")]
    assert house.ledger(ticket, "emergency") == [
        "mark_emergency", "report_emergency", "call_meeting", "record_attendance",
    ]  # fmt: skip


def test_c1_a_moment_comes_back_as_the_same_moment(house: House) -> None:
    ticket = house.do(house.create(), "dispatch", units=["bureau"])
    house.do(ticket, "mark_emergency", kind="险情")
    house.do(ticket, "call_meeting", place="现场", at="2025-06-03T03:00:00+00:00", units=["bureau"])
    shown = house.matter(ticket)
    assert datetime.fromisoformat(shown["meetings"][0]["at"]) == datetime.fromisoformat("2025-06-03T11:00:00+08:00")
    for said in (shown["meetings"][0]["at"], shown["ticket"]["created_at"], shown["works"][0]["delivered_at"]):
        assert datetime.fromisoformat(said).tzinfo is not None


def test_duplicates_are_tied_without_losing_a_count(house: House) -> None:
    first, second, third = (house.create() for _ in range(3))
    house.do(second, "merge", into=first.ticket_id)
    house.do(third, "link", to=second.ticket_id)
    same = {one["number"] for one in house.matter(first)["same_matter"]}
    assert same == {second.number, third.number}
    assert house.matter(first)["repeat_count"] == 3
    assert house.refused(first, "merge", into=first.ticket_id).reason == "invalid_field"
    assert house.refused(first, "merge", into=second.ticket_id).reason == "invalid_field"
    assert house.do(second, "unmerge", reason="不是一件事").status == "registered"


def test_two_save_at_once_and_one_is_told(house: House) -> None:
    ticket = house.dispatched("bureau")
    house.do(ticket, "mark_urgent", version=ticket.version)
    late = house.attempt(ticket, "mark_major", version=ticket.version)
    assert isinstance(late, t.Conflict)
    assert (late.current.urgent, late.current.version) == (True, ticket.version + 1)


def test_the_same_command_twice_is_done_once(house: House) -> None:
    ticket = house.create()
    once = house.do(ticket, "add_item", text="灯", key="same")
    twice = house.do(ticket, "add_item", text="灯", key="same")
    assert once == twice
    assert len(house.matter(ticket)["items"]) == 1
    assert house.attempt(ticket, "add_item", text="路", key="same") == t.Refused("idempotency_key_reused")


def test_roles_decide_and_can_be_changed_at_run_time(house: House) -> None:
    ticket = house.dispatched("bureau")
    operator = t.Actor("op2", frozenset({"operator"}))
    assert house.refused(ticket, "mark_major", t.Actor("x", frozenset())).reason == "not_allowed"
    assert house.refused(ticket, "add_unit", operator, units=["company"]).reason == "not_allowed"
    role = {"zh": "话务员", "en": "Operator", "sees": "all", "verbs": ["add_unit"]}
    with house.db.begin() as session:
        assert t.change_setting(session, "roles", {"roles": {"operator": role}}, 0, "admin", house.now) == 1
    house.do(ticket, "add_unit", operator, units=["company"])
    assert house.refused(ticket, "mark_urgent", operator).reason == "not_allowed"


def test_units_can_be_changed_at_run_time(house: House) -> None:
    ticket = house.create()
    units = [{"unit_id": "new", "zh": "新局", "en": "New", "kind": "department"}]
    with house.db.begin() as session:
        assert t.change_setting(session, "units", {"units": units}, 0, "admin", house.now) == 1
        wrong = [{"unit_id": "a", "zh": "甲", "en": "A", "parent": "a"}]
        assert isinstance(t.change_setting(session, "units", {"units": wrong}, 1, "admin", house.now), t.Refused)
        assert isinstance(t.change_setting(session, "units", {"units": units}, 0, "admin", house.now), t.Refused)
    assert house.refused(ticket, "dispatch", units=["bureau"]).reason == "unknown_unit"
    assert house.do(ticket, "dispatch", units=["new"]).unit == "new"


def test_a_loaded_calendar_moves_provisional_dates_and_says_so(house: House) -> None:
    house.clock("2035-03-05T09:00")
    ticket = house.dispatched("bureau", kind="inquiry")
    assert ticket.provisional
    assert house.due(ticket) == "2035-03-07T23:59:59"
    table = '{"year": 2035, "days": [{"name": "假", "date": "2035-03-07", "isOffDay": true}]}'
    with house.db.begin() as session:
        t.change_setting(session, "calendar/2035", {"text": table, "source": "notice"}, 0, "admin", house.now)
        assert t.recompute(session, house.desk.current(session), house.now) == (1, None)
        assert t.recompute(session, house.desk.current(session), house.now) == (0, None)
    assert house.due(ticket) == "2035-03-08T23:59:59"
    assert house.ledger(ticket)[-1] == "due_date_changed"
    with house.db.begin() as session:
        assert "due_date_changed" in {event.event for event in t.outbox_due(session, house.now, 100)}


def test_the_lights_can_be_changed_at_run_time(house: House) -> None:
    ticket = house.dispatched("bureau")
    house.clock("2025-06-11T09:00")
    assert house.matter(ticket)["ticket"]["light"] == "green"
    with house.db.begin() as session:
        wrong = t.change_setting(session, "parameters", {"yellow_within": 99}, 0, "admin", house.now)
        assert isinstance(wrong, t.Refused)
        t.change_setting(session, "parameters", {"yellow_within": 5}, 0, "admin", house.now)
        assert t.recompute(session, house.desk.current(session), house.now, every=True) == (0, None)
    assert house.matter(ticket)["ticket"]["light"] == "yellow"
    assert house.due(ticket) == "2025-06-17T23:59:59"


def test_a_changed_line_of_the_ledger_is_found(house: House) -> None:
    ticket = house.dispatched("bureau")
    assert house.breaks() == []
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE tkt_ledger SET body = '{}' WHERE verb = 'dispatch'"))
    (found,) = house.breaks()
    assert found.problem == "line_changed"
    with house.engine.begin() as connection:
        connection.execute(text("DELETE FROM tkt_ledger WHERE ticket_id = :id"), {"id": ticket.ticket_id})
    assert [one.problem for one in house.breaks()] == ["end_missing"]


@pytest.mark.parametrize(
    "given",
    [
        {"units": "bureau"},
        {"units": [{"unit": 3}]},
        {"units": [None]},
        {"units": ["bureau"], "days": "five"},
        {"units": [{"unit": "bureau", "days": -1}]},
        {"units": [{"unit": "bureau", "items": [9]}]},
        {"units": [{"unit": "bureau", "items": 9}]},
        {"units": [{"unit": "bureau", "mode": "pigeon"}]},
        {"units": [{"unit": "bureau", "role": ["x"]}]},
        {"units": []},
        {"units": ["bureau"], "note": "a\x00b"},
        {"units": ["bureau"], "note": {"deep": [1, {"x": "\ud800"}]}},
    ],
)
def test_garbage_is_refused_with_a_reason(house: House, given: dict[str, Any]) -> None:
    assert house.refused(house.create(), "dispatch", **given).reason


def test_results_of_the_items_may_come_with_the_report_itself(house: House) -> None:
    ticket = house.create(kind="help")
    for demand in ("修好路灯", "补上井盖"):
        house.do(ticket, "add_item", text=demand)
    house.do(ticket, "dispatch", units=["bureau"])
    house.do(ticket, "sign", leader("bureau"))
    results = [{"item": 1, "result": "已修好", "resolved": True}, {"item": 2, "result": " ", "resolved": False}]
    said = {"result": "都已处理", "public_reply": "已修复", "answered_via": "told_in_person"}
    refused = house.refused(ticket, "report", leader("bureau"), **said, item_results=results)
    assert refused.detail["missing"] == ["all_items_answered"]
    results[1] = {"item": 2, "result": "已补上", "resolved": True}
    house.do(ticket, "report", leader("bureau"), **said, item_results=results)
    assert [item["result"] for item in house.matter(ticket)["items"]] == ["已修好", "已补上"]
