"""The looks of the replay desk in a real browser.

No switch is needed: the recordings are real ones in the store of a desk of the test's own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

import ticketing
from hotline import resources
from tests.browser.test_looks import faults
from tests.kit.chromium import context_of
from tests.wire.desk.house import CONTACT, PASSWORD, House
from tests.wire.desk.server import serving
from tests.wire.desk.told import Told

pytestmark = pytest.mark.browser

THIRD_CONTACT = "5f0c5a64-7d33-4a39-8d0b-0f2f4f0f1a03"
SECOND_CONTACT = "5f0c5a64-7d33-4a39-8d0b-0f2f4f0f1a02"


@pytest.fixture(autouse=True)
async def quiet() -> None:
    """No switch, no calls left over."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    built = House(tmp_path, static_dir=resources.web_app(), demo=False)
    built.agent(1)
    for name in ("auditor1", "auditor2"):
        built.person(name, "auditor")
    return built


@pytest.fixture
def told(house: House) -> Told:
    return Told(house)


@pytest.fixture
def ticket(house: House) -> ticketing.Ticket:
    return house.ticket()


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
    page = await log_in(agents_browser, address, "auditor1", language)
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
    if language == "zh":  # another recording of the same length in its place
        other = Told(house, contact_id=THIRD_CONTACT, lines=())
        mine, theirs = (next(house.store.root.rglob(f"{one.recording_id}-*.wav")) for one in (told, other))
        mine.write_bytes(theirs.read_bytes())
        await page.goto(f"{address}/recordings/replay/{told.recording_id}?swapped=1")
        await expect(page.get_by_test_id("proof")).to_have_attribute("data-code", "file_changed")
        await page.get_by_test_id("bench").get_by_role("button", name="播放").first.click()
        await expect(page.get_by_test_id("problem")).to_contain_text("改动")
        found += await faults(page, f"replay-swapped-{language}", pictures)
    for name in ("quality", "keeping"):
        await page.goto(f"{address}/recordings/{name}")
        await page.wait_for_load_state("networkidle")
        found += await faults(page, f"{name}-{language}", pictures)
    assert found == []
