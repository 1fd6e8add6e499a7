"""One call through the guided form, as an agent has it before the eyes: card, hints, knowledge, demands, outcome."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import photograph
from tests.browser.test_looks import faults
from tests.kit.chromium import context_of
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack

pytestmark = pytest.mark.browser

TITLE = "望江花园东侧工地夜间施工"
TEXT = "望江路88号望江花园东侧工地夜里十一点以后还在打桩，噪声扰民，老人孩子无法休息。"


async def choose(page: Page, field: str, word: str) -> None:
    """Picks from a tree by typing a part of a name."""
    await page.locator(f"{field} input").first.click()
    await page.keyboard.type(word)
    await page.locator(".el-cascader__suggestion-item:visible", has_text=word).first.click()


async def test_a_call_through_the_guided_form_r50_r54(
    stack: Stack, agents_browser: Browser, pictures: Path | None
) -> None:
    desk = await DeskPage.open(await context_of(agents_browser), stack)
    page = desk.page
    found: list[str] = []
    await desk.ready()
    async with stack.citizen("13800138000") as citizen:
        await citizen.call("12345")
        await citizen.wait_state("CONFIRMED")
        await citizen.digits("0")
        await desk.rings()
        card = desk.part("caller-card")
        await expect(card).to_contain_text("138****8000")
        await expect(card).to_contain_text("刘先生")
        await expect(card.locator("li .title.open").filter(has_text="夜间施工噪声扰民")).to_be_visible()
        await desk.answer()
        await expect(card).to_contain_text("138 0013 8000")

        # The scripts, and a phrase that is never said.
        await page.locator("#tab-scripts").click()
        await expect(desk.part("scripts")).to_contain_text("请问有什么可以帮您")
        await page.fill("#f-text", "这个不归我们管")
        await expect(desk.part("forbidden")).to_contain_text("我告诉您联系方式")

        # Who reports by name may be asked for a document; a slip in it is noticed.
        await page.get_by_text("举报", exact=True).first.click()
        await page.fill("#f-identity", "110105194912310021")
        found += await faults(page, "form-identity", pictures)
        await page.fill("#f-identity", "")

        # What the city asks for a complaint, the tree of places, suggestions with reasons.
        await page.get_by_text("投诉", exact=True).first.click()
        await expect(page.locator("#f-identity")).to_have_count(0)
        await desk.write(TITLE, TEXT)
        await expect(desk.part("forbidden")).to_have_count(0)
        await page.keyboard.press("Control+s")
        await expect(page.locator(".el-form-item__error")).to_have_count(2)
        await choose(page, ".area", "望江花园社区")
        await expect(page.locator("#f-place")).to_have_value("东湖区望江路街道望江花园社区")
        await page.locator("#f-place").press("End")
        await page.keyboard.type("88号")
        await page.locator("#tab-hints").click()
        hints = desk.part("hints")
        await expect(hints.locator(".suggestion").first).to_contain_text("因为")

        # The caller's own open ticket is offered before a new one.
        alike = hints.get_by_test_id("alike").filter(has_text="夜间施工噪声扰民")
        await expect(alike).to_contain_text("同一来电人")
        await expect(alike.get_by_role("button", name="补充到此工单")).to_be_visible()
        found += await faults(page, "form-hints", pictures)

        # An answer of the knowledge base, read out and put into the form.
        await page.locator("#tab-knowledge").click()
        knowledge = desk.part("knowledge")
        await expect(knowledge.get_by_test_id("read-out")).to_contain_text("晚上十点到早上六点")
        await knowledge.get_by_role("button", name="填入工单").click()
        assert "答复依据（夜间施工噪声的规定是什么？）" in await page.locator("#f-text").input_value()
        found += await faults(page, "form-knowledge", pictures)

        # Two demands; the second ticket of the matter is linked to the first.
        for demand in ("制止夜间施工", "告知施工许可情况"):
            await page.get_by_role("button", name="增加一项诉求").click()
            await desk.part("items").locator("input").last.fill(demand)
        await page.locator("#tab-hints").click()
        await alike.get_by_role("button", name="新建并关联").click()
        await desk.choose_category("施工噪声")
        await desk.draft_stored()
        number = await desk.save()
        await desk.hang_up()

    # The outcome, and its way into the list of calls.
    disposition = desk.part("disposition")
    await choose(page, "[data-testid=disposition] .el-cascader", "新工单")
    await expect(disposition).to_have_attribute("data-stored", "true")
    found += await faults(page, "form-outcome", pictures)
    await desk.done()
    await page.goto(f"{stack.url}/calls")
    row = page.locator("tbody tr").first
    await expect(row).to_contain_text("已登记工单 › 新工单")
    await row.click()
    await expect(desk.part("call-story")).to_contain_text(number)
    await page.goto(f"{stack.url}/tickets")
    await page.locator("tbody tr").first.click()
    await expect(page.get_by_text("告知施工许可情况").first).to_be_visible()
    assert found == []
    assert desk.complaints == []


async def test_adding_to_the_callers_open_ticket_writes_no_second_one(
    stack: Stack, agents_browser: Browser, pictures: Path | None
) -> None:
    desk = await DeskPage.open(await context_of(agents_browser), stack)
    page = desk.page
    await desk.ready()
    async with stack.citizen("13900139000") as citizen:
        await citizen.call("12345")
        await citizen.wait_state("CONFIRMED")
        await citizen.digits("0")
        await desk.rings()
        await desk.answer()
        assert await page.locator("#f-title").input_value() == "", "the form of the call before is not this one's"
        assert await desk.part("items").locator("input").count() == 0
        await desk.write("银杏苑3栋仍然停水", "柳林街道银杏苑3栋停水仍未恢复，要求告知恢复时间。")
        alike = desk.part("hints").get_by_test_id("alike").filter(has_text="家中停水未接到通知")
        await alike.get_by_role("button", name="补充到此工单").click()
        saved = desk.part("ticket-saved")
        await expect(saved).to_contain_text("没有另建新单")
        await page.get_by_role("button", name="标记来电人").click()
        await page.get_by_text("老年人").click()
        await desk.part("mark-caller").get_by_role("button", name="登记标记").click()
        await expect(page.get_by_text("下次来电时会提示")).to_be_visible()
        await photograph(page, pictures, "form-added")
        await saved.get_by_role("link", name="查看工单").click()
        await expect(page.get_by_text("要求告知恢复时间").first).to_be_visible()
        await page.goto(f"{stack.url}/desk")
        await desk.registered()
    assert desk.complaints == []
