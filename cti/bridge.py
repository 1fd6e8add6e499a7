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
from cti.ami import AmiConfig, AmiLink, Reply
from cti.calls import Switch
from cti.errors import AmiDown, Refused
from cti.facts import CallAnswered, Fact, RingMissed
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
        self._rooms: set[str] = set()
        """Calls that were moved into a conference room: it does not end by itself when the caller goes."""
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
        channel = target
        for call in self.calls():
            if target in (call.call_id, call.contact_id):
                channel = call.channel
        await self._must({"Action": "Hangup", "Channel": channel, "Cause": "16"}, "no_such_call")

    async def hold(self, agent_id: str) -> None:
        """The caller hears music, the agent is alone in a conference room of theirs."""
        call, caller, leg = self._two_legs(agent_id)
        room = _room_of(leg)
        self._rooms.add(call.call_id)
        await self._must(
            {
                "Action": "Redirect",
                "Channel": caller,
                "Context": "hold",
                "Exten": "s",
                "Priority": "1",
                "ExtraChannel": leg,
                "ExtraContext": "conf",
                "ExtraExten": room,
                "ExtraPriority": "1",
            },
            "cannot_hold",
        )

    async def resume(self, agent_id: str) -> None:
        """The caller comes into the agent's room: both talk again."""
        call, caller, leg = self._two_legs(agent_id)
        self._rooms.add(call.call_id)
        room = _room_of(leg)
        action = {"Action": "Redirect", "Channel": caller, "Context": "conf", "Exten": room, "Priority": "1"}
        await self._must(action, "cannot_resume")

    async def await_return(self, agent_id: str) -> None:
        """The agent's browser has gone in mid-call: the caller hears music, and the agent's phone is called again as
        soon as it is registered (dialplan context ``rejoin``).  The agent counts as holding until then."""
        call, caller, leg = self._two_legs(agent_id)
        self._rooms.add(call.call_id)
        extension = leg.partition("/")[2].rpartition("-")[0]
        lost = {"Action": "Setvar", "Channel": caller, "Variable": "__HL_LOST_LEG", "Value": leg}
        await self._must(lost, "no_such_call")
        await self._must(
            {
                "Action": "Redirect",
                "Channel": caller,
                "Context": "rejoin",
                "Exten": extension,
                "Priority": "1",
                "ExtraChannel": leg,
                "ExtraContext": "rejoin",
                "ExtraExten": "lost",
                "ExtraPriority": "1",
            },
            "cannot_hold",
        )

    async def send_dtmf(self, agent_id: str, digits: str) -> None:
        """Keys, heard by the other side of the agent's call."""
        if not re.fullmatch(r"[0-9*#A-D]{1,32}", digits):
            raise Refused("bad_digits")
        _, caller, _ = self._two_legs(agent_id)
        for digit in digits:
            await self._must({"Action": "PlayDTMF", "Channel": caller, "Digit": digit}, "no_such_call")

    def _two_legs(self, agent_id: str) -> tuple[CallView, str, str]:
        """The agent's call, the other side's channel, the agent's own."""
        view = self.agent(agent_id)
        call = next((one for one in self.calls() if view is not None and one.call_id == view.call_id), None)
        if view is None or view.channel is None or call is None or view.state not in ("talking", "held"):
            raise Refused("no_call", agent_id)
        other = call.channel
        if other == view.channel:  # the agent made this call
            other = next((name for name in call.channels if name != view.channel), "")
        if not other:
            raise Refused("no_call", agent_id)
        return call, other, view.channel

    async def provision_reload(self) -> None:
        """Asterisk reads its phones anew; calls and registrations stay."""
        await self._must({"Action": "Reload", "Module": "res_pjsip.so"}, "reload_failed")

    async def _must(self, action: dict[str, str], error_id: str) -> Reply:
        reply = await self._link.send(action)
        if not reply.ok:
            raise Refused(error_id, reply.message)
        return reply

    # -- events and facts

    def _event(self, event: dict[str, str]) -> None:
        event.setdefault("Timestamp", f"{self._clock():.6f}")
        if self._held_back is not None:
            self._held_back.append(event)
        else:
            self._tell(self._switch.feed(event))
            if self._rooms and event.get("Event") == "Hangup":
                self._empty_rooms()

    def _empty_rooms(self) -> None:
        """Hang up whoever is left alone in a room after the caller went."""
        calls = {call.call_id: call for call in self.calls()}
        self._rooms &= calls.keys()
        for call_id in self._rooms:
            channels = calls[call_id].channels
            if len(channels) == 1 and channels[0] != calls[call_id].channel:
                self._spawn(self._quietly(self.hangup(channels[0])))

    def _tell(self, facts: list[Fact]) -> None:
        for fact in facts:
            told = self._on_fact(fact)
            if inspect.isawaitable(told):
                self._telling.put_nowait(told)
            self._act_upon(fact)

    async def _tell_in_turn(self) -> None:
        while True:
            await (await self._telling.get())

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
        restarted = self._startup not in ("", startup)
        first, self._startup = self._startup == "", startup
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


def _room_of(leg: str) -> str:
    """The conference room of the agent whose channel this is: ``agent8001`` for ``PJSIP/8001-0000002a``."""
    return f"agent{leg.partition('/')[2].rpartition('-')[0]}"
