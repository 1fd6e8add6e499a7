"""The desk is killed in the middle of a browser's call: its signalling went through the desk, its audio did not."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.async_api import Browser, expect

from hotline import pid_file, programs
from tests.kit.chromium import context_of, hears
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack
from tests.kit.tones import speakers
from tests.kit.waiting import until

pytestmark = pytest.mark.browser

TITLE = "井盖缺失"


def desk_pid(stack: Stack) -> int | None:
    """None while no desk runs."""
    found = pid_file.read(programs.run_dir(stack.settings) / "desk.pid")
    return found.pid if found else None


@pytest.mark.parametrize("who", ["agent", "citizen"])
async def test_both_go_on_talking_and_either_can_hang_up(stack: Stack, agents_browser: Browser, who: str) -> None:
    desk = await DeskPage.open(await context_of(agents_browser), stack)
    await desk.ready()
    async with stack.citizen("13800138000") as citizen:
        await citizen.call("12345")
        await desk.rings(60)
        await desk.answer()
        await hears(desk.page, {"citizen"})
        await desk.write(TITLE, "来电人反映人行道井盖缺失。")
        before = desk_pid(stack)
        assert before is not None
        os.kill(before, signal.SIGKILL)
        await until(lambda: desk_pid(stack) not in (None, before), "the desk is started again", seconds=30)
        await until(lambda: programs.is_ready("desk", stack.settings), "the desk serves again", seconds=30)
        await until(lambda: speakers(citizen.heard(1.0)) == {"agent"}, "the citizen hears the agent all the time")
        await desk.registered()
        await desk.state("通话中")
        await hears(desk.page, {"citizen"})
        await expect(desk.page.locator("#f-title")).to_have_value(TITLE)
        if who == "agent":
            await desk.hang_up()
            await citizen.wait_state("DISCONNECTED")
        else:
            await citizen.hang_up()
            await desk.state("话后整理")
    await desk.done(unsaved=True)
