"""Where what is reported and what grew: the tree of places by the tree of categories, and the tickets behind a cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy.orm import Session

import ticketing
from agent_desktop.access import StatisticsReader, TheDoors, Visitor
from agent_desktop.api.indicators import FILE, Since, Until, period_asked
from agent_desktop.api.tickets import TicketPage, refused, shown, viewer_of
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.form_guide import Branch
from agent_desktop.texts import Cursor, Limit
from ticketing.exchange import FORMATS, written

router = APIRouter(tags=["indicators"])

_CODE = r"[A-Za-z0-9][A-Za-z0-9_/-]{0,99}"
Within = Annotated[
    str, StringConstraints(pattern=f"^({_CODE})?$"), Query(description="A place's code; empty: the city.")
]
Above = Annotated[str, StringConstraints(pattern=f"^({_CODE})?$"), Query(description="A category; empty: all of them.")]
Part = Annotated[str, StringConstraints(pattern=f"^(-|{_CODE})$"), Query(description="A code, or `-` for the rest.")]


class SpotName(BaseModel):
    """A place or a category."""

    code: str = Field(description="`-` for what belongs to none of them.")
    zh: str
    en: str
    inner: bool = Field(description="Whether there is a level below it.")


class SpotCell(BaseModel):
    """What was registered at a place about a category."""

    place: str
    category: str
    now: int
    before: int = Field(description="In the period before; of a period under way, in as much of it as has passed.")
    rising: bool = Field(description="At least five, and more than before by twice the root of both together.")


class HotspotsAnswer(BaseModel):
    """Places by categories of one level each, over the tickets that the visitor may count."""

    places: list[SpotName]
    categories: list[SpotName]
    cells: list[SpotCell]


@router.get(
    "/hotspots",
    response_model=HotspotsAnswer,
    responses=responses("not_logged_in", "forbidden", "invalid_request", "not_found"),
)
def hotspots(
    visitor: StatisticsReader, doors: TheDoors, since: Since, until: Until, within: Within = "", above: Above = ""
) -> HotspotsAnswer:
    """The cells of [since, until), fullest first; only those with anything in them."""
    with doors.read() as session:
        return _answer(session, doors, visitor, period_asked(doors, since, until), within, above)


@router.get(
    "/hotspots/tickets",
    response_model=TicketPage,
    responses=responses("not_logged_in", "forbidden", "invalid_request", "not_found"),
)
def tickets(
    visitor: StatisticsReader,
    doors: TheDoors,
    since: Since,
    until: Until,
    within: Within = "",
    above: Above = "",
    place: Part | None = None,
    category: Part | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> TicketPage:
    """The tickets of a cell, newest first: those of them that the visitor may see."""
    with doors.read() as session:
        asked, office = period_asked(doors, since, until), doors.office(session)
        axis, viewer = _axis(doors, within), viewer_of(session, doors, visitor)
        found = ticketing.hotspot_tickets(session, office, viewer, asked, axis, above, place, category, cursor, limit)
        if isinstance(found, ticketing.Refused):
            raise refused(found)
        return TicketPage(tickets=shown(session, found.tickets, visitor), next_cursor=found.next_cursor)


@router.get(
    "/exports/hotspots.{form}",
    response_class=StreamingResponse,
    responses=responses("not_logged_in", "forbidden", "invalid_request", "not_found") | FILE,
)
def export(
    form: Literal["csv", "xlsx"],
    visitor: StatisticsReader,
    doors: TheDoors,
    since: Since,
    until: Until,
    within: Within = "",
    above: Above = "",
) -> StreamingResponse:
    """The cells as a sheet, fullest first."""
    with doors.read() as session:
        found = _answer(session, doors, visitor, period_asked(doors, since, until), within, above)
    columns = ("place", "category", "now", "before", "rising")
    headers = {"content-disposition": f'attachment; filename="hotspots.{form}"'}
    return StreamingResponse(written(form, columns, _lines(found)), media_type=FORMATS[form], headers=headers)


def _lines(found: HotspotsAnswer) -> Iterator[dict[str, Any]]:
    places = {one.code: one.zh for one in found.places}
    categories = {one.code: one.zh for one in found.categories}
    for cell in found.cells:
        yield {**cell.model_dump(), "place": places[cell.place], "category": categories[cell.category]}


def _answer(
    session: Session, doors: Doors, visitor: Visitor, period: ticketing.Period, within: str, above: str
) -> HotspotsAnswer:
    office = doors.office(session)
    viewer = viewer_of(session, doors, visitor)
    found = ticketing.hotspots(session, office, viewer, period, _axis(doors, within), above)
    if isinstance(found, ticketing.Refused):
        raise refused(found)
    rest = SpotName(code=ticketing.REST, zh="其他", en="Other", inner=False)
    places = [_named(one) for one in _path(doors, within)[1]]
    below = ticketing.categories_below(office, above) or ()
    categories = [_named(one) for one in below]
    cells = [
        SpotCell(place=one.place, category=one.category, now=one.now, before=one.before, rising=one.rising)
        for one in found
    ]
    return HotspotsAnswer(places=[*places, rest], categories=[*categories, rest], cells=cells)


def _named(one: Branch | ticketing.Category) -> SpotName:
    return SpotName(code=one.code, zh=one.zh, en=one.en, inner=bool(one.children))


def _axis(doors: Doors, within: str) -> ticketing.PlaceAxis:
    whole, parts = _path(doors, within)
    return ticketing.PlaceAxis(whole, {one.code: f"{whole}{one.zh}" for one in parts})


def _path(doors: Doors, within: str) -> tuple[str, tuple[Branch, ...]]:
    """How addresses at a place begin, as the form writes them, and the places just below it."""

    def seek(level: tuple[Branch, ...], text: str) -> tuple[str, tuple[Branch, ...]] | None:
        for one in level:
            if one.code == within:
                return text + one.zh, one.children
            deeper = seek(one.children, text + one.zh)
            if deeper is not None:
                return deeper
        return None

    found = ("", doors.form.places) if within == "" else seek(doors.form.places, "")
    if found is None:
        raise DeskError("not_found")
    return found
