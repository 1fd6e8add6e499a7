"""What agents want to be (logged in to which queues, paused and why, what comes after the call), and the house's rules
about them.  Kept here, so that it can be restored after Asterisk lost it, and held against what the queue says."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from cti.agents import CONNECTED, IN_CALL, WRAP_UP, WRAP_UP_RULES
from cti.ami import AmiLink
from cti.calls import Switch
from cti.errors import Refused
from cti.facts import CallAnswered, Fact, RingMissed
from cti.floor_rules import FloorRules
from cti.synchronise import Members, Wanted
from cti.views import AgentView

log = logging.getLogger(__name__)

SIGNED_IN = "signed_in"
"""Why an agent is not ready right after logging in."""
MISSED_CALLS = "missed_calls"
"""Why an agent is not ready after letting calls ring."""


class Wishes:
    """All agents of one desk.  Commands return when the switch has acknowledged them; AmiDown or Refused otherwise."""

    def __init__(self, link: AmiLink, switch: Switch, rules: FloorRules) -> None:
        self._members, self._switch = Members(link), switch
        self.follow(rules)
        self.wanted: dict[str, Wanted] = {}
        self._leaving: dict[str, Wanted] = {}
        """Logouts that the switch has not heard of yet."""
        self._missed: dict[str, int] = {}
        """Calls let ring since the last answer: all that the switch does not keep."""

    def follow(self, rules: FloorRules) -> None:
        """From now on the house has these rules."""
        self._missed_calls_limit, self._rule = rules.missed_calls_limit, WRAP_UP_RULES[rules.wrap_up]

    async def login(self, agent_id: str, extension: str, queues: Sequence[str]) -> None:
        """Into the queues, not ready (``signed_in``)."""
        if not re.fullmatch(r"\d{2,10}", extension):
            raise Refused("bad_extension", extension)
        interface = f"PJSIP/{extension}"
        wanted = Wanted(agent_id, interface, tuple(queues), paused=True, reason=SIGNED_IN)
        before = self.wanted.get(agent_id)
        same = before is not None and before.interface == interface and set(before.queues) == set(queues)
        if before is not None and same:
            wanted = before  # logged in already: a pause or a call in progress is not touched
        self.wanted[agent_id] = wanted
        self._leaving.pop(agent_id, None)
        self._switch.register_agent(agent_id, interface)
        await self._members.add(wanted)

    async def logout(self, agent_id: str) -> None:
        """Out of all queues.  Also without a link: done as soon as there is one."""
        wanted = self.wanted.pop(agent_id, None)
        self._missed.pop(agent_id, None)
        if wanted is not None:
            self._leaving[agent_id] = wanted
            await self._members.remove(wanted)
            self._leaving.pop(agent_id, None)

    async def ready(self, agent_id: str) -> None:
        """Ready for calls; ends a wrap-up too, if it may be ended."""
        wanted, view = self._known(agent_id)
        if wanted.reason == WRAP_UP and view is not None and view.state == WRAP_UP and not self._rule.ends_early:
            raise Refused("wrap_up_runs")
        self._missed.pop(agent_id, None)
        in_hand = wanted.reason == WRAP_UP and view is not None and view.state in CONNECTED
        await self._pause(wanted, paused=in_hand, reason=WRAP_UP if in_hand else "")

    async def not_ready(self, agent_id: str, reason: str) -> None:
        """Not ready, for ``reason``; during a call or its wrap-up: afterwards."""
        if reason == WRAP_UP or not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", reason):
            raise Refused("bad_reason", reason)
        wanted, _ = self._known(agent_id)
        if wanted.paused and wanted.reason == WRAP_UP:
            await self._pause(wanted, paused=True, reason=WRAP_UP, after=reason)
        else:
            await self._pause(wanted, paused=True, reason=reason)

    async def ask_wrap_up(self, agent_id: str) -> None:
        """A wrap-up after this call, where the house gives one only to those who ask.  Refused outside of a call."""
        wanted, view = self._known(agent_id)
        if view is None or view.state not in CONNECTED:
            raise Refused("not_now")
        await self._pause(wanted, paused=True, reason=WRAP_UP, after=_asked_for(wanted))

    async def wrap_up_done(self, agent_id: str, *, time_is_up: bool = False) -> None:
        """The ticket is written, or the time is up.  Does nothing for an agent who is not in wrap-up."""
        wanted, view = self._known(agent_id)
        if wanted.reason != WRAP_UP or (view is not None and view.state in CONNECTED):
            return
        if not (time_is_up or self._rule.ends_early):
            raise Refused("wrap_up_runs")
        await self._pause(wanted, paused=bool(wanted.after), reason=wanted.after)

    def next_reason(self, view: AgentView) -> str:
        """What an agent asked to be not ready for when the call or wrap-up is over; empty: nothing was asked."""
        wanted = self.wanted.get(view.agent_id)
        return _asked_for(wanted) if wanted is not None and view.state in (*IN_CALL, WRAP_UP) else ""

    # -- the house's rules

    async def act_upon(self, fact: Fact) -> None:
        """Wrap-up after a queue call, a break for agents who let calls ring."""
        if isinstance(fact, CallAnswered) and fact.agent_id in self.wanted:
            self._missed.pop(fact.agent_id, None)
            if self._rule.after_every_call and fact.queue is not None:
                # paused from the answer on, so that no second call can slip in between hang-up and wrap-up
                wanted = self.wanted[fact.agent_id]
                await self._pause(wanted, paused=True, reason=WRAP_UP, after=_asked_for(wanted))
        elif isinstance(fact, RingMissed) and fact.agent_id in self.wanted:
            missed = self._missed[fact.agent_id] = self._missed.get(fact.agent_id, 0) + 1
            if 0 < self._missed_calls_limit <= missed:
                del self._missed[fact.agent_id]
                await self._pause(self.wanted[fact.agent_id], paused=True, reason=MISSED_CALLS)

    def differs(self, event: dict[str, str]) -> Wanted | None:
        """Whether a queue has just said something else about an agent than what the agent wants: somebody changed it
        behind our back."""
        name = event.get("Event")
        if name not in ("QueueMemberPause", "QueueMemberRemoved"):
            return None
        interface = event.get("Interface", "")
        wanted = next((one for one in self.wanted.values() if one.interface == interface), None)
        if wanted is None or event.get("Queue") not in wanted.queues:
            return None
        if name == "QueueMemberPause" and (event.get("Paused") == "1") == wanted.paused:
            return None
        return wanted

    async def put_right(self, wanted: Wanted) -> None:
        """The queue believes again what the agent wants."""
        log.warning("agent %s: a queue believed something else, put right", wanted.agent_id)
        await self._members.add(wanted)

    async def reconcile(self, *, adopt: bool) -> int:
        """After the link came up: see :meth:`cti.synchronise.Members.reconcile`."""
        mended = await self._members.reconcile(self.wanted, self._leaving.values(), adopt=adopt)
        self._leaving.clear()
        return mended

    def _known(self, agent_id: str) -> tuple[Wanted, AgentView | None]:
        wanted = self.wanted.get(agent_id)
        if wanted is None:
            raise Refused("not_logged_in", agent_id)
        return wanted, next((view for view in self._switch.agents() if view.agent_id == agent_id), None)

    async def _pause(self, wanted: Wanted, *, paused: bool, reason: str = "", after: str = "") -> None:
        wanted.paused, wanted.reason, wanted.after = paused, reason, after
        await self._members.pause(wanted)


def _asked_for(wanted: Wanted) -> str:
    """The not-ready reason that the agent chose, now or for later; empty if the house chose it, or nobody did."""
    if not wanted.paused or wanted.reason in (SIGNED_IN, MISSED_CALLS):
        return ""
    return wanted.after if wanted.reason == WRAP_UP else wanted.reason
