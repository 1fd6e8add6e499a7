"""Asterisk killed while a consultation, a voice message and the comment of a survey are being recorded."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import cti
from hotline.sip_phone import Heard, SipPhone
from recordings import check_recording, find_for_contact, open_audio, sweep_spool
from recordings.audio import decode
from tests.kit.ami_tap import AmiTap
from tests.kit.fixtures import AGENTS
from tests.kit.recordings import RATE, now
from tests.kit.stack import ports_at
from tests.kit.switch import TestSwitch, running_switch
from tests.kit.tones import speakers
from tests.kit.waiting import until
from tests.live.test_cti_bridge import Desk, desk
from tests.live.test_ivr import hears
from tests.live.test_voicemail import Office, ivr_of, skip_greeting

pytestmark = pytest.mark.live

ENOUGH = 32_000
"""Bytes: two seconds."""


async def is_left_by_the_agent(ami: AmiTap, citizen: SipPhone, agent: SipPhone) -> str:
    """A citizen whose agent has hung up first; the contact's id."""
    await ami.send("QueueAdd", Queue="priority", Interface="PJSIP/8102", MemberName="agent-8102")
    await skip_greeting(citizen)
    contact_id = (await ami.wait("AgentConnect", MemberName="agent-8102"))["ChanVariable CONTACT_ID"]
    await ami.send("QueueRemove", Queue="priority", Interface="PJSIP/8102")
    await until(lambda: speakers(citizen.heard(0.4)) != set(), "they talk")
    await agent.hang_up()
    return contact_id


async def comments(citizen: SipPhone) -> None:
    """The citizen judges that call, and says a few words."""
    await until(hears(citizen, "survey"), "the question", seconds=25, every=0.5)
    await citizen.digits("5")


async def asks_a_unit(d: Desk, citizen: SipPhone, unit: SipPhone, talking: asyncio.Event) -> str:
    """A citizen waits with music while the agent asks a unit; the contact's id."""
    await skip_greeting(citizen)
    await d.state("talking")
    talking.set()
    agent = d.bridge.agent("zhang")
    (contact_id,) = [call.contact_id for call in d.bridge.calls() if agent and call.call_id == agent.call_id]
    await d.bridge.consult("zhang", cti.Target("5559876"))
    await until(lambda: speakers(unit.heard(0.4)) == {"agent"}, "the unit hears the agent", 20)
    return contact_id or ""


async def leaves_a_message(ami: AmiTap, citizen: SipPhone, agents_busy: asyncio.Event) -> str:
    """A citizen who does not wait for an agent; the contact's id."""
    await agents_busy.wait()
    await skip_greeting(citizen)
    joined = await ami.wait("QueueCallerJoin", CallerIDNum=citizen.config.user)
    await citizen.digits("*")
    return joined["ChanVariable CONTACT_ID"]


async def test_a_killed_asterisk_costs_nothing_that_was_said(tmp_path: Path) -> None:
    with running_switch(AGENTS, **ports_at(6000)) as switch, ivr_of(switch, tmp_path, ("ask = false", "ask = true")):
        (asked, spoken, judged), seconds = await killed(switch)
        office = Office(switch, tmp_path)
        with office.db.begin() as session:  # nobody has seen the calls end: the log of calls knows, once reconciled
            assert sweep_spool(session, office.config.folders(), now()) == []
        for kind, contact_id, voices, lasts in (
            ("call", asked, {"citizen"}, seconds - 3),  # at most what Asterisk still had in its buffer
            ("consult", cti.consultation_ids(asked)[0], {"agent", "unit"}, 2),
            ("voicemail", spoken, {"second citizen"}, 2),
            ("survey", judged, {"citizen"}, 2),
        ):
            view = await office.keeps(contact_id, kind)
            assert "header_repaired" in view.alarms
            assert (view.seconds or 0) >= lasts
            with office.db() as session:
                found = [each.kind for each in find_for_contact(session, contact_id)]
                assert sorted(found) == sorted({kind} if kind == "consult" else {"call", kind}), "each once"
                assert check_recording(session, office.config.store, view.recording_id).sound
                audio = open_audio(session, office.config.store, view.recording_id, "original")
            assert audio is not None
            (tmp_path / "one.flac").write_bytes(b"".join(audio.read()))
            legs = decode(tmp_path / "one.flac", "flac", RATE)[0]
            heard = [speakers(Heard(leg.astype(float), RATE).last(1)) for leg in legs]
            assert set().union(*heard) == voices, (kind, heard)
            assert kind != "call" or heard[0] == {"citizen"}, "the citizen is left"
        assert not [path for folder in office.config.folders().values() for path in folder.glob("*.wav")]


async def killed(switch: TestSwitch) -> tuple[tuple[str, str, str], float]:
    """Three calls at their places; Asterisk is killed when something of each is written.  Their contacts' ids, and for
    how many seconds the first citizen was on the line."""
    settings = switch.settings
    async with (
        switch.ami() as ami,
        desk(switch) as d,
        switch.agent(),
        switch.agent("8102") as second,
        switch.unit() as unit,
        switch.citizen() as asking,
        switch.citizen("13900000002", "second citizen") as speaking,
        switch.citizen("13900000003") as judging,
    ):
        await d.bridge.agent_login("zhang", "8101", ["priority"])
        judged = await is_left_by_the_agent(ami, judging, second)
        await d.bridge.agent_ready("zhang")
        talking = asyncio.Event()
        asked, spoken, _ = await asyncio.gather(
            asks_a_unit(d, asking, unit, talking), leaves_a_message(ami, speaking, talking), comments(judging)
        )
        files = (
            settings.consult_spool / f"{cti.consultation_ids(asked)[0]}-rx.wav",
            settings.voicemail_spool / f"{spoken}-1.wav",
            settings.survey_spool / f"{judged}.wav",
        )
        await until(lambda: all(file.exists() and file.stat().st_size > ENOUGH for file in files), "all speak", 30)
        assert switch.process is not None
        switch.process.kill()
        await asyncio.to_thread(switch.process.wait)
        return (asked, spoken, judged), asking.heard().seconds
