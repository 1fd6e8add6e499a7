"""From the mirror to facts: what each change on the switch means to people.

The handlers of events (``channel_events``, ``queue_events``, ``transfer_events``) tell the tracker *what
happened* in these few words: somebody calls, a device rings, two hear each other, somebody hung up.
"""

from __future__ import annotations

from typing import Any

from cti import facts
from cti.agent_book import AgentBook, Record
from cti.facts import Fact
from cti.fields import CALL_VARIABLES, Event, number, variables
from cti.grouping import Call, Calls, older
from cti.mirror import Channel, Mirror


class Tracker:
    """The state all handlers share, and the facts of the event at hand."""

    def __init__(self) -> None:
        self.mirror = Mirror()
        self.calls = Calls()
        self.agents = AgentBook()
        self.queues: dict[str, list[Call]] = {}
        """Calls waiting in each queue, first in line first."""
        self.expected: dict[str, str] = {}
        """Channels that were asked for and are still to come: their ids, and the calls they will belong to."""
        self.at: float | None = None
        self.facts: list[Fact] = []

    def emit(self, kind: type[Fact], call: Call, /, **fields: Any) -> None:
        """One fact about a call: none before it has arrived, which needs a caller."""
        if not call.arrived and kind is not facts.CallArrived:
            self.arrive(call)
            if not call.arrived:
                return
        fields.setdefault("at", self.at)
        self.facts.append(kind(call_id=call.call_id, linkedid=call.linkedid, contact_id=call.contact_id, **fields))

    def tell_agents(self) -> None:
        """Facts for the agents whose state changed."""
        for record in self.agents.take_changed():
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
        wanted = self.calls.open.get(self.expected.pop(channel.uid, ""))
        if wanted is not None:
            return self.calls.join(channel, wanted)
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
        """Tell the call, once, as soon as its caller is known.

        An originated call whose first phone never got to call anybody, nor met anybody, is none.
        """
        caller = call.caller
        if call.arrived or caller is None or (call.originated and not call.dialled and not caller.partners):
            return
        call.arrived = True
        call.arrived_at = self.at
        call.dialled = call.dialled or (caller.connected if call.originated else number(caller.exten))
        record = self.agents.of_channel(caller.name)
        outgoing = record is not None and len(call.dialled) > 4 and f"PJSIP/{call.dialled}" not in self.agents.records
        if outgoing:
            call.called_number = call.dialled
        self.emit(
            facts.CallArrived,
            call,
            channel=caller.name,
            caller_number=caller.number,
            caller_name=caller.caller_name,
            dialled=call.dialled,
            city=call.city,
            menu_path=call.menu_path,
            caller_class=call.caller_class,
            originated=call.originated,
            outgoing=outgoing,
        )
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

    def leave_queue(self, call: Call) -> None:
        """The call waits no more."""
        if call.waiting:
            call.waiting = False
            line = self.queues.get(call.queue)
            if line and call in line:
                line.remove(call)

    def queue_left(self, call: Call, reason: str, at: float | None = None) -> None:
        """The caller is out of the queue but still there (what looked like a hang-up was a time-out)."""
        left, call.left_queue = call.left_queue, None
        if left is None:
            return
        self.leave_queue(call)
        self.become(call, "arrived")
        self.emit(facts.QueueLeft, call, at=at if at is not None else self.at, queue=left.queue, reason=reason)

    def place(self, call: Call) -> int:
        """The call's place in its queue, from 1; 0 when it waits in none."""
        line = self.queues.get(call.queue, [])
        return line.index(call) + 1 if call in line else 0
