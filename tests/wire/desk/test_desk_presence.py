"""Who is offered calls: pages that go and come, log-outs, a switch that is away."""

from __future__ import annotations

import pytest

from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, gone, until

pytestmark = pytest.mark.wire


async def test_a_page_that_goes_takes_a_ready_agent_out_and_brings_him_back(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        await page.register()
        await page.state("not_ready")
        await agent.post("/api/v1/agent/ready")
        await page.state("ready")
    await gone(house)
    house.clock.forward(seconds=4)
    looks = house.app.state.keeper.looks
    await until(lambda: house.app.state.keeper.looks > looks + 2)
    assert house.bridge.agent_views["a1"].state == "ready", "a reload is no reason"
    house.clock.forward(seconds=2)
    await until(lambda: house.bridge.agent_views["a1"].state == "not_ready")
    assert house.bridge.agent_views["a1"].reason == "screen_lost"
    async with agent.page() as page:
        await page.register()
        await page.state("ready")


async def test_an_agent_who_went_home_is_logged_out(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        await page.register()
        await page.state("not_ready")
    await gone(house)
    house.clock.forward(minutes=16)
    await until(lambda: ("agent_logout", "a1") in house.bridge.asked)


async def test_an_agent_with_a_sip_phone_needs_only_the_page(house: House, agent: Browser) -> None:
    house.agent(3, kind="phone")
    async with Browser(agent.port) as third:
        await third.log_in("agent3")
        async with third.page() as page:
            await page.state("not_ready")
    assert ("agent_login", "a3", "8003", ("citizens",)) in house.bridge.asked


async def test_logging_out_leaves_the_queues_and_closes_the_pages(house: House, agent: Browser) -> None:
    async with agent.page() as page, agent.page() as waiting:
        await page.register()
        await page.state("not_ready")
        await agent.post("/api/v1/logout")
        assert await page.close_code() == 4003
        assert await waiting.close_code() == 4003
    await until(lambda: house.bridge.agent_views["a1"].state == "logged_out")


async def test_a_switch_that_is_away_gets_the_log_in_when_it_is_back(house: House, agent: Browser) -> None:
    from cti import AmiDown

    house.bridge.failure = AmiDown("away")
    async with agent.page() as page:
        await page.register()
        await until(lambda: ("agent_login", "a1", "8001", ("citizens",)) in house.bridge.asked)
        answer = await agent.post("/api/v1/agent/ready")
        assert (answer.status_code, answer.json()["error"]["error_id"]) == (503, "switch_down")
        house.bridge.failure = None
        await page.state("not_ready")


async def test_everybody_is_told_when_the_switch_goes_and_comes(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        house.bridge.healthy = False
        await page.next("link", ami=False)
        house.bridge.healthy = True
        await page.next("link", ami=True)


async def test_wrap_up_of_an_agent_whose_page_has_gone_ends_in_not_ready(house: House, agent: Browser) -> None:
    """R55: a wrap-up whose time is over ends, whoever was there to end it."""
    async with agent.page() as page:
        await page.register()
        await page.state("not_ready")
        house.queued()
        house.rings("a1")
        house.answers("a1")
        await page.state("talking")
    await gone(house)
    house.call_ends("a1")
    house.clock.forward(seconds=31)
    await until(lambda: house.bridge.agent_views["a1"].reason == "screen_lost")
    assert house.bridge.agent_views["a1"].state == "not_ready", "never ready in between"
