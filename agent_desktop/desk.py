"""The desk at work: facts from the switch become cards, pops and live pictures in the agents' browsers.

Everything here runs on the event loop; what touches the database goes to a thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

import cti
import recordings
import ticketing
from agent_desktop import messages, metrics
from agent_desktop.cards import CallFacts, Cards
from agent_desktop.demo_phones import DemoPhones
from agent_desktop.doors import Doors
from agent_desktop.hub import Hub, Tab
from agent_desktop.ledger import note_access
from agent_desktop.picture import Picture, moment, picture
from agent_desktop.presence import SCREEN_LOST, Action, Seat, action_for
from cti.facts import AgentRingEnded, AgentRinging, CallEnded, CallQueued, Fact

log = logging.getLogger(__name__)

CARD_PATIENCE = 0.1
"""Seconds a ring waits for its card; then the number alone is shown and the rest follows."""
HELLO_PATIENCE = 2.0
TICK = 1.0
"""Seconds between two looks at whether everything is as it should be."""
RECORDINGS_AWAITED = 500
RECORDINGS_EVERY = 2
"""Ticks."""


class Desk:
    """One running desk.  ``on_fact`` is given every fact of the switch, in order."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self.hub = Hub(doors.now)
        self.cards = Cards(doors)
        self.demo_phones = DemoPhones(doors.config.demo_phones, self.hub, doors.now)
        self.pictures: dict[str, Picture] = {}
        self._awaited: dict[str, str] = {}
        """Contact id → agent id of calls whose recording is still to come, oldest first."""
        self._phones: dict[str, Tab] = {}
        """Agent id → the page whose softphone has registered."""
        self._places: dict[str, cti.AgentRow] = {}
        self._busy: set[str] = set()
        self._views: dict[str, cti.AgentView] = {}
        self._ringing: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._refresh_due = False
        self._link: bool | None = None

    async def start(self) -> None:
        """Connects to the switch and starts looking after things."""
        await self.doors.bridge.start()
        self.spawn(self._ticking())

    async def stop(self) -> None:
        """Closes every page, leaves the switch.  Calls go on without us."""
        self.hub.close_all()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.doors.bridge.stop()
        self.cards.close()

    def spawn(self, job: Coroutine[Any, Any, None]) -> None:
        """Runs a job beside everything else; one that fails is logged, nothing else stops."""
        task = asyncio.get_running_loop().create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a job of the desk failed", exc_info=task.exception())

    # --- from the switch ---

    def on_fact(self, fact: Fact) -> None:
        """Takes one fact.  Cheap: whatever needs time is put beside."""
        if isinstance(fact, CallQueued):
            self.cards.prepare(self._call_facts(fact))
        elif isinstance(fact, AgentRinging):
            self._ringing[fact.agent_id] = fact.call_id
            self.spawn(self._pop(fact, asyncio.get_running_loop().time()))
        elif isinstance(fact, AgentRingEnded):
            self._ringing.pop(fact.agent_id, None)
            self.hub.push(fact.agent_id, messages.PopClosed(call_id=fact.call_id, reason=fact.reason))
        elif isinstance(fact, CallEnded) and fact.contact_id:
            self._await_recording(fact.contact_id)
        if not self._refresh_due:
            self._refresh_due = True
            asyncio.get_running_loop().call_soon(self.refresh)

    async def _pop(self, fact: AgentRinging, began: float) -> None:
        """Shows the caller to the agent being rung: at once what is known at once, the rest when it is read."""
        facts = self._call_facts(fact)
        rang_at = self.doors.now()
        card = await self.cards.get(facts, CARD_PATIENCE)
        self._send_pop(fact, card, rang_at)
        metrics.POP.observe(asyncio.get_running_loop().time() - began)
        if card.incomplete:
            whole = await self.cards.get(facts, None)
            if not whole.incomplete:
                self._send_pop(fact, whole, rang_at)
        viewer = self.hub.viewer(fact.agent_id)
        if viewer is not None:
            await run_in_threadpool(note_access, self.doors, viewer.user_id, viewer.session, "card", facts.contact_id)

    def _send_pop(self, fact: AgentRinging, card: messages.Card, rang_at: datetime) -> None:
        if self._ringing.get(fact.agent_id) == fact.call_id:
            shown = card.model_copy(update={"waited_seconds": fact.wait_seconds})
            self.hub.push(fact.agent_id, messages.Pop(call_id=fact.call_id, card=shown, rang_at=rang_at))

    def _call_facts(self, fact: CallQueued | AgentRinging) -> CallFacts:
        queued = fact if isinstance(fact, CallQueued) else None
        call = next((call for call in self.doors.bridge.calls() if call.call_id == fact.call_id), None)
        return CallFacts(
            contact_id=fact.contact_id or fact.call_id,
            number=fact.caller_number,
            menu_path=queued.menu_path if queued else call.menu_path if call else "",
            queue=fact.queue,
            queued_at=moment(fact.at) if queued and fact.at else None,
        )

    def _await_recording(self, contact_id: str) -> None:
        for agent_id, shown in self.pictures.items():
            if shown.call is not None and shown.call.contact_id == contact_id:
                self._awaited[contact_id] = agent_id
        while len(self._awaited) > RECORDINGS_AWAITED:
            del self._awaited[next(iter(self._awaited))]

    # --- to the pages ---

    def refresh(self) -> None:
        """Compares every agent's picture with what the switch says and sends what has changed."""
        self._refresh_due = False
        calls = {call.call_id: call for call in self.doors.bridge.calls()}
        now = self.doors.now()
        wrap_up = timedelta(seconds=self.doors.config.wrap_up_seconds)
        for view in self.doors.bridge.agents():
            before = self.pictures.get(view.agent_id)
            if before is not None and self._views.get(view.agent_id) == view:
                continue
            self._views[view.agent_id] = view
            after = picture(view, calls.get(view.call_id or ""), before, wrap_up, now)
            self.pictures[view.agent_id] = after
            if before is None or before.agent != after.agent:
                self.hub.push(view.agent_id, messages.AgentMessage(agent=after.agent))
            if (before.call if before else None) != after.call:
                self.hub.push(view.agent_id, messages.CallMessage(call=after.call))

    async def hello(self, tab: str, agent_id: str | None, *, active: bool) -> messages.Hello:
        """The full picture for one page.  Read from the database first, from the switch last and without a pause,
        so that nothing can change between the picture and the first message after it."""
        card: messages.Card | None = None
        draft: messages.Draft | None = None
        contact_id = None
        while agent_id is not None and active:
            shown = await self._with_ended_call(agent_id)
            if shown is None or shown.call is None or shown.call.contact_id in (None, contact_id):
                break
            contact_id = shown.call.contact_id
            card = await self.cards.fresh(await run_in_threadpool(self._known_facts, shown.call))
            draft = await run_in_threadpool(self._draft, agent_id, contact_id)
        shown = self._shown(agent_id) if agent_id else None
        current = shown.call if shown and active else None
        same = current is not None and current.contact_id == contact_id
        return messages.Hello(
            tab=tab,
            active=active,
            agent=shown.agent if shown else None,
            call=current,
            card=card if same else None,
            draft=draft if same else None,
            ami=self.doors.bridge.healthy,
            now=self.doors.now(),
        )

    def _shown(self, agent_id: str) -> Picture | None:
        self.refresh()
        return self.pictures.get(agent_id)

    def _draft(self, agent_id: str, contact_id: str) -> messages.Draft | None:
        try:
            with self.doors.read() as session:
                found = ticketing.get_draft(session, agent_id, contact_id)
        except SQLAlchemyError:
            log.warning("a draft could not be read", exc_info=True)
            return None
        if found is None:
            return None
        return messages.Draft(
            contact_id=contact_id, body=dict(found.body), version=found.version, saved_at=found.updated_at
        )

    def _known_facts(self, call: messages.CallState) -> CallFacts:
        """What is known about a call in progress, also by a desk that has just been started."""
        contact_id = cast(str, call.contact_id)
        try:
            with self.doors.read() as session:
                row = cti.get_call(session, contact_id)
        except SQLAlchemyError:
            row = None
        if row is None:
            return CallFacts(contact_id, call.caller_number or "", queue=call.queue)
        return CallFacts(contact_id, row.caller_number, row.menu_path, row.queue or None, row.queued_at)

    async def _with_ended_call(self, agent_id: str) -> Picture | None:
        """The agent's picture; in wrap-up with the call it follows, even if that ended before this desk started."""
        shown = self._shown(agent_id)
        if shown is None or shown.agent.state != "wrap_up" or shown.call is not None:
            return shown
        row = await run_in_threadpool(self._last_call, agent_id)
        shown = self._shown(agent_id)
        if row is not None and shown is not None and shown.agent.state == "wrap_up" and shown.call is None:
            call = messages.CallState(
                call_id=row.call_id,
                contact_id=row.contact_id,
                state="ended",
                since=shown.agent.since,
                answered_at=row.answered_at,
                caller_number=row.caller_number,
                queue=row.queue or None,
            )
            shown = self.pictures[agent_id] = Picture(shown.agent, call)
        return shown

    def _last_call(self, agent_id: str) -> cti.CallRow | None:
        with self.doors.read() as session:
            return next(iter(cti.recent_calls(session, agent_id=agent_id, limit=1)), None)

    # --- from the pages ---

    async def phone(self, page: Tab, agent_id: str, *, registered: bool) -> None:
        """The page's softphone has registered, or has lost its registration."""
        if registered:
            self._phones[agent_id] = page
            await self._look_after(agent_id)
        elif self._phones.get(agent_id) is page:
            del self._phones[agent_id]

    async def session_over(self, session: str, agent_id: str | None) -> None:
        """A log-in has ended: its pages close and the agent leaves the queues, unless another log-in stays."""
        self.hub.end_session(session)
        viewer = self.hub.viewer(agent_id or "")
        if agent_id is not None and (viewer is None or viewer.session == session):
            self._phones.pop(agent_id, None)
            await self._try("logout", agent_id)

    # --- looking after things ---

    async def _ticking(self) -> None:
        tick = 0
        while True:
            tick += 1
            try:
                await self._tick(tick)
            except Exception:  # whatever it was, the next look must come: logged, counted, tried again
                metrics.TICKS_FAILED.inc()
                log.exception("looking after things failed")
            await asyncio.sleep(TICK)

    async def _tick(self, tick: int) -> None:
        self.refresh()
        self._tell_link()
        for agent_id in {*self._views, *self.hub.present_agents()}:
            await self._look_after(agent_id)
        if tick % RECORDINGS_EVERY == 0 and self._awaited:
            await self._tell_recordings()

    def _tell_link(self) -> None:
        healthy = self.doors.bridge.healthy
        if healthy != self._link:
            self._link = healthy
            self.hub.broadcast(messages.Link(ami=healthy))

    async def _look_after(self, agent_id: str) -> None:
        """Does what the rules of presence ask for about one agent."""
        now = self.doors.now()
        gone_since = self.hub.gone_since(agent_id)
        page = self.hub.viewer(agent_id)
        seat = Seat(
            page_open=page is not None,
            gone_for=now - gone_since if gone_since else timedelta(0),
            phone_there=page is not None and await self._phone_there(agent_id, page),
        )
        grace = timedelta(seconds=self.doors.config.screen_grace_seconds)
        action = action_for(self._shown(agent_id), seat, grace, now)
        if action is not None:
            self.spawn(self._try(action, agent_id))

    async def _phone_there(self, agent_id: str, page: Tab) -> bool:
        if self._phones.get(agent_id) is page:
            return True
        place = await self._place(agent_id)
        return place is not None and place.kind == "phone"

    async def _place(self, agent_id: str) -> cti.AgentRow | None:
        """The agent's row; kept only while the page is open, so that a change is seen at the next log-in."""

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
        """Carries one action out; a switch that cannot be reached gets it again at the next tick."""
        if agent_id in self._busy:
            return
        self._busy.add(agent_id)
        try:
            await self._act(action, agent_id)
        except cti.AmiDown:
            log.info("%s of agent %s waits for the switch", action, agent_id)
        except cti.Refused as refusal:
            log.warning("the switch refused %s of agent %s: %s", action, agent_id, refusal)
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
            await bridge.wrap_up_done(agent_id)
        else:
            await bridge.agent_not_ready(agent_id, SCREEN_LOST)

    async def _tell_recordings(self) -> None:
        """Tells the agents whose recordings have become ready."""

        def read() -> dict[str, list[recordings.RecordingView]]:
            with self.doors.read() as session:
                return recordings.find_for_contacts(session, list(self._awaited))

        try:
            found = await run_in_threadpool(read)
        except SQLAlchemyError:
            log.warning("the finished recordings could not be read", exc_info=True)
            return
        for contact_id, views in found.items():
            if all(view.state in ("ready", "failed") for view in views):
                agent_id = self._awaited.pop(contact_id)
                for view in views:
                    if view.state == "ready":
                        ready = messages.RecordingReady(contact_id=contact_id, recording_id=view.recording_id)
                        self.hub.push(agent_id, ready)

    def measure(self) -> None:
        """Sets the gauges to how things stand."""
        metrics.AMI_UP.set(self.doors.bridge.healthy)
        metrics.OPEN_CALLS.set(len(self.doors.bridge.calls()))
        metrics.AGENTS.clear()
        for state, count in Counter(view.state for view in self.doors.bridge.agents()).items():
            metrics.AGENTS.labels(state).set(count)


def desk_of(connection: HTTPConnection) -> Desk:
    """The running desk, from any request or WebSocket."""
    return cast(Desk, connection.app.state.desk)
