"""昆明市政府便民热线工作管理规定 (000) and its later edition (003§4), article by article."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

import ticketing as t
from tests.kit.tickets import House, engine, handler, leader, pack_of  # noqa: F401

pytestmark = pytest.mark.wire


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "kunming")


def written(house: House) -> t.Ticket:
    return house.dispatched("bureau", mode="written")


def late(house: House) -> tuple[t.Ticket, str]:
    """A written order that ran out, and its work."""
    ticket = written(house)
    house.clock("2025-06-13T09:00")
    house.sweep()
    return ticket, house.work(ticket, "bureau")["work_id"]


def test_article_6_party_army_courts_are_guided_elsewhere(house: House) -> None:
    guide = pack_of("kunming").versions[0].rules.guide
    assert guide is not None
    assert guide.bodies == ("党委", "部队", "法院", "检察院")
    ticket = house.create()
    refused = house.refused(ticket, "not_accept", code="X", reason="法院事项")
    assert (refused.reason, refused.detail["topic"]) == ("not_regulated", "not_accept")
    assert house.do(ticket, "guide", channel="法院").status == "guided"


def test_article_6_later_edition_takes_party_matters(house: House) -> None:
    later = pack_of("kunming").version("later")
    assert later is not None
    assert later.rules.guide is None


def test_article_9_10_the_centre_dispatches_to_level_1_only(house: House) -> None:
    refused = house.refused(house.create(), "dispatch", units=["township"], mode="phone")
    assert (refused.reason, refused.detail["level"], refused.detail["article"][0]) == ("wrong_level", 2, "000:9")
    assert refused.detail["needs"] == []


def test_article_9_friend_units_stand_beside_the_levels(house: House) -> None:
    units = [{"unit_id": "bureau", "zh": "局", "en": "Bureau", "kind": "department"}]
    units.append({"unit_id": "friend", "zh": "友", "en": "Friend", "kind": "friend", "parent": "bureau"})
    units.append({"unit_id": "below", "zh": "处", "en": "Section", "kind": "public_institution", "parent": "bureau"})
    with house.db.begin() as session:
        assert t.change_setting(session, "units", {"units": units}, 0, "root", house.now) == 1
    assert house.refused(house.create(), "dispatch", units=["below"], mode="phone").reason == "wrong_level"
    assert house.do(house.create(), "dispatch", units=["friend"], mode="phone").unit == "friend"


def test_article_12_ways_of_handling_are_kept_by_their_names() -> None:
    intake = pack_of("kunming").versions[0].rules.intake
    assert intake is not None
    assert len(intake.modes) == 7


def test_article_13_written_orders_7_working_days(house: House) -> None:
    ticket = written(house)
    assert house.due(ticket) == "2025-06-12T23:59:59"
    assert house.work(ticket, "bureau")["explanation"]["article"] == "000:13"


def test_article_13_phone_orders_3_working_days(house: House) -> None:
    assert house.due(house.dispatched("bureau", mode="phone")) == "2025-06-06T23:59:59"


def test_article_13_the_mode_decides_and_must_be_named(house: House) -> None:
    refused = house.refused(house.create(), "dispatch", units=["bureau"])
    assert (refused.reason, refused.detail["needs"]) == ("missing", ["mode"])


def test_article_13_the_kind_does_not_matter(house: House) -> None:
    dates = {house.due(house.dispatched("bureau", mode="written", kind=kind)) for kind in ("inquiry", "report")}
    assert len(dates) == 1


def test_article_13_from_receipt_not_from_signature(house: House) -> None:
    ticket = house.do(house.create(), "dispatch", units=["bureau"], mode="written")
    house.clock("2025-06-09T09:00")
    house.do(ticket, "sign", handler("bureau"))
    assert house.due(ticket) == "2025-06-12T23:59:59"


def test_article_13_urgent_matters_are_reported_on_at_any_time(house: House) -> None:
    ticket = house.dispatched("bureau", mode="phone", urgent=True)
    urgent = house.work(ticket, "bureau")["explanation"]["urgent"]
    assert urgent == {"rule": "report_continuously", "src": ["000:13"]}


def test_article_13_explaining_moves_no_date(house: House) -> None:
    ticket = written(house)
    refused = house.refused(ticket, "request_extension", handler("bureau"), days=3, reason="复杂")
    assert (refused.reason, refused.detail["article"]) == ("explain_instead", ["000:13"])
    ticket = house.do(ticket, "explain", handler("bureau"), reason="情况复杂")
    assert house.due(ticket) == "2025-06-12T23:59:59"


def test_article_14_1_no_item_no_attachment_no_opinion_is_left_out(house: House) -> None:
    ticket = house.create(items=("路灯", "井盖"), attachments=("照片.jpg",))
    ticket = house.do(ticket, "dispatch", units=["bureau"], mode="written")
    house.do(ticket, "sign", handler("bureau"))
    signed = {"signature": "张三", "seal": "s", "leader": "李四", "result": "好"}
    refused = house.refused(ticket, "report", handler("bureau"), items=[1], **signed)
    assert refused.detail == {
        "article": ["000:14(1)", "000:14(2)", "000:14(3)"],
        "missing": ["all_items_answered", "attachments_covered", "satisfaction_or_explanation"],
    }
    whole = {"items": [1, 2], "attachments_covered": ["照片.jpg"], "satisfaction_note": "联系不上来电人"}
    unreached = {"answered_via": "not_reached", "answered_note": "三次拨打无人接听"}
    assert house.do(ticket, "report", handler("bureau"), **signed, **whole, **unreached).status == "centre_review"


def test_article_13_the_unit_answers_the_caller_or_says_why_not(house: House) -> None:
    ticket = written(house)
    whole = {
        "result": "已修好",
        "items": [1],
        "satisfaction": "satisfied",
        "signature": "张三",
        "seal": "s",
        "leader": "李四",
    }
    for said in ({}, {"answered_via": "by pigeon"}, {"answered_via": "not_reached", "answered_note": " "}):
        refused = house.refused(ticket, "report", handler("bureau"), **whole, **said)
        assert refused.detail == {"article": ["000:13"], "missing": ["caller_answered"]}
    house.do(ticket, "report", handler("bureau"), **whole, answered_via="told_in_person")
    (report,) = house.matter(ticket)["reports"]
    assert report["body"]["answered_via"] == "told_in_person"


def test_article_13_an_assisting_unit_does_not_answer_the_caller(house: House) -> None:
    ticket = house.create(items=("路灯", "井盖"))
    units = [{"unit": "bureau", "role": "lead", "items": [1]}, {"unit": "county", "role": "assist", "items": [2]}]
    ticket = house.do(ticket, "dispatch", units=units, mode="written")
    house.do(ticket, "sign", handler("county"))
    house.report(ticket, "county", answered_via=None)
    assert house.work(ticket, "county")["status"] == "reported"


def test_article_14_2_the_first_level_reviews_and_reports_as_one(house: House) -> None:
    ticket = written(house)
    house.do(ticket, "sub_dispatch", leader("bureau"), units=["bureau-office"])
    house.do(ticket, "sign", handler("bureau-office"))
    house.report(ticket, "bureau-office")
    assert house.refused(ticket, "report", leader("bureau"), result="好").reason == "not_now"
    house.do(ticket, "pass_sub", leader("bureau"), opinion="属实,予以认定")
    assert house.report(ticket).status == "centre_review"


def test_article_14_3_signature_seal_and_leader(house: House) -> None:
    ticket = written(house)
    refused = house.refused(ticket, "report", handler("bureau"), result="好", satisfaction="satisfied")
    assert refused.detail["missing"] == ["handler_signature", "unit_seal", "leader_approval"]


def test_article_15_a_call_back_is_the_offices_choice(house: House) -> None:
    ticket = house.do(house.report(written(house)), "pass_review")
    assert house.do(ticket, "close").status == "closed"


def test_article_16_urged_when_late_without_explanation(house: House) -> None:
    ticket = written(house)
    work = house.work(ticket, "bureau")["work_id"]
    house.clock("2025-06-12T23:59:59")
    assert house.refused(ticket, "urge", work=work).reason == "not_overdue"
    house.clock("2025-06-13T00:00:00")
    house.do(ticket, "urge", work=work)
    assert house.ledger(ticket, "urge") == ["urge"]


def test_article_16_an_explained_delay_is_not_urged(house: House) -> None:
    ticket, work = late(house)
    house.do(ticket, "explain", handler("bureau"), reason="等待采购")
    refused = house.refused(ticket, "urge", work=work)
    assert (refused.reason, refused.detail["article"]) == ("explained", ["000:16"])


def test_article_16_redo_is_recorded(house: House) -> None:
    ticket = house.do(house.report(written(house)), "redo", reason="结果不满意")
    assert house.ledger(ticket, "redo") == ["redo"]
    assert house.due(ticket) == "2025-06-12T23:59:59"


def test_article_17_one_urge_brings_nothing(house: House) -> None:
    ticket, work = late(house)
    house.do(ticket, "urge", work=work)
    assert house.duties(ticket) == {}


def test_article_17_two_urges_bring_a_circular_and_offer_the_media(house: House) -> None:
    ticket, work = late(house)
    house.do(ticket, "urge", work=work)
    house.do(ticket, "urge", work=work)
    assert house.duties(ticket) == {"circular_criticism": True, "media_exposure": False}
    house.do(ticket, "urge", work=work)
    duties = house.matter(ticket)["duties"]
    assert [duty["src"] for duty in duties] == [["000:17"], ["000:17"]]


def test_article_17_reminders_and_supervision_are_not_urges(house: House) -> None:
    ticket = written(house)
    work = house.work(ticket, "bureau")["work_id"]
    house.do(ticket, "remind", work=work)
    house.do(ticket, "remind", work=work)
    house.clock("2025-06-13T09:00")
    house.do(ticket, "supervise", work=work, opinion="抓紧")
    house.do(ticket, "urge", work=work)
    assert house.duties(ticket) == {}


def test_article_17_handled_in_between_brings_nothing(house: House) -> None:
    ticket, work = late(house)
    house.do(ticket, "urge", work=work)
    ticket = house.report(ticket)
    assert house.refused(ticket, "urge", work=work).reason == "not_now"
    assert house.duties(ticket) == {}


def test_article_17_the_next_unit_starts_at_nought(house: House) -> None:
    ticket, work = late(house)
    house.do(ticket, "urge", work=work)
    ticket = house.do(ticket, "withdraw", work=work, reason="改派")
    ticket = house.do(ticket, "dispatch", units=["company"], mode="phone")
    house.clock("2025-06-20T09:00")
    house.do(ticket, "urge", work=house.work(ticket, "company")["work_id"])
    assert house.duties(ticket) == {}


def test_article_17_a_duty_is_carried_out_or_waived_with_a_reason(house: House) -> None:
    ticket, work = late(house)
    house.do(ticket, "urge", work=work)
    house.do(ticket, "urge", work=work)
    first, second = house.matter(ticket)["duties"]
    house.do(ticket, "carry_out_duty", duty=first["duty_id"], note="通报第3期")
    assert house.refused(ticket, "carry_out_duty", duty=first["duty_id"]).reason == "unknown_duty"
    assert house.refused(ticket, "waive_duty", duty=second["duty_id"]).reason == "missing"
    house.do(ticket, "waive_duty", duty=second["duty_id"], reason="已整改")
    assert {duty["status"] for duty in house.matter(ticket)["duties"]} == {"done", "waived"}


def test_article_18_who_is_interested_stays_away(house: House) -> None:
    ticket = written(house)
    with house.db.begin() as session:
        t.declare_recusal(session, "bureau-handler", "ticket", ticket.ticket_id, "亲属", by="op1", now=house.now)
    answer = house.attempt(ticket, "start", handler("bureau"))
    assert answer == t.Refused("not_found")
    assert house.do(ticket, "start", leader("bureau")).status == "handling"


def test_article_19_the_accused_unit_never_gets_it(house: House) -> None:
    ticket = house.create(accused_unit="bureau")
    refused = house.refused(ticket, "dispatch", units=["bureau"], mode="phone")
    assert (refused.reason, refused.detail["article"]) == ("accused_unit", ["000:19"])


def test_article_20_emergencies_are_reported_at_once(house: House) -> None:
    ticket = house.do(house.create(), "mark_emergency", kind="爆炸")
    with house.db() as session:
        said = t.history(session, ticket.ticket_id, "emergency")[-1].body
    assert (said["report_to"], said["src"]) == (["领导", "市政府总值班室"], ["000:20"])


def test_article_24_criticism_without_a_count(house: House) -> None:
    ticket = written(house)
    house.do(ticket, "find_ground", code="KM24", unit="bureau")
    assert house.duties(ticket) == {"circular_criticism": False, "media_exposure": False}


def test_what_the_regulation_does_not_say_is_not_made_up(house: House) -> None:
    ticket = written(house)
    for verb, given in (
        ("request_return", {"reason": "不归我"}),
        ("request_termination", {"ground": "caller_refuses", "reason": "x"}),
    ):
        assert house.refused(ticket, verb, handler("bureau"), **given).reason == "not_regulated"
    ticket = house.closed(house.report(ticket))
    assert house.refused(ticket, "request_review", t.CITIZEN, reason="不服").reason == "not_regulated"


def test_article_8_4_the_office_calls_up_records(house: House) -> None:
    ticket = house.dispatched("bureau", mode="phone")
    work = house.work(ticket, "bureau")["work_id"]
    house.do(ticket, "demand_records", text="请报送施工许可材料", work=work)
    ticket = house.do(ticket, "submit_records", handler("bureau"), text="见附件", attachments=["a7"], work=work)
    assert house.ledger(ticket)[-2:] == ["demand_records", "submit_records"]
    assert house.work(ticket, "bureau")["status"] == "signed"


def test_what_came_in_writing_goes_out_in_writing(house: House) -> None:
    """Article 9 with 13: by telephone three working days, in writing seven, unless the office says otherwise."""
    spoken = house.refused(house.create(), "dispatch", units=["bureau"])
    assert "mode" in spoken.detail["needs"]
    letter = house.create(channel="mailbox", received_on=date(2025, 5, 30), attachments=("来信扫描件",))
    with house.db() as session:
        [line] = t.history(session, letter.ticket_id)
    assert (line.body["came_by"], line.body["received_on"]) == ("mailbox", "2025-05-30")
    letter = house.do(letter, "dispatch", units=["bureau"])
    work = house.work(letter, "bureau")
    assert (work["mode"], work["attachments"], letter.mode) == ("written", ["来信扫描件"], "written")
    spoken_again = house.do(house.create(channel="mailbox"), "dispatch", units=["bureau"], mode="phone")
    assert spoken_again.mode == "phone"
    for day in (date(2025, 6, 4), date(2024, 6, 1)):
        wrong = house.try_create(channel="mailbox", received_on=day)
        assert isinstance(wrong, t.Refused)
        assert wrong.detail == {"field": "received_on", "problem": "out_of_range"}
