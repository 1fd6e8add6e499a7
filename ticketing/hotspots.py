"""Hot spots (热点): where what is reported, and what grew: places by categories, beside the period before.

A place is known by how its address begins, as the form writes it; the tree of places is the city's and comes from
outside.  The count of a cell and the tickets behind it come from the same condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, not_, or_, select
from sqlalchemy.orm import Session

from ticketing.access import counted
from ticketing.dictionary import Category
from ticketing.indicators import Period
from ticketing.model import Page, Refused, TicketFilter, Viewer
from ticketing.office import Office
from ticketing.store import list_tickets
from ticketing.tables import TicketRow

REST = "-"
"""What belongs to the whole and to none of its parts."""
RISING_LEAST = 5
"""Fewer tickets than this are never called rising."""
RISING_SIGMAS = 2.0
"""By how many standard deviations of chance the growth must exceed it: two Poisson counts differ by the root of their
sum.  Our convention; no regulation names one."""


@dataclass(frozen=True, slots=True)
class PlaceAxis:
    """The places that are looked at: ``whole`` is how addresses within the whole begin, "" for the city."""

    whole: str
    parts: Mapping[str, str]
    """Code → how an address there begins."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How much was registered at a place about a category."""

    place: str
    category: str
    now: int
    before: int

    @property
    def rising(self) -> bool:
        """More than before, and by more than chance explains."""
        return self.now >= RISING_LEAST and self.now - self.before >= RISING_SIGMAS * sqrt(self.now + self.before)


def before(period: Period) -> Period:
    """The period just before, as long as itself; of one that is not over yet, as much of it as has passed."""
    length = period.until - period.since
    passed = max(min(period.now, period.until) - period.since, length * 0)
    since = period.since - length
    return Period(since, since + passed, period.now)


def hotspots(
    session: Session, office: Office, viewer: Viewer, period: Period, places: PlaceAxis, above: str = ""
) -> tuple[Cell, ...] | Refused:
    """Every cell with anything in it, fullest first; categories are those just below ``above`` ("": the uppermost)."""
    below = categories_below(office, above)
    if below is None:
        return Refused("not_found")
    earlier = before(period)
    now = period.holds(TicketRow.created_at)
    columns: tuple[Any, ...] = (
        _which(_in_places(places)).label("place"),
        _which(_in_categories(above, below)).label("category"),
        case((now, 1), else_=0).label("now"),
    )
    wanted = or_(now, earlier.holds(TicketRow.created_at))
    found = select(*columns).where(wanted, counted(viewer)).subquery()
    whole = (found.c.place.is_not(None), found.c.category.is_not(None))
    groups = (found.c.place, found.c.category)
    statement = select(*groups, func.sum(found.c.now), func.count()).where(*whole).group_by(*groups)
    cells = [
        Cell(place, category, int(new), both - int(new)) for place, category, new, both in session.execute(statement)
    ]
    return tuple(sorted(cells, key=lambda cell: (-cell.now, -cell.before, cell.place, cell.category)))


def hotspot_tickets(
    session: Session,
    office: Office,
    viewer: Viewer,
    period: Period,
    places: PlaceAxis,
    above: str,
    place: str | None,
    category: str | None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page | Refused:
    """The tickets of a cell, as far as the viewer may see them, newest first; None: of every place, or category."""
    below = categories_below(office, above)
    if below is None:
        return Refused("not_found")
    at, about = _in_places(places), _in_categories(above, below)
    if place not in (None, *at) or category not in (None, *about):
        return Refused("not_found")
    where = or_(*at.values()) if place is None else at[place]
    what = or_(*about.values()) if category is None else about[category]
    among = select(TicketRow.ticket_id).where(period.holds(TicketRow.created_at), where, what, counted(viewer))
    return list_tickets(session, TicketFilter(), viewer, cursor, limit, among=among)


def categories_below(office: Office, above: str) -> tuple[Category, ...] | None:
    """The categories just below one, "" for the uppermost; None when there is no such category."""
    level = office.dictionary.categories
    code = ""
    for step in above.split("/") if above else ():
        code = f"{code}/{step}" if code else step
        found = next((one for one in level if one.code == code), None)
        if found is None:
            return None
        level = found.children
    return level


def _in_places(places: PlaceAxis) -> dict[str, ColumnElement[bool]]:
    """Code → whether a ticket lies there; each ticket of the whole lies in one.  Spaces in an address say nothing."""
    address = func.replace(TicketRow.place, " ", "")
    begins = {text: address.startswith(text, autoescape=True) for text in places.parts.values()}
    parts = {
        code: and_(begins[text], *(not_(begins[one]) for one in begins if one != text and one.startswith(text)))
        for code, text in places.parts.items()
    }
    whole = address.startswith(places.whole, autoescape=True)
    return parts | {REST: and_(whole, not_(or_(false(), *parts.values())))}


def _in_categories(above: str, below: tuple[Category, ...]) -> dict[str, ColumnElement[bool]]:
    parts = {one.code: _is_or_below(one.code) for one in below}
    whole = _is_or_below(above) if above else TicketRow.category.is_not(None)
    return parts | {REST: and_(whole, not_(or_(false(), *parts.values())))}


def _is_or_below(code: str) -> ColumnElement[bool]:
    return or_(TicketRow.category == code, TicketRow.category.startswith(f"{code}/", autoescape=True))


def _which(among: Mapping[str, ColumnElement[bool]]) -> ColumnElement[Any]:
    return case(*((condition, literal(code)) for code, condition in among.items()), else_=None)
