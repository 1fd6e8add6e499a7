"""Who takes part in a call and where each of them is, read off the mirror; and what of that is told."""

from __future__ import annotations

from cti import facts
from cti.agents import Signal
from cti.conversation import Kind, Party, Phase, Place, phase_of, units_in
from cti.fields import State, hangup_reason
from cti.grouping import Call
from cti.mirror import Channel
from cti.tracker import Tracker

THIRD = "third-"

_TELLING = frozenset({Phase.CALLING, Phase.CONSULTING, Phase.THREE_WAY, Phase.HANDED_OVER, Phase.CITIZEN_GONE})
"""Phases worth a fact; what is between citizen and agent alone is told by call_answered, call_held, call_resumed."""


def citizen_of(tracker: Tracker, call: Call) -> Channel | None:
    """The citizen's channel: the caller, or whom the agent called.  None once the citizen has hung up."""
    caller = call.caller
    if caller is None:
        return None
    if tracker.agents.of_channel(caller.name) is None:
        return caller if caller.uid in call.channels else None
    if call.called is None:
        outside = (one for one in call.channels.values() if one.real and tracker.agents.of_channel(one.name) is None)
        call.called = next((one for one in outside if not one.uid.startswith(THIRD)), None)
    return call.called if call.called is not None and call.called.uid in call.channels else None


def parties_of(tracker: Tracker, call: Call) -> tuple[Party, ...]:
    """Everybody whose telephone is part of the call: the citizen first, then in the order they came."""
    citizen = citizen_of(tracker, call)
    found = []
    for channel in call.channels.values():
        if channel.local:
            continue
        record = tracker.agents.of_channel(channel.name)
        if channel is citizen:
            kind, agent_id = Kind.CITIZEN, ""
        elif record is None:
            kind, agent_id = Kind.UNIT, ""
        else:
            agent_id = record.agent_id
            kind = Kind.AGENT if agent_id == _owner(tracker, call) else Kind.COLLEAGUE
        number = call.called_number if channel is call.called else number_of(channel)
        place, room = _place(tracker, channel)
        if agent_id and place is Place.RINGING and channel is not call.caller and not channel.uid.startswith(THIRD):
            continue  # a queue's offer: not a party before it is answered
        found.append(Party(channel.uid, channel.name, kind, number, place, room, agent_id))
    return tuple(sorted(found, key=lambda party: party.kind is not Kind.CITIZEN))


def third_uid(number: str, unique: str) -> str:
    """The channel id of somebody who is called in addition: it carries the number, so that it is known after any
    restart of ours (the channel's own number is the one shown to them)."""
    return f"{THIRD}{number}-{unique}"


def number_of(channel: Channel) -> str:
    """What was dialled for a device."""
    if channel.uid.startswith(THIRD):
        return channel.uid.removeprefix(THIRD).partition("-")[0]
    return channel.number


def _owner(tracker: Tracker, call: Call) -> str:
    """Whose call it is: the agent who has been talking longest; another one only when that one is gone."""
    talking = []
    for channel in call.channels.values():
        record = tracker.agents.of_channel(channel.name)
        if record is not None and record.legs.get(channel.uid):
            talking.append(record.agent_id)
    if call.owner not in talking:
        call.owner = talking[0] if talking else ""
    return call.owner


def _place(tracker: Tracker, channel: Channel) -> tuple[Place, str]:
    if channel.state != State.UP:
        return Place.RINGING, ""
    company = tracker.mirror.hearing(channel) if channel.bridge is not None else []
    if channel.music and channel.bridge not in tracker.mirror.rooms:  # alone in a room one may hear a ringing tone
        return Place.MUSIC, ""
    if len(company) < 2:
        return Place.ALONE, ""
    return Place.TOGETHER, min(one.uid for one in company)


def settle(tracker: Tracker, call: Call) -> None:
    """Tell what has changed between the parties of a call of three or more."""
    if len(call.channels) > 2:
        call.many = True
    if not call.many or not call.answered:
        return
    parties = parties_of(tracker, call)
    _signal_agents(tracker, parties)
    _tell_guests(tracker, call, parties)
    phase, units = phase_of(parties), units_in(parties)
    if phase is not Phase.MOVING and (phase.value, units) != (call.phase, call.units):
        before, call.phase, call.units = call.phase, phase.value, units
        if phase in _TELLING or before in _TELLING:
            tracker.emit(facts.ConversationChanged, call, phase=phase.value, agent_id=call.owner or None, units=units)


def _signal_agents(tracker: Tracker, parties: tuple[Party, ...]) -> None:
    """Every agent's own state follows from whom they hear."""
    citizen = next((party for party in parties if party.kind is Kind.CITIZEN), None)
    for agent_id in dict.fromkeys(party.agent_id for party in parties if party.agent_id):
        legs = [party for party in parties if party.agent_id == agent_id]
        rooms = {leg.room for leg in legs if leg.place is Place.TOGETHER}
        record = tracker.agents.of_channel(legs[0].channel)
        if record is None:
            continue
        beside = [party for party in parties if party.agent_id != agent_id and party.room in rooms]
        for leg in legs:
            if leg.place is Place.TOGETHER and not record.legs.get(leg.uid):
                tracker.agents.talk(record, leg.uid, tracker.at)
        if not any(record.legs.get(leg.uid) for leg in legs):
            continue
        with_citizen = citizen is not None and citizen in beside
        if with_citizen:
            signal = Signal.CONFERENCE if len(beside) > 1 else Signal.RESUME
        elif beside:
            signal = Signal.CONSULT
        elif citizen is not None and citizen.place is Place.MUSIC:
            signal = Signal.HOLD
        else:
            continue
        tracker.agents.signal(record, signal, tracker.at)


def _tell_guests(tracker: Tracker, call: Call, parties: tuple[Party, ...]) -> None:
    """Those who were called in addition: called, joined."""
    for party in parties:
        if party.kind is Kind.COLLEAGUE and not party.uid.startswith(THIRD):
            continue  # a supervisor or the next agent, whom a queue or the dialplan has brought
        if party.kind not in (Kind.UNIT, Kind.COLLEAGUE):
            continue
        known = call.guests.get(party.uid)
        if known is None:
            known = call.guests[party.uid] = party.number
            tracker.emit(facts.PartyCalled, call, channel=party.channel, number=party.number, kind=party.kind.value)
        if party.place is Place.TOGETHER and party.uid not in call.joined:
            call.joined.add(party.uid)
            tracker.emit(facts.PartyJoined, call, channel=party.channel, number=known, kind=party.kind.value)


def guest_left(tracker: Tracker, call: Call, channel: Channel, cause: int) -> None:
    """A channel of the call has hung up: told when it was one of those called in addition."""
    number = call.guests.pop(channel.uid, None)
    if number is None:
        return
    was_up = channel.state == State.UP
    kind = Kind.COLLEAGUE if tracker.agents.of_channel(channel.name) is not None else Kind.UNIT
    joined = channel.uid in call.joined
    reason = "completed" if joined else hangup_reason(cause, was_up=was_up)
    tracker.emit(facts.PartyLeft, call, channel=channel.name, number=number, kind=kind.value, reason=reason)
