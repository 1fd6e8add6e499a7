"""Owner of the link, the picture of the switch, and the agents' wishes: what the desk talks to.

Every command returns when the switch has acknowledged it, and raises :class:`cti.errors.AmiDown` or
:class:`cti.errors.Refused`.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from cti.ami import AmiConfig, AmiLink
from cti.calling_out import call_out
from cti.calls import Switch
from cti.errors import AmiDown, Refused
from cti.facts import CallAnswered, Fact, RingMissed
from cti.floor_rules import FloorRules
from cti.listening import Listening
from cti.mending import LEFT, Repair, repairs
from cti.moves import Moves
from cti.spying import Ear, Spying
from cti.synchronise import read_switch, startup_of
from cti.talks import Talks, Target, room_of
from cti.views import AgentView, CallView, QueueView, SpyView
from cti.wishes import Wishes

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeConfig:
    """How to reach the switch, and the house's rules to begin with."""

    ami: AmiConfig
    rules: FloorRules = field(default_factory=FloorRules)


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
        self._rules = config.rules
        self._wishes = Wishes(self._link, self._switch, config.rules)
        self._moves = Moves(self._link)
        self._talks = Talks(self._moves, self._switch)
        self._mending: set[str] = set()
        """Channels that are being put right."""
        self._spying = Spying(self._moves, self._switch, lambda agent_id: self._talks.mine(agent_id)[1])
        self._listening = Listening(self._link, self._switch)
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
        return [replace(view, next_reason=self._wishes.next_reason(view)) for view in self._switch.agents()]

    def agent(self, agent_id: str) -> AgentView | None:
        """One of them."""
        return next((view for view in self.agents() if view.agent_id == agent_id), None)

    def calls(self) -> list[CallView]:
        """Open calls, oldest first."""
        return self._switch.open_calls()

    def spies(self) -> list[SpyView]:
        """Supervisors' phones that listen to somebody's call."""
        return self._switch.spies()

    def queues(self) -> list[QueueView]:
        """Queues with their callers and members."""
        return self._switch.queues(self._clock())

    # -- the house

    async def follow(self, rules: FloorRules) -> None:
        """These are the house's rules from now on: for what happens next, not for what is under way.

        Also without a link: the switch is told as soon as there is one."""
        self._rules = rules
        self._wishes.follow(rules)
        if self.healthy:
            await self._quietly(self._moves.set_globals(rules.dialplan()))

    # -- agents

    async def agent_login(self, agent_id: str, extension: str, queues: Sequence[str]) -> None:
        """Into the queues, not ready (``signed_in``) until :meth:`agent_ready`."""
        await self._wishes.login(agent_id, extension, queues)

    async def agent_logout(self, agent_id: str) -> None:
        """Out of all queues.  A call in progress goes on.  Also without a link: done as soon as there is one."""
        await self._wishes.logout(agent_id)

    async def agent_ready(self, agent_id: str) -> None:
        """Ready for calls; ends a wrap-up too.  During a call: ready when it and its wrap-up are over."""
        await self._wishes.ready(agent_id)

    async def agent_not_ready(self, agent_id: str, reason: str) -> None:
        """Not ready, for ``reason`` (not ``wrap_up``).  During a call or its wrap-up: afterwards."""
        await self._wishes.not_ready(agent_id, reason)

    async def ask_wrap_up(self, agent_id: str) -> None:
        """A wrap-up after this call, where there is one only for those who ask."""
        await self._wishes.ask_wrap_up(agent_id)

    async def wrap_up_done(self, agent_id: str, *, time_is_up: bool = False) -> None:
        """The ticket is written, or the time is up.  Does nothing for an agent who is not in wrap-up."""
        await self._wishes.wrap_up_done(agent_id, time_is_up=time_is_up)

    # -- calls

    async def hangup(self, target: str) -> None:
        """Hang up a channel by name, or the caller of a call by call id or contact id."""
        channel = target
        for call in self._switch.open_calls():
            if target in (call.call_id, call.contact_id):
                channel = call.channel
        await self._moves.hangup(channel)

    async def hold(self, agent_id: str) -> None:
        """The citizen (and everybody else) hears music."""
        await self._commanded(self._talks.hold(agent_id))

    async def resume(self, agent_id: str) -> None:
        """Everybody on hold is back with the agent."""
        await self._commanded(self._talks.resume(agent_id))

    async def consult(self, agent_id: str, target: Target) -> None:
        """Somebody is called in addition, in private."""
        await self._commanded(self._talks.consult(agent_id, target))

    async def cancel(self, agent_id: str) -> None:
        """No consultation after all: the citizen is back."""
        await self._commanded(self._talks.cancel(agent_id))

    async def merge(self, agent_id: str) -> None:
        """All hear each other."""
        await self._commanded(self._talks.merge(agent_id))

    async def transfer(self, agent_id: str) -> None:
        """Citizen and party consulted go on without the agent."""
        await self._commanded(self._talks.transfer(agent_id))

    async def transfer_blind(self, agent_id: str, target: Target) -> None:
        """The citizen is put through without asking first."""
        await self._commanded(self._talks.transfer_blind(agent_id, target))

    async def leave(self, agent_id: str) -> None:
        """The agent leaves a three-way call."""
        await self._commanded(self._talks.leave(agent_id))

    async def drop(self, agent_id: str, uid: str) -> None:
        """One party is taken off the line."""
        await self._commanded(self._talks.drop(agent_id, uid))

    async def barge(self, agent_id: str, extension: str) -> None:
        """A supervisor at ``extension`` comes into the agent's conversation."""
        await self._commanded(self._talks.barge(agent_id, extension))

    async def spy(self, listening_id: str, supervisor: str, agent_id: str, ear: Ear) -> None:
        """The supervisor's phone is called and hears the agent's call; whispering, the agent hears the supervisor."""
        await self._spying.begin(listening_id, supervisor, agent_id, ear)

    async def turn_ear(self, listening_id: str, ear: Ear) -> None:
        """From listening to whispering or back."""
        await self._spying.turn(listening_id, ear)

    async def stop_spying(self, listening_id: str) -> None:
        """Ends what :meth:`spy` began, if it has not ended by itself."""
        await self._spying.end(listening_id)

    async def await_return(self, agent_id: str) -> None:
        """The agent's browser has gone in mid-call: music until the agent's phone is back, which is then called."""
        await self._commanded(self._talks.await_return(agent_id))

    async def call_back(self, agent_id: str) -> None:
        """The agent's browser is back while others talk: it is called into their room."""
        await self._commanded(self._talks.call_back(agent_id))

    async def call_out(self, agent_id: str, number: str) -> None:
        """Rings the agent's phone, then calls ``number`` for it."""
        await call_out(self._link, self._switch, agent_id, number)

    async def send_dtmf(self, agent_id: str, digits: str) -> None:
        """Keys, heard by the citizen."""
        await self._talks.send_dtmf(agent_id, digits)

    async def listen(self, contact_id: str, address: str, stream: str) -> None:
        """What the citizen of this call says goes to the AudioSocket server at ``address``, as ``stream`` (a UUID)."""
        await self._listening.begin(contact_id, address, stream)

    async def stop_listening(self, stream: str) -> None:
        """Ends what :meth:`listen` began, if it has not ended by itself."""
        await self._listening.end(stream)

    async def provision_reload(self) -> None:
        """Asterisk reads its phones anew; calls and registrations stay."""
        await self._moves.reload_phones()

    async def _commanded(self, command: Awaitable[None]) -> None:
        """A command on a conversation, and then whatever happened to it meanwhile is put in order."""
        try:
            await command
        finally:
            self._mend()

    def _mend(self) -> None:
        """Nobody may be left alone, on hold for ever or ringing for nobody because somebody else has gone."""
        calls = self._switch.open_calls()
        self._talks.on_hold &= {call.call_id for call in calls}
        for call in calls:
            if call.call_id not in self._talks.busy:
                on_hold = call.call_id in self._talks.on_hold
                for repair in repairs(call, room_of(call), on_hold=on_hold):
                    if repair.channel not in self._mending:
                        self._mending.add(repair.channel)
                        self._talks.on_hold -= {call.call_id} if repair.place == LEFT else set()
                        self._spawn(self._carry_out(repair))

    async def _carry_out(self, repair: Repair) -> None:
        try:
            if repair.place is None:
                await self._moves.hangup(repair.channel)
            else:
                if repair.place[0] == "conf":  # an agent's leg, recorded for its consultation; never the citizen's
                    await self._moves.stop_recording(repair.channel)
                await self._moves.send_to(repair.channel, repair.place)
        except (AmiDown, Refused) as error:
            log.info("a call could not be put in order: %s", type(error).__name__)
        finally:
            self._mending.discard(repair.channel)

    # -- events and facts

    def _event(self, event: dict[str, str]) -> None:
        event.setdefault("Timestamp", f"{self._clock():.6f}")
        if self._held_back is not None:
            self._held_back.append(event)
        else:
            self._take(event)

    def _take(self, event: dict[str, str]) -> None:
        self._tell(self._switch.feed(event))
        self._talks.notice(event)
        self._spying.notice(event)
        wanted = self._wishes.differs(event)
        if wanted is not None:
            self._spawn(self._quietly(self._wishes.put_right(wanted)))
        if event.get("Event") in ("Hangup", "BridgeLeave"):
            self._mend()

    def _tell(self, facts: list[Fact]) -> None:
        for fact in facts:
            self._link.guarded("fact callback", self._tell_one, fact)
            if isinstance(fact, CallAnswered | RingMissed):
                self._spawn(self._quietly(self._wishes.act_upon(fact)))

    def _tell_one(self, fact: Fact) -> None:
        told = self._on_fact(fact)
        if inspect.isawaitable(told):
            self._telling.put_nowait(told)

    async def _tell_in_turn(self) -> None:
        while True:
            await self._link.guarded_work("fact callback", await self._telling.get())

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
        mended = await self._wishes.reconcile(adopt=first)
        # what members went through until now is in the list that is read next
        self._held_back = [event for event in self._held_back if not event["Event"].startswith("QueueMember")]
        snapshot = await read_switch(self._link, self._clock(), restarted=restarted)
        facts = self._switch.resync(snapshot)
        held, self._held_back = self._held_back, None
        self._startup = startup
        self._synced = True
        self._tell(facts)
        for event in held:
            self._take(event)
        self._mend()
        self._spawn(self._quietly(self._moves.set_globals(self._rules.dialplan())))
        log.info(
            "synchronised: restarted=%s, uptime=%s, calls=%d, members mended=%d",
            restarted,
            booted.get("Uptime", "?"),
            len(self._switch.open_calls()),
            mended,
        )
