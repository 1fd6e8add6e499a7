"""The tracker on streams nobody recorded: malformed, random, of old Asterisks, of situations hard to play."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from cti import Fact, Snapshot, Switch
from cti.events import EVENTS
from cti.old_events import REWRITES
from tests.kit.call_stories import events, meaning_of, names, replayed

pytestmark = pytest.mark.unit

Event = dict[str, str]

# -- malformed

KEYS = sorted({key for name in names() for event in events(name) for key in event})
VALUES = [
    "",
    "0",
    "1",
    "6",
    "-1",
    "x",
    "9" * 400,
    "1e999",
    "nan",
    "1.1",
    "1.2",
    "Local/a@b-1;1",
    "Local/a@b-1;2",
    "ANSWER",
]
NAMES = sorted({*EVENTS, *REWRITES, "Unknown", ""})


@given(
    st.lists(
        st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES) | st.text(max_size=5), max_size=12).flatmap(
            lambda fields: st.sampled_from(NAMES).map(lambda name: {**fields, "Event": name})
        ),
        max_size=30,
    )
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_event_raises(stream: list[Event]) -> None:
    switch = Switch()
    for event in stream:
        switch.feed(event)
    switch.open_calls()
    switch.agents()
    switch.queues(0.0)


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutilated_stories_raise_nothing(data: st.DataObject) -> None:
    """Fields lost, emptied or swapped between events of real calls."""
    stream = [dict(event) for event in events(data.draw(st.sampled_from(names())))]
    for _ in range(data.draw(st.integers(1, 25))):
        event, other = data.draw(st.sampled_from(stream)), data.draw(st.sampled_from(stream))
        key = data.draw(st.sampled_from(sorted(event)))
        match data.draw(st.sampled_from(["lose", "empty", "swap", "nonsense"])):
            case "lose":
                event.pop(key, None)
            case "empty":
                event[key] = ""
            case "swap":
                event[key], other[key] = other.get(key, ""), event.get(key, "")
            case "nonsense":
                event[key] = data.draw(st.text(max_size=8))
        if not event:
            stream.remove(event)
    replayed(stream)


# -- a model of a switch, walked at random


class AnySwitch(RuleBasedStateMachine):
    """Channels are made, dial, ring, meet, move, and hang up in any order; the tracker follows."""

    channels = Bundle("channels")

    def __init__(self) -> None:
        super().__init__()
        self.switch = Switch()
        self.count = 0
        self.alive: dict[str, str] = {}
        self.arrived: set[str] = set()
        self.over: set[str] = set()

    def send(self, name: str, **fields: str) -> None:
        for fact in self.switch.feed({"Event": name, **fields}):
            self.check(fact)

    def check(self, fact: Fact) -> None:
        if fact.name == "agent_state_changed":
            return
        if fact.name == "call_arrived":
            assert fact.call_id not in self.arrived
            self.arrived.add(fact.call_id)
        assert fact.call_id in self.arrived
        assert fact.call_id not in self.over, fact
        if fact.name in ("call_ended", "calls_merged"):
            self.over.add(fact.call_id)

    def one(self, uid: str, prefix: str = "") -> dict[str, str]:
        return {
            f"{prefix}Uniqueid": uid,
            f"{prefix}Channel": f"PJSIP/{uid}",
            f"{prefix}Linkedid": self.alive.get(uid, uid),
            f"{prefix}CallerIDNum": uid.removeprefix("1."),
        }

    @rule(target=channels, joins=st.booleans(), which=st.integers(0, 50))
    def appear(self, joins: bool, which: int) -> object:
        self.count += 1
        uid = f"1.{self.count}"
        linked = sorted(self.alive)[which % len(self.alive)] if joins and self.alive else uid
        self.alive[uid] = self.alive.get(linked, uid)
        self.send("Newchannel", **self.one(uid), ChannelState="4" if linked == uid else "0", Exten="12345")
        return uid

    @rule(uid=channels, state=st.sampled_from("456"))
    def state(self, uid: str, state: str) -> None:
        if uid in self.alive:
            self.send("Newstate", **self.one(uid), ChannelState=state)

    @rule(uid=channels, other=channels)
    def dial(self, uid: str, other: str) -> None:
        if uid in self.alive and other in self.alive and uid != other:
            self.send("DialBegin", **self.one(uid), **self.one(other, "Dest"), DialString=other)

    @rule(uid=channels, other=channels, status=st.sampled_from(["ANSWER", "BUSY", "NOANSWER", "CANCEL"]))
    def dialled(self, uid: str, other: str, status: str) -> None:
        self.send("DialEnd", **self.one(uid), **self.one(other, "Dest"), DialStatus=status)

    @rule(uid=channels, bridge=st.sampled_from("abc"))
    def meet(self, uid: str, bridge: str) -> None:
        if uid in self.alive:
            self.send("BridgeEnter", **self.one(uid), BridgeUniqueid=bridge, BridgeTechnology="simple_bridge")

    @rule(uid=channels, bridge=st.sampled_from("abc"))
    def part(self, uid: str, bridge: str) -> None:
        self.send("BridgeLeave", **self.one(uid), BridgeUniqueid=bridge)

    @rule(uid=channels, event=st.sampled_from(["Hold", "Unhold", "MusicOnHoldStart", "MusicOnHoldStop"]))
    def hold(self, uid: str, event: str) -> None:
        if uid in self.alive:
            self.send(event, **self.one(uid))

    @rule(uid=channels, event=st.sampled_from(["QueueCallerJoin", "QueueCallerLeave", "QueueCallerAbandon"]))
    def queue(self, uid: str, event: str) -> None:
        if uid in self.alive:
            self.send(event, **self.one(uid), Queue="citizens", Position="1", Count="1")

    @rule(uid=channels, agent=channels, event=st.sampled_from(["AgentCalled", "AgentConnect", "AgentRingNoAnswer"]))
    def offer(self, uid: str, agent: str, event: str) -> None:
        if uid in self.alive and agent in self.alive:
            fields = {"Interface": f"PJSIP/{agent}", "MemberName": agent, "Queue": "citizens"}
            self.send(event, **self.one(uid), **self.one(agent, "Dest"), **fields)

    @rule(first=channels, second=channels, third=channels, attended=st.booleans())
    def transfer(self, first: str, second: str, third: str, attended: bool) -> None:
        if not {first, second, third} <= self.alive.keys():
            return
        if attended:
            legs = {**self.one(first, "OrigTransferer"), **self.one(second, "SecondTransferer")}
            self.send("AttendedTransfer", **legs, **self.one(third, "Transferee"), Result="Success", DestType="Bridge")
        else:
            self.send("BlindTransfer", **self.one(first, "Transferer"), **self.one(third, "Transferee"), Extension="1")

    @rule(uid=channels, other=channels)
    def pickup(self, uid: str, other: str) -> None:
        if uid in self.alive and other in self.alive:
            self.send("Pickup", **self.one(uid), **self.one(other, "Target"))

    @rule(kept=st.sets(st.integers(1, 50)))
    def link_was_cut(self, kept: set[int]) -> None:
        self.alive = {uid: linked for uid, linked in self.alive.items() if int(uid[2:]) in kept}
        listed = tuple({**self.one(uid), "ChannelState": "6"} for uid in self.alive)
        for fact in self.switch.resync(Snapshot(at=1.0, channels=listed)):
            if fact.name != "switch_synced":
                self.check(fact)

    @rule(target=channels, uid=consumes(channels), cause=st.sampled_from(["16", "17", "0"]))
    def hang_up(self, uid: str, cause: str) -> object:
        if uid in self.alive:
            self.send("Hangup", **self.one(uid), Cause=cause, ChannelState="6")
            del self.alive[uid]
        return multiple()

    @invariant()
    def only_living_channels_are_in_calls(self) -> None:
        calls = self.switch.open_calls()
        named = [name for call in calls for name in call.channels]
        assert len(named) == len(set(named))
        assert set(named) <= {f"PJSIP/{uid}" for uid in self.alive}
        assert {call.call_id for call in calls}.isdisjoint(self.over)

    def teardown(self) -> None:
        for uid in list(self.alive):
            self.send("Hangup", **self.one(uid), Cause="16", ChannelState="6")
        assert self.switch.open_calls() == []
        assert self.arrived == self.over


AnySwitch.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestAnySwitch = AnySwitch.TestCase


# -- situations


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
    """A unit dialled by a call of its own belongs to the citizen's call by its CONTACT_ID."""
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


# -- Asterisk 11 and older


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
