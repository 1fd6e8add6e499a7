"""SIP over WebSocket (RFC 7118) from the browser to Asterisk, on the desk's own address.

One origin and one certificate for the page, and no open Asterisk port; the log-in decides whose phone it may be.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from fastapi import APIRouter, WebSocket
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from agent_desktop.access import DEMO_COOKIE, desk_of, doors_of, unsign, visitor_of
from agent_desktop.guards import same_origin
from agent_desktop.metrics import SIP
from agent_desktop.sip_guard import LARGEST_MESSAGE, refusal

log = logging.getLogger(__name__)

router = APIRouter()

POLICY, TRY_LATER = 1008, 1013
"""Close codes of RFC 6455: not allowed; the switch cannot be reached at the moment."""

OPEN_WITHIN = 5.0


class Wire:
    """One open SIP socket; closed from outside when its log-in ends."""

    def __init__(self, session: str, extension: str) -> None:
        self.session = session
        self.extension = extension
        self._ended = asyncio.Event()

    def close(self) -> None:
        """Asks the proxy to close both sides."""
        self._ended.set()

    async def carry(self, page: WebSocket, switch: ClientConnection) -> int:
        """Passes messages both ways until one side goes; the close code for the page."""
        jobs = [
            asyncio.ensure_future(self._to_switch(page, switch)),
            asyncio.ensure_future(_to_page(page, switch)),
            asyncio.ensure_future(self._until_closed()),
        ]
        try:
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            return next(iter(done)).result()
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)

    async def _until_closed(self) -> int:
        await self._ended.wait()
        return POLICY

    async def _to_switch(self, page: WebSocket, switch: ClientConnection) -> int:
        while True:
            frame = await page.receive()
            if frame["type"] == "websocket.disconnect":
                return 1000
            message = frame.get("text")
            if message is None:
                message = (frame.get("bytes") or b"").decode("utf-8", "replace")
            why = "too long" if len(message) > LARGEST_MESSAGE else refusal(message, self.extension)
            if why is not None:
                log.warning("a page's SIP message was refused: %s", why)
                return POLICY
            await switch.send(message)


async def _to_page(page: WebSocket, switch: ClientConnection) -> int:
    async for message in switch:
        if isinstance(message, str):
            await page.send_text(message)
        else:
            await page.send_bytes(message)
    return TRY_LATER


async def own_phone(connection: HTTPConnection) -> tuple[str, str] | None:
    """The extension this browser may speak for, and the log-in it comes from; None: none."""
    doors = doors_of(connection)
    # In the demo one browser is both the citizen's phone and an agent's desk; the page says which one it is now.
    visitor = None if connection.query_params.get("phone") == "demo" else await visitor_of(connection)
    if visitor is not None and visitor.user.agent_id is not None and visitor.may("call.take"):
        account = await run_in_threadpool(doors.sip_account, visitor.user.agent_id)
        if account is not None:
            return account.extension, visitor.session
    phone = unsign(doors.config, DEMO_COOKIE, connection.cookies.get(DEMO_COOKIE, ""))
    if doors.config.demo and phone in {account.extension for account in doors.config.demo_phones}:
        return phone, ""
    return None


@router.websocket("/sip")
async def sip(page: WebSocket) -> None:
    """The softphone's signalling."""
    phone = await own_phone(page) if same_origin(page.scope) else None
    if phone is None or "sip" not in page.scope.get("subprotocols", []):
        await page.close(POLICY)
        return
    extension, session = phone
    await page.accept(subprotocol="sip")
    hub = desk_of(page).hub
    wire = Wire(session, extension)
    hub.wires.add(wire)
    SIP.inc()
    code = TRY_LATER
    try:
        async with connect(
            doors_of(page).config.asterisk_ws,
            subprotocols=[Subprotocol("sip")],
            open_timeout=OPEN_WITHIN,
            close_timeout=1,
            ping_interval=None,
            compression=None,
            max_size=LARGEST_MESSAGE,
            proxy=None,
        ) as switch:
            code = await wire.carry(page, switch)
    except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed):
        log.warning("the switch's WebSocket cannot be reached or has gone")
    except WebSocketDisconnect:
        log.debug("a softphone has left")
    finally:
        SIP.dec()
        hub.wires.discard(wire)
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it went before we could close it
            await page.close(code)
