"""Who may be offered calls: an agent whose page is open and whose phone is there.  Pure rules, looked at every second.

The rules look at how things stand, not at what changed, so a lost event or a restart of the desk mends itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from agent_desktop.picture import IN_CALL, Picture

Action = Literal["login", "logout", "ready", "screen_lost", "wrap_up_done", "await_return", "call_back", "ring_again"]

SCREEN_LOST: Final = "screen_lost"
"""Reason of an agent whose page has gone."""

BACK_WITHIN = timedelta(minutes=2)
"""An agent whose page comes back this soon is ready again as before."""

RING_LOST_AFTER = timedelta(seconds=1.5)
"""A browser that has just come, or whose answer is on its way, is given this long to have the ringing call."""

LOGOUT_AFTER = timedelta(minutes=15)
"""An agent whose page has been gone for this long has gone home."""


@dataclass(frozen=True)
class Seat:
    """What the desk itself knows about an agent."""

    page_open: bool
    gone_for: timedelta
    """How long the page has been gone; zero while it is open."""
    phone_there: bool
    """The page's softphone has registered, or the agent has a SIP phone of his own."""
    back_outside: bool = False
    """The browser has lost its call, which is kept for it, and is there again without it."""
    call_lost: timedelta | None = None
    """For how long the browser has been without the call that the switch believes it has; None: it has it."""


def action_for(shown: Picture | None, seat: Seat, grace: timedelta, now: datetime) -> Action | None:
    """What has to be done about one agent, if anything."""
    state = shown.agent.state if shown else "logged_out"
    if state == "logged_out":
        return "login" if seat.page_open and seat.phone_there else None
    assert shown is not None
    agent = shown.agent
    if state in IN_CALL:
        return _action_in_call(state, seat)
    gone = not seat.page_open and seat.gone_for > grace
    if state == "wrap_up" and agent.until is not None and agent.until <= now:
        return SCREEN_LOST if gone else "wrap_up_done"
    if gone and state == "ready":
        return SCREEN_LOST
    if gone and state in ("not_ready", "phone_lost") and seat.gone_for > LOGOUT_AFTER:
        return "logout"
    if seat.page_open and state == "not_ready" and agent.reason == SCREEN_LOST and now - agent.since < BACK_WITHIN:
        return "ready" if seat.phone_there else None
    return None


def _action_in_call(state: str, seat: Seat) -> Action | None:
    """A browser that was reloaded or closed has lost its call: nobody may be left with silence."""
    if seat.back_outside and state != "ringing":
        return "call_back"
    if seat.call_lost is None:
        return None
    if state == "ringing":
        return "ring_again" if seat.call_lost >= RING_LOST_AFTER else None
    return "await_return"
