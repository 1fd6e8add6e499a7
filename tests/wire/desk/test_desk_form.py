"""The guided form: required fields, several demands, adding to a ticket, dispositions; and the ledger of callers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import ticketing
from agent_desktop import BadFormGuide, load_form_guide
from tests.wire.desk.house import CITY, CONTACT, House
from tests.wire.desk.server import Browser, browser_at, error_id, new_ticket
from ticketing.search_feed import Feed

pytestmark = pytest.mark.wire

OTHER = "11111111-0000-4000-8000-000000000000"


@pytest.fixture
async def chief(agent: Browser) -> AsyncIterator[Browser]:
    """The supervisor's browser."""
    async with Browser(agent.port) as opened:
        assert (await opened.log_in("chief")).status_code == 200
        yield opened


def finished_call(house: House, contact_id: str = CONTACT, agent_id: str = "a1", number: str = "13800138000") -> None:
    """A call that was answered and is over."""
    house.queued(contact_id, number=number)
    house.answers(agent_id, contact_id)
    house.clock.forward(minutes=2)
    house.call_ends(agent_id, contact_id)


async def test_the_guide_names_what_the_city_asks_for(agent: Browser) -> None:
    answer = (await agent.get("/api/v1/form-guide")).json()
    assert answer["kinds"] == ["inquiry", "help", "complaint", "report", "suggestion", "thanks"]
    assert answer["ask"] == ["联系电话", "事发地点"]
    district = answer["guide"]["places"][0]
    assert [district["zh"], district["children"][0]["zh"]] == ["东湖区", "望江路街道"]
    assert {service["number"] for service in answer["guide"]["emergency"]} == {"110", "119", "120", "122"}
    assert {script["moment"] for script in answer["guide"]["scripts"]} >= {"greeting", "closing"}


async def test_what_the_city_requires_is_required(tmp_path: Path) -> None:
    house = House(tmp_path, form=load_form_guide(CITY / "form.toml"))
    house.agent()
    async with browser_at(house) as agent:
        await agent.log_in()
        refused = await new_ticket(agent, kind="complaint", title="夜间施工")
        assert error_id(refused) == "ticket_refused"
        assert refused.json()["error"]["detail"] == {
            "reason": "fields_missing",
            "fields": ["category", "text", "place"],
        }
        made = await new_ticket(agent, kind="thanks", title="感谢", text="谢谢", category="government/service")
        assert made.status_code == 201, "a place is asked for complaints only"


async def test_several_demands_are_one_ticket(agent: Browser) -> None:
    made = (await new_ticket(agent, items=["路灯不亮", "井盖松动"])).json()["ticket"]
    matter = (await agent.get(f"/api/v1/tickets/{made['ticket_id']}/matter")).json()["matter"]
    assert [item["text"] for item in matter["items"]] == ["路灯不亮", "井盖松动"]


async def test_a_caller_may_add_to_a_ticket_instead_of_getting_a_second_one(house: House, agent: Browser) -> None:
    old = (await new_ticket(agent)).json()["ticket"]
    finished_call(house)
    await agent.put(f"/api/v1/drafts/{CONTACT}", json={"body": {"text": "又坏了两盏"}, "version": 0})
    address, key = f"/api/v1/calls/{CONTACT}/additions", {"Idempotency-Key": "add-1"}
    for _ in range(2):
        added = await agent.post(address, json={"ticket_id": old["ticket_id"], "text": "又坏了两盏"}, headers=key)
        assert added.status_code == 200, added.text
    matter = (await agent.get(f"/api/v1/tickets/{old['ticket_id']}/matter")).json()["matter"]
    assert [item["text"] for item in matter["items"]] == ["又坏了两盏"], "pressed twice, added once"
    detail = (await agent.get(f"/api/v1/calls/{CONTACT}")).json()
    assert [ticket["ticket_id"] for ticket in detail["tickets"]] == [old["ticket_id"]]
    assert error_id(await agent.get(f"/api/v1/drafts/{CONTACT}")) == "not_found", "the draft has done its work"
    missing = await agent.post(address, json={"ticket_id": "x", "text": "y"}, headers={"Idempotency-Key": "add-2"})
    assert error_id(missing) == "ticket_refused"


async def test_how_a_call_turned_out_is_kept_with_it(house: House, agent: Browser, colleague: Browser) -> None:
    finished_call(house)
    finished_call(house, OTHER)
    address = f"/api/v1/calls/{CONTACT}/disposition"
    assert error_id(await agent.put(address, json={"code": "void"})) == "unknown_disposition", "a branch is no end"
    assert error_id(await colleague.put(address, json={"code": "void/silent"})) == "forbidden", "not their call"
    assert error_id(await agent.put("/api/v1/calls/x/disposition", json={"code": "progress"})) == "not_found"
    assert (await agent.put(address, json={"code": "progress"})).status_code == 200
    said = await agent.put(address, json={"code": "void/wrong", "note": "找错了"})
    assert said.json()["disposition"]["code"] == "void/wrong"
    call = (await agent.get(f"/api/v1/calls/{CONTACT}")).json()["call"]
    assert (call["disposition"], call["disposition_note"]) == ("void/wrong", "找错了")

    async def found(code: str) -> list[str]:
        answer = await agent.get("/api/v1/calls", params={"disposition": code})
        return [one["contact_id"] for one in answer.json()["calls"]]

    assert await found("void/wrong") == await found("void") == [CONTACT]
    assert await found("none") == [OTHER]
    assert await found("progress") == []


async def test_wrap_up_waits_for_a_required_disposition_and_ends_without_one_when_time_is_up_r55(
    tmp_path: Path,
) -> None:
    guide = load_form_guide(CITY / "form.toml").model_copy(update={"required": (), "disposition": "required"})
    house = House(tmp_path, form=guide)
    house.agent()
    async with browser_at(house) as agent:
        await agent.log_in()
        house.queued()
        house.rings("a1")
        house.answers("a1")
        house.clock.forward(minutes=1)
        house.call_ends("a1")
        assert error_id(await agent.post("/api/v1/agent/wrap-up-done")) == "disposition_required"
        assert house.bridge.agent_views["a1"].state == "wrap_up"
        await agent.put(f"/api/v1/calls/{CONTACT}/disposition", json={"code": "progress"})
        assert (await agent.post("/api/v1/agent/wrap-up-done")).json()["agent"]["state"] == "ready"


async def test_a_nuisance_mark_is_one_persons_word_until_another_has_confirmed_it(
    house: House, agent: Browser, chief: Browser
) -> None:
    finished_call(house)
    address = f"/api/v1/calls/{CONTACT}/marks"
    made = await agent.post(address, json={"kind": "nuisance", "note": "反复拨打，不说话"})
    assert made.status_code == 201, made.text
    again = await agent.post(address, json={"kind": "nuisance"})
    assert again.json()["mark"]["mark_id"] == made.json()["mark"]["mark_id"], "one call is one mark"
    assert error_id(await agent.post(address, json={"kind": "unheard_of"})) == "unknown_mark"
    assert error_id(await agent.get("/api/v1/marks")) == "forbidden"
    house.queued(OTHER)
    mark = (await agent.get(f"/api/v1/card/{OTHER}")).json()["card"]["marks"][0]
    assert (mark["kind"], mark["times"], mark["confirmed"]) == ("nuisance", 1, False)

    listed = (await chief.get("/api/v1/marks")).json()["marks"]
    assert [one["number_masked"] for one in listed] == ["138****8000"]
    assert "13800138000" not in str(listed)
    decide = f"/api/v1/marks/{listed[0]['mark_id']}/decision"
    decided = await chief.post(decide, json={"decision": "confirmed", "note": "录音已核"})
    assert decided.json()["mark"]["state"] == "confirmed"
    mark = (await agent.get(f"/api/v1/card/{OTHER}")).json()["card"]["marks"][0]
    assert mark["confirmed"] is True
    await chief.post(decide, json={"decision": "cleared", "note": "误会"})
    assert (await agent.get(f"/api/v1/card/{OTHER}")).json()["card"]["marks"] == []


async def test_nobody_confirms_their_own_mark_and_old_marks_are_deleted(house: House, chief: Browser) -> None:
    finished_call(house)
    made = (await chief.post(f"/api/v1/calls/{CONTACT}/marks", json={"kind": "nuisance"})).json()["mark"]
    decide = f"/api/v1/marks/{made['mark_id']}/decision"
    refused = await chief.post(decide, json={"decision": "confirmed", "note": "是"})
    assert error_id(refused) == "own_mark"
    house.clock.forward(days=91)
    await chief.log_in("chief")
    assert (await chief.get("/api/v1/marks")).json()["marks"] == []
    assert error_id(await chief.post(decide, json={"decision": "cleared", "note": "过期"})) == "not_found"


async def test_an_anonymous_caller_cannot_be_marked_r53(house: House, agent: Browser) -> None:
    finished_call(house, number="anonymous")
    refused = await agent.post(f"/api/v1/calls/{CONTACT}/marks", json={"kind": "nuisance"})
    assert error_id(refused) == "anonymous_caller"


async def test_special_care_is_on_the_next_card(house: House, agent: Browser) -> None:
    finished_call(house)
    await agent.post(f"/api/v1/calls/{CONTACT}/marks", json={"kind": "hearing", "note": "请大声"})
    house.queued(OTHER, number="+86 138 0013 8000")
    card = (await agent.get(f"/api/v1/card/{OTHER}")).json()["card"]
    assert [(mark["kind"], mark["zh"], mark["note"]) for mark in card["marks"]] == [("hearing", "听力障碍", "请大声")]


class TestWhoAskedToStayUnknown:
    """The caller of a confidential ticket is kept from everybody who need not know: list, card, search by number."""

    @pytest.fixture
    async def secret(self, house: House, agent: Browser) -> str:
        """A confidential ticket that agent 1 wrote in a call; its id."""
        finished_call(house)
        made = await new_ticket(
            agent, contact_id=CONTACT, caller_number="13800138000", caller_name="何先生", confidential=True
        )
        return str(made.json()["ticket"]["ticket_id"])

    async def test_the_call_list_shows_no_number(
        self, house: House, agent: Browser, colleague: Browser, chief: Browser, secret: str
    ) -> None:
        for visitor, sees in ((agent, True), (colleague, False), (chief, True)):
            call = (await visitor.get("/api/v1/calls")).json()["calls"][0]
            assert call["caller_hidden"] is not sees
            assert call["number"] == ("+8613800138000" if sees else "")
            assert call["number_shown"] == ("138 0013 8000" if sees else "138****8000")
            assert call["place"] is None
            one = (await visitor.get(f"/api/v1/calls/{CONTACT}")).json()["call"]
            assert one["caller_hidden"] is not sees
            found = (await visitor.get("/api/v1/calls", params={"q": "13800138000"})).json()["calls"]
            assert len(found) == sees, "a number that must not be known finds nothing"

    async def test_the_card_of_the_same_number_gives_nothing_away(
        self, house: House, agent: Browser, colleague: Browser, secret: str
    ) -> None:
        house.queued(OTHER)
        mine = (await agent.get(f"/api/v1/card/{OTHER}")).json()["card"]
        assert [one["ticket_id"] for one in mine["tickets"]] == [secret]
        assert [one["contact_id"] for one in mine["earlier_calls"]] == [CONTACT]
        theirs = (await colleague.get(f"/api/v1/card/{OTHER}")).json()["card"]
        assert (theirs["tickets"], theirs["earlier_calls"], theirs["name"]) == ([], [], None)
        assert (theirs["hidden_tickets"], theirs["confidential"]) == (1, True), "that there is something is told"

    async def test_the_card_of_the_call_itself_is_bare(self, colleague: Browser, secret: str) -> None:
        card = (await colleague.get(f"/api/v1/card/{CONTACT}")).json()["card"]
        assert "13800138000" not in str(card)
        assert (card["number"], card["number_masked"], card["tickets"]) == ("", "138****8000", [])

    async def test_the_pop_is_made_for_the_one_who_is_rung_r52(
        self, house: House, agent: Browser, colleague: Browser, secret: str
    ) -> None:
        async with agent.page() as one, colleague.page() as two:
            house.queued(OTHER)
            house.rings("a2", OTHER)
            pop = await two.next("pop")
            assert (pop["card"]["tickets"], pop["card"]["hidden_tickets"]) == ([], 1)
            house.ring_ends("a2", "missed", OTHER)
            house.rings("a1", OTHER)
            pop = await one.next("pop")
            assert [ticket["ticket_id"] for ticket in pop["card"]["tickets"]] == [secret]


async def test_the_card_warns_of_many_calls_and_puts_open_tickets_first(house: House, agent: Browser) -> None:
    for number in range(3):
        finished_call(house, f"{number}" * 8 + "-0000-4000-8000-000000000000")
    ids = [
        (await new_ticket(agent, f"k{n}", caller_number="138 0013 8000")).json()["ticket"]["ticket_id"] for n in "12"
    ]
    act = {"verb": "answer", "given": {"reply": "已修"}}
    for verb in (act, {"verb": "close"}):
        done = await agent.post(f"/api/v1/tickets/{ids[1]}/acts", json=verb, headers={"Idempotency-Key": verb["verb"]})
        assert done.status_code == 200, done.text
    house.queued()
    card = (await agent.get(f"/api/v1/card/{CONTACT}")).json()["card"]
    assert [ticket["open"] for ticket in card["tickets"]] == [True, False]
    assert (card["repeat_count"], card["repeat_warning"]) == (3, True)


async def test_somebody_elses_ticket_at_the_same_place_is_nearby(house: House, agent: Browser) -> None:
    place = "东湖区望江路88号望江花园"
    mine = {"title": "望江花园路灯不亮", "text": "望江路88号望江花园门口路灯不亮，夜间出行不便", "place": place}
    own = (await new_ticket(agent, "k1", caller_number="13800138000", **mine)).json()["ticket"]
    theirs = (await new_ticket(agent, "k2", caller_number="13900139000", **mine)).json()["ticket"]
    Feed(house.read, house.doors.intake.index_folder).step()
    house.queued()
    card = (await agent.get(f"/api/v1/card/{CONTACT}")).json()["card"]
    assert [one["ticket_id"] for one in card["tickets"]] == [own["ticket_id"]]
    assert [one["ticket_id"] for one in card["nearby"]] == [theirs["ticket_id"]]


@pytest.mark.parametrize(
    ("written", "kind", "place"),
    [
        ("+8613800138000", "mobile", None),
        ("008613800138000", "mobile", None),
        ("anonymous", "anonymous", None),
        ("8002", "extension", None),
        ("05718888 1234", "landline", "浙江杭州"),
        ("+8657188881234", "landline", "浙江杭州"),
    ],
)
async def test_every_form_of_a_number_is_recognised_r53(
    house: House, agent: Browser, written: str, kind: str, place: str | None
) -> None:
    house.queued(number=written)
    card = (await agent.get(f"/api/v1/card/{CONTACT}")).json()["card"]
    assert card["number_kind"] == kind
    assert (card["place"] or "").replace("省", "").replace("市", "") == (place or "")


async def test_two_calls_in_a_row_never_mix_drafts(house: House, agent: Browser) -> None:
    await agent.put(f"/api/v1/drafts/{CONTACT}", json={"body": {"title": "第一个来电"}, "version": 0})
    async with agent.page() as page:
        house.queued(OTHER)
        house.rings("a1", OTHER)
        assert (await page.next("pop"))["card"]["contact_id"] == OTHER
        house.answers("a1", OTHER)
    async with agent.page() as page:
        assert page.hello["card"]["contact_id"] == OTHER
        assert page.hello["draft"] is None, "the draft of another call is not this one's"
    assert (await agent.get(f"/api/v1/drafts/{CONTACT}")).json()["draft"]["body"] == {"title": "第一个来电"}


def test_a_faulty_guide_is_refused_with_every_fault(tmp_path: Path) -> None:
    file = tmp_path / "form.toml"
    file.write_text('disposition = "perhaps"\n[[care]]\ncode = "Ä"\nzh = "x"\nen = "x"\n', "utf-8")
    with pytest.raises(BadFormGuide) as caught:
        load_form_guide(file)
    assert str(caught.value).count(str(file)) == 2


def test_shipped_packs_use_words_of_the_program() -> None:
    guide = load_form_guide()
    assert {kind for rule in guide.required for kind in rule.kinds} <= set(ticketing.KINDS)
