"""The call tracker: AMI events in, facts out.  Deterministic: no clock, no I/O, nothing random.

It works in two steps: first the switch itself is mirrored (channels, dials, bridges; :mod:`cti.mirror`), then
the change is told in human words (:mod:`cti.tracker`).  The same code reads a live link and a file, and may begin
in the middle of a stream: what it did not see begin it takes in as it meets it.
"""

from __future__ import annotations

from cti.conversation import phase_of
from cti.events import EVENTS, Handler
from cti.facts import Fact
from cti.fields import SPY, Event, State, seconds
from cti.grouping import Call
from cti.old_events import REWRITES, OldEvents
from cti.parties import parties_of, settle
from cti.snapshot import Snapshot, apply
from cti.tracker import Tracker
from cti.views import AgentView, CallView, QueueView, SpyView


class Switch:
    """One Asterisk, as its events tell it."""

    def __init__(self) -> None:
        self._tracker = Tracker()
        self._old = OldEvents()

    def feed(self, event: Event) -> list[Fact]:
        """The facts that follow from one event, in order; unknown or senseless events give none.  Never raises."""
        name = event.get("Event", "")
        rewriting = REWRITES.get(name)
        if rewriting is None:
            handler = EVENTS.get(name)
            return [] if handler is None else self._handle(handler, event)
        facts: list[Fact] = []
        for rewritten in rewriting(self._old, event):
            facts += self._handle(EVENTS[rewritten["Event"]], rewritten)
        return facts

    def _handle(self, handler: Handler, event: Event) -> list[Fact]:
        tracker = self._tracker
        tracker.at = seconds(event.get("Timestamp"))
        before = self._call_at(event)
        handler(tracker, event)
        after = self._call_at(event)
        for call in (before, after if after is not before else None):
            if call is not None and call.call_id in tracker.calls.open:
                settle(tracker, call)
        if tracker.agents.changed:
            tracker.tell_agents()
        if not tracker.facts:
            return []
        facts, tracker.facts = tracker.facts, []
        return facts

    def _call_at(self, event: Event) -> Call | None:
        """The call an event is about, as far as its channels are known."""
        channels = self._tracker.mirror.channels
        channel = channels.get(event.get("Uniqueid", "")) or channels.get(event.get("DestUniqueid", ""))
        return channel.call if channel is not None else None

    def resync(self, snapshot: Snapshot) -> list[Fact]:
        """Make the picture equal to what the switch itself just listed; the difference as facts, then switch_synced."""
        self._tracker.at = snapshot.at
        synced = apply(self._tracker, snapshot)
        self._tracker.tell_agents()
        facts, self._tracker.facts = self._tracker.facts, []
        return [*facts, synced]

    # -- questions

    def open_calls(self) -> list[CallView]:
        """Calls that have not ended, oldest first."""
        calls = sorted(self._tracker.calls.open.values(), key=lambda call: call.order)
        return [self._call_view(call) for call in calls]

    def open_call(self, call_id: str) -> CallView | None:
        """One of them."""
        call = self._tracker.calls.open.get(call_id)
        return self._call_view(call) if call is not None else None

    def agents(self) -> list[AgentView]:
        """Every agent the switch ever mentioned or that was registered."""
        tracker = self._tracker
        views = []
        for record in sorted(tracker.agents.records.values(), key=lambda one: one.interface):
            call = tracker.call_of_agent(record)
            legs = [tracker.mirror.channels[uid].name for uid in record.legs if uid in tracker.mirror.channels]
            call_id, contact_id = (call.call_id, call.contact_id) if call else (None, None)
            views.append(tracker.agents.view(record, call_id, contact_id, legs[0] if legs else None))
        return views

    def spies(self) -> list[SpyView]:
        """Supervisors' phones that listen to somebody's call (:mod:`cti.spying`)."""
        tracker = self._tracker
        found = []
        for channel in tracker.mirror.channels.values():
            if channel.uid.startswith(SPY):
                record = tracker.agents.of_channel(channel.name)
                found.append(
                    SpyView(
                        listening_id=channel.uid.removeprefix(SPY),
                        uid=channel.uid,
                        channel=channel.name,
                        agent_id=record.agent_id if record is not None else "",
                        up=channel.state == State.UP,
                    )
                )
        return found

    def queues(self, now: float | None = None) -> list[QueueView]:
        """Every queue a caller or a member was seen in.  ``now`` (seconds since 1970) for the waiting time."""
        tracker = self._tracker
        members: dict[str, list[bool]] = {}
        for record in tracker.agents.records.values():
            for queue in record.queues:
                members.setdefault(queue, []).append(record.agent.state.value == "ready")
        views = []
        for queue in sorted(tracker.queues.keys() | members.keys()):
            line = tracker.queues.get(queue, [])
            first = line[0].queued_at if line else None
            views.append(
                QueueView(
                    queue=queue,
                    waiting=len(line),
                    longest_wait=None if first is None or now is None else max(0.0, now - first),
                    agents=len(members.get(queue, [])),
                    ready=sum(members.get(queue, [])),
                    calls=tuple(call.call_id for call in line),
                )
            )
        return views

    def register_agent(self, agent_id: str, interface: str) -> None:
        """An agent exists, though not logged in to any queue yet."""
        self._tracker.agents.register(agent_id, interface)

    def expect(self, uid: str, call_id: str) -> None:
        """A channel of this id was asked for; it belongs to that call from its first event on."""
        self._tracker.expected[uid] = call_id

    def forget_agent(self, interface: str) -> None:
        """The agent was removed."""
        self._tracker.agents.forget(interface)

    def _call_view(self, call: Call) -> CallView:
        tracker = self._tracker
        caller = call.caller
        agents = {
            record.agent_id: None
            for channel in call.channels.values()
            if (record := tracker.agents.of_channel(channel.name)) is not None
        }
        parties = parties_of(tracker, call)
        rooms = tracker.mirror.rooms
        agents |= {offer.agent_id: None for offer in call.offers if offer.open}
        return CallView(
            call_id=call.call_id,
            contact_id=call.contact_id,
            linkedid=call.linkedid,
            state=call.state,
            since=call.since,
            arrived_at=call.arrived_at,
            channel=caller.name if caller else "",
            caller_number=caller.number if caller else "",
            caller_name=caller.caller_name if caller else "",
            dialled=call.dialled,
            city=call.city,
            menu_path=call.menu_path,
            queue=call.queue,
            position=tracker.place(call),
            queued_at=call.queued_at,
            agent_ids=tuple(agents),
            channels=tuple(channel.name for channel in call.channels.values() if channel.real),
            bridged=tuple(channel.name for channel in call.channels.values() if channel.real and channel.bridge),
            originated=call.originated,
            outgoing=bool(call.called_number),
            note=call.note,
            parties=parties,
            phase=phase_of(parties),
            rooms=tuple(
                sorted({rooms[channel.bridge] for channel in call.channels.values() if channel.bridge in rooms})
            ),
        )
