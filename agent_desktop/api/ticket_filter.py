"""The one way in which an address says which tickets are meant: for the list, the search and the files of both."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Query
from pydantic import Field

import ticketing
from agent_desktop.texts import Id, Line

Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2900, 1, 1))]
"""A local day; years whose moments every database can hold."""


@dataclass(frozen=True)
class Asked:
    """What the address says; days are the office's own, both ends included."""

    status: Annotated[list[Id] | None, Query(max_length=20)] = None
    kind: Annotated[list[ticketing.Kind] | None, Query(max_length=20)] = None
    channel: ticketing.Channel | None = None
    origin: ticketing.Origin | None = None
    unit: Annotated[Id | None, Query(description="The lead unit.")] = None
    assisting: Annotated[Id | None, Query(description="A unit that assists the lead unit.")] = None
    category: Annotated[
        Line | None, Query(min_length=1, max_length=100, description="With all categories below it.")
    ] = None
    light: ticketing.Light | None = None
    overdue: Annotated[bool | None, Query(description="Whether a unit was ever late with it.")] = None
    urgency: ticketing.Urgency | None = None
    evaluated: Annotated[bool | None, Query(description="Whether the caller has evaluated it.")] = None
    accepted_from: Day | None = None
    accepted_to: Day | None = None
    due_from: Day | None = None
    due_to: Day | None = None
    closed_from: Day | None = None
    closed_to: Day | None = None

    def told(self) -> dict[str, Any]:
        """What was said, for the access ledger."""
        said = {name: value for name, value in asdict(self).items() if value is not None and value != []}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}

    def wanted(self, office: ticketing.Office, now: datetime, words: str = "") -> ticketing.TicketFilter:
        """The same as the ticket room understands it."""
        zone = zone_of(office)
        return ticketing.TicketFilter(
            status=tuple(self.status or ()),
            kind=tuple(self.kind or ()),
            channel=self.channel,
            origin=self.origin,
            unit=self.unit,
            assisting=self.assisting,
            category=office.dictionary.subtree(self.category) if self.category else (),
            q=words.strip(),
            accepted=_days(zone, self.accepted_from, self.accepted_to),
            due=_days(zone, self.due_from, self.due_to),
            closed=_days(zone, self.closed_from, self.closed_to),
            light=self.light,
            at=now,
            overdue=self.overdue,
            urgency=self.urgency,
            evaluated=self.evaluated,
        )


def zone_of(office: ticketing.Office) -> ZoneInfo:
    """The office's time zone."""
    return ZoneInfo(office.pack.versions[0].rules.counting.time_zone)


def _days(zone: ZoneInfo, first: date | None, last: date | None) -> ticketing.Span:
    start = datetime.combine(first, time.min, zone) if first else None
    end = datetime.combine(last + timedelta(days=1), time.min, zone) if last else None
    return ticketing.Span(start, end)


AskedFor = Annotated[Asked, Depends()]
