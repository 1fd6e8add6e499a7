"""The replay desk in a real browser: words found, heard at their second, clipped, attached, judged, kept.

No switch is needed: the recordings are real ones in the store of a desk of the test's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

import recordings
import ticketing
from hotline import resources
from tests.browser.test_looks import faults
from tests.kit.chromium import context_of
from tests.wire.desk.house import CONTACT, PASSWORD, House
from tests.wire.desk.server import serving
from tests.wire.desk.told import Told

pytestmark = pytest.mark.browser

SECOND_CONTACT = "5f0c5a64-7d33-4a39-8d0b-0f2f4f0f1a02"


@pytest.fixture(autouse=True)
async def quiet() -> None:
    """No switch, no calls left over."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    built = House(tmp_path, static_dir=resources.web_app(), demo=False)
    built.agent(1)
    for name in ("auditor", "second"):
        built.person(name, "auditor")
    return built


@pytest.fixture
def told(house: House) -> Told:
    return Told(house)


@pytest.fixture
def ticket(house: House) -> ticketing.Ticket:
    with house.write.begin() as session:
        made = ticketing.create_ticket(
            session, ticketing.CreateTicket("k", "a1", "路灯不亮", contact_id=CONTACT), house.clock()
        )
    assert isinstance(made, ticketing.Ticket)
    return made


@pytest.fixture
async def address(house: House) -> AsyncIterator[str]:
    async with serving(house) as port:
        house.queued(CONTACT, "13800138000")
        yield f"http://127.0.0.1:{port}"


async def log_in(browser: Browser, address: str, who: str, language: str = "zh") -> Page:
    page = await (await context_of(browser, language)).new_page()
    await page.goto(f"{address}/login")
    await page.fill("#username", who)
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await expect(page.locator("nav a")).not_to_have_count(0)
    return page


async def position(page: Page) -> float:
    return float(await page.get_by_role("slider").get_attribute("aria-valuenow") or 0)


async def test_words_found_heard_clipped_attached_judged(
    house: House, told: Told, ticket: ticketing.Ticket, address: str, agents_browser: Browser, tmp_path: Path
) -> None:
    page = await log_in(agents_browser, address, "auditor")
    await page.goto(f"{address}/recordings")

    # Words, and who said them.
    await (
        page.get_by_test_id("words")
        .locator("input")
        .or_(page.locator("input[data-testid=words]"))
        .first.fill("你去找别人")
    )
    await page.keyboard.press("Enter")
    hit = page.get_by_test_id("hit")
    await expect(hit).to_have_count(1)
    await expect(hit.locator("mark")).to_have_text("你去找别人")
    await expect(hit).to_contain_text("话务员")

    # A click on the sentence: a reason first, then it plays at that very second.
    await hit.click()
    bench = page.get_by_test_id("bench")
    await expect(bench).to_have_attribute("data-drawn", "true")
    await expect(page.get_by_test_id("reason")).to_be_visible()
    await expect(page.get_by_test_id("transcript")).to_have_count(0)
    await page.get_by_role("button", name="投诉核查").click()
    await expect(bench).to_have_attribute("data-playing", "true")
    await expect(page.locator("li button.now")).to_contain_text("不归我们管")
    assert 5 <= await position(page) <= 7
    await expect(page.get_by_test_id("proof")).to_have_attribute("data-code", "sound")
    assert "一三八" not in await bench.inner_text()

    # Three times the speed, the pitch kept; silence skipped; the words go along.
    await page.get_by_text("3×").click()
    await page.get_by_text("跳过静默").click()
    await expect(page.locator("li button.now")).to_contain_text("我的电话")
    assert await position(page) >= 11

    # A remark at this second, a clip around it, on the ticket.
    await page.get_by_role("slider").focus()
    await page.keyboard.press("Home")
    await page.get_by_role("button", name="暂停").click()
    await page.get_by_label("在此处添加备注").fill("开头语规范")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("remarks")).to_contain_text("开头语规范")
    await page.get_by_role("tab", name="片段与导出").click()
    await page.get_by_role("button", name="当前位置前后各 5 秒").click()
    await expect(page.get_by_test_id("clip-span")).to_have_text("0:00–0:05")
    await expect(page.get_by_label("工单编号").last).to_have_value(ticket.number)
    await page.get_by_label("片段说明").fill("开头语")
    await page.get_by_role("button", name="附到工单").click()
    await expect(page.get_by_test_id("clips")).to_contain_text("开头语")

    # A signed copy, checked by somebody who has only the file.
    await page.get_by_label("格式").click()
    await page.get_by_role("option", name="WAV").click()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="导出签名副本").click()
    copy = tmp_path / "copy.zip"
    await (await download.value).save_as(copy)
    verdict = await asyncio.to_thread(recordings.check_export, copy)
    assert verdict.broken is None
    assert verdict.manifest is not None
    assert verdict.manifest["cut"] == {"from": 0, "to": 5}

    # Judged: what the transcript found stands beside the points.
    await page.get_by_role("tab", name="评分").click()
    await page.get_by_role("button", name="领取并评分").click()
    card = page.get_by_test_id("scorecard")
    await expect(card).to_contain_text("说了服务忌语“不归我们管”")
    await expect(card).to_contain_text("说了“您好”")
    for field in await card.get_by_role("spinbutton").all():
        await field.fill(await field.get_attribute("aria-valuemax") or await field.get_attribute("max") or "10")
        await field.press("Tab")
    await expect(page.get_by_test_id("score")).to_have_text("100")
    await card.get_by_role("button", name="提交评分").click()
    await expect(page.get_by_test_id("score-done")).to_contain_text("合格")

    # The agent sees who listened and why.
    agent = await log_in(agents_browser, address, "agent1")
    await agent.goto(f"{address}/recordings/listened")
    await expect(agent.get_by_test_id("plays")).to_contain_text("投诉核查")
    await agent.goto(f"{address}/tickets/{ticket.ticket_id}")
    await expect(agent.get_by_test_id("ticket-clips")).to_contain_text("开头语")


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_looks(
    house: House,
    told: Told,
    ticket: ticketing.Ticket,
    address: str,
    agents_browser: Browser,
    pictures: Path | None,
    language: str,
) -> None:
    lost = Told(house, contact_id=SECOND_CONTACT)
    for file in house.store.root.rglob(f"{lost.recording_id}*"):
        file.unlink()
    page = await log_in(agents_browser, address, "auditor", language)
    found = []
    await page.evaluate("sessionStorage.setItem('hotline.reason', '质检 QA')")
    await page.goto(f"{address}/recordings/replay/{told.recording_id}?words=路灯")
    await expect(page.get_by_test_id("bench")).to_have_attribute("data-drawn", "true")
    await expect(page.get_by_test_id("transcript")).to_be_visible()
    for number, tab in enumerate(await page.get_by_role("tab").all()):
        await tab.click()
        await page.wait_for_load_state("networkidle")
        found += await faults(page, f"replay-{number}-{language}", pictures)
    await page.goto(f"{address}/recordings/replay/{lost.recording_id}?silence=1")
    await expect(page.get_by_test_id("problem")).to_be_visible()
    await expect(page.get_by_test_id("proof")).to_have_attribute("data-code", "file_missing")
    found += await faults(page, f"replay-lost-{language}", pictures)
    for name in ("quality", "keeping"):
        await page.goto(f"{address}/recordings/{name}")
        await page.wait_for_load_state("networkidle")
        found += await faults(page, f"{name}-{language}", pictures)
    assert found == []
