"""Whatever happens to the IVR process, the citizen is in the queue within two seconds of being answered."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack

import pytest

from hotline.sip_phone import SipPhone, read_growing_wav
from hotline.switch.render import write_private
from tests.kit.ami_tap import AmiTap, Message
from tests.kit.switch import TestSwitch, fake_ivr
from tests.kit.tones import speakers
from tests.kit.waiting import until

pytestmark = pytest.mark.live

MOST_SECONDS = 2.0


async def seconds_to_queue(citizen: SipPhone, ami: AmiTap) -> tuple[float, Message]:
    """Dials; how long after the answer the citizen was in a queue, by Asterisk's own clock."""
    await citizen.call("12345")
    answered = await ami.wait("Newstate", ChannelStateDesc="Up")
    joined = await ami.wait("QueueCallerJoin", seconds=15)
    return float(joined["Timestamp"]) - float(answered["Timestamp"]), joined


async def test_ivr_is_not_running(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.citizen() as citizen:
        seconds, joined = await seconds_to_queue(citizen, ami)
    assert seconds < 0.5
    assert joined["Queue"] == "citizens"


@pytest.mark.parametrize("trouble", ["stopped", "silent", "hang up on"])
async def test_ivr_accepts_but_does_not_answer(switch: TestSwitch, ami: AmiTap, trouble: str) -> None:
    """Stopped by SIGSTOP; alive but with no worker free; closing at once because it is full."""
    with fake_ivr(switch.settings.fastagi_port, "dwell" if trouble == "stopped" else trouble) as process:
        if trouble == "stopped":
            os.kill(process.pid, signal.SIGSTOP)
        async with switch.citizen() as citizen:
            seconds, joined = await seconds_to_queue(citizen, ami)
            await citizen.wait_state("CONFIRMED")
    assert seconds < MOST_SECONDS
    assert joined["Queue"] == "citizens"


async def test_a_silent_ivr_delays_only_the_first(switch: TestSwitch, ami: AmiTap) -> None:
    with fake_ivr(switch.settings.fastagi_port, "silent"):
        async with switch.citizen() as first:
            assert (await seconds_to_queue(first, ami))[0] > 1
        await ami.no_channels()
        ami.events.clear()
        async with switch.citizen() as second:
            assert (await seconds_to_queue(second, ami))[0] < 0.5


async def test_full_backlog(switch: TestSwitch, ami: AmiTap) -> None:
    """The process is stopped for so long that the kernel takes no more connections for it.

    The connection attempt itself then takes Asterisk's fixed two seconds; the second caller waits for nothing.
    """
    port = switch.settings.fastagi_port
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", port), backlog=0))
        for _ in range(3):
            pending = stack.enter_context(socket.socket())
            pending.setblocking(False)
            pending.connect_ex(listener.getsockname())
        async with switch.citizen() as citizen:
            seconds, _ = await seconds_to_queue(citizen, ami)
        assert seconds < MOST_SECONDS + 0.1
        await ami.no_channels()
        ami.events.clear()
        async with switch.citizen() as next_citizen:
            assert (await seconds_to_queue(next_citizen, ami))[0] < 0.5


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
async def test_ivr_dies_in_the_middle(switch: TestSwitch, ami: AmiTap, end: signal.Signals) -> None:
    with fake_ivr(switch.settings.fastagi_port, "dwell") as process:
        async with switch.citizen() as citizen:
            await citizen.call("12345")
            await until(lambda: abs(citizen.heard().samples).max(initial=0) > 1000, "the IVR's beep")
            os.kill(process.pid, end)
            died = time.time()
            joined = await ami.wait("QueueCallerJoin")
            await citizen.wait_state("CONFIRMED")
    assert float(joined["Timestamp"]) - died < MOST_SECONDS


async def test_the_ivr_improves_the_defaults(switch: TestSwitch, ami: AmiTap) -> None:
    with fake_ivr(switch.settings.fastagi_port, "choose"):
        async with switch.citizen() as citizen:
            _, joined = await seconds_to_queue(citizen, ami)
    names = ("HL_QUEUE", "HL_PRIORITY", "HL_MENU_PATH", "HL_CALLER_CLASS")
    assert joined["Queue"] == "priority"
    assert [joined[f"ChanVariable {name}"] for name in names] == ["priority", "7", "2>1", "priority"]


async def test_the_ivr_may_take_a_message(switch: TestSwitch, ami: AmiTap) -> None:
    before = set(switch.settings.voicemail_spool.iterdir())
    with fake_ivr(switch.settings.fastagi_port, "voicemail"):
        async with switch.citizen() as citizen:
            await citizen.call("12345")
            new = await until(lambda: set(switch.settings.voicemail_spool.iterdir()) - before, "a message")
            assert not ami.of("QueueCallerJoin")
            await until(lambda: new.copy().pop().stat().st_size > 16000, "a second of message")
            await citizen.hang_up()
    await ami.no_channels()
    message = read_growing_wav(new.pop())
    assert message.seconds > 0.9, "what was said before the hang-up is kept"
    assert speakers(message.last(0.5)) == {"citizen"}


async def test_the_ivr_may_say_good_bye(switch: TestSwitch, ami: AmiTap) -> None:
    with fake_ivr(switch.settings.fastagi_port, "hangup"):
        async with switch.citizen() as citizen:
            await citizen.call("12345")
            await citizen.wait_state("CONFIRMED")
            await citizen.wait_state("DISCONNECTED")
    assert not ami.of("QueueCallerJoin")


@pytest.fixture
async def narrow_queue(switch: TestSwitch, ami: AmiTap) -> AsyncIterator[str]:
    """An operator's own queue with room for one caller."""
    own = switch.settings.asterisk_dir / "etc" / "local" / "queues.conf"
    write_private(own, "[narrow](line)\nmaxlen = 1\n")
    await ami.send("Reload", Module="app_queue.so")
    yield "narrow"
    own.unlink()
    await ami.send("Reload", Module="app_queue.so")


async def test_a_full_queue_is_waited_out(switch: TestSwitch, ami: AmiTap, narrow_queue: str) -> None:
    """The second caller of a queue for one hears music, then comes into the default queue."""
    async with switch.citizen() as first, switch.citizen("13900000002", "second citizen") as second:
        await leave_the_ivr_with(ami, first, __HL_QUEUE=narrow_queue)
        await ami.wait("QueueCallerJoin", Queue=narrow_queue)
        await leave_the_ivr_with(ami, second, __HL_QUEUE=narrow_queue)
        await ami.wait("QueueCallerJoin", Queue="citizens", CallerIDNum="13900000002", seconds=20)
        assert second.in_call
        assert abs(second.heard(5).samples).max() > 500, "music meanwhile"


async def test_a_queue_that_stays_full_ends_with_a_message(switch: TestSwitch, ami: AmiTap, narrow_queue: str) -> None:
    """Who finds no room for as long as one would have waited is asked to leave a message; who is in line stays."""
    async with switch.citizen() as first, switch.citizen("13900000002", "second citizen") as second:
        await leave_the_ivr_with(ami, first, __HL_QUEUE=narrow_queue)
        await ami.wait("QueueCallerJoin", Queue=narrow_queue)
        await ami.send("Setvar", Variable="LONGEST_WAIT", Value="9")  # less than one round of music
        try:
            joined = await leave_the_ivr_with(ami, second, __HL_QUEUE=narrow_queue)
            message = switch.settings.voicemail_spool / f"{joined['ChanVariable CONTACT_ID']}.wav"
            await until(lambda: message.exists() and message.stat().st_size > 16000, "a second of message", seconds=20)
            assert not ami.of("QueueCallerJoin")
            assert first.in_call
        finally:
            await ami.send("Setvar", Variable="LONGEST_WAIT", Value=str(switch.settings.queue_longest_wait_seconds))
        await second.hang_up()
        await until(lambda: read_growing_wav(message).seconds > 0.9, "what was said is kept")


async def test_handling_units_wait_like_everybody(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.unit() as unit:
        await unit.call("12345")
        await ami.wait("QueueCallerJoin", Queue="citizens", CallerIDNum="unit")


async def leave_the_ivr_with(ami: AmiTap, citizen: SipPhone, **variables: str) -> Message:
    """A waiting citizen is sent back to the queue's entrance with these variables, as an IVR could leave them."""
    await citizen.call("12345")
    joined = await ami.wait("QueueCallerJoin", CallerIDNum=citizen.config.user)
    for name, value in variables.items():
        await ami.send("Setvar", Channel=joined["Channel"], Variable=name, Value=value)
    ami.events.clear()
    await ami.send("Redirect", Channel=joined["Channel"], Context="to-queue", Exten="s", Priority="1")
    return joined


@pytest.mark.parametrize(
    "variables",
    [{"__HL_QUEUE": "no such queue"}, {"__HL_QUEUE": ""}, {"__HL_PRIORITY": "high"}, {"__HL_PRIORITY": ""}],
)
async def test_nonsense_from_the_ivr_leads_to_the_default_queue(
    switch: TestSwitch, ami: AmiTap, variables: dict[str, str]
) -> None:
    async with switch.citizen() as citizen:
        await leave_the_ivr_with(ami, citizen, **variables)
        await ami.wait("QueueCallerJoin", Queue="citizens")


async def test_waiting_too_long_ends_with_a_message(switch: TestSwitch, ami: AmiTap) -> None:
    await ami.send("Setvar", Variable="LONGEST_WAIT", Value="2")
    try:
        async with switch.citizen() as citizen:
            await citizen.call("12345")
            joined = await ami.wait("QueueCallerJoin")
            message = switch.settings.voicemail_spool / f"{joined['ChanVariable CONTACT_ID']}.wav"
            await until(message.exists, "a message is being recorded", seconds=15)
            await until(lambda: message.stat().st_size > 16000, "a second of message")
            await citizen.digits("#")
            await citizen.wait_state("DISCONNECTED")
        assert message.stat().st_mode & 0o077 == 0
    finally:
        await ami.send("Setvar", Variable="LONGEST_WAIT", Value=str(switch.settings.queue_longest_wait_seconds))


async def test_the_star_key_leaves_a_message_instead_of_waiting(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.citizen() as citizen:
        await citizen.call("12345")
        joined = await ami.wait("QueueCallerJoin")
        await citizen.digits("*")
        message = switch.settings.voicemail_spool / f"{joined['ChanVariable CONTACT_ID']}.wav"
        await until(message.exists, "a message is being recorded", seconds=15)


async def test_a_forgotten_hold_returns_to_the_queue(switch: TestSwitch, ami: AmiTap) -> None:
    await ami.send("Setvar", Variable="LONGEST_HOLD", Value="1")
    try:
        async with switch.citizen() as citizen:
            await citizen.call("12345")
            joined = await ami.wait("QueueCallerJoin")
            ami.events.clear()
            await ami.send("Redirect", Channel=joined["Channel"], Context="hold", Exten="s", Priority="1")
            again = await ami.wait("QueueCallerJoin", Queue="citizens")
        assert again["ChanVariable HL_PRIORITY"] == "5"
    finally:
        await ami.send("Setvar", Variable="LONGEST_HOLD", Value="300")
