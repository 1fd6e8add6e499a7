"""SIP over WebSocket through the desk, against a stand-in for Asterisk's WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from tests.wire.desk.house import House
from tests.wire.desk.server import SOON, Browser, browser_at

pytestmark = pytest.mark.wire

SIP = {"subprotocols": [Subprotocol("sip")]}


def register(extension: str) -> str:
    return (
        "REGISTER sip:desk.invalid SIP/2.0\r\nVia: SIP/2.0/WS a.invalid\r\n"
        f"From: <sip:{extension}@desk.invalid>;tag=1\r\nTo: <sip:{extension}@desk.invalid>\r\n\r\n"
    )


class PaperAsterisk:
    """Writes down what it gets; says what it is told to say."""

    def __init__(self) -> None:
        self.got: asyncio.Queue[str] = asyncio.Queue()
        self.peers: list[ServerConnection] = []
        self.port = 0

    async def serve(self, peer: ServerConnection) -> None:
        self.peers.append(peer)
        async for message in peer:
            assert isinstance(message, str)
            self.got.put_nowait(message)

    async def next(self) -> str:
        return await asyncio.wait_for(self.got.get(), SOON)


@pytest.fixture
async def asterisk() -> AsyncIterator[PaperAsterisk]:
    paper = PaperAsterisk()
    async with serve(paper.serve, "127.0.0.1", 0, subprotocols=[Subprotocol("sip")]) as server:
        paper.port = next(iter(server.sockets)).getsockname()[1]
        yield paper


@pytest.fixture
def house(tmp_path: Path, asterisk: PaperAsterisk) -> House:
    built = House(tmp_path, asterisk_ws=f"ws://127.0.0.1:{asterisk.port}/ws")
    built.agent(1)
    built.agent(2)
    built.phones.pop("a2", None)  # agent 2 has a SIP phone on the desk
    built.person("chief", "supervisor")
    return built


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    async with browser_at(house) as opened:
        await opened.log_in()
        yield opened


@asynccontextmanager
async def phone(browser: Browser, path: str = "/sip") -> AsyncIterator[ClientConnection]:
    async with browser.socket(path, **SIP) as opened:
        yield opened


async def close_code(opened: ClientConnection) -> int | None:
    await asyncio.wait_for(opened.wait_closed(), SOON)
    return opened.close_code


async def test_signalling_passes_both_ways_unchanged(browser: Browser, asterisk: PaperAsterisk) -> None:
    async with phone(browser) as opened:
        assert opened.subprotocol == "sip"
        for message in (register("8001"), "\r\n\r\n", register("8001") + "v=0\r\ns=é 中\r\n"):
            await opened.send(message)
            assert await asterisk.next() == message
        assert asterisk.peers[0].subprotocol == "sip"
        await asterisk.peers[0].send("SIP/2.0 401 Unauthorized\r\n\r\n")
        assert await asyncio.wait_for(opened.recv(), SOON) == "SIP/2.0 401 Unauthorized\r\n\r\n"
    await asyncio.wait_for(asterisk.peers[0].wait_closed(), SOON)


@pytest.mark.parametrize("message", [register("8002"), "INVITE sip:110@x SIP/2.0\r\n\r\n", "hello", "x" * 65_000])
async def test_another_extension_is_cut_off_before_asterisk_hears_of_it(
    browser: Browser, asterisk: PaperAsterisk, message: str
) -> None:
    async with phone(browser) as opened:
        await opened.send(message)
        assert await close_code(opened) == 1008
    assert asterisk.got.empty()


async def test_a_message_over_the_limit_is_cut_off_too(browser: Browser, asterisk: PaperAsterisk) -> None:
    async with phone(browser) as opened:
        await opened.send(register("8001") + "x" * 70_000)
        assert await close_code(opened) in (1008, 1009)
    assert asterisk.got.empty()


async def test_nobody_logged_in_reaches_nothing(house: House, asterisk: PaperAsterisk) -> None:
    async with browser_at(house) as stranger:
        for login in ("", "chief", "agent2"):
            if login:
                await stranger.log_in(login)
            with pytest.raises(InvalidStatus) as refused:
                async with phone(stranger):
                    pass
            assert refused.value.response.status_code == 403
    assert asterisk.peers == []


async def test_another_site_or_protocol_reaches_nothing(browser: Browser, asterisk: PaperAsterisk) -> None:
    with pytest.raises(InvalidStatus):
        async with browser.socket("/sip", headers={"Origin": "https://evil.invalid"}, **SIP):
            pass
    with pytest.raises(InvalidStatus):
        async with browser.socket("/sip"):
            pass
    assert asterisk.peers == []


async def test_logging_out_closes_the_phones_line(browser: Browser, asterisk: PaperAsterisk) -> None:
    async with phone(browser) as opened:
        await opened.send(register("8001"))
        await asterisk.next()
        await browser.post("/api/v1/logout")
        assert await close_code(opened) == 1008
    await asyncio.wait_for(asterisk.peers[0].wait_closed(), SOON)


async def test_an_asterisk_that_goes_is_told_so_that_the_phone_tries_again(
    browser: Browser, asterisk: PaperAsterisk
) -> None:
    async with phone(browser) as opened:
        await opened.send(register("8001"))
        await asterisk.next()
        await asterisk.peers[0].close()
        assert await close_code(opened) == 1013


async def test_an_asterisk_that_is_away_is_told_at_once(tmp_path: Path) -> None:
    house = House(tmp_path, asterisk_ws="ws://127.0.0.1:1/ws")
    house.agent(1)
    async with browser_at(house) as browser:
        await browser.log_in()
        async with phone(browser) as opened:
            assert await close_code(opened) == 1013


async def test_a_demo_citizen_has_a_phone_without_a_log_in(house: House, asterisk: PaperAsterisk) -> None:
    async with browser_at(house) as citizen:
        path = (await citizen.post("/api/v1/demo/citizen")).json()["sip"]["ws_path"]
        async with phone(citizen, path) as opened:
            await opened.send(register("9001"))
            assert await asterisk.next() == register("9001")
            async with Browser(citizen.port) as other:
                house.clock.forward(hours=1)
                answer = await other.post("/api/v1/demo/citizen")
                assert answer.json()["error"]["error_id"] == "no_free_phone", "connected phones are never lent"
            await opened.send(register("8001"))
            assert await close_code(opened) == 1008


async def test_one_browser_may_be_citizen_and_agent(browser: Browser, asterisk: PaperAsterisk) -> None:
    path = (await browser.post("/api/v1/demo/citizen")).json()["sip"]["ws_path"]
    async with phone(browser) as desk, phone(browser, path) as citizen:
        await desk.send(register("8001"))
        assert await asterisk.next() == register("8001")
        await citizen.send(register("9001"))
        assert await asterisk.next() == register("9001")
