"""The ticket list is narrowed: in the row above it, in the drawer, by the address, and undone by chips.  Beside it the
settings page's tokens."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_looks import SIZES, faults
from tests.kit.chromium import context_of
from tests.kit.furnish import furnished
from tests.kit.stack import Stack

pytestmark = pytest.mark.browser

WORDS = {
    "zh": {"light": "期限", "green": "正常", "more": "更多筛选", "off": "去掉条件"},
    "en": {"light": "Due", "green": "in time", "more": "More filters", "off": "Take off"},
}


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_list_is_narrowed_and_widened_again(
    stack: Stack, agents_browser: Browser, pictures: Path | None, language: str
) -> None:
    await furnished(stack)
    words = WORDS[language]
    page = await (await context_of(agents_browser, language)).new_page()
    await page.goto(f"{stack.url}/login")
    await page.fill("#username", "banzhang")
    await page.fill("#password", stack.password_of("banzhang"))
    await page.press("#password", "Enter")
    await expect(page.locator("nav a")).not_to_have_count(0)
    await page.goto(f"{stack.url}/tickets")
    rows, chips = page.locator("tbody tr"), page.get_by_test_id("filter-chips")
    await expect(rows).not_to_have_count(0)
    everything = await rows.count()
    await expect(chips).to_have_count(0)
    light = page.get_by_role("combobox", name=words["light"], exact=True)
    await page.locator(".el-select").filter(has=light).click()
    await page.get_by_role("option", name=words["green"]).click()
    await expect(chips).to_contain_text(words["green"])
    await expect(rows.locator(".light.green")).not_to_have_count(0)
    await expect(rows.locator(".light:not(.green)")).to_have_count(0)
    await page.get_by_role("button", name=words["more"]).click()
    drawer = page.get_by_role("dialog")
    await drawer.locator("input[type=date]").first.fill("2020-01-01")
    await expect(chips).to_contain_text("2020-01-01")
    await drawer.locator("input[type=date]").nth(5).fill("2020-01-31")
    await expect(rows).to_have_count(0)
    found = await faults(page, f"ticket-filters-drawer-{language}", pictures, SIZES)
    await page.keyboard.press("Escape")
    await expect(drawer).to_have_count(0)
    assert "closed_to=2020-01-31" in page.url
    await page.reload()
    await expect(chips.get_by_role("button", name=words["off"])).to_have_count(3)
    found += await faults(page, f"ticket-filters-{language}", pictures, SIZES)
    for left in (2, 1, 0):
        await chips.get_by_role("button", name=words["off"]).last.click()
        await expect(chips.get_by_role("button", name=words["off"])).to_have_count(left)
    await expect(rows).to_have_count(everything)
    await page.goto(f"{stack.url}/tickets?category=nowhere&overdue=true")
    await expect(rows).to_have_count(0)
    assert found == []
    await page.context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_token_is_made_shown_once_and_revoked(
    stack: Stack, agents_browser: Browser, pictures: Path | None, language: str
) -> None:
    words = {
        "zh": ("接口令牌", "系统名称", "新建令牌", "关闭", "停用"),
        "en": ("Tokens", "Program", "Make a token", "Close", "Revoke"),
    }
    tab, name, make, close, revoke = words[language]
    page = await (await context_of(agents_browser, language)).new_page()
    await page.goto(f"{stack.url}/login")
    await page.fill("#username", "admin")
    await page.fill("#password", stack.password_of("admin"))
    await page.press("#password", "Enter")
    await expect(page.locator("nav a")).not_to_have_count(0)
    await page.goto(f"{stack.url}/office")
    await page.get_by_role("button", name=tab, exact=True).click()
    program = f"网站 {language}"
    await page.get_by_label(name, exact=True).fill(program)
    await page.get_by_role("button", name=make).click()
    secret = page.get_by_test_id("token-secret")
    await expect(secret).to_contain_text("hlt_")
    row = page.locator("tbody tr").filter(has_text=program)
    await expect(row).to_have_count(1)
    found = await faults(page, f"tokens-{language}", pictures, SIZES)
    await page.get_by_role("button", name=close, exact=True).click()
    await expect(secret).to_have_count(0)
    await row.get_by_role("button", name=revoke).click()
    await page.get_by_role("dialog").get_by_role("button", name=revoke, exact=True).click()
    await expect(row.get_by_role("button")).to_have_count(0)
    assert found == []
    await page.context.close()
