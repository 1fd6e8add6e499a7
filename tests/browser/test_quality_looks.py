"""Quality checks and the survey after weeks of work, in both languages: pages filled as an office fills them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Browser, expect

import cti
import recordings
from agent_desktop.accounts import find_user
from hotline import resources
from tests.browser.test_looks import faults
from tests.kit.chromium import context_of
from tests.wire.desk.house import PASSWORD, House
from tests.wire.desk.server import serving
from tests.wire.desk.told import Told

pytestmark = pytest.mark.browser

WEEKS = 6
AGENTS = {"a1": "欧阳晓梅", "a2": "司马建国", "a3": "王静"}
COMMENTS = ("开头语规范，记录完整。", "语速偏快，市民两次要求重复；结束语缺失，未确认联系电话，建议补训。", "")


@pytest.fixture(autouse=True)
async def quiet() -> None:
    """No switch, no calls left over."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Six weeks of reviews, a calibration that is over and one that is not."""
    built = House(tmp_path, static_dir=resources.web_app(), demo=False)
    built.clock.now = datetime.now(UTC) - timedelta(weeks=WEEKS)  # pages ask by the browser's day
    for number, (agent_id, name) in enumerate(AGENTS.items(), 1):
        built.agent(number)
        with built.write.begin() as session:
            cti.put_agent(session, agent_id=agent_id, extension=f"800{number}", display_name=name, kind="web")
    for person in ("auditor1", "auditor2"):
        built.person(person, "auditor")
    built.person("supervisor1", "supervisor")
    _reviewed(built)
    return built


def _reviewed(house: House) -> None:
    card = house.doors.archive.scorecard
    points = {point.id: point.most for section in card.sections for point in section.points}
    fatal = card.fatal[0].id
    with house.read() as session:
        people = [find_user(session, name) for name in ("auditor1", "auditor2")]
    first, second = (one.user_id for one in people if one is not None)

    def fill(review_id: str, person: str, less: int, failed: list[str]) -> None:
        given = {name: max(0, most - less % (index + 2)) for index, (name, most) in enumerate(points.items())}
        comment = COMMENTS[less % len(COMMENTS)]
        with house.write.begin() as session:
            recordings.save_review(session, review_id, person, 1, given, failed, comment, house.clock(), done=True)

    for week in range(WEEKS):
        for number, agent in enumerate(AGENTS):
            told = Told(
                house, (), contact_id=f"5f0c5a64-7d33-4a39-8d0b-0f2f4f0f{week}b{number:02d}", agents=(agent,), seconds=2
            )
            with house.write.begin() as session:
                made = recordings.claim_review(session, card, told.recording_id, first, house.clock())
            if (week, number) != (WEEKS - 1, 2):  # one is still being judged
                fill(made, first, week * 5 + number * 3, [fatal] if (week, number) == (2, 1) else [])
        house.clock.forward(days=7)
    for number in range(2):
        told = Told(house, (), contact_id=f"5f0c5a64-7d33-4a39-8d0b-0f2f4f0fcc{number:02d}", seconds=2)
        with house.write.begin() as session:
            calibration = recordings.start_calibration(
                session, card, str(uuid4()), told.recording_id, first, [first, second], house.clock()
            )
        with house.read() as session:
            views = [recordings.get_calibration(session, calibration, one) for one in (first, second)]
        for index, (view, person) in enumerate(zip(views, (first, second), strict=True)):
            assert view is not None
            if number == 0 or index == 0:
                fill(view.reviews[0].review_id, person, 4 + 3 * index, [])


def _asked(house: House) -> None:
    for number in range(40):
        agent, contact = tuple(AGENTS)[number % 3], f"5f0c5a64-7d33-4a39-8d0b-0f2f4f0fdd{number:02d}"
        house.queued(contact, f"138001380{number:02d}")
        house.answers(agent, contact)
        score = (5, 4, 5, 3, 1, None, 5, 2)[number % 8]
        with house.write.begin() as session:
            cti.record_survey(session, contact, house.clock(), score, house.clock() if score else None)
        house.clock.forward(minutes=7)


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
async def test_weeks_of_work(
    house: House, agents_browser: Browser, pictures: Path | None, language: str, scheme: str
) -> None:
    async with serving(house) as port:
        _asked(house)
        origin = f"http://127.0.0.1:{port}"
        page = await (await context_of(agents_browser, language)).new_page()
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        found: list[str] = []

        async def come(username: str) -> None:
            await page.goto(f"{origin}/login")
            await page.fill("#username", username)
            await page.fill("#password", PASSWORD)
            await page.press("#password", "Enter")
            await expect(page.locator("nav a")).not_to_have_count(0)

        async def look(name: str) -> None:
            await page.wait_for_load_state("networkidle")
            found.extend(await faults(page, f"filled-{name}-{language}-{scheme}", pictures))

        await come("auditor1")
        await page.goto(f"{origin}/recordings/quality")
        reviews = page.get_by_test_id("reviews").locator("tbody tr")
        await expect(reviews).to_have_count(len(AGENTS) * WEEKS)
        await look("quality")
        await page.locator(".quality .column").evaluate("(one) => one.scrollTo(0, one.scrollHeight)")
        await look("quality-end")
        await reviews.first.locator("a").first.click()
        await expect(page.get_by_test_id("scorecard")).to_be_visible()
        await look("quality-open")
        await reviews.nth(3).locator("a").first.click()
        await expect(page.get_by_test_id("score-done")).to_be_visible()
        await look("quality-done")
        await page.request.post(f"{origin}/api/v1/logout", headers={"X-Requested-With": "hotline"})
        await come("supervisor1")
        await page.goto(f"{origin}/survey")
        await expect(page.locator("tbody tr")).not_to_have_count(0)
        await look("survey")
        assert found == []
