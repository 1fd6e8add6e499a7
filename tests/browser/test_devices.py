"""Microphone, loudspeaker and ring as the agent meets them: R37, R38."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import photograph
from tests.kit.chromium import context_of, hears
from tests.kit.devices import HEARD_RINGS, NUMBER, WITNESS, dials, evaluates
from tests.kit.looks import axe_faults, layout_faults
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack

pytestmark = pytest.mark.browser


async def test_r37_r38_the_first_ring_is_heard_in_a_hidden_tab_and_on_a_second_device(
    stack: Stack, strict_browser: Browser, pictures: Path | None
) -> None:
    context = await context_of(strict_browser, checked=False)
    await context.add_init_script(WITNESS)
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
    await evaluates(desk, f"{HEARD_RINGS}.length === 2", "the test ring on both devices")
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
        sinks = await evaluates(desk, f"{HEARD_RINGS}.length === 2 && {HEARD_RINGS}", "it rings on both devices")
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
