"""The desk while several people are on the line: picker, strip and outcome as they look, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_looks import faults
from tests.kit.chromium import context_of
from tests.kit.devices import NUMBER, dials
from tests.kit.hall import UNIT
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack

pytestmark = pytest.mark.browser

WORDS = {
    "zh": {"held": "已保持", "three_way": "三方通话", "consulting": "咨询中"},
    "en": {"held": "On hold", "three_way": "Three-way call", "consulting": "Consulting"},
}


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
async def test_a_unit_joins_a_call(
    stack: Stack, agents_browser: Browser, pictures: Path | None, language: str, scheme: str
) -> None:
    desk = await DeskPage.open(await context_of(agents_browser), stack)
    page = desk.page
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found: list[str] = []

    async def speak(wanted: str) -> None:
        await page.get_by_role("button", name="English" if wanted == "en" else "中文").click()

    async def look(name: str) -> None:
        found.extend(await faults(page, f"talk-{name}-{language}-{scheme}", pictures))

    await desk.ready()
    async with stack.unit(auto_answer=0.2), stack.citizen(NUMBER) as citizen:
        await dials(citizen)
        await desk.rings()
        await desk.answer()
        await desk.write("自来水管爆裂", "望江路 88 号门口水管爆裂，路面积水，要求抢修。")
        await desk.choose_category("自来水")
        await desk.draft_stored()
        await page.keyboard.press("Control+s")
        if language == "en":
            await speak("en")
        parties = page.locator(".strip .party")

        await page.keyboard.press("Alt+c")
        picker = page.get_by_role("dialog")
        await expect(picker).to_be_visible()
        await expect(picker.locator(".row")).not_to_have_count(0)
        await look("picker")
        await picker.get_by_role("textbox").fill(UNIT)
        await expect(picker.locator(".row")).to_have_count(1)
        await look("picker-one")
        await picker.locator(".row .el-button--primary").click()
        await expect(picker).to_have_count(0)
        await expect(parties).to_have_count(3)
        await expect(page.locator(".strip .go")).to_be_visible(timeout=30_000)  # the unit is told first
        await look("consulting")

        await page.keyboard.press("Alt+j")
        await expect(page.locator(".bar .name")).to_have_text(WORDS[language]["three_way"])
        await look("three-way")

        await page.keyboard.press("Alt+o")
        await expect(page.get_by_role("dialog")).to_be_visible()
        await look("outcome")
        await page.get_by_role("dialog").locator(".el-radio-button").nth(1).click()
        await look("outcome-dispatch")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)

        await page.keyboard.press("F9")
        await expect(page.locator(".bar .name")).not_to_have_text(WORDS[language]["three_way"])
        await look("after")
        if language == "en":
            await speak("zh")
        await desk.done()
    assert found == []
