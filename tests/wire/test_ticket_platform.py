"""政府热线呼叫中心解决方案 (003§3) and the assessment report of 六合 (003§1), section by section."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

import ticketing as t
from tests.kit.tickets import CENTRE, INSIGHT, House, engine, handler, local, pack_of  # noqa: F401
from ticketing.tables_work import DutyRow

pytestmark = pytest.mark.wire


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "platform")


@pytest.mark.parametrize(("kind", "due"), [("inquiry", "06-10"), ("complaint", "06-24"), ("report", "07-15")])
def test_section_2_limits_by_kind(house: House, kind: str, due: str) -> None:
    assert house.due(house.dispatched("bureau", kind=kind)) == f"2025-{due}T23:59:59"


def test_section_2_the_department_accepts_within_one_working_day(house: House) -> None:
    house.clock("2025-06-06T16:00")
    ticket = house.do(house.create(kind="inquiry"), "dispatch", units=["bureau"])
    assert local(house.work(ticket, "bureau")["sign_due_at"]) == "2025-06-09T23:59:59"


@pytest.mark.parametrize("kind", ["help", "suggestion"])
def test_section_2_names_no_limit_for_others(house: House, kind: str) -> None:
    ticket = house.dispatched("bureau", kind=kind)
    work = house.work(ticket, "bureau")
    assert (work["due_at"], work["explanation"]["status"], work["light"]) == (None, "not_regulated", None)


def test_section_2_answered_by_the_platform() -> None:
    reply = pack_of("platform").versions[0].rules.reply
    assert reply is not None
    assert reply.by == "centre"


def test_section_2_what_the_unit_proposed_does_not_go_out_unread(house: House) -> None:
    ticket = house.report(house.dispatched("bureau", kind="inquiry"), answered_via=None, public_reply="单位的建议")
    refused = house.refused(ticket, "pass_review")
    assert (refused.reason, refused.detail["needs"]) == ("missing", ["public_reply"])
    assert refused.detail["article"] == list(pack_of("platform").versions[0].rules.reply.src)  # type: ignore[union-attr]
    assert house.do(ticket, "pass_review", public_reply="平台的答复").public_reply == "平台的答复"


def test_section_2_who_wants_no_reply_is_written_none(house: House) -> None:
    ticket = house.report(house.dispatched("bureau", kind="inquiry", no_reply=True))
    assert house.do(ticket, "pass_review").status == "callback"


def test_section_2_the_whole_process_is_under_supervision(house: House) -> None:
    """Every act of the whole life stands in the ledger, and whoever supervises reads it without a part in it."""
    ticket = house.closed(house.report(house.dispatched("bureau", kind="inquiry")))
    with house.db() as session:
        viewer = t.viewer_of(house.desk.current(session), INSIGHT)
        verbs = [line.verb for line in t.read_ledgers(session, viewer, ticket_id=ticket.ticket_id, limit=100)]
    assert {"register", "dispatch", "sign", "report", "pass_review", "call_back", "close"} <= set(verbs)
    assert house.refused(ticket, "redo", INSIGHT, reason="x").reason == "not_allowed"


def test_section_4_1_duplicates_keep_their_counts(house: House) -> None:
    first = house.create()
    second = house.do(house.create(), "merge", into=first.ticket_id)
    assert (second.status, second.merged_into) == ("merged", first.ticket_id)


@pytest.mark.parametrize("code", ["PT1", "PT2"])
def test_section_4_2_not_accepted(house: House, code: str) -> None:
    assert house.do(house.create(), "not_accept", code=code).status == "not_accepted"


def test_section_4_2_lights(house: House) -> None:
    ticket = house.dispatched("bureau", kind="inquiry")
    lights = []
    for moment in ("2025-06-06T12:00", "2025-06-09T00:00", "2025-06-10T23:59:59", "2025-06-11T00:00"):
        house.clock(moment)
        lights.append(house.matter(ticket)["ticket"]["light"])
    assert lights == ["green", "yellow", "yellow", "red"]


def test_section_4_2_wrongly_dispatched_is_returned(house: House) -> None:
    ticket = house.dispatched("bureau")
    assert house.do(ticket, "request_return", handler("bureau"), reason="分办错误").status == "return_requested"


def test_section_4_2_extension_by_application(house: House) -> None:
    ticket = house.dispatched("bureau", kind="inquiry")
    house.do(ticket, "request_extension", handler("bureau"), days=3, reason="难")
    house.do(ticket, "approve_extension", work=house.work(ticket, "bureau")["work_id"])
    assert house.due(ticket) == "2025-06-13T23:59:59"


def test_section_4_2_supervised_many_times_with_history_and_evaluation(house: House) -> None:
    ticket = house.dispatched("bureau")
    work = house.work(ticket, "bureau")["work_id"]
    for opinion in ("一", "二", "三"):
        house.do(ticket, "supervise", work=work, opinion=opinion)
    orders = house.matter(ticket)["orders"]
    house.do(ticket, "evaluate_supervision", work=work, order=orders[0]["order_id"], evaluation="差")
    refused = house.refused(ticket, "evaluate_supervision", work=work, order=orders[0]["order_id"], evaluation="好")
    assert refused.reason == "not_now"
    assert [order["opinion"] for order in house.matter(ticket)["orders"]] == ["一", "二", "三"]


def test_section_4_2_any_section_of_the_office_may_supervise(house: House) -> None:
    ticket = house.dispatched("bureau")
    work = house.work(ticket, "bureau")["work_id"]
    for section in ("operator", "dispatcher"):
        person = t.Actor(section, frozenset({section}))
        assert "supervise" in house.matter(ticket, person)["verbs"][work]
        house.do(ticket, "supervise", person, work=work, opinion="请尽快办理")
    for other in (handler("bureau"), t.Actor("x", frozenset({"inspector"})), t.Actor("y", frozenset())):
        assert house.refused(ticket, "supervise", other, work=work, opinion="x").reason in ("not_allowed", "not_found")


def test_section_4_2_elsewhere_the_offices_roles_decide_alone(engine: Engine) -> None:  # noqa: F811
    house = House(engine, "kunming")
    ticket = house.dispatched("bureau", mode="written")
    work = house.work(ticket, "bureau")["work_id"]
    person = t.Actor("d1", frozenset({"dispatcher"}))
    assert house.refused(ticket, "supervise", person, work=work, opinion="x").reason == "not_allowed"


def test_section_4_2_2_review_in_two_stages(house: House) -> None:
    ticket = house.closed(house.report(house.dispatched("bureau")))
    for stage in ("复查", "复核"):
        ticket = house.do(ticket, "request_review", t.CITIZEN, reason="不服")
        with house.db() as session:
            assert t.history(session, ticket.ticket_id)[-1].body["stage"] == stage
        ticket = house.do(ticket, "uphold", conclusion="维持")
    assert house.refused(ticket, "request_review", t.CITIZEN, reason="不服").reason == "no_review_left"


def test_assessment_report_urges_by_itself_at_its_time_nodes(engine: Engine) -> None:  # noqa: F811
    house = House(engine, "luhe_assessment")
    ticket = house.dispatched("bureau", days=3, basis="区考核办法")
    house.clock("2025-06-05T00:00")
    assert house.sweep().yellow == 1
    house.clock("2025-06-07T00:00")
    assert house.sweep().overdue == 1
    assert (house.ledger(ticket, "remind"), house.ledger(ticket, "urge")) == (["remind"], ["urge"])


def test_assessment_report_supervision_may_be_a_visit(engine: Engine) -> None:  # noqa: F811
    house = House(engine, "luhe_assessment")
    ticket = house.dispatched("bureau", days=3, basis="区考核办法")
    work = house.work(ticket, "bureau")["work_id"]
    house.do(ticket, "supervise", work=work, opinion="上门督办", form="on_site")
    refused = house.refused(ticket, "supervise", work=work, opinion="挂牌", form="listed")
    assert (refused.reason, refused.detail["known"]) == ("unknown_form", ["on_site"])


def rated(house: House, unit: str, satisfied: int, dissatisfied: int) -> None:
    """Closed tickets of a unit with the callers' opinions."""
    for number in range(satisfied + dissatisfied):
        ticket = house.dispatched(unit, days=3, basis="区考核办法")
        ticket = house.passed(house.report(ticket, unit))
        outcome = "satisfied" if number < satisfied else "dissatisfied"
        house.do(house.do(ticket, "call_back", outcome=outcome), "close")


def test_assessment_report_a_circular_after_the_campaign_and_not_before(engine: Engine) -> None:  # noqa: F811
    house = House(engine, "luhe_assessment")
    rated(house, "bureau", 3, 1)
    rated(house, "company", 4, 1)
    since, until = house.now - timedelta(days=30), house.now + timedelta(days=1)

    def assessed(**how: object) -> list[t.Finding]:
        with house.db.begin() as session:
            office = house.desk.current(session)
            found = t.run_assessment(session, office, since, until, by="st1", now=house.now, **how)  # type: ignore[arg-type]
        assert isinstance(found, list)
        return found

    assert assessed() == []
    (finding,) = assessed(campaign="清零行动")
    assert (finding.unit_id, finding.acts, finding.why) == (
        "bureau",
        ("circular_criticism",),
        "satisfaction_rate 75.00 < 80",
    )
    last = assessed(campaign="清零行动", ranking=("company", "bureau"))[-1]
    assert (last.unit_id, last.acts) == ("bureau", ("discipline_accountability",))
    first_is_last = assessed(campaign="清零行动", ranking=("bureau", "company"))
    assert [one.reason for one in first_is_last] == ["missed_mark"]
    with house.db() as session:
        acts = sorted(session.scalars(select(DutyRow.act)))
    assert acts == ["circular_criticism", "discipline_accountability"]


def test_assessment_report_what_follows_is_listed_and_decided(engine: Engine) -> None:  # noqa: F811
    house = House(engine, "luhe_assessment")
    rated(house, "bureau", 3, 1)
    ticket = house.dispatched("company")
    with house.db.begin() as session:
        office = house.desk.current(session)
        t.run_assessment(
            session, office, house.now - timedelta(days=30), house.now + timedelta(days=1), by="st1", now=house.now,
            campaign="清零行动",
        )  # fmt: skip

    def listed(actor: t.Actor = CENTRE, **how: Any) -> list[t.Duty]:
        with house.db() as session:
            return list(t.list_duties(session, t.viewer_of(house.desk.current(session), actor), **how).duties)

    def decided(duty: str, done: bool, note: str, actor: t.Actor = CENTRE) -> t.Duty | t.Refused:
        with house.db.begin() as session:
            return t.decide_duty(session, house.desk.current(session), actor, duty, done, note, house.now)

    [duty] = listed()
    assert (duty.act, duty.unit_id, duty.ticket_id, duty.mandatory) == ("circular_criticism", "bureau", None, True)
    assert listed(unit="company") == []
    assert listed(handler("bureau")) == [], "the office's own list"
    reasons = [
        decided(duty.duty_id, True, "", handler("bureau")),
        decided(duty.duty_id, False, " "),
        decided("none", True, ""),
    ]
    assert [one.reason for one in reasons if isinstance(one, t.Refused)] == ["not_allowed", "missing", "not_found"]
    done = decided(duty.duty_id, True, "已发通报")
    assert isinstance(done, t.Duty)
    assert (done.status, done.note, done.decided_by) == ("done", "已发通报", CENTRE.user_id)
    assert isinstance(decided(duty.duty_id, True, ""), t.Refused)
    assert (listed(), [one.duty_id for one in listed(status="done")]) == ([], [duty.duty_id])
    assert ticket.status == "signed"


def test_a_city_without_an_assessment_assesses_nobody(house: House) -> None:
    with house.db.begin() as session:
        office = house.desk.current(session)
        found = t.run_assessment(session, office, house.now, house.now, by="st1", now=house.now)
    assert found == t.Refused("not_regulated", {"topic": "assessment"})


def test_assessment_report_measures(engine: Engine) -> None:  # noqa: F811
    rules = pack_of("luhe_assessment").versions[0].rules
    assert rules.assessment is not None
    marks = [(one.group, one.indicator, one.at_least, one.min_tickets) for one in rules.assessment.thresholds]
    assert marks == [
        ("公共企事业单位", "closure_rate", 95, None),
        ("公共企事业单位", "satisfaction_rate", 90, None),
        ("all", "satisfaction_rate", 80, 20),
        ("all", "satisfaction_rate", 80, None),
    ]
    assert rules.counting.percent_decimals == 1
