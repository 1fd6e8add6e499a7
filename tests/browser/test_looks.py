"""Every page in both languages, at the two sizes we promise, light and dark: nothing cut, nothing inaccessible."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import photograph
from tests.kit.chromium import context_of
from tests.kit.furnish import furnished
from tests.kit.looks import Traffic, axe_faults, layout_faults
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack

pytestmark = pytest.mark.browser

LAPTOP, SCREEN, HAND = (1280, 800), (1920, 1080), (390, 844)
SIZES = (LAPTOP, SCREEN)
LANGUAGES = ("zh", "en")
LOOKS = [("zh", "light"), ("en", "dark")]
"""Contrast does not depend on the words, nor do widths on the colours: two walks see all that four would."""

OPENING = {
    "/inbox": ".list .row",
    "/dispatch": ".list .row",
    "/calls": "tbody tr",
    "/voicemail": "[data-voicemail]",
    "/knowledge": "tbody tr a",
}
"""Lists that show something beside them, and what is pressed for it."""

FURTHER = ("/recordings/replay", "/recordings/quality", "/recordings/keeping", "/tickets/new")
"""Pages of the supervisor that no entry of the navigation leads to."""

IN_HAND = {"/tickets", "/tickets/ticket", "/inbox"}
"""Pages that are used on a telephone as well."""


STILL = """() => document.getAnimations()
  .every((one) => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity)"""
"""Nothing is fading in or sliding any more: letters half there have no contrast."""


SIZED = """(width) => window.innerWidth === width && [...document.querySelectorAll('div > svg')]
  .every((one) => !one.closest('[role="img"]')
    || one.getBoundingClientRect().width <= one.closest('[role="img"]').getBoundingClientRect().width + 1)"""
"""Charts are drawn anew by a ResizeObserver, which is told of a new width a frame or more after the page has it."""


async def faults(page: Page, name: str, folder: Path | None, sizes: tuple[tuple[int, int], ...] = SIZES) -> list[str]:
    """What is wrong with the page as it stands, at each size."""
    found = []
    for width, height in sizes:
        await page.set_viewport_size({"width": width, "height": height})
        await page.wait_for_function(SIZED, arg=width)
        await page.wait_for_function(STILL)
        found += [f"{name} at {width}: {fault}" for fault in await layout_faults(page)]
    await photograph(page, folder, name, sizes)
    return found + [f"{name}: {fault}" for fault in await axe_faults(page)]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_before_anybody_is_logged_in(
    stack: Stack, agents_browser: Browser, pictures: Path | None, language: str
) -> None:
    page = await (await context_of(agents_browser, language)).new_page()
    await page.goto(f"{stack.url}/login")
    await expect(page.locator(".demo li")).not_to_have_count(0)
    found = await faults(page, f"login-{language}", pictures, (HAND, *SIZES))
    await page.fill("#username", "8001")
    await page.fill("#password", "wrong-password")
    await page.press("#password", "Enter")
    await expect(page.get_by_role("alert")).not_to_be_empty()
    found += await faults(page, f"login-refused-{language}", pictures)
    for name, ready in (("phone", ".dial"), ("progress", "form")):
        await page.goto(f"{stack.url}/{name}")
        await expect(page.locator(ready)).to_be_visible()
        found += await faults(page, f"{name}-{language}", pictures, (HAND, *SIZES))
    assert found == []


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
async def test_every_page_of_every_role(
    stack: Stack, agents_browser: Browser, pictures: Path | None, language: str, scheme: str
) -> None:
    ticket, *_ = await furnished(stack)
    found: list[str] = []
    done: set[str] = set()
    colleagues = {"8002", "8003", "8101"}  # the same pages as 8001
    for username in [login["username"] for login in stack.ready["logins"] if login["username"] not in colleagues]:
        context = await context_of(agents_browser, language)
        page = await context.new_page()
        traffic = Traffic(page)
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await page.goto(f"{stack.url}/login")
        await page.fill("#username", username)
        await page.fill("#password", stack.password_of(username))
        await page.press("#password", "Enter")
        links = page.locator("nav a")
        await expect(links).not_to_have_count(0)
        addresses = [await link.get_attribute("href") or "" for link in await links.all()]
        if username == "banzhang":
            addresses += [*FURTHER, f"/tickets/{ticket}"]
        for address in addresses:
            if address in done:
                continue
            done.add(address)
            await page.goto(f"{stack.url}{address}")
            await traffic.over()
            address = address.replace(ticket, "ticket")
            name = f"{address.strip('/').replace('/', '-')}-{language}-{scheme}"
            # An agent's telephone bar is made for a desk; the others open tickets on the way.
            in_hand = (address in IN_HAND or address == "/tickets/ticket") and await page.locator(
                ".shell.telephone"
            ).count() == 0
            found += await faults(page, name, pictures, (HAND, *SIZES) if in_hand else SIZES)
            if address in OPENING and (first := page.locator(OPENING[address]).first) and await first.count():
                await first.click()
                await traffic.over()
                found += await faults(page, f"opened-{name}", pictures)
        await context.close()
    assert {"/desk", "/calls", "/tickets", "/voicemail", "/survey", "/office", "/ledger"} <= done
    assert found == []


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
async def test_the_desk_through_a_call(
    stack: Stack, agents_browser: Browser, pictures: Path | None, language: str, scheme: str
) -> None:
    context = await context_of(agents_browser)
    desk = await DeskPage.open(context, stack)
    page = desk.page
    await desk.ready()
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    async def look(name: str) -> list[str]:
        return await faults(page, f"{name}-{language}-{scheme}", pictures)

    async def speak() -> None:
        """The switch of the language, as pressed by a person."""
        if language == "en":
            await page.get_by_role("button", name="English").click()
            await expect(page.get_by_role("button", name="中文")).to_be_visible()

    async def back() -> None:
        if language == "en":
            await page.get_by_role("button", name="中文").click()

    async with stack.citizen("13800138000") as citizen:
        await citizen.call("12345")
        await citizen.wait_state("CONFIRMED")
        await citizen.digits("0")
        await desk.rings()
        await speak()
        found = await look("ringing")
        await back()
        await desk.answer()
        await desk.write("小区门口路灯不亮", "来电人反映望江路 88 号门口两盏路灯从周一起不亮，夜间老人出行不便。")
        await page.keyboard.press("Control+s")
        await expect(page.locator(".el-form-item__error")).to_be_visible()
        await speak()
        found += await look("in-call")
        await page.keyboard.press("F1")
        await expect(page.get_by_role("dialog")).to_be_visible()
        found += await look("shortcuts")
        await page.keyboard.press("F1")
        await back()
        await desk.hang_up()
    await speak()
    found += await look("wrap-up")
    for part in ("knowledge", "scripts", "recent"):
        await page.locator(f"#tab-{part}").click()
        await expect(page.locator(f"#pane-{part}")).to_be_visible()
        found += await look(f"beside-{part}")
    await page.get_by_role("link", name="138 0013 8000").first.click()
    await expect(page.locator("tbody tr")).not_to_have_count(0)
    await expect(page.get_by_test_id("player")).to_have_attribute("data-drawn", "true", timeout=60_000)
    found += await look("call")
    await page.goto(f"{stack.url}/tickets")
    await page.locator("tbody tr").first.click()
    await expect(page.get_by_test_id("history").locator("li")).not_to_have_count(0)
    found += await look("ticket")
    assert found == []
