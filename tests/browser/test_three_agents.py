"""Three agents, each in a Chromium of their own, and three citizens at once: nobody gets anything of another's call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import expect

from hotline.sip_phone import SipPhone
from tests.kit.chromium import chromium, context_of, hears
from tests.kit.devices import dials
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack
from tests.kit.tones import speakers
from tests.kit.waiting import until

pytestmark = pytest.mark.browser

AGENTS = (("8001", "agent"), ("8002", "supervisor"), ("8003", "browser"))
"""Extension, and the voice of the browser's microphone."""
CITIZENS = (("13800138000", "citizen"), ("13700137001", "second citizen"), ("13700137002", "service"))


@pytest.fixture
async def desks(stack: Stack, tmp_path: Path) -> AsyncIterator[list[DeskPage]]:
    """Three agents at work."""
    async with AsyncExitStack() as inside:

        async def at_work(extension: str, voice: str) -> DeskPage:
            folder = tmp_path / extension
            folder.mkdir()
            browser = await inside.enter_async_context(chromium(folder, voice))
            desk = await DeskPage.open(await context_of(browser), stack, extension)
            await desk.ready()
            return desk

        opened = [await at_work(*one) for one in AGENTS]
        yield opened
        for desk in opened:  # the next test's calls ring nobody who is not there
            await desk.not_ready()


def ending(number: str) -> str:
    """What is shown of it before the answer, and after it too."""
    return number[-4:]


async def test_three_calls_at_once_stay_apart(stack: Stack, desks: list[DeskPage]) -> None:
    async with AsyncExitStack() as inside:
        phones: dict[str, tuple[SipPhone, str]] = {}
        for number, voice in CITIZENS:
            phones[ending(number)] = (await inside.enter_async_context(stack.citizen(number, voice)), voice)
        await asyncio.gather(*(dials(phone) for phone, _voice in phones.values()))
        await asyncio.gather(*(desk.rings() for desk in desks))

        cards = [await desk.part("caller-card").inner_text() for desk in desks]
        rung = [[number for number in phones if number in card] for card in cards]
        assert sorted(number for numbers in rung for number in numbers) == sorted(phones), cards
        assert [len(numbers) for numbers in rung] == [1, 1, 1]
        callers = [numbers[0] for numbers in rung]

        await asyncio.gather(*(desk.answer() for desk in desks))
        for desk, caller, (_extension, own) in zip(desks, callers, AGENTS, strict=True):
            phone, voice = phones[caller]
            await hears(desk.page, {voice})
            await until(lambda phone=phone, own=own: speakers(phone.heard(0.5)) == {own}, f"{caller} hears {own}")  # type: ignore[misc]
        await asyncio.gather(
            *(desk.write(f"来自 {caller}", f"{caller} 反映的事项") for desk, caller in zip(desks, callers, strict=True))
        )
        for desk, caller in zip(desks, callers, strict=True):
            await expect(desk.page.locator("#f-title")).to_have_value(f"来自 {caller}")
            await expect(desk.part("caller-card")).to_contain_text(caller)
        for desk in desks:
            await desk.choose_category("自来水")
        numbers = [await desk.save() for desk in desks]
        assert len(set(numbers)) == len(desks)

        await desks[0].hang_up()
        for desk in desks[1:]:
            await desk.state("通话中")
        for desk in desks[1:]:
            await desk.hang_up()
        for phone, _voice in phones.values():
            await phone.wait_state("DISCONNECTED")
    for desk in desks:
        await desk.done()
        assert desk.complaints == []
