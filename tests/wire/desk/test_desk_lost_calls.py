"""A browser that is reloaded, closed or cut off in mid-call: nobody is left with silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import cti
from agent_desktop import keeper, live
from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, Page, browser_at, gone, looked, until

pytestmark = pytest.mark.wire


async def talking(house: House, page: Page) -> None:
    """Agent 1 talks, by the telephone in this page."""
    await page.register()
    await page.state("not_ready")
    house.queued()
    house.rings("a1")
    await page.state("ringing")
    await page.register(in_call=True)
    house.clock.forward(seconds=2)
    house.answers("a1")
    await page.state("talking")


def kept(house: House) -> int:
    """How often the switch was told to keep a caller whose agent's browser has gone."""
    return house.bridge.asked.count(("await_return", "a1"))


async def test_a_caller_is_kept_at_once_when_the_page_is_left(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        await talking(house, page)
        assert kept(house) == 0
    await until(lambda: kept(house) == 1)
    house.clock.forward(seconds=1)
    async with agent.page(page.hello["tab"]) as again:
        await again.register()
        await looked(house)
        assert kept(house) == 1, "once is enough"
        await again.register(in_call=True)
        house.clock.forward(seconds=60)
    await until(lambda: kept(house) == 2)


async def test_a_page_that_is_cut_off_may_still_be_heard_for_a_moment(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        await talking(house, page)
        page.opened.transport.abort()
        await gone(house)
        await looked(house)
        assert kept(house) == 0
        house.clock.forward(seconds=3)
        await until(lambda: kept(house) == 1)


async def test_a_page_cut_off_among_three_keeps_its_place_in_the_conversation(house: House, agent: Browser) -> None:
    """The others hear each other; only a page that comes back without the call is called into it again."""
    async with agent.page() as page:
        await talking(house, page)
        [(call_id, call)] = house.bridge.call_views.items()
        house.bridge.call_views[call_id] = replace(call, phase=cti.Phase.THREE_WAY)
        page.opened.transport.abort()
        await gone(house)
        house.clock.forward(seconds=10)
        await looked(house)
        assert kept(house) == 0
    async with agent.page() as other:
        await other.register()
        await until(lambda: kept(house) == 1)


class PaperWire:
    """A softphone's socket that notes whether it was closed."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.extension = "8001"
        self.closed = False

    def close(self) -> None:
        self.closed = True


async def test_a_page_that_falls_silent_in_a_call_is_noticed_though_its_sockets_stand(
    house: House, agent: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "TICK", 0.05)
    monkeypatch.setattr(live, "IDLE_TICKS", 1000)
    async with agent.page() as page:
        hub = house.app.state.desk.hub
        await talking(house, page)
        viewer = hub.viewer("a1")
        assert viewer is not None
        mine, another = PaperWire(viewer.session), PaperWire("of somebody else")
        hub.wires |= {mine, another}
        for _ in range(3 * live.MISSED_IN_CALL):
            await page.next("ping")
        assert not mine.closed, "a page that answers is left alone"
        page.answers_pings = False
        assert await page.close_code() == 4004
        assert (mine.closed, another.closed) == (True, False)
        hub.wires -= {mine, another}
    house.clock.forward(seconds=3)
    await until(lambda: kept(house) == 1)


async def test_after_a_restart_of_the_desk_pages_have_longer_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "TICK", 0.02)
    first = House(tmp_path)
    first.agent()
    first.queued()
    first.rings("a1")
    first.answers("a1")
    second = House(tmp_path)
    second.bridge.agent_views, second.bridge.call_views = first.bridge.agent_views, first.bridge.call_views
    async with browser_at(second):
        await looked(second)
        second.clock.forward(seconds=19)
        await looked(second)
        assert kept(second) == 0, "the pages lost the desk, not their calls"
        second.clock.forward(seconds=2)
        await until(lambda: kept(second) == 1)


async def test_a_page_without_the_call_gets_it_back(house: House, agent: Browser) -> None:
    """Another tab takes over in mid-call: its telephone has registered and knows of no call."""
    async with agent.page() as first, agent.page() as second:
        await talking(house, first)
        await second.say({"type": "take_over"})
        await second.next("hello", active=True)
        house.clock.forward(seconds=1)
        await second.register()
        await until(lambda: kept(house) == 1)


async def test_hanging_up_is_not_losing_the_call(house: House, agent: Browser) -> None:
    """The page hears of its own hang-up before the switch has told us."""
    async with agent.page() as page:
        await talking(house, page)
        house.clock.forward(seconds=60)
        await page.register(in_call=False)
        await looked(house)
        house.call_ends("a1")
        await page.state("wrap_up")
        house.clock.forward(seconds=5)
        await looked(house)
        assert kept(house) == 0


async def test_a_ring_that_the_reloaded_page_does_not_have_is_ended(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        await page.register()
        await page.state("not_ready")
        house.queued()
        house.rings("a1")
        await page.state("ringing")
        await page.register(in_call=True)
        house.clock.forward(seconds=1)
    async with agent.page(page.hello["tab"]) as again:
        await again.register()
        await looked(house)
        house.clock.forward(seconds=2)
        await until(lambda: ("hangup", "PJSIP/8001-1") in house.bridge.asked)
