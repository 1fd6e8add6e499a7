"""The floor's page as a supervisor uses it: watches, listens, whispers, sets a state; and the display on the wall."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_looks import faults
from tests.kit.chromium import chromium, context_of, hears
from tests.kit.hall import Hall, open_hall, seat_for, take_seat_away
from tests.kit.pages import DeskPage
from tests.kit.shapes import citizen_hangs_up
from tests.kit.stack import Stack

pytestmark = pytest.mark.browser

PLACE, PERSON = "8104", "floor-boss"


@pytest.fixture
async def boss(stack: Stack, tmp_path: Path) -> AsyncIterator[DeskPage]:
    password = await asyncio.to_thread(seat_for, stack, PLACE, PERSON, ["agent", "supervisor"], "web")
    stack.ready["logins"].append({"username": PERSON, "password": password})
    try:
        async with chromium(tmp_path, "browser") as browser:
            desk = await DeskPage.open(await context_of(browser), stack, PERSON)
            await desk.state("示忙")
            yield desk
    finally:
        await asyncio.to_thread(take_seat_away, stack, PLACE)
        stack.ready["logins"].pop()


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Hall]:
    async with open_hall(stack) as opened:
        yield opened


async def give_reason(page: Page) -> None:
    dialog = page.get_by_test_id("why")
    await dialog.get_by_role("button").nth(1).click()
    await page.get_by_test_id("give").click()
    await expect(dialog).to_be_hidden()


async def test_a_supervisor_watches_listens_and_whispers(boss: DeskPage, hall: Hall, pictures: Path | None) -> None:
    """R15 and R67 in the page: the picture changes by itself, nobody else hears the supervisor."""
    page = boss.page
    await page.goto(f"{boss.stack.url}/floor")
    agent = page.get_by_test_id("agent-8101")
    await expect(agent).to_have_attribute("data-state", "not_ready")
    before = int(await boss.part("count-offered").locator("dd").inner_text())
    taken = await hall.call()
    await expect(agent).to_have_attribute("data-state", "talking")
    await expect(boss.part("count-offered").locator("dd")).to_have_text(str(before + 1))
    await agent.get_by_role("button", name="监听").click()
    await give_reason(page)
    bar = page.get_by_test_id("listen-bar")
    await expect(bar).to_have_attribute("data-mode", "listen")
    await boss.state("旁听中")
    await hears(page, {"citizen", "agent"})
    await hall.hears(hall.citizen, "agent")
    await bar.get_by_text("耳语").click()
    await expect(bar).to_have_attribute("data-mode", "whisper")
    await hall.hears(hall.agent.phone, "citizen", "browser")
    await hall.hears(hall.citizen, "agent")
    found = await faults(page, "floor-whispering-zh", pictures)
    await bar.get_by_role("button", name="结束").click()
    await expect(bar).to_be_hidden()
    await boss.state("示忙")
    await expect(page.get_by_test_id("acts").locator("tbody tr").first).to_contain_text("监听、耳语")
    await hall.hears(hall.agent.phone, "citizen")
    await citizen_hangs_up(hall, taken, ("agent",))
    await boss.part("count-answered").get_by_role("link").click()
    await expect(page.locator("tbody tr").first).to_have_attribute("data-contact", taken.contact_id)
    assert found == []
    assert boss.complaints == []


async def test_a_state_is_set_and_callers_wait(boss: DeskPage, hall: Hall, pictures: Path | None) -> None:
    page = boss.page
    await page.goto(f"{boss.stack.url}/floor")
    await hall.colleague.ready()
    colleague = page.get_by_test_id("agent-8191")
    await expect(colleague).to_have_attribute("data-state", "ready")
    await colleague.get_by_test_id("act").click()
    await page.get_by_role("menuitem", name="置为示忙").click()
    await give_reason(page)
    await expect(colleague).to_have_attribute("data-state", "not_ready")
    await expect(page.get_by_test_id("acts").locator("tbody tr").first).to_contain_text("置为示忙")
    await hall.citizen.call(boss.stack.settings.hotline_number)
    await expect(page.get_by_test_id("queue-citizens").get_by_test_id("waiting")).to_have_text("1")
    await expect(page.get_by_test_id("waiting-list")).to_contain_text("138****8000")
    found = await faults(page, "floor-waiting-zh", pictures)
    await page.goto(f"{boss.stack.url}/floor?wall=1")
    wall = page.get_by_test_id("wall")
    await expect(wall).to_contain_text("人排队")
    text = await wall.inner_text()
    assert not any(word in text for word in ("8101", "8191", "138", "hall"))
    found += await faults(page, "floor-wall-zh", pictures)
    await page.keyboard.press("Escape")
    await expect(wall).to_be_hidden()
    await page.get_by_role("button", name="English").click()
    await page.emulate_media(color_scheme="dark")
    await expect(page.get_by_test_id("today")).to_be_visible()
    found += await faults(page, "floor-waiting-en-dark", pictures)
    await page.goto(f"{boss.stack.url}/floor?wall=1")
    await expect(wall).to_be_visible()
    found += await faults(page, "floor-wall-en-dark", pictures)
    await page.keyboard.press("Escape")
    await expect(wall).to_be_hidden()
    await page.get_by_role("button", name="中文").click()
    await hall.citizen.hang_up()
    assert found == []
    assert boss.complaints == []
