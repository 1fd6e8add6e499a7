"""Owner of the link, the picture of the switch, and the agents' wishes: what the desk talks to.

Every command returns when the switch has acknowledged it, and raises :class:`cti.errors.AmiDown` or
:class:`cti.errors.Refused`.  What agents want to be (logged in to which queues, paused and why) is kept here, so
that it can be restored after Asterisk lost it in a restart.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from cti.agents import WRAP_UP
from cti.ami import AmiConfig, AmiLink
from cti.calling_out import call_out
from cti.calls import Switch
from cti.errors import AmiDown, Refused
from cti.facts import CallAnswered, Fact, RingMissed
from cti.moves import Moves
from cti.synchronise import Members, Wanted, read_switch, startup_of
from cti.views import AgentView, CallView, QueueView

log = logging.getLogger(__name__)

SIGNED_IN = "signed_in"
"""Why an agent is not ready right after logging in."""
MISSED_CALLS = "missed_calls"
"""Why an agent is not ready after letting calls ring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeConfig:
    """How to reach the switch, and the house's rules about agents."""

    ami: AmiConfig
    missed_calls_limit: int = 2
    """Calls in a row an agent may let ring before being made not ready; 0 switches the rule off."""
    wrap_up: bool = True
    """Whether a queue call is followed by wrap-up (until :meth:`Bridge.wrap_up_done`)."""


@dataclass(slots=True)
class _Intent:
    """What this process knows about an agent beyond what the switch keeps."""

    missed: int = 0
    after_wrap_up: str | None = None
    """Not-ready reason asked for during the call or the wrap-up; None: ready again."""


class Bridge:
    """The desk's hold on the switch.  Construct, ``await start()``, use, ``await stop()``.

    ``on_fact`` gets every fact in order, on the loop; it may return an awaitable, which is then awaited before
    those of later facts.  ``clock`` gives seconds since 1970 for events that Asterisk did not stamp.
    """

    def __init__(
        self,
        config: BridgeConfig,
        on_fact: Callable[[Fact], Awaitable[None] | None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._config = config
        self._on_fact = on_fact
        self._clock = clock
        self._switch = Switch()
        self._link = AmiLink(config.ami, on_event=self._event, on_up=self._synchronise, on_down=self._went_down)
        self._wanted: dict[str, Wanted] = {}
        self._leaving: dict[str, Wanted] = {}
        """Logouts that the switch has not heard of yet."""
        self._intents: dict[str, _Intent] = {}
        self._moves = Moves(self._link, self._switch)
        self._held_back: list[dict[str, str]] | None = None
        """Events that came while the switch was being read."""
        self._synced = False
        self._startup = ""
        self._telling: asyncio.Queue[Awaitable[None]] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()

    # -- life

    async def start(self) -> None:
        """Begin; returns at once.  ``healthy`` tells when the picture is complete."""
        self._spawn(self._tell_in_turn())
        await self._link.start()

    async def stop(self) -> None:
        """Disconnect.  Calls and agents stay as they are on the switch."""
        await self._link.stop()
        for task in tuple(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    @property
    def healthy(self) -> bool:
        """Linked, and our picture was made equal to the switch after the link came up."""
        return self._link.up and self._synced

    @property
    def trouble(self) -> int:
        """Callbacks that failed since the start; 0 in a healthy house."""
        return self._link.trouble

    # -- questions (answered from memory)

    def agents(self) -> list[AgentView]:
        """All agents this switch or this process knows."""
        return self._switch.agents()

    def agent(self, agent_id: str) -> AgentView | None:
        """One of them."""
        return next((view for view in self._switch.agents() if view.agent_id == agent_id), None)

    def calls(self) -> list[CallView]:
        """Open calls, oldest first."""
        return self._switch.open_calls()

    def queues(self) -> list[QueueView]:
        """Queues with their callers and members."""
        return self._switch.queues(self._clock())

    # -- agents

    async def agent_login(self, agent_id: str, extension: str, queues: Sequence[str]) -> None:
        """Into the queues, not ready (``signed_in``) until :meth:`agent_ready`."""
        if not re.fullmatch(r"\d{2,10}", extension):
            raise Refused("bad_extension", extension)
        interface = f"PJSIP/{extension}"
        wanted = Wanted(agent_id, interface, tuple(queues), paused=True, reason=SIGNED_IN)
        before = self._wanted.get(agent_id)
        same = before is not None and before.interface == interface and set(before.queues) == set(queues)
        if before is not None and same:
            wanted = before  # logged in already: a pause or a call in progress is not touched
        self._wanted[agent_id] = wanted
        self._leaving.pop(agent_id, None)
        self._intents.setdefault(agent_id, _Intent())
        self._switch.register_agent(agent_id, interface)
        await Members(self._link).add(wanted)

    async def agent_logout(self, agent_id: str) -> None:
        """Out of all queues.  A call in progress goes on.  Also without a link: done as soon as there is one."""
        wanted = self._wanted.pop(agent_id, None)
        self._intents.pop(agent_id, None)
        if wanted is not None:
            self._leaving[agent_id] = wanted
            await Members(self._link).remove(wanted)
            self._leaving.pop(agent_id, None)

    async def agent_ready(self, agent_id: str) -> None:
        """Ready for calls; ends a wrap-up too.  During a call: ready when it and its wrap-up are over."""
        wanted, view = self._known(agent_id)
        intent = self._intents[agent_id]
        intent.missed = 0
        intent.after_wrap_up = None
        if view is None or view.state not in ("talking", "held"):
            await self._pause(wanted, paused=False)

    async def agent_not_ready(self, agent_id: str, reason: str) -> None:
        """Not ready, for ``reason`` (not ``wrap_up``).  During a call or its wrap-up: afterwards."""
        if reason == WRAP_UP or not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", reason):
            raise Refused("bad_reason", reason)
        wanted, _ = self._known(agent_id)
        if wanted.paused and wanted.reason == WRAP_UP:
            self._intents[agent_id].after_wrap_up = reason
        else:
            await self._pause(wanted, paused=True, reason=reason)

    async def wrap_up_done(self, agent_id: str) -> None:
        """The ticket is written.  Does nothing for an agent who is not in wrap-up."""
        wanted, view = self._known(agent_id)
        intent = self._intents[agent_id]
        if wanted.reason != WRAP_UP or (view is not None and view.state in ("talking", "held")):
            return
        after, intent.after_wrap_up = intent.after_wrap_up, None
        await self._pause(wanted, paused=after is not None, reason=after or "")

    def _known(self, agent_id: str) -> tuple[Wanted, AgentView | None]:
        wanted = self._wanted.get(agent_id)
        if wanted is None:
            raise Refused("not_logged_in", agent_id)
        return wanted, self.agent(agent_id)

    async def _pause(self, wanted: Wanted, *, paused: bool, reason: str = "") -> None:
        wanted.paused, wanted.reason = paused, reason
        await Members(self._link).pause(wanted)

    # -- calls

    async def hangup(self, target: str) -> None:
        """Hang up a channel by name, or the caller of a call by call id or contact id."""
        await self._moves.hangup(target)

    async def hold(self, agent_id: str) -> None:
        """The caller hears music, the agent is alone in a conference room of theirs."""
        await self._moves.hold(agent_id)

    async def resume(self, agent_id: str) -> None:
        """The caller comes into the agent's room: both talk again."""
        await self._moves.resume(agent_id)

    async def await_return(self, agent_id: str) -> None:
        """The agent's browser has gone in mid-call: music until the agent's phone is back, which is then called."""
        await self._moves.await_return(agent_id)

    async def call_out(self, agent_id: str, number: str) -> None:
        """Rings the agent's phone, then calls ``number`` for it."""
        await call_out(self._link, self._switch, agent_id, number)

    async def send_dtmf(self, agent_id: str, digits: str) -> None:
        """Keys, heard by the other side of the agent's call."""
        await self._moves.send_dtmf(agent_id, digits)

    async def provision_reload(self) -> None:
        """Asterisk reads its phones anew; calls and registrations stay."""
        await self._moves.reload_phones()

    # -- events and facts

    def _event(self, event: dict[str, str]) -> None:
        event.setdefault("Timestamp", f"{self._clock():.6f}")
        if self._held_back is not None:
            self._held_back.append(event)
        else:
            self._tell(self._switch.feed(event))
            if event.get("Event") == "Hangup":
                for channel in self._moves.left_alone():
                    self._spawn(self._quietly(self.hangup(channel)))

    def _tell(self, facts: list[Fact]) -> None:
        for fact in facts:
            self._link.guarded("fact callback", self._tell_one, fact)
            self._act_upon(fact)

    def _tell_one(self, fact: Fact) -> None:
        told = self._on_fact(fact)
        if inspect.isawaitable(told):
            self._telling.put_nowait(told)

    async def _tell_in_turn(self) -> None:
        while True:
            await self._link.guarded_work("fact callback", await self._telling.get())

    def _act_upon(self, fact: Fact) -> None:
        """The house's own rules: wrap-up after a queue call, a break for agents who let calls ring."""
        if isinstance(fact, CallAnswered) and fact.agent_id in self._wanted:
            self._intents[fact.agent_id].missed = 0
            if self._config.wrap_up and fact.queue is not None:
                # paused from the answer on, so that no second call can slip in between hang-up and wrap-up
                self._spawn(self._quietly(self._pause(self._wanted[fact.agent_id], paused=True, reason=WRAP_UP)))
        elif isinstance(fact, RingMissed) and fact.agent_id in self._wanted:
            intent = self._intents[fact.agent_id]
            intent.missed += 1
            if 0 < self._config.missed_calls_limit <= intent.missed:
                intent.missed = 0
                wanted = self._wanted[fact.agent_id]
                self._spawn(self._quietly(self._pause(wanted, paused=True, reason=MISSED_CALLS)))

    async def _quietly(self, command: Awaitable[None]) -> None:
        """A command nobody waits for; what a lost link kept from the switch, the next synchronising restores."""
        try:
            await command
        except (AmiDown, Refused) as error:
            log.info("a command of the house's own was not carried out: %s", type(error).__name__)

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- synchronising

    def _went_down(self) -> None:
        self._synced = False

    async def _synchronise(self, booted: dict[str, str]) -> None:
        """After every FullyBooted: restore what agents want, read the switch, compare, go on with the events."""
        self._held_back = []
        startup = await startup_of(self._link)
        first, restarted = self._startup == "", self._startup not in ("", startup)
        members = Members(self._link)
        mended = await members.reconcile(self._wanted, self._leaving.values(), adopt=first)
        self._leaving.clear()
        # what members went through until now is in the list that is read next
        self._held_back = [event for event in self._held_back if not event["Event"].startswith("QueueMember")]
        for agent_id in self._wanted:
            self._intents.setdefault(agent_id, _Intent())
        snapshot = await read_switch(self._link, self._clock(), restarted=restarted)
        facts = self._switch.resync(snapshot)
        held, self._held_back = self._held_back, None
        self._startup = startup
        self._synced = True
        self._tell(facts)
        for event in held:
            self._tell(self._switch.feed(event))
        log.info(
            "synchronised: restarted=%s, uptime=%s, calls=%d, members mended=%d",
            restarted,
            booted.get("Uptime", "?"),
            len(self._switch.open_calls()),
            mended,
        )
