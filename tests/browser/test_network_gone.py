"""The agent's network is gone for ten seconds in the middle of a call and comes back: R42.

Nobody says so: the sockets look open all the while.  The citizen hears music instead of silence, or the unit that is
there as well, and the same agent is back with the call, the draft and the timer.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_reload import TEXT, TITLE, comforted, hears_agent, talking, timer
from tests.kit.chromium import cut_off, hears
from tests.kit.hall import UNIT
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack
from tests.kit.tones import speakers
from tests.kit.waiting import until

pytestmark = pytest.mark.browser

GONE = 10.0
"""Seconds."""
BACK_WITHIN = 5.0
MORE = "（断网时补充）"


@asynccontextmanager
async def gone_for_ten_seconds(desk: DeskPage) -> AsyncIterator[None]:
    """What is inside happens meanwhile; the agent goes on writing."""
    with cut_off():
        end = time.monotonic() + GONE
        await desk.page.locator("#f-text").press_sequentially(MORE)
        yield
        await until(lambda: time.monotonic() >= end, "the network has been gone for long enough")


async def nothing_is_lost(desk: DeskPage, talked: int, since: float) -> None:
    """Draft and timer are what they were, and what was written meanwhile gets to the server."""
    assert -1 <= await timer(desk) - talked - (time.monotonic() - since) < 3, "counted on from the answer"
    await expect(desk.page.locator("#f-title")).to_have_value(TITLE)
    await expect(desk.page.locator("#f-text")).to_have_value(f"{TEXT}{MORE}")
    await desk.draft_stored()


async def test_the_citizen_hears_music_and_the_agent_is_back(stack: Stack, agents_browser: Browser) -> None:
    async with talking(stack, agents_browser) as (desk, citizen):
        talked, since = await timer(desk), time.monotonic()
        async with gone_for_ten_seconds(desk):
            await comforted(citizen)
            assert time.monotonic() - since < 7, "noticed within seconds, though no socket has closed"
        back = time.monotonic()
        await hears(desk.page, {"citizen"})
        await hears_agent(citizen)
        assert time.monotonic() - back < BACK_WITHIN
        await desk.state("通话中")
        await nothing_is_lost(desk, talked, since)
        await desk.hang_up()
        await citizen.wait_state("DISCONNECTED")
    await desk.done(unsaved=True)


async def test_r42_among_three_the_others_go_on_and_the_agent_is_back(stack: Stack, agents_browser: Browser) -> None:
    async with stack.unit() as unit, talking(stack, agents_browser) as (desk, citizen):
        await desk.consults(UNIT)
        await until(lambda: speakers(unit.heard(0.5)) == {"agent"}, "unit and agent talk in private")
        await desk.page.keyboard.press("Alt+j")
        await desk.state("三方通话")
        await hears(desk.page, {"citizen", "unit"})
        talked, since = await timer(desk), time.monotonic()
        async with gone_for_ten_seconds(desk):
            await until(lambda: speakers(citizen.heard(0.5)) == {"unit"}, "the citizen still hears the unit")
            await until(lambda: speakers(unit.heard(0.5)) == {"citizen"}, "the unit still hears the citizen")
        back = time.monotonic()
        await hears(desk.page, {"citizen", "unit"})
        await until(lambda: speakers(citizen.heard(0.5)) == {"agent", "unit"}, "the citizen hears both")
        await until(lambda: speakers(unit.heard(0.5)) == {"agent", "citizen"}, "the unit hears both")
        assert time.monotonic() - back < BACK_WITHIN
        await desk.registered()
        await desk.state("三方通话")
        await nothing_is_lost(desk, talked, since)
        # Its signalling finds the way as well: the switch's BYE arrives, and so does the agent's.
        await desk.hang_up()
        await until(lambda: speakers(citizen.heard(0.5)) == {"unit"}, "the agent has left")
    await desk.done(unsaved=True)
