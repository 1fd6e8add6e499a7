"""The emergency button: the service is really called, and every step the switch tells is kept with its time."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

import ticketing
from cti import AmiDown, Kind, Place, Target
from cti.conversation import Phase
from cti.facts import PartyCalled, PartyJoined, PartyLeft
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser, error_id, new_ticket
from tests.wire.desk.test_desk_conversations import CALL, party, stands, talking

pytestmark = pytest.mark.wire

ADDRESS = f"/api/v1/calls/{CONTACT}/hand-overs"
PRINTED = "120 急救（Agent 1）：对方已接听 9 秒，市民已接入 29 秒，线路已断开 149 秒，已转接"
AMBULANCE = {"service": "ambulance"}
ABOUT: dict[str, Any] = {
    "call_id": CALL,
    "contact_id": CONTACT,
    "channel": "PJSIP/trunk-2",
    "number": "120",
    "kind": "unit",
}


def dialled(house: House) -> list[tuple[object, ...]]:
    return [one for one in house.bridge.asked if one[0] == "consult"]


def chained(house: House) -> list[tuple[str, bool, str]]:
    """Service, whether it answered, how it went: from the ledger whose chain holds."""
    with house.read() as session:
        assert list(ticketing.verify(session)) == []
        lines = ticketing.history(session, f"contact:{CONTACT}", "emergency")
    return [(one.body["emergency_service"], bool(one.body["reached_at"]), one.body["hand_over"]) for one in lines]


async def kept(agent: Browser) -> list[dict[str, Any]]:
    return list((await agent.get(ADDRESS)).json()["hand_overs"])


async def test_one_press_calls_the_service_and_the_switch_tells_the_steps(
    house: House, agent: Browser, colleague: Browser
) -> None:
    async with agent.page() as page:
        await talking(house, page)
        assert error_id(await agent.post(ADDRESS, json={"service": "pizza"})) == "unknown_service"
        assert error_id(await colleague.post(ADDRESS, json=AMBULANCE)) == "forbidden"
        assert dialled(house) == []
        begun = (await agent.post(ADDRESS, json=AMBULANCE)).json()["hand_over"]
        assert (begun["number"], begun["seconds"]) == ("120", None)
        assert dialled(house) == [("consult", "a1", Target("120", line="trunk"))], "over the carrier's line"
        again = (await agent.post(ADDRESS, json=AMBULANCE)).json()["hand_over"]
        assert again["hand_over_id"] == begun["hand_over_id"], "pressed twice, one call"
        assert len(dialled(house)) == 1

        house.tell(PartyCalled(at=house.at(), **ABOUT))
        stands(house, Phase.CALLING, party(Kind.UNIT, Place.RINGING, "120"))
        call: dict[str, Any] = {}
        while call.get("phase") != "calling":
            call = (await page.next("call"))["call"]
        assert [one["name"] for one in call["parties"] if one["kind"] == "unit"] == ["120 急救"]
        house.clock.forward(seconds=9)
        house.tell(PartyJoined(at=house.at(), **ABOUT))
        stands(house, Phase.CONSULTING, party(Kind.UNIT, Place.TOGETHER, "120"))
        [one] = await kept(agent)
        assert (one["seconds"], one["joined_at"], one["outcome"]) == (9.0, None, None)
        house.clock.forward(seconds=20)
        stands(house, Phase.THREE_WAY, party(Kind.UNIT, Place.TOGETHER, "120"))
        house.clock.forward(minutes=2)
        again = (await agent.post(ADDRESS, json=AMBULANCE)).json()["hand_over"]
        assert again["hand_over_id"] == begun["hand_over_id"], "still on the line after two minutes"
        house.tell(PartyLeft(at=house.at(), reason="completed", **ABOUT))
        [one] = await kept(colleague)
        assert (one["seconds"], one["joined_seconds"], one["ended_seconds"]) == (9.0, 29.0, 149.0)
        assert chained(house) == [("120", True, "handed_over")]
        assert (one["service"], one["outcome"], one["by_name"]) == ("ambulance", "handed_over", "Agent 1")

        ticket = (await new_ticket(agent, contact_id=CONTACT)).json()["ticket"]
        history = (await agent.get(f"/api/v1/tickets/{ticket['ticket_id']}/history")).json()
        assert history["hand_overs"] == [one], "the ticket tells it too"
        papers = f"/api/v1/tickets/{ticket['ticket_id']}/papers"
        order = {"kind": "dispatch_order"}
        paper = (await agent.post(papers, json=order, headers={"idempotency-key": "1"})).json()["paper"]
        word = (await agent.get(f"/api/v1/papers/{paper['paper_id']}.docx")).content
        assert PRINTED in zipfile.ZipFile(io.BytesIO(word)).read("word/document.xml").decode()
        assert (await agent.get(f"/api/v1/calls/{CONTACT}")).json()["hand_overs"] == [one]


@pytest.mark.parametrize("answered", [False, True])
async def test_a_service_that_was_not_reached_or_not_joined(house: House, agent: Browser, answered: bool) -> None:
    async with agent.page() as page:
        await talking(house, page)
        await agent.post(ADDRESS, json=AMBULANCE)
        house.tell(PartyCalled(at=house.at(), **ABOUT))
        if answered:
            house.tell(PartyJoined(at=house.at(), **ABOUT))
        house.clock.forward(seconds=12)
        house.tell(PartyLeft(at=house.at(), reason="busy", **ABOUT))
        [one] = await kept(agent)
        assert one["outcome"] == ("given_up" if answered else "not_reached")
        await agent.post(ADDRESS, json=AMBULANCE)
        assert len(dialled(house)) == 2, "and may be tried again"
        house.call_ends("a1")
        assert [one["outcome"] for one in await kept(agent)][-1] == "not_reached", "the call's end ends it"


async def test_what_the_switch_refuses_is_written_down_as_not_reached(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        await talking(house, page)
        house.bridge.failure = AmiDown("gone")
        assert error_id(await agent.post(ADDRESS, json=AMBULANCE)) == "switch_down"
        house.bridge.failure = None
        assert [one["outcome"] for one in await kept(agent)] == ["not_reached"]


async def test_a_hand_over_whose_desk_was_killed_while_it_dialled_is_begun_anew(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        await talking(house, page)
        first = (await agent.post(ADDRESS, json=AMBULANCE)).json()["hand_over"]
        house.clock.forward(seconds=30)
        second = (await agent.post(ADDRESS, json=AMBULANCE)).json()["hand_over"]
        assert second["hand_over_id"] != first["hand_over_id"]
        assert [one["outcome"] for one in await kept(agent)] == ["not_reached", None]
        assert len(dialled(house)) == 2


async def test_only_in_the_call_in_hand(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        await talking(house, page)
        house.call_ends("a1")
        assert error_id(await agent.post(ADDRESS, json=AMBULANCE)) == "refused_by_switch"
        assert (dialled(house), await kept(agent)) == ([], [])
