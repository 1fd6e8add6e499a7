"""The emergency button as an agent uses it: one press calls, the bar follows the line, the call tells it afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import photograph
from tests.kit.chromium import context_of, hears
from tests.kit.devices import dials
from tests.kit.looks import axe_faults, layout_faults
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack
from tests.kit.tones import speakers
from tests.kit.waiting import until

pytestmark = pytest.mark.browser


async def test_one_press_calls_and_the_bar_follows_the_line(
    stack: Stack, agents_browser: Browser, pictures: Path | None
) -> None:
    desk = await DeskPage.open(await context_of(agents_browser), stack)
    page = desk.page
    await desk.ready()
    async with stack.citizen("13800138000") as citizen, stack.called_citizen("service") as service:
        await service.command("auto_answer", after=None)
        await dials(citizen)
        await desk.rings()
        await desk.answer()
        bar = desk.part("emergency")
        await bar.get_by_role("button", name="紧急转接").click()
        await bar.get_by_role("button", name="呼叫120 急救").click()
        await service.wait_event("incoming")
        await expect(bar.get_by_test_id("emergency-state")).to_have_attribute("data-state", "dialling")
        await expect(bar).to_contain_text("请不要挂断")
        await photograph(page, pictures, "emergency-dialling")
        await service.answer()
        await expect(bar.get_by_test_id("emergency-state")).to_have_text("对方已接听")
        await hears(page, {"service"})
        await bar.get_by_role("button", name="接入市民").click()
        await expect(bar.get_by_test_id("emergency-state")).to_have_text("市民已接入")
        await until(lambda: speakers(citizen.heard(0.5)) == {"agent", "service"}, "the citizen hears both")
        found = await layout_faults(page) + await axe_faults(page)
        await photograph(page, pictures, "emergency-joined")
        await page.get_by_role("button", name="English").click()
        await expect(bar.get_by_test_id("emergency-state")).to_have_text("Citizen connected")
        await expect(page.locator(".strip .parties")).to_contain_text("120 Ambulance")
        found += await layout_faults(page) + await axe_faults(page)
        await photograph(page, pictures, "emergency-joined-en")
        await page.get_by_role("button", name="中文").click()
        await service.hang_up()
        await expect(bar.get_by_test_id("emergency-last")).to_contain_text("已转接")
        await hears(page, {"citizen"})
        await photograph(page, pictures, "emergency-last")
        await desk.write("老人晕倒", "来电人称老人在家中晕倒，已转接急救。")
        await desk.choose_category("自来水")
        number = await desk.save()
        await desk.hang_up()
    await desk.done()
    await page.goto(f"{stack.url}/calls")
    await page.locator("tbody tr").first.click()
    await expect(desk.part("call-hand-overs")).to_contain_text("120 急救")
    await expect(desk.part("call-hand-overs")).to_contain_text("市民已接入")
    await photograph(page, pictures, "emergency-call")
    await desk.part("call-story").get_by_role("link", name=number).click()
    history = desk.part("history")
    await expect(history).to_contain_text("紧急转接 · 120 急救")
    await expect(history).to_contain_text("已转接")
    await photograph(page, pictures, "emergency-ticket")
    assert found == []
    assert desk.complaints == []
