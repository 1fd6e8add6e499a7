"""The floor as it is now, for the pages that show it: from the switch what is, from the ledger what has been today."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

import cti
from agent_desktop import metrics
from agent_desktop.erlang import agents_needed, load, traffic
from agent_desktop.floor_day import TOLD, Counts, Day, Rule
from agent_desktop.floor_messages import (
    FloorAgent,
    FloorCounts,
    FloorEar,
    FloorLimits,
    FloorMessage,
    FloorQuarter,
    FloorQueue,
    FloorStaffing,
    FloorView,
    FloorWaiter,
)
from agent_desktop.hub import Tab
from agent_desktop.picture import moment

if TYPE_CHECKING:
    from agent_desktop.desk import Desk

log = logging.getLogger(__name__)

GAP = 0.2
"""Seconds between two pictures for one page: an eye sees no more, and a storm of events costs no more."""
FORECAST = timedelta(minutes=30)
ANEW = timedelta(minutes=10)
"""How often the day is counted from its beginning: a line of the ledger that came late is not missed for long."""
AT_CALLS = frozenset({"ready", "ringing", "talking", "held", "consulting", "three_way", "wrap_up"})
"""States of agents who are on calls or ready for them."""


@dataclass(frozen=True)
class Figures:
    """The day as counted last."""

    begins: datetime
    rule: Rule
    total: Counts
    queues: Mapping[str, Counts]
    quarters: Sequence[tuple[datetime, Counts]]
    calls: int
    """Came in the last half hour."""


class Floor:
    """One desk's floor.  Reads and sends only while some page shows it."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._doors = desk, desk.doors
        self._watching: dict[Tab, FloorView] = {}
        self._due = False
        self._changed_at = self._sent_at = 0.0
        self._reading = asyncio.Lock()
        self._day: Day | None = None
        self._begun_at: datetime | None = None
        self._last_fact = 0
        self._figures: Figures | None = None

    def watch(self, tab: Tab, view: FloorView) -> None:
        """From now on the page shows this of the floor."""
        self._watching.pop(tab, None)
        if view != "off":
            self._watching[tab] = view
            self.changed()

    def forget(self, tab: Tab) -> None:
        """The page has gone."""
        self._watching.pop(tab, None)

    def changed(self) -> None:
        """Something is different: the pages are told, soon."""
        if self._watching and not self._due:
            self._due = True
            self._changed_at = asyncio.get_running_loop().time()
            self._desk.spawn(self._tell())

    async def look(self) -> None:
        """Counts what has come into the ledger since; once a second, while somebody looks."""
        if self._watching and await self._count():
            self.changed()

    async def _tell(self) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._sent_at + GAP - loop.time()))
        self._due = False
        if self._figures is None:
            await self._count()
        self._sent_at = loop.time()
        pictures: dict[FloorView, FloorMessage] = {}
        for tab, view in list(self._watching.items()):
            if view not in pictures:
                pictures[view] = self.picture(view)
            tab.send(pictures[view])
        metrics.FLOOR.observe(loop.time() - self._changed_at)

    # --- the day ---

    async def _count(self) -> bool:
        """Takes in what is new in the ledger; whether the figures are other ones now."""
        async with self._reading:
            before, rule = self._figures, self._desk.rules.counting
            try:
                self._figures = await run_in_threadpool(self._read, rule)
            except SQLAlchemyError:
                log.warning("the ledger of facts could not be read for the floor", exc_info=True)
        return self._figures != before

    def _read(self, rule: Rule) -> Figures:
        now = self._doors.now()
        with self._doors.read() as session:
            begins = midnight(self._zone(session), now)
            old = self._begun_at is None or now - self._begun_at > ANEW
            if self._day is None or self._day.begins != begins or old:
                self._day, self._begun_at, self._last_fact = Day(begins), now, 0
            row = cti.FactRow
            told = select(row.fact_id, row.name, row.at, row.contact_id, row.body).where(
                row.at >= begins, row.fact_id > self._last_fact, row.name.in_(TOLD)
            )
            for fact_id, name, at, contact_id, body in session.execute(told.order_by(row.fact_id)):
                self._day.take(name, at, contact_id, body)
                self._last_fact = fact_id
        day = self._day
        return Figures(
            begins=begins,
            rule=rule,
            total=day.counts(rule),
            queues={queue: day.counts(rule, queue) for queue in day.queues()},
            quarters=day.quarters(rule, now),
            calls=day.offered_since(now - FORECAST),
        )

    def _zone(self, session: Session) -> str:
        return self._doors.office(session).pack.versions[0].rules.counting.time_zone

    # --- the picture ---

    def picture(self, view: FloorView) -> FloorMessage:
        """What a page is shown of it now."""
        bridge, figures = self._doors.bridge, self._figures
        agents = [one for one in bridge.agents() if one.state != "logged_out"]
        calls = {call.call_id: call for call in bridge.calls()}
        states = Counter(one.state for one in agents)
        return FloorMessage(
            now=self._doors.now(),
            begins=figures.begins if figures else None,
            queues=[self._queue(one, agents, calls) for one in bridge.queues()],
            agents=[self._agent(one) for one in agents] if view == "floor" else [],
            waiting=self._waiters(calls) if view == "floor" else [],
            states=dict(states),
            today=FloorCounts.model_validate(figures.total) if figures else None,
            quarters=[
                FloorQuarter(at=at, counts=FloorCounts.model_validate(counts))
                for at, counts in (figures.quarters if figures else ())
            ],
            staffing=self._staffing(sum(states[state] for state in AT_CALLS)),
            limits=FloorLimits.model_validate(self._desk.rules),
        )

    def _queue(
        self, view: cti.QueueView, agents: Sequence[cti.AgentView], calls: Mapping[str, cti.CallView]
    ) -> FloorQueue:
        waits = [self._since(calls[call_id]) for call_id in view.calls if call_id in calls]
        counts = self._figures.queues.get(view.queue) if self._figures else None
        return FloorQueue(
            queue=view.queue,
            waiting=view.waiting,
            first_since=min(waits, default=None),
            states=dict(Counter(one.state for one in agents if view.queue in one.queues)),
            today=FloorCounts.model_validate(counts) if counts else None,
        )

    def _agent(self, view: cti.AgentView) -> FloorAgent:
        shown = self._desk.pictures.get(view.agent_id)
        agent = shown.agent if shown else None
        ears = [
            FloorEar(act_id=one.act_id, by=one.user_id, by_name=one.name, mode=one.mode, since=one.since)
            for one in self._desk.supervising.going()
            if one.agent_id == view.agent_id
        ]
        return FloorAgent(
            agent_id=view.agent_id,
            name=self._desk.names.of_agent(view.agent_id),
            extension=view.extension,
            queues=list(view.queues),
            state=view.state,
            reason=view.reason or None,
            since=agent.since if agent else self._doors.now(),
            until=agent.until if agent else None,
            next_reason=agent.next_reason if agent else None,
            lost=view.lost,
            contact_id=view.contact_id,
            ears=ears,
        )

    def _waiters(self, calls: Mapping[str, cti.CallView]) -> list[FloorWaiter]:
        waiting = [call for call in calls.values() if call.position > 0]
        shown = [
            FloorWaiter(
                contact_id=call.contact_id or call.call_id,
                queue=call.queue,
                position=call.position,
                number_masked=cti.normalise(call.caller_number).masked,
                since=self._since(call),
                menu=self._doors.menu_labels(call.menu_path),
                note=call.note,
            )
            for call in waiting
        ]
        return sorted(shown, key=lambda one: (one.queue, one.position))

    def _since(self, call: cti.CallView) -> datetime:
        return moment(call.queued_at) if call.queued_at is not None else self._doors.now()

    def _staffing(self, agents: int) -> FloorStaffing | None:
        figures = self._figures
        if figures is None or not figures.total.aht or not figures.calls:
            return None
        aht, target = figures.total.aht, self._desk.rules.service_seconds
        goal = self._desk.rules.floor_level_yellow / 100
        erlangs = traffic(figures.calls, FORECAST.total_seconds(), aht)
        now = load(erlangs, aht, agents, target)
        return FloorStaffing(
            calls=figures.calls,
            aht=aht,
            agents=agents,
            needed=agents_needed(erlangs, aht, target, goal),
            level=now.level,
            goal=goal,
            occupancy=min(now.occupancy, 99.0),
        )


def midnight(zone: str, now: datetime) -> datetime:
    """When today began in the office."""
    local = now.astimezone(ZoneInfo(zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
