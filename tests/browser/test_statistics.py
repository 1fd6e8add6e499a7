"""A leader reads the figures, sees the units ranked, and opens the tickets behind a figure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import photograph
from tests.browser.test_looks import SIZED, STILL
from tests.kit.chromium import context_of
from tests.kit.furnish import furnished
from tests.kit.looks import axe_faults, layout_faults
from tests.kit.stack import Stack

pytestmark = pytest.mark.browser


async def opened(stack: Stack, browser: Browser, language: str) -> Page:
    """The statistics as the office's supervisor reads them, over an office with some tickets."""
    await furnished(stack)
    page = await (await context_of(browser, language)).new_page()
    await page.goto(f"{stack.url}/login")
    await page.fill("#username", "banzhang")
    await page.fill("#password", stack.password_of("banzhang"))
    await page.press("#password", "Enter")
    await expect(page.locator("nav a")).not_to_have_count(0)
    await page.goto(f"{stack.url}/statistics")
    return page


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_report_of_ones_own_is_chosen_kept_and_opened_again(
    stack: Stack, agents_browser: Browser, pictures: Path | None, language: str
) -> None:
    page = await opened(stack, agents_browser, language)
    words = {
        "zh": ("按什么分行", "诉求类型", "保存", "报表名称", "另存", "选择报表", "删除"),
        "en": ("Lines by", "Kind of request", "Keep", "Name of the report", "Keep as new", "Choose a report", "Delete"),
    }[language]
    by, kind, keep, name, as_new, choose, drop = words
    await page.locator("[data-view=reports]").click()
    chart = page.get_by_test_id("rank-chart").locator("svg")
    await expect(chart).to_be_visible()
    await page.get_by_role("combobox", name=by).press("ArrowDown")
    await page.get_by_role("option", name=kind, exact=True).click()
    await page.keyboard.press("Escape")
    header = page.locator("table.sheet thead th")
    await expect(header).to_have_count(5)
    await page.locator("[data-sort=on_time]").click()
    await page.locator("[data-sort=registered]").click()
    await page.wait_for_function(SIZED, arg=await page.evaluate("window.innerWidth"))
    await page.wait_for_function(STILL)
    await photograph(page, pictures, f"reports-{language}", ((1280, 800), (1920, 1080)))
    assert await layout_faults(page) + await axe_faults(page) == []
    figure = page.locator("table.sheet tbody tr").first.locator("td").first
    counted = int(await figure.inner_text())
    await figure.get_by_role("button").click()
    await expect(page.get_by_role("dialog").get_by_role("link")).to_have_count(counted)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)

    await page.get_by_role("button", name=keep, exact=True).click()
    await page.get_by_label(name).fill(f"月报 {language}")
    await page.wait_for_function(STILL)
    await photograph(page, pictures, f"reports-kept-{language}", ((1280, 800),))
    assert await layout_faults(page) + await axe_faults(page) == []
    await page.get_by_role("button", name=as_new, exact=True).click()
    await expect(page.get_by_label(name)).to_have_count(0)
    await page.reload()
    await page.locator("[data-view=reports]").click()
    await expect(header).to_have_count(4)
    await page.get_by_text(choose).click()
    await page.get_by_role("option", name=f"月报 {language}").click()
    await expect(header).to_have_count(5)
    await page.get_by_role("button", name=keep, exact=True).click()
    await page.get_by_role("button", name=drop, exact=True).click()
    await expect(page.get_by_text(choose)).to_be_visible()
    await page.context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_from_a_figure_to_its_tickets(
    stack: Stack, agents_browser: Browser, pictures: Path | None, language: str
) -> None:
    page = await opened(stack, agents_browser, language)
    await page.locator("[data-view=balance]").click()
    await expect(page.get_by_test_id("balance")).to_have_class(re.compile("good"))
    await photograph(page, pictures, f"statistics-balance-{language}", ((1280, 800), (1920, 1080)))
    assert await layout_faults(page) + await axe_faults(page) == []
    await page.locator("[data-view=hotspots]").click()
    await expect(page.get_by_test_id("heat-map").locator("svg")).to_be_visible()
    await page.wait_for_function(SIZED, arg=await page.evaluate("window.innerWidth"))
    await page.wait_for_function(STILL)
    assert await layout_faults(page) + await axe_faults(page) == []
    await photograph(page, pictures, f"hotspots-{language}", ((1280, 800), (1920, 1080)))
    cell = page.locator("[data-cell]").first
    counted = int(await cell.locator("td").first.inner_text())
    await cell.get_by_role("button").press("Enter")
    await expect(page.get_by_role("dialog").get_by_role("link")).to_have_count(counted)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.locator("[data-view=indicators]").click()
    row = page.locator("[data-indicator=signed_in_time]")
    await row.click()
    await expect(row.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    await page.locator("[data-indicator=extended]").click()
    unit = page.locator("[data-unit=city-management]")
    figure = re.search(r"(\d+) / (\d+)", await unit.inner_text())
    assert figure is not None
    counted, of = int(figure[1]), int(figure[2])
    await expect(page.get_by_test_id("rank-chart").locator("svg")).to_be_visible()
    await photograph(page, pictures, f"statistics-{language}", ((1280, 800), (1920, 1080)))
    await page.emulate_media(color_scheme="dark")
    await page.wait_for_function(STILL)
    await photograph(page, pictures, f"statistics-dark-{language}", ((1280, 800),))
    await page.emulate_media(color_scheme="light")
    await unit.get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    await expect(drawer.get_by_role("link")).not_to_have_count(0)
    await page.wait_for_function(STILL)
    await photograph(page, pictures, f"statistics-tickets-{language}", ((1280, 800),))
    assert await layout_faults(page) + await axe_faults(page) == []
    for choice, tickets in enumerate((of - counted, counted, of)):
        await drawer.locator(".el-radio-button").nth(choice).click()
        await expect(drawer.get_by_role("link")).to_have_count(tickets)
    await drawer.get_by_role("link").first.click()
    await expect(page.get_by_test_id("history")).to_be_visible()
    await page.context.close()
