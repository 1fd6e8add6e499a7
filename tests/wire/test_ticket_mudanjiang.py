"""牡丹江市市长公开电话受理案件办理工作管理办法(暂行) (001), article by article."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

import ticketing as t
from tests.kit.tickets import DUTY_LEADER, INSIGHT, House, engine, handler, leader, pack_of  # noqa: F401

pytestmark = pytest.mark.wire


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "mudanjiang")


def given_5_days(house: House, unit: str = "bureau") -> t.Ticket:
    return house.dispatched(unit, mode="phone", days=5)


def supervised(house: House, ticket: t.Ticket, unit: str = "bureau", days: int = 2) -> None:
    work = house.work(ticket, unit)["work_id"]
    house.do(ticket, "supervise", work=work, opinion="限期办理", ground="overdue", days=days)


def test_article_5_level_3_directly_when_necessary(house: House) -> None:
    ticket = house.create()
    refused = house.refused(ticket, "dispatch", units=["township"], days=5)
    assert (refused.reason, refused.detail["level"], refused.detail["needs"]) == ("wrong_level", 3, ["skip_reason"])
    assert house.do(ticket, "dispatch", units=["township"], days=5, skip_reason="情况紧急").unit == "township"


def test_article_7_the_second_level_passes_on_to_the_third(house: House) -> None:
    ticket = given_5_days(house, "county")
    assert house.do(ticket, "sub_dispatch", leader("county"), units=["township"]).status == "sub_dispatched"


def test_article_10_2_a_three_way_call_is_answered_on_the_spot(house: House) -> None:
    ticket = house.do(house.create(), "dispatch", units=["bureau"], mode="three_way")
    assert house.work(ticket, "bureau")["due_at"] is None
    assert house.work(ticket, "bureau")["explanation"]["status"] == "at_once"


@pytest.mark.parametrize("mode", ["phone", "written"])
def test_article_10_3_the_centre_sets_the_limit(house: House, mode: str) -> None:
    refused = house.refused(house.create(), "dispatch", units=["bureau"], mode=mode)
    assert (refused.reason, refused.detail["needs"]) == ("missing", ["days"])
    ticket = house.dispatched("bureau", mode=mode, days=4)
    assert house.due(ticket) == "2025-06-09T23:59:59"
    assert house.work(ticket, "bureau")["explanation"]["status"] == "set"


def test_article_10_8_extension_once_only(house: House) -> None:
    ticket = given_5_days(house)
    house.do(ticket, "request_extension", handler("bureau"))
    work = house.work(ticket, "bureau")["work_id"]
    assert house.refused(ticket, "approve_extension", work=work).detail["needs"] == ["days"]
    house.do(ticket, "approve_extension", work=work, days=3)
    assert house.due(ticket) == "2025-06-13T23:59:59"
    refused = house.refused(ticket, "request_extension", handler("bureau"))
    assert (refused.reason, refused.detail["article"]) == ("no_extension_left", ["001:10(8)"])


def test_article_10_8_a_refused_application_was_the_one(house: House) -> None:
    ticket = given_5_days(house)
    house.do(ticket, "request_extension", handler("bureau"))
    house.do(ticket, "refuse_extension", work=house.work(ticket, "bureau")["work_id"], ruling="不同意")
    assert house.refused(ticket, "request_extension", handler("bureau")).reason == "no_extension_left"


def test_article_10_9_supervised_when_late_with_a_new_limit(house: House) -> None:
    ticket = given_5_days(house)
    work = house.work(ticket, "bureau")["work_id"]
    early = house.refused(ticket, "supervise", work=work, opinion="限期", ground="overdue", days=2)
    assert early.reason == "not_overdue"
    house.clock("2025-06-11T09:00")
    assert house.refused(ticket, "supervise", work=work, opinion="限期", ground="overdue").detail["needs"] == ["days"]
    supervised(house, ticket)
    order = house.matter(ticket)["orders"][0]
    assert order["due_at"] == "2025-06-13T15:59:59+00:00"
    assert house.due(ticket) == "2025-06-10T23:59:59"


@pytest.mark.parametrize("origin", ["provincial_petition_bureau", "provincial_phone_office", "city_leader"])
def test_article_10_9_matters_from_above_are_supervised_directly(house: House, origin: str) -> None:
    ticket = house.dispatched("bureau", mode="phone", days=5, origin=origin)
    work = house.work(ticket, "bureau")["work_id"]
    house.do(ticket, "supervise", work=work, opinion="直接督办", days=3)
    assert house.ledger(ticket, "supervise") == ["supervise"]


def test_article_10_10_a_promise_when_conditions_ripen(house: House) -> None:
    ticket = house.do(house.report(given_5_days(house)), "pass_review")
    house.do(ticket, "call_back", outcome="dissatisfied")
    ticket = house.do(ticket, "promise", condition="条件成熟", wake_at="2025-12-01T08:00:00+08:00")
    assert ticket.status == "promised"


def test_article_10_11_no_closing_without_the_closing_report(house: House) -> None:
    ticket = given_5_days(house)
    ticket = house.do(ticket, "report", handler("bureau"), result="办结", answered_via="told_by_phone")
    ticket = house.do(ticket, "pass_review")
    refused = house.refused(ticket, "close")
    assert (refused.reason, refused.detail["name"]) == ("closing_report_missing", "结案报告")
    assert house.do(ticket, "close", closing_report="结案报告第1号").status == "closed"


def test_article_11_13_4_absence_from_a_meeting_on_site_is_criticised(house: House) -> None:
    ticket = house.do(house.create(), "mark_emergency", kind="疫情")
    house.do(ticket, "call_meeting", place="现场", at="2025-06-04T09:00:00+08:00", units=["bureau", "county"])
    meeting = house.matter(ticket)["meetings"][0]["meeting_id"]
    house.do(ticket, "record_attendance", meeting=meeting, attendance={"bureau": "came", "county": "late"})
    duties = house.matter(ticket)["duties"]
    assert [(duty["act"], duty["unit_id"]) for duty in duties] == [("circular_criticism", "county")]


def test_article_13_one_supervision_brings_nothing(house: House) -> None:
    ticket = given_5_days(house)
    house.clock("2025-06-11T09:00")
    supervised(house, ticket)
    house.clock("2025-06-20T09:00")
    house.sweep()
    assert house.duties(ticket) == {}


def test_article_13_the_second_order_has_its_own_time_first(house: House) -> None:
    ticket = given_5_days(house)
    house.clock("2025-06-11T09:00")
    supervised(house, ticket)
    house.clock("2025-06-16T09:00")
    supervised(house, ticket)
    house.sweep()
    assert house.duties(ticket) == {}
    house.clock("2025-06-18T23:59:59")
    house.sweep()
    assert house.duties(ticket) == {}
    house.clock("2025-06-19T00:00:00")
    assert house.sweep().expired == 1
    assert house.duties(ticket) == {
        "discipline_accountability": True,
        "notify_superior_authority": True,
        "report_top_leaders": True,
        "propose_head_adjustment": True,
    }


def test_article_13_done_within_the_second_limit_brings_nothing(house: House) -> None:
    ticket = given_5_days(house)
    house.clock("2025-06-11T09:00")
    supervised(house, ticket)
    house.clock("2025-06-16T09:00")
    supervised(house, ticket)
    house.clock("2025-06-17T09:00")
    ticket = house.report(ticket)
    house.clock("2025-06-30T09:00")
    house.sweep()
    assert house.duties(ticket) == {}


def test_article_13_urges_are_not_supervision(house: House) -> None:
    ticket = given_5_days(house)
    house.clock("2025-06-11T09:00")
    work = house.work(ticket, "bureau")["work_id"]
    house.do(ticket, "urge", work=work)
    house.do(ticket, "urge", work=work)
    supervised(house, ticket)
    house.clock("2025-06-30T09:00")
    house.sweep()
    assert house.duties(ticket) == {}


def test_article_13_enterprises_are_not_named(house: House) -> None:
    ticket = given_5_days(house, "company")
    house.clock("2025-06-11T09:00")
    supervised(house, ticket, "company")
    supervised(house, ticket, "company")
    house.clock("2025-06-30T09:00")
    assert house.sweep().expired == 2
    assert house.duties(ticket) == {}


@pytest.mark.parametrize("code", ["MDJ1", "MDJ2", "MDJ3", "MDJ4", "MDJ5", "MDJ6"])
def test_article_13_1_to_6_grounds_for_a_circular(house: House, code: str) -> None:
    ticket = given_5_days(house)
    house.do(ticket, "find_ground", code=code, unit="bureau")
    assert house.duties(ticket) == {"circular_criticism": False}


def test_article_13_how_far_a_circular_goes_follows_from_its_effect(house: House) -> None:
    ticket = given_5_days(house)
    house.do(ticket, "find_ground", code="MDJ3", unit="bureau")
    duty = house.matter(ticket)["duties"][0]["duty_id"]
    for said in ({}, {"effect": "none"}):
        refused = house.refused(ticket, "carry_out_duty", duty=duty, **said)
        assert refused.reason == "effect_first"
        assert refused.detail == {"article": ["001:13"], "effects": ["ordinary", "some_effect", "major_effect"]}
    house.do(ticket, "carry_out_duty", duty=duty, effect="some_effect", note="通报第3期")
    with house.db() as session:
        viewer = t.viewer_of(house.desk.current(session), INSIGHT)
        lines = t.read_ledgers(session, viewer, ticket_id=ticket.ticket_id, limit=100)
    (line,) = [one for one in lines if one.verb == "carry_out_duty"]
    assert (line.body["effect"], line.body["reach"]) == ("some_effect", "向主管市长通报")


def test_article_16_a_laws_limit_prevails(house: House) -> None:
    ticket = house.dispatched("bureau", mode="phone", days=15, basis="某法第三条")
    explanation = house.work(ticket, "bureau")["explanation"]
    assert (explanation["status"], explanation["article"]) == ("law", "001:16; 某法第三条")


def test_a_redo_may_set_another_limit_as_the_centre_sets_them(house: House) -> None:
    ticket = house.report(given_5_days(house))
    ticket = house.do(ticket, "redo", reason="未解决", days=2)
    assert house.due(ticket) == "2025-06-05T23:59:59"


def test_what_the_regulation_does_not_say_is_not_made_up(house: House) -> None:
    ticket = given_5_days(house)
    assert house.refused(ticket, "request_return", handler("bureau"), reason="不归我").reason == "not_regulated"
    assert house.refused(house.create(), "not_accept", code="X").reason == "not_regulated"


def test_article_10_10_a_common_problem_is_answered_through_the_media(house: House) -> None:
    ticket = house.dispatched("bureau", days=5, mode="phone")
    work = house.work(ticket, "bureau")["work_id"]
    ticket = house.do(ticket, "report_common", handler("bureau"), reason="多个小区同类问题", work=work)
    assert house.work(ticket, "bureau")["status"] == "signed"
    ticket = house.do(house.report(ticket), "publish_reply", medium="《牡丹江晨报》", reply="供热管网本周检修")
    assert (ticket.status, ticket.public_reply) == ("centre_review", "供热管网本周检修")


def test_article_15_a_confidential_matter_is_not_answered_in_public(house: House) -> None:
    ticket = house.do(house.report(given_5_days(house)), "keep_secret")
    refused = house.refused(ticket, "publish_reply", medium="《牡丹江晨报》", reply="已办结")
    assert (refused.reason, refused.detail["article"]) == ("kept_secret", ["001:15"])


def test_article_10_5_what_discipline_bodies_decide_is_referred_to_them(house: House) -> None:
    ticket = house.do(house.create(kind="report"), "refer", to="市纪委")
    assert (ticket.status, ticket.unit) == ("referred", None)


def test_article_10_7_the_first_contact_is_on_record(house: House) -> None:
    ticket = house.do(given_5_days(house), "contact_caller", handler("bureau"), note="已与反映人沟通")
    assert house.work(ticket, "bureau")["status"] == "handling"
    assert house.ledger(ticket)[-1] == "contact_caller"


def test_article_8_gaps_go_to_the_city_government(house: House) -> None:
    rule = pack_of("mudanjiang").versions[0].rules.jurisdiction
    assert rule is not None
    assert (rule.proposes, rule.decides, rule.centre_may_designate) == ("市长公开电话受理中心", "市政府", None)
    ticket = house.do(house.create(), "escalate", proposal="职能交叉,建议由局承办")
    assert house.refused(ticket, "dispatch", units=["bureau"], days=5).reason == "not_now"
    ticket = house.do(ticket, "approve", DUTY_LEADER, instruction="由局承办")
    assert house.do(ticket, "dispatch", units=["bureau"], mode="phone", days=5).unit == "bureau"


def test_article_10_10_elsewhere_nothing_is_said_of_common_problems(engine: Engine) -> None:  # noqa: F811
    silent = House(engine, "heyuan")
    ticket = silent.dispatched("bureau")
    assert silent.refused(ticket, "report_common", handler("bureau"), reason="x").reason == "not_regulated"
