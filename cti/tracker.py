"""From the mirror to facts: what each change on the switch means to people.

The handlers of events (``channel_events``, ``queue_events``, ``transfer_events``) tell the tracker *what
happened* in these few words: somebody calls, a device rings, two hear each other, somebody hung up.
"""

from __future__ import annotations

from typing import Any

from cti import facts
from cti.agent_book import AgentBook, Record
from cti.agents import Signal
from cti.facts import Fact
from cti.fields import CALL_VARIABLES, Event, State, hangup_reason, number, variables
from cti.grouping import Call, Calls, Ending, Offer, older
from cti.mirror import Channel, Mirror, Role

_MISSED = {"BUSY": "rejected", "NOANSWER": "no-answer"}


class Tracker:
    """The state all handlers share, and the facts of the event at hand."""

    def __init__(self) -> None:
        self.mirror = Mirror()
        self.calls = Calls()
        self.agents = AgentBook()
        self.queues: dict[str, list[Call]] = {}
        """Calls waiting in each queue, first in line first."""
        self.at: float | None = None
        self.facts: list[Fact] = []

    def emit(self, kind: type[Fact], call: Call, /, **fields: Any) -> None:
        """One fact about a call."""
        fields.setdefault("at", self.at)
        self.facts.append(kind(call_id=call.call_id, linkedid=call.linkedid, contact_id=call.contact_id, **fields))

    def tell_agents(self) -> None:
        """Facts for the agents whose state changed."""
        changed, self.agents.changed = self.agents.changed, []
        for record in changed:
            call = self.call_of_agent(record)
            self.facts.append(
                facts.AgentStateChanged(
                    at=self.at,
                    call_id=call.call_id if call else "",
                    linkedid=call.linkedid if call else "",
                    contact_id=call.contact_id if call else None,
                    agent_id=record.agent_id,
                    interface=record.interface,
                    state=record.agent.state.value,
                    reason=record.agent.reason,
                )
            )

    def call_of_agent(self, record: Record) -> Call | None:
        """The call an agent is on (the talking one, if several)."""
        for uid in sorted(record.legs, key=lambda leg: not record.legs[leg]):
            channel = self.mirror.channels.get(uid)
            if channel is not None and channel.call is not None:
                return channel.call
        return None

    # -- calls

    def call_of(self, channel: Channel) -> Call:
        """The channel's call, begun if it is new."""
        if channel.call is not None:
            return channel.call
        call = self.calls.of(channel)
        root = channel.uid == channel.linkedid
        if root and channel.local and channel.half != "2":
            call.originated = True
        elif root and channel.real and call.caller is None:
            call.caller = channel
        return call

    def note_variables(self, channel: Channel, event: Event) -> None:
        """The dialplan's variables that travel on channel events."""
        raw = event.get("ChanVariable")
        if raw is None or raw == channel.variables:
            return
        channel.variables = raw
        for name, value in variables(raw).items():
            self.note_variable(channel, name, value)

    def note_variable(self, channel: Channel, name: str, value: str) -> None:
        """One of them."""
        attribute = CALL_VARIABLES.get(name)
        if attribute is None or not value:
            return
        call = self.call_of(channel)
        if attribute != "contact_id":
            setattr(call, attribute, value)
            return
        other = self.calls.with_contact(value)
        if other is not None and other is not call:
            self.merge(other, call)
        elif call.contact_id is None:
            self.calls.name_contact(call, value)

    def merge(self, one: Call, two: Call) -> Call:
        """Two calls turned out to be one."""
        if one is two:
            return one
        kept, lost = older(one, two)
        if lost.arrived:
            self.arrive(kept)
            self.emit(facts.CallsMerged, lost, into_call_id=kept.call_id, into_contact_id=kept.contact_id)
        self.leave_queue(lost)
        self.calls.absorb(kept, lost)
        if kept.caller is None:
            kept.caller = lost.caller
        return kept

    def arrive(self, call: Call) -> None:
        """Tell the call, once, as soon as its caller is known."""
        caller = call.caller
        if call.arrived or caller is None:
            return
        call.arrived = True
        call.arrived_at = self.at
        dialled = call.dialled or (number(caller.exten) if not call.originated else caller.connected)
        call.dialled = dialled
        self.emit(
            facts.CallArrived,
            call,
            channel=caller.name,
            caller_number=caller.number,
            caller_name=caller.caller_name,
            dialled=dialled,
            city=call.city,
            menu_path=call.menu_path,
            caller_class=call.caller_class,
            originated=call.originated,
        )
        record = self.agents.of_channel(caller.name)
        if record is not None and caller.uid in self.mirror.channels:
            self.agents.talk(record, caller.uid, self.at)

    def arrive_unless_first_party(self, call: Call) -> None:
        """A caller who dials has arrived; an Originate's first party not before it is known whom it dials."""
        if not call.originated:
            self.arrive(call)

    def become(self, call: Call, state: str) -> None:
        """The call's own state, for views."""
        if call.state != state:
            call.state = state
            call.since = self.at

    # -- ringing and answering

    def ring(self, dest: Channel) -> None:
        """A device rings, or answered without ringing, for whoever dials it."""
        if dest.announced or dest.local:
            return
        source, first_party = self.mirror.origin(dest)
        call = self.call_of(dest)
        if source is not None:
            call = self.merge(self.call_of(source), call)
        dest.announced = True
        record = self.agents.of_channel(dest.name)
        if record is not None:
            self.agents.ring(record, dest.uid, self.at)
        if first_party or dest.originated:
            dest.role = Role.CALLER
            call.originated = True
            call.caller = call.caller or dest
            return
        dest.role = Role.CALLEE
        caller = source if source is not None and source.real else call.caller
        if source is not None and source.local and not call.dialled:
            call.dialled = next((self._dialled_number(uid) for uid in source.dials), "")
        if call.caller is None and caller is not None:
            call.caller = caller
        self.arrive(call)
        if not call.answered or call.transfer is not None:
            self.become(call, "ringing")
        if call.transfer is not None and caller is not None and caller is call.caller:
            self._transfer_reached(call, caller, dest)
        else:
            self.emit(
                facts.Dialled,
                call,
                channel=dest.name,
                number=dest.number or dest.exten,
                by=caller.name if caller else "",
            )

    def _dialled_number(self, uid: str) -> str:
        dest = self.mirror.channels.get(uid)
        return "" if dest is None else dest.exten

    def _transfer_reached(self, call: Call, caller: Channel, first: Channel) -> None:
        """The target of a blind transfer rings: now it is a transfer."""
        assert call.transfer is not None
        targets = self.mirror.targets(caller)
        if first not in targets:
            targets.append(first)
        for target in targets:
            target.announced = True
            target.role = Role.CALLEE
        self.tell_blind(call, tuple(target.name for target in targets))

    def tell_blind(self, call: Call, to: tuple[str, ...]) -> None:
        """The blind transfer reached ``to`` (or a queue, with no device yet)."""
        transfer, call.transfer = call.transfer, None
        if transfer is None:
            return
        self.emit(
            facts.CallTransferred,
            call,
            kind="blind",
            by=transfer.by,
            to=to,
            transferee=call.caller.name if call.caller else "",
            number=transfer.number,
        )

    def connected(self, channel: Channel) -> None:
        """A channel entered a bridge: who hears whom now?"""
        together = self.mirror.hearing(channel)
        if len(together) < 2:
            return
        call = self.call_of(together[0])
        for other in together[1:]:
            call = self.merge(call, self.call_of(other))
        for one in together:
            one.partners = tuple(other.uid for other in together if other is not one)
        caller = call.caller
        if caller is None or caller not in together:
            caller = next((one for one in together if one.role is Role.CALLER), None)
        if caller is None:
            return
        if call.caller is None:
            call.caller = caller
        self.arrive(call)
        for one in together:
            if one is not caller and one.role is not Role.CALLER and not one.answered:
                self._answered(call, caller, one)

    def _answered(self, call: Call, caller: Channel, by: Channel) -> None:
        by.answered = by.announced = True
        by.role = Role.CALLEE
        if call.transfer is not None and caller is call.caller and by.name != call.transfer.by:
            self.tell_blind(call, (by.name,))
        call.answered = True
        self.leave_queue(call)
        self.become(call, "talking")
        offer = call.offer_of(self.lineage(by), by.name)
        self.emit(
            facts.CallAnswered,
            call,
            channel=caller.name,
            by=by.name,
            **self._offer_fields(call, offer),
        )
        if offer is not None:
            self.end_offer(call, offer, "answered")
        record = self.agents.of_channel(by.name)
        if record is not None:
            self.agents.talk(record, by.uid, self.at)

    def _offer_fields(self, call: Call, offer: Offer | None) -> dict[str, Any]:
        if offer is None:
            return {}
        ring, wait = offer.ring_seconds, offer.hold_seconds
        if self.at is not None and offer.at is not None:
            ring = round(self.at - offer.at, 3)
        if self.at is not None and call.queued_at is not None:
            wait = round(self.at - call.queued_at, 3)
        return {
            "agent_id": offer.agent_id,
            "interface": offer.interface,
            "queue": offer.queue,
            "ring_seconds": ring,
            "wait_seconds": wait,
        }

    def lineage(self, channel: Channel) -> set[str]:
        """The channel and those it was dialled through (Local halves)."""
        found: set[str] = set()
        uid: str | None = channel.uid
        while uid is not None and uid not in found:
            found.add(uid)
            link = self.mirror.channels.get(uid)
            if link is None:
                break
            if link.local and link.half == "2" and link.other_half:
                found.add(link.other_half)
                other = self.mirror.channels.get(link.other_half)
                uid = other.dialled_by if other else None
            else:
                uid = link.dialled_by
        return found

    def end_offer(self, call: Call, offer: Offer, reason: str) -> None:
        """An agent is no longer being rung."""
        if not offer.open:
            return
        offer.open = False
        self.emit(
            facts.AgentRingEnded,
            call,
            channel=offer.channel,
            interface=offer.interface,
            agent_id=offer.agent_id,
            queue=offer.queue,
            reason=reason,
        )
        record = self.agents.records.get(offer.interface)
        if record is not None and reason != "answered":
            self.agents.ring_over(record, offer.channel_uid, self.at)

    def dial_over(self, dest: Channel, status: str) -> None:
        """A dial ended without or with success: an agent who refused or let it ring has missed the call."""
        if dest.call is None or status in ("", "ANSWER", "CANCEL", "ANSWERED_ELSEWHERE"):
            return
        for offer in dest.call.offers:
            if offer.open and offer.channel_uid == dest.uid:
                self.missed(dest.call, offer, status)

    def missed(self, call: Call, offer: Offer, status: str) -> None:
        """An agent did not take the call offered."""
        if not offer.open:
            return
        ring = None
        if self.at is not None and offer.at is not None:
            ring = round(self.at - offer.at, 3)
        self.emit(
            facts.RingMissed,
            call,
            interface=offer.interface,
            agent_id=offer.agent_id,
            queue=offer.queue,
            reason=_MISSED.get(status, "unreachable"),
            ring_seconds=ring,
        )
        self.end_offer(call, offer, "missed")
        if call.waiting and not any(other.open for other in call.offers):
            self.become(call, "queued")

    # -- holding

    def held(self, call: Call, by: Channel | None) -> None:
        """The caller hears music; ``by`` a phone, or None for the switch."""
        first = not call.held_by
        call.held_by.add(by.uid if by else "")
        if first:
            self.become(call, "held")
            self._tell_hold(facts.CallHeld, call, by, Signal.HOLD)

    def resumed(self, call: Call, by: Channel | None) -> None:
        """Music off; told when nobody holds any more."""
        key = by.uid if by else ""
        if key not in call.held_by:
            return
        call.held_by.discard(key)
        if not call.held_by:
            self.become(call, "talking")
            self._tell_hold(facts.CallResumed, call, by, Signal.RESUME)

    def _tell_hold(self, kind: type[Fact], call: Call, by: Channel | None, signal: Signal) -> None:
        holder = self.agents.of_channel(by.name) if by else None
        self.emit(kind, call, by=by.name if by else "", agent_id=holder.agent_id if holder else None)
        for channel in call.channels.values():
            record = self.agents.of_channel(channel.name)
            if record is not None and record.legs.get(channel.uid):
                self.agents.signal(record, signal, self.at)

    # -- endings

    def leave_queue(self, call: Call) -> None:
        """The call waits no more."""
        if call.waiting:
            call.waiting = False
            line = self.queues.get(call.queue)
            if line and call in line:
                line.remove(call)

    def hung_up(self, channel: Channel, cause: int) -> None:
        """A channel is gone."""
        call = self.call_of(channel)
        for offer in call.offers:
            if offer.open and offer.channel_uid == channel.uid and channel.dial_status in ("CANCEL", ""):
                self.end_offer(call, offer, "cancelled")
        if channel is call.caller:
            call.ending = Ending(cause, channel.state == State.UP, self.at)
            self._caller_gone(call)
        if channel.uid in call.held_by:
            call.held_by.discard(channel.uid)
        record = self.agents.of_channel(channel.name)
        if record is not None:
            self.agents.hang_up(record, channel.uid, self.at)
        self.mirror.remove(channel)
        call.channels.pop(channel.uid, None)
        if not call.channels:
            self.close(call, Ending(cause, channel.state == State.UP, self.at))

    def _caller_gone(self, call: Call) -> None:
        self.arrive(call)
        left = call.left_queue
        if left is None and call.waiting and not call.answered:
            left = (call.queue, self.place(call), None)
        if left is not None and not call.abandoned:
            call.abandoned = True
            wait = left[2]
            if self.at is not None and call.queued_at is not None:
                wait = round(self.at - call.queued_at, 3)
            self.emit(facts.CallAbandoned, call, queue=left[0], position=left[1], wait_seconds=wait)
        self.leave_queue(call)

    def queue_left(self, call: Call, reason: str) -> None:
        """The caller is out of the queue but still there (the word of an abandoned call was a time-out)."""
        left = call.left_queue
        if left is None and call.waiting and reason != "continue":
            left = (call.queue, 0, None)
        if left is None or call.answered or call.abandoned:
            call.left_queue = None
            return
        call.left_queue = None
        self.leave_queue(call)
        self.become(call, "arrived")
        self.emit(facts.QueueLeft, call, queue=left[0], reason=reason)

    def place(self, call: Call) -> int:
        """The call's place in its queue, from 1; 0 when it waits in none."""
        line = self.queues.get(call.queue, [])
        return line.index(call) + 1 if call in line else 0

    def close(self, call: Call, last: Ending, reason: str | None = None) -> None:
        """The call's last channel is gone (``last``: how)."""
        self.calls.close(call)
        for offer in call.offers:
            self.end_offer(call, offer, "cancelled")
        self.leave_queue(call)
        self.arrive(call)
        if not call.arrived:
            return
        ending = call.ending or last
        if reason is None:
            reason = hangup_reason(ending.cause, was_up=ending.was_up)
        if call.transfer is not None:
            transfer, call.transfer = call.transfer, None
            self.emit(facts.TransferFailed, call, kind="blind", by=transfer.by, number=transfer.number)
            reason = "completed"
        duration = None
        if ending.at is not None and call.began_at is not None:
            duration = round(ending.at - call.began_at, 3)
        self.emit(
            facts.CallEnded,
            call,
            at=ending.at if ending.at is not None else self.at,
            reason=reason,
            answered=call.answered,
            abandoned=call.abandoned,
            cause=ending.cause,
            duration=duration,
        )
