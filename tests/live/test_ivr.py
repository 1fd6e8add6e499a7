"""The real IVR process under a real call: what the citizen hears, which keys count, where the call goes."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from hotline import resources
from hotline.sip_phone import SipPhone
from ivr.fastagi import SLACK
from ivr.sound import read_wav
from tests.kit.ami_tap import AmiTap
from tests.kit.ivr_process import Ivr
from tests.kit.status_office import TAIL, Office
from tests.kit.switch import TestSwitch
from tests.kit.waiting import until

pytestmark = pytest.mark.live

SOUNDS = resources.cities() / "demo" / "prompts" / "zh"
CLOSED = ('hours = ["00:00-24:00"]', "hours = []")
OPENING = ("greeting", "recording-notice", "emergency")
MENU_ON = ("enabled = false", "enabled = true")
PATIENT = ("seconds = 15", "seconds = 40")
HASTY = ("wait_seconds = 4", "wait_seconds = 1")
"""For callers who press nothing: silence is taken for an answer sooner."""


@pytest.fixture
def ivr(switch: TestSwitch, tmp_path: Path) -> Ivr:
    return Ivr(tmp_path, switch.settings.home, switch.settings.fastagi_port)


SLOWER = 4
"""An announcement is known by its lower tones: a quarter of the samples, a fifth of the time."""


def _slower(samples: np.ndarray) -> np.ndarray:
    """The mean of each few samples."""
    return samples[: len(samples) // SLOWER * SLOWER].reshape(-1, SLOWER).mean(axis=1)


def likeness(citizen: SipPhone, prompt: str) -> float:
    """How surely an announcement is in what the citizen heard: piece by piece, because a busy machine drops packets.

    The median over pieces of a quarter of a second of the best normalised correlation; pauses do not count.  1 is the
    same sound; one of more than a second that was not played comes to 0.62 at most.  The wanted sound is looked for at
    two offsets, because the phone's jitter buffer stretches and cuts by single samples: the slower raster shifts.
    """
    whole, rate = read_wav(SOUNDS / f"{prompt}.wav")
    heard = _slower(citizen.heard().samples.astype(float))
    offsets = [_slower(whole), _slower(whole[SLOWER // 2 :])]
    piece = rate // SLOWER // 4
    if len(heard) < len(offsets[0]):
        return 0.0
    size = 1 << (len(heard) + piece).bit_length()
    energy = np.concatenate([[0.0], np.cumsum(heard**2)])
    there = np.maximum(energy[piece:] - energy[:-piece], 1e3)
    spectrum = np.fft.rfft(heard, size)
    pause = 0.05 * np.mean(offsets[0] ** 2) * piece

    def best(part: np.ndarray) -> float:
        match = np.fft.irfft(spectrum * np.conj(np.fft.rfft(part, size)), size)[: len(there)]
        return float((match / np.sqrt(there * np.sum(part**2))).max())

    starts = range(0, len(offsets[1]) - piece + 1, piece)
    spoken = [start for start in starts if np.sum(offsets[0][start : start + piece] ** 2) > pause]
    return float(np.median([max(best(wanted[start : start + piece]) for wanted in offsets) for start in spoken]))


def hears(citizen: SipPhone, prompt: str) -> Callable[[], bool]:
    return lambda: likeness(citizen, prompt) > 0.66


@asynccontextmanager
async def asking(switch: TestSwitch, ivr: Ivr) -> AsyncIterator[tuple[SipPhone, str]]:
    """A citizen who has asked by the menu how far a request is, and keyed its code, and that code."""
    ivr.edit(MENU_ON, PATIENT)
    office = Office(switch.settings.home)
    code = office.code()
    office.engine.dispose()
    with ivr.running():
        async with switch.citizen() as citizen:
            await citizen.call("12345")
            await until(hears(citizen, "greeting"), "the greeting", seconds=20, every=0.5)
            await citizen.digits("4")
            await until(hears(citizen, "status-code"), "the question", seconds=20, every=0.5)
            await citizen.digits(code)
            await until(hears(citizen, "status-tail"), "the second question", seconds=20, every=0.5)
            await citizen.digits(TAIL)
            yield citizen, code


async def test_straight_to_a_person_after_the_greeting(switch: TestSwitch, ami: AmiTap, ivr: Ivr) -> None:
    with ivr.running():
        async with switch.citizen() as citizen:
            await citizen.call("12345")
            answered = await ami.wait("Newstate", ChannelStateDesc="Up")
            joined = await ami.wait("QueueCallerJoin", seconds=25)
            for prompt in ("greeting", "recording-notice", "emergency", "please-wait"):
                await until(hears(citizen, prompt), prompt, every=0.5)
            assert likeness(citizen, "menu") < 0.6
    assert (joined["Queue"], joined["ChanVariable HL_MENU_PATH"]) == ("citizens", "")
    assert float(joined["Timestamp"]) - float(answered["Timestamp"]) < 15  # the city's budget
    assert f"call {joined['ChanVariable CONTACT_ID']} left the IVR" in ivr.log.read_text()
    assert "13900000001" not in ivr.log.read_text()


async def test_the_hand_over_key_in_the_greeting(switch: TestSwitch, ami: AmiTap, ivr: Ivr) -> None:
    with ivr.running():
        async with switch.citizen() as citizen:
            await citizen.call("12345")
            await until(lambda: abs(citizen.heard().samples).max(initial=0) > 2000, "the greeting")
            await citizen.digits("9")
            joined = await ami.wait("QueueCallerJoin", seconds=5)
    assert joined["Queue"] == "priority"
    assert joined["ChanVariable HL_MENU_PATH"] == "emergency"
    assert joined["ChanVariable HL_PRIORITY"] == "100"


async def test_two_levels_of_menu(switch: TestSwitch, ami: AmiTap, ivr: Ivr) -> None:
    ivr.edit(MENU_ON, PATIENT)
    with ivr.running():
        async with switch.citizen() as citizen:
            await citizen.call("12345")
            await until(hears(citizen, "greeting"), "the greeting", seconds=20, every=0.5)
            await citizen.digits("2")
            await until(hears(citizen, "menu-complaint"), "the sub-menu", seconds=20, every=0.5)
            await citizen.digits("1")
            joined = await ami.wait("QueueCallerJoin")
    assert joined["ChanVariable HL_MENU_PATH"] == "2>1"


async def test_silence_and_wrong_keys_reach_a_person(switch: TestSwitch, ami: AmiTap, ivr: Ivr) -> None:
    ivr.edit(MENU_ON, PATIENT, HASTY)
    with ivr.running():
        async with switch.citizen() as silent, switch.citizen("13900000002") as wrong:
            await silent.call("12345")
            await wrong.call("12345")
            await until(hears(wrong, "emergency"), "the opening", seconds=20, every=0.5)
            for _ in range(3):
                await until(lambda: abs(wrong.heard(0.2).samples).max(initial=0) > 2000, "the menu")
                await wrong.digits("7")
            first = await ami.wait("QueueCallerJoin", CallerIDNum="13900000002", seconds=15)
            second = await ami.wait("QueueCallerJoin", CallerIDNum="13900000001", seconds=30)
    for joined in (first, second):
        assert (joined["Queue"], joined["ChanVariable HL_MENU_PATH"]) == ("citizens", "skip")


async def test_a_query_code_is_keyed_and_the_state_spoken(switch: TestSwitch, ami: AmiTap, ivr: Ivr) -> None:
    async with asking(switch, ivr) as (citizen, code):
        await until(hears(citizen, "status-accepted"), "the state", seconds=20, every=0.5)
        await until(hears(citizen, "status-next"), "what may be pressed", seconds=20, every=0.5)
        await citizen.digits("0")
        joined = await ami.wait("QueueCallerJoin", seconds=15)
    assert (joined["Queue"], joined["ChanVariable HL_MENU_PATH"]) == ("citizens", "4")
    assert code not in ivr.log.read_text()


async def test_after_a_request_was_told_silence_is_taken_leave_of(switch: TestSwitch, ami: AmiTap, ivr: Ivr) -> None:
    async with asking(switch, ivr) as (citizen, _):
        await until(hears(citizen, "goodbye"), "good-bye", seconds=30, every=0.5)
        await citizen.wait_state("DISCONNECTED")
    assert not ami.of("QueueCallerJoin")


async def test_outside_hours_a_message_is_taken(switch: TestSwitch, ami: AmiTap, ivr: Ivr) -> None:
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    ivr.edit(CLOSED, *((f'{day} = ["00:00-24:00"]', f"{day} = []") for day in week))
    before = set(switch.settings.voicemail_spool.iterdir())
    with ivr.running():
        async with switch.citizen() as citizen:
            await citizen.call("12345")
            new = await until(lambda: set(switch.settings.voicemail_spool.iterdir()) - before, "a message", seconds=30)
            for prompt in ("closed", "voicemail"):
                await until(hears(citizen, prompt), prompt, every=0.5)
            await until(lambda: next(iter(new)).stat().st_size > 32000, "two seconds of message")
            await citizen.digits("##")
            await until(hears(citizen, "voicemail-thanks"), "the thanks", seconds=20, every=0.5)
            await citizen.wait_state("DISCONNECTED")
    assert not ami.of("QueueCallerJoin")


async def test_an_absent_sound_does_not_stop_the_call(switch: TestSwitch, ami: AmiTap, ivr: Ivr) -> None:
    """Asterisk's own answers to a file that is not there: the flow goes on and keys still count."""
    table = ivr.city / "prompts" / "prompts.toml"
    table.write_text(
        table.read_text("utf-8").replace("[prompt.menu]\n", "[prompt.no-such-menu]\n").replace(
            "[prompt.greeting]\n", "[prompt.no-such-greeting]\n"
        ),
        "utf-8",
    )  # fmt: skip
    ivr.edit(
        MENU_ON, PATIENT, ('prompt = "greeting"', 'prompt = "no-such-greeting"'),
        ('prompt = "menu"', 'prompt = "no-such-menu"'),
    )  # fmt: skip
    with ivr.running():
        async with switch.citizen() as citizen:
            await citizen.call("12345")
            await until(hears(citizen, "emergency"), "the hint", seconds=20, every=0.5)
            await citizen.digits("1")
            joined = await ami.wait("QueueCallerJoin")
    assert joined["ChanVariable HL_MENU_PATH"] == "1"


async def test_a_hang_up_in_the_greeting(switch: TestSwitch, ami: AmiTap, ivr: Ivr) -> None:
    with ivr.running():
        async with switch.citizen() as citizen:
            await citizen.call("12345")
            await until(lambda: abs(citizen.heard().samples).max(initial=0) > 2000, "the greeting")
            await citizen.hang_up()
        await ami.no_channels()
        await until(lambda: 'hotline_ivr_sessions_total{end="hung_up"} 1.0' in ivr.page("metrics"), "the session's end")
    assert "ERROR" not in ivr.log.read_text()


async def test_a_menu_that_is_stopped_in_the_greeting_costs_seconds(switch: TestSwitch, ami: AmiTap, ivr: Ivr) -> None:
    """Nobody kills it here: the limit of the announcement alone brings the caller into the queue.

    It is the first announcement's own, so the two that were still to come cost no silence.
    """
    process = ivr.start()
    try:
        async with switch.citizen() as citizen:
            await citizen.call("12345")
            answered = await ami.wait("Newstate", ChannelStateDesc="Up")
            await until(lambda: abs(citizen.heard().samples).max(initial=0) > 2000, "the greeting")
            os.kill(process.pid, signal.SIGSTOP)
            joined = await ami.wait("QueueCallerJoin", seconds=25)
    finally:
        os.kill(process.pid, signal.SIGCONT)
        process.terminate()
        process.wait(10)
    greeting = len(read_wav(SOUNDS / f"{OPENING[0]}.wav")[0]) / 8000
    assert float(joined["Timestamp"]) - float(answered["Timestamp"]) < greeting + SLACK + 1.5
