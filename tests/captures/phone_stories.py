"""Phones among themselves: plain calls, groups, Local channels, pickup, click-to-dial.

Each function plays calls and writes down what happened; one folder a function.
"""

from __future__ import annotations

from tests.captures.studio import Studio
from tests.kit.waiting import until


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


STORIES = (
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
    click_to_dial,
    click_to_dial_direct,
    click_to_dial_refused,
    click_to_dial_not_wanted,
)
