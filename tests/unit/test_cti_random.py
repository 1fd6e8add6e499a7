"""The tracker on streams nobody would send: malformed, mutilated, and a random walk over a model of a switch."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from cti import Fact, Snapshot, Switch
from cti.events import EVENTS
from cti.old_events import REWRITES
from tests.kit.call_stories import events, names, replayed

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
