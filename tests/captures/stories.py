"""The stories: each plays calls and writes down what happened.  One function a folder."""

from __future__ import annotations

from tests.captures.studio import Studio
from tests.kit.waiting import until

CITIZEN = "13900000001"


async def queue_answered(s: Studio) -> None:
    """A citizen waits, an agent answers, the citizen hangs up."""
    await s.log_in("8101")
    citizen = await s.citizen()
    await citizen.call("12345")
    await s.talking("trunk", "8101")
    await citizen.hang_up()
    await s.ami.no_channels()
    agent = s.channel("8101")
    s.tell(s.channel("trunk"), CITIZEN, "12345", dialled=[agent], answered_by=[agent])


async def queue_agent_hangs_up(s: Studio) -> None:
    """The same, but the agent ends it."""
    await s.log_in("8101")
    citizen = await s.citizen()
    await citizen.call("12345")
    await s.talking("trunk", "8101")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    agent = s.channel("8101")
    s.tell(s.channel("trunk"), CITIZEN, "12345", dialled=[agent], answered_by=[agent])


async def queue_abandoned(s: Studio) -> None:
    """Nobody is there; the citizen gives up."""
    citizen = await s.citizen()
    await citizen.call("12345")
    await s.ami.wait("QueueCallerJoin")
    await citizen.hang_up()
    await s.ami.no_channels()
    s.tell(s.channel("trunk"), CITIZEN, "12345", abandoned_queue=True)


async def queue_abandoned_while_ringing(s: Studio) -> None:
    """The citizen gives up while an agent's phone rings."""
    await s.log_in("8101")
    await s.answers("8101", None)
    citizen = await s.citizen()
    await citizen.call("12345")
    await s.rings("8101")
    await citizen.hang_up()
    await s.ami.no_channels()
    s.tell(s.channel("trunk"), CITIZEN, "12345", dialled=[s.channel("8101")], abandoned_queue=True)


async def queue_rejected(s: Studio) -> None:
    """The first agent refuses, the second answers."""
    await s.log_in("8101")
    await s.answers("8101", None)
    citizen = await s.citizen()
    await citizen.call("12345")
    await s.rings("8101")
    await s.log_in("8102")
    await s.ami.send("QueuePause", Interface="PJSIP/8101", Paused="true", Reason="test")
    await s.agent("8101").reject()
    await s.talking("trunk", "8102")
    await citizen.hang_up()
    await s.ami.no_channels()
    first, second = s.channel("8101"), s.channel("8102")
    s.tell(
        s.channel("trunk"),
        CITIZEN,
        "12345",
        dialled=[first, second],
        answered_by=[second],
        missed=[["agent-8101", "rejected"]],
    )


async def queue_no_answer(s: Studio) -> None:
    """The first agent lets it ring until the queue gives up on them (15 s), the second answers."""
    await s.log_in("8101")
    await s.answers("8101", None)
    citizen = await s.citizen()
    await citizen.call("12345")
    await s.rings("8101")
    await s.ami.wait("AgentRingNoAnswer", 30)
    await s.ami.send("QueuePause", Interface="PJSIP/8101", Paused="true", Reason="test")
    await s.log_in("8102")
    await s.talking("trunk", "8102")
    await citizen.hang_up()
    await s.ami.no_channels()
    first, second = s.channel("8101"), s.channel("8102")
    s.tell(
        s.channel("trunk"),
        CITIZEN,
        "12345",
        dialled=[first, second],
        answered_by=[second],
        missed=[["agent-8101", "no-answer"]],
    )


async def two_citizens(s: Studio) -> None:
    """Two citizens at once; one talks, the other waits behind, then has the same agent."""
    await s.log_in("8101")
    first, second = await s.citizen("13900000001"), await s.citizen("13900000002")
    await first.call("12345")
    await s.talking("trunk", "8101")
    await second.call("12345")
    await until(lambda: len(s.ami.of("QueueCallerJoin")) == 2, "second citizen waits")
    await first.hang_up()
    await until(lambda: len(s.ami.of("AgentConnect")) == 2, "second citizen talks")
    await s.talking("trunk", "8101")
    await second.hang_up()
    await s.ami.no_channels()
    legs = s.channels("8101")
    s.tell(
        s.channel("trunk"),
        CITIZEN,
        "12345",
        dialled=legs,
        answered_by=legs,
        hangup_reasons=["completed", "completed"],
    )


async def hold_by_phone(s: Studio) -> None:
    """The agent's phone holds and takes back."""
    await s.log_in("8101")
    citizen = await s.citizen()
    await citizen.call("12345")
    await s.talking("trunk", "8101")
    await s.agent("8101").command("hold")
    await s.ami.wait("Hold")
    await s.ami.wait("MusicOnHoldStart", Channel=s.channel("trunk"))
    await s.agent("8101").command("unhold")
    await s.ami.wait("Unhold")
    await citizen.hang_up()
    await s.ami.no_channels()
    agent = s.channel("8101")
    s.tell(s.channel("trunk"), CITIZEN, "12345", dialled=[agent], answered_by=[agent], holds=1)


async def hold_by_redirect(s: Studio) -> None:
    """The desk holds by moving the citizen to music, and back into the agent's room."""
    await s.log_in("8101")
    citizen = await s.citizen()
    await citizen.call("12345")
    await s.talking("trunk", "8101")
    here, there = s.channel("trunk"), s.channel("8101")
    extra = {"ExtraChannel": there, "ExtraContext": "conf", "ExtraExten": "agent8101", "ExtraPriority": "1"}
    joins = len(s.ami.of("ConfbridgeJoin"))
    await s.ami.send("Redirect", Channel=here, Context="hold", Exten="s", Priority="1", **extra)
    await until(lambda: len(s.ami.of("ConfbridgeJoin")) > joins, "agent alone in the room")
    await until(lambda: len(s.ami.of("MusicOnHoldStart", Channel=here)) > 1, "music")
    await s.ami.send("Redirect", Channel=here, Context="conf", Exten="agent8101", Priority="1")
    await s.talking("trunk", "8101")
    await citizen.hang_up()
    await s.ami.send("Hangup", Channel=there)
    await s.ami.no_channels()
    s.tell(here, CITIZEN, "12345", dialled=[there], answered_by=[there], holds=1)


async def three_way(s: Studio) -> None:
    """Private consultation with a unit, then all three, then the agent leaves."""
    await s.log_in("8101")
    citizen, _ = await s.citizen(), await s.unit()
    await citizen.call("12345")
    await s.talking("trunk", "8101")
    here, there = s.channel("trunk"), s.channel("8101")
    extra = {"ExtraChannel": there, "ExtraContext": "conf", "ExtraExten": "room1", "ExtraPriority": "1"}
    await s.ami.send("Redirect", Channel=here, Context="hold", Exten="s", Priority="1", **extra)
    room = {"Context": "conf", "Exten": "room1", "Priority": "1"}
    await s.ami.send("Originate", Channel="PJSIP/5559876@units", Async="true", ChannelId="unit-1", **room)
    await s.talking("units", "8101")
    await s.ami.send("Redirect", Channel=here, Context="conf", Exten="room1", Priority="1")
    await s.talking("trunk", "8101", "units")
    await s.ami.send("Hangup", Channel=there)
    await until(lambda: s.ami.of("Hangup", Channel=there), "agent gone")
    await citizen.hang_up()
    await s.ami.send("Hangup", Channel=s.channel("units"))
    await s.ami.no_channels()
    s.tell(here, CITIZEN, "12345", dialled=[there], answered_by=[there], holds=1)


async def plain_call(s: Studio) -> None:
    """One desk phone calls another."""
    await s.agent("8101").call("8102")
    await s.talking("8101", "8102")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    other = s.channel("8102")
    s.tell(s.channel("8101"), "8101", "8102", dialled=[other], answered_by=[other])


async def plain_busy(s: Studio) -> None:
    """The called phone refuses."""
    await s.answers("8102", None)
    await s.agent("8101").call("8102")
    await s.rings("8102")
    await s.agent("8102").reject()
    await s.ami.no_channels()
    s.tell(s.channel("8101"), "8101", "8102", dialled=[s.channel("8102")], hangup_reasons=["busy"])


async def plain_cancelled(s: Studio) -> None:
    """The caller gives up."""
    await s.answers("8102", None)
    await s.agent("8101").call("8102")
    await s.rings("8102")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    s.tell(s.channel("8101"), "8101", "8102", dialled=[s.channel("8102")], hangup_reasons=["cancelled"])


async def outgoing(s: Studio) -> None:
    """An agent calls a citizen through the carrier."""
    await s.exchange()
    await s.agent("8101").call("013900000009")
    await s.talking("8101", "trunk")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    citizen = s.channel("trunk")
    s.tell(s.channel("8101"), "12345", "013900000009", dialled=[citizen], answered_by=[citizen])


async def local_chain(s: Studio) -> None:
    """A call through a Local channel that Asterisk optimises away."""
    await s.agent("8101").call("28102")
    await s.talking("8101", "8102")
    await s.agent("8102").hang_up()
    await s.ami.no_channels()
    other = s.channel("8102")
    s.tell(s.channel("8101"), "8101", "28102", dialled=[other], answered_by=[other])


async def local_group(s: Studio) -> None:
    """Two phones ring through Local channels, one is answered."""
    await s.answers("8102", None)
    await s.answers("8103", None)
    await s.agent("8101").call("600")
    await s.rings("8102")
    await s.rings("8103")
    await s.agent("8103").answer()
    await s.talking("8101", "8103")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    both = s.in_ringing_order("8102", "8103")
    s.tell(s.channel("8101"), "8101", "600", dialled=both, answered_by=[s.channel("8103")])


async def group_one_refuses(s: Studio) -> None:
    """Two phones ring, one refuses, the other is answered."""
    await s.answers("8102", None)
    await s.answers("8103", None)
    await s.agent("8101").call("601")
    await s.rings("8102")
    await s.rings("8103")
    await s.agent("8102").reject()
    await s.agent("8103").answer()
    await s.talking("8101", "8103")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    both = s.in_ringing_order("8102", "8103")
    s.tell(s.channel("8101"), "8101", "601", dialled=both, answered_by=[s.channel("8103")])


async def second_try(s: Studio) -> None:
    """The first phone is not answered, the dialplan dials another."""
    await s.answers("8102", None)
    await s.agent("8101").call("602")
    await s.talking("8101", "8103")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    first, second = s.channel("8102"), s.channel("8103")
    s.tell(s.channel("8101"), "8101", "602", dialled=[first, second], answered_by=[second])


async def forwarded(s: Studio) -> None:
    """A call is forwarded by the dialplan, through two Local channels."""
    await s.agent("8101").call("604")
    await s.talking("8101", "8103")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    other = s.channel("8103")
    s.tell(s.channel("8101"), "8101", "604", dialled=[other], answered_by=[other])


async def pickup(s: Studio) -> None:
    """A third phone takes the ringing call."""
    await s.answers("8102", None)
    await s.agent("8101").call("8102")
    await s.rings("8102")
    await s.agent("8103").call("*88102")
    await s.talking("8101", "8103")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    s.tell(s.channel("8101"), "8101", "8102", dialled=[s.channel("8102")], answered_by=[s.channel("8103")])


async def application_only(s: Studio) -> None:
    """The dialplan answers and hangs up; nobody is dialled."""
    await s.agent("8101").call("606")
    await s.ami.wait("Hangup")
    await s.ami.no_channels()
    s.tell(s.channel("8101"), "8101", "606")


async def busy_number(s: Studio) -> None:
    """The dialplan says busy without dialling."""
    await s.agent("8101").call("603")
    await s.ami.wait("Hangup")
    await s.ami.no_channels()
    s.tell(s.channel("8101"), "8101", "603", hangup_reasons=["busy"])


async def conference(s: Studio) -> None:
    """Three phones meet in a room."""
    for extension in ("8101", "8102", "8103"):
        await s.agent(extension).call("607")
        await until(lambda e=extension: s.channels(e), f"{extension} calls")
    await s.talking("8101", "8102", "8103")
    for extension in ("8101", "8102", "8103"):
        await s.agent(extension).hang_up()
    await s.ami.no_channels()
    s.tell(s.channel("8101"), "8101", "607")


async def blind_by_agent(s: Studio) -> None:
    """The agent passes the citizen on to a colleague without asking."""
    await s.log_in("8101")
    citizen = await s.citizen()
    await citizen.call("12345")
    await s.talking("trunk", "8101")
    await s.agent("8101").command("transfer", to=f"sip:8102@{s.switch.server}")
    await s.talking("trunk", "8102")
    await citizen.hang_up()
    await s.ami.no_channels()
    first, second = s.channel("8101"), s.channel("8102")
    s.tell(
        s.channel("trunk"),
        CITIZEN,
        "12345",
        dialled=[first],
        answered_by=[first, second],
        transfers=[{"kind": "blind", "by": first, "to": [second]}],
    )


async def blind_by_caller(s: Studio) -> None:
    """The caller passes the called party on."""
    await s.agent("8101").call("8102")
    await s.talking("8101", "8102")
    await s.agent("8101").command("transfer", to=f"sip:8103@{s.switch.server}")
    await s.talking("8102", "8103")
    await s.agent("8103").hang_up()
    await s.ami.no_channels()
    first, second, third = s.channel("8101"), s.channel("8102"), s.channel("8103")
    s.tell(
        first,
        "8101",
        "8102",
        dialled=[second],
        answered_by=[second, third],
        transfers=[{"kind": "blind", "by": first, "to": [third]}],
    )


async def blind_refused(s: Studio) -> None:
    """The target of a blind transfer refuses."""
    await s.answers("8103", None)
    await s.agent("8101").call("8102")
    await s.talking("8101", "8102")
    await s.agent("8102").command("transfer", to=f"sip:8103@{s.switch.server}")
    await s.rings("8103")
    await s.agent("8103").reject()
    await s.ami.no_channels()
    first, second, third = s.channel("8101"), s.channel("8102"), s.channel("8103")
    s.tell(
        first,
        "8101",
        "8102",
        dialled=[second],
        answered_by=[second],
        transfers=[{"kind": "blind", "by": second, "to": [third]}],
        hangup_reasons=["busy"],
    )


async def blind_to_nobody(s: Studio) -> None:
    """The target of a blind transfer rings nowhere."""
    await s.agent("8101").call("8102")
    await s.talking("8101", "8102")
    await s.agent("8102").command("transfer", to=f"sip:603@{s.switch.server}")
    await s.ami.no_channels()
    first, second = s.channel("8101"), s.channel("8102")
    s.tell(first, "8101", "8102", dialled=[second], answered_by=[second])


async def blind_to_group(s: Studio) -> None:
    """A blind transfer to a group of two phones."""
    await s.answers("8103", None)
    await s.answers("8104", None)
    await s.agent("8101").call("8102")
    await s.talking("8101", "8102")
    await s.agent("8102").command("transfer", to=f"sip:608@{s.switch.server}")
    await s.rings("8103")
    await s.rings("8104")
    await s.agent("8104").answer()
    await s.talking("8101", "8104")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    first, second, third, fourth = (s.channel(e) for e in ("8101", "8102", "8103", "8104"))
    s.tell(
        first,
        "8101",
        "8102",
        dialled=[second],
        answered_by=[second, fourth],
        transfers=[{"kind": "blind", "by": second, "to": [third, fourth]}],
    )


async def blind_to_queue(s: Studio) -> None:
    """A colleague passes a call on to the queue."""
    await s.log_in("8103")
    await s.agent("8101").call("8102")
    await s.talking("8101", "8102")
    await s.agent("8102").command("transfer", to=f"sip:605@{s.switch.server}")
    await s.talking("8101", "8103")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    first, second, third = s.channel("8101"), s.channel("8102"), s.channel("8103")
    s.tell(
        first,
        "8101",
        "8102",
        dialled=[second, third],
        answered_by=[second, third],
        transfers=[{"kind": "blind", "by": second, "to": []}],
    )


async def attended_by_agent(s: Studio) -> None:
    """The agent asks a colleague first, then joins citizen and colleague."""
    await s.log_in("8101")
    citizen = await s.citizen()
    await citizen.call("12345")
    await s.talking("trunk", "8101")
    agent = s.agent("8101")
    await agent.command("hold")
    await s.ami.wait("Hold")
    await agent.call("8102")
    await s.talking("8101", "8102")
    await agent.command("transfer_to_call")
    await s.talking("trunk", "8102")
    await citizen.hang_up()
    await s.ami.no_channels()
    first, second = s.channels("8101")
    colleague = s.channel("8102")
    s.tell(
        s.channel("trunk"),
        CITIZEN,
        "12345",
        dialled=[first, colleague],
        answered_by=[first, colleague],
        transfers=[{"kind": "attended", "by": second, "to": [colleague]}],
        holds=1,
    )


async def attended_by_caller(s: Studio) -> None:
    """The caller joins the two they called one after the other."""
    caller = s.agent("8101")
    await caller.call("8102")
    await s.talking("8101", "8102")
    await caller.command("hold")
    await s.ami.wait("Hold")
    await caller.call("8103")
    await s.talking("8101", "8103")
    await caller.command("transfer_to_call")
    await s.talking("8102", "8103")
    await s.agent("8102").hang_up()
    await s.ami.no_channels()
    first, second = s.channels("8101")
    two, three = s.channel("8102"), s.channel("8103")
    s.tell(
        first,
        "8101",
        "8102",
        dialled=[two, three],
        answered_by=[two, three],
        transfers=[{"kind": "attended", "by": second, "to": [three]}],
        holds=1,
    )


async def attended_through_locals(s: Studio) -> None:
    """The same with Local channels on both calls."""
    caller = s.agent("8101")
    await caller.call("28102")
    await s.talking("8101", "8102")
    await caller.command("hold")
    await s.ami.wait("Hold")
    await caller.call("28103")
    await s.talking("8101", "8103")
    await caller.command("transfer_to_call")
    await s.talking("8102", "8103")
    await s.agent("8102").hang_up()
    await s.ami.no_channels()
    first, second = s.channels("8101")
    two, three = s.channel("8102"), s.channel("8103")
    s.tell(
        first,
        "8101",
        "28102",
        dialled=[two, three],
        answered_by=[two, three],
        transfers=[{"kind": "attended", "by": second, "to": [three]}],
        holds=1,
    )


async def both_called_one(s: Studio) -> None:
    """Two phones called the same one; that one joins them."""
    await s.agent("8102").call("8101")
    await s.talking("8102", "8101")
    await s.agent("8101").command("hold")
    await s.ami.wait("Hold")
    await s.answers("8101", None)
    await s.agent("8103").call("29101")
    await s.rings("8101", 2)
    await s.agent("8101").answer()
    await s.talking("8103", "8101")
    await s.agent("8101").command("transfer_to_call")
    await s.talking("8102", "8103")
    await s.agent("8102").hang_up()
    await s.ami.no_channels()
    first, second = s.channels("8101")
    s.tell(
        s.channel("8102"),
        "8102",
        "8101",
        dialled=[first, second],
        answered_by=[first, second],
        transfers=[{"kind": "attended", "by": second, "to": [s.channel("8103")]}],
        holds=1,
    )


async def blonde(s: Studio) -> None:
    """The agent joins them while the colleague's phone still rings."""
    await s.log_in("8101")
    await s.answers("8102", None)
    citizen = await s.citizen()
    await citizen.call("12345")
    await s.talking("trunk", "8101")
    agent = s.agent("8101")
    await agent.command("hold")
    await s.ami.wait("Hold")
    await agent.call("8102")
    await s.rings("8102")
    await agent.command("transfer_to_call")
    await s.ami.wait("AttendedTransfer")
    await s.agent("8102").answer()
    await s.talking("trunk", "8102")
    await citizen.hang_up()
    await s.ami.no_channels()
    first, second = s.channels("8101")
    colleague = s.channel("8102")
    s.tell(
        s.channel("trunk"),
        CITIZEN,
        "12345",
        dialled=[first, colleague],
        answered_by=[first, colleague],
        transfers=[{"kind": "blonde", "by": second, "to": [colleague]}],
        holds=1,
    )


async def blonde_through_locals(s: Studio) -> None:
    """The same between desk phones, through Local channels."""
    await s.answers("8103", None)
    caller = s.agent("8101")
    await caller.call("28102")
    await s.talking("8101", "8102")
    await caller.command("hold")
    await s.ami.wait("Hold")
    await caller.call("28103")
    await s.rings("8103")
    await caller.command("transfer_to_call")
    await s.ami.wait("AttendedTransfer")
    await s.agent("8103").answer()
    await s.talking("8102", "8103")
    await s.agent("8102").hang_up()
    await s.ami.no_channels()
    first, second = s.channels("8101")
    two, three = s.channel("8102"), s.channel("8103")
    s.tell(
        first,
        "8101",
        "28102",
        dialled=[two, three],
        answered_by=[two, three],
        transfers=[{"kind": "blonde", "by": second, "to": [three]}],
        holds=1,
    )


async def blonde_refused(s: Studio) -> None:
    """The colleague refuses what was passed on to them."""
    await s.answers("8103", None)
    caller = s.agent("8101")
    await caller.call("8102")
    await s.talking("8101", "8102")
    await caller.command("hold")
    await s.ami.wait("Hold")
    await caller.call("8103")
    await s.rings("8103")
    await caller.command("transfer_to_call")
    await s.ami.wait("AttendedTransfer")
    await s.agent("8103").reject()
    await s.ami.no_channels()
    first, second = s.channels("8101")
    two, three = s.channel("8102"), s.channel("8103")
    s.tell(
        first,
        "8101",
        "8102",
        dialled=[two, three],
        answered_by=[two],
        transfers=[{"kind": "blonde", "by": second, "to": [three]}],
        hangup_reasons=["busy"],
        holds=1,
    )


async def click_to_dial(s: Studio) -> None:
    """Asterisk calls the agent first, then the one to be called (Local channels on both sides)."""
    await s.ami.send(
        "Originate", Channel="Local/28101@from-agents/n", Context="click", Exten="8102", Priority="1", Async="true"
    )
    await s.talking("8102")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    first, second = s.channel("8101"), s.channel("8102")
    s.tell(first, "8101", "8102", dialled=[second], answered_by=[second])


async def click_to_dial_direct(s: Studio) -> None:
    """The same without a Local channel."""
    await s.ami.send("Originate", Channel="PJSIP/8101", Context="from-agents", Exten="8102", Priority="1", Async="true")
    await s.talking("8101", "8102")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    first, second = s.channel("8101"), s.channel("8102")
    s.tell(first, "8101", "8102", dialled=[second], answered_by=[second])


async def click_to_dial_refused(s: Studio) -> None:
    """The one to be called refuses."""
    await s.answers("8102", None)
    await s.ami.send(
        "Originate", Channel="Local/28101@from-agents/n", Context="click", Exten="8102", Priority="1", Async="true"
    )
    await s.rings("8102")
    await s.agent("8102").reject()
    await s.ami.no_channels()
    first, second = s.channel("8101"), s.channel("8102")
    s.tell(first, "8101", "8102", dialled=[second])  # the agent's own line ended normally


async def click_to_dial_not_wanted(s: Studio) -> None:
    """The agent who is called first refuses; nobody else is dialled, so there never was a call."""
    await s.answers("8101", None)
    await s.ami.send(
        "Originate", Channel="Local/28101@from-agents/n", Context="click", Exten="8102", Priority="1", Async="true"
    )
    await s.rings("8101")
    await s.agent("8101").reject()
    await s.ami.no_channels()
    s.tell(s.channel("8101"), "8101", "", hangup_reasons=[])
    s.expected["caller"] = None


STORIES = {
    story.__name__: story
    for story in (
        queue_answered,
        queue_agent_hangs_up,
        queue_abandoned,
        queue_abandoned_while_ringing,
        queue_rejected,
        queue_no_answer,
        two_citizens,
        hold_by_phone,
        hold_by_redirect,
        three_way,
        plain_call,
        plain_busy,
        plain_cancelled,
        outgoing,
        local_chain,
        local_group,
        group_one_refuses,
        second_try,
        forwarded,
        pickup,
        application_only,
        busy_number,
        conference,
        blind_by_agent,
        blind_by_caller,
        blind_refused,
        blind_to_nobody,
        blind_to_group,
        blind_to_queue,
        attended_by_agent,
        attended_by_caller,
        attended_through_locals,
        both_called_one,
        blonde,
        blonde_through_locals,
        blonde_refused,
        click_to_dial,
        click_to_dial_direct,
        click_to_dial_refused,
        click_to_dial_not_wanted,
    )
}
