"""The tracker in situations that are hard to play: told by hand, event by event."""

from __future__ import annotations

import pytest

from cti import Snapshot, Switch
from cti.events import EVENTS
from tests.kit.call_stories import events, meaning_of, names, replayed
from tests.kit.hand_made import ONE, TWO, A, B, C, chan, hangups, of, ringing_through_local, tell

pytestmark = pytest.mark.unit


def test_pickup_without_a_pickup_event() -> None:
    """An older switch says only: the phone that dialled *8 is suddenly the one being dialled, and has answered."""
    stream = [
        *ringing_through_local(),
        {"Event": "Newchannel", **chan(5, C, 5), "ChannelState": "0", "Exten": "*8", "CallerIDNum": "203"},
        {"Event": "Newstate", **chan(5, C, 5), "ChannelState": "4"},
        {"Event": "Newstate", **chan(5, C, 5), "ChannelState": "6"},
        {"Event": "DialEnd", **chan(3, TWO, 1), **chan(4, B, 1, "Dest"), "DialStatus": "CANCEL"},
        {"Event": "DialBegin", **chan(3, TWO, 1), **chan(5, C, 5, "Dest")},
        {"Event": "DialEnd", **chan(3, TWO, 1), **chan(5, C, 5, "Dest"), "DialStatus": "ANSWER"},
        {"Event": "Hangup", **chan(4, B, 1), "Cause": "26", "ChannelState": "5"},
        {"Event": "DialEnd", **chan(1, A, 1), **chan(2, ONE, 1, "Dest"), "DialStatus": "ANSWER"},
        {"Event": "Newstate", **chan(1, A, 1), "ChannelState": "6"},
        {"Event": "BridgeEnter", **chan(5, C, 5), "BridgeUniqueid": "x"},
        {"Event": "BridgeEnter", **chan(3, TWO, 1), "BridgeUniqueid": "x"},
        {"Event": "BridgeEnter", **chan(2, ONE, 1), "BridgeUniqueid": "y"},
        {"Event": "BridgeEnter", **chan(1, A, 1), "BridgeUniqueid": "y"},
        *hangups((3, TWO), (2, ONE), (1, A), (5, C)),
    ]
    told = meaning_of(tell(*stream)[1])
    assert told["caller"]["channel"] == A
    assert (told["dialled"], told["answered_by"], told["hangup_reasons"]) == ([B], [C], ["completed"])


def test_a_phone_that_confirms_by_a_key_and_does_not() -> None:
    """Picked up, but never connected with the caller: not answered, and no answer is how it ends."""
    stream = [
        *ringing_through_local(),
        {"Event": "Newstate", **chan(4, B, 1), "ChannelState": "6"},
        {"Event": "DialEnd", **chan(3, TWO, 1), **chan(4, B, 1, "Dest"), "DialStatus": "ANSWER"},
        {"Event": "BridgeEnter", **chan(4, B, 1), "BridgeUniqueid": "x"},
        {"Event": "BridgeEnter", **chan(3, TWO, 1), "BridgeUniqueid": "x"},
        *hangups((4, B), (3, TWO), (2, ONE)),
        {"Event": "Hangup", **chan(1, A, 1), "Cause": "16", "ChannelState": "4"},
    ]
    told = meaning_of(tell(*stream)[1])
    assert (told["dialled"], told["answered_by"], told["hangup_reasons"]) == ([B], [], ["no-answer"])


def test_a_phone_that_rang_before_its_chain_was_told() -> None:
    """The dial between the two Local channels comes last: the device is traced back when it is there."""
    stream = ringing_through_local()
    late = [event for event in stream if event["Event"] == "DialBegin" and event["DestChannel"] == ONE]
    (dial,) = late
    stream.remove(dial)
    switch, found = tell(*stream)
    assert of(found, "dialled") == []
    found += switch.feed(dial)
    assert meaning_of(found)["dialled"] == [B]


def test_a_phone_forwards_to_another() -> None:
    """302: the dial goes on to a Local channel; the phone that forwarded never rang."""
    forward_one, forward_two = "Local/203@forward-00000002;1", "Local/203@forward-00000002;2"
    stream = [
        *ringing_through_local()[:-1],
        {"Event": "Newchannel", **chan(6, forward_one, 1), "ChannelState": "0", "Exten": "203"},
        {"Event": "Newchannel", **chan(7, forward_two, 1), "ChannelState": "4", "Exten": "203"},
        {"Event": "DialEnd", **chan(3, TWO, 1), **chan(4, B, 1, "Dest"), "DialStatus": "CANCEL", "Forward": "203"},
        {"Event": "DialBegin", **chan(3, TWO, 1), **chan(6, forward_one, 1, "Dest"), "DialString": "203@forward"},
        {"Event": "Hangup", **chan(4, B, 1), "Cause": "16", "ChannelState": "0"},
        {"Event": "Newchannel", **chan(8, C, 1), "ChannelState": "0"},
        {"Event": "DialBegin", **chan(7, forward_two, 1), **chan(8, C, 1, "Dest")},
        {"Event": "Newstate", **chan(8, C, 1), "ChannelState": "5", "CallerIDNum": "203"},
        *hangups((8, C), (7, forward_two), (6, forward_one), (3, TWO), (2, ONE)),
        {"Event": "Hangup", **chan(1, A, 1), "Cause": "19", "ChannelState": "4"},
    ]
    told = meaning_of(tell(*stream)[1])
    assert (told["dialled"], told["answered_by"], told["hangup_reasons"]) == ([C], [], ["no-answer"])
    assert told["caller"]["exten"] == "202"


def test_a_trunk_that_only_reports_progress() -> None:
    call = {"Event": "Newchannel", **chan(1, A, 1), "ChannelState": "4", "CallerIDNum": "201", "Exten": "0139"}
    dial = {**chan(1, A, 1), **chan(4, B, 1, "Dest")}
    progress = {"Event": "DialState", **dial, "DialStatus": "PROGRESS"}
    _, found = tell(call, {"Event": "DialBegin", **dial}, progress, progress, *hangups((4, B), (1, A)))
    assert meaning_of(found)["dialled"] == [B]


def test_a_queue_that_gives_up_is_no_abandoned_call() -> None:
    """QueueCallerAbandon is sent for a time-out too; then the caller is still there a while later."""
    caller = chan(1, A, 1)
    queue = {**caller, "Queue": "citizens", "Position": "1", "Count": "1"}
    stream = [
        {"Event": "Newchannel", **caller, "ChannelState": "4", "Timestamp": "100.0"},
        {"Event": "QueueCallerJoin", **queue, "Timestamp": "101.0"},
        {"Event": "QueueCallerAbandon", **queue, "HoldTime": "30", "Timestamp": "131.0"},
        {"Event": "QueueCallerLeave", **queue, "Timestamp": "131.0"},
        {"Event": "Hangup", **caller, "Cause": "16", "ChannelState": "6", "Timestamp": "150.0"},
    ]
    _, found = tell(*stream)
    assert [(fact.name, fact.at) for fact in found[2:]] == [("queue_left", 131.0), ("call_ended", 150.0)]
    assert found[2].reason == "timeout"  # type: ignore[attr-defined]
    assert not found[3].abandoned  # type: ignore[attr-defined]
    stream[4]["Timestamp"] = "131.2"
    _, found = tell(*stream)
    assert [fact.name for fact in found[2:]] == ["call_abandoned", "call_ended"]
    assert found[2].wait_seconds == 30.0  # type: ignore[attr-defined]


def test_a_key_leads_out_of_the_queue() -> None:
    caller = chan(1, A, 1)
    queue = {**caller, "Queue": "citizens", "Position": "1", "Count": "1"}
    stream = [
        {"Event": "Newchannel", **caller, "ChannelState": "4", "Timestamp": "100.0"},
        {"Event": "QueueCallerJoin", **queue, "Timestamp": "101.0"},
        {"Event": "QueueCallerLeave", **queue, "Timestamp": "110.0"},
        {"Event": "VarSet", **caller, "Variable": "QUEUESTATUS", "Value": "CONTINUE", "Timestamp": "110.1"},
        {"Event": "Hangup", **caller, "Cause": "16", "ChannelState": "6", "Timestamp": "110.2"},
    ]
    _, found = tell(*stream)
    assert [fact.name for fact in found] == ["call_arrived", "call_queued", "queue_left", "call_ended"]
    assert found[2].reason == "continue"  # type: ignore[attr-defined]


def test_the_contact_id_is_the_call() -> None:
    """R49: a unit dialled by a call of its own belongs to the citizen's call by its CONTACT_ID."""
    variable = {"ChanVariable": "CONTACT_ID=c-1\nCITY=demo\nHL_MENU_PATH=2>1\nHL_CALLER_CLASS=priority"}
    stream = [
        {"Event": "Newchannel", **chan(1, A, 1), "ChannelState": "4", "CallerIDNum": "13900000001"},
        {"Event": "Newstate", **chan(1, A, 1), "ChannelState": "6", **variable},
        {"Event": "Newchannel", **chan(7, B, 7), "ChannelState": "0", **variable},
    ]
    switch, found = tell(*stream)
    (call,) = switch.open_calls()
    assert (call.contact_id, call.city, call.menu_path, call.channels) == ("c-1", "demo", "2>1", (A, B))
    assert found[0].contact_id == "c-1"
    assert found[0].caller_class == "priority"  # type: ignore[attr-defined]
    assert tell(*stream, *hangups((1, A), (7, B)))[0].open_calls() == []


def test_parked_calls_stay_apart() -> None:
    """Two callers in one holding bridge do not hear each other."""
    stream = [
        {"Event": "Newchannel", **chan(1, A, 1), "ChannelState": "4"},
        {"Event": "Newchannel", **chan(2, B, 2), "ChannelState": "4"},
        {"Event": "BridgeEnter", **chan(1, A, 1), "BridgeUniqueid": "p", "BridgeTechnology": "holding_bridge"},
        {"Event": "BridgeEnter", **chan(2, B, 2), "BridgeUniqueid": "p", "BridgeTechnology": "holding_bridge"},
    ]
    assert len(tell(*stream)[0].open_calls()) == 2


def test_channels_of_asterisks_own_use_are_no_calls() -> None:
    for name in ("Message/ast_msg_queue", "CBAnn/9000-00000001;2", "Surrogate/SIP/201-00000001", "SIP/1-1<ZOMBIE>"):
        born = {"Event": "Newchannel", **chan(1, name, 1), "ChannelState": "4"}
        switch, found = tell(born, {"Event": "Hangup", **chan(1, name, 1), "Cause": "16"})
        assert (switch.open_calls(), found) == ([], [])


def test_late_words_about_a_gone_channel_bring_nothing_back() -> None:
    gone = [{"Event": "Newchannel", **chan(1, A, 1), "ChannelState": "4"}, *hangups((1, A))]
    late = [{"Event": event, **chan(1, A, 1), "BridgeUniqueid": "x", "ChannelState": "6"} for event in EVENTS]
    assert tell(*gone, *late)[0].open_calls() == []


# -- what the switch lists


def test_a_picture_from_lists_alone() -> None:
    """A desk that starts in mid-call: one talking, one waiting, one agent in wrap-up."""
    talking = [
        {
            **chan(1, A, 1),
            "ChannelState": "6",
            "CallerIDNum": "201",
            "Exten": "s",
            "BridgeId": "b",
            "Duration": "00:01:05",
        },
        {**chan(2, B, 1), "ChannelState": "6", "BridgeId": "b", "Duration": "00:01:00"},
    ]
    waiting = {**chan(3, C, 3), "ChannelState": "6", "CallerIDNum": "203", "Duration": "00:00:20"}
    member = {
        "Queue": "q",
        "Name": "zhang",
        "Location": "SIP/202",
        "Paused": "1",
        "PausedReason": "wrap_up",
        "Status": "2",
    }
    snapshot = Snapshot(
        at=1000.0,
        channels=(*talking, waiting),
        waiting=({"Queue": "q", "Position": "1", "Wait": "15", **chan(3, C, 3)},),
        members=(member, {**member, "Name": "li", "Location": "SIP/209"}),
        queues=("q", "empty"),
    )
    switch = Switch()
    found = switch.resync(snapshot)
    first, second = switch.open_calls()
    assert (first.state, first.caller_number, first.agent_ids) == ("talking", "201", ("zhang",))
    assert (second.state, second.queue, second.position) == ("queued", "q", 1)
    assert {view.agent_id: view.state for view in switch.agents()} == {"zhang": "talking", "li": "wrap_up"}
    queues = {view.queue: (view.waiting, view.longest_wait) for view in switch.queues(1005.0)}
    assert queues == {"q": (1, 20.0), "empty": (0, None)}
    assert (found[-1].name, found[-1].found) == ("switch_synced", 2)  # type: ignore[attr-defined]
    again = switch.resync(snapshot)
    assert [fact.name for fact in again] == ["switch_synced"]
    ended = switch.feed({"Event": "Hangup", **chan(2, B, 1), "Cause": "16"})
    ended += switch.feed({"Event": "Hangup", **chan(1, A, 1), "Cause": "16", "Timestamp": "1010"})
    assert of(ended, "call_ended")[0].duration == 75.0  # type: ignore[attr-defined]


def test_an_empty_list_ends_everything() -> None:
    for name in names():
        stream = events(name)
        switch, found = replayed(stream[: len(stream) // 2])
        before = {call.call_id for call in switch.open_calls()}
        after = switch.resync(Snapshot(at=2e9, restarted=True))
        assert switch.open_calls() == []
        ends = of(after, "call_ended")
        assert {fact.reason for fact in ends} <= {"switch_restarted"}  # type: ignore[attr-defined]
        arrived = {fact.call_id for fact in found + after if fact.name == "call_arrived"}
        assert {fact.call_id for fact in ends} == before & arrived
        assert replayed(stream[: len(stream) // 2])[1] == found
