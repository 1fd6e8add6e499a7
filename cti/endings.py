"""Hang-ups, and what they mean for the call."""

from __future__ import annotations

from cti import facts, offers, parties
from cti.agents import Signal
from cti.fields import State, hangup_reason
from cti.grouping import Call, Ending, LeftQueue
from cti.mirror import Channel
from cti.tracker import Tracker

TIMED_OUT_AFTER = 1.0
"""Seconds between QueueCallerAbandon and the hang-up from which it was the queue's time-out, not the caller's."""


def hung_up(tracker: Tracker, channel: Channel, cause: int) -> None:
    """A channel is gone."""
    call = tracker.call_of(channel)
    for offer in call.offers:
        if offer.open and offer.channel_uid == channel.uid and channel.dial_status in ("CANCEL", ""):
            offers.end(tracker, call, offer, "cancelled")
    if channel is call.caller:
        call.ending = Ending(cause, channel.state == State.UP, tracker.at)
        _caller_gone(tracker, call)
    record = tracker.agents.of_channel(channel.name)
    if record is not None:
        tracker.agents.hang_up(record, channel.uid, tracker.at)
    parties.guest_left(tracker, call, channel, cause)
    if channel.uid in call.held_by:
        call.held_by.discard(channel.uid)
        if record is not None and any(record.legs.values()) and not call.held_by:
            tracker.agents.signal(record, Signal.RESUME, tracker.at)  # the holder came back on another leg
    tracker.mirror.remove(channel)
    call.channels.pop(channel.uid, None)
    if not call.channels:
        close(tracker, call, Ending(cause, channel.state == State.UP, tracker.at))


def _caller_gone(tracker: Tracker, call: Call) -> None:
    """The caller hung up: in a queue that is an abandoned call."""
    tracker.arrive(call)
    left = call.left_queue
    if left is None and call.waiting:
        left = LeftQueue(call.queue, tracker.place(call), None, tracker.at, "left")
    tracker.leave_queue(call)
    if left is None or call.abandoned:
        return
    if tracker.at is not None and left.at is not None and tracker.at - left.at > TIMED_OUT_AFTER:
        tracker.queue_left(call, left.reason, at=left.at)
        return
    call.abandoned = True
    wait = left.wait_seconds
    if left.at is not None and call.queued_at is not None:
        wait = round(left.at - call.queued_at, 3)
    tracker.emit(facts.CallAbandoned, call, queue=left.queue, position=left.position, wait_seconds=wait)


def close(tracker: Tracker, call: Call, last: Ending, reason: str | None = None) -> None:
    """The call's last channel is gone (``last``: how)."""
    tracker.calls.close(call)
    for offer in call.offers:
        offers.end(tracker, call, offer, "cancelled")
    tracker.leave_queue(call)
    tracker.arrive(call)
    if not call.arrived:
        return
    ending = call.ending or last
    if call.transfer is not None:
        transfer, call.transfer = call.transfer, None
        tracker.emit(facts.TransferFailed, call, kind="blind", by=transfer.by, number=transfer.number)
        reason = reason or "completed"  # the conversation was over, whatever the unreachable target gave as cause
    duration = None
    if ending.at is not None and call.began_at is not None:
        duration = round(ending.at - call.began_at, 3)
    tracker.emit(
        facts.CallEnded,
        call,
        at=ending.at if ending.at is not None else tracker.at,
        reason=reason or hangup_reason(ending.cause, was_up=ending.was_up),
        answered=call.answered,
        abandoned=call.abandoned,
        cause=ending.cause,
        duration=duration,
        by=call.ended_by if call.answered else "",
    )
