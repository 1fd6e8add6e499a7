"""Conversations of two and more: the table of :mod:`cti.conversation` carried out on the switch.

A command checks the table, makes its moves and waits until the switch's own events have brought the conversation where
the table says; nothing here guesses with timers.  Only a switch that says nothing at all ends the waiting, after
:data:`PATIENCE`.  What nobody commanded (somebody hangs up) is put in order by :mod:`cti.mending`.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from cti.calls import Switch
from cti.conversation import BY_VERB, Kind, Party, Phase, Place, Verb, citizen_in, guests_in, verbs
from cti.errors import AmiDown, Refused
from cti.moves import COMES_BY_ITSELF, Moves
from cti.parties import third_uid
from cti.views import CallView

PATIENCE = 5.0
"""Seconds after which a switch that shows nothing counts as not answering."""
RING_SECONDS = 45
"""How long somebody who is called in addition may take to answer."""
CONSULTATIONS = 20
"""Private consultations that one call may have."""
CONSULTED = "HL_CONSULTED"
"""Variable of the citizen's channel: consultations so far.  Kept on the switch because it must live as long as the
call, whatever becomes of this process: a second consultation under a number that was used would overwrite the recording
of the first (MixMonitor truncates an existing file)."""

_NUMBER = re.compile(r"[+0-9][0-9]{1,19}")
_NAMES = uuid.UUID("5d2c6f9e-6c1b-4f0e-9d55-1b3f8f2c1a77")  # our own namespace for ids made from names (RFC 9562)


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to call in addition: a unit's number, or a colleague's extension."""

    number: str
    colleague: bool = False
    brief: tuple[str, ...] = ()
    """Sound files the party hears before it joins."""
    line: Literal["units", "trunk"] = "units"
    """Over which exchange a number is dialled: that of the handling units, or the carrier (emergency services)."""

    @property
    def device(self) -> str:
        """As Originate wants it.  Refused for what is no number."""
        if not _NUMBER.fullmatch(self.number):
            raise Refused("bad_number")
        return f"PJSIP/{self.number}" if self.colleague else f"PJSIP/{self.number}@{self.line}"


def consultation_ids(contact_id: str) -> list[str]:
    """The ids of a call's private consultations, first to last possible: their recordings are named by them."""
    return [str(uuid.uuid5(_NAMES, f"{contact_id} {number}")) for number in range(1, CONSULTATIONS + 1)]


@dataclass(slots=True)
class _Waiting:
    """A command that waits for the switch."""

    call_id: str
    done: Callable[[CallView], bool]
    future: asyncio.Future[None]
    exten: str = ""
    """Where somebody called is to go: an OriginateResponse names it when nobody could be called at all."""


class Talks:
    """All conversations of one switch."""

    def __init__(self, moves: Moves, switch: Switch) -> None:
        self._moves, self._switch = moves, switch
        self._waiting: list[_Waiting] = []
        self.on_hold: set[str] = set()
        """Calls whose citizen was put on hold from here, so that no agent may vanish unnoticed."""
        self.busy: set[str] = set()
        """Calls with a command under way."""

    def notice(self, event: dict[str, str]) -> None:
        """An event of the switch, after the picture has taken it in: commands that wait look whether they are done."""
        failed = event.get("Exten", "") if _nobody_called(event) else ""
        for one in tuple(self._waiting):
            view = self._call_of(one.call_id)
            if one.future.done():
                continue
            if view is None:
                one.future.set_exception(Refused("call_over"))
            elif one.done(view):
                one.future.set_result(None)
            elif failed and one.exten == failed:
                one.future.set_exception(Refused("unreachable"))

    # -- commands

    async def hold(self, agent_id: str) -> None:
        """Everybody else hears music, the agent is alone."""
        with self._command(agent_id, Verb.HOLD) as (call, leg):
            room = room_of(call)
            await self._aside(call, leg, ("conf", room))
            await self._reached(call, lambda view: view.phase in BY_VERB[Verb.HOLD].until and room in view.rooms)

    async def resume(self, agent_id: str) -> None:
        """Everybody who is on hold is back with the agent."""
        with self._command(agent_id, Verb.RESUME) as (call, leg):
            await self._gather(call, leg)
            await self._until(call, Verb.RESUME)

    async def consult(self, agent_id: str, target: Target) -> None:
        """Everybody else hears music while the target is called; returns when its telephone is being called."""
        device = target.device
        with self._command(agent_id, Verb.CONSULT) as (call, leg):
            number = await self._next_consultation(call)
            room = consultation_ids(call.contact_id or call.call_id)[number]
            await self._aside(call, leg, ("aside", room))
            await self._call(call, target.number, device, ("brief", room), {"HL_BRIEF": "&".join(target.brief)})
            await self._reached(call, lambda view: room in view.rooms)

    async def cancel(self, agent_id: str) -> None:
        """Whoever is called or consulted is hung up, the citizen is back with the agent."""
        with self._command(agent_id, Verb.CANCEL) as (call, leg):
            for party in guests_in(call.parties):
                if party.place is not Place.MUSIC:
                    await self._moves.hangup(party.channel)
            await self._gather(call, leg)
            await self._until(call, Verb.CANCEL)

    async def merge(self, agent_id: str) -> None:
        """Citizen, agent and everybody else hear each other."""
        with self._command(agent_id, Verb.MERGE) as (call, leg):
            await self._gather(call, leg)
            await self._until(call, Verb.MERGE)

    async def transfer(self, agent_id: str) -> None:
        """The citizen goes on with the party consulted; the agent leaves when the two hear each other."""
        with self._command(agent_id, Verb.TRANSFER) as (call, leg):
            await self._gather(call, leg)
            await self._reached(call, lambda view: view.phase is Phase.THREE_WAY)
            await self._hang_up_agent(call, agent_id)
            await self._gone(call, agent_id, Verb.TRANSFER)

    async def leave(self, agent_id: str) -> None:
        """The agent leaves, the others go on."""
        with self._command(agent_id, Verb.LEAVE) as (call, _):
            await self._hang_up_agent(call, agent_id)
            await self._gone(call, agent_id, Verb.LEAVE)

    async def transfer_blind(self, agent_id: str, target: Target) -> None:
        """The citizen is put through; who does not get through waits first in line for the next agent."""
        _ = target.device
        with self._command(agent_id, Verb.BLIND) as (call, leg):
            self.on_hold.discard(call.call_id)
            citizen = _citizen(call)
            await self._moves.send_to(citizen.channel, ("agent-out" if target.colleague else "unit-out", target.number))
            await self._reached(call, lambda view: not _together(view, citizen.uid, leg.uid))
            await self._hang_up_agent(call, agent_id)

    async def drop(self, agent_id: str, uid: str) -> None:
        """One party is taken off the line."""
        with self._command(agent_id, Verb.DROP) as (call, _):
            party = next((party for party in guests_in(call.parties) if party.uid == uid), None)
            if party is None:
                raise Refused("no_such_party")
            await self._moves.hangup(party.channel)
            await self._reached(call, lambda view: all(one.uid != uid for one in view.parties))

    async def barge(self, agent_id: str, extension: str) -> None:
        """A supervisor comes into the agent's conversation, heard by all."""
        device = Target(extension, colleague=True).device
        with self._command(agent_id, Verb.BARGE) as (call, leg):
            room = call.rooms[0] if call.rooms else room_of(call)
            if not call.rooms:
                await self._moves.send_to(_citizen(call).channel, ("conf", room), {leg.channel: ("conf", room)})
            # The phone of whoever asked for it answers without a click, where it can.
            await self._call(
                call, extension, device, ("conf", room), {COMES_BY_ITSELF: call.contact_id or call.call_id}
            )

    async def await_return(self, agent_id: str) -> None:
        """The agent's browser has gone in mid-call.

        With the citizen alone, or consulting: the citizen hears music and the dialplan (context ``rejoin``) calls the
        agent's phone as soon as it is registered again, else the next agent; a party consulted waits on hold.  In a
        three-way call the others go on; :meth:`call_back` brings the agent in again.
        """
        call, leg = self.mine(agent_id)
        self.on_hold.discard(call.call_id)
        await self._moves.stop_recording(leg.channel)
        if call.phase is Phase.THREE_WAY:
            await self._moves.send_to(leg.channel, ("rejoin", "lost"))
            return
        for party in guests_in(call.parties):
            if party.place is Place.TOGETHER:
                await self._moves.send_to(party.channel, ("hold", "unit"))
            elif party.place is not Place.MUSIC:
                await self._moves.hangup(party.channel)
        citizen = _citizen(call)
        await self._moves.set_variable(citizen.channel, "__HL_LOST_LEG", leg.channel)
        await self._moves.send_to(citizen.channel, ("rejoin", _extension(leg)), {leg.channel: ("rejoin", "lost")})

    async def call_back(self, agent_id: str) -> None:
        """The browser is there again while the others talk: its phone is called into their room.

        Does nothing where the dialplan brings the agent back by itself."""
        call, leg = self.mine(agent_id)
        if call.phase is not Phase.HANDED_OVER or not call.rooms:
            return
        place, header = ("conf", call.rooms[0]), {COMES_BY_ITSELF: call.contact_id or call.call_id}
        extension = _extension(leg)
        uid = await self._call(call, extension, f"PJSIP/{extension}", place, header, seconds=10)
        await self._reached(call, lambda view: _is(view, uid, Place.TOGETHER), seconds=12)
        await self._moves.hangup(leg.channel)

    async def send_dtmf(self, agent_id: str, digits: str) -> None:
        """Keys, heard by the citizen."""
        call, _ = self.mine(agent_id)
        await self._moves.press(_citizen(call).channel, digits)

    # -- pieces

    def mine(self, agent_id: str) -> tuple[CallView, Party]:
        """The agent's call and leg: the one that is heard, while a dead one is still there."""
        view = next((one for one in self._switch.agents() if one.agent_id == agent_id), None)
        call = self._call_of(view.call_id) if view is not None else None
        legs = [party for party in call.parties if party.agent_id == agent_id] if call is not None else []
        legs.sort(key=lambda party: party.place is not Place.TOGETHER)
        if call is None or not legs or legs[0].place is Place.RINGING:
            raise Refused("no_call", agent_id)
        return call, legs[0]

    @contextmanager
    def _command(self, agent_id: str, verb: Verb) -> Iterator[tuple[CallView, Party]]:
        """The agent's call and leg for one command.  Refused unless the table allows it now, the call is this agent's
        and nothing else is under way with it."""
        call, leg = self.mine(agent_id)
        if leg.kind is not Kind.AGENT:
            raise Refused("not_your_call")
        if call.call_id in self.busy:
            raise Refused("still_moving")
        if verb not in verbs(call.phase, call.parties):
            raise Refused("not_now", call.phase.value)
        self.busy.add(call.call_id)
        try:
            yield call, leg
        finally:
            self.busy.discard(call.call_id)

    def _call_of(self, call_id: str | None) -> CallView | None:
        return self._switch.open_call(call_id) if call_id else None

    async def _next_consultation(self, call: CallView) -> int:
        """The number of the consultation that begins now, from 0; noted before anything of it is recorded."""
        citizen = _citizen(call)
        said = await self._moves.variable(citizen.channel, CONSULTED)
        number = int(said) if said.isdecimal() else 0
        if number >= CONSULTATIONS:
            raise Refused("too_many_consultations")
        await self._moves.set_variable(citizen.channel, CONSULTED, str(number + 1))
        return number

    async def _aside(self, call: CallView, leg: Party, place: tuple[str, str]) -> None:
        """The agent goes to a room of their own, everybody else to hold."""
        self.on_hold.add(call.call_id)
        citizen = _citizen(call)
        await self._moves.stop_recording(leg.channel)
        if citizen.place is not Place.MUSIC:
            await self._moves.send_to(citizen.channel, ("hold", "s"), {leg.channel: place})
        else:
            await self._moves.send_to(leg.channel, place)
        for party in guests_in(call.parties):
            if party.place is Place.TOGETHER:
                await self._moves.send_to(party.channel, ("hold", "unit"))

    async def _gather(self, call: CallView, leg: Party) -> None:
        """Everybody on hold comes to the agent."""
        self.on_hold.discard(call.call_id)
        await self._moves.stop_recording(leg.channel)
        waiting = [party for party in call.parties if party.place is Place.MUSIC and party.kind is not Kind.AGENT]
        room = call.rooms[0] if call.rooms else room_of(call)
        also: dict[str, tuple[str, str]] = {}
        if not call.rooms:  # agent and citizen are connected without one
            also = {leg.channel: ("conf", room)}
            waiting = [_citizen(call), *(party for party in waiting if party.kind is not Kind.CITIZEN)]
        for party in waiting:
            await self._moves.send_to(party.channel, ("conf", room), also)
            also = {}

    async def _call(
        self,
        call: CallView,
        number: str,
        device: str,
        place: tuple[str, str],
        variables: dict[str, str],
        seconds: int = RING_SECONDS,
    ) -> str:
        """Calls somebody in addition; returns the channel's id when there is one."""
        uid = third_uid(number, uuid.uuid4().hex)
        self._switch.expect(uid, call.call_id)
        given = {"__CONTACT_ID": call.contact_id or "", **variables}
        wanted = {name: value for name, value in given.items() if value}
        shown = call.dialled if not call.outgoing else ""
        called = self._wait(call, lambda view: _is(view, uid), exten=place[1])
        await self._moves.call(uid, device, place, wanted, shown, seconds)
        await self._answered(called, PATIENCE)
        return uid

    async def _hang_up_agent(self, call: CallView, agent_id: str) -> None:
        """The agent's leg, if the switch has not ended it by itself meanwhile."""
        now = self._call_of(call.call_id)
        for party in now.parties if now is not None else ():
            if party.agent_id == agent_id:
                with suppress(Refused):
                    await self._moves.hangup(party.channel)

    async def _until(self, call: CallView, verb: Verb) -> None:
        """Waits for the switch to have done it."""
        row = BY_VERB[verb]
        await self._reached(call, lambda view: view.phase in row.until)

    async def _gone(self, call: CallView, agent_id: str, verb: Verb) -> None:
        """The same for an agent who leaves: the others are where the table says, without the agent."""
        row = BY_VERB[verb]
        await self._reached(
            call, lambda view: view.phase in row.until and all(one.agent_id != agent_id for one in view.parties)
        )

    async def _reached(self, call: CallView, done: Callable[[CallView], bool], seconds: float = PATIENCE) -> None:
        view = self._call_of(call.call_id)
        if view is None:
            raise Refused("call_over")
        if not done(view):
            await self._answered(self._wait(call, done), seconds)

    def _wait(self, call: CallView, done: Callable[[CallView], bool], exten: str = "") -> _Waiting:
        one = _Waiting(call.call_id, done, asyncio.get_running_loop().create_future(), exten)
        self._waiting.append(one)
        return one

    async def _answered(self, one: _Waiting, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await one.future
        except TimeoutError:
            raise AmiDown("the switch has accepted a command and not carried it out") from None
        finally:
            self._waiting.remove(one)


def room_of(call: CallView) -> str:
    """The room of a call that needs no privacy: named by the contact, so no two calls share one."""
    return call.contact_id or str(uuid.uuid5(_NAMES, call.call_id))


def _citizen(call: CallView) -> Party:
    citizen = citizen_in(call.parties)
    if citizen is None:
        raise Refused("citizen_gone")
    return citizen


def _is(view: CallView, uid: str, place: Place | None = None) -> bool:
    return any(party.uid == uid and place in (None, party.place) for party in view.parties)


def _together(view: CallView, one: str, other: str) -> bool:
    rooms = {party.uid: party.room for party in view.parties if party.place is Place.TOGETHER}
    return one in rooms and rooms[one] == rooms.get(other)


def _nobody_called(event: dict[str, str]) -> bool:
    return event.get("Event") == "OriginateResponse" and event.get("Response") == "Failure"


def _extension(leg: Party) -> str:
    """``8001`` of ``PJSIP/8001-0000002a``."""
    return leg.channel.partition("/")[2].rpartition("-")[0]
