"""Serves a test's desk on a real port and speaks to it as a browser would."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from hotline.desk_server import server_config
from tests.wire.desk.house import PASSWORD, House

SOON = 30.0
"""Seconds; only a failing test waits that long, and a disk that is busy with other work stops for ten."""


class Browser(httpx.AsyncClient):
    """A browser at the desk: keeps cookies, sends the header that every page of ours sends."""

    def __init__(self, port: int) -> None:
        super().__init__(
            base_url=f"http://127.0.0.1:{port}", headers={"X-Requested-With": "hotline"}, timeout=SOON, trust_env=False
        )
        self.port = port

    async def log_in(self, username: str = "agent1", password: str = PASSWORD) -> httpx.Response:
        return await self.post("/api/v1/login", json={"username": username, "password": password})

    async def make(self, path: str, asked: dict[str, Any], key: str | None = None) -> httpx.Response:
        """Posts something new, under a key of its own unless one is given."""
        return await self.post(path, json=asked, headers={"Idempotency-Key": key or str(uuid4())})

    @asynccontextmanager
    async def socket(self, path: str, **options: Any) -> AsyncIterator[ClientConnection]:
        """A WebSocket with this browser's cookies."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Origin": f"http://127.0.0.1:{self.port}"} | options.pop("headers", {})
        url = f"ws://127.0.0.1:{self.port}{path}"
        async with connect(url, additional_headers=headers, compression=None, proxy=None, **options) as opened:
            yield opened

    @asynccontextmanager
    async def page(self, tab: str | None = None) -> AsyncIterator[Page]:
        """An open desk page that has said hello."""
        async with self.socket("/api/v1/live?v=1") as opened:
            page = Page(opened)
            await page.say({"type": "hello"} | ({"tab": tab} if tab else {}))
            page.hello = await page.next("hello")
            yield page


class Page:
    """The live WebSocket as the page sees it."""

    def __init__(self, opened: ClientConnection) -> None:
        self.opened = opened
        self.hello: dict[str, Any] = {}
        self.answers_pings = True
        self.patience = SOON
        """Seconds between two messages; real calls take their time."""

    async def say(self, message: dict[str, Any]) -> None:
        await self.opened.send(json.dumps({"v": 1} | message))

    async def any(self) -> dict[str, Any]:
        """The next message, whatever it is; a ping is answered as a page does."""
        message: dict[str, Any] = json.loads(await asyncio.wait_for(self.opened.recv(), self.patience))
        if message["type"] == "ping" and self.answers_pings:
            await self.say({"type": "pong"})
        return message

    async def next(self, kind: str, **having: Any) -> dict[str, Any]:
        """The next message of this kind (and these values); others are skipped."""
        while True:
            message = await self.any()
            if message["type"] == kind and having.items() <= message.items():
                return message

    async def state(self, state: str | None) -> dict[str, Any]:
        """Waits until the agent's state is this one."""
        while True:
            message = await self.next("agent")
            if message["agent"]["state"] == state:
                return message

    async def close_code(self) -> int | None:
        """Reads to the end; the close code."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                await self.any()
        return self.opened.close_code

    async def register(self, *, in_call: bool = False) -> None:
        """The softphone has registered."""
        await self.say({"type": "phone", "registered": True, "in_call": in_call})


@asynccontextmanager
async def serving(house: House) -> AsyncIterator[int]:
    """Serves the house's desk; yields the port."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:  # asyncio sets TCP_NODELAY only where TCP is named
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(server_config(house.app, "127.0.0.1", 0))
        task = asyncio.create_task(server.serve([listening]))
        while not server.started:
            if task.done():
                task.result()
            await asyncio.sleep(0)
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await asyncio.wait_for(task, SOON * 2)


@asynccontextmanager
async def browser_at(house: House) -> AsyncIterator[Browser]:
    """A served desk with one browser, nobody logged in."""
    async with serving(house) as port, Browser(port) as browser:
        yield browser


async def until(condition: Callable[[], bool]) -> None:
    """Waits until something outside of any socket is so."""
    async with asyncio.timeout(SOON):
        while not condition():
            await asyncio.sleep(0.005)


async def gone(house: House) -> None:
    """Waits until the desk has seen agent 1's page go."""
    await until(lambda: house.app.state.desk.hub.viewer("a1") is None)


async def looked(house: House) -> None:
    """Waits until everything has been looked after again."""
    looks = house.app.state.keeper.looks
    await until(lambda: house.app.state.keeper.looks > looks + 2)


def error_id(answer: httpx.Response) -> str:
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"error_id", "message", "detail"}
    return str(body["error"]["error_id"])


async def new_ticket(agent: Browser, key: str = "k1", **fields: Any) -> httpx.Response:
    return await agent.post("/api/v1/tickets", json={"title": "路灯不亮"} | fields, headers={"Idempotency-Key": key})
