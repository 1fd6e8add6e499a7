"""Transfers: blind, attended, and completed while it still rings.

Each function plays calls and writes down what happened; one folder a function.
"""

from __future__ import annotations

from tests.captures.studio import Studio

CITIZEN = "13900000001"


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


async def blind_by_the_switch(s: Studio) -> None:
    """Nobody's phone transfers: the switch is told to (AMI BlindTransfer)."""
    await s.agent("8101").call("609")
    await s.talking("8101", "8102")
    await s.ami.send("BlindTransfer", Channel=s.channel("8102"), Context="from-agents", Exten="8103")
    await s.talking("8101", "8103")
    await s.agent("8101").hang_up()
    await s.ami.no_channels()
    first, second, third = s.channel("8101"), s.channel("8102"), s.channel("8103")
    s.tell(
        first,
        "8101",
        "609",
        dialled=[second],
        answered_by=[second, third],
        transfers=[{"kind": "blind", "by": second, "to": [third]}],
    )


STORIES = (
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
    blind_by_the_switch,
)
