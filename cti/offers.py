"""A queue's offers to agents: how each of them ends."""

from __future__ import annotations

from typing import Any

from cti import facts
from cti.fields import Cause
from cti.grouping import Call, Offer
from cti.mirror import Channel
from cti.tracker import Tracker

_MISSED = {"BUSY": "rejected", "NOANSWER": "no-answer"}


def answer_fields(tracker: Tracker, call: Call, offer: Offer | None) -> dict[str, Any]:
    if offer is None:
        return {}
    ring, wait = offer.ring_seconds, offer.hold_seconds
    if tracker.at is not None and offer.at is not None:
        ring = round(tracker.at - offer.at, 3)
    if tracker.at is not None and call.queued_at is not None:
        wait = round(tracker.at - call.queued_at, 3)
    return {
        "agent_id": offer.agent_id,
        "interface": offer.interface,
        "queue": offer.queue,
        "ring_seconds": ring,
        "wait_seconds": wait,
    }


def end(tracker: Tracker, call: Call, offer: Offer, reason: str) -> None:
    """An agent is no longer being rung."""
    if not offer.open:
        return
    offer.open = False
    tracker.emit(
        facts.AgentRingEnded,
        call,
        channel=offer.channel,
        interface=offer.interface,
        agent_id=offer.agent_id,
        queue=offer.queue,
        reason=reason,
    )
    record = tracker.agents.records.get(offer.interface)
    if record is not None and reason != "answered":
        tracker.agents.ring_over(record, offer.channel_uid, tracker.at)


def dial_over(tracker: Tracker, dest: Channel, status: str) -> None:
    """A dial ended without or with success: an agent who refused or let it ring has missed the call."""
    if dest.call is None or status in ("", "ANSWER", "CANCEL", "ANSWERED_ELSEWHERE"):
        return
    for offer in dest.call.offers:
        if offer.open and offer.channel_uid == dest.uid:
            missed(tracker, dest.call, offer, status)


def missed(tracker: Tracker, call: Call, offer: Offer, status: str) -> None:
    """An agent did not take the call offered."""
    if not offer.open:
        return
    dest = tracker.mirror.channels.get(offer.channel_uid)
    refused = dest is not None and dest.hangup_asked in (Cause.BUSY, Cause.REJECTED)
    ring = None
    if tracker.at is not None and offer.at is not None:
        ring = round(tracker.at - offer.at, 3)
    tracker.emit(
        facts.RingMissed,
        call,
        interface=offer.interface,
        agent_id=offer.agent_id,
        queue=offer.queue,
        reason="rejected" if refused else _MISSED.get(status, "unreachable"),
        ring_seconds=ring,
    )
    end(tracker, call, offer, "missed")
    if call.waiting and not any(other.open for other in call.offers):
        tracker.become(call, "queued")
