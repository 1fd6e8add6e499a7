"""Live captions on the agent's page: who is told what, when they are off and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import cti
from agent_desktop import CaptionEnded, CaptionHeard, CaptionNews, CaptionsOff, EngineChanged
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser, until

pytestmark = pytest.mark.wire

OTHER = "6f0c5a64-7d33-4a39-8d0b-0f2f4f0f1a02"


class HandEngine:
    """Hears what the test says."""

    def __init__(self) -> None:
        self.why_not: CaptionsOff | None = None
        self.address = "127.0.0.1:4711"
        self.streams = 1
        self.tell: Callable[[CaptionNews], None] = lambda news: None

    async def start(self, told: Callable[[CaptionNews], None]) -> None:
        self.tell = told

    async def stop(self) -> None:
        self.why_not = "switched_off"


@pytest.fixture
def engine() -> HandEngine:
    return HandEngine()


@pytest.fixture
def house(tmp_path: Path, engine: HandEngine) -> House:
    made = House(tmp_path, captions=engine)
    made.agent(1)
    made.agent(2)
    return made


def talk(house: House, agent_id: str = "a1", contact_id: str = CONTACT) -> None:
    house.queued(contact_id)
    house.rings(agent_id, contact_id)
    house.answers(agent_id, contact_id)


async def stream_of(house: House, contact_id: str = CONTACT) -> str:
    """The stream the switch was asked to send, once it was."""

    def asked() -> list[str]:
        return [str(what[3]) for what in house.bridge.asked if what[:2] == ("listen", contact_id)]

    await until(lambda: bool(asked()))
    return asked()[-1]


async def test_words_reach_the_page_as_they_are_spoken(house: House, agent: Browser, engine: HandEngine) -> None:
    async with agent.page() as page:
        talk(house)
        begun = await page.next("captions")
        assert (begun["contact_id"], begun["state"], begun["lines"]) == (CONTACT, "on", [])
        stream = await stream_of(house)
        assert ("listen", CONTACT, "127.0.0.1:4711", stream) in house.bridge.asked
        for word in (
            CaptionHeard(stream, 0.6, 1.0, "路灯", False),
            CaptionHeard(stream, 0.6, 1.4, "路灯 不亮", False),
            CaptionHeard(stream, 0.6, 1.5, "路灯不亮", True),
            CaptionHeard(stream, 2.0, 2.4, "三天", False),
            CaptionHeard("of-nobody", 2.0, 2.4, "别人的话", True),
        ):
            engine.tell(word)
        heard = [await page.next("caption") for _ in range(4)]
        assert [(one["seq"], one["text"], one["final"]) for one in heard] == [
            (0, "路灯", False),
            (0, "路灯 不亮", False),
            (0, "路灯不亮", True),
            (1, "三天", False),
        ]
        assert (heard[2]["start"], heard[2]["end"]) == (0.6, 1.5)
    async with agent.page() as again:  # a reload
        assert [line["text"] for line in again.hello["captions"]["lines"]] == ["路灯不亮"]
        house.call_ends("a1")
        await again.next("call")
        await until(lambda: ("stop_listening", stream) in house.bridge.asked)
    async with agent.page() as after:  # the words stay until the ticket is written
        assert [line["text"] for line in after.hello["captions"]["lines"]] == ["路灯不亮"]


@pytest.mark.parametrize("why", ["no_model", "switched_off"])
async def test_the_page_is_told_why_there_are_none(
    house: House, agent: Browser, engine: HandEngine, why: CaptionsOff
) -> None:
    engine.why_not = why
    async with agent.page() as page:
        talk(house)
        told = await page.next("captions")
        assert (told["state"], told["reason"]) == ("off", why)
        assert not [what for what in house.bridge.asked if what[0] == "listen"]


async def test_one_call_more_than_can_be_heard(house: House, agent: Browser, colleague: Browser) -> None:
    async with agent.page() as page, colleague.page() as other:
        talk(house)
        assert (await page.next("captions"))["state"] == "on"
        talk(house, "a2", OTHER)
        told = await other.next("captions")
        assert (told["state"], told["reason"]) == ("off", "too_many")


async def test_a_stream_that_ends_early_and_an_engine_that_comes_back(
    house: House, agent: Browser, engine: HandEngine
) -> None:
    async with agent.page() as page:
        talk(house)
        await page.next("captions")
        engine.tell(CaptionEnded(await stream_of(house), "too_slow"))
        assert (await page.next("captions"))["reason"] == "too_slow"
        house.call_ends("a1")
        house.bridge.asked.clear()
        talk(house, contact_id=OTHER)
        assert (await page.next("captions"))["state"] == "on"
        first = await stream_of(house, OTHER)
        engine.why_not = "failed"
        engine.tell(EngineChanged())
        assert (await page.next("captions"))["reason"] == "failed"
        engine.why_not = None
        engine.tell(EngineChanged())
        assert (await page.next("captions"))["state"] == "on"
        await until(lambda: len([what for what in house.bridge.asked if what[0] == "listen"]) == 2)
        assert await stream_of(house, OTHER) != first


async def test_a_switch_that_refuses_to_listen_costs_the_captions_only(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        house.bridge.failure = cti.Refused("cannot_listen")
        talk(house)
        assert (await page.next("captions"))["state"] == "on"
        assert (await page.next("captions"))["reason"] == "failed"
        assert (await agent.get("/api/v1/me")).status_code == 200
