"""The live WebSocket of one page: who it is, its first message, then messages both ways until one side is gone."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import secrets
from collections.abc import Awaitable
from datetime import timedelta

from fastapi import APIRouter, WebSocket
from pydantic import BaseModel
from starlette.websockets import WebSocketDisconnect, WebSocketState

from agent_desktop.access import Visitor, keeper_of, visitor_of
from agent_desktop.codec import BadMessage, decode, encode
from agent_desktop.guards import same_origin
from agent_desktop.hub import Close
from agent_desktop.keeper import Keeper
from agent_desktop.messages import (
    VERSION,
    ClientHello,
    ClientPhone,
    ClientQuality,
    ClientTakeOver,
    ClientWatch,
    Hello,
    Ping,
)
from agent_desktop.metrics import LIVE_CLOSED

log = logging.getLogger(__name__)

router = APIRouter()

HELLO_WITHIN = 10.0
TICK = 1.0
"""Seconds between two looks at one page.  In a call each of them asks the page for a sign of life."""
IDLE_TICKS = 10
"""The same while there is no call: one tick in ten asks."""
MISSED = 3
MISSED_IN_CALL = 4
"""Questions in a row without an answer after which a page counts as gone, even while its TCP connection stands: its
network has gone.  Questions are counted and not seconds, so that a desk that was busy itself blames nobody.  In a call
somebody may be hearing silence meanwhile, so it has to be known soon."""

CHECKED_EVERY = 60
"""Ticks between two looks at whether the log-in still holds; each look also counts as use of it."""

LEFT = frozenset({1000, 1001})
"""Close codes of a page that is reloaded, left or closed (RFC 6455 §7.4.1); one that is cut off sends none."""

LONGEST_QUEUE = 500
"""Messages that may wait for a slow page before it is closed."""


class LivePage:
    """One open page; see :class:`agent_desktop.hub.Tab`."""

    def __init__(self, socket: WebSocket, visitor: Visitor) -> None:
        self.socket = socket
        self.visitor = visitor
        self.session = visitor.session
        self.user_id = visitor.user.user_id
        self.agent_id = visitor.user.agent_id
        self.looker = visitor.looker
        self.tab = ""
        self.closing: Close | None = None
        self.left = False
        self._greeted = False
        self._choked = asyncio.Event()
        self._out: asyncio.Queue[BaseModel | Close] = asyncio.Queue()
        self._heard_at = 0.0
        self._unanswered = 0

    @property
    def silence(self) -> timedelta:
        """For how long the page has said nothing."""
        return timedelta(seconds=asyncio.get_running_loop().time() - self._heard_at)

    def send(self, message: BaseModel) -> None:
        """Queues a message; a page that does not take its messages is closed.

        What comes before the page has its full picture is left out: the picture holds it already.
        """
        self._greeted = self._greeted or isinstance(message, Hello)
        if self.closing is not None or not self._greeted:
            return
        if self._out.qsize() >= LONGEST_QUEUE:
            self.closing = Close.TOO_SLOW
            self._choked.set()
        else:
            self._out.put_nowait(message)

    def close(self, code: Close) -> None:
        """Closes after what is queued has left."""
        if self.closing is None:
            self.closing = code
            self._out.put_nowait(code)

    async def run(self, keeper: Keeper) -> None:
        """Serves the page until it goes."""
        desk = keeper.desk
        self.heard()
        hello = await asyncio.wait_for(self._receive(), HELLO_WITHIN)
        if not isinstance(hello, ClientHello):
            raise BadMessage("the first message is hello")
        self.tab = hello.tab or secrets.token_urlsafe(12)
        # Joined before the picture is read, so that no change falls between the two.
        active = desk.hub.join(self, self.agent_id)
        try:
            self.send(await desk.hello(self.tab, self.agent_id, self.looker, active=active))
            await _first_of(self._reading(keeper), self._writing(), self._beating(keeper), self._choking())
        finally:
            desk.floor.forget(self)
            heir = desk.hub.leave(self, self.agent_id)
            if isinstance(heir, LivePage):
                desk.spawn(heir.greet_again(keeper))
            elif self.agent_id is not None:
                desk.spawn(keeper.page_gone(self.agent_id))

    async def greet_again(self, keeper: Keeper) -> None:
        """The full picture for a page that has just become the active one."""
        self.send(await keeper.desk.hello(self.tab, self.agent_id, self.looker, active=True))

    def heard(self) -> None:
        """Notes a sign of life."""
        self._heard_at = asyncio.get_running_loop().time()
        self._unanswered = 0

    async def _receive(self) -> BaseModel:
        try:
            message = decode(await self.socket.receive_text())
        except WebSocketDisconnect as gone:
            self.left = gone.code in LEFT
            raise
        self.heard()
        return message

    async def _reading(self, keeper: Keeper) -> None:
        while True:
            message = await self._receive()
            if isinstance(message, ClientTakeOver):
                if keeper.desk.hub.take_over(self, self.agent_id):
                    await self.greet_again(keeper)
            elif isinstance(message, ClientPhone) and self.agent_id is not None:
                await keeper.phone(self, self.agent_id, registered=message.registered, in_call=message.in_call)
            elif isinstance(message, ClientWatch) and self.visitor.may("floor.read"):
                keeper.desk.floor.watch(self, message.floor)
            elif isinstance(message, ClientQuality) and self.agent_id is not None:
                keeper.desk.spawn(keeper.desk.note_quality(self.agent_id, message))

    async def _writing(self) -> None:
        while True:
            item = await self._out.get()
            if isinstance(item, Close):
                return
            await self.socket.send_text(encode(item))

    async def _choking(self) -> None:
        await self._choked.wait()

    async def _beating(self, keeper: Keeper) -> None:
        for tick in itertools.count(1):
            await asyncio.sleep(TICK)
            in_call = keeper.in_call(self.agent_id)
            if in_call or tick % IDLE_TICKS == 0:
                if self._unanswered >= (MISSED_IN_CALL if in_call else MISSED):
                    self.closing = Close.NO_PONG
                    keeper.desk.hub.cut_off(self, self.agent_id)
                    return
                self._unanswered += 1
                self.send(Ping())
            if tick % CHECKED_EVERY == 0 and not await keeper.still_logged_in(self.session, self.agent_id):
                keeper.desk.hub.end_session(self.session)


async def _first_of(*jobs: Awaitable[None]) -> None:
    """Runs the jobs until the first one ends, then stops the others and passes on what the first one raised."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def _close(socket: WebSocket, code: Close) -> None:
    LIVE_CLOSED.labels(code.name.lower()).inc()
    if socket.application_state is WebSocketState.CONNECTED:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it went while we were closing it
            await socket.close(int(code))


@router.websocket("/api/v1/live")
async def live(socket: WebSocket) -> None:
    """The live picture of one page.  A refusal is a close code, because a browser cannot read the status of a
    failed handshake; only a page of another site gets no handshake at all."""
    if not same_origin(socket.scope):
        await socket.close(int(Close.NOT_LOGGED_IN))
        return
    visitor = await visitor_of(socket)
    await socket.accept()
    if visitor is None:
        await _close(socket, Close.NOT_LOGGED_IN)
        return
    if socket.query_params.get("v") != str(VERSION):
        await _close(socket, Close.VERSION)
        return
    page = LivePage(socket, visitor)
    try:
        await page.run(keeper_of(socket))
        await _close(socket, page.closing or Close.GOING_AWAY)
    except (BadMessage, TimeoutError, KeyError):
        # KeyError: a binary frame, which Starlette's receive_text does not expect
        await _close(socket, Close.BAD_MESSAGE)
    except WebSocketDisconnect:
        log.debug("a page has left")
