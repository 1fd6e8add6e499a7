"""Supervisors at agents' calls: who may hear which, that it is written down first, and when it is over.

What goes on follows from the switch (its channels) and from the record (rows that are open), never from memory alone: a
desk that was killed meanwhile closes at its first look what has ended without it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

import cti
from agent_desktop import floor_acts
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError
from agent_desktop.floor_acts import Mode
from agent_desktop.ledger import add_access, note_refusal
from agent_desktop.secrecy import secret_calls
from agent_desktop.tables import FloorActRow, UserRow

log = logging.getLogger(__name__)

SETTLES = timedelta(seconds=8)
"""How long the switch may take to show a supervisor who comes in; what is not there then is over."""
SECRECY_EVERY = 3
"""Of so many looks one asks whether the call may still be heard by who hears it."""


@dataclass(frozen=True)
class Going:
    """A supervisor at a call right now."""

    act_id: str
    kind: str
    agent_id: str
    """The agent whose call it is."""
    user_id: str
    supervisor: str
    """The supervisor's own place."""
    name: str
    contact_id: str
    began_at: datetime
    mode: Mode | None
    """None while the supervisor's phone is being called."""
    since: datetime


class Supervising:
    """All of it, at one desk.  ``changed`` is called when somebody begins, turns or ends."""

    def __init__(self, doors: Doors, changed: Callable[[], None]) -> None:
        self._doors, self._changed = doors, changed
        self._going: dict[str, Going] = {}
        self._known = False
        self._looks = 0

    def going(self) -> list[Going]:
        """Who is at whose call, oldest first."""
        return list(self._going.values())

    def of(self, user_id: str) -> Going | None:
        """What this person is at."""
        return next((one for one in self._going.values() if one.user_id == user_id), None)

    async def listen(self, going: Going, reason: str, ear: cti.Ear, session_hash: str) -> Going:
        """The supervisor's phone is called and hears the agent's call.  The same act asked for twice is one."""
        if going.act_id in self._going:
            return self._going[going.act_id]
        if not await self._write_down(going, reason, session_hash):
            raise DeskError("refused_by_switch", reason="call_over")
        try:
            await self._doors.bridge.spy(going.act_id, going.supervisor, going.agent_id, ear)
            return await self._note_mode(going.act_id, ear.value)
        except BaseException:
            await self._over(going.act_id)
            raise

    async def turn(self, act_id: str, ear: cti.Ear) -> Going:
        """From listening to whispering or back."""
        await self._doors.bridge.turn_ear(act_id, ear)
        return await self._note_mode(act_id, ear.value)

    async def end(self, act_id: str) -> None:
        """The supervisor hears no more; the talk goes on."""
        await self._doors.bridge.stop_spying(act_id)
        await self._over(act_id)

    async def barge(self, going: Going, reason: str, extension: str, session_hash: str) -> None:
        """Comes in, heard by all.  Whoever was listening is no longer."""
        before = self.of(going.user_id)
        if before is not None and before.kind == "listening":
            await self.end(before.act_id)
        await self._write_down(going, reason, session_hash)
        try:
            await self._doors.bridge.barge(going.agent_id, extension)
            await self._note_mode(going.act_id, "barge")
        except BaseException:
            await self._over(going.act_id)
            raise

    async def look(self) -> None:
        """Closes what the switch shows to be over; ends what may no longer be heard."""
        if not self._doors.bridge.healthy:
            return
        try:
            if not self._known:
                self._going = {one.act_id: one for one in await run_in_threadpool(self._read_open)} | self._going
                self._known = True
            for one in list(self._going.values()):
                if not self._goes_on(one):
                    await self._over(one.act_id)
            self._looks += 1
            if self._looks % SECRECY_EVERY == 0 and self._going:
                await self._keep_secrets()
        except SQLAlchemyError:
            log.warning("the record of the floor could not be read or written", exc_info=True)

    def _goes_on(self, one: Going) -> bool:
        if one.mode is None and self._doors.now() - one.began_at < timedelta(seconds=30):
            return True  # the supervisor's phone is ringing; the command in hand closes it
        if one.kind == "listening":
            return any(spy.listening_id == one.act_id for spy in self._doors.bridge.spies())
        view = next((view for view in self._doors.bridge.agents() if view.agent_id == one.supervisor), None)
        there = view is not None and view.contact_id == one.contact_id
        return there or self._doors.now() - one.since < SETTLES

    async def _keep_secrets(self) -> None:
        contacts = sorted({one.contact_id for one in self._going.values()})
        kept = await run_in_threadpool(self._secret, contacts)
        for one in list(self._going.values()):
            if one.kind == "listening" and not _may_hear(one, kept):
                await self.end(one.act_id)

    # --- the record ---

    async def _write_down(self, going: Going, reason: str, session_hash: str) -> bool:
        """First the record, then the ear: what cannot be written is not heard.  Refuses a call kept from the person."""

        def work() -> bool | None:
            with self._doors.write.begin() as session:
                if not _may_hear(going, secret_calls(session, [going.contact_id])):
                    return None
                add_access(session, self._doors, going.user_id, session_hash, "listening", going.contact_id)
                return floor_acts.begin(
                    session,
                    going.act_id,
                    "barge" if going.kind == "barge" else "listening",
                    agent_id=going.agent_id,
                    user_id=going.user_id,
                    reason=reason,
                    contact_id=going.contact_id,
                    now=going.began_at,
                )

        fresh = await run_in_threadpool(work)
        if fresh is None:
            await run_in_threadpool(note_refusal, self._doors, going.user_id, "listen", f"contact:{going.contact_id}")
            raise DeskError("confidential")
        if fresh:
            self._going[going.act_id] = going
            self._changed()
        return fresh

    async def _note_mode(self, act_id: str, mode: Mode) -> Going:
        now = self._doors.now()

        def work() -> None:
            with self._doors.write.begin() as session:
                floor_acts.note_mode(session, act_id, mode, now)

        await run_in_threadpool(work)
        changed = replace(self._going[act_id], mode=mode, since=now)
        self._going[act_id] = changed
        self._changed()
        return changed

    async def _over(self, act_id: str) -> None:
        now = self._doors.now()

        def work() -> None:
            with self._doors.write.begin() as session:
                floor_acts.end(session, act_id, now)

        await run_in_threadpool(work)
        if self._going.pop(act_id, None) is not None:
            self._changed()

    def _secret(self, contacts: list[str]) -> dict[str, frozenset[str]]:
        with self._doors.read() as session:
            return dict(secret_calls(session, contacts))

    def _read_open(self) -> list[Going]:
        with self._doors.read() as session:
            found = [(row, session.get(UserRow, row.user_id)) for row in floor_acts.still_open(session)]
            return [_going(row, user) for row, user in found]


def _may_hear(one: Going, secret: Mapping[str, frozenset[str]]) -> bool:
    """A confidential caller's voice is for the people named with the call alone (:mod:`agent_desktop.secrecy`)."""
    named = secret.get(one.contact_id)
    return named is None or one.user_id in named or one.supervisor in named


def _going(row: FloorActRow, user: UserRow | None) -> Going:
    """An open line of the record, found again by a desk that was started anew."""
    last = row.steps[-1] if row.steps else None
    mode: Mode | None = last["mode"] if last else None  # type: ignore[assignment]
    return Going(
        act_id=row.act_id,
        kind=row.kind,
        agent_id=row.agent_id,
        user_id=row.user_id,
        supervisor=(user.agent_id if user else None) or "",
        name=user.display_name if user else "",
        contact_id=row.contact_id or "",
        began_at=row.began_at,
        mode=mode,
        since=datetime.fromisoformat(last["at"]) if last else row.began_at,
    )
