"""Streams of Asterisk 11 and older (AMI 1.x)."""

from __future__ import annotations

import pytest

from tests.kit.call_stories import meaning_of
from tests.kit.hand_made import ONE, TWO, A, B, C, Event, of, tell

pytestmark = pytest.mark.unit


def old_call() -> list[Event]:
    return [
        {
            "Event": "Newchannel",
            "Channel": A,
            "Uniqueid": "1.1",
            "ChannelState": "0",
            "CallerIDNum": "201",
            "Exten": "202",
        },
        {"Event": "Newstate", "Channel": A, "Uniqueid": "1.1", "ChannelState": "4"},
        {"Event": "Newchannel", "Channel": ONE, "Uniqueid": "1.2", "ChannelState": "0"},
        {"Event": "Newchannel", "Channel": TWO, "Uniqueid": "1.3", "ChannelState": "4"},
        {"Event": "LocalBridge", "Channel1": ONE, "Channel2": TWO, "Uniqueid1": "1.2", "Uniqueid2": "1.3"},
        {
            "Event": "Dial",
            "SubEvent": "Begin",
            "Channel": A,
            "UniqueID": "1.1",
            "Destination": ONE,
            "DestUniqueID": "1.2",
        },
        {"Event": "Newchannel", "Channel": B, "Uniqueid": "1.4", "ChannelState": "0"},
        {
            "Event": "Dial",
            "SubEvent": "Begin",
            "Channel": TWO,
            "UniqueID": "1.3",
            "Destination": B,
            "DestUniqueID": "1.4",
        },
        {"Event": "Newstate", "Channel": B, "Uniqueid": "1.4", "ChannelState": "5"},
        {"Event": "Newstate", "Channel": B, "Uniqueid": "1.4", "ChannelState": "6"},
        {
            "Event": "Bridge",
            "Bridgestate": "Link",
            "Channel1": TWO,
            "Channel2": B,
            "Uniqueid1": "1.3",
            "Uniqueid2": "1.4",
        },
        {"Event": "Newstate", "Channel": A, "Uniqueid": "1.1", "ChannelState": "6"},
        {
            "Event": "Bridge",
            "Bridgestate": "Link",
            "Channel1": A,
            "Channel2": ONE,
            "Uniqueid1": "1.1",
            "Uniqueid2": "1.2",
        },
    ]


def old_ends(*parties: tuple[str, str], cause: str = "16") -> list[Event]:
    return [{"Event": "Hangup", "Channel": name, "Uniqueid": one, "Cause": cause} for one, name in parties]


def test_an_old_call_through_a_local_channel() -> None:
    dial_end = {"Event": "Dial", "SubEvent": "End", "Channel": A, "UniqueID": "1.1", "DialStatus": "ANSWER"}
    unlink = {"Event": "Bridge", "Bridgestate": "Unlink", "Channel1": A, "Channel2": ONE}
    ends = old_ends(("1.2", ONE), ("1.3", TWO), ("1.4", B), ("1.1", A))
    switch, found = tell(*old_call(), unlink, dial_end, *ends)
    told = meaning_of(found)
    assert told["caller"] == {"channel": A, "num": "201", "linkedid": "1.1", "exten": "202"}
    assert (told["dialled"], told["answered_by"], told["hangup_reasons"]) == ([B], [B], ["completed"])
    assert switch.open_calls() == []


def test_an_old_blind_transfer() -> None:
    transfer = {
        "Event": "Transfer",
        "TransferType": "Blind",
        "Channel": B,
        "Uniqueid": "1.4",
        "TargetChannel": A,
        "TargetUniqueid": "1.1",
        "TransferExten": "203",
    }
    ring = [
        {"Event": "Newchannel", "Channel": C, "Uniqueid": "1.5", "ChannelState": "0"},
        {
            "Event": "Dial",
            "SubEvent": "Begin",
            "Channel": A,
            "UniqueID": "1.1",
            "Destination": C,
            "DestUniqueID": "1.5",
        },
        {"Event": "Newstate", "Channel": C, "Uniqueid": "1.5", "ChannelState": "5"},
    ]
    ends = old_ends(("1.2", ONE), ("1.3", TWO), ("1.4", B))
    last = old_ends(("1.5", C), ("1.1", A), cause="17")
    told = meaning_of(tell(*old_call(), transfer, *ends, *ring, *last)[1])
    assert told["transfers"] == [{"kind": "blind", "by": B, "to": [C]}]
    assert (told["dialled"], told["hangup_reasons"]) == ([B], ["busy"])


def test_an_old_queue() -> None:
    caller = {"Channel": A, "Uniqueid": "1.1"}
    stream = [
        {"Event": "Newchannel", **caller, "ChannelState": "4", "CallerIDNum": "201"},
        {"Event": "Join", **caller, "Queue": "q", "Position": "1", "Count": "1", "CallerIDNum": "201"},
        {
            "Event": "AgentCalled",
            "Queue": "q",
            "AgentCalled": "SIP/202",
            "AgentName": "Zhang",
            "ChannelCalling": A,
            "Uniqueid": "1.1",
            "DestinationChannel": B,
        },
        {"Event": "Newchannel", "Channel": B, "Uniqueid": "1.4", "ChannelState": "0"},
        {
            "Event": "Dial",
            "SubEvent": "Begin",
            "Channel": A,
            "UniqueID": "1.1",
            "Destination": B,
            "DestUniqueID": "1.4",
        },
        {"Event": "Newstate", "Channel": B, "Uniqueid": "1.4", "ChannelState": "5"},
        {"Event": "Leave", **caller, "Queue": "q"},
        {
            "Event": "AgentConnect",
            "Queue": "q",
            "Uniqueid": "1.1",
            "Channel": B,
            "Member": "SIP/202",
            "MemberName": "Zhang",
            "BridgedChannel": "1.4",
            "Holdtime": "7",
            "Ringtime": "3",
        },
        {
            "Event": "Bridge",
            "Bridgestate": "Link",
            "Channel1": A,
            "Channel2": B,
            "Uniqueid1": "1.1",
            "Uniqueid2": "1.4",
        },
        {"Event": "MusicOnHold", "State": "Start", **caller},
        {"Event": "MusicOnHold", "State": "Stop", **caller},
        {"Event": "Hold", "Status": "On", "Channel": B, "Uniqueid": "1.4"},
        {"Event": "Hold", "Status": "Off", "Channel": B, "Uniqueid": "1.4"},
        *old_ends(("1.4", B), ("1.1", A)),
    ]
    _, found = tell(*stream)
    (answered,) = of(found, "call_answered")
    assert (answered.agent_id, answered.queue) == ("Zhang", "q")  # type: ignore[attr-defined]
    assert (answered.wait_seconds, answered.ring_seconds) == (7.0, 3.0)  # type: ignore[attr-defined]
    assert len(of(found, "call_held")) == len(of(found, "call_resumed")) == 2
