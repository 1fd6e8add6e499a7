"""A citizen dials, an agent with an ordinary SIP phone answers: who hears whom, what AMI tells, what is recorded."""

from __future__ import annotations

import csv

import pytest

from tests.kit.ami_tap import AmiTap
from tests.kit.switch import TestSwitch
from tests.kit.tones import speakers, story
from tests.kit.waiting import until

pytestmark = pytest.mark.live


async def ready(ami: AmiTap, extension: str = "8101", queue: str = "citizens") -> None:
    """An agent takes calls of a queue, as the desk arranges it."""
    await ami.send("QueueAdd", Queue=queue, Interface=f"PJSIP/{extension}", MemberName=f"agent-{extension}")


async def test_each_hears_the_other_and_nobody_else(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.agent() as agent, switch.citizen() as citizen:
        await ready(ami)
        await citizen.call("12345")
        await agent.wait_state("CONFIRMED")
        await until(lambda: speakers(citizen.heard(0.5)) == {"agent"}, "the citizen hears the agent")
        await until(lambda: speakers(agent.heard(0.5)) == {"citizen"}, "the agent hears the citizen")


async def test_the_agents_hang_up_ends_the_citizens_call(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.agent() as agent, switch.citizen() as citizen:
        await ready(ami)
        await citizen.call("12345")
        await agent.wait_state("CONFIRMED")
        await agent.hang_up()
        await citizen.wait_state("DISCONNECTED")


async def test_the_caller_waits_with_music_until_an_agent_comes(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.agent() as agent, switch.citizen() as citizen:
        await citizen.call("12345")
        await ami.wait("QueueCallerJoin", Queue="citizens", Position="1")
        await until(lambda: float(abs(citizen.heard(0.5).samples).max(initial=0)) > 500, "the comfort sound")
        await ready(ami)
        await agent.wait_state("CONFIRMED")


async def test_events_carry_what_the_desk_needs(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.agent(), switch.citizen("13800138000") as citizen:
        await ready(ami)
        await citizen.call("12345")
        arrived = await ami.wait("Newchannel", Context="from-trunk")
        called = await ami.wait("AgentCalled")
        answered = await ami.wait("AgentConnect")
    assert (arrived["Exten"], arrived["CallerIDNum"]) == ("12345", "13800138000")
    assert called["Interface"] == answered["Interface"] == "PJSIP/8101"
    assert called["MemberName"] == "agent-8101"
    contact = called["ChanVariable CONTACT_ID"]
    assert len(contact) == 36
    assert answered["ChanVariable CONTACT_ID"] == contact
    assert (called["ChanVariable CITY"], called["ChanVariable HL_QUEUE"]) == (switch.settings.city, "citizens")


async def test_both_legs_are_recorded_from_answer_to_end(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.agent() as agent, switch.citizen() as citizen:
        await citizen.call("12345")
        joined = await ami.wait("QueueCallerJoin")
        await until(lambda: citizen.heard().seconds > 0.8, "a little music")
        await ready(ami)
        await agent.wait_state("CONFIRMED")
        await until(lambda: citizen.heard().seconds > 2.5, "a little talk")
        await citizen.hang_up()
        await ami.no_channels()
    voice, other = await switch.recorded(joined["ChanVariable CONTACT_ID"])
    assert voice.seconds == other.seconds > 2.3
    assert story(voice.between(0.25, 2.25)) == [("citizen",)]
    assert story(other)[-1] == ("agent",), "what the citizen heard: music, then the agent"
    assert story(other)[0] == (), "music before the agent"


async def test_asterisk_keeps_its_own_records(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.agent() as agent, switch.citizen("13500000005") as citizen:
        await ready(ami)
        await citizen.call("12345")
        await agent.wait_state("CONFIRMED")
        connected = await ami.wait("AgentConnect")
        await citizen.hang_up()
        await ami.no_channels()
    log = switch.settings.asterisk_dir / "log"
    contact, unique = connected["ChanVariable CONTACT_ID"], connected["Uniqueid"]

    def rows() -> list[list[str]]:
        return [row for row in csv.reader((log / "cel-custom" / "calls.csv").open()) if row[3] == unique]

    await until(lambda: any(row[0] == "LINKEDID_END" for row in rows()), "the end in the call records")
    citizens_rows = [row for row in rows() if row[2] == unique and row[4] == contact]
    assert {"ANSWER", "BRIDGE_ENTER", "HANGUP"} <= {row[0] for row in citizens_rows}
    assert {row[9] for row in citizens_rows} == {"13500000005"}
    queue_log = (log / "queue_log").read_text()
    assert f"|{unique}|citizens|agent-8101|CONNECT|" in queue_log
    assert f"|{unique}|citizens|agent-8101|COMPLETECALLER|" in queue_log


async def test_priority_callers_come_first(switch: TestSwitch, ami: AmiTap) -> None:
    """Two wait; the one in the weightier queue is rung through first though it came later."""
    async with (
        switch.agent() as agent,
        switch.citizen() as first,
        switch.citizen("13900000002", "second citizen") as second,
    ):
        await first.call("12345")
        await ami.wait("QueueCallerJoin", Queue="citizens")
        await second.call("12345")
        waiting = await ami.wait("QueueCallerJoin", Queue="citizens", Position="2")
        await ami.send("Setvar", Channel=waiting["Channel"], Variable="__HL_QUEUE", Value="priority")
        await ami.send("Redirect", Channel=waiting["Channel"], Context="to-queue", Exten="s", Priority="1")
        await ami.wait("QueueCallerJoin", Queue="priority")
        for queue in ("citizens", "priority"):
            await ready(ami, queue=queue)
        await agent.wait_state("CONFIRMED")
        await until(lambda: speakers(agent.heard(0.5)) == {"second citizen"}, "the priority caller is through")
