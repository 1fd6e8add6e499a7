"""A letter is registered by the keyboard alone, from the ticket list to the ticket's page."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.test_life import anew
from tests.browser.test_looks import SIZES, faults
from tests.kit.a_picture import WIDTH, picture
from tests.kit.chromium import context_of
from tests.kit.stack import Stack

pytestmark = pytest.mark.browser


PASTE = """encoded => {
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))
  const clipboardData = new DataTransfer()
  clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }))
  document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
}"""


async def tab_to(page: Page, name: str) -> None:
    """On by Tab until the field or button of this name has the focus."""
    wanted = page.get_by_label(name, exact=True).or_(page.get_by_role("button", name=name, exact=True))
    for _ in range(60):
        if await wanted.first.evaluate(
            "(one) => one === document.activeElement || one.contains(document.activeElement)"
        ):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by Tab")


async def test_a_letter_by_the_keyboard(stack: Stack, agents_browser: Browser, pictures: Path | None) -> None:
    title = anew("来信反映人行道破损")
    page = await (await context_of(agents_browser, "zh")).new_page()
    await page.goto(f"{stack.url}/login")
    await page.fill("#username", "zhuanban")
    await page.fill("#password", stack.password_of("zhuanban"))
    await page.press("#password", "Enter")
    await expect(page.locator("nav a")).not_to_have_count(0)
    await page.goto(f"{stack.url}/tickets")
    await page.get_by_role("link", name="登记来信").press("Enter")
    await expect(page.get_by_role("heading", name="登记非来电事项")).to_be_visible()
    await page.get_by_label("事项分类").focus()
    await page.keyboard.type("道路井盖")
    await expect(page.locator(".el-cascader__suggestion-item:visible")).not_to_have_count(0)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    for label, words in (
        ("附件（名称或档号）", "来信扫描件"),
        ("标题", title),
        ("诉求内容", "来信人反映人行道地砖破损多处。"),
    ):
        field = page.get_by_label(label, exact=True).first
        await field.focus()
        await page.keyboard.type(words)
        if words == "来信扫描件":
            await page.keyboard.press("Enter")
    scan = {"name": "来信 第1页.png", "mimeType": "image/png", "buffer": picture()}
    await page.get_by_test_id("attach").locator("input[type=file]").set_input_files([scan])  # type: ignore[list-item]
    found = await faults(page, "letter-zh", pictures, SIZES)
    await tab_to(page, "登记")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("history")).to_contain_text("信箱")
    await expect(page.locator("h1, h2").filter(has_text=title).first).to_be_visible()

    files = page.get_by_test_id("attachments")
    await expect(files).to_contain_text("来信 第1页.png")
    await page.evaluate(PASTE, base64.b64encode(scan["buffer"]).decode())
    await expect(files.locator("img")).to_have_count(2)
    await expect(files).to_contain_text("粘贴的图片")
    for shown in await files.locator("img").all():
        await shown.scroll_into_view_if_needed()
        await expect(shown).to_have_js_property("naturalWidth", WIDTH)
    refused = {"name": "照片.png", "mimeType": "image/png", "buffer": b"<html>"}
    await files.locator("input[type=file]").set_input_files([refused])  # type: ignore[list-item]
    await expect(files.get_by_role("alert")).to_contain_text("不接收此类文件")
    found += await faults(page, "letter-ticket-zh", pictures, SIZES)
    assert found == []
    await page.context.close()
