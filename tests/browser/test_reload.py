"""The agent's browser goes away in the middle of a call: the citizen is kept, the agent comes back to everything."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, expect

from hotline.sip_phone import SipPhone, describe
from tests.kit.chromium import context_of, hears
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack
from tests.kit.tones import speakers
from tests.kit.waiting import until

pytestmark = pytest.mark.browser

TITLE, TEXT = "下水道堵塞", "来电人反映楼前下水道堵塞两天，污水外溢。"
NUMBER = "13800138000"


@asynccontextmanager
async def talking(stack: Stack, agents: Browser) -> AsyncIterator[tuple[DeskPage, SipPhone]]:
    """Agent 8001 and a citizen in conversation, the ticket begun."""
    desk = await DeskPage.open(await context_of(agents), stack)
    await desk.ready()
    async with stack.citizen(NUMBER) as citizen:
        await citizen.call("12345")
        await citizen.wait_state("CONFIRMED")
        await citizen.digits("0")
        await desk.rings()
        await desk.answer()
        await hears_agent(citizen)
        await desk.write(TITLE, TEXT)
        yield desk, citizen


async def timer(desk: DeskPage) -> int:
    """Seconds that the telephone bar shows."""
    shown = desk.page.locator(".bar .timer")
    await expect(shown).to_have_text(re.compile(r"^\d+:\d\d$"))
    minutes, seconds = (await shown.inner_text()).split(":")
    return int(minutes) * 60 + int(seconds)


async def hears_agent(citizen: SipPhone) -> None:
    await until(lambda: speakers(citizen.heard(0.5)) == {"agent"}, "the citizen hears the agent")


async def comforted(citizen: SipPhone) -> None:
    """Waits until the citizen hears music."""
    await until(lambda: describe(citizen.heard(0.5)).kind in ("music", "tone"), "the citizen hears music")


async def test_a_reload_keeps_the_call_and_the_draft(stack: Stack, agents_browser: Browser) -> None:
    async with talking(stack, agents_browser) as (desk, citizen):
        await desk.page.locator("#f-text").press_sequentially("（补充）")  # the last words are not stored yet
        talked = await timer(desk)
        began = time.monotonic()
        await desk.page.reload()
        await hears(desk.page, {"citizen"})
        assert time.monotonic() - began < 5
        await hears_agent(citizen)
        await desk.state("通话中")
        assert -1 <= await timer(desk) - talked - (time.monotonic() - began) < 3, "counted on from the answer"
        await expect(desk.part("caller-card")).to_contain_text("138 0013 8000")
        await expect(desk.page.locator("#f-title")).to_have_value(TITLE)
        await expect(desk.page.locator("#f-text")).to_have_value(f"{TEXT}（补充）")
        await desk.choose_category("自来水")
        await desk.save()
        await desk.hang_up()
        await citizen.wait_state("DISCONNECTED")
    await desk.done()
    assert desk.complaints == []


async def test_a_reload_while_the_citizen_is_on_hold(stack: Stack, agents_browser: Browser) -> None:
    async with talking(stack, agents_browser) as (desk, citizen):
        await desk.page.keyboard.press("F4")
        await desk.state("保持中")
        await comforted(citizen)
        await desk.page.reload()
        await hears(desk.page, {"citizen"})
        await desk.state("通话中")
        await hears_agent(citizen)


async def test_a_citizen_who_hangs_up_meanwhile(stack: Stack, agents_browser: Browser) -> None:
    async with talking(stack, agents_browser) as (desk, citizen):
        await desk.page.goto("about:blank")
        await comforted(citizen)
    async with stack.ami() as ami:
        await ami.no_channels()
    await desk.page.goto(f"{stack.url}/desk")
    await desk.registered()
    await desk.state("话后整理")
    await expect(desk.page.locator("#f-title")).to_have_value(TITLE)


async def test_somebody_else_takes_the_call_of_an_agent_who_does_not_come_back(
    stack: Stack, agents_browser: Browser
) -> None:
    async with stack.ami() as ami, talking(stack, agents_browser) as (desk, citizen):
        other = await DeskPage.open(await context_of(agents_browser), stack, "8002")
        await ami.send("Setvar", Variable="LONGEST_ABSENCE", Value="2")
        try:
            await desk.page.goto("about:blank")
            await comforted(citizen)
            await other.ready()
            await other.rings()
            await other.answer()
            await hears(other.page, {"citizen"})
            await expect(other.part("caller-card")).to_contain_text("138 0013 8000")
        finally:
            await ami.send("Setvar", Variable="LONGEST_ABSENCE", Value="30")
        await desk.page.goto(f"{stack.url}/desk")
        await desk.registered()
        await desk.state("话后整理")
        await hears_agent(citizen)
        await other.hang_up()
