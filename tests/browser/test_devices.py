"""Microphone, loudspeaker and ring as the agent meets them: R37, R38."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from hotline.sip_phone import SipPhone
from tests.browser.conftest import photograph
from tests.kit.chromium import chromium, context_of, hears
from tests.kit.looks import axe_faults, layout_faults
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack
from tests.kit.waiting import until_async

pytestmark = pytest.mark.browser

NUMBER = "13800138000"

# Writes down every sound that is started and on which output, and every notification.
_WITNESS = """
(() => {
  window.__rings = []
  window.__notes = []
  const start = AudioBufferSourceNode.prototype.start
  AudioBufferSourceNode.prototype.start = function (...given) {
    if (this.loop) window.__rings.push({ context: this.context, sink: this.context.sinkId ?? '', node: this })
    return start.apply(this, given)
  }
  window.Notification = class {
    static permission = 'granted'
    constructor(title, options) { window.__notes.push({ title, body: options.body }) }
    close() {}
  }
  // The last stream a microphone gave.
  const media = navigator.mediaDevices
  const ask = media.getUserMedia.bind(media)
  media.getUserMedia = async (...given) => (window.__microphone = await ask(...given))
})()
"""
_HEARD_RINGS = "window.__rings.filter((one) => one.context.state === 'running').map((one) => one.sink)"


async def dials(citizen: SipPhone) -> None:
    """Past the greeting, straight to the queue."""
    await citizen.call("12345")
    await citizen.wait_state("CONFIRMED")
    await citizen.digits("0")


async def evaluates(desk: DeskPage, expression: str, what: str) -> Any:
    """The first true value of an expression in the page."""
    return await until_async(lambda: desk.page.evaluate(expression), what)


@pytest.fixture
async def strict_browser(tmp_path: Path) -> AsyncIterator[Browser]:
    """A browser that keeps sound off until the person has done something, as people's browsers do."""
    policy = "--autoplay-policy=document-user-activation-required"
    async with chromium(tmp_path, "agent", extra=(policy,)) as browser:
        yield browser


async def test_r37_r38_the_first_ring_is_heard_in_a_hidden_tab_and_on_a_second_device(
    stack: Stack, strict_browser: Browser, pictures: Path | None
) -> None:
    context = await context_of(strict_browser, checked=False)
    await context.add_init_script(_WITNESS)
    desk = await DeskPage.open(context, stack)
    page = desk.page

    # Not ready before one has been heard and has heard.  (One who was here just now is ready again by herself.)
    name = page.locator(".bar .name")
    await expect(name).not_to_have_text("未签入")
    if "就绪" in await name.inner_text():
        await desk.not_ready()
    await desk.state("示忙")
    await page.keyboard.press("Alt+r")
    check = page.get_by_role("dialog")
    await expect(check.get_by_test_id("microphone-heard")).to_have_attribute("data-heard", "true")
    ringer = check.get_by_label("另一个响铃设备")
    await expect(ringer.locator("option")).not_to_have_count(1)
    second = await ringer.locator("option").nth(1).get_attribute("value")
    await ringer.select_option(second)
    await check.get_by_role("button", name="播放铃声").click()
    await evaluates(desk, f"{_HEARD_RINGS}.length === 2", "the test ring on both devices")
    await check.get_by_role("button", name="听自己的声音").click()
    await check.get_by_role("button", name="停止").click()
    assert await layout_faults(page) == []
    assert await axe_faults(page) == []
    await photograph(page, pictures, "devices")
    await desk.state("示忙")
    await check.get_by_role("button", name="听得清，可以接电话").click()
    await desk.state("就绪")

    # The page goes out of sight; a call comes.
    await page.evaluate("window.__rings.length = 0")
    await page.evaluate("Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })")
    async with stack.citizen(NUMBER) as citizen:
        await dials(citizen)
        await desk.rings()
        sinks = await evaluates(desk, f"{_HEARD_RINGS}.length === 2 && {_HEARD_RINGS}", "it rings on both devices")
        assert set(sinks) == {"", second}
        note = await evaluates(
            desk, "window.__notes.at(-1)?.body && window.__notes.at(-1)", "a notification with the number"
        )
        assert note["title"] == "来电"
        assert note["body"].endswith("8000"), note
        assert "0013" not in note["body"], "whoever looks at the screen sees it"
        await expect(page).to_have_title("☎ 来电")
        await desk.answer()
        await hears(page, {"citizen"})
        await expect(page).not_to_have_title("☎ 来电")
        await desk.hang_up()
    await desk.done()
    assert desk.complaints == []
