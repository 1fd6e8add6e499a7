"""Ringing, answering, holding: who hears whom, in human words."""

from __future__ import annotations

from cti import facts, offers
from cti.agents import Signal
from cti.facts import Fact
from cti.grouping import Call
from cti.mirror import Channel, Role
from cti.parties import number_of
from cti.tracker import Tracker


def ring(tracker: Tracker, dest: Channel) -> None:
    """A device rings, or answered without ringing, for whoever dials it."""
    if dest.announced or dest.local:
        return
    source, first_party = tracker.mirror.origin(dest)
    if source is None and not dest.originated:
        return  # a dial in between is still to be told: see dial_begin
    call = tracker.call_of(dest)
    if source is not None:
        call = tracker.merge(tracker.call_of(source), call)
    dest.announced = True
    record = tracker.agents.of_channel(dest.name)
    if record is not None:
        tracker.agents.ring(record, dest.uid, tracker.at)
    if first_party or dest.originated:
        dest.role = Role.CALLER
        call.originated = True
        call.caller = call.caller or dest
        return
    dest.role = Role.CALLEE
    caller = source if source is not None and source.real else call.caller
    if call.caller is None and caller is not None:
        call.caller = caller
    tracker.arrive(call)
    if not call.answered or call.transfer is not None:
        tracker.become(call, "ringing")
    if call.transfer is not None and caller is not None and caller is call.caller:
        _transfer_reached(tracker, call, caller, dest)
    else:
        tracker.emit(
            facts.Dialled,
            call,
            channel=dest.name,
            number=dest.number or dest.exten,
            by=caller.name if caller else "",
        )


def _transfer_reached(tracker: Tracker, call: Call, caller: Channel, first: Channel) -> None:
    """The target of a blind transfer rings: now it is a transfer."""
    assert call.transfer is not None
    targets = tracker.mirror.targets(caller)
    if first not in targets:
        targets.append(first)
    for target in targets:
        target.announced = True
        target.role = Role.CALLEE
        record = tracker.agents.of_channel(target.name)
        if record is not None:
            tracker.agents.ring(record, target.uid, tracker.at)
    tell_blind(tracker, call, tuple(target.name for target in targets))


def tell_blind(tracker: Tracker, call: Call, to: tuple[str, ...]) -> None:
    """The blind transfer reached ``to`` (or a queue, with no device yet)."""
    transfer, call.transfer = call.transfer, None
    if transfer is None:
        return
    tracker.emit(
        facts.CallTransferred,
        call,
        kind="blind",
        by=transfer.by,
        to=to,
        transferee=call.caller.name if call.caller else "",
        number=transfer.number,
    )


def connected(tracker: Tracker, channel: Channel) -> None:
    """A channel entered a bridge: who hears whom now?"""
    together = tracker.mirror.hearing(channel)
    if len(together) < 2:
        return
    call = tracker.call_of(together[0])
    for other in together[1:]:
        call = tracker.merge(call, tracker.call_of(other))
    for one in together:
        one.partners = tuple(other.uid for other in together if other is not one)
    caller = call.caller
    if caller is None or caller not in together:
        caller = next((one for one in together if one.role is Role.CALLER), None)
    if caller is None:
        return
    if call.caller is None:
        call.caller = caller
    tracker.arrive(call)
    for one in together:
        if one is not caller and one.role is not Role.CALLER and not one.answered:
            _answered(tracker, call, caller, one)


def _answered(tracker: Tracker, call: Call, caller: Channel, by: Channel) -> None:
    by.answered = by.announced = True
    by.role = Role.CALLEE
    if call.transfer is not None and caller is call.caller and by.name != call.transfer.by:
        tell_blind(tracker, call, (by.name,))
    call.answered = True
    call.left_queue = None
    tracker.leave_queue(call)
    tracker.become(call, "talking")
    offer = call.offer_of(tracker.mirror.lineage(by), by.name)
    record = tracker.agents.of_channel(by.name)
    calling = tracker.agents.of_channel(caller.name) if call.called_number else None
    agent = record or calling  # an agent who calls a citizen is the one who talks
    fields = {"agent_id": agent.agent_id if agent else None, **offers.answer_fields(tracker, call, offer)}
    tracker.emit(facts.CallAnswered, call, channel=caller.name, by=by.name, number=number_of(by), **fields)
    if offer is not None:
        offers.end(tracker, call, offer, "answered")
    if record is not None:
        tracker.agents.talk(record, by.uid, tracker.at)
        if not call.held_by:  # a hold whose holder was a leg that is gone by now
            tracker.agents.signal(record, Signal.RESUME, tracker.at)


def held(tracker: Tracker, call: Call, by: Channel | None) -> None:
    """The caller hears music; ``by`` a phone, or None for the switch."""
    first = not call.held_by
    call.held_by.add(by.uid if by else "")
    if first:
        tracker.become(call, "held")
        _tell_hold(tracker, facts.CallHeld, call, by, Signal.HOLD)


def resumed(tracker: Tracker, call: Call, by: Channel | None) -> None:
    """Music off; told when nobody holds any more."""
    key = by.uid if by else ""
    if key not in call.held_by:
        return
    call.held_by.discard(key)
    if not call.held_by:
        tracker.become(call, "talking")
        _tell_hold(tracker, facts.CallResumed, call, by, Signal.RESUME)


def no_longer_held(tracker: Tracker, call: Call) -> None:
    """The hold is over because the call went elsewhere."""
    if call.held_by:
        call.held_by.clear()
        _tell_hold(tracker, facts.CallResumed, call, None, Signal.RESUME)


def _tell_hold(tracker: Tracker, kind: type[Fact], call: Call, by: Channel | None, signal: Signal) -> None:
    holder = tracker.agents.of_channel(by.name) if by else None
    tracker.emit(kind, call, by=by.name if by else "", agent_id=holder.agent_id if holder else None)
    for channel in call.channels.values():
        record = tracker.agents.of_channel(channel.name)
        if record is not None and record.legs.get(channel.uid):
            tracker.agents.signal(record, signal, tracker.at)
