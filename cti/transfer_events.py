"""Handlers: blind, attended and semi-attended transfers, pickup."""

from __future__ import annotations

from cti import facts, talking
from cti.fields import Event, State, number
from cti.grouping import BlindTransfer, Call
from cti.mirror import Channel, Role
from cti.tracker import Tracker


def blind_transfer(tracker: Tracker, event: Event) -> None:
    """BlindTransfer: the transferee goes to dial the extension; told when somebody rings there."""
    if event.get("Result", "Success") != "Success":
        return
    transferer = tracker.mirror.alive(event, "Transferer", at=tracker.at)
    transferee = _transferee(tracker, event, transferer)
    if transferer is None or transferee is None or transferer.transferred:
        return
    transferer.transferred = True
    call = tracker.merge(tracker.call_of(transferer), tracker.call_of(transferee))
    tracker.arrive(call)
    _hand_over(tracker, call, transferee)
    call.transfer = BlindTransfer(transferer.name, transferer.uid, event.get("Extension", ""))


def _transferee(tracker: Tracker, event: Event, transferer: Channel | None) -> Channel | None:
    """The party that is passed on; behind a Local channel, the device."""
    named = tracker.mirror.alive(event, "Transferee", at=tracker.at)
    if named is not None and named.real:
        return named
    return _partner(tracker, transferer, named) or named


def _partner(tracker: Tracker, channel: Channel | None, *not_these: Channel | None) -> Channel | None:
    """Whom the channel talked to last."""
    if channel is None:
        return None
    others = (tracker.mirror.channels.get(uid) for uid in channel.partners)
    return next((other for other in others if other is not None and other not in not_these), None)


def _hand_over(tracker: Tracker, call: Call, transferee: Channel) -> None:
    """It is the transferee's call now."""
    call.caller = transferee
    call.ending = None
    transferee.role = Role.CALLER
    transferee.answered = transferee.announced = True
    talking.no_longer_held(tracker, call)


def attended_transfer(tracker: Tracker, event: Event) -> None:
    """AttendedTransfer: the two who were spoken to are joined, or the first one takes over the ringing."""
    if event.get("Result", "Success") != "Success" or event.get("DestType") == "Threeway":
        return
    first = tracker.mirror.alive(event, "OrigTransferer", at=tracker.at)
    second = tracker.mirror.alive(event, "SecondTransferer", at=tracker.at)
    if first is None or second is None or second.transferred:
        return
    target = _target(tracker, event, first, second)
    transferee = _transferee_of_two(tracker, event, first, second, target)
    call = tracker.merge(tracker.call_of(first), tracker.call_of(second))
    tracker.arrive(call)
    if transferee is None:
        return
    first.transferred = second.transferred = True
    call = tracker.merge(call, tracker.call_of(transferee))
    _hand_over(tracker, call, transferee)
    ringing = tracker.mirror.targets(second) or tracker.mirror.targets(transferee)
    to: tuple[str, ...]
    if target is not None:
        call = tracker.merge(call, tracker.call_of(target))
        kind, to = "attended", (target.name,)
        _takes_call(tracker, call, target)
    else:
        kind = "blonde"
        to = tuple(device.name for device in ringing if device.announced) or tuple(d.name for d in ringing)
        call.answered = False
    tracker.emit(
        facts.CallTransferred,
        call,
        kind=kind,
        by=second.name,
        to=to,
        transferee=transferee.name,
        number=number(event.get("SecondTransfererExten")) or second.exten,
    )


def _target(tracker: Tracker, event: Event, first: Channel, second: Channel) -> Channel | None:
    """Whom the transferer consulted, if that party had answered."""
    if event.get("DestType") == "App":
        return None
    named = tracker.mirror.alive(event, "TransferTarget", at=tracker.at)
    if named is not None and named.real:
        return named
    return _partner(tracker, second, first)


def _transferee_of_two(
    tracker: Tracker, event: Event, first: Channel, second: Channel, target: Channel | None
) -> Channel | None:
    named = tracker.mirror.alive(event, "Transferee", at=tracker.at)
    if named is not None and named.real:
        return named
    known = _partner(tracker, first, second, target)
    if known is not None:
        return known
    bridge = tracker.mirror.bridges.get(event.get("DestBridgeUniqueid", ""), {})
    members = [tracker.mirror.channels[uid] for uid in bridge if uid in tracker.mirror.channels]
    return next((one for one in members if one.real and one not in (first, second, target)), None)


def _takes_call(tracker: Tracker, call: Call, target: Channel) -> None:
    """The target talks to the transferee now."""
    target.answered = target.announced = True
    call.answered = True
    tracker.become(call, "talking")


def pickup(tracker: Tracker, event: Event) -> None:
    """Pickup: another phone takes the ringing call; both are one call."""
    taker = tracker.mirror.alive(event, at=tracker.at)
    target = tracker.mirror.alive(event, "Target", at=tracker.at)
    if taker is None or target is None:
        return
    tracker.merge(tracker.call_of(target), tracker.call_of(taker))
    taker.role = Role.CALLEE
    if taker.state != State.UP:
        taker.state = State.UP
