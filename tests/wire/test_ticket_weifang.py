"""潍坊市12345政务服务便民热线条例 (002), article by article."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

import ticketing as t
from tests.kit.tickets import CENTRE, House, engine, handler, leader, pack_of  # noqa: F401
from ticketing import CITIZEN, history

pytestmark = pytest.mark.wire


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "weifang")


def test_article_10_39_emergencies_belong_to_other_numbers(house: House) -> None:
    ticket = house.create()
    refused = house.refused(ticket, "mark_emergency", kind="火灾")
    assert (refused.reason, refused.detail["tell"]) == ("emergency_not_taken", ["110", "119", "120", "122"])
    assert house.refused(ticket, "not_accept", code="EMERGENCY").detail["needs"] == ["channel"]
    assert house.do(ticket, "not_accept", code="EMERGENCY", channel="119").status == "not_accepted"


def test_article_11_a_reporter_may_stay_unknown(house: House) -> None:
    ticket = house.dispatched("bureau", caller_name="王五", caller_number="13800138000", contact_id="c1")
    ticket = house.do(ticket, "keep_secret")
    seen = house.matter(ticket, handler("bureau"))["ticket"]
    assert (seen["caller_name"], seen["caller_number"], seen["contact_id"]) == ("", "", None)
    assert house.matter(ticket)["ticket"]["caller_name"] == "王五"


def demands(house: House, ticket: t.Ticket) -> list[t.HistoryEntry]:
    with house.db() as session:
        return [line for line in t.history(session, ticket.ticket_id) if line.verb == "demand_account"]


def waiting(house: House) -> list[bool]:
    """For each work in the unit's inbox, whether its caller waits for an account."""
    with house.db() as session:
        viewer = t.viewer_of(house.desk.current(session), handler("bureau"))
        asked = [one.work_id for one in t.works_of(session, viewer, house.now, state="asked")]
        works = t.works_of(session, viewer, house.now)
        assert all((one.work_id in asked) is one.account_asked for one in works)
        return [one.account_asked for one in works]


def test_article_14_the_caller_demands_an_account_when_late_and_when_objecting(house: House) -> None:
    ticket = house.dispatched("bureau", caller_number="13800138000")
    with house.db.begin() as session:
        query = t.query_code(session, ticket.ticket_id, t.viewer_of(house.desk.current(session), CENTRE), house.now)
    assert query is not None
    code, tail = query

    def demand(text: str, key: str) -> t.Progress | t.Refused | None:
        with house.db.begin() as session:
            return t.demand_account(session, house.desk.current(session), code, tail, text, key, house.now)

    early = demand("为什么还没有结果", "k1")
    assert isinstance(early, t.Refused)
    assert (early.reason, early.detail["article"]) == ("no_account_owed", ["002:13", "002:14", "002:15"])
    house.now = datetime.fromisoformat(house.work(ticket, "bureau")["due_at"]) + timedelta(minutes=1)
    late = demand("为什么还没有结果", "k2")
    assert isinstance(late, t.Progress)
    assert (late.may_demand, late.account_asked_at, late.account) == (None, house.now, None)
    assert demand("为什么还没有结果", "k2") == late, "the same key says it once"
    assert isinstance(demand("再问一次", "k3"), t.Refused), "once at this step"
    lead = house.work(ticket, "bureau")["work_id"]
    [line] = demands(house, ticket)
    assert (line.by, line.body["step"]) == ("citizen", "overdue")
    assert waiting(house) == [True]
    ticket = house.do(ticket, "give_account", handler("bureau"), text="配件缺货，周五更换")
    assert waiting(house) == [False]
    assert house.refused(ticket, "give_account", handler("bureau"), text="x").reason == "not_asked"
    ticket = house.do(house.report(ticket), "pass_review")
    told = demand("只换了一盏", "k4")
    assert isinstance(told, t.Progress)
    assert (told.stage, told.account) == ("checking", None)
    assert [one.body["step"] for one in demands(house, ticket)] == ["overdue", "objection"]
    house.do(ticket, "give_account", handler("bureau"), text="第二盏下周更换", work=lead)
    with house.db.begin() as session:
        shown = t.progress(session, house.desk.current(session), code, tail, house.now)
    assert shown is not None
    assert (shown.may_demand, shown.account) == (None, "第二盏下周更换")


def test_article_17_answered_day_and_night() -> None:
    hours = pack_of("weifang").versions[0].rules.hours
    assert hours is not None
    assert (hours.manned, hours.holidays) == ("24h", True)


@pytest.mark.parametrize(
    ("code", "needs"),
    [
        ("WF1", ["reason", "channel"]),
        ("WF2", ["reason"]),
        ("WF3", ["reason"]),
        ("WF4", ["reason"]),
        ("WF5", ["reason"]),
    ],
)
def test_article_19_not_accepted_with_a_reason(house: House, code: str, needs: list[str]) -> None:
    ticket = house.create()
    assert house.refused(ticket, "not_accept", code=code).detail["needs"] == needs
    given = dict.fromkeys(needs, "说明")
    assert house.do(ticket, "not_accept", code=code, **given).status == "not_accepted"


def test_article_19_no_other_ground(house: House) -> None:
    assert house.refused(house.create(), "not_accept", code="WF6", reason="x").reason == "unknown_code"


def test_article_19_no_ground_no_refusal(house: House) -> None:
    for code in ("", " "):
        refused = house.refused(house.create(), "not_accept", code=code, reason="不属于受理范围")
        assert (refused.reason, refused.detail["needs"]) == ("missing", ["code"])


def test_article_20_1_five_working_days(house: House) -> None:
    ticket = house.dispatched("bureau")
    assert house.due(ticket) == "2025-06-10T23:59:59"
    assert house.work(ticket, "bureau")["explanation"]["article"] == "002:20(1)"


def test_article_20_2_a_longer_limit_of_a_law_prevails(house: House) -> None:
    ticket = house.dispatched("bureau", days=20, basis="行政许可法")
    assert house.due(ticket) == "2025-07-01T23:59:59"
    assert house.work(ticket, "bureau")["explanation"]["article"] == "002:20(2); 行政许可法"


def test_article_20_2_a_shorter_one_does_not(house: House) -> None:
    ticket = house.dispatched("bureau", days=3, basis="某法")
    assert house.due(ticket) == "2025-06-10T23:59:59"


def test_article_20_2_a_number_without_a_law_is_refused(house: House) -> None:
    assert house.refused(house.create(), "dispatch", units=["bureau"], days=20).reason == "basis_needed"


def test_article_20_provincial_matters_follow_their_own_rule(house: House) -> None:
    ticket = house.create(origin="provincial")
    refused = house.refused(ticket, "dispatch", units=["bureau"])
    assert (refused.reason, refused.detail["article"]) == ("missing", ["002:20"])
    ticket = house.do(ticket, "dispatch", units=["bureau"], days=3, basis="省热线办通知")
    assert house.due(ticket) == "2025-06-06T23:59:59"


def test_article_20_no_extension_is_known(house: House) -> None:
    ticket = house.dispatched("bureau")
    refused = house.refused(ticket, "request_extension", handler("bureau"), days=3, reason="难")
    assert (refused.reason, refused.detail["topic"]) == ("not_regulated", "extension")


def test_article_21_termination_in_writing_reviewed_and_explained(house: House) -> None:
    ticket = house.dispatched("bureau")
    ticket = house.do(ticket, "request_termination", handler("bureau"), ground="caller_refuses", reason="拒不配合")
    ticket = house.do(ticket, "approve_termination", work=house.work(ticket, "bureau")["work_id"])
    assert house.refused(ticket, "close").detail == {"article": ["002:19", "002:21"], "needs": ["explanation"]}
    assert house.do(ticket, "close", explanation="已解释").status == "closed"


def test_article_21_a_refused_termination_goes_on(house: House) -> None:
    ticket = house.dispatched("bureau")
    house.do(ticket, "request_termination", handler("bureau"), ground="not_accept", code="WF2", reason="已信访")
    ticket = house.do(ticket, "refuse_termination", work=house.work(ticket, "bureau")["work_id"], ruling="未信访")
    assert (ticket.status, house.due(ticket)) == ("handling", "2025-06-10T23:59:59")


def test_article_22_a_return_has_no_window(house: House) -> None:
    ticket = house.dispatched("bureau")
    assert house.work(ticket, "bureau")["return_due_at"] is None
    house.clock("2025-06-10T09:00")
    assert house.do(ticket, "request_return", handler("bureau"), reason="非本单位职责").status == "return_requested"


@pytest.mark.parametrize("how", ["decided", "designated"])
def test_article_22_who_was_decided_on_may_not_return(house: House, how: str) -> None:
    ticket = house.dispatched("bureau")
    house.do(ticket, "designate", work=house.work(ticket, "bureau")["work_id"], how=how)
    refused = house.refused(ticket, "request_return", handler("bureau"), reason="不归我")
    assert (refused.reason, refused.detail["article"]) == ("return_locked", ["002:22"])


def test_article_24_the_citys_department_leads(house: House) -> None:
    units = [{"unit": "county", "role": "lead"}, {"unit": "bureau", "role": "assist"}]
    ticket = house.create()
    refused = house.refused(ticket, "dispatch", units=units)
    assert (refused.reason, refused.detail["article"]) == ("department_leads", ["002:22", "002:24"])
    assert house.do(ticket, "dispatch", units=["bureau", "county"]).unit == "bureau"


def test_article_24_nothing_is_pushed_down_that_is_not_on_the_townships_list(house: House) -> None:
    ticket = house.dispatched("county")
    refused = house.refused(ticket, "sub_dispatch", leader("county"), units=["township"])
    assert (refused.reason, refused.detail["needs"]) == ("township_guard", ["duty_list"])
    house.do(ticket, "sub_dispatch", leader("county"), units=["township"], duty_list="清单第12项")


def test_article_25_no_closing_without_a_call_back(house: House) -> None:
    ticket = house.do(house.report(house.dispatched("bureau")), "pass_review")
    assert house.refused(ticket, "close").detail["article"] == ["002:25"]
    house.do(ticket, "call_back", outcome="unreachable")
    assert house.refused(ticket, "close").reason == "call_back_first"
    house.do(ticket, "call_back", outcome="satisfied")
    assert house.do(ticket, "close").status == "closed"


def test_article_26_2_late_matters_are_listed(house: House) -> None:
    ticket = house.dispatched("bureau")
    house.clock("2025-06-10T23:59:59")
    house.sweep()
    assert house.duties(ticket) == {}
    house.clock("2025-06-11T00:00:00")
    house.sweep()
    assert house.duties(ticket) == {"supervise_list": True}
    assert listed(house, CENTRE) == [(ticket.ticket_id, ticket.number, "supervise_list")]
    assert listed(house, handler("bureau")) == []
    # Somebody with an interest of the own does not hear of it.
    with house.db.begin() as session:
        t.declare_recusal(session, "sup2", "ticket", ticket.ticket_id, "亲属", by="sup1", now=house.now)
    assert listed(house, t.Actor("sup2", CENTRE.roles)) == []


def listed(house: House, actor: t.Actor) -> list[tuple[str | None, str | None, str]]:
    """The office's open duties as this person reads them."""
    with house.db() as session:
        found = t.list_duties(session, t.viewer_of(house.desk.current(session), actor))
    return [(one.ticket_id, one.number, one.act) for one in found.duties]


@pytest.mark.parametrize("ground", ["refuses_to_accept", "unsolved", "bad_influence", "other"])
def test_article_26_other_grounds(house: House, ground: str) -> None:
    ticket = house.dispatched("bureau")
    work = house.work(ticket, "bureau")["work_id"]
    house.do(ticket, "supervise", work=work, opinion="督办", ground=ground)
    refused = house.refused(ticket, "supervise", work=work, opinion="督办", ground="leader_assigned")
    assert (refused.reason, refused.detail["article"]) == ("unknown_ground", ["002:26"])


@pytest.mark.parametrize("form", ["daily", "listed", "interview"])
def test_article_26_three_kinds_of_supervision(house: House, form: str) -> None:
    ticket = house.dispatched("bureau")
    work = house.work(ticket, "bureau")["work_id"]
    house.do(ticket, "supervise", work=work, opinion="督办", ground="other", form=form)
    assert house.matter(ticket)["orders"][0]["form"] == form
    refused = house.refused(ticket, "supervise", work=work, opinion="督办", ground="other", form="on_site")
    assert refused.reason == "unknown_form"


def test_article_33_1_supervised_and_not_rectified(house: House) -> None:
    ticket = house.dispatched("bureau")
    work = house.work(ticket, "bureau")["work_id"]
    house.do(ticket, "supervise", work=work, opinion="督办", ground="unsolved", days=2)
    assert house.duties(ticket) == {}
    house.clock("2025-06-06T09:00")
    house.sweep()
    assert house.duties(ticket) == {"order_correction": True, "discipline": False}


def test_article_33_1_an_order_without_a_limit_is_judged_by_the_office(house: House) -> None:
    ticket = house.dispatched("bureau")
    work = house.work(ticket, "bureau")["work_id"]
    house.do(ticket, "supervise", work=work, opinion="督办", ground="unsolved")
    house.clock("2025-06-06T09:00")
    house.sweep()
    assert house.duties(ticket) == {}
    order = house.matter(ticket)["orders"][0]["order_id"]
    house.do(ticket, "evaluate_supervision", work=work, order=order, evaluation="未整改", rectified=False)
    assert house.duties(ticket) == {"order_correction": True, "discipline": False}


def test_article_33_1_another_order_shows_that_the_first_was_not_followed(house: House) -> None:
    ticket = house.dispatched("bureau")
    work = house.work(ticket, "bureau")["work_id"]
    house.do(ticket, "supervise", work=work, opinion="督办", ground="unsolved")
    assert house.duties(ticket) == {}
    house.do(ticket, "supervise", work=work, opinion="再次督办", ground="unsolved")
    assert house.duties(ticket) == {"order_correction": True, "discipline": False}


def test_article_20_3_what_cannot_be_solved_is_explained_with_a_plan(house: House) -> None:
    ticket = house.dispatched("bureau")
    refused = house.refused(ticket, "explain", handler("bureau"), reason="管线未通")
    assert refused.detail == {"article": ["002:20(3)", "002:23"], "needs": ["plan"]}
    house.do(ticket, "explain", handler("bureau"), reason="管线未通", plan="年底前接通")


@pytest.mark.parametrize("code", ["WF33-2", "WF33-3", "WF33-4", "WF33-5", "WF36"])
def test_article_33_36_grounds_that_people_find(house: House, code: str) -> None:
    ticket = house.dispatched("bureau")
    house.do(ticket, "find_ground", code=code, unit="bureau")
    assert house.duties(ticket)["discipline"] is False


def test_article_41_in_force_from_its_date(house: House) -> None:
    assert house.create().pack_version == "2021"


def test_article_15_the_staff_is_rated_apart_from_the_handling(house: House) -> None:
    ticket = house.do(house.create(by="op7"), "answer", reply="好")
    ticket = house.do(ticket, "rate_staff", CITIZEN, outcome="dissatisfied", note="态度生硬")
    assert (ticket.status, ticket.satisfaction) == ("answered", None)
    with house.db() as session:
        (line,) = history(session, ticket.ticket_id, "evaluation")
    assert (line.by, line.body["about"], line.body["outcome"]) == ("citizen", "op7", "dissatisfied")
    assert house.refused(ticket, "rate_staff", CITIZEN, outcome="splendid").reason == "invalid_field"


def test_article_15_a_rating_of_the_staff_is_no_call_back(house: House) -> None:
    ticket = house.do(house.report(house.dispatched("bureau")), "pass_review")
    ticket = house.do(ticket, "rate_staff", CITIZEN, outcome="satisfied")
    assert house.refused(ticket, "close").reason == "call_back_first"


def test_article_23_what_no_unit_can_solve_goes_up_step_by_step(house: House) -> None:
    ticket = house.dispatched("bureau")
    refused = house.refused(ticket, "take_higher", body="市民大会", reason="无法解决")
    study, meeting = refused.detail["bodies"]
    assert (refused.reason, refused.detail["article"]) == ("unknown_body", ["002:20(3)", "002:23"])
    skipped = house.refused(ticket, "take_higher", body=meeting, reason="直接上会")
    assert (skipped.reason, skipped.detail["bodies"]) == ("earlier_body_first", [study])
    for body in (study, meeting):
        ticket = house.do(ticket, "take_higher", body=body, reason="涉及多个部门,承办单位不能解决")
    assert house.ledger(ticket)[-2:] == ["take_higher"] * 2


def test_article_23_elsewhere_no_higher_body_is_named(engine: Engine) -> None:  # noqa: F811
    silent = House(engine, "heyuan")
    refused = silent.refused(silent.dispatched("bureau"), "take_higher", body="市人民政府常务会议", reason="x")
    assert (refused.reason, refused.detail["topic"]) == ("not_regulated", "unsolvable")
