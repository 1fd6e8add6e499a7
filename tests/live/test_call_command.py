"""``hotline call`` against a running switch: the story it tells is what happened."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.kit.ami_tap import AmiTap
from tests.kit.switch import TestSwitch, fake_ivr
from tests.kit.tones import PITCHES, speakers, tone_file
from tests.kit.waiting import until

pytestmark = pytest.mark.live


async def hotline_call(switch: TestSwitch, *options: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hotline", "call", "--json", *options),
        env={**os.environ, "HOTLINE_HOME": str(switch.settings.home)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def story(process: asyncio.subprocess.Process) -> list[dict[str, Any]]:
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    return [json.loads(line) for line in out.splitlines()]


async def test_the_story_of_a_call(switch: TestSwitch, ami: AmiTap, tmp_path: Path) -> None:
    say = tone_file(tmp_path, "citizen", seconds=10)
    with fake_ivr(switch.settings.fastagi_port, "choose"):
        async with switch.agent() as agent:
            await ami.send("QueueAdd", Queue="priority", Interface="PJSIP/8101", MemberName="agent-8101")
            options = (
                "--from",
                "13700000007",
                "--say",
                say,
                "--digits",
                "4,2",
                "--pause",
                "0.5",
                "--hangup-after",
                "4",
            )
            process = await hotline_call(switch, *options)
            await until(lambda: speakers(agent.heard(0.5)) == {"citizen"}, "the agent hears the file", seconds=20)
            await agent.wait_event("digit", count=2)
            told = await story(process)
    assert process.returncode == 0
    *moments, last = told
    assert [moment["text"] for moment in moments if moment["source"] == "presses"] == ["4", "2"]
    assert any(moment["source"] == "hears" and moment["detail"]["hertz"] == [PITCHES["agent"]] for moment in moments)
    facts = [moment["detail"]["fact"] for moment in moments if moment["source"] == "asterisk"]
    seen = [fact for fact in facts if fact.startswith("call_") or fact == "agent_ringing"]
    assert seen == ["call_arrived", "call_queued", "agent_ringing", "call_answered", "call_ended"]
    assert last["outcome"]["answered"]
    assert 3.5 < last["outcome"]["talked"] < 6
    assert switch.recordings_of(last["outcome"]["contact_id"])


async def test_a_number_that_does_not_exist(switch: TestSwitch, ami: AmiTap) -> None:
    process = await hotline_call(switch, "--to", "*99")
    assert (await story(process))[-1]["outcome"] == {"answered": False, "code": 404, "talked": 0.0, "contact_id": ""}
    assert process.returncode == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_interrupted_it_hangs_up(switch: TestSwitch, ami: AmiTap, number: signal.Signals) -> None:
    process = await hotline_call(switch, "--hangup-after", "0")
    await ami.wait("QueueCallerJoin", seconds=20)
    process.send_signal(number)
    _, words = await asyncio.wait_for(process.communicate(), 20)
    await ami.no_channels()
    assert b"Traceback" not in words


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--digits", "1;rm"), b"--digits"),
        (("--from", "bob"), b"--from"),
        (("--say", "/nonexistent.wav"), b"nonexistent"),
        (("--say", "setup.cfg"), b"setup.cfg"),
    ],
)
async def test_wrong_options_are_refused_at_once(
    switch: TestSwitch, options: tuple[str, ...], complaint: bytes
) -> None:
    process = await hotline_call(switch, *options)
    _, words = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode in (1, 2)
    assert complaint in words
    assert b"Traceback" not in words
