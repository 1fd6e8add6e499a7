"""What one agent's page shows, computed from what the switch says.  Pure: no clock, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from agent_desktop.messages import AgentState, AgentStateName, CallState
from cti import AgentView, CallView

IN_CALL: dict[str, str] = {"ringing": "ringing", "talking": "talking", "held": "held"}
"""Agent states during which there is a call, and the call's state then."""

BUSY = frozenset({*IN_CALL, "wrap_up"})
"""Agent states after which a not-ready reason asked for meanwhile takes effect."""


@dataclass(frozen=True)
class Picture:
    """One agent's state and call."""

    agent: AgentState
    call: CallState | None


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as an aware time."""
    return datetime.fromtimestamp(seconds, UTC)


def picture(
    view: AgentView,
    call: CallView | None,
    before: Picture | None,
    wrap_up: timedelta,
    now: datetime,
    next_reason: str | None = None,
) -> Picture:
    """The picture after the switch's ``view``; ``before`` is the last one, ``now`` stands in for a missing time."""
    agent = _agent_state(view, before, wrap_up, now).model_copy(update={"next_reason": next_reason})
    return Picture(agent, _call_state(view, call, before, agent.since))


def _agent_state(view: AgentView, before: Picture | None, wrap_up: timedelta, now: datetime) -> AgentState:
    state: AgentStateName = view.state  # type: ignore[assignment]
    reason = view.reason or None
    if view.since is not None:
        since = moment(view.since)
    elif before is not None and (before.agent.state, before.agent.reason) == (state, reason):
        since = before.agent.since
    else:
        since = now
    until = since + wrap_up if state == "wrap_up" else None
    return AgentState(agent_id=view.agent_id, state=state, reason=reason, since=since, until=until)


def _call_state(view: AgentView, call: CallView | None, before: Picture | None, since: datetime) -> CallState | None:
    last = before.call if before else None
    if view.state in ("wrap_up", "phone_lost"):
        # The form stays open on the call that has just ended, also while the browser that showed it is away.
        return last.model_copy(update={"state": "ended", "since": since}) if last else None
    if view.state not in IN_CALL or view.call_id is None:
        return None
    same = last if last is not None and last.call_id == view.call_id else None
    state = IN_CALL[view.state]
    answered_at = same.answered_at if same else None
    if answered_at is None and state != "ringing":
        answered_at = since
    return CallState(
        call_id=view.call_id,
        contact_id=view.contact_id or (same.contact_id if same else None),
        state=state,  # type: ignore[arg-type]
        since=since,
        answered_at=answered_at,
        caller_number=call.caller_number if call else same.caller_number if same else None,
        queue=(call.queue or None) if call else same.queue if same else None,
    )
