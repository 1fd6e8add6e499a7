"""Looking after things once a second: presence, wrap-up, the link, finished recordings, log-ins that have ended.

Every look compares how things stand with how they should be (:mod:`agent_desktop.presence`), so whatever went wrong in
between mends itself at the next one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

import cti
import recordings
from agent_desktop import messages, metrics
from agent_desktop.access import look_up
from agent_desktop.desk import Desk
from agent_desktop.hub import Tab
from agent_desktop.picture import IN_CALL
from agent_desktop.presence import SCREEN_LOST, Action, Seat, action_for

log = logging.getLogger(__name__)

TICK = 1.0
"""Seconds between two looks."""
CUT_OFF = timedelta(seconds=3)
"""How long a page may be cut off before the caller gets music instead of silence; its audio may still be there."""
PAGES_COME_BACK = timedelta(seconds=20)
"""The same after this desk itself was started: the pages have lost it, not their calls, and try again with pauses."""
HANG_UP_TAKES = timedelta(seconds=1.5)
RECORDINGS_EVERY = 2
"""Looks."""


@dataclass(frozen=True)
class Softphone:
    """What a page last said about its telephone."""

    page: Tab
    in_call: bool
    had_call: bool
    """It has had a call since the page was loaded."""
    since: datetime


class Keeper:
    """Looks after one desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.doors = desk.doors
        self._phones: dict[str, Softphone] = {}
        """Agent id → the softphone that has registered."""
        self._returning: dict[str, str] = {}
        """Agent id → the call that waits for the agent's browser."""
        self._places: dict[str, cti.AgentRow] = {}
        self._busy: set[str] = set()
        self.looks = 0
        """How often it has been looked, for tests and the curious."""

    async def run(self) -> None:
        """Looks again and again."""
        while True:
            try:
                await self._look()
            except Exception:  # whatever it was, the next look must come: logged, counted, tried again
                metrics.LOOKS_FAILED.inc()
                log.exception("looking after things failed")
            self.looks += 1
            await asyncio.sleep(TICK)

    async def _look(self) -> None:
        self.desk.check_rules()
        self.desk.refresh()
        self.desk.tell_link()
        await self.desk.supervising.look()
        await self.desk.floor.look()
        for agent_id in {*self.desk.pictures, *self.desk.hub.present_agents()}:
            await self._look_after(agent_id)
        if self.looks % RECORDINGS_EVERY == 0 and self.desk.awaited:
            await self._tell_recordings()

    # --- from the pages ---

    async def phone(self, page: Tab, agent_id: str, *, registered: bool, in_call: bool) -> None:
        """What the page's softphone is doing now."""
        before = self._phones.get(agent_id)
        same = before is not None and before.page is page
        if registered:
            had_call = in_call or (before is not None and same and before.had_call)
            self._phones[agent_id] = Softphone(page, in_call, had_call, self.doors.now())
            if in_call:
                self._returning.pop(agent_id, None)
            await self._look_after(agent_id)
        elif same:
            del self._phones[agent_id]

    async def page_gone(self, agent_id: str) -> None:
        """The agent's last page has gone: looked after at once, for a citizen may be talking to nobody."""
        await self._look_after(agent_id)

    async def session_over(self, session: str, agent_id: str | None) -> None:
        """A log-in has ended: its pages close and the agent leaves the queues, unless another log-in stays."""
        viewer = self.desk.hub.viewer(agent_id or "")
        self.desk.hub.end_session(session)
        if agent_id is not None and (viewer is None or viewer.session == session):
            self._phones.pop(agent_id, None)
            await self._try("logout", agent_id)

    async def still_logged_in(self, session: str, agent_id: str | None) -> bool:
        """Whether a log-in still holds.  Nobody is sent to the log-in page in the middle of a call, or because the
        database is away."""
        if self.in_call(agent_id):
            return True
        try:
            return await run_in_threadpool(look_up, self.doors, session) is not None
        except SQLAlchemyError:
            log.warning("a log-in could not be checked", exc_info=True)
            return True

    def in_call(self, agent_id: str | None) -> bool:
        """Whether the agent is being called or in a call."""
        shown = self.desk.pictures.get(agent_id or "")
        return shown is not None and shown.agent.state in IN_CALL

    # --- presence ---

    async def _look_after(self, agent_id: str) -> None:
        """Does what the rules of presence ask for about one agent."""
        now = self.doors.now()
        gone_since = self.desk.hub.gone_since(agent_id)
        page = self.desk.hub.viewer(agent_id)
        seat = Seat(
            page_open=page is not None,
            gone_for=now - gone_since if gone_since else timedelta(0),
            phone_there=page is not None and await self._phone_there(agent_id, page),
            back_outside=self._back_outside(agent_id, page),
            call_lost=await self._call_lost(agent_id, page, gone_since),
        )
        grace = timedelta(seconds=self.desk.rules.screen_grace_seconds)
        action = action_for(self.desk.shown(agent_id), seat, grace, now)
        if action is not None:
            self.desk.spawn(self._try(action, agent_id))

    async def _call_lost(self, agent_id: str, page: Tab | None, gone_since: datetime | None) -> timedelta | None:
        """For how long the browser has been without the call that the switch believes it has."""
        shown = self.desk.pictures.get(agent_id)
        if shown is None or shown.call is None or shown.agent.state not in IN_CALL:
            self._returning.pop(agent_id, None)
            return None
        place = await self._place(agent_id)
        if place is None or place.kind != "web" or self._returning.get(agent_id) == shown.call.call_id:
            return None
        now = self.doors.now()
        if page is None:
            # Cut off among three: the others hear each other, and the audio finds its way back by itself (ICE).
            if shown.call.phase == cti.Phase.THREE_WAY and not self.desk.hub.has_left(agent_id):
                return None
            gone_for = now - (gone_since or now)
            longest = CUT_OFF if self.desk.hub.has_been_seen(agent_id) else PAGES_COME_BACK
            return gone_for if self.desk.hub.has_left(agent_id) or gone_for >= longest else None
        phone = self._phones.get(agent_id)
        if phone is None or phone.page is not page or phone.in_call:
            return None
        without = now - max(phone.since, shown.agent.since)
        # A page that has just hung up is a moment ahead of the switch; one that came later than the call is not.
        reloaded = not phone.had_call and phone.since > shown.agent.since
        return without if reloaded or without >= HANG_UP_TAKES else None

    def _back_outside(self, agent_id: str, page: Tab | None) -> bool:
        phone, shown = self._phones.get(agent_id), self.desk.pictures.get(agent_id)
        kept = shown is not None and shown.call is not None and self._returning.get(agent_id) == shown.call.call_id
        return kept and phone is not None and phone.page is page and not phone.in_call

    async def _phone_there(self, agent_id: str, page: Tab) -> bool:
        phone = self._phones.get(agent_id)
        if phone is not None and phone.page is page:
            return True
        place = await self._place(agent_id)
        return place is not None and place.kind == "phone"

    async def _place(self, agent_id: str) -> cti.AgentRow | None:
        """The agent's row; kept until the agent logs out, so that a change is seen at the next log-in."""

        def read() -> cti.AgentRow | None:
            with self.doors.read() as session:
                return cti.get_agent(session, agent_id)

        if agent_id not in self._places:
            row = await run_in_threadpool(read)
            if row is None or not row.enabled:
                return None
            self._places[agent_id] = row
        return self._places[agent_id]

    async def _try(self, action: Action, agent_id: str) -> None:
        """Carries one action out; a switch that cannot be reached gets it again at the next look."""
        if agent_id in self._busy:
            return
        self._busy.add(agent_id)
        try:
            await self._act(action, agent_id)
        except cti.AmiDown:
            log.info("%s of agent %s waits for the switch", action, agent_id)
        except cti.Refused as refusal:
            log.warning("the switch refused %s of agent %s: %s", action, agent_id, refusal.error_id)
        finally:
            self._busy.discard(agent_id)

    async def _act(self, action: Action, agent_id: str) -> None:
        bridge = self.doors.bridge
        if action == "login":
            place = await self._place(agent_id)
            if place is not None:
                await bridge.agent_login(agent_id, place.extension, place.queues)
        elif action == "logout":
            self._places.pop(agent_id, None)
            await bridge.agent_logout(agent_id)
        elif action == "ready":
            await bridge.agent_ready(agent_id)
        elif action == "wrap_up_done":
            await bridge.wrap_up_done(agent_id, time_is_up=True)
        elif action == "await_return":
            await self._await_return(agent_id)
        elif action == "call_back":
            await bridge.call_back(agent_id)
        elif action == "ring_again":
            view = next((view for view in bridge.agents() if view.agent_id == agent_id), None)
            if view is not None and view.state == "ringing" and view.channel is not None:
                await bridge.hangup(view.channel)
        else:
            await bridge.agent_not_ready(agent_id, SCREEN_LOST)
            await bridge.wrap_up_done(agent_id, time_is_up=True)  # in wrap-up the reason before counts from its end on

    async def _await_return(self, agent_id: str) -> None:
        shown = self.desk.shown(agent_id)
        if shown is None or shown.call is None or shown.agent.state == "ringing" or shown.agent.state not in IN_CALL:
            return
        self._returning[agent_id] = shown.call.call_id
        try:
            await self.doors.bridge.await_return(agent_id)
        except (cti.AmiDown, cti.Refused):
            self._returning.pop(agent_id, None)
            raise

    # --- recordings ---

    async def _tell_recordings(self) -> None:
        """Tells the agents whose recordings have become ready."""

        def read() -> dict[str, list[recordings.RecordingView]]:
            with self.doors.read() as session:
                return recordings.find_for_contacts(session, list(self.desk.awaited))

        try:
            found = await run_in_threadpool(read)
        except SQLAlchemyError:
            log.warning("the finished recordings could not be read", exc_info=True)
            return
        for contact_id, views in found.items():
            if all(view.state in ("ready", "failed") for view in views):
                agent_id = self.desk.awaited.pop(contact_id)
                for view in views:
                    if view.state == "ready":
                        ready = messages.RecordingReady(contact_id=contact_id, recording_id=view.recording_id)
                        self.desk.hub.push(agent_id, ready)

    def measure(self) -> None:
        """Sets the gauges to how things stand."""
        metrics.AMI_UP.set(self.doors.bridge.healthy)
        metrics.OPEN_CALLS.set(len(self.doors.bridge.calls()))
        metrics.AGENTS.clear()
        for state, count in Counter(view.state for view in self.doors.bridge.agents()).items():
            metrics.AGENTS.labels(state).set(count)
