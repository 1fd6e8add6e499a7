"""The supervision desk: what is late, what follows from thresholds and assessments, the assessment itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import photograph
from tests.browser.test_looks import SIZED, STILL
from tests.browser.test_statistics import opened
from tests.kit.looks import axe_faults, layout_faults
from tests.kit.stack import Stack

pytestmark = pytest.mark.browser

BOTH = ((1280, 800), (1920, 1080))
WORDS = {
    "zh": ("考核并记录", "刚结束的专项行动", "处理", "已落实", "说明（免予须写明理由）", "历次考核"),
    "en": (
        "Assess and record",
        "Campaign that has just ended",
        "Decide",
        "Carried out",
        "Note (needed to waive)",
        "Earlier",
    ),
}


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_units_are_assessed_and_what_follows_is_decided(
    stack: Stack, agents_browser: Browser, pictures: Path | None, language: str
) -> None:
    run, campaign, decide, done, note, earlier = WORDS[language]
    page = await opened(stack, agents_browser, language)
    await page.goto(f"{stack.url}/supervision")
    await expect(page.locator("[data-view=works]")).to_be_visible()
    await photograph(page, pictures, f"supervision-works-{language}", BOTH)
    assert await layout_faults(page) + await axe_faults(page) == []

    await page.locator("[data-view=assessment]").click()
    await expect(page.locator("[data-unit]")).not_to_have_count(0)
    await page.get_by_label(campaign).fill("清零行动")
    await page.wait_for_function(SIZED, arg=await page.evaluate("window.innerWidth"))
    await page.wait_for_function(STILL)
    assert await layout_faults(page) + await axe_faults(page) == []
    below = await page.locator("[data-unit] .missed").count()
    await page.get_by_role("button", name=run).click()

    duties = page.locator("[data-duty]").filter(has=page.get_by_role("button", name=decide, exact=True))
    await expect(duties.first).to_be_visible()
    if language == "zh":  # the second language finds what the first one has left
        assert await duties.count() == below
    await page.wait_for_function(STILL)
    await photograph(page, pictures, f"supervision-duties-{language}", BOTH)
    assert await layout_faults(page) + await axe_faults(page) == []
    left = await duties.count()
    await duties.first.get_by_role("button", name=decide, exact=True).click()
    await page.get_by_label(note).fill("已发函")
    await page.get_by_role("button", name=done, exact=True).click()
    await expect(duties).to_have_count(left - 1)

    await page.locator("[data-view=assessment]").click()
    await expect(page.get_by_role("heading", name=earlier)).to_be_visible()
    await page.wait_for_function(STILL)
    await photograph(page, pictures, f"supervision-assessment-{language}", BOTH)
    await page.context.close()
