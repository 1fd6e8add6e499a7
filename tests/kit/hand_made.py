"""Events by hand: short names for what a test says often."""

from __future__ import annotations

from collections.abc import Iterable

from cti import Fact, Switch
from tests.kit.call_stories import replayed

Event = dict[str, str]


def uid(number: int) -> str:
    return f"pbx-15000000.{number}"


def chan(number: int, name: str, linked: int, prefix: str = "", **fields: str) -> Event:
    known = {"Channel": name, "Uniqueid": uid(number), "Linkedid": uid(linked)}
    return {prefix + key: value for key, value in {**known, **fields}.items()}


def tell(*stream: Event) -> tuple[Switch, list[Fact]]:
    return replayed(stream)


def of(found: Iterable[Fact], name: str) -> list[Fact]:
    return [fact for fact in found if fact.name == name]


A, B, C = "SIP/201-00000001", "SIP/202-00000002", "SIP/203-00000003"
ONE, TWO = "Local/id2@route-00000001;1", "Local/id2@route-00000001;2"


def ringing_through_local() -> list[Event]:
    """201 calls 202 through a Local channel; 202 rings."""
    return [
        {"Event": "Newchannel", **chan(1, A, 1), "ChannelState": "0", "CallerIDNum": "201", "Exten": "202"},
        {"Event": "Newstate", **chan(1, A, 1), "ChannelState": "4"},
        {"Event": "Newchannel", **chan(2, ONE, 1), "ChannelState": "0"},
        {"Event": "Newchannel", **chan(3, TWO, 1), "ChannelState": "4"},
        {"Event": "DialBegin", **chan(1, A, 1), **chan(2, ONE, 1, "Dest")},
        {"Event": "Newchannel", **chan(4, B, 1), "ChannelState": "0"},
        {"Event": "DialBegin", **chan(3, TWO, 1), **chan(4, B, 1, "Dest")},
        {"Event": "Newstate", **chan(4, B, 1), "ChannelState": "5", "CallerIDNum": "202"},
    ]


def hangups(*parties: tuple[int, str]) -> list[Event]:
    return [{"Event": "Hangup", **chan(n, name, 1), "Cause": "16", "ChannelState": "6"} for n, name in parties]
