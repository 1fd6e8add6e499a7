"""Real calls that leave words behind: a message heard and spoken anew, one without the IVR, an answer to the survey."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

import cti
import ticketing
from hotline import migrations, recording_room, resources
from hotline.caller_words import message_stored, survey_intake
from hotline.database import build_engine, sessions
from hotline.sip_phone import Heard, SipPhone
from recordings import RecordingView, StoreConfig, find_for_contact, open_audio, process_next, sweep_spool
from recordings.audio import decode
from tests.kit.ami_tap import AmiTap
from tests.kit.ivr_process import Ivr
from tests.kit.recordings import RATE, make_config, now
from tests.kit.switch import TestSwitch
from tests.kit.tones import speakers
from tests.kit.waiting import until, until_async
from tests.live.test_cti_bridge import desk
from tests.live.test_ivr import hears

pytestmark = pytest.mark.live


class Office:
    """A database and the worker's steps for what lies in the switch's spool."""

    def __init__(self, switch: TestSwitch, folder: Path) -> None:
        settings = switch.settings
        engine = build_engine(f"sqlite:///{folder / 'db.sqlite'}")
        migrations.upgrade(engine)
        self.db: sessionmaker[Session] = sessions(engine)
        pack = ticketing.load_rulepack(resources.city_dir(settings))
        assert isinstance(pack, ticketing.RulePack)
        wired = recording_room.store_config(settings, stored=message_stored(ticketing.OfficeDesk(pack).current))
        self.config: StoreConfig = make_config(
            folder, spool=wired.spool, voicemail_spool=wired.voicemail_spool, survey_spool=wired.survey_spool,
            consult_spool=wired.consult_spool, stored=wired.stored,
        )  # fmt: skip
        self.take_in_answers = survey_intake(self.db, settings.survey_spool)

    def work(self, *over: str) -> None:
        """Sweeps the spool, knowing that these calls are over, and finishes what was found."""
        with self.db.begin() as session:
            sweep_spool(session, self.config.folders(), now(), lambda _session, contact_id: contact_id in over)
        while process_next(self.db, self.config, now):
            pass

    async def keeps(self, contact_id: str, kind: str) -> RecordingView:
        """The recording of a call that is over, once its files have rested as long as the sweep asks."""

        async def found() -> RecordingView | None:
            await asyncio.to_thread(self.work, contact_id)
            with self.db() as session:
                views = [view for view in find_for_contact(session, contact_id) if view.kind == kind]
            assert len(views) <= 1
            return views[0] if views and views[0].state == "ready" else None

        view = await until_async(found, f"a recording of kind {kind}")
        assert view is not None
        return view


@pytest.fixture
def office(switch: TestSwitch, tmp_path: Path) -> Office:
    return Office(switch, tmp_path)


@contextmanager
def ivr_of(switch: TestSwitch, folder: Path, *changes: tuple[str, str]) -> Iterator[Ivr]:
    ivr = Ivr(folder, switch.settings.home, switch.settings.fastagi_port)
    ivr.edit(*changes)
    with ivr.running():
        yield ivr


async def skip_greeting(citizen: SipPhone) -> None:
    """Calls, and presses the key that leads to a person as soon as the menu speaks."""
    await citizen.call("12345")
    await until(lambda: abs(citizen.heard().samples).max(initial=0) > 2000, "the greeting")
    await citizen.digits("9")


async def to_voicemail(citizen: SipPhone, ami: AmiTap) -> str:
    """Calls, waits in the queue and chooses to leave a message; the contact's id."""
    await skip_greeting(citizen)
    joined = await ami.wait("QueueCallerJoin", seconds=25)
    await citizen.digits("*")
    return joined["ChanVariable CONTACT_ID"]


async def test_a_message_is_heard_spoken_anew_and_becomes_work(
    switch: TestSwitch, ami: AmiTap, office: Office, tmp_path: Path
) -> None:
    spool = switch.settings.voicemail_spool
    with ivr_of(switch, tmp_path):
        async with switch.citizen() as citizen:
            contact_id = await to_voicemail(citizen, ami)
            first, second = (spool / f"{contact_id}-{take}.wav" for take in (1, 2))
            await until(
                lambda: first.exists() and first.stat().st_size > 56_000, "three and a half seconds", seconds=30
            )
            await citizen.digits("#")
            await until(hears(citizen, "voicemail-review"), "the choice", seconds=20, every=1)
            office.work()  # the call goes on: nothing is taken up yet
            with office.db() as session:
                assert [one.kind for one in find_for_contact(session, contact_id)] == []
            await citizen.digits("1")
            await until(lambda: "citizen" in speakers(citizen.heard(0.4)), "the own voice", seconds=20)
            await citizen.digits("#")  # ends the playing
            await until(lambda: "citizen" not in speakers(citizen.heard(0.4)), "the choice again", seconds=20)
            await citizen.digits("2")
            await until(lambda: second.exists() and second.stat().st_size > 24_000, "a second take", seconds=30)
            await citizen.digits("#")
            await until(lambda: second.stat().st_size < first.stat().st_size, "the shorter one")
            await citizen.digits("#")
            await citizen.wait_state("DISCONNECTED")
            assert hears(citizen, "voicemail-thanks")()
    await ami.no_channels()
    shorter = (second.stat().st_size - 44) / 16_000
    view = await office.keeps(contact_id, "voicemail")
    with office.db() as session:
        (message,) = ticketing.list_voicemail(session)
        audio = open_audio(session, office.config.store, view.recording_id, "original")
    assert (view.kind, view.state, view.alarms) == ("voicemail", "ready", ())
    assert view.seconds == pytest.approx(shorter, abs=0.01), "the take that was spoken anew"
    assert (message.voicemail_id, message.contact_id, message.silent) == (view.recording_id, contact_id, False)
    assert message.seconds == pytest.approx(shorter, abs=0.1)
    assert audio is not None
    flac = tmp_path / "message.flac"
    flac.write_bytes(b"".join(audio.read()))
    assert speakers(Heard(decode(flac, "flac", RATE)[0][0].astype(float), RATE).last(1)) == {"citizen"}
    assert not first.exists()
    assert not second.exists()


async def test_the_menu_is_killed_while_somebody_speaks(
    switch: TestSwitch, ami: AmiTap, office: Office, tmp_path: Path
) -> None:
    """The message goes on, is thanked for, and is there once."""
    ivr = Ivr(tmp_path, switch.settings.home, switch.settings.fastagi_port)
    process = ivr.start()
    try:
        async with switch.citizen() as citizen:
            contact_id = await to_voicemail(citizen, ami)
            take = switch.settings.voicemail_spool / f"{contact_id}-1.wav"
            await until(lambda: take.exists() and take.stat().st_size > 24_000, "a message", seconds=30)
            os.kill(process.pid, signal.SIGKILL)
            await citizen.digits("#")
            await citizen.wait_state("DISCONNECTED")
            assert hears(citizen, "voicemail-thanks")()
    finally:
        process.kill()
        process.wait(10)
    await ami.no_channels()
    await office.keeps(contact_id, "voicemail")
    await asyncio.to_thread(office.work, contact_id)
    with office.db() as session:
        assert [one.contact_id for one in ticketing.list_voicemail(session)] == [contact_id]


async def test_the_survey_after_the_agent_has_hung_up(
    switch: TestSwitch, ami: AmiTap, office: Office, tmp_path: Path
) -> None:
    folder = switch.settings.survey_spool
    with ivr_of(switch, tmp_path, ("ask = false", "ask = true")):
        async with switch.agent() as agent, switch.citizen() as citizen:
            await ami.send("QueueAdd", Queue="priority", Interface="PJSIP/8101", MemberName="agent-8101")
            await skip_greeting(citizen)
            contact_id = (await ami.wait("AgentConnect"))["ChanVariable CONTACT_ID"]
            await until(lambda: speakers(citizen.heard(0.5)) == {"agent"}, "they talk")
            await agent.hang_up()
            await until(hears(citizen, "survey"), "the question", seconds=25, every=1)
            await citizen.digits("5")
            await until(hears(citizen, "survey-comment"), "the offer to say more", seconds=20, every=1)
            comment = folder / f"{contact_id}.wav"
            await until(lambda: comment.exists() and comment.stat().st_size > 24_000, "a comment", seconds=20)
            await citizen.hang_up()
    await ami.no_channels()
    await asyncio.to_thread(office.take_in_answers)
    comment_kept = await office.keeps(contact_id, "survey")
    with office.db() as session:
        survey = cti.surveys_of(session, [contact_id])[contact_id]
    assert survey.score == 5
    assert survey.answered_at is not None
    assert 0 < (survey.answered_at - survey.asked_at).total_seconds() < 30
    assert (comment_kept.state, comment_kept.alarms) == ("ready", ())
    assert list(folder.glob(f"{contact_id}*")) == []
    with office.db() as session:
        assert ticketing.list_voicemail(session) == [], "a comment is no message"


async def test_the_survey_after_calls_that_left_their_queue(switch: TestSwitch, ami: AmiTap, tmp_path: Path) -> None:
    """After a hold, or among three, the queue is long over: whoever leaves last leaves the citizen to the question."""
    with ivr_of(switch, tmp_path, ("ask = false", "ask = true")):
        async with desk(switch) as d, switch.agent() as agent, switch.unit() as unit, switch.citizen() as citizen:
            await d.bridge.agent_login("zhang", "8101", ["priority"])
            for shape in ("hold", "three"):
                await d.bridge.agent_ready("zhang")
                await skip_greeting(citizen)
                await d.state("talking")
                contact_id = d.bridge.calls()[0].contact_id
                await d.bridge.hold("zhang")
                if shape == "hold":
                    await d.bridge.resume("zhang")
                    await until(lambda: speakers(citizen.heard(0.4)) == {"agent"}, "they talk again")
                    await agent.hang_up()
                else:
                    await d.bridge.consult("zhang", cti.Target("5559876"))
                    await until(lambda: d.bridge.calls()[0].phase == "consulting", "a private talk")
                    await d.bridge.merge("zhang")
                    await d.bridge.leave("zhang")
                    await until(lambda: speakers(citizen.heard(0.4)) == {"unit"}, "the unit is left")
                    await unit.hang_up()
                await until(hears(citizen, "survey"), f"the question after {shape}", seconds=25, every=0.5)
                await citizen.digits("4")
                answer = switch.settings.survey_spool / f"{contact_id}.json"
                await until(lambda: answer.exists() and json.loads(answer.read_text())["score"] == 4, "the answer")  # noqa: B023
                await citizen.hang_up()
                await ami.no_channels()
                await citizen.listen()


async def test_a_caller_who_hangs_up_is_not_asked(switch: TestSwitch, ami: AmiTap, tmp_path: Path) -> None:
    with ivr_of(switch, tmp_path, ("ask = false", "ask = true")):
        async with switch.agent() as agent, switch.citizen() as citizen:
            await ami.send("QueueAdd", Queue="priority", Interface="PJSIP/8101", MemberName="agent-8101")
            await skip_greeting(citizen)
            contact_id = (await ami.wait("AgentConnect"))["ChanVariable CONTACT_ID"]
            await citizen.hang_up()
            await agent.wait_state("DISCONNECTED")
    await ami.no_channels()
    assert list(switch.settings.survey_spool.glob(f"{contact_id}*")) == []
