"""The moves that the desk makes with a live call: hold, private consultation, three-way, the agent leaves.

Proved with one pitch a party: what each of them hears at each step, and what the citizen's recording holds.
"""

from __future__ import annotations

import pytest

from hotline.sip_phone import SipPhone
from tests.kit.ami_tap import AmiTap
from tests.kit.switch import TestSwitch
from tests.kit.tones import speakers, story
from tests.kit.waiting import until

pytestmark = pytest.mark.live


async def hears(phone: SipPhone, *who: str) -> None:
    await until(lambda: speakers(phone.heard(0.4)) == set(who), f"{phone.config.user} hears {who or 'music'}")


async def connected(ami: AmiTap, citizen: SipPhone, agent: SipPhone) -> tuple[str, str, str]:
    """Citizen and agent talk; their channels and the contact id."""
    await ami.send("QueueAdd", Queue="citizens", Interface="PJSIP/8101", MemberName="agent-8101")
    await citizen.call("12345")
    answered = await ami.wait("AgentConnect")
    await hears(citizen, "agent")
    return answered["Channel"], answered["DestChannel"], answered["ChanVariable CONTACT_ID"]


async def move(ami: AmiTap, channel: str, context: str, exten: str, **more: str) -> None:
    await ami.send("Redirect", Channel=channel, Context=context, Exten=exten, Priority="1", **more)


async def test_consultation_three_way_and_leaving(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.citizen() as citizen, switch.agent() as agent, switch.unit() as unit:
        citizens, agents, contact = await connected(ami, citizen, agent)
        other = {"ExtraChannel": agents, "ExtraContext": "conf", "ExtraExten": contact, "ExtraPriority": "1"}
        await move(ami, citizens, "hold", "s", **other)
        await hears(citizen)
        room = {"Context": "conf", "Exten": contact, "Priority": "1"}
        await ami.send("Originate", Channel="PJSIP/5559876@units", Async="true", ChannelId=f"unit-{contact}", **room)
        await hears(agent, "unit")
        await hears(unit, "agent")
        await hears(citizen)
        await move(ami, citizens, "conf", contact)
        await hears(citizen, "agent", "unit")
        await hears(agent, "citizen", "unit")
        await hears(unit, "citizen", "agent")
        await ami.send("Hangup", Channel=agents)
        await hears(citizen, "unit")
        await hears(unit, "citizen")
        await citizen.hang_up()
        await ami.send("Hangup", Channel="/^PJSIP/units-.*$/")
        await ami.no_channels()
    rx, tx = await switch.recorded(contact)
    assert rx.seconds == tx.seconds
    told = story(tx)
    steps = [("agent",), (), ("agent", "unit"), ("unit",)]
    assert [step for step in told if step in steps][-4:] == steps, told
    assert ("citizen",) in story(rx)


async def test_hold_and_back(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.citizen() as citizen, switch.agent() as agent:
        citizens, agents, contact = await connected(ami, citizen, agent)
        other = {"ExtraChannel": agents, "ExtraContext": "conf", "ExtraExten": contact, "ExtraPriority": "1"}
        await move(ami, citizens, "hold", "s", **other)
        await hears(citizen)
        await hears(agent)
        await move(ami, citizens, "conf", contact)
        await hears(citizen, "agent")
        await hears(agent, "citizen")


async def test_hold_by_the_agents_own_phone(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.citizen() as citizen, switch.agent() as agent:
        await connected(ami, citizen, agent)
        await agent.command("hold")
        await ami.wait("Hold")
        await hears(citizen)
        await until(lambda: abs(citizen.heard(0.4).samples).max(initial=0) > 500, "music, not silence")
        await agent.command("unhold")
        await ami.wait("Unhold")
        await hears(citizen, "agent")


async def test_transfer_to_a_handling_unit(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.citizen() as citizen, switch.agent() as agent, switch.unit() as unit:
        citizens, _, contact = await connected(ami, citizen, agent)
        await move(ami, citizens, "unit-out", "5559876")
        await agent.wait_state("DISCONNECTED")
        await hears(citizen, "unit")
        await hears(unit, "citizen")
        began = citizen.heard().seconds  # MixMonitor writes behind: the last moment before a hang-up may be missing
        await until(lambda: citizen.heard().seconds > began + 1.5, "some talk")
        await unit.hang_up()
        await citizen.wait_state("DISCONNECTED")
        await ami.no_channels()
    heard = [who for who in story((await switch.recorded(contact))[1]) if who]  # the last window may be half silence
    assert heard[-1] == ("unit",), heard


async def test_a_busy_unit_gives_the_citizen_back(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.citizen() as citizen, switch.agent() as agent, switch.unit(auto_answer=None) as unit:
        citizens, _, _ = await connected(ami, citizen, agent)
        ami.events.clear()
        await move(ami, citizens, "unit-out", "5559876")
        await unit.wait_event("incoming")
        await unit.reject(486)
        again = await ami.wait("QueueCallerJoin")
        assert (again["ChanVariable HL_PRIORITY"], again["ChanVariable HL_NOTE"]) == ("10", "transfer_failed")
        await agent.wait_state("CONFIRMED", count=2)
        await hears(citizen, "agent")


async def test_missed_ring_goes_on_to_the_next_agent(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.citizen() as citizen, switch.agent(auto_answer=None) as first, switch.agent("8102") as second:
        await ami.send("QueueAdd", Queue="citizens", Interface="PJSIP/8101", Penalty="0")
        await citizen.call("12345")
        await first.wait_event("incoming")
        await ami.send("QueueAdd", Queue="citizens", Interface="PJSIP/8102", Penalty="1")
        await first.reject(486)
        await ami.wait("AgentRingNoAnswer", Interface="PJSIP/8101")
        await ami.send("QueuePause", Interface="PJSIP/8101", Paused="true", Reason="missed")
        await second.wait_state("CONFIRMED")
        await hears(citizen, "agent")


async def test_an_agent_calls_a_citizen_back(switch: TestSwitch, ami: AmiTap) -> None:
    """Outgoing: the citizen sees the hotline's number, and the recording has the two voices in the usual places."""
    async with switch.agent() as agent, switch.called_citizen() as citizen:
        await agent.call("13900000009")
        ringing = await citizen.wait_event("incoming")
        assert switch.settings.hotline_number in ringing["remote"]
        await hears(agent, "citizen")
        await hears(citizen, "agent")
        dialled = await ami.wait("DialBegin")
        await agent.hang_up()
        await ami.no_channels()
    contact = dialled["ChanVariable CONTACT_ID"]
    rx, tx = await switch.recorded(contact)
    assert (story(rx)[-1], story(tx)[-1]) == (("citizen",), ("agent",))


async def test_keys_reach_the_other_side(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.agent() as agent, switch.called_citizen() as citizen:
        await agent.call("13900000009")
        await citizen.wait_state("CONFIRMED")
        await agent.wait_state("CONFIRMED")
        await agent.digits("4711#")
        await citizen.wait_event("digit", count=5)
        assert "".join(event["digit"] for event in citizen.events if event["event"] == "digit") == "4711#"


async def test_an_agent_tests_the_own_line(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.agent() as agent:
        await agent.call("*43")
        await hears(agent, "agent")
