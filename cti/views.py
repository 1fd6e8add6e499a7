"""What may be asked of the running switch: plain, frozen pictures of agents, calls and queues."""

from __future__ import annotations

from dataclasses import dataclass

from cti.conversation import Party, Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """One open call.  ``state``: arrived | queued | ringing | talking | held."""

    call_id: str
    contact_id: str | None
    linkedid: str
    state: str
    since: float | None
    """When that state began (seconds since 1970)."""
    arrived_at: float | None
    channel: str
    """The caller's channel; empty while unknown."""
    caller_number: str
    caller_name: str
    dialled: str
    city: str = ""
    menu_path: str = ""
    queue: str = ""
    position: int = 0
    queued_at: float | None = None
    """Since when it waits in its queue; kept when it does no longer."""
    agent_ids: tuple[str, ...] = ()
    """Agents being rung or talking."""
    channels: tuple[str, ...] = ()
    bridged: tuple[str, ...] = ()
    """Those of them that are in a bridge now."""
    originated: bool = False
    outgoing: bool = False
    """An agent called a citizen; ``dialled`` is the citizen's number."""
    note: str = ""
    """Why a citizen who was in an agent's hands waits again."""
    parties: tuple[Party, ...] = ()
    """Everybody on the line, the citizen first."""
    phase: Phase = Phase.MOVING
    """Where the conversation stands; MOVING while it is none (menu, queue, ringing)."""
    rooms: tuple[str, ...] = ()
    """Conference rooms its channels are in."""

    @property
    def citizen_number(self) -> str:
        """Whom the call is about."""
        return self.dialled if self.outgoing else self.caller_number


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """One agent as the switch sees them.  ``state``: see ``cti/agents.py``."""

    agent_id: str
    extension: str
    interface: str
    state: str
    reason: str = ""
    next_reason: str = ""
    """In a call or wrap-up: not ready for this reason afterwards, as the agent asked."""
    since: float | None = None
    queues: tuple[str, ...] = ()
    call_id: str | None = None
    contact_id: str | None = None
    channel: str | None = None
    """The agent's own leg while one is open."""
    lost: bool = False
    """The phone cannot be reached although the state is another than ``phone_lost``: in the middle of a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpyView:
    """A supervisor's phone that listens, or is being called for that."""

    listening_id: str
    uid: str
    channel: str
    agent_id: str
    """The supervisor; empty for a phone that is no agent's (any more)."""
    up: bool
    """Answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """One queue now."""

    queue: str
    waiting: int
    longest_wait: float | None
    """Seconds the first caller has waited, by the switch's own clock; None when nobody waits."""
    agents: int
    """Members, whatever their state."""
    ready: int
    calls: tuple[str, ...] = ()
    """Call ids in order of their place."""
