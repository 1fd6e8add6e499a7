"""The processes together: the real IVR behind the real dialplan, the desk's log, the worker's recording."""

from __future__ import annotations

import os
import signal
import time

import pytest

from hotline import pid_file, programs
from hotline.sip_phone import describe
from tests.kit.ami_tap import AmiTap
from tests.kit.stack import Stack
from tests.kit.waiting import until

pytestmark = pytest.mark.live


def pid(stack: Stack, program: str) -> int:
    found = pid_file.read(programs.run_dir(stack.settings) / f"{program}.pid")
    assert found is not None
    return found.pid


async def queued(ami: AmiTap) -> float:
    """When the citizen came into a queue."""
    return float((await ami.wait("QueueCallerJoin", seconds=60))["Timestamp"])


async def test_the_real_menu_speaks_and_leads_to_the_queue(stack: Stack) -> None:
    async with stack.ami() as ami, stack.citizen() as citizen:
        await citizen.call("12345")
        await until(lambda: describe(citizen.heard(1.0)).kind == "voice", "the greeting", seconds=10)
        joined = await ami.wait("QueueCallerJoin", seconds=60)
        assert joined["ChanVariable HL_MENU_PATH"] != "unset"
        assert not ami.of("QueueCallerAbandon")


async def test_a_stopped_menu_costs_less_than_two_seconds(stack: Stack) -> None:
    ivr = pid(stack, "ivr")
    async with stack.ami() as ami, stack.citizen() as citizen:
        os.kill(ivr, signal.SIGSTOP)
        try:
            await citizen.call("12345")
            answered = await ami.wait("Newstate", ChannelStateDesc="Up")
            assert await queued(ami) - float(answered["Timestamp"]) < 2
        finally:
            os.kill(ivr, signal.SIGCONT)
        await ami.send("Setvar", Variable="IVR_RESTS_UNTIL", Value="0")


async def test_a_menu_killed_while_it_speaks(stack: Stack) -> None:
    async with stack.ami() as ami, stack.citizen() as citizen:
        await citizen.call("12345")
        await until(lambda: describe(citizen.heard(0.5)).kind == "voice", "the greeting")
        os.kill(pid(stack, "ivr"), signal.SIGKILL)
        killed = time.time()
        assert await queued(ami) - killed < 2
        assert citizen.in_call
