"""Some weeks of a demo office's work, from the city's ``history.toml``: matters, and the courses they took.

Everything is done by the ticket room's own commands, in the order of time, with the sweeps in between that make things
overdue; nothing is written past them.  So the statistics, ledgers and inboxes of the demo show what an office's would.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

import cti
import ticketing
from hotline.seed import Seed

log = logging.getLogger(__name__)

_ROLES = {
    "centre": frozenset({"supervisor", "dispatcher", "operator"}),
    "unit": frozenset({"unit_handler", "unit_leader", "upper_reviewer"}),
}


@dataclass(frozen=True)
class _Life:
    """One time a matter came in, and what was done about it until when."""

    name: str
    matter: Mapping[str, Any]
    began: datetime
    steps: tuple[Mapping[str, Any], ...]


class _Past:
    """The office in the past, one moment after the other."""

    def __init__(self, session: Session, office: ticketing.Office) -> None:
        self.session, self.office = session, office
        self.tickets: dict[str, ticketing.Ticket] = {}
        """The newest ticket of each matter, by its title."""
        self.lives: dict[str, ticketing.Ticket] = {}
        """Those that are new and whose course goes on."""

    def register(self, life: _Life) -> bool:
        """Whether it is new; one that was put there before has gone its way already."""
        matter = life.matter
        same = self.tickets.get(matter["title"]) if matter.get("same", False) else None
        command = ticketing.CreateTicket(
            idempotency_key=f"seed-{life.name}",
            created_by=matter["agent"],
            caller_key=cti.normalise(matter["caller_number"]).key,
            same_matter_as=same.ticket_id if same is not None else None,
            **{name: matter[name] for name in _FIELDS if name in matter},
        )
        made = ticketing.create_ticket(self.session, command, life.began, office=self.office)
        if isinstance(made, ticketing.Refused):
            raise ValueError(f"history.toml: {life.name}: ticket refused: {made.reason} {dict(made.detail)}")
        self.tickets[matter["title"]] = made
        if made.created_at != life.began or made.version > 1:
            return False
        self.lives[life.name] = made
        return True

    def act(self, life: _Life, step: Mapping[str, Any], moment: datetime) -> None:
        """The next step of a course.  What the calendar of these weeks does not allow ends the course here."""
        ticket = self.lives.get(life.name)
        if ticket is None:
            return
        unit = step.get("unit", life.matter["unit"])
        given = {name: value for name, value in step.items() if name not in ("after", "verb", "by", "unit", "about")}
        if step["verb"] == "dispatch":
            given = {"units": [unit]} | life.matter.get("dispatch", {}) | given
        if "order" in given:
            given["order"] = self._newest_order(ticket, moment)
        act = ticketing.Act(
            ticket_id=ticket.ticket_id,
            verb=step["verb"],
            actor=self._actor(step["by"], unit),
            given=given,
            work_id=self._work(ticket, unit, moment) if step.get("about") == "work" else None,
        )
        answer = ticketing.perform(self.session, self.office, act, moment)
        if not isinstance(answer, ticketing.Ticket):
            log.info("history.toml: %s: %s refused: %s", life.name, step["verb"], answer)
            del self.lives[life.name]

    def _actor(self, by: str, unit: str) -> ticketing.Actor:
        if by == "citizen":
            return ticketing.CITIZEN
        name = next((one.zh for one in self.office.dictionary.units if one.unit_id == unit), unit)
        if by == "unit":
            return ticketing.Actor(f"{name}承办人", _ROLES["unit"], unit)
        return ticketing.Actor("热线办", _ROLES["centre"])

    def _matter(self, ticket: ticketing.Ticket, moment: datetime) -> Mapping[str, Any]:
        found = ticketing.matter(self.session, self.office, ticket.ticket_id, self._actor("centre", ""), moment)
        assert found is not None
        return found

    def _work(self, ticket: ticketing.Ticket, unit: str, moment: datetime) -> str:
        """The newest work of the unit."""
        return str([one for one in self._matter(ticket, moment)["works"] if one["unit_id"] == unit][-1]["work_id"])

    def _newest_order(self, ticket: ticketing.Ticket, moment: datetime) -> str:
        return str(self._matter(ticket, moment)["orders"][-1]["order_id"])


_FIELDS = ("kind", "category", "title", "text", "place", "caller_name", "caller_number", "channel")


def put_history(session: Session, office: ticketing.Office, content: Seed, now: datetime, zone: ZoneInfo) -> int:
    """Plays the weeks before ``now``; returns how many tickets were added."""
    lives = list(_lives(content, now.astimezone(zone).date(), zone))
    moments: list[tuple[datetime, int, _Life | None, Mapping[str, Any] | None]] = []
    for life in lives:
        moments.append((life.began, len(moments), life, None))
        for step in life.steps:
            moments.append((life.began + timedelta(hours=step["after"]), len(moments), life, step))
    if lives:
        first = min(life.began for life in lives)
        for day in range((now - first).days + 1):
            moments.append((first + timedelta(days=day + 1), len(moments), None, None))
    past, added = _Past(session, office), 0
    for moment, _, of, what in sorted(moments, key=lambda one: one[:2]):
        if moment >= now:
            break
        if of is None:
            if past.lives:
                ticketing.sweep(session, office, moment)
        elif what is None:
            added += past.register(of)
        else:
            past.act(of, what, moment)
    return added


def _lives(content: Seed, today: date, zone: ZoneInfo) -> Iterator[_Life]:
    courses = {one["name"]: tuple(one["step"]) for one in content.courses}
    for matter in content.matters:
        for days_ago, course in matter["lives"]:
            began = datetime.combine(today - timedelta(days=days_ago), time.fromisoformat(matter["at"]), zone)
            yield _Life(f"{matter['title']} {days_ago}", matter, began, courses[course])
