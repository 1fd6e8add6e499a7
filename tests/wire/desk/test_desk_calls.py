"""Calls, the caller card, agent control over HTTP."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from agent_desktop.tables import AccessRow
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser, error_id, new_ticket

pytestmark = pytest.mark.wire


async def test_recent_calls_and_their_pages(house: House, agent: Browser) -> None:
    for number in range(5):
        house.queued(f"{number}" * 8 + "-0000-4000-8000-000000000000", number=f"1380013800{number}")
        house.clock.forward(minutes=1)
    first = (await agent.get("/api/v1/calls?limit=3")).json()
    assert [call["number_shown"][-1] for call in first["calls"]] == ["4", "3", "2"]
    rest = (await agent.get("/api/v1/calls", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [call["number_shown"][-1] for call in rest["calls"]] == ["1", "0"]
    assert rest["next_cursor"] is None
    found = (await agent.get("/api/v1/calls", params={"q": "+86 138 0013 8002"})).json()["calls"]
    assert [call["number"] for call in found] == ["+8613800138002"]
    assert found[0]["menu_labels"] == [{"zh": "项目 2", "en": "item 2"}, {"zh": "项目 1", "en": "item 1"}]


async def test_the_card_tells_the_callers_story_and_the_look_is_written_down(house: House, agent: Browser) -> None:
    earlier = "11111111-0000-4000-8000-000000000000"
    house.queued(earlier)
    house.answers("a1", earlier)
    house.clock.forward(minutes=2)
    house.call_ends("a1", earlier)
    await new_ticket(agent, contact_id=earlier, caller_name="王女士", caller_number="138-0013-8000")
    house.clock.forward(days=1)
    await agent.log_in()
    house.queued()
    card = (await agent.get(f"/api/v1/card/{CONTACT}")).json()["card"]
    assert card["name"] == "王女士"
    assert card["repeat_count"] == 1
    assert [(call["contact_id"], call["agent_name"], call["seconds"]) for call in card["earlier_calls"]] == [
        (earlier, "Agent 1", 120.0)
    ]
    assert [(ticket["title"], ticket["open"]) for ticket in card["tickets"]] == [("路灯不亮", True)]
    await agent.get(f"/api/v1/card/{CONTACT}")
    with house.read() as session:
        looks = session.scalars(select(AccessRow)).all()
    assert [(look.what, look.object_id) for look in looks] == [("card", CONTACT)], "one look, however often it is read"
    detail = (await agent.get(f"/api/v1/calls/{earlier}")).json()
    assert [ticket["title"] for ticket in detail["tickets"]] == ["路灯不亮"]


@pytest.mark.parametrize("number", ["anonymous", "", "<script>", "+", "sip:x@y"])
async def test_a_caller_without_a_usable_number_has_a_card_too(house: House, agent: Browser, number: str) -> None:
    house.queued("22222222-0000-4000-8000-000000000000", number=number)
    house.queued(number=number)
    answer = await agent.get(f"/api/v1/card/{CONTACT}")
    assert answer.status_code == 200
    assert answer.json()["card"]["earlier_calls"] == [], "strangers have no common past"


async def test_agent_control_reaches_the_switch_and_comes_back(house: House, agent: Browser) -> None:
    assert (await agent.post("/api/v1/agent/ready")).json()["agent"]["state"] == "ready"
    answer = await agent.post("/api/v1/agent/not-ready", json={"reason": "meal"})
    assert answer.json()["agent"]["reason"] == "meal"
    for reason in ("wrap_up", "screen_lost", "unheard_of"):
        assert error_id(await agent.post("/api/v1/agent/not-ready", json={"reason": reason})) == "unknown_reason"
    assert error_id(await agent.post("/api/v1/agent/hangup")) == "refused_by_switch"
    house.bridge.show("a1", state="talking", channel="PJSIP/8001-1", call_id="c")
    assert (await agent.post("/api/v1/agent/hangup")).status_code == 200
    assert house.bridge.asked[-1] == ("hangup", "PJSIP/8001-1")


async def test_a_person_without_a_place_controls_no_phone(stranger: Browser) -> None:
    await stranger.log_in("chief")
    assert error_id(await stranger.post("/api/v1/agent/ready")) == "forbidden"


async def test_an_administrator_sees_no_citizens_matters(stranger: Browser) -> None:
    await stranger.log_in("root")
    assert error_id(await stranger.get("/api/v1/tickets")) == "forbidden"
