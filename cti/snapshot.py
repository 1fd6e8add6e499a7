"""What the switch lists when asked, and how the picture is made equal to it (after connecting, a cut, a restart)."""

from __future__ import annotations

from dataclasses import dataclass

from cti import endings, facts, parties, talking
from cti.fields import Cause, Event, State, integer, number, seconds
from cti.grouping import Call, Ending
from cti.mirror import Channel, Role
from cti.queue_events import enqueue
from cti.tracker import Tracker


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The answers to CoreShowChannels and QueueStatus, as they came."""

    at: float
    """When they were read, seconds since 1970."""
    restarted: bool = False
    """Asterisk itself is a new process: no channel of before can live."""
    channels: tuple[Event, ...] = ()
    """CoreShowChannel events."""
    waiting: tuple[Event, ...] = ()
    """QueueEntry events."""
    members: tuple[Event, ...] = ()
    """QueueMember events."""
    queues: tuple[str, ...] = ()
    """Names of all queues (QueueParams)."""
    holding: tuple[str, ...] = ()
    """Bridges whose members do not hear each other (BridgeList)."""
    rooms: tuple[tuple[str, str], ...] = ()
    """Bridges that are conference rooms, with their names (BridgeList)."""


def apply(tracker: Tracker, snapshot: Snapshot) -> facts.SwitchSynced:
    """Bring the tracker to the snapshot; the differences become facts, the one returned is their sum."""
    known = set(tracker.calls.open)
    _bury_missing(tracker, snapshot)
    tracker.agents.sync(snapshot.members, snapshot.at)
    tracker.mirror.rooms |= dict(snapshot.rooms)
    channels = _take_in(tracker, snapshot.channels)
    _rebuild_bridges(tracker, channels, snapshot.holding)
    _rebuild_queues(tracker, snapshot)
    for call in list(tracker.calls.open.values()):
        tracker.arrive(call)
        parties.settle(tracker, call)
    still = set(tracker.calls.open)
    return facts.SwitchSynced(
        at=snapshot.at,
        restarted=snapshot.restarted,
        open_call_ids=tuple(sorted(still)),
        closed=len(known - still),
        found=len(still - known),
    )


def _bury_missing(tracker: Tracker, snapshot: Snapshot) -> None:
    """Channels that are not listed any more: their hang-up was not heard."""
    listed = {event.get("Uniqueid", "") for event in snapshot.channels}
    reason = "switch_restarted" if snapshot.restarted else "lost"
    for call in list(tracker.calls.open.values()):
        if listed.isdisjoint(call.channels):
            _lose(tracker, call, reason)
    for channel in list(tracker.mirror.channels.values()):
        if channel.uid not in listed:
            endings.hung_up(tracker, channel, Cause.UNKNOWN)


def _lose(tracker: Tracker, call: Call, reason: str) -> None:
    for channel in list(call.channels.values()):
        record = tracker.agents.of_channel(channel.name)
        if record is not None:
            tracker.agents.hang_up(record, channel.uid, tracker.at)
        tracker.mirror.remove(channel)
        call.channels.pop(channel.uid, None)
    endings.close(tracker, call, Ending(Cause.UNKNOWN, was_up=False, at=tracker.at), reason)


def _take_in(tracker: Tracker, events: tuple[Event, ...]) -> list[tuple[Channel, str]]:
    """Every listed channel with its bridge; roots first, so that calls get the caller they began with."""
    found = []
    for event in sorted(events, key=lambda one: one.get("Uniqueid") != one.get("Linkedid")):
        new = event.get("Uniqueid") not in tracker.mirror.channels
        channel = tracker.mirror.alive(event, at=tracker.at)
        if channel is None:
            continue
        channel.state = max(channel.state, integer(event.get("ChannelState")))
        channel.music = event.get("Application") == "MusicOnHold"
        call = tracker.call_of(channel)
        tracker.note_variables(channel, event)
        if new and channel.real and channel.role is Role.UNKNOWN:
            root = channel is call.caller
            channel.role = Role.CALLER if root else Role.CALLEE
            channel.announced = not root
            duration = _duration(event.get("Duration", ""))
            if root and duration is not None and tracker.at is not None:
                call.began_at = tracker.at - duration
        found.append((channel, event.get("BridgeId", "")))
    return found


def _duration(text: str) -> float | None:
    """``00:01:05`` → 65."""
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    return int(parts[0]) * 3600.0 + int(parts[1]) * 60 + int(parts[2])


def _rebuild_bridges(tracker: Tracker, channels: list[tuple[Channel, str]], holding: tuple[str, ...]) -> None:
    for channel, bridge in channels:
        if channel.bridge is not None and channel.bridge != bridge:
            tracker.mirror.leave(channel)
    for channel, bridge in channels:
        if bridge and channel.bridge != bridge:
            tracker.mirror.enter(channel, bridge, holding=bridge in holding, swap="")
    for channel, bridge in channels:
        if bridge and channel.state == State.UP:
            talking.connected(tracker, channel)


def _rebuild_queues(tracker: Tracker, snapshot: Snapshot) -> None:
    """The lines of all queues, in the switch's order."""
    waiting = {event.get("Uniqueid", ""): event for event in snapshot.waiting}
    for call in list(tracker.calls.open.values()):
        if call.waiting and (call.caller is None or call.caller.uid not in waiting):
            tracker.leave_queue(call)
    tracker.queues = {queue: [] for queue in (*tracker.queues, *snapshot.queues)}
    for event in sorted(snapshot.waiting, key=lambda one: integer(one.get("Position"))):
        channel = tracker.mirror.channels.get(event.get("Uniqueid", ""))
        if channel is None:
            continue
        call = tracker.call_of(channel)
        position = integer(event.get("Position"), 1)
        since = seconds(event.get("Wait"))
        before, queued_at = (call.waiting and call.queue == event.get("Queue")), call.queued_at
        state, since_state = call.state, call.since
        enqueue(tracker, call, event.get("Queue", ""), position)
        call.queued_at = snapshot.at - since if since is not None else queued_at
        if before:
            call.queued_at, call.state, call.since = queued_at or call.queued_at, state, since_state
            continue
        tracker.arrive(call)
        tracker.emit(
            facts.CallQueued,
            call,
            channel=channel.name,
            caller_number=number(event.get("CallerIDNum")) or channel.number,
            queue=call.queue,
            position=position,
            menu_path=call.menu_path,
            priority=integer(call.priority),
            caller_class=call.caller_class,
            note=call.note,
        )
