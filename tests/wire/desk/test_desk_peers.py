"""Live sockets of strangers, of other versions, of pages that are silent or slow."""

from __future__ import annotations

import asyncio

import pytest
from websockets.exceptions import InvalidStatus

from agent_desktop import live as live_module
from tests.wire.desk.house import House
from tests.wire.desk.server import SOON, Browser, browser_at

pytestmark = pytest.mark.wire


async def test_nobody_logged_in_gets_no_picture(house: House) -> None:
    async with browser_at(house) as stranger, stranger.socket("/api/v1/live?v=1") as opened:
        await opened.wait_closed()
        assert opened.close_code == 4003


async def test_a_page_of_another_site_gets_no_handshake(agent: Browser) -> None:
    with pytest.raises(InvalidStatus):
        async with agent.socket("/api/v1/live?v=1", headers={"Origin": "https://evil.invalid"}):
            pass


@pytest.mark.parametrize("path", ["/api/v1/live", "/api/v1/live?v=2", "/api/v1/live?v=x"])
async def test_an_unknown_version_is_named(agent: Browser, path: str) -> None:
    async with agent.socket(path) as opened:
        await opened.wait_closed()
        assert opened.close_code == 4006


HELLO = '{"v":1,"type":"hello"}'


@pytest.mark.parametrize(
    "messages",
    [
        ["garbage"],
        ['{"v":1,"type":"pong"}'],
        ['{"v":2,"type":"hello"}'],
        ['{"v":1,"type":"hello","extra":1}'],
        ['{"v":1,"type":"hello","tab":"<script>"}'],
        ["[" * 3000],
        ["x" * 5000],
        [b"\x00\x01"],
        [HELLO, '{"v":1,"type":"phone"}'],
        [HELLO, '{"v":1,"type":"phone","registered":"maybe"}'],
        [HELLO, '{"v":1,"type":"drop_tables"}'],
        [HELLO, "null"],
    ],
)
async def test_messages_of_another_shape_close_the_socket(agent: Browser, messages: list[str | bytes]) -> None:
    async with agent.socket("/api/v1/live?v=1") as opened:
        for message in messages:
            await opened.send(message)
        await asyncio.wait_for(opened.wait_closed(), SOON)
        assert opened.close_code == 4002
    async with agent.page() as page:
        assert page.hello["active"] is True, "the next page is served"


async def test_a_silent_page_counts_as_gone(house: House, agent: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """R13: silence, not idleness, is what ends a page."""
    monkeypatch.setattr(live_module, "TICK", 0.005)
    async with agent.page() as alive, agent.page() as frozen:
        frozen.answers_pings = False
        for _ in range(6):
            await alive.next("ping")
        assert await frozen.close_code() == 4004
        assert alive.opened.close_code is None


async def test_a_page_that_takes_nothing_is_closed_and_harms_nobody(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        desk = house.app.state.desk
        viewer = desk.hub.viewer("a1")
        page.answers_pings = False
        for _ in range(live_module.LONGEST_QUEUE + 2):
            desk.hub.push("a1", live_module.Ping())
        assert viewer.closing == 4005
        assert await page.close_code() == 4005


async def test_the_end_of_the_log_in_closes_an_open_page_but_not_in_a_call(
    house: House, agent: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "TICK", 0.02)
    monkeypatch.setattr(live_module, "CHECKED_EVERY", 1)
    async with agent.page() as page:
        house.queued()
        house.rings("a1")
        house.answers("a1")
        await page.state("talking")
        house.clock.forward(hours=13)
        for _ in range(5):
            await page.next("ping")
        assert page.opened.close_code is None
        house.bridge.show("a1", state="ready")
        assert await page.close_code() == 4003
