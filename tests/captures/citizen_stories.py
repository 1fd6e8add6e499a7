"""Citizens in the queue, talking, on hold, in a conference of three.

Each function plays calls and writes down what happened; one folder a function.
"""

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
    extra = {"ExtraChannel": there, "ExtraContext": "conf", "ExtraExten": "00008101", "ExtraPriority": "1"}
    joins = len(s.ami.of("ConfbridgeJoin"))
    await s.ami.send("Redirect", Channel=here, Context="hold", Exten="s", Priority="1", **extra)
    await until(lambda: len(s.ami.of("ConfbridgeJoin")) > joins, "agent alone in the room")
    await until(lambda: len(s.ami.of("MusicOnHoldStart", Channel=here)) > 1, "music")
    await s.ami.send("Redirect", Channel=here, Context="conf", Exten="00008101", Priority="1")
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
    extra = {"ExtraChannel": there, "ExtraContext": "conf", "ExtraExten": "00000001", "ExtraPriority": "1"}
    await s.ami.send("Redirect", Channel=here, Context="hold", Exten="s", Priority="1", **extra)
    room = {"Context": "conf", "Exten": "00000001", "Priority": "1"}
    await s.ami.send("Originate", Channel="PJSIP/5559876@units", Async="true", ChannelId="unit-1", **room)
    await s.talking("units", "8101")
    await s.ami.send("Redirect", Channel=here, Context="conf", Exten="00000001", Priority="1")
    await s.talking("trunk", "8101", "units")
    await s.ami.send("Hangup", Channel=there)
    await until(lambda: s.ami.of("Hangup", Channel=there), "agent gone")
    await citizen.hang_up()
    await s.ami.send("Hangup", Channel=s.channel("units"))
    await s.ami.no_channels()
    s.tell(here, CITIZEN, "12345", dialled=[there], answered_by=[there], holds=1)


async def queue_offered_again(s: Studio) -> None:
    """The only agent refuses once, is rung again, and answers."""
    await s.log_in("8101")
    await s.answers("8101", None)
    citizen = await s.citizen()
    await citizen.call("12345")
    await s.rings("8101")
    await s.agent("8101").reject()
    await s.rings("8101", 2)
    await s.agent("8101").answer()
    await s.talking("trunk", "8101")
    await citizen.hang_up()
    await s.ami.no_channels()
    legs = s.channels("8101")
    s.tell(
        s.channel("trunk"),
        CITIZEN,
        "12345",
        dialled=legs,
        answered_by=[legs[-1]],
        missed=[["agent-8101", "rejected"]],
    )


STORIES = (
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
    queue_offered_again,
)
