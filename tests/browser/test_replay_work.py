"""What a reviewer does at the replay desk, in a real browser that really plays: find, hear, mark, clip, judge.

No switch is needed: the recording is a real one in the store of a desk of the test's own, and so is its index.
"""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

import recordings
import ticketing
from hotline import resources
from tests.browser.test_looks import faults
from tests.kit.chromium import context_of
from tests.kit.waiting import until_async
from tests.wire.desk.house import CONTACT, PASSWORD, House
from tests.wire.desk.server import serving
from tests.wire.desk.told import Line, Told

pytestmark = pytest.mark.browser

WANTED_AT = 63.0
"""Second at which the sentence that is looked for is said: below the transcript's first screenful."""
QUIET = (80.0, 110.0)
"""Nobody speaks in between."""
LENGTH = 130.0
LINES: list[Line] = [
    *(("citizen" if at % 2 else "other", float(at), at + 2.0, f"第 {at} 秒 的 话") for at in range(0, 63, 3)),
    ("citizen", WANTED_AT, 66.0, "小区 门口 的 路灯 不亮 了"),
    ("other", 67.0, 80.0, "我 马上 给您 记下来"),
    ("citizen", 110.0, 128.0, "谢谢 再见"),
]

_MEDIA = """
(() => {
  const Native = window.Audio
  window.Audio = function (...given) {
    const made = new Native(...given);
    (window.__media ??= []).push(made)
    return made
  }
})()
"""


@pytest.fixture(autouse=True)
async def quiet() -> None:
    """No switch, no calls left over."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    built = House(tmp_path, static_dir=resources.web_app(), demo=False)
    built.agent(1)
    built.person("auditor1", "auditor")
    return built


@pytest.fixture
def told(house: House) -> Told:
    return Told(house, LINES, seconds=LENGTH)


@pytest.fixture
def ticket(house: House) -> ticketing.Ticket:
    return house.ticket()


@pytest.fixture
async def page(house: House, told: Told, ticket: ticketing.Ticket, agents_browser: Browser) -> AsyncIterator[Page]:
    """The auditor at the replay desk; every voice that the page plays can be looked at."""
    async with serving(house) as port:
        house.queued(CONTACT, "13800138000")
        context = await context_of(agents_browser)
        await context.add_init_script(_MEDIA)
        page = await context.new_page()
        await page.goto(f"http://127.0.0.1:{port}/login")
        await page.fill("#username", "auditor1")
        await page.fill("#password", PASSWORD)
        await page.press("#password", "Enter")
        await expect(page.locator("nav a")).not_to_have_count(0)
        await page.goto(f"http://127.0.0.1:{port}/recordings/replay")
        yield page
        await context.close()


async def voice(page: Page) -> dict[str, Any]:
    """What the browser's own player says of itself."""
    found: dict[str, Any] = await page.evaluate(
        """() => { const one = (window.__media ?? []).findLast((media) => media.src)
        return one ? { at: one.currentTime, paused: one.paused, rate: one.playbackRate, pitch: one.preservesPitch }
                   : { at: -1, paused: true, rate: 0, pitch: false } }"""
    )
    return found


async def comes_to(page: Page, start: float, end: float, what: str) -> None:
    """Waits until the voice is heard between two seconds of the recording."""

    async def there() -> bool:
        now = await voice(page)
        return not now["paused"] and start <= now["at"] <= end

    await until_async(there, what, 20)


async def opened(page: Page) -> None:
    """From the words to the voice: search, hit, reason."""
    await page.get_by_test_id("words").fill("路灯不亮")
    await page.get_by_test_id("words").press("Enter")
    hit = page.get_by_test_id("hit")
    await expect(hit).to_have_count(1)
    await expect(hit).to_contain_text("小区门口的路灯不亮了")
    await expect(hit.locator("mark")).to_have_text("路灯不亮")
    await hit.click()
    bench = page.get_by_test_id("bench")
    await expect(bench).to_have_attribute("data-drawn", "true")
    await page.get_by_test_id("reason").get_by_role("button").first.click()
    await expect(bench).to_have_attribute("data-playing", "true")


async def test_what_was_said_is_found_and_heard_at_its_second(page: Page) -> None:
    await opened(page)
    await comes_to(page, WANTED_AT, WANTED_AT + 15, "the sentence is heard")
    current = page.get_by_test_id("transcript").locator("[aria-current=true]")
    await expect(current).to_contain_text("马上给您记下来")  # the words go along with the voice
    await expect(current).to_be_in_viewport()
    await expect(page.locator(".wave")).to_be_in_viewport()  # and do not push the waveform away
    await page.get_by_role("button", name="暂停").click()
    await page.get_by_test_id("transcript").get_by_role("button").first.click()
    await comes_to(page, 0, 10, "the first sentence is heard")


async def test_fast_slow_without_silences_and_in_a_loop(page: Page) -> None:
    await opened(page)
    for speed in ("0.5", "3"):
        await page.locator(".el-radio-button").get_by_text(f"{speed}×", exact=True).click()
        now = await voice(page)
        assert (now["rate"], now["pitch"], now["paused"]) == (float(speed), True, False)
    await page.get_by_text("跳过静默").click()
    await comes_to(page, QUIET[1] - 1, LENGTH, "the silence is jumped over")
    await page.get_by_role("tab", name="片段与导出").click()
    await page.get_by_test_id("transcript").get_by_text("小区门口的").click()
    await comes_to(page, WANTED_AT - 0.5, WANTED_AT + 15, "the sentence is heard again")
    await page.get_by_role("button", name="当前位置前后各 5 秒").click()
    start, end = await chosen(page)
    assert 9 <= end - start <= 11, (start, end)
    await page.get_by_role("button", name="循环").click()
    rounds = await page.evaluate(
        """([start, end]) => new Promise((done) => {
          const one = window.__media.findLast((media) => media.src); let back = 0, last = one.currentTime
          const look = () => {
            if (one.currentTime < last - 3) back += 1
            last = one.currentTime
            if (back === 2) { one.removeEventListener('timeupdate', look); done([back, last]) }
          }
          one.addEventListener('timeupdate', look)
        })""",
        [start, end],
    )
    assert rounds[0] == 2
    assert start - 1 <= rounds[1] <= end + 1


async def chosen(page: Page) -> tuple[float, float]:
    """The stretch that is marked on the waveform, in whole seconds as shown."""
    text = await page.get_by_test_id("chosen").inner_text()
    start, end = (side.split(":") for side in text.split("–"))
    return int(start[0]) * 60 + float(start[1]), int(end[0]) * 60 + float(end[1])


async def test_marked_clipped_exported_and_judged(
    page: Page, house: House, told: Told, ticket: ticketing.Ticket, tmp_path: Path, pictures: Path | None
) -> None:
    await opened(page)
    await comes_to(page, WANTED_AT, WANTED_AT + 15, "the sentence is heard")
    await page.get_by_role("button", name="暂停").click()
    await page.get_by_placeholder("在此处添加备注").fill("坐席答得好")
    await page.get_by_placeholder("在此处添加备注").press("Enter")
    remark = page.get_by_test_id("remarks").locator("li")
    await expect(remark).to_contain_text("坐席答得好")
    found = await faults(page, "replay-remark-zh", pictures)

    await page.get_by_role("tab", name="片段与导出").click()
    await page.get_by_role("button", name="当前位置前后各 5 秒").click()
    span = await chosen(page)
    await page.get_by_label("片段说明").fill("市民说的问题")
    await page.get_by_role("button", name="附到工单").click()
    await expect(page.get_by_test_id("clips").locator("li")).to_contain_text(ticket.number)
    found += await faults(page, "replay-clip-zh", pictures)
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="导出签名副本").click()
    file = tmp_path / "clip.zip"
    await (await coming.value).save_as(file)
    with zipfile.ZipFile(file) as packed:
        names = packed.namelist()
    assert sorted(names) == ["manifest.json", "recording.ogg", "transcript.txt"]

    await page.get_by_role("tab", name="评分").click()
    await page.get_by_role("button", name="领取并评分").click()
    card = page.get_by_test_id("scorecard")
    points = card.locator(".el-input-number")
    await expect(points).not_to_have_count(0)
    for number in range(await points.count()):
        most = await card.locator(".point > .figures").nth(number).inner_text()
        await points.nth(number).locator("input").fill(most.strip("/ "))
        await points.nth(number).locator("input").press("Tab")
    await card.locator("textarea").fill("用语规范")
    await expect(page.get_by_test_id("score")).to_have_text("100")
    found += await faults(page, "replay-score-zh", pictures)
    await card.get_by_role("button", name="提交评分").click()
    await expect(page.get_by_test_id("score-done")).to_be_visible()

    with house.read() as session:
        clips = recordings.clips_of_ticket(session, ticket.ticket_id)
    assert [(one.recording_id, one.title) for one in clips] == [(told.recording_id, "市民说的问题")]
    assert abs(clips[0].start - span[0]) <= 1
    assert abs(clips[0].end - span[1]) <= 1
    await page.goto(page.url.split("/recordings/")[0] + f"/tickets/{ticket.ticket_id}")
    await expect(page.get_by_test_id("ticket-clips").locator("li")).to_contain_text("市民说的问题")
    assert found == []


async def test_a_voice_is_kept_for_named_people_and_who_is_refused_stands_in_the_ledger(
    page: Page, house: House, told: Told, pictures: Path | None
) -> None:
    house.person("supervisor1", "supervisor")
    await opened(page)
    await page.get_by_role("tab", name="保密").click()
    form = page.get_by_test_id("secret")
    await form.get_by_text("来电人要求保密", exact=True).click()
    await expect(form.locator(".el-select")).to_contain_text("auditor1")  # whoever keeps it stays able to change it
    found = await faults(page, "replay-secret-zh", pictures)
    await page.get_by_role("button", name="English").click()
    found += await faults(page, "replay-secret-en", pictures)
    await page.get_by_role("button", name="中文").click()
    await form.get_by_role("button", name="保存").click()

    async def kept() -> bool:
        with house.read() as session:
            note = recordings.notes_of(session, [CONTACT])[CONTACT]
            return note.confidential and len(note.named) == 1

    await until_async(kept, "the caller is confidential", 10)
    origin = page.url.split("/recordings/")[0]
    await page.request.post(f"{origin}/api/v1/logout", headers={"X-Requested-With": "hotline"})
    await page.goto(f"{origin}/login")
    await page.fill("#username", "supervisor1")
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await expect(page.locator("nav a")).not_to_have_count(0)
    await page.goto(f"{origin}/recordings/replay/{told.recording_id}")
    await expect(page.get_by_test_id("bench").get_by_text("只有指定人员可以调听").first).to_be_visible()
    await page.get_by_role("tab", name="保密").click()
    await expect(form.get_by_role("status")).to_have_text("只有已指定的人员可以更改。")
    await expect(form.get_by_role("button", name="保存")).to_be_disabled()
    await page.goto(f"{origin}/ledger")
    line = page.locator("tbody tr").filter(has_text="录音详情").first
    await expect(line).to_contain_text("拒绝查阅")
    await expect(line).to_contain_text("supervisor1")
    await page.get_by_role("button", name="English").click()
    line = page.locator("tbody tr").filter(has_text="what is known of a recording").first
    await expect(line).to_contain_text("was refused")
    assert found == []
