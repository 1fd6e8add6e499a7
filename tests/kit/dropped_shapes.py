"""Shapes of calls in which the agent's browser goes away and comes back: a real Chromium, whose tab is closed in the
middle.  The citizen hears music or stays with the unit, never silence; the agent is back within five seconds, in the
same call, with the draft and with whoever was consulted."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import groupby
from typing import Literal

from playwright.async_api import BrowserContext, expect

from hotline.sip_phone import Heard, describe
from tests.kit.chromium import chromium, context_of, hears
from tests.kit.hall import UNIT, Hall, Taken
from tests.kit.pages import DeskPage
from tests.kit.shapes import AGENT, CITIZEN, UNIT_, recorded
from tests.kit.waiting import until

EXTENSION = "8001"
"""The demo's agent with a browser."""
BACK_WITHIN = 5.0
LONGEST_SILENCE = 1.5
"""Seconds: from the closed tab to the music, and between the music and the agent's voice."""
TITLE, TEXT = "下水道堵塞", "来电人反映楼前下水道堵塞两天。"

Phase = Literal["talking", "consulting", "three_way"]


@asynccontextmanager
async def _desk(hall: Hall) -> AsyncIterator[DeskPage]:
    async with chromium(hall.folder, "agent") as browser:
        desk = await DeskPage.open(await context_of(browser), hall.stack, EXTENSION)
        await desk.ready()
        yield desk
        await hall.over()


async def _comes_back(context: BrowserContext, hall: Hall) -> DeskPage:
    """A new tab of the same browser, as when the closed one is opened again."""
    desk = DeskPage(await context.new_page(), hall.stack)
    await desk.page.goto(f"{hall.stack.url}/desk")
    return desk


def _longest_silence(heard: Heard) -> float:
    kinds = [describe(window).kind for window in heard.windows(0.25)]
    return max((0.25 * len(list(run)) for kind, run in groupby(kinds) if kind == "silence"), default=0.0)


def dropped_browser(phase: Phase) -> Callable[[Hall], Awaitable[None]]:
    """The tab is closed while the conversation stands at ``phase``."""

    async def shape(hall: Hall) -> None:
        async with _desk(hall) as desk:
            await hall.citizen.call(hall.stack.settings.hotline_number)
            await desk.rings()
            await desk.answer()
            await hall.hears(hall.citizen, AGENT)
            started = hall.ami.of("MixMonitorStart")[-1]
            contact_id = started["ChanVariable CONTACT_ID"]
            taken = Taken(contact_id, started["Channel"], hall.folder, hall.stack.settings.consult_spool)
            taken.link_call(hall.stack.settings.recording_spool)
            await desk.write(TITLE, TEXT)
            if phase != "talking":
                await _consults(desk, hall)
            if phase == "three_way":
                await desk.page.keyboard.press("Alt+j")
                await hall.hears(hall.citizen, AGENT, UNIT_)
            heard_before = hall.citizen.heard().seconds

            await desk.page.close()
            if phase == "three_way":
                await hall.hears(hall.citizen, UNIT_)
            else:
                await until(lambda: describe(hall.citizen.heard(0.5)).kind in ("music", "tone"), "music")
            if phase == "consulting":
                await hall.hears(hall.unit)

            began = time.monotonic()
            desk = await _comes_back(desk.page.context, hall)
            await hears(desk.page, {CITIZEN, UNIT_} if phase == "three_way" else {CITIZEN})
            took = time.monotonic() - began
            assert took <= BACK_WITHIN, f"back after {took:.1f} s"
            silent = _longest_silence(hall.citizen.heard(hall.citizen.heard().seconds - heard_before))
            assert silent <= LONGEST_SILENCE, f"the citizen heard nothing for {silent} s"
            await hall.hears(hall.citizen, *((AGENT, UNIT_) if phase == "three_way" else (AGENT,)))
            await expect(desk.page.locator("#f-title")).to_have_value(TITLE)
            await expect(desk.page.locator("#f-text")).to_have_value(TEXT)
            await expect(desk.part("caller-card")).to_contain_text("138 0013 8000")
            if phase == "consulting":  # the unit has waited, and everybody is together by one key
                await expect(desk.page.locator(".party.music")).to_contain_text("自来水公司")
                await desk.page.keyboard.press("Alt+j")
            if phase != "talking":
                await desk.state("三方通话")
                await hall.hears(hall.citizen, AGENT, UNIT_)
                await hall.hears(hall.unit, AGENT, CITIZEN)
            await hall.citizen.hang_up()
            told: list[tuple[str, ...]] = [(AGENT,)]
            told += [] if phase == "talking" else [(AGENT, UNIT_)]
            told += [(UNIT_,), (AGENT, UNIT_)] if phase == "three_way" else []
            await recorded(hall, taken, *told)

    return shape


async def _consults(desk: DeskPage, hall: Hall) -> None:
    """Unit and agent talk in private."""
    await desk.consults(UNIT)
    await hall.hears(hall.unit, AGENT)
    await hears(desk.page, {UNIT_})
    await hall.hears(hall.citizen)
