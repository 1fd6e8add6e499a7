"""Real calls through to the store: who is on which side, and what a killed Asterisk leaves behind."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from hotline.sip_phone import Heard
from recordings import (
    StoreConfig,
    check_recording,
    enqueue,
    find_for_contact,
    open_alarms,
    open_audio,
    process_next,
)
from recordings.audio import decode
from recordings.spool_room import look_for_room
from tests.kit.ami_tap import AmiTap
from tests.kit.recordings import RATE, make_config, make_database, now
from tests.kit.switch import TestSwitch
from tests.kit.tones import speakers, story
from tests.kit.waiting import until

pytestmark = pytest.mark.live


def house(switch: TestSwitch, folder: Path) -> tuple[sessionmaker[Session], StoreConfig]:
    spool = switch.settings.recording_spool
    return make_database(f"sqlite:///{folder / 'rec.sqlite'}"), make_config(folder, spool=spool)


def legs(
    db: sessionmaker[Session], config: StoreConfig, contact_id: str, folder: Path
) -> tuple[list[Heard], list[str]]:
    """Both legs of the stored original, and the alarms."""
    with db() as session:
        (view,) = find_for_contact(session, contact_id)
        assert view.state == "ready", view
        original = open_audio(session, config.store, view.recording_id, "original")
        assert check_recording(session, config.store, view.recording_id).sound
    assert original is not None
    (folder / "original.flac").write_bytes(b"".join(original.read()))
    return [Heard(leg.astype(float), RATE) for leg in decode(folder / "original.flac", "flac", RATE)[0]], list(
        view.alarms
    )


async def test_the_citizen_is_left_and_everybody_else_right(switch: TestSwitch, ami: AmiTap, tmp_path: Path) -> None:
    db, config = house(switch, tmp_path)
    async with switch.agent() as agent, switch.citizen() as citizen:
        await ami.send("QueueAdd", Queue="citizens", Interface="PJSIP/8101", MemberName="agent-8101")
        await citizen.call("12345")
        await agent.wait_state("CONFIRMED")
        contact_id = (await ami.wait("AgentConnect"))["ChanVariable CONTACT_ID"]
        await until(lambda: speakers(citizen.heard(0.5)) == {"agent"}, "the citizen hears the agent")
        began = citizen.heard().seconds
        await until(lambda: citizen.heard().seconds > began + 2, "some talk")
        with db.begin() as session:  # asked for while the call goes on: it waits
            enqueue(session, contact_id, "call", now(), call_over=False)
        await asyncio.to_thread(process_next, db, config, now)
        with db() as session:
            assert find_for_contact(session, contact_id)[0].state == "waiting"
        await citizen.hang_up()
        await ami.no_channels()
    with db.begin() as session:
        enqueue(session, contact_id, "call", now())
    await until(lambda: process_next(db, config, now) and not list(config.spool.glob(f"{contact_id}*")), "stored", 30)
    (left, right), alarms = legs(db, config, contact_id, tmp_path)
    assert alarms == []
    assert left.seconds == right.seconds > 2
    assert story(left.between(0.3, left.seconds - 0.3)) == [("citizen",)]
    assert story(right)[-1] == ("agent",)


@contextmanager
def small_disk(folder: Path, room: int) -> Iterator[Path]:
    """A disk of its own in the place of a folder with so many bytes free; yields what fills the rest of it."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(folder)], check=True)
    try:
        ballast = folder / ".ballast"
        ballast.write_bytes(bytes(8 * 2**20 - room))
        yield ballast
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def test_a_spool_that_is_full_ends_no_call_and_is_said(switch: TestSwitch, ami: AmiTap, tmp_path: Path) -> None:
    """What found room is kept, the recording says that it is too short, and the next call is recorded again."""
    db, config = house(switch, tmp_path)
    with small_disk(config.spool, 128 * 1024) as ballast:
        found: list[tuple[list[str], float]] = []
        async with switch.agent() as agent, switch.citizen() as citizen:
            await ami.send("QueueAdd", Queue="citizens", Interface="PJSIP/8101", MemberName="agent-8101")
            for lasts in (5.0, 1.0):
                ami.events.clear()
                before = citizen.heard().seconds
                await citizen.call("12345")
                await agent.wait_state("CONFIRMED")
                contact_id = (await ami.wait("AgentConnect"))["ChanVariable CONTACT_ID"]
                await until(lambda: speakers(citizen.heard(0.4)) == {"agent"}, "they talk")
                if lasts > 1:
                    await until(lambda: os.statvfs(config.spool).f_bavail == 0, "the disk is full", 20)
                began = citizen.heard().seconds
                await until(lambda: citizen.heard().seconds > began + lasts, "the call goes on")  # noqa: B023
                assert speakers(citizen.heard(0.4)) == {"agent"}
                assert speakers(agent.heard(0.4)) == {"citizen"}
                await citizen.hang_up()
                await ami.no_channels()
                with db.begin() as session:
                    enqueue(session, contact_id, "call", now(), expected_seconds=began + lasts - before)
                await until(
                    lambda: process_next(db, config, now) and not list(config.spool.glob("*.wav")), "stored", 30
                )
                _, alarms = legs(db, config, contact_id, tmp_path)
                with db() as session:
                    found.append((alarms, find_for_contact(session, contact_id)[0].seconds or 0))
                    look_for_room(session, config.folders().values(), now())
                    said = {alarm.kind for alarm in open_alarms(session)}
                ballast.unlink(missing_ok=True)
        (short, seconds), (whole, _) = found
        assert "shorter_than_call" in short
        assert seconds > 2, "what found room"
        assert whole == []
        assert {"shorter_than_call", "spool_full"} <= said
