"""Marks and who stays away: a wrong mark is taken back, an emergency reported, an interest declared and ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_life import anew, registered
from tests.browser.test_looks import faults
from tests.kit.chromium import context_of
from tests.kit.pages import MatterPage
from tests.kit.stack import Stack

pytestmark = pytest.mark.browser


async def test_a_wrong_mark_is_taken_back(stack: Stack, agents_browser: Browser, pictures: Path | None) -> None:
    chief = await MatterPage.open(await context_of(agents_browser, "zh"), stack, "banzhang")
    ticket = await registered(chief, anew("误标重大"))
    await chief.see(ticket)
    await chief.act("标为重大")
    tag = chief.page.locator("h1.figures ~ .tag", has_text="重大")
    await expect(tag).to_have_count(1)
    form = await chief.pick("取消重大标记")
    found = await faults(chief.page, "unmark-zh-light", pictures)
    await form.get_by_label("理由", exact=True).first.fill("登记时点错")
    await chief.send(form)
    await expect(tag).to_have_count(0)
    await chief.act("标明被投诉方", 被投诉人="测试人员甲")
    form = await chief.pick("撤销被投诉方")
    await chief.choose(form, "撤销哪一方", "被投诉人")
    found += await faults(chief.page, "clear-accused-zh-light", pictures)
    await form.get_by_label("理由", exact=True).first.fill("同名同姓")
    await chief.send(form)
    await expect(chief.page.get_by_text("测试人员甲")).to_have_count(0)
    assert found == []


async def test_an_emergency_is_reported_and_its_texts_are_the_offices(
    stack: Stack, agents_browser: Browser, pictures: Path | None
) -> None:
    chief = await MatterPage.open(await context_of(agents_browser, "zh"), stack, "banzhang")
    ticket = await registered(chief, anew("燃气泄漏"))
    await chief.see(ticket)
    await chief.act("标为突发", 突发事件类别="燃气泄漏")
    for stage in ("首报", "终报"):
        form = await chief.pick("突发上报")
        await chief.choose(form, "上报阶段", stage)
        await form.get_by_label("上报对象", exact=True).first.fill("市政府总值班室")
        await chief.send(form)
    panel = chief.page.locator("section", has=chief.page.get_by_role("heading", name="突发上报"))
    await expect(panel.locator("li")).to_have_count(2)
    await expect(panel.locator("li").last).to_contain_text("终报")
    found = await faults(chief.page, "emergency-zh-light", pictures)
    for language, tab in (("zh", "短信与邮件"), ("en", "Texts and e-mail")):
        office = await MatterPage.open(await context_of(agents_browser, language), stack, "admin")
        await office.page.goto(f"{stack.url}/office")
        await office.page.get_by_role("button", name=tab, exact=True).click()
        await office.page.locator("section input[maxlength='200']").first.scroll_into_view_if_needed()
        found += await faults(office.page, f"office-alarmed-{language}", pictures)
    assert found == []


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_an_interest_is_declared_for_an_agent_and_ended(
    stack: Stack, agents_browser: Browser, pictures: Path | None, language: str
) -> None:
    said = {
        "zh": ("何人（不填为本人）", "一张工单", "工单编号", "申报回避", "解除回避", "解除理由", "理由"),
        "en": ("Who (empty: yourself)", "Ticket", "Number of the ticket", "Declare", "End it",
               "Why it is over", "Reason"),
    }  # fmt: skip
    person, one_ticket, number, declare, end, over, reason = said[language]
    chief = await MatterPage.open(await context_of(agents_browser, language), stack, "banzhang")
    ticket = await registered(chief, anew("亲属投诉"))
    clerk = await MatterPage.open(await context_of(agents_browser, "zh"), stack, "zhuanban")
    address = f"{stack.url}/api/v1/tickets/{ticket}"
    seen = await clerk.page.request.get(address)
    assert seen.ok
    page = chief.page
    await page.goto(f"{stack.url}/recusals")
    await page.get_by_label(person).fill("zhuanban")
    await page.locator(".scope").click()
    await page.locator(".el-select-dropdown__item:visible", has_text=one_ticket).click()
    await page.get_by_label(number).fill((await seen.json())["ticket"]["number"])
    await page.get_by_label(reason, exact=True).fill("申请人是投诉人的亲属")
    await page.get_by_role("button", name=declare, exact=True).click()
    row = page.locator("[data-recusal]").first
    await expect(row).to_contain_text((await seen.json())["ticket"]["number"])
    found = await faults(page, f"recusals-{language}-rows", pictures)
    assert (await clerk.page.request.get(address)).status == 404
    shown = await row.get_attribute("data-recusal")
    await row.get_by_role("button", name=end).click()
    await row.get_by_label(over).fill("查明并非亲属")
    found += await faults(page, f"recusals-{language}-ending", pictures)
    await row.get_by_role("button", name=end).click()
    await expect(page.locator(f'[data-recusal="{shown}"]')).to_have_count(0)
    assert (await clerk.page.request.get(address)).ok
    assert found == []
