"""A supervisor at an agent's call: listening, or whispering so that the agent alone hears it.

The supervisor's own phone is called and runs ChanSpy on the agent's channel (contexts ``listen`` and ``whisper`` of the
dialplan).  The call itself is not touched: no bridge changes, nothing of it reaches the citizen's channel, where the
recording is, and whatever becomes of the supervisor's phone, the talk goes on.  It ends with the agent's channel.

Who listens is never remembered: it is what channels the switch has (:meth:`cti.calls.Switch.spies`), so a desk that was
killed meanwhile knows it again.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from cti.calls import Switch
from cti.conversation import Party, Place
from cti.errors import AmiDown, Refused
from cti.fields import SPY
from cti.moves import COMES_BY_ITSELF, Moves
from cti.views import SpyView

RING_SECONDS = 20
"""How long the supervisor's phone rings."""
PATIENCE = 5.0
"""Seconds after which a switch that shows nothing counts as not answering."""
HEARD = "HL_HEARD"
"""Variable of the supervisor's channel: the channel that ChanSpy is for, by its whole name."""

_FREE = ("ready", "not_ready", "wrap_up")


class Ear(StrEnum):
    """What the supervisor's phone does; each is a context of the dialplan."""

    LISTEN = "listen"
    """Hears everybody, is heard by nobody."""
    WHISPER = "whisper"
    """Hears everybody, is heard by the agent."""


@dataclass(slots=True)
class _Waiting:
    """Somebody waits for ChanSpy to begin on this channel, or for the channel to be gone."""

    uid: str
    future: asyncio.Future[None]
    begins: bool
    exten: str = ""
    """Where the phone is to go: an OriginateResponse names it when it could not be called at all."""


class Spying:
    """Commands return when the switch has done it; they raise AmiDown, or Refused.

    ``leg_of`` gives the leg an agent talks on, or raises Refused.
    """

    def __init__(self, moves: Moves, switch: Switch, leg_of: Callable[[str], Party]) -> None:
        self._moves, self._switch, self._leg_of = moves, switch, leg_of
        self._waiting: list[_Waiting] = []

    async def begin(self, listening_id: str, supervisor: str, agent_id: str, ear: Ear) -> None:
        """The supervisor's phone is called and hears the agent's call; ``listening_id`` is a new UUID.

        Refused: ``no_phone`` (not logged in, or the phone is away), ``busy`` (in a call, or listening already),
        ``no_call`` (the agent has none that is heard), ``unreachable`` (the supervisor's phone was not answered).
        """
        if not re.fullmatch(r"[0-9a-f-]{36}", listening_id):
            raise Refused("bad_listening")
        me = next((one for one in self._switch.agents() if one.agent_id == supervisor), None)
        if me is None or me.state in ("logged_out", "phone_lost"):
            raise Refused("no_phone", supervisor)
        if me.state not in _FREE:
            raise Refused("busy", supervisor)
        leg = self._leg_of(agent_id)
        if leg.place not in (Place.TOGETHER, Place.ALONE) or supervisor == agent_id:
            raise Refused("no_call", agent_id)
        uid = SPY + listening_id
        # The phone of whoever asked for it answers without a click, where it can.
        variables = {HEARD: leg.channel, COMES_BY_ITSELF: listening_id}
        place = ear.value, listening_id
        call = self._moves.call(uid, me.interface, place, variables, leg.number, RING_SECONDS)
        await self._done(self._wait(uid, begins=True, exten=listening_id), call, RING_SECONDS + PATIENCE)

    async def turn(self, listening_id: str, ear: Ear) -> None:
        """From listening to whispering or back, without another call."""
        spy = self._spy(listening_id)
        if not spy.up:
            raise Refused("still_moving")
        move = self._moves.send_to(spy.channel, (ear.value, listening_id))
        await self._done(self._wait(spy.uid, begins=True, exten=listening_id), move, PATIENCE)

    async def end(self, listening_id: str) -> None:
        """Hangs up the supervisor's phone.  Does nothing when it has ended by itself."""
        with suppress(Refused):
            spy = self._spy(listening_id)
            await self._done(self._wait(spy.uid, begins=False), self._moves.hangup(spy.channel), PATIENCE)

    def notice(self, event: dict[str, str]) -> None:
        """An event of the switch: those who wait look whether they are done."""
        name = event.get("Event", "")
        if name not in ("ChanSpyStart", "Hangup", "OriginateResponse"):
            return
        for one in tuple(self._waiting):
            if one.future.done():
                continue
            began = name == "ChanSpyStart" and event.get("SpyerUniqueid") == one.uid
            gone = name == "Hangup" and event.get("Uniqueid") == one.uid
            failed = name == "OriginateResponse" and event.get("Response") == "Failure"
            if began if one.begins else gone:
                one.future.set_result(None)
            elif one.begins and (gone or (failed and event.get("Exten") == one.exten)):
                one.future.set_exception(Refused("unreachable"))

    def _spy(self, listening_id: str) -> SpyView:
        found = next((one for one in self._switch.spies() if one.listening_id == listening_id), None)
        if found is None:
            raise Refused("not_listening")
        return found

    def _wait(self, uid: str, *, begins: bool, exten: str = "") -> _Waiting:
        one = _Waiting(uid, asyncio.get_running_loop().create_future(), begins, exten)
        self._waiting.append(one)
        return one

    async def _done(self, one: _Waiting, command: Awaitable[None], seconds: float) -> None:
        """Carries a command out and waits for what it was to bring about."""
        try:
            await command
            async with asyncio.timeout(seconds):
                await one.future
        except TimeoutError:
            raise AmiDown("the switch has accepted a command and not carried it out") from None
        finally:
            self._waiting.remove(one)
