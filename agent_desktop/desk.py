"""The desk at work: facts from the switch become cards, pops and live pictures in the agents' browsers.

Everything here runs on the event loop; what touches the database goes to a thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

import cti
import ticketing
from agent_desktop import messages, metrics
from agent_desktop.captions import LiveCaptions, Talk
from agent_desktop.cards import CallFacts, Cards, MadeCard
from agent_desktop.doors import Doors
from agent_desktop.floor import Floor
from agent_desktop.hub import Hub
from agent_desktop.ledger import note_access
from agent_desktop.line_quality import note_quality
from agent_desktop.names import Names
from agent_desktop.picture import IN_CALL, Limits, Picture, moment, picture
from agent_desktop.secrecy import Looker
from agent_desktop.supervising import Supervising
from agent_desktop.working_rules import WorkingRules, in_force
from cti.facts import (
    AgentRingEnded,
    AgentRinging,
    CallAnswered,
    CallArrived,
    CallEnded,
    CallQueued,
    Fact,
    PartyCalled,
    PartyLeft,
)

log = logging.getLogger(__name__)

CARD_PATIENCE = 0.1
"""Seconds a ring waits for its card; then the number alone is shown and the rest follows."""
REMEMBERED = 1000
"""Calls kept in mind until they are over or their recording is ready."""


class Desk:
    """One running desk.  ``on_fact`` is given every fact of the switch, in order."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self.hub = Hub(doors.now)
        self.cards = Cards(doors)
        self.names = Names(doors)
        self.floor = Floor(self)
        self.supervising = Supervising(doors, self.floor.changed)
        self.rules = doors.config.rules
        """The office's own rules as they are now."""
        self._one_change = asyncio.Lock()
        self.pictures: dict[str, Picture] = {}
        self.awaited: dict[str, str] = {}
        """Contact id → agent id of ended calls whose recording is still to come, oldest first."""
        self._answered_by: dict[str, str] = {}
        self._views: dict[str, tuple[cti.AgentView, cti.CallView | None]] = {}
        self._gone: dict[str, messages.PartyGone] = {}
        """Call id → who left it last of those called in addition."""
        self._ringing: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.captions = LiveCaptions(doors.captions, doors.bridge, doors.now, self.hub.push, self.spawn)
        self._one_quality = asyncio.Lock()
        """Windows of one line are added up one after the other."""
        self._refresh_due = False
        self._link: bool | None = None
        """What the pages were last told of the link to the switch."""

    async def start(self) -> None:
        """Connects to the switch."""
        try:
            await run_in_threadpool(self.doors.intake.warm)
        except Exception:  # a broken index or model costs suggestions, never the desk
            log.exception("what suggests at intake could not be loaded")
        await run_in_threadpool(self.cards.warm_up)
        await run_in_threadpool(self.names.load)
        await self.doors.bridge.follow(self.rules.floor)
        await self.follow_rules()
        await self.doors.bridge.start()
        await self.captions.start()

    async def stop(self) -> None:
        """Closes every page, leaves the switch.  Calls go on without us."""
        self.hub.close_all()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.captions.stop()
        await self.doors.bridge.stop()
        self.cards.close()

    def check_rules(self) -> None:
        """Looks beside everything else whether the rules have changed, unless that is being done."""
        if not self._one_change.locked():
            self.spawn(self.follow_rules())

    async def follow_rules(self) -> None:
        """Goes by the rules that are in force now; a database that is away leaves the last ones."""
        async with self._one_change:
            try:
                rules = await run_in_threadpool(self._read_rules)
            except SQLAlchemyError:
                return
            if rules == self.rules:
                return
            self.rules = rules
            self._views.clear()  # every picture is made anew, under the new limits
            await self.doors.bridge.follow(rules.floor)
            self.refresh()
            self.floor.changed()

    def _read_rules(self) -> WorkingRules:
        with self.doors.read() as session:
            return in_force(self.doors.config.rules, self.doors.office(session))

    def _limits(self) -> Limits:
        rule = cti.WRAP_UP_RULES[self.rules.wrap_up]
        return Limits(
            wrap_up=timedelta(seconds=self.rules.wrap_up_seconds) if rule.ends_by_time else None,
            ends_early=rule.ends_early,
            may_be_asked_for=rule.may_be_asked_for,
            breaks=self.doors.config.house_rules.limit,
        )

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
        self.floor.changed()
        if isinstance(fact, CallQueued):
            self.cards.prepare(self._call_facts(fact))
        elif isinstance(fact, AgentRinging):
            self._ringing[fact.agent_id] = fact.call_id
            self.spawn(self._pop(fact, asyncio.get_running_loop().time()))
        elif isinstance(fact, AgentRingEnded):
            self._ringing.pop(fact.agent_id, None)
            self.hub.push(fact.agent_id, messages.PopClosed(call_id=fact.call_id, reason=fact.reason))
        elif isinstance(fact, CallAnswered) and fact.agent_id and fact.contact_id:
            _remember(self._answered_by, fact.contact_id, fact.agent_id)
        elif isinstance(fact, CallArrived) and fact.outgoing:
            self.spawn(self._pop_outgoing(fact))
        elif isinstance(fact, PartyCalled):
            self._gone.pop(fact.call_id, None)
        elif isinstance(fact, PartyLeft):
            at = moment(fact.at) if fact.at is not None else self.doors.now()
            name = self.names.of_number(fact.number)
            self._gone[fact.call_id] = messages.PartyGone(number=fact.number, name=name, reason=fact.reason, at=at)
        elif isinstance(fact, CallEnded) and fact.contact_id in self._answered_by:
            self._gone.pop(fact.call_id, None)
            _remember(self.awaited, fact.contact_id, self._answered_by.pop(fact.contact_id))
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

    def _send_pop(self, fact: AgentRinging, card: MadeCard, rang_at: datetime) -> None:
        viewer = self.hub.viewer(fact.agent_id)
        if viewer is not None and self._ringing.get(fact.agent_id) == fact.call_id:
            shown = card.shown_to(viewer.looker).model_copy(
                update={"waited_seconds": fact.wait_seconds, "note": self._note_of(fact.call_id)}
            )
            self.hub.push(fact.agent_id, messages.Pop(call_id=fact.call_id, card=shown, rang_at=rang_at))

    async def _pop_outgoing(self, fact: CallArrived) -> None:
        """Shows whom the agent calls, with everything that is known of them."""
        agent_id = next((one.agent_id for one in self.doors.bridge.agents() if one.call_id == fact.call_id), None)
        if agent_id is None:
            return
        facts = CallFacts(fact.contact_id or fact.call_id, fact.dialled)
        card = await self.cards.get(facts, None)
        viewer = self.hub.viewer(agent_id)
        if viewer is not None:
            shown = card.shown_to(viewer.looker)
            self.hub.push(agent_id, messages.Pop(call_id=fact.call_id, card=shown, rang_at=self.doors.now()))
            await run_in_threadpool(note_access, self.doors, viewer.user_id, viewer.session, "card", facts.contact_id)

    def _note_of(self, call_id: str) -> str:
        return next((call.note for call in self.doors.bridge.calls() if call.call_id == call_id), "")

    def _call_facts(self, fact: CallQueued | AgentRinging) -> CallFacts:
        contact_id = fact.contact_id or fact.call_id
        if isinstance(fact, CallQueued):
            queued_at = moment(fact.at) if fact.at is not None else None
            return CallFacts(contact_id, fact.caller_number, fact.menu_path, fact.queue, queued_at)
        # Only used when the card was not begun while the citizen waited: the desk has just been started.
        call = next((call for call in self.doors.bridge.calls() if call.call_id == fact.call_id), None)
        return CallFacts(contact_id, fact.caller_number, call.menu_path if call else "", fact.queue)

    # --- to the pages ---

    def refresh(self) -> None:
        """Compares every agent's picture with what the switch says and sends what has changed."""
        self._refresh_due = False
        calls = {call.call_id: call for call in self.doors.bridge.calls()}
        now, limits = self.doors.now(), self._limits()
        for view in self.doors.bridge.agents():
            before = self.pictures.get(view.agent_id)
            call = calls.get(view.call_id or "")
            if before is not None and self._views.get(view.agent_id) == (view, call):
                continue
            self._views[view.agent_id] = view, call
            gone = self._gone.get(view.call_id or "")
            after = picture(view, call, before, limits, now, self.names.of, gone)
            self.pictures[view.agent_id] = after
            # Answered perhaps before this desk was started.
            if view.state in IN_CALL and view.state != "ringing" and view.contact_id:
                _remember(self._answered_by, view.contact_id, view.agent_id)
            if before is None or before.agent != after.agent:
                self.hub.push(view.agent_id, messages.AgentMessage(agent=after.agent))
            if (before.call if before else None) != after.call:
                self.hub.push(view.agent_id, messages.CallMessage(call=after.call))
        self.captions.follow(self._talks())

    def _talks(self) -> dict[str, Talk]:
        """The calls that agents are in or have just been in, by contact id."""
        shown: dict[str, list[Picture]] = {}
        for one in self.pictures.values():
            if one.call is not None and one.call.contact_id and one.call.state != "ringing":
                shown.setdefault(one.call.contact_id, []).append(one)
        return {
            contact_id: Talk(
                frozenset(one.agent.agent_id for one in pictures),
                any(one.call is not None and one.call.state != "ended" for one in pictures),
            )
            for contact_id, pictures in shown.items()
        }

    def tell_link(self) -> None:
        """Tells every page when the link to the switch has gone or come back."""
        healthy = self.doors.bridge.healthy
        if healthy != self._link:
            self._link = healthy
            self.hub.broadcast(messages.Link(ami=healthy))

    async def note_quality(self, agent_id: str, window: messages.ClientQuality) -> None:
        """Keeps what a page has measured of its line; only about the call its agent is in or has just been in."""
        shown = self.pictures.get(agent_id)
        if shown is None or shown.call is None or shown.call.contact_id != window.contact_id:
            return
        metrics.MOS.observe(window.mos)
        try:
            async with self._one_quality:
                await run_in_threadpool(self._keep_quality, agent_id, window)
        except SQLAlchemyError:
            log.warning("the quality of a line could not be kept", exc_info=True)

    def _keep_quality(self, agent_id: str, window: messages.ClientQuality) -> None:
        with self.doors.write.begin() as session:
            note_quality(session, agent_id, window, self.doors.now())

    async def hello(self, tab: str, agent_id: str | None, looker: Looker, *, active: bool) -> messages.Hello:
        """The full picture for one page.  Read from the database first, from the switch last and without a pause,
        so that nothing can change between the picture and the first message after it."""
        await run_in_threadpool(self.names.load)
        card: messages.Card | None = None
        draft: messages.Draft | None = None
        contact_id = None
        while agent_id is not None and active:
            shown = await self.with_ended_call(agent_id)
            if shown is None or shown.call is None or shown.call.contact_id in (None, contact_id):
                break
            contact_id = shown.call.contact_id
            made = await self.cards.fresh(await run_in_threadpool(self._known_facts, shown.call))
            card = made.shown_to(looker)
            draft = await run_in_threadpool(self._draft, agent_id, contact_id)
        shown = self.shown(agent_id) if agent_id else None
        current = shown.call if shown and active else None
        same = current is not None and current.contact_id == contact_id
        self.tell_link()  # so that what this page is told now is what a later change is measured against
        return messages.Hello(
            tab=tab,
            active=active,
            agent=shown.agent if shown else None,
            call=current,
            card=card if same else None,
            draft=draft if same else None,
            captions=self.captions.of(contact_id) if same else None,
            ami=self.doors.bridge.healthy,
            now=self.doors.now(),
        )

    def shown(self, agent_id: str) -> Picture | None:
        """One agent's picture as of now."""
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
        contact_id = call.contact_id or call.call_id
        try:
            with self.doors.read() as session:
                row = cti.get_call(session, contact_id)
        except SQLAlchemyError:
            row = None
        if row is None:
            return CallFacts(contact_id, call.caller_number or "", queue=call.queue)
        return CallFacts(contact_id, row.caller_number, row.menu_path, row.queue or None, row.queued_at)

    async def with_ended_call(self, agent_id: str) -> Picture | None:
        """The agent's picture; in wrap-up with the call it follows, even if that ended before this desk started."""
        shown = self.shown(agent_id)
        if shown is None or shown.agent.state != "wrap_up" or shown.call is not None:
            return shown
        row = await run_in_threadpool(self._last_call, agent_id)
        shown = self.shown(agent_id)
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


def _remember(memory: dict[str, str], key: str, value: str) -> None:
    memory[key] = value
    while len(memory) > REMEMBERED:
        del memory[next(iter(memory))]
