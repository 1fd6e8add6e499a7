"""What happened, in words a call centre uses: the only thing the rest of the house learns from the switch.

A fact is immutable, has a snake_case name in JSON and tells one thing once.  Field by field, and when each
one is told: ``docs/call-facts.md`` (a test compares that page with this file).

Times (``at``) are seconds since 1970 as Asterisk stamped them (``timestampevents=yes``) or None where the
stream carries no stamps.  Durations are seconds.  ``channel`` is always Asterisk's channel name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Base of all facts.

    ``call_id`` is ours and stable: the Uniqueid of the channel the call began with.  ``linkedid`` is
    Asterisk's, only a hint (it changes on pickup and attended transfer).  ``contact_id`` is the dialplan's
    ``CONTACT_ID`` where there is one.  All three are empty/None on facts about an agent outside a call.
    """

    name: ClassVar[str] = "fact"

    at: float | None = None
    call_id: str = ""
    linkedid: str = ""
    contact_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArrived(Fact):
    """Somebody calls: told at the caller's first step (an answer, a dial, a queue), never twice for a call."""

    name: ClassVar[str] = "call_arrived"

    channel: str
    caller_number: str
    caller_name: str = ""
    dialled: str = ""
    city: str = ""
    menu_path: str = ""
    caller_class: str = ""
    originated: bool = False
    """True when Asterisk itself was asked to set the call up (Originate, click-to-dial)."""
    outgoing: bool = False
    """True when an agent calls a citizen: ``dialled`` is the citizen's number then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQueued(Fact):
    """The caller waits in a queue.  The earliest moment to prepare the caller card."""

    name: ClassVar[str] = "call_queued"

    channel: str
    caller_number: str
    queue: str
    position: int
    waiting: int = 0
    """Callers in that queue, this one included."""
    menu_path: str = ""
    priority: int = 0
    caller_class: str = ""
    note: str = ""
    """Why a citizen who was in an agent's hands waits again; empty for everybody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialled(Fact):
    """A device rings (or answered at once) for this call."""

    name: ClassVar[str] = "dialled"

    channel: str
    """The device's channel."""
    number: str
    by: str = ""
    """The channel it rings for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRinging(Fact):
    """A queue offers the call to an agent: the moment of the screen pop."""

    name: ClassVar[str] = "agent_ringing"

    channel: str
    """The agent's channel."""
    interface: str
    agent_id: str
    queue: str
    caller_number: str
    wait_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRingEnded(Fact):
    """That offer is over: ``answered``, ``missed`` (see RingMissed) or ``cancelled`` (caller gone, somebody else)."""

    name: ClassVar[str] = "agent_ring_ended"

    channel: str
    interface: str
    agent_id: str
    queue: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RingMissed(Fact):
    """The agent let it ring (``no-answer``) or refused (``rejected``)."""

    name: ClassVar[str] = "ring_missed"

    interface: str
    agent_id: str
    queue: str
    reason: str
    ring_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(Fact):
    """Caller and callee hear each other for the first time.  Once for every device that joins."""

    name: ClassVar[str] = "call_answered"

    channel: str
    """The caller's channel."""
    by: str
    """The answering device's channel."""
    agent_id: str | None = None
    interface: str | None = None
    queue: str | None = None
    ring_seconds: float | None = None
    wait_seconds: float | None = None
    number: str = ""
    """Of the answering device: what was dialled for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHeld(Fact):
    """The caller hears music instead of the agent.  ``by`` is empty where the switch, not a phone, did it."""

    name: ClassVar[str] = "call_held"

    by: str = ""
    agent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResumed(Fact):
    """The hold is over."""

    name: ClassVar[str] = "call_resumed"

    by: str = ""
    agent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTransferred(Fact):
    """The call goes on with somebody else.

    ``kind``: ``blind`` (told when the target begins to ring), ``attended`` (the two talked first) or
    ``blonde`` (attended, but completed while the target still rang).
    """

    name: ClassVar[str] = "call_transferred"

    kind: str
    by: str
    """Channel of the one who transferred (for attended and blonde: the leg of the consultation)."""
    to: tuple[str, ...]
    """Channels of the target's devices; empty where a queue or an application was the target."""
    transferee: str = ""
    number: str = ""
    """What was dialled for the transfer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFailed(Fact):
    """A blind transfer that reached nobody before the call was over."""

    name: ClassVar[str] = "transfer_failed"

    kind: str
    by: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCalled(Fact):
    """Somebody is called in addition to citizen and agent: a handling unit, a colleague."""

    name: ClassVar[str] = "party_called"

    channel: str
    number: str
    kind: str
    """``unit`` or ``colleague``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyJoined(Fact):
    """They hear the agent or the citizen for the first time."""

    name: ClassVar[str] = "party_joined"

    channel: str
    number: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLeft(Fact):
    """They are gone: ``completed`` after having been heard, else why not (``busy``, ``no-answer``, …)."""

    name: ClassVar[str] = "party_left"

    channel: str
    number: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationChanged(Fact):
    """A conversation with third parties stands elsewhere now, or with other units.  Phases: ``cti/conversation.py``."""

    name: ClassVar[str] = "conversation_changed"

    phase: str
    agent_id: str | None = None
    """Whose call it is; absent once that agent has left."""
    units: tuple[str, ...] = ()
    """Numbers of the handling units that hear the agent or the citizen now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsMerged(Fact):
    """This call goes on as ``into_call_id`` (transfer, pickup, conference); it has no end of its own."""

    name: ClassVar[str] = "calls_merged"

    into_call_id: str
    into_contact_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLeft(Fact):
    """The caller left the queue alive and unanswered (``timeout``, ``key``, …); the dialplan goes on."""

    name: ClassVar[str] = "queue_left"

    queue: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAbandoned(Fact):
    """The caller hung up while waiting."""

    name: ClassVar[str] = "call_abandoned"

    queue: str
    position: int
    wait_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(Fact):
    """The last channel of the call is gone.  Exactly one for every call_arrived that was not merged away.

    ``reason`` is how the caller's line ended: ``completed``, ``cancelled``, ``busy``, ``no-answer``,
    ``rejected``, ``answered-elsewhere``, ``failed``; ``lost`` when the link was down and the call was gone
    afterwards; ``switch_restarted`` when Asterisk itself restarted.
    """

    name: ClassVar[str] = "call_ended"

    reason: str
    answered: bool
    abandoned: bool = False
    cause: int = 0
    """Q.850 cause of the caller's hang-up; 0 where unknown."""
    duration: float | None = None
    """From the caller's first channel event to the caller's hang-up."""
    by: str = ""
    """Channel of the phone that ended the conversation; empty where the switch or nobody did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchSynced(Fact):
    """Our picture of the switch was compared with the switch itself, after connecting or reconnecting.

    Whoever keeps calls closes those of its open ones that are not in ``open_call_ids``.
    """

    name: ClassVar[str] = "switch_synced"

    restarted: bool
    """True when Asterisk itself had restarted, False when only the link had been away."""
    open_call_ids: tuple[str, ...]
    closed: int = 0
    """Calls we believed open and that were gone."""
    found: int = 0
    """Calls that were there and we did not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStateChanged(Fact):
    """An agent's state, after it changed.  States: ``cti/agents.py``."""

    name: ClassVar[str] = "agent_state_changed"

    agent_id: str
    interface: str
    state: str
    reason: str = ""


ALL: tuple[type[Fact], ...] = (
    CallArrived,
    CallQueued,
    Dialled,
    AgentRinging,
    AgentRingEnded,
    RingMissed,
    CallAnswered,
    CallHeld,
    CallResumed,
    CallTransferred,
    TransferFailed,
    PartyCalled,
    PartyJoined,
    PartyLeft,
    ConversationChanged,
    CallsMerged,
    QueueLeft,
    CallAbandoned,
    CallEnded,
    SwitchSynced,
    AgentStateChanged,
)

KINDS: dict[str, type[Fact]] = {kind.name: kind for kind in ALL}
"""Every fact by its JSON name."""


def to_json(fact: Fact) -> dict[str, Any]:
    """``{"fact": "<name>", …fields}``; fields that are None are left out."""
    fields = {field.name: getattr(fact, field.name) for field in dataclasses.fields(fact)}
    body = {key: list(value) if isinstance(value, tuple) else value for key, value in fields.items()}
    return {"fact": fact.name, **{key: value for key, value in body.items() if value is not None}}


def from_json(body: Mapping[str, Any]) -> Fact:
    """The inverse of :func:`to_json`; KeyError for an unknown name, TypeError for a missing field."""
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in body.items()}
    return KINDS[fields.pop("fact")](**fields)
