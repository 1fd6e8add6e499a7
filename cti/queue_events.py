"""Handlers: queues, their callers and their members."""

from __future__ import annotations

from cti import facts, offers, talking
from cti.fields import Event, integer, number, seconds
from cti.grouping import Call, LeftQueue, Offer
from cti.mirror import Role
from cti.tracker import Tracker


def joined(tracker: Tracker, event: Event) -> None:
    """QueueCallerJoin."""
    channel = tracker.mirror.alive(event, at=tracker.at)
    queue = event.get("Queue", "")
    if channel is None or not queue:
        return
    call = tracker.call_of(channel)
    tracker.note_variables(channel, event)
    if call.waiting and call.queue == queue:
        return
    if call.left_queue is not None:
        tracker.queue_left(call, "left")
    tracker.leave_queue(call)
    talking.no_longer_held(tracker, call)
    if call.caller is None:
        call.caller = channel
        channel.role = Role.CALLER
    tracker.arrive(call)
    if call.transfer is not None:
        talking.tell_blind(tracker, call, ())
    enqueue(tracker, call, queue, integer(event.get("Position"), 1))
    tracker.emit(
        facts.CallQueued,
        call,
        channel=channel.name,
        caller_number=number(event.get("CallerIDNum")) or channel.number,
        queue=queue,
        position=integer(event.get("Position"), 1),
        waiting=integer(event.get("Count")),
        menu_path=call.menu_path,
        priority=integer(call.priority),
        caller_class=call.caller_class,
        note=call.note,
    )


def enqueue(tracker: Tracker, call: Call, queue: str, position: int) -> None:
    """The call waits in that queue at that place."""
    call.queue, call.waiting, call.queued_at = queue, True, tracker.at
    line = tracker.queues.setdefault(queue, [])
    line.insert(max(0, position - 1), call)
    tracker.become(call, "queued")


def left(tracker: Tracker, event: Event) -> None:
    """QueueCallerLeave: out of the line, whatever the reason; an answer, if it was that, follows."""
    channel = tracker.mirror.get(event)
    if channel is None or channel.call is None:
        return
    call = channel.call
    if call.waiting and call.left_queue is None:
        call.left_queue = LeftQueue(call.queue, tracker.place(call), None, tracker.at, reason="left")
    tracker.leave_queue(call)


def abandoned(tracker: Tracker, event: Event) -> None:
    """QueueCallerAbandon: sent for a hang-up *and* for a queue's time-out; the hang-up decides."""
    channel = tracker.mirror.get(event)
    if channel is None or channel.call is None:
        return
    call = channel.call
    if call.abandoned or call.left_queue is not None:
        return
    call.left_queue = LeftQueue(
        queue=event.get("Queue", call.queue),
        position=integer(event.get("Position")) or integer(event.get("OriginalPosition")),
        wait_seconds=seconds(event.get("HoldTime")),
        at=tracker.at,
        reason="timeout",
    )
    tracker.leave_queue(call)


def agent_called(tracker: Tracker, event: Event) -> None:
    """AgentCalled: the queue rings an agent for the caller of ``Channel``."""
    channel = tracker.mirror.alive(event, at=tracker.at)
    interface = event.get("Interface", "")
    if channel is None or not interface:
        return
    call = tracker.call_of(channel)
    tracker.note_variables(channel, event)
    dest_uid = event.get("DestUniqueid", "")
    if any(offer.open and offer.channel_uid == dest_uid for offer in call.offers):
        return
    if call.caller is None:
        call.caller = channel
        channel.role = Role.CALLER
    tracker.arrive(call)
    offer = Offer(
        agent_id=_agent_id(event),
        interface=interface,
        queue=event.get("Queue", ""),
        channel=event.get("DestChannel", ""),
        channel_uid=dest_uid,
        at=tracker.at,
    )
    call.offers.append(offer)
    tracker.become(call, "ringing")
    wait = None
    if tracker.at is not None and call.queued_at is not None:
        wait = round(tracker.at - call.queued_at, 3)
    tracker.emit(
        facts.AgentRinging,
        call,
        channel=offer.channel,
        interface=interface,
        agent_id=offer.agent_id,
        queue=offer.queue,
        caller_number=number(event.get("CallerIDNum")) or channel.number,
        wait_seconds=wait,
    )
    record = tracker.agents.records.get(interface)
    if record is not None:
        tracker.agents.ring(record, dest_uid, tracker.at)


def _agent_id(event: Event) -> str:
    name = event.get("MemberName") or event.get("AgentName") or ""
    interface = event.get("Interface", "")
    return interface.rpartition("/")[2] if name in ("", interface) else name


def agent_connect(tracker: Tracker, event: Event) -> None:
    """AgentConnect: the agent took it; told when the two hear each other."""
    channel = tracker.mirror.get(event)
    if channel is None or channel.call is None:
        return
    call = channel.call
    offer = call.offer_of({event.get("DestUniqueid", "")}, "")
    if offer is None:
        offer = Offer(
            agent_id=_agent_id(event),
            interface=event.get("Interface", ""),
            queue=event.get("Queue", ""),
            channel=event.get("DestChannel", ""),
            channel_uid=event.get("DestUniqueid", ""),
            at=None,
        )
        call.offers.append(offer)
    offer.hold_seconds = seconds(event.get("HoldTime"))
    offer.ring_seconds = seconds(event.get("RingTime"))
    call.left_queue = None
    tracker.leave_queue(call)


def agent_missed(tracker: Tracker, event: Event) -> None:
    """AgentRingNoAnswer."""
    channel = tracker.mirror.get(event)
    if channel is None or channel.call is None:
        return
    interface = event.get("Interface", "")
    for offer in channel.call.offers:
        same = offer.channel_uid == event.get("DestUniqueid", "") or offer.interface == interface
        if offer.open and same:
            dest = tracker.mirror.channels.get(offer.channel_uid)
            status = dest.dial_status if dest is not None else ""
            offers.missed(tracker, channel.call, offer, status or "NOANSWER")


def member(tracker: Tracker, event: Event) -> None:
    """QueueMemberAdded, -Status, -Pause."""
    tracker.agents.member(event, tracker.at)


def member_removed(tracker: Tracker, event: Event) -> None:
    """QueueMemberRemoved."""
    tracker.agents.member_removed(event, tracker.at)
