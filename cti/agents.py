"""An agent's states, as a table.  Pure: a state and a signal give the next state.

Two things decide where an agent is: the flags that hold at any time (logged in, phone reachable, paused and
why) and the call they are on.  While a call lasts the flags only change what comes after it, so an agent may
ask for a break, or log out, in the middle of a conversation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

WRAP_UP = "wrap_up"
"""The pause reason that means wrap-up.  It is ours: app_queue's own wrapuptime stays 0."""


def pause_text(reason: str, after: str) -> str:
    """What the queue is told: why an agent is paused and, in wrap-up, the not-ready reason that follows it.

    The queue keeps this text with its member, so a desk that is started again finds the wish there.
    """
    return f"{reason}:{after}" if after else reason


def pause_reasons(text: str) -> tuple[str, str]:
    """Reason and what follows (or ``""``), from what the queue says."""
    reason, _, after = text.partition(":")
    return reason, after


class WrapUp(StrEnum):
    """How a call is followed by wrap-up: a setting of the house."""

    TIME_BOXED = "time_boxed"
    """After every call; ends when the agent is done, at the latest when its time is up."""
    DISCRETIONARY = "discretionary"
    """After every call; ends only when the agent is done."""
    OPTIONAL = "optional"
    """Only if the agent asks for it during the call; then like the first."""
    TIMED = "timed"
    """After every call, for the whole of its time."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class WrapUpRule:
    """What a mode means."""

    after_every_call: bool
    ends_by_time: bool
    ends_early: bool
    may_be_asked_for: bool = False


WRAP_UP_RULES = {
    WrapUp.TIME_BOXED: WrapUpRule(after_every_call=True, ends_by_time=True, ends_early=True),
    WrapUp.DISCRETIONARY: WrapUpRule(after_every_call=True, ends_by_time=False, ends_early=True),
    WrapUp.OPTIONAL: WrapUpRule(after_every_call=False, ends_by_time=True, ends_early=True, may_be_asked_for=True),
    WrapUp.TIMED: WrapUpRule(after_every_call=True, ends_by_time=True, ends_early=False),
    WrapUp.NONE: WrapUpRule(after_every_call=False, ends_by_time=True, ends_early=True),
}


class AgentState(StrEnum):
    """What an agent's screen and the wallboard show."""

    LOGGED_OUT = "logged_out"
    READY = "ready"
    NOT_READY = "not_ready"
    RINGING = "ringing"
    TALKING = "talking"
    HELD = "held"
    """The citizen hears music; the agent may be calling somebody meanwhile."""
    CONSULTING = "consulting"
    """In private with a third party, the citizen hears music."""
    THREE_WAY = "three_way"
    """With the citizen and at least one more."""
    WRAP_UP = "wrap_up"
    SUPERVISING = "supervising"
    """Listening to somebody else's call, or whispering into it."""
    PHONE_LOST = "phone_lost"


class Signal(StrEnum):
    """What can happen to an agent."""

    LOGIN = "login"
    LOGOUT = "logout"
    PAUSE = "pause"
    UNPAUSE = "unpause"
    PHONE_LOST = "phone_lost"
    PHONE_BACK = "phone_back"
    RING = "ring"
    RING_OVER = "ring_over"
    TALK = "talk"
    HOLD = "hold"
    RESUME = "resume"
    CONSULT = "consult"
    CONFERENCE = "conference"
    SUPERVISE = "supervise"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Agent:
    """State and flags of one agent."""

    state: AgentState = AgentState.LOGGED_OUT
    logged_in: bool = False
    phone: bool = True
    paused: bool = False
    pause_reason: str = ""

    @property
    def reason(self) -> str:
        """Why not ready; empty in every other state."""
        return self.pause_reason if self.state is AgentState.NOT_READY else ""


CONNECTED = frozenset({AgentState.TALKING, AgentState.HELD, AgentState.CONSULTING, AgentState.THREE_WAY})
"""States in which a citizen is in the agent's hands."""

IN_CALL = CONNECTED | {AgentState.RINGING}
"""The same, and the ring before."""

REST: None = None
"""Stands for "the state the flags say" in the table: see :func:`at_rest`."""

_FLAGS = (Signal.LOGIN, Signal.PAUSE, Signal.UNPAUSE, Signal.PHONE_LOST, Signal.PHONE_BACK, Signal.LOGOUT)
_RESTING = (
    AgentState.LOGGED_OUT,
    AgentState.READY,
    AgentState.NOT_READY,
    AgentState.WRAP_UP,
    AgentState.PHONE_LOST,
)

_COMPANY = {
    Signal.HOLD: AgentState.HELD,
    Signal.RESUME: AgentState.TALKING,
    Signal.CONSULT: AgentState.CONSULTING,
    Signal.CONFERENCE: AgentState.THREE_WAY,
}
"""Whom the agent hears now: any of these may follow any other."""

TRANSITIONS: dict[tuple[AgentState, Signal], AgentState | None] = {
    **{(state, signal): REST for state in _RESTING for signal in _FLAGS},
    **{(state, Signal.RING): AgentState.RINGING for state in _RESTING if state is not AgentState.LOGGED_OUT},
    **{(state, Signal.TALK): AgentState.TALKING for state in _RESTING if state is not AgentState.LOGGED_OUT},
    **{(state, Signal.SUPERVISE): AgentState.SUPERVISING for state in _RESTING if state is not AgentState.LOGGED_OUT},
    (AgentState.SUPERVISING, Signal.TALK): AgentState.TALKING,
    (AgentState.SUPERVISING, Signal.OVER): REST,
    (AgentState.RINGING, Signal.RING_OVER): REST,
    (AgentState.RINGING, Signal.OVER): REST,
    (AgentState.RINGING, Signal.TALK): AgentState.TALKING,
    **{(state, signal): target for state in CONNECTED for signal, target in _COMPANY.items() if state is not target},
    **{(state, Signal.OVER): REST for state in CONNECTED},
}
"""(state, signal) → next state.  A pair that is not here changes no state (its flag is kept all the same)."""


def at_rest(agent: Agent) -> AgentState:
    """Where an agent is who is on no call."""
    if not agent.logged_in:
        return AgentState.LOGGED_OUT
    if not agent.phone:
        return AgentState.PHONE_LOST
    if agent.paused:
        return AgentState.WRAP_UP if agent.pause_reason == WRAP_UP else AgentState.NOT_READY
    return AgentState.READY


def step(agent: Agent, signal: Signal, reason: str = "") -> Agent:
    """The agent after ``signal``.  ``reason`` belongs to PAUSE."""
    match signal:
        case Signal.LOGIN:
            agent = replace(agent, logged_in=True)
        case Signal.LOGOUT:
            agent = replace(agent, logged_in=False, paused=False, pause_reason="")
        case Signal.PAUSE:
            agent = replace(agent, paused=True, pause_reason=reason)
        case Signal.UNPAUSE:
            agent = replace(agent, paused=False, pause_reason="")
        case Signal.PHONE_LOST:
            agent = replace(agent, phone=False)
        case Signal.PHONE_BACK:
            agent = replace(agent, phone=True)
    key = (agent.state, signal)
    if key not in TRANSITIONS:
        return agent
    target = TRANSITIONS[key]
    return replace(agent, state=at_rest(agent) if target is REST else target)
