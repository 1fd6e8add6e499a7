"""What one agent's page shows, computed from what the switch says.  Pure: no clock, no I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from agent_desktop.messages import AgentState, AgentStateName, CallState, PartyGone, PartyState
from cti import AgentView, CallView, Kind, Party, Verb, verbs

IN_CALL: dict[str, str] = {
    "ringing": "ringing",
    "talking": "talking",
    "held": "held",
    "consulting": "held",
    "three_way": "talking",
}
"""Agent states during which there is a call, and the call's state then."""


@dataclass(frozen=True)
class Limits:
    """The house's rules on time."""

    wrap_up: timedelta | None
    """How long wrap-up may last; None: until the agent is done."""
    ends_early: bool = True
    may_be_asked_for: bool = False
    breaks: Callable[[str], timedelta | None] = lambda _reason: None
    """How long a break for a reason may last."""


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
    limits: Limits,
    now: datetime,
    name_of: Callable[[Party], str] = lambda _party: "",
    gone: PartyGone | None = None,
) -> Picture:
    """The picture after the switch's ``view``; ``before`` is the last one, ``now`` stands in for a missing time."""
    agent = _agent_state(view, before, limits, now)
    state = _call_state(view, call, before, agent.since)
    if state is not None and state.state != "ended":
        state = state.model_copy(update=_conversation(view, call, name_of) | {"gone": gone})
    return Picture(agent, state)


def _conversation(view: AgentView, call: CallView | None, name_of: Callable[[Party], str]) -> dict[str, Any]:
    """Who else is there, and what this agent may do: the one whose call it is."""
    if call is None:
        return {}
    mine = any(party.kind is Kind.AGENT and party.agent_id == view.agent_id for party in call.parties)
    parties = [
        PartyState(
            party=party.uid,
            kind=party.kind.value,
            number="" if party.kind is Kind.CITIZEN else party.number,
            name=name_of(party),
            place=party.place.value,
        )
        for party in call.parties
    ]
    allowed = verbs(call.phase, call.parties) if mine and view.state != "ringing" else ()
    return {
        "outgoing": call.outgoing,
        "phase": call.phase.value,
        "parties": parties,
        "verbs": [verb.value for verb in allowed if verb is not Verb.BARGE],
        "note": call.note,
    }


def _agent_state(view: AgentView, before: Picture | None, limits: Limits, now: datetime) -> AgentState:
    state: AgentStateName = view.state  # type: ignore[assignment]
    reason = view.reason or None
    if view.since is not None:
        since = moment(view.since)
    elif before is not None and (before.agent.state, before.agent.reason) == (state, reason):
        since = before.agent.since
    else:
        since = now
    limit = limits.wrap_up if state == "wrap_up" else limits.breaks(reason or "") if state == "not_ready" else None
    until = since + limit if limit is not None else None
    return AgentState(
        agent_id=view.agent_id,
        state=state,
        reason=reason,
        since=since,
        until=until,
        next_reason=view.next_reason or None,
        lost=view.lost,
        ends_early=limits.ends_early,
        may_ask_wrap_up=limits.may_be_asked_for and state in IN_CALL and state != "ringing",
    )


def _call_state(view: AgentView, call: CallView | None, before: Picture | None, since: datetime) -> CallState | None:
    last = before.call if before else None
    if view.state in ("wrap_up", "phone_lost"):
        # The form stays open on the call that has just ended, also while the browser that showed it is away.
        # Nothing can be done with it any more: what was allowed last is not.
        return last.model_copy(update={"state": "ended", "since": since, "verbs": []}) if last else None
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
        caller_number=call.citizen_number if call else same.caller_number if same else None,
        queue=(call.queue or None) if call else same.queue if same else None,
    )
