"""The newcomer's sentence, from dial tone to replayed recording, in two real browsers."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import photograph
from tests.kit.chromium import context_of, heard, hears
from tests.kit.pages import CitizenPage, DeskPage
from tests.kit.stack import Stack
from tests.kit.waiting import until_async

pytestmark = pytest.mark.browser


async def test_from_dial_tone_to_replayed_recording(
    stack: Stack, agents_browser: Browser, citizens_browser: Browser, pictures: Path | None
) -> None:
    desk = await DeskPage.open(await context_of(agents_browser), stack)
    citizen = await CitizenPage.open(await context_of(citizens_browser), stack)
    await photograph(desk.page, pictures, "desk-idle")

    # The citizen dials, hears the greeting and waits: nobody is ready yet.
    await citizen.dial(skip=False)

    async def greeted() -> bool:
        return float(abs((await heard(citizen.page)).samples).max(initial=0)) > 500

    await until_async(greeted, "the citizen hears the greeting")

    # The agent sees who is calling before answering.
    await desk.ready()
    await desk.rings(40)
    card = desk.part("caller-card")
    await expect(card).to_contain_text("138****8000")
    await expect(card).to_contain_text("刘先生")
    await expect(card).to_contain_text("夜间施工噪声扰民")
    assert await citizen.part("citizen-phone").get_attribute("data-call") == "talking"
    await photograph(desk.page, pictures, "desk-ringing")

    # They talk.
    await desk.answer()
    await hears(desk.page, {"citizen"})
    await hears(citizen.page, {"agent"})

    # Hold and back, mute and back.
    await desk.page.keyboard.press("F4")
    await desk.state("保持中")
    await hears(desk.page, set())
    await desk.page.keyboard.press("F4")
    await desk.state("通话中")
    await hears(citizen.page, {"agent"})
    await desk.page.keyboard.press("F8")
    await hears(citizen.page, set())
    await desk.page.keyboard.press("F8")
    await hears(citizen.page, {"agent"})

    # The ticket.
    await desk.write("小区门口路灯不亮", "来电人反映望江路 88 号门口两盏路灯从周一起不亮，夜间老人出行不便。")
    await photograph(desk.page, pictures, "desk-in-call")
    await desk.page.keyboard.press("Control+s")
    await expect(desk.page.locator(".el-form-item__error")).to_have_text("请填写此项")
    await photograph(desk.page, pictures, "desk-problem")
    await desk.choose_category("路灯")
    number = await desk.save()
    await photograph(desk.page, pictures, "desk-saved")

    # The end of the call, and of the work after it.
    await desk.hang_up()
    await citizen.call("idle")
    await photograph(citizen.page, pictures, "citizen")
    await desk.done()

    # The recording.
    recent = desk.part("recent-calls").locator("li").first
    await expect(recent).to_contain_text("138 0013 8000")
    await expect(recent.locator(".el-icon")).to_be_visible(timeout=60_000)
    await recent.locator("a").click()
    story = desk.part("call-story")
    await expect(story).to_contain_text(number)
    player = desk.part("player")
    await expect(player).to_have_attribute("data-drawn", "true")
    await photograph(desk.page, pictures, "call")
    await expect(desk.part("transcript-statement")).to_be_visible()
    slider = player.get_by_role("slider")
    assert int(await slider.get_attribute("aria-valuemax") or 0) > 5
    await player.get_by_role("button", name="播放", exact=True).click()
    await player.get_by_role("button", name="办件需要").click()  # nothing is heard before a reason is given

    async def played() -> bool:
        return int(await slider.get_attribute("aria-valuenow") or 0) >= 2

    await until_async(played, "the recording plays")
    await slider.focus()
    await desk.page.keyboard.press("End")
    await desk.page.keyboard.press("Home")
    await expect(slider).to_have_attribute("aria-valuenow", "0")
    assert desk.complaints == []
    assert citizen.complaints == []
