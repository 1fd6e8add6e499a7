"""Every kind of paper from a matter that lived through its verbs: each place says what the ticket knows."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from tests.wire.desk.house import House
from tests.wire.desk.paper_life import Life, letter, places, said_by
from tests.wire.desk.server import Browser, browser_at, new_ticket

pytestmark = pytest.mark.wire

OFFICE = "Demo12345热线办公室"
RULES = "《演示市12345热线管理办法》"
UNITS = [
    {"unit_id": "education", "zh": "市教育局", "en": "Education", "kind": "department", "mobile": "13900000001"},
    {"unit_id": "city", "zh": "市城市管理局", "en": "City", "kind": "department"},
]
ABOUT = {
    "编    号": "20260302-000001",
    "受理日期": "2026年3月2日",
    "诉求类别": "求助",
    "事项分类": "教育文体／考试招生",
}
CALLER = {"诉求人": "王女士", "联系电话": "138****8000", "事发地点": "东湖新城三期"}
MATTER = {"标    题": "学校补课收费", "诉求内容": "来电人反映学校周末补课收费。"}
ITEMS = "1．停止补课\n2．退还费用"
SIGNED = "经办人（签字）：赵老师        联系电话：13900000001\n分管领导审批：{leader}\n\n{seal}（盖章）        {day}"
UNSIGNED = "经办人（签字）：        联系电话：\n分管领导审批：\n\n市教育局（盖章）                年    月    日"


RESULTS = [{"item": 1, "result": "已停止"}, {"item": 2, "result": "已退还3200元"}]
SEAL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
"""A picture of one point."""


@pytest.fixture
async def life(house: House) -> AsyncIterator[Life]:
    """A ticket with two demands, and one person for each part in its life."""
    for name, role, unit in (
        ("李明", "dispatcher", None),
        ("陈科长", "supervisor", None),
        ("周市长", "duty_leader", None),
        ("赵老师", "unit_leader", "education"),
    ):
        house.person(name, role, unit)
    async with browser_at(house) as desk:
        await desk.log_in("root")
        assert (await desk.put("/api/v1/settings/units", json={"version": 0, "value": {"units": UNITS}})).is_success
        await desk.log_in("李明")
        made = await new_ticket(
            desk,
            str(uuid4()),
            title="学校补课收费",
            text="来电人反映学校周末补课收费。",
            kind="help",
            category="education/admission",
            place="东湖新城三期",
            caller_name="王女士",
            caller_number="13800138000",
            items=["停止补课", "退还费用"],
        )
        assert made.status_code == 201, made.text
        yield Life(house, desk, made.json()["ticket"]["ticket_id"])


async def test_dispatch_order(life: Life) -> None:
    await life.act("李明", "escalate", proposal="拟交市教育局办理。")
    await life.act("周市长", "approve", instruction="同意，请尽快退费")
    await life.act("李明", "dispatch", units=["education", "city"])
    order = await life.paper("dispatch_order")
    assert letter(order)[:3] == [OFFICE, "交办〔2026〕1号", "受理交办单"]
    expected = (
        ABOUT
        | CALLER
        | MATTER
        | {
            "交办事项": ITEMS,
            "主办单位": "市教育局",
            "协办单位": "市城市管理局",
            "办理时限": "2026年3月9日23时59分前",
            "依    据": f"{RULES}第7条",
            "拟办意见": "拟交市教育局办理。（李明，2026年3月2日）\n同意，请尽快退费。（周市长，2026年3月2日）",
            "办理结果": "1．停止补课\n    办理结果：\n2．退还费用\n    办理结果：",
            "群众意见": "",
            "签    批": UNSIGNED,
        }
    )
    assert places(order) == expected


async def test_transfer_sheet(life: Life) -> None:
    await life.act("李明", "refer", to="市人民检察院", note="请依职权处理")
    sheet = await life.paper("transfer_sheet")
    assert places(sheet) == ABOUT | CALLER | MATTER | {
        "转送单位": "市人民检察院",
        "转送意见": "请依职权处理",
        "接收签章": "接收人（签字）：\n\n单位（盖章）                年    月    日",
    }


async def test_electronic_dispatch_letter(life: Life) -> None:
    await life.act("李明", "escalate", proposal="拟交市教育局办理")
    await life.act("周市长", "approve", instruction="请尽快退费")
    await life.act("李明", "dispatch", units=["education", "city"])
    assert letter(await life.paper("electronic_dispatch_letter")) == [
        OFFICE,
        "交函〔2026〕1号",
        "电子交办函",
        "市教育局：",
        "现将编号 20260302-000001 的求助事项“学校补课收费”交由你单位办理，由市城市管理局协助办理。",
        "诉求内容：来电人反映学校周末补课收费。",
        "批示意见：请尽快退费。（周市长，2026年3月2日）",
        f"请于2026年3月9日23时59分前办结，直接答复诉求人，并将办理结果报我办。（依据：{RULES}第7条）",
        "（盖章处）",
        OFFICE,
        "2026年3月2日",
        "经办人：李明    联系电话：12345",
    ]


async def test_supervision_letter(life: Life) -> None:
    await life.dispatched()
    await life.act("陈科长", "supervise", 1, opinion="别的单位", ground="other", days=3)
    life.house.clock.forward(days=9)
    await life.act("陈科长", "supervise", 0, opinion="三日内退费", ground="overdue", days=3)
    await life.act("陈科长", "supervise", 0, opinion="立即退费", ground="overdue", days=2)
    assert letter(await life.paper("supervision_letter"))[1:] == [
        "督〔2026〕1号",
        "督办函",
        "市教育局：",
        "你单位承办的编号 20260302-000001 事项“学校补课收费”，超过办理期限未办结。现予督办，这是第 2 次督办。",
        "督办意见：立即退费",
        f"请于2026年3月13日23时59分前办结，并书面报告办理结果和责任人。（依据：{RULES}第23条）",
        "（盖章处）",
        OFFICE,
        "2026年3月11日",
        "经办人：李明    联系电话：12345",
    ]


async def test_urging_notice(life: Life) -> None:
    await life.dispatched()
    life.house.clock.forward(days=9)
    await life.act("李明", "urge", 0)
    await life.act("李明", "urge", 0, text="来电人又来电话")
    await life.act("陈科长", "supervise", 0, opinion="不算催办", ground="overdue", days=3)
    assert letter(await life.paper("urging_notice"))[2:] == [
        "催办通知书",
        "市教育局：",
        "我办于2026年3月2日受理并交你单位办理的编号 20260302-000001 事项“学校补课收费”，应于2026年3月9日23时59分前"
        "办结，至今未收到办理结果或者情况说明。",
        "催办意见：来电人又来电话",
        f"现第 2 次催办，请立即办理，并于收到本通知之日书面说明情况。（依据：{RULES}第21条）",
        "（盖章处）",
        OFFICE,
        "2026年3月11日",
        "经办人：李明    联系电话：12345",
    ]


async def test_rectification_letter(life: Life) -> None:
    await life.act("李明", "dispatch", units=["education"])
    for verb in ("sign", "start"):
        await life.act("赵老师", verb, 0)
    matter = await life.act("陈科长", "supervise", 0, opinion="逐户核实退费", ground="objection", days=3)
    order = matter["orders"][0]["order_id"]
    await life.act("陈科长", "evaluate_supervision", 0, order=order, evaluation="督办后仍未核实", rectified=False)
    await life.reported()
    await life.act("李明", "redo", reason="有三户没有退费。")
    assert letter(await life.paper("rectification_letter"))[2:] == [
        "整改函",
        "市教育局：",
        "经核查，你单位在办理群众诉求中存在以下问题：有三户没有退费；督办后仍未核实。",
        "涉及事项：编号 20260302-000001，“学校补课收费”。",
        "整改要求：逐户核实退费",
        f"请于2026年3月9日23时59分前完成整改，并将整改措施和结果书面报我办。（依据：{RULES}第22条）",
        "（盖章处）",
        OFFICE,
        "2026年3月2日",
        "经办人：李明    联系电话：12345",
    ]


async def test_pictures_of_signature_and_seal_and_the_leaders_own_approval(life: Life) -> None:
    life.house.person("钱老师", "unit_handler", "education")
    await life.act("李明", "dispatch", units=["education"])
    for verb in ("sign", "start"):
        await life.act("钱老师", verb, 0)
    seal, text = await life.file("钱老师", "印章.png", SEAL), await life.file("钱老师", "说明.txt", "说明".encode())
    assert "unknown_picture" in await life.refused("钱老师", "report", 0, result="好", seal_file=text)
    assert "unknown_picture" in await life.refused("钱老师", "report", 0, result="好", seal_file="nowhere")
    assert "not_allowed" in await life.refused("钱老师", "approve_result", 0)
    await life.act("赵老师", "approve_result", 0, note="同意报出")
    said = {"result": "已退费", "answered_via": "told_by_phone", "item_results": RESULTS}
    matter = await life.act("钱老师", "report", 0, seal_file=seal, signature_file=seal, **said)
    assert matter["reports"][0]["body"]["seal_file"] == seal
    await life.act("李明", "pass_review")
    report = await life.paper("closing_report")
    signed = places(report)["签    批"]
    assert signed.startswith("经办人（签字）：钱老师")
    assert "分管领导审批：赵老师\n" in signed
    drawn = [one.target_part.blob for one in report.part.rels.values() if "image" in one.reltype]
    assert drawn == [SEAL], "one picture, shown twice"
    assert len(report.element.xpath("//pic:pic")) == 2
    # Sent back and reported again: the leader's word is asked for anew.
    await life.act("李明", "redo", reason="没有退完")
    assert (await life.act("钱老师", "contact_caller", 0, note="x"))["works"][0]["approved_by"] is None


async def test_closing_report(life: Life) -> None:
    await life.act("李明", "dispatch", units=["education"])
    for verb in ("sign", "start"):
        await life.act("赵老师", verb, 0)
    await life.act("赵老师", "contact_caller", 0, note="已与来电人联系")
    life.house.clock.forward(days=1)
    await life.reported(signature="赵志强", leader="孙局长", seal="市教育局")
    await life.act("李明", "pass_review")
    await life.act("李明", "call_back", outcome="basically_satisfied", note="希望不再发生")
    await life.act("李明", "close", closing_report="补课已停止，费用全部退还。")
    assert places(await life.paper("closing_report")) == ABOUT | CALLER | MATTER | {
        "承办单位": "市教育局",
        "办理过程": "2026年3月2日 交办：市教育局\n2026年3月2日 市教育局签收\n"
        "2026年3月2日 市教育局联系来电人：已与来电人联系\n"
        "2026年3月3日 市教育局反馈\n2026年3月3日 回访：基本满意，希望不再发生",
        "办理结果": "1．停止补课\n    办理结果：已停止\n2．退还费用\n    办理结果：已退还3200元\n"
        "补课已停止，费用全部退还。",
        "群众意见": "基本满意",
        "签    批": SIGNED.format(leader="孙局长", seal="市教育局", day="2026年3月3日").replace("赵老师", "赵志强"),
    }


async def test_a_matter_answered_at_the_desk_is_reported_by_who_answered(life: Life) -> None:
    await life.act("李明", "answer", reply="补课应当停止，请向学校要求退费")
    found = places(await life.paper("closing_report"))
    assert found["办理过程"] == "2026年3月2日 当即答复：补课应当停止，请向学校要求退费"
    assert found["办理结果"].endswith("补课应当停止，请向学校要求退费")
    assert found["签    批"].startswith("经办人（签字）：李明        联系电话：12345")


async def test_extension_request_while_it_is_pending_and_when_it_was_granted(life: Life) -> None:
    await life.dispatched()
    await life.act("赵老师", "explain", 0, reason="涉及三所学校", plan="3月12日前逐校核实")
    await life.act("赵老师", "request_extension", 0, days=3, reason="核实需要时间")
    asked = {
        "标    题": "学校补课收费",
        "申请单位": "市教育局",
        "原定期限": "2026年3月9日23时59分前",
        "申请延期": "3个工作日",
        "延期至": "2026年3月12日23时59分前",
        "依    据": f"{RULES}第11条",
        "延期理由": "核实需要时间",
        "办理计划": "3月12日前逐校核实",
        "申请单位 2": SIGNED.format(leader="", seal="市教育局", day="2026年3月2日"),
        "审核意见": "",
    }
    assert places(await life.paper("extension_request")) == ABOUT | asked
    life.house.clock.forward(days=1)
    await life.act("李明", "approve_extension", 0, days=2, ruling="请抓紧")
    granted = {
        "申请延期": "2个工作日",
        "延期至": "2026年3月11日23时59分前",
        "审核意见": "同意。请抓紧。（李明，2026年3月3日）",
    }
    assert places(await life.paper("extension_request")) == ABOUT | asked | granted
    await life.act("赵老师", "request_extension", 0, days=1, reason="还差一所")
    await life.act("李明", "refuse_extension", 0, ruling="理由不足")
    again = places(await life.paper("extension_request"))
    assert (again["原定期限"], again["延期至"]) == ("2026年3月11日23时59分前", "2026年3月12日23时59分前")
    assert again["审核意见"] == "不同意。理由不足。（李明，2026年3月3日）"


async def test_return_request(life: Life) -> None:
    await life.dispatched()
    await life.act("赵老师", "request_return", 0, reason="民办机构由市场监管部门管理")
    await life.act("李明", "approve_return", 0)
    assert places(await life.paper("return_request")) == ABOUT | {
        "标    题": "学校补课收费",
        "申请单位": "市教育局",
        "原定期限": "2026年3月9日23时59分前",
        "依    据": f"{RULES}第12条",
        "退回理由": "民办机构由市场监管部门管理",
        "申请单位 2": SIGNED.format(leader="", seal="市教育局", day="2026年3月2日"),
        "审核意见": "同意。（李明，2026年3月2日）",
    }


async def test_termination_request(life: Life) -> None:
    await life.act("李明", "dispatch", units=["education"])
    await life.act("赵老师", "sign", 0)
    await life.act("赵老师", "contact_caller", 0, note="已说明应当诉讼解决")
    await life.act("赵老师", "request_termination", 0, ground="not_accept", code="D1", reason="来电人已起诉")
    assert places(await life.paper("termination_request")) == ABOUT | {
        "标    题": "学校补课收费",
        "申请单位": "市教育局",
        "原定期限": "2026年3月9日23时59分前",
        "依    据": f"{RULES}第13条",
        "终止理由": "应当通过诉讼、仲裁、行政复议等程序解决的。来电人已起诉",
        "已办情况": "2026年3月2日 市教育局签收\n2026年3月2日 市教育局联系来电人：已说明应当诉讼解决",
        "向诉求人说明情况": "已说明应当诉讼解决",
        "申请单位 2": SIGNED.format(leader="", seal="市教育局", day="2026年3月2日"),
        "审核意见": "",
    }


async def test_promise_sheet(life: Life) -> None:
    await life.act("李明", "dispatch", units=["education"])
    for verb in ("sign", "start"):
        await life.act("赵老师", verb, 0)
    await life.reported(result="校舍要到秋季才能扩建", plan="扩建后增加学位", leader="孙局长")
    await life.act("陈科长", "promise", condition="扩建工程竣工", wake_at="2026-09-01T01:00:00+00:00")
    expected = {
        "标    题": "学校补课收费",
        "暂不能解决的原因": "校舍要到秋季才能扩建",
        "承诺事项": "扩建后增加学位",
        "兑现条件": "扩建工程竣工",
        "再次办理日期": "2026年9月1日",
        "依    据": f"{RULES}第19条",
        "承诺单位": SIGNED.format(leader="孙局长", seal="市教育局", day="2026年3月2日"),
    }
    assert places(await life.paper("promise_sheet")) == ABOUT | CALLER | expected
    life.house.clock.forward(days=190)
    await life.act("陈科长", "wake")
    assert places(await life.paper("promise_sheet")) == ABOUT | CALLER | expected, (
        "taken up again, still what was promised"
    )


async def test_a_caller_who_asked_to_stay_unknown_is_not_on_the_paper(life: Life) -> None:
    await life.act("陈科长", "keep_secret")
    async with Browser(life.desk.port) as chief:
        await chief.log_in("陈科长")
        made = await new_ticket(
            chief,
            "hidden",
            title="举报",
            kind="report",
            confidential=True,
            caller_name="李四",
            caller_number="13700137000",
        )
        life.ticket_id = made.json()["ticket"]["ticket_id"]
    order = await life.paper("dispatch_order")
    assert places(order)["诉求人"] == "（要求保密）"
    assert "李四" not in said_by(order)


@pytest.mark.parametrize("kind", ["dispatch_order", "supervision_letter", "urging_notice", "rectification_letter"])
async def test_a_paper_issued_too_early_has_room_for_the_pen(life: Life, kind: str) -> None:
    words = said_by(await life.paper(kind))
    assert "于办结" not in words
    assert "第 0 次" not in words
