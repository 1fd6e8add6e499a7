"""The floor: what supervisors see, hear and do, who may, and what stands on record of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

import cti
import recordings
from agent_desktop.tables import AccessRow, FloorActRow
from cti import AgentView
from cti.facts import AgentStateChanged, CallAbandoned, CallAnswered, CallQueued
from tests.kit.waiting import until, until_async
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import SOON, Browser, Page, error_id

pytestmark = pytest.mark.wire

WHY = "新员工第一周"


@pytest.fixture
async def boss(house: House, agent: Browser) -> AsyncIterator[Browser]:
    """A supervisor at a place of their own (a3), while agent 1 talks."""
    house.agent(3, roles=("supervisor",))
    house.bridge.show("a3", extension="8003", state="not_ready")
    house.bridge.show("a1", extension="8001")
    house.queued()
    house.answers("a1")
    async with Browser(agent.port) as opened:
        assert (await opened.log_in("agent3")).status_code == 200
        yield opened


async def listen(boss: Browser, key: str | None = None, **asked: Any) -> httpx.Response:
    return await boss.make("/api/v1/floor/a1/listen", {"reason": WHY} | asked, key)


async def mine(agent: Browser) -> list[dict[str, Any]]:
    return list((await agent.get("/api/v1/floor/acts/mine")).json()["acts"])


async def test_listening_is_written_down_first_and_shown_when_it_is_over(
    house: House, boss: Browser, agent: Browser
) -> None:
    answer = await listen(boss, "once")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["mode"], answer.json()["contact_id"]) == ("listen", CONTACT)
    assert ("spy", "a3", "a1", cti.Ear.LISTEN) in house.bridge.asked
    assert (await listen(boss, "once")).json()["act_id"] == answer.json()["act_id"], "sent twice is one"
    assert await mine(agent) == [], "not while it goes on"
    house.clock.forward(seconds=20)
    turned = await boss.post("/api/v1/floor/listening/turn", json={"mode": "whisper"})
    assert turned.json()["mode"] == "whisper"
    house.clock.forward(seconds=20)
    assert (await boss.post("/api/v1/floor/listening/end")).status_code == 204
    assert error_id(await boss.post("/api/v1/floor/listening/end")) == "not_found"
    [act] = await mine(agent)
    assert (act["kind"], act["by_name"], act["reason"], act["contact_id"]) == ("listening", "Agent 3", WHY, CONTACT)
    assert [step["mode"] for step in act["steps"]] == ["listen", "whisper"]
    assert act["began_at"] < act["steps"][1]["at"] < act["ended_at"]
    with house.read() as session:
        looks = session.query(AccessRow).filter_by(what="listening").all()
        assert [look.object_id for look in looks] == [CONTACT]
    page = (await boss.get("/api/v1/floor/acts", params={"limit": 1})).json()
    assert [one["act_id"] for one in page["acts"]] == [act["act_id"]]
    assert page["next_cursor"] is None


async def test_what_ends_by_itself_is_closed_on_record(house: House, boss: Browser, agent: Browser) -> None:
    await listen(boss)
    house.bridge.spy_views.clear()

    async def closed() -> bool:
        return len(await mine(agent)) == 1

    await until_async(closed, "the look finds it over")


async def test_a_desk_that_was_killed_closes_what_it_finds_open(house: House, boss: Browser, agent: Browser) -> None:
    with house.write.begin() as session:
        session.add(
            FloorActRow(
                act_id="old", kind="listening", agent_id="a1", user_id="gone", reason=WHY, contact_id="c",
                steps=[{"mode": "listen", "at": house.clock.now.isoformat()}], began_at=house.clock.now,
            )
        )  # fmt: skip
    house.app.state.desk.supervising._known = False

    async def closed() -> bool:
        return any(act["act_id"] == "old" for act in await mine(agent))

    await until_async(closed, "closed at the first look")


async def test_who_may_and_when(house: House, boss: Browser, agent: Browser) -> None:
    assert error_id(await listen(agent)) == "forbidden"
    assert (await listen(boss, reason="")).status_code == 422, "a reason is asked"
    assert error_id(await boss.make("/api/v1/floor/a3/listen", {"reason": WHY})) == "refused_by_switch", "not oneself"
    assert error_id(await boss.make("/api/v1/floor/a9/listen", {"reason": WHY})) == "refused_by_switch"
    house.bridge.failure = cti.Refused("busy")
    refused = await listen(boss)
    assert refused.json()["error"]["detail"]["reason"] == "busy"
    house.bridge.failure = None
    assert await mine(agent) == [], "nothing was heard, so nothing is said of it"
    assert (await listen(boss)).status_code == 200, "what failed is not in the way"


async def test_a_confidential_call_is_for_the_people_named(house: House, boss: Browser, agent: Browser) -> None:
    """Also when it becomes confidential while somebody listens."""
    assert (await listen(boss)).status_code == 200
    with house.write.begin() as session:
        recordings.confide(session, CONTACT, True, ["somebody"], "somebody", house.clock())
    await until(lambda: not house.bridge.spy_views, "the ear is taken away")
    refused = await listen(boss)
    assert (refused.status_code, error_id(refused)) == (403, "confidential")
    assert error_id(await boss.make("/api/v1/floor/a1/barge", {"reason": WHY})) == "confidential"
    assert ("barge", "a1", "8003") not in house.bridge.asked
    with house.write.begin() as session:
        recordings.confide(session, CONTACT, True, ["a3"], "somebody", house.clock())
    assert (await listen(boss)).status_code == 200


async def test_coming_in_ends_the_listening(house: House, boss: Browser, agent: Browser) -> None:
    await listen(boss)
    assert (await boss.make("/api/v1/floor/a1/barge", {"reason": WHY})).status_code == 204
    assert house.bridge.asked[-2][0] == "stop_spying"
    assert house.bridge.asked[-1] == ("barge", "a1", "8003")
    house.clock.forward(seconds=30)

    async def both() -> bool:
        return {act["kind"] for act in await mine(agent)} == {"listening", "barge"}

    await until_async(both, "the supervisor is not in the call, so both are over")


async def test_an_agent_is_told_who_set_the_state_and_why(house: House, boss: Browser, agent: Browser) -> None:
    house.call_ends("a1")
    async with agent.page() as page:
        asked = {"state": "not_ready", "code": "meal", "reason": "该吃饭了"}
        assert (await boss.make("/api/v1/floor/a1/act", asked, "k1")).status_code == 204
        told = await page.next("acted")
        assert (told["kind"], told["code"], told["by"], told["reason"]) == ("not_ready", "meal", "Agent 3", "该吃饭了")
        assert (await boss.make("/api/v1/floor/a1/act", asked, "k1")).status_code == 204, "sent twice is one"
        assert [one for one in house.bridge.asked if one[0] == "agent_not_ready"] == [("agent_not_ready", "a1", "meal")]
        unknown = await boss.make("/api/v1/floor/a1/act", asked | {"code": "wrap_up"})
        assert error_id(unknown) == "unknown_reason"
        assert (await boss.make("/api/v1/floor/a1/act", {"state": "ready", "reason": WHY})).status_code == 204
        assert (await page.next("acted"))["kind"] == "ready"
        assert error_id(await agent.make("/api/v1/floor/a3/act", {"state": "ready", "reason": WHY})) == "forbidden"
        assert (await boss.make("/api/v1/floor/a1/act", {"state": "log_out", "reason": "忘记退出"})).status_code == 204
        assert (await page.next("acted"))["kind"] == "log_out"
    assert (await agent.get("/api/v1/me")).status_code == 401, "the forgotten log-in is over"
    await until(lambda: ("agent_logout", "a1") in house.bridge.asked, "out of the queues")
    kinds = [act["kind"] for act in (await boss.get("/api/v1/floor/acts")).json()["acts"]]
    assert sorted(kinds) == ["log_out", "not_ready", "ready"]


async def test_nobody_is_logged_out_in_the_middle_of_a_call(house: House, boss: Browser) -> None:
    refused = await boss.make("/api/v1/floor/a1/act", {"state": "log_out", "reason": WHY})
    assert refused.json()["error"]["detail"]["reason"] == "in_call"


# --- the live picture ---


def show_line(house: House, number: str = "13800138000") -> None:
    """One citizen waits first in line, another hung up, one was answered late; agent 2 takes a long break."""
    at = house.at()
    facts: list[cti.Fact] = []
    for contact, second in (("w1", 0), ("g1", -300), ("b1", -400)):
        facts.append(
            CallQueued(at=at + second, call_id=contact, linkedid=contact, contact_id=contact, channel="x",
                       caller_number=number, queue="citizens", position=1)
        )  # fmt: skip
    facts.append(
        CallAbandoned(at=at - 260, call_id="g1", linkedid="g1", contact_id="g1", queue="citizens", position=1,
                      wait_seconds=40.0)
    )  # fmt: skip
    facts.append(
        CallAnswered(at=at - 380, call_id="b1", linkedid="b1", contact_id="b1", channel="x", by="y", agent_id="a2",
                     queue="citizens", wait_seconds=20.0)
    )  # fmt: skip
    for second, state, contact in ((-380, "talking", "b1"), (-200, "wrap_up", ""), (-180, "not_ready", "")):
        facts.append(
            AgentStateChanged(at=at + second, call_id=contact, contact_id=contact or None, agent_id="a2",
                              interface="PJSIP/8002", state=state)
        )  # fmt: skip
    house.bridge.agent_views["a2"] = AgentView(
        agent_id="a2", extension="8002", interface="PJSIP/8002", state="not_ready", reason="break", since=at - 1800,
        queues=("citizens",),
    )  # fmt: skip
    house.bridge.queue_views = [
        cti.QueueView(queue="citizens", waiting=1, longest_wait=0.0, agents=1, ready=0, calls=("w1",))
    ]
    house.bridge.call_views["w1"] = cti.CallView(
        call_id="w1", contact_id="w1", linkedid="w1", state="queued", since=at, arrived_at=at, channel="x",
        caller_number=number, caller_name="", dialled="12345", queue="citizens", position=1, queued_at=at,
        menu_path="2>1",
    )  # fmt: skip
    house.tell(*facts)


async def floor(page: Page, wanted: Any) -> dict[str, Any]:
    """The next picture of the floor of which this holds."""
    async with asyncio.timeout(SOON):
        while True:
            told = await page.next("floor")
            if wanted(told):
                return told


async def test_the_floor_as_a_supervisor_sees_it(house: House, boss: Browser) -> None:
    """R15: today's figures follow from the ledger, and change while one looks."""
    async with boss.page() as page:
        await page.say({"type": "watch", "floor": "floor"})
        show_line(house)
        told = await floor(page, lambda one: one["today"] and one["today"]["offered"] == 4)
        today = told["today"]
        assert (today["answered"], today["abandoned"], today["within"]) == (1, 1, 0)
        assert (today["asa"], today["aht"], today["longest_wait"]) == (20.0, 200.0, 40.0)
        assert told["limits"]["service_seconds"] == 15
        [queue] = told["queues"]
        assert (queue["waiting"], queue["states"]) == (1, {"not_ready": 1})
        [waiter] = told["waiting"]
        assert waiter["number_masked"] == "138****8000"
        assert [one["zh"] for one in waiter["menu"]] == ["项目 2", "项目 1"]
        agents = {one["agent_id"]: one for one in told["agents"]}
        assert agents["a2"]["until"] < told["now"], "over the limit of a break"
        assert agents["a1"]["contact_id"] == CONTACT
        assert told["staffing"]["calls"] == 4
        assert told["staffing"]["needed"] >= 1
        await listen(boss)
        told = await floor(page, lambda one: any(agent["ears"] for agent in one["agents"]))
        [ear] = next(one["ears"] for one in told["agents"] if one["agent_id"] == "a1")
        assert ear["by_name"] == "Agent 3"
        await page.say({"type": "watch", "floor": "off"})


async def test_a_wall_display_names_nobody(house: House, boss: Browser) -> None:
    show_line(house, "13900001234")
    async with boss.page() as page:
        await page.say({"type": "watch", "floor": "wall"})
        told = await floor(page, lambda one: one["today"] is not None)
        assert (told["agents"], told["waiting"]) == ([], [])
        assert told["states"]["not_ready"] >= 1
        for word in ("Agent", "1234", "139"):
            assert word not in str({**told, "now": "", "begins": ""}).replace("first_since", "")


async def test_who_may_not_see_the_floor_is_sent_nothing(house: House, boss: Browser, agent: Browser) -> None:
    async with agent.page() as page:
        await page.say({"type": "watch", "floor": "floor"})
        show_line(house)
        house.rings("a1", "22222222-0000-4000-8000-000000000000")
        while (told := await page.any())["type"] != "pop":
            assert told["type"] != "floor"
    assert not house.app.state.desk.floor._watching


async def test_at_midnight_the_day_begins_anew(house: House, boss: Browser) -> None:
    """R15: no yesterday's numbers, by the office's clock."""
    show_line(house)
    async with boss.page() as page:
        await page.say({"type": "watch", "floor": "floor"})
        await floor(page, lambda one: one["today"] and one["today"]["offered"] == 4)
        house.clock.forward(hours=12, minutes=1)  # it was noon
        told = await floor(page, lambda one: one["today"] and one["today"]["offered"] == 0)
        assert told["today"]["service_level"] is None
        assert told["begins"].startswith("2026-03-03T00:00:00+08:00")
