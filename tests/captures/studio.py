"""What a story is played with: a private Asterisk, phones, a raw recording of the manager interface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from cti import AmiParser
from hotline.sip_phone import SipPhone
from tests.kit.ami_tap import AmiTap
from tests.kit.switch import TestSwitch
from tests.kit.waiting import until

DIALPLAN = """
; Shapes our own dialplan does not have: Local channels, groups, pickup, forwarding, click-to-dial.
[from-agents](+)
exten => _2XXXX,1,Dial(Local/${EXTEN:1}@route)
 same => n,Hangup()
exten => 608,1,Dial(PJSIP/8103&PJSIP/8104,20)
exten => 29101,1,Dial(PJSIP/8101,20)
exten => 600,1,Dial(Local/8102@route&Local/8103@route,20)
exten => 601,1,Dial(PJSIP/8102&PJSIP/8103,20)
exten => 602,1,Dial(PJSIP/8102,2)
 same => n,Dial(PJSIP/8103,20)
exten => 603,1,Busy(1)
exten => _*8XXXX,1,PickupChan(PJSIP/${EXTEN:2})
exten => 604,1,Dial(Local/8102@forward)
exten => 605,1,Set(__CONTACT_ID=)
 same => n,Queue(citizens,,,,20)
exten => 606,1,Answer()
 same => n,Wait(1)
 same => n,Hangup()
exten => 609,1,Dial(PJSIP/8102,20,tT)
exten => 607,1,ConfBridge(studio,room,speaker)

[route]
exten => _XXXX,1,Dial(PJSIP/${EXTEN},20)

[forward]
exten => _XXXX,1,Dial(Local/8103@route)

[click]
exten => _X.,1,Dial(Local/${EXTEN}@from-agents,20)
"""


class RawTap:
    """A second manager connection that keeps every byte."""

    def __init__(self, port: int, secret: str) -> None:
        self._port, self._secret = port, secret
        self.data = b""

    async def start(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(f"Action: Login\r\nUsername: hotline\r\nSecret: {self._secret}\r\n\r\n".encode())
        self._task = asyncio.create_task(self._read())
        await until(lambda: b"FullyBooted" in self.data, "the manager interface")

    async def _read(self) -> None:
        while data := await self._reader.read(65536):
            self.data += data

    async def stop(self) -> bytes:
        """Everything that happened until now: a mark is sent through the switch, and comes after all the rest."""
        self._writer.write(b"Action: UserEvent\r\nUserEvent: EndOfStory\r\n\r\n")
        await until(lambda: b"EndOfStory" in self.data, "the end mark")
        self._writer.close()
        await asyncio.gather(self._task, return_exceptions=True)
        mark = self.data.index(b"UserEvent: EndOfStory")
        return self.data[: self.data.rindex(b"\r\n\r\n", 0, mark) + 4]


@dataclass
class Studio:
    """The stage of one story."""

    switch: TestSwitch
    ami: AmiTap
    phones: dict[str, SipPhone]
    stack: AsyncExitStack
    expected: dict[str, Any] = field(default_factory=dict)

    async def citizen(self, number: str = "13900000001") -> SipPhone:
        return await self.stack.enter_async_context(self.switch.citizen(number))

    async def unit(self, *, auto_answer: float | None = 0.2) -> SipPhone:
        return await self.stack.enter_async_context(self.switch.unit(auto_answer=auto_answer))

    async def exchange(self) -> SipPhone:
        return await self.stack.enter_async_context(self.switch.called_citizen())

    def agent(self, extension: str) -> SipPhone:
        return self.phones[extension]

    async def answers(self, extension: str, after: float | None) -> None:
        """The phone answers by itself after so many seconds; None: never."""
        await self.phones[extension].command("auto_answer", after=after)

    async def log_in(self, *extensions: str) -> None:
        for extension in extensions:
            interface = f"PJSIP/{extension}"
            await self.ami.send("QueueAdd", Queue="citizens", Interface=interface, MemberName=f"agent-{extension}")

    async def talking(self, *names: str) -> None:
        """All these channels (by the beginning of their names) are in one bridge."""
        await until(lambda: self._together(names), f"{names} talk")

    def _together(self, names: tuple[str, ...]) -> bool:
        where: dict[str, str] = {}
        for event in self.ami.events:
            if event.get("Event") == "BridgeEnter":
                where[event["Channel"]] = event["BridgeUniqueid"]
            elif event.get("Event") == "BridgeLeave" and where.get(event["Channel"]) == event["BridgeUniqueid"]:
                del where[event["Channel"]]
        found = [{bridge for name, bridge in where.items() if name.startswith(f"PJSIP/{one}-")} for one in names]
        return bool(set.intersection(*found))

    async def rings(self, extension: str, count: int = 1) -> None:
        """The ``count``-th channel to the phone rings."""
        await until(lambda: len(self._ringing(extension)) >= count, f"{extension} rings")

    def _ringing(self, extension: str) -> set[str]:
        return {
            event["Channel"]
            for event in self.ami.events
            if event.get("Event") == "Newstate"
            and event["ChannelStateDesc"] == "Ringing"
            and event["Channel"].startswith(f"PJSIP/{extension}-")
        }

    def in_ringing_order(self, *extensions: str) -> list[str]:
        """The first channel to each of these phones, in the order in which they began to ring."""
        rung = [event["Channel"] for event in self.ami.of("Newstate", ChannelStateDesc="Ringing")]
        return sorted((self.channel(extension) for extension in extensions), key=rung.index)

    def channels(self, prefix: str) -> list[str]:
        """Names of the channels that began with ``PJSIP/<prefix>-``, in order of appearance."""
        return [
            event["Channel"]
            for event in self.ami.events
            if event.get("Event") == "Newchannel" and event["Channel"].startswith(f"PJSIP/{prefix}-")
        ]

    def channel(self, prefix: str, number: int = 0) -> str:
        return self.channels(prefix)[number]

    def linkedid(self, channel: str) -> str:
        found = (event for event in self.ami.events if event.get("Event") == "Newchannel")
        return next(event["Linkedid"] for event in found if event["Channel"] == channel)

    def tell(self, caller: str, num: str, exten: str, **happened: Any) -> None:
        """Write down what happened."""
        self.expected = {
            "caller": {"channel": caller, "num": num, "linkedid": self.linkedid(caller), "exten": exten},
            "dialled": [],
            "answered_by": [],
            "transfers": [],
            "hangup_reasons": ["completed"],
            "abandoned_queue": False,
            **happened,
        }


@asynccontextmanager
async def studio(switch: TestSwitch, extensions: tuple[str, ...]) -> AsyncIterator[dict[str, SipPhone]]:
    """The agents' phones, registered."""
    async with AsyncExitStack() as stack:
        yield {extension: await stack.enter_async_context(switch.agent(extension)) for extension in extensions}


def events_of(data: bytes) -> list[dict[str, str]]:
    """The messages in a recording."""
    return AmiParser().feed(data)
