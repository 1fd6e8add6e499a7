"""Every agent the switch knows of, and what each is doing: queue events and call facts in, states out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cti.agents import IN_CALL, Agent, AgentState, Signal, pause_reasons, step
from cti.fields import SPY, Event, integer
from cti.views import AgentView

_UNREACHABLE = {4, 5}
"""Device states invalid and unavailable (app_queue's Status field)."""


@dataclass(slots=True, eq=False)
class Record:
    """One agent: the state, the queues, the open legs of the phone."""

    agent_id: str
    interface: str
    agent: Agent = field(default_factory=Agent)
    since: float | None = None
    queues: dict[str, bool] = field(default_factory=dict)
    """Queue → paused there."""
    legs: dict[str, bool] = field(default_factory=dict)
    """Uniqueids of the phone's channels → talking (True) or ringing (False)."""
    told: tuple[AgentState, str] = (AgentState.LOGGED_OUT, "")
    """State and reason that were told last."""

    @property
    def extension(self) -> str:
        """``8001`` of ``PJSIP/8001``."""
        return self.interface.rpartition("/")[2]


class AgentBook:
    """All agents by interface."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.changed: dict[str, Record] = {}
        """Those whose state changed since :meth:`take_changed`."""

    def register(self, agent_id: str, interface: str) -> Record:
        """An agent that exists, logged in or not."""
        record = self.records.get(interface)
        if record is None:
            record = self.records[interface] = Record(agent_id, interface)
        record.agent_id = agent_id
        return record

    def forget(self, interface: str) -> None:
        """The agent was removed."""
        self.records.pop(interface, None)

    def of_channel(self, name: str) -> Record | None:
        """The agent whose phone this channel is."""
        return self.records.get(name.rpartition("-")[0])

    def signal(self, record: Record, signal: Signal, at: float | None, reason: str = "") -> None:
        """Apply a signal and note the change, if it is one people can see."""
        before = record.agent
        record.agent = step(before, signal, reason)
        if (record.agent.state, record.agent.reason) != (before.state, before.reason):
            record.since = at
            self.changed[record.interface] = record

    def take_changed(self) -> list[Record]:
        """The agents whose state is another than was told last; told with this."""
        changed, self.changed = self.changed, {}
        news = [one for one in changed.values() if (one.agent.state, one.agent.reason) != one.told]
        for one in news:
            one.told = (one.agent.state, one.agent.reason)
        return news

    # -- the queue's word

    def member(self, event: Event, at: float | None) -> None:
        """QueueMemberAdded / Status / Pause, or a QueueMember of a QueueStatus list: all carry the whole member."""
        interface = event.get("Interface") or event.get("Location") or ""
        queue = event.get("Queue", "")
        if not interface or not queue:
            return
        name = event.get("MemberName") or event.get("Name") or interface
        agent_id = interface.rpartition("/")[2] if name == interface else name
        record = self.register(agent_id, interface)
        if "Paused" in event:
            record.queues[queue] = event["Paused"] == "1"
        else:
            record.queues.setdefault(queue, False)
        if not record.agent.logged_in:
            self._flag(record, event)
            self.signal(record, Signal.LOGIN, at)
        paused = all(record.queues.values())
        reason = _pause_reason(event)
        if paused and (not record.agent.paused or (reason and reason != record.agent.pause_reason)):
            self.signal(record, Signal.PAUSE, at, reason)
        elif not paused and record.agent.paused:
            self.signal(record, Signal.UNPAUSE, at)
        if "Status" in event:
            reachable = integer(event["Status"]) not in _UNREACHABLE
            if reachable != record.agent.phone:
                self.signal(record, Signal.PHONE_BACK if reachable else Signal.PHONE_LOST, at)

    def _flag(self, record: Record, event: Event) -> None:
        """Flags a member brings along when it appears, so that no state in between is told."""
        if integer(event.get("Status"), 1) in _UNREACHABLE:
            record.agent = step(record.agent, Signal.PHONE_LOST)
        elif not record.agent.phone:
            record.agent = step(record.agent, Signal.PHONE_BACK)
        if all(record.queues.values()):
            record.agent = step(record.agent, Signal.PAUSE, _pause_reason(event))

    def member_removed(self, event: Event, at: float | None) -> None:
        """QueueMemberRemoved: out of the last queue means logged out."""
        record = self.records.get(event.get("Interface") or event.get("Location") or "")
        if record is None:
            return
        record.queues.pop(event.get("Queue", ""), None)
        if not record.queues and record.agent.logged_in:
            self.signal(record, Signal.LOGOUT, at)

    def sync(self, members: Iterable[Event], at: float | None) -> None:
        """The complete list of members, after a reconnect: who is not in it is logged out."""
        present: dict[str, set[str]] = {}
        for event in members:
            self.member(event, at)
            interface = event.get("Interface") or event.get("Location") or ""
            present.setdefault(interface, set()).add(event.get("Queue", ""))
        for record in self.records.values():
            record.queues = {
                queue: paused
                for queue, paused in record.queues.items()
                if queue in present.get(record.interface, set())
            }
            if not record.queues and record.agent.logged_in:
                self.signal(record, Signal.LOGOUT, at)

    # -- the phone's legs

    def ring(self, record: Record, uid: str, at: float | None) -> None:
        """The agent's phone rings: for a call, or because its owner wants to listen to somebody else's."""
        if uid.startswith(SPY):
            record.legs[uid] = True
            self.signal(record, Signal.SUPERVISE, at)
            return
        record.legs.setdefault(uid, False)
        if not any(record.legs.values()):
            self.signal(record, Signal.RING, at)

    def ring_over(self, record: Record, uid: str, at: float | None) -> None:
        """It rings no more, and was not answered."""
        if record.legs.get(uid) is False:
            del record.legs[uid]
            if not record.legs:
                self.signal(record, Signal.RING_OVER, at)

    def talk(self, record: Record, uid: str, at: float | None) -> None:
        """The agent is on a call, answered or made by them."""
        record.legs[uid] = True
        self.signal(record, Signal.TALK, at)

    def hang_up(self, record: Record, uid: str, at: float | None) -> None:
        """A leg of the agent's phone is gone; the last one ends the call for them."""
        if record.legs.pop(uid, None) is not None and not record.legs:
            self.signal(record, Signal.OVER, at)

    def view(self, record: Record, call_id: str | None, contact_id: str | None, channel: str | None) -> AgentView:
        """A frozen picture."""
        return AgentView(
            agent_id=record.agent_id,
            extension=record.extension,
            interface=record.interface,
            state=record.agent.state.value,
            reason=record.agent.reason,
            since=record.since,
            queues=tuple(sorted(record.queues)),
            call_id=call_id,
            contact_id=contact_id,
            channel=channel,
            lost=not record.agent.phone and record.agent.state in IN_CALL,
        )

    def states(self) -> dict[str, AgentState]:
        """Agent id → state."""
        return {record.agent_id: record.agent.state for record in self.records.values()}


def _pause_reason(event: Event) -> str:
    return pause_reasons(event.get("PausedReason") or event.get("Reason") or "")[0]
