"""A citizen leaves a message on the real system, a clerk makes a ticket of it; how the page looks on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import photograph
from tests.browser.test_looks import faults
from tests.kit.chromium import context_of
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack
from tests.kit.waiting import until

pytestmark = pytest.mark.browser


async def leave_a_message(stack: Stack) -> None:
    spool = stack.settings.voicemail_spool
    async with stack.ami() as ami, stack.citizen("13800138000") as citizen:
        await citizen.call("12345")
        await until(lambda: abs(citizen.heard().samples).max(initial=0) > 2000, "the greeting")
        await citizen.digits("9")
        await ami.wait("QueueCallerJoin")
        await citizen.digits("*")
        await until(lambda: any(one.stat().st_size > 40_000 for one in spool.glob("*-1.wav")), "a message", seconds=30)
        await citizen.digits("#")
        await citizen.hang_up()


async def speak(page: Page, language: str) -> None:
    await page.get_by_role("button", name="English" if language == "en" else "中文").click()


async def test_a_message_becomes_a_ticket(stack: Stack, agents_browser: Browser, pictures: Path | None) -> None:
    desk = await DeskPage.open(await context_of(agents_browser), stack)
    page = desk.page
    await leave_a_message(stack)
    await page.locator('nav a[href="/voicemail"]').click()
    row = page.locator("[data-voicemail]").first
    await expect(row).to_be_visible(timeout=60_000)
    await expect(row).to_contain_text("138****8000")
    await row.click()
    beside = desk.part("voicemail")
    await expect(beside.get_by_role("heading", name="138 0013 8000")).to_be_visible()
    await expect(desk.part("player")).to_have_attribute("data-drawn", "true", timeout=60_000)
    await beside.get_by_role("button", name="领取").click()
    await expect(beside.get_by_role("button", name="生成工单")).to_be_visible()
    found = await faults(page, "voicemail-zh", pictures)
    await speak(page, "en")
    found += await faults(page, "voicemail-en", pictures)
    await speak(page, "zh")
    await beside.get_by_role("button", name="生成工单").click()
    form = desk.part("ticket-form")
    await expect(page.locator("#f-title")).to_be_visible()
    await desk.write("路灯不亮", "市民留言反映人民路路灯不亮。")
    await desk.choose_category("噪")
    await photograph(page, pictures, "voicemail-form")
    await form.locator("footer .el-button--primary").click()
    await expect(desk.part("ticket-saved")).to_be_visible()
    await expect(beside).to_contain_text("已生成工单")
    await expect(page.locator("[data-voicemail]")).to_have_count(0)
    assert found == []
