"""Several agents, several tabs: one telephone rings, one person sees who is calling."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from hotline.sip_phone import SipPhone
from tests.kit.chromium import context_of, hears
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack
from tests.kit.tones import speakers
from tests.kit.waiting import until

pytestmark = pytest.mark.browser

BANNER = "工作台已在另一个窗口打开"
NUMBER = "13800138000"


async def dials(citizen: SipPhone) -> None:
    """Past the greeting, straight to the queue."""
    await citizen.call("12345")
    await citizen.wait_state("CONFIRMED")
    await citizen.digits("0")


async def hears_agent(citizen: SipPhone) -> None:
    await until(lambda: speakers(citizen.heard(0.5)) == {"agent"}, "the citizen hears the agent")


async def test_only_the_agent_being_rung_sees_the_caller(stack: Stack, agents_browser: Browser) -> None:
    first = await DeskPage.open(await context_of(agents_browser), stack, "8001")
    second = await DeskPage.open(await context_of(agents_browser), stack, "8002")
    await second.ready()
    await second.not_ready()
    await first.ready()
    async with stack.citizen(NUMBER) as citizen:
        await dials(citizen)
        await first.rings()
        await expect(second.part("caller-card")).to_have_count(0)
        await second.state("示忙")
        await first.answer()
        await hears(first.page, {"citizen"})
        await expect(second.part("caller-card")).to_have_count(0)
        await first.hang_up()
    await first.done()


async def test_a_second_tab_takes_over_in_mid_call_and_gives_it_back(stack: Stack, agents_browser: Browser) -> None:
    """R21: one tab has the telephone and rings, the other waits."""
    context = await context_of(agents_browser)
    first = await DeskPage.open(context, stack)
    await first.ready()
    async with stack.citizen(NUMBER) as citizen:
        await dials(citizen)
        await first.rings()
        await first.answer()
        await hears_agent(citizen)
        await first.write("公交站牌损坏", "站牌倒地。")

        second = DeskPage(await context.new_page(), stack)
        await second.page.goto(f"{stack.url}/desk")
        await expect(second.page.get_by_role("alert")).to_contain_text(BANNER)
        await hears_agent(citizen)  # opening a tab changes nothing

        await second.page.get_by_role("button", name="在本窗口使用").click()
        await hears(second.page, {"citizen"})
        await second.state("通话中")
        await expect(second.page.locator("#f-title")).to_have_value("公交站牌损坏")
        await expect(first.page.get_by_role("alert")).to_contain_text(BANNER)
        await hears(first.page, set())

        await first.page.bring_to_front()
        await first.page.get_by_role("button", name="在本窗口使用").click()
        await hears(first.page, {"citizen"})
        await expect(second.page.get_by_role("alert")).to_contain_text(BANNER)
        await hears_agent(citizen)
        await first.hang_up()
        await citizen.wait_state("DISCONNECTED")
    await first.done(unsaved=True)


async def test_an_agent_on_another_page_sees_the_caller_and_is_brought_to_the_form(
    stack: Stack, agents_browser: Browser
) -> None:
    desk = await DeskPage.open(await context_of(agents_browser), stack)
    await desk.ready()
    await desk.page.get_by_role("link", name="工单", exact=True).click()
    async with stack.citizen(NUMBER) as citizen:
        await dials(citizen)
        pop = desk.page.get_by_role("complementary", name="来电")
        await expect(pop).to_contain_text("138****8000", timeout=20_000)
        await pop.get_by_role("button", name="接听").click()
        await expect(desk.part("ticket-form")).to_be_visible()
        await hears_agent(citizen)
        await desk.hang_up()
    await desk.done()


async def test_a_caller_who_gives_up_while_it_rings_leaves_a_calm_desk(stack: Stack, agents_browser: Browser) -> None:
    desk = await DeskPage.open(await context_of(agents_browser), stack)
    await desk.ready()
    async with stack.citizen(NUMBER) as citizen:
        await dials(citizen)
        await desk.rings()
        await expect(desk.page).to_have_title("☎ 来电")
        await citizen.hang_up()
        await expect(desk.part("caller-card")).to_have_count(0)
        await desk.state("就绪")
        await expect(desk.page).not_to_have_title("☎ 来电")


async def test_a_break_asked_for_in_a_call_begins_after_it(stack: Stack, agents_browser: Browser) -> None:
    """R09: what was asked for during the call is not lost with it."""
    desk = await DeskPage.open(await context_of(agents_browser), stack)
    await desk.ready()
    async with stack.citizen(NUMBER) as citizen:
        await dials(citizen)
        await desk.rings()
        await desk.answer()
        await desk.page.get_by_role("button", name="示忙").click()
        await desk.page.get_by_role("menuitem", name="用餐").click()
        await expect(desk.page.locator(".duty")).to_contain_text("之后 用餐")
        await desk.state("通话中")
        await desk.hang_up()
    await desk.page.keyboard.press("Alt+r")
    await desk.state("示忙")
    await expect(desk.page.locator(".bar .line")).to_contain_text("用餐")
