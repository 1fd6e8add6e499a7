"""The desk on a real Asterisk: a shift seen from the agent's page, a desk killed in mid-call, phones added at run time,
SIP over WebSocket through the desk."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.typing import Subprotocol

from hotline import pid_file, programs
from hotline.sip_phone import PhoneConfig, SipPhone
from tests.kit.stack import Stack
from tests.kit.tones import speakers
from tests.kit.waiting import until, until_async
from tests.wire.desk.server import Browser, Page

pytestmark = pytest.mark.live

PHONE_AGENT = "8101"


@asynccontextmanager
async def at_the_desk(stack: Stack, username: str = PHONE_AGENT, password: str = "") -> AsyncIterator[Browser]:
    """A browser of somebody who has logged in; the log-in ends at the end, so that the next test finds nobody."""
    async with Browser(stack.settings.desk_port) as browser:
        answer = await browser.log_in(username, password or stack.password_of(username))
        assert answer.status_code == 200, answer.text
        try:
            yield browser
        finally:
            await browser.post("/api/v1/logout")


async def go_ready(browser: Browser, page: Page) -> None:
    """Ready, whatever was before."""

    async def state() -> str:
        answer = await browser.post("/api/v1/agent/ready")
        return str(answer.json()["agent"]["state"]) if answer.status_code == 200 else ""

    async def is_ready() -> bool:
        return await state() == "ready"

    await until_async(is_ready, "the agent is ready")


@asynccontextmanager
async def desk_page(browser: Browser, tab: str | None = None) -> AsyncIterator[Page]:
    """An open desk page that waits as long as greetings and recordings take."""
    async with browser.page(tab) as page:
        page.patience = 60
        yield page


async def test_a_call_as_the_agents_page_sees_it(stack: Stack) -> None:
    async with (
        at_the_desk(stack) as browser,
        at_the_desk(stack, "8001") as colleague,
        stack.agent(PHONE_AGENT, auto_answer=None) as phone,
        stack.citizen("13800138000") as citizen,
        desk_page(browser) as page,
        desk_page(colleague) as other,
    ):
        await go_ready(browser, page)
        await citizen.call("12345")
        pop = await page.next("pop")
        assert not phone.in_call, "the pop comes before the answer"
        assert pop["card"]["number_shown"] == "138 0013 8000"
        assert pop["card"]["name"], "the demo's history knows this number"
        assert pop["card"]["earlier_calls"]
        await phone.answer()
        assert (await page.next("pop_closed"))["reason"] == "answered"
        await page.state("talking")
        contact_id = pop["card"]["contact_id"]
        await citizen.hang_up()
        assert (await page.state("wrap_up"))["agent"]["until"]
        assert (await page.next("call"))["call"]["state"] == "ended"
        ready = await page.next("recording_ready")
        assert ready["contact_id"] == contact_id
        await other.say({"type": "pong"})
        address = f"/api/v1/recordings/{ready['recording_id']}"
        play = (await browser.post(f"{address}/plays", json={"reason": "a test"})).json()["play_id"]
        audio = await browser.get(f"{address}/audio", params={"play": play})
        assert (audio.status_code, audio.headers["content-type"].partition("/")[0]) == (200, "audio")
        assert len(audio.content) > 2000
        row = (await browser.get(f"/api/v1/calls/{contact_id}")).json()["call"]
        assert (row["agent_id"], row["end_reason"]) == (PHONE_AGENT, "completed")
        await other.opened.close()
        kinds = [json.loads(message)["type"] async for message in other.opened]
        assert "pop" not in kinds, "nobody else is shown the caller"


async def test_a_desk_killed_in_mid_call_comes_back_with_everything(stack: Stack) -> None:
    async with (
        stack.agent(PHONE_AGENT) as phone,
        stack.citizen("13800138000") as citizen,
        at_the_desk(stack) as browser,
    ):
        async with desk_page(browser) as page:
            await go_ready(browser, page)
            await citizen.call("12345")
            await page.state("talking")
            call = (await page.next("call"))["call"]
            draft = {"body": {"title": "井盖"}, "version": 0}
            assert (await browser.put(f"/api/v1/drafts/{call['contact_id']}", json=draft)).status_code == 200
            os.kill(desk_pid(stack), signal.SIGKILL)
            await asyncio.wait_for(page.opened.wait_closed(), 5)
        assert citizen.in_call
        await until_async(lambda: answers(browser), "the desk is back", seconds=30)
        async with desk_page(browser, page.hello["tab"]) as again:
            assert again.hello["agent"]["state"] == "talking"
            assert again.hello["call"]["contact_id"] == call["contact_id"]
            assert again.hello["card"]["number_shown"] == "138 0013 8000"
            assert again.hello["draft"]["body"] == {"title": "井盖"}
            await until(lambda: speakers(citizen.heard(0.5)) == {"agent"}, "they still talk")
            await phone.hang_up()
            await again.state("wrap_up")
            assert (await again.next("recording_ready"))["contact_id"] == call["contact_id"]


def desk_pid(stack: Stack) -> int:
    found = pid_file.read(programs.run_dir(stack.settings) / "desk.pid")
    assert found is not None
    return found.pid


async def answers(browser: Browser) -> bool:
    """Whether the desk serves and has read the switch."""
    try:
        answer = await browser.get("/healthz")
    except httpx.TransportError:
        return False
    return bool(answer.json()["status"] == "ok")


async def hotline(stack: Stack, *words: str) -> Any:
    """Runs a command on the stack's home; its JSON."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hotline", *words, "--json"), env=stack.environment, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said
    return json.loads(said)


async def test_a_place_added_and_removed_at_run_time_disturbs_no_call(stack: Stack) -> None:
    async with (
        stack.agent(PHONE_AGENT) as phone,
        stack.citizen("13800138000") as talking,
        at_the_desk(stack) as browser,
        desk_page(browser) as page,
    ):
        await go_ready(browser, page)
        await talking.call("12345")
        await page.state("talking")
        added = await hotline(stack, "agent", "add", "8188", "--kind", "phone", "--username", "newcomer")
        assert added["switch_told"] is True
        config = PhoneConfig("8188", stack.server, password=added["sip_password"], play=stack.voice("agent"))
        async with (
            SipPhone(config) as new_phone,
            at_the_desk(stack, "newcomer", added["password"]) as newcomer,
            desk_page(newcomer) as new_page,
            stack.citizen("13900139000") as second,
        ):
            await go_ready(newcomer, new_page)
            await second.call("12345")
            assert (await new_page.next("pop"))["card"]["number_shown"] == "139 0013 9000"
            await new_page.state("talking")
            removed = await hotline(stack, "agent", "remove", "8188")
            assert removed["switch_told"] is True
            await until(lambda: speakers(second.heard(0.5)) == {"agent"}, "the removed agent's call goes on")
            assert new_phone.in_call
        await until(lambda: speakers(talking.heard(0.5)) == {"agent"}, "the first call was not disturbed")
        assert phone.in_call
    assert "8188" not in {place["extension"] for place in await hotline(stack, "agent", "list")}


# --- SIP over WebSocket ---


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def register(extension: str, sequence: int, authorization: str = "") -> str:
    lines = [
        "REGISTER sip:desk.invalid SIP/2.0",
        f"Via: SIP/2.0/WS test.invalid;branch=z9hG4bK{sequence}",
        "Max-Forwards: 70",
        f"From: <sip:{extension}@desk.invalid>;tag=t1",
        f"To: <sip:{extension}@desk.invalid>",
        "Call-ID: desk-test",
        f"CSeq: {sequence} REGISTER",
        f"Contact: <sip:{extension}@test.invalid;transport=ws>;expires=60",
        *([f"Authorization: {authorization}"] if authorization else []),
        "Content-Length: 0",
    ]
    return "\r\n".join(lines) + "\r\n\r\n"


async def registered(opened: ClientConnection, extension: str, password: str) -> str:
    """Registers by digest; the final status line."""
    await opened.send(register(extension, 1))
    challenge = await answer_to(opened, 1)
    realm, nonce = (re.search(rf'{name}="([^"]*)"', challenge)[1] for name in ("realm", "nonce"))  # type: ignore[index]
    uri = "sip:desk.invalid"
    ha1, ha2 = md5(f"{extension}:{realm}:{password}"), md5(f"REGISTER:{uri}")
    qop = 'qop="auth"' in challenge
    middle = f"{nonce}:00000001:c:auth" if qop else nonce
    authorization = (
        f'Digest username="{extension}", realm="{realm}", nonce="{nonce}", uri="{uri}", algorithm=MD5, '
        f'response="{md5(f"{ha1}:{middle}:{ha2}")}"' + (', qop=auth, nc=00000001, cnonce="c"' if qop else "")
    )
    opaque = re.search(r'opaque="([^"]*)"', challenge)
    authorization += f', opaque="{opaque[1]}"' if opaque else ""
    await opened.send(register(extension, 2, authorization))
    return (await answer_to(opened, 2)).partition("\r\n")[0]


async def answer_to(opened: ClientConnection, sequence: int) -> str:
    while True:
        message = await asyncio.wait_for(opened.recv(), 5)
        assert isinstance(message, str)
        if f"CSeq: {sequence} REGISTER" in message:
            return message
        await say_ok(opened, message)


async def say_ok(opened: ClientConnection, message: str) -> None:
    """Answers a request of Asterisk (its OPTIONS, by which it sees that the phone is there)."""
    if message.startswith("OPTIONS "):
        kept = [
            line for line in message.split("\r\n") if line.startswith(("Via:", "From:", "To:", "Call-ID:", "CSeq:"))
        ]
        await opened.send("\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""]))


async def stay_reachable(opened: ClientConnection) -> None:
    async for message in opened:
        assert isinstance(message, str)
        await say_ok(opened, message)


async def test_a_browsers_phone_registers_through_the_desk(stack: Stack) -> None:
    sip = {"subprotocols": [Subprotocol("sip")]}
    async with at_the_desk(stack, "8001") as browser, desk_page(browser) as page:
        me = (await browser.get("/api/v1/me")).json()
        async with browser.socket(me["sip"]["ws_path"], **sip) as opened:
            assert await registered(opened, "8001", me["sip"]["password"]) == "SIP/2.0 200 OK"
            phone = asyncio.create_task(stay_reachable(opened))
            await page.register()
            await page.state("not_ready")
            await go_ready(browser, page)
            phone.cancel()
        await page.state("phone_lost")
