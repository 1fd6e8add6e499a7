"""The agent's browser goes away in the middle of a call: the citizen is kept, the agent comes back to everything."""

from __future__ import annotations

import time

import pytest
from playwright.async_api import Browser, expect

from hotline.sip_phone import describe
from tests.kit.chromium import context_of, heard, hears
from tests.kit.pages import CitizenPage, DeskPage
from tests.kit.stack import Stack
from tests.kit.waiting import until_async

pytestmark = pytest.mark.browser

TITLE, TEXT = "下水道堵塞", "来电人反映楼前下水道堵塞两天，污水外溢。"


async def talking(stack: Stack, agents: Browser, citizens: Browser) -> tuple[DeskPage, CitizenPage]:
    """Agent 8001 and a citizen in conversation, the ticket begun."""
    desk = await DeskPage.open(await context_of(agents), stack)
    citizen = await CitizenPage.open(await context_of(citizens), stack)
    await desk.ready()
    await citizen.dial()
    await desk.rings(40)
    await desk.answer()
    await hears(citizen.page, {"agent"})
    await desk.write(TITLE, TEXT)
    return desk, citizen


async def comforted(citizen: CitizenPage) -> None:
    """Waits until the citizen hears music."""

    async def music() -> bool:
        return describe(await heard(citizen.page)).kind in ("music", "tone")

    await until_async(music, "the citizen hears music")


async def test_a_reload_keeps_the_call_and_the_draft(
    stack: Stack, agents_browser: Browser, citizens_browser: Browser
) -> None:
    desk, citizen = await talking(stack, agents_browser, citizens_browser)
    await desk.page.locator("#f-text").press_sequentially("（补充）")  # the last words are not stored yet
    began = time.monotonic()
    await desk.page.reload()
    await hears(desk.page, {"citizen"}, seconds=8)
    assert time.monotonic() - began < 5
    await hears(citizen.page, {"agent"})
    assert await citizen.part("citizen-phone").get_attribute("data-call") == "talking"
    await desk.state("通话中")
    await expect(desk.part("caller-card")).to_contain_text("138 0013 8000")
    await expect(desk.page.locator("#f-title")).to_have_value(TITLE)
    await expect(desk.page.locator("#f-text")).to_have_value(f"{TEXT}（补充）")
    await desk.choose_category("自来水")
    await desk.save()
    await desk.hang_up()
    await citizen.call("idle")
    await desk.done()


async def test_a_reload_while_the_citizen_is_on_hold(
    stack: Stack, agents_browser: Browser, citizens_browser: Browser
) -> None:
    desk, citizen = await talking(stack, agents_browser, citizens_browser)
    await desk.page.keyboard.press("F4")
    await desk.state("保持中")
    await comforted(citizen)
    await desk.page.reload()
    await hears(desk.page, {"citizen"}, seconds=8)
    await desk.state("通话中")
    await hears(citizen.page, {"agent"})


async def test_a_citizen_who_hangs_up_meanwhile(
    stack: Stack, agents_browser: Browser, citizens_browser: Browser
) -> None:
    desk, citizen = await talking(stack, agents_browser, citizens_browser)
    await desk.page.goto("about:blank")
    await comforted(citizen)
    await citizen.hang_up()
    async with stack.ami() as ami:
        await ami.no_channels()
    await desk.page.goto(f"{stack.url}/desk")
    await desk.registered()
    await desk.state("话后整理")
    await expect(desk.page.locator("#f-title")).to_have_value(TITLE)


async def test_somebody_else_takes_the_call_of_an_agent_who_does_not_come_back(
    stack: Stack, agents_browser: Browser, citizens_browser: Browser
) -> None:
    desk, citizen = await talking(stack, agents_browser, citizens_browser)
    other = await DeskPage.open(await context_of(agents_browser), stack, "8002")
    async with stack.ami() as ami:
        await ami.send("Setvar", Variable="LONGEST_ABSENCE", Value="2")
        try:
            await desk.page.goto("about:blank")
            await comforted(citizen)
            await other.ready()
            await other.rings()
            await other.answer()
            await hears(citizen.page, {"agent"})
            await expect(other.part("caller-card")).to_contain_text("138 0013 8000")
        finally:
            await ami.send("Setvar", Variable="LONGEST_ABSENCE", Value="30")
    await desk.page.goto(f"{stack.url}/desk")
    await desk.registered()
    await desk.state("话后整理")
    await other.hang_up()
