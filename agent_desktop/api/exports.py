"""Lists of tickets as files: what a filter or a search finds, for whoever may take it out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

import ticketing
from agent_desktop.access import TheDoors, TicketExporter, Visitor
from agent_desktop.api.ticket_filter import AskedFor, zone_of
from agent_desktop.api.tickets import hides_caller, viewer_of
from agent_desktop.doors import Doors
from agent_desktop.errors import responses
from agent_desktop.paging import MOST
from agent_desktop.texts import Line
from ticketing.exchange import COLUMNS, FORMATS, Exporter, Form, written

router = APIRouter(tags=["exports"])

PAGE = 200

_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {media.partition(";")[0]: {} for media in FORMATS.values()}, "description": "The file."}
}


@router.get(
    "/exports/tickets.{form}",
    response_class=StreamingResponse,
    responses=responses("not_logged_in", "forbidden") | _FILE,
)
def tickets(
    form: Literal["csv", "xlsx", "jsonl"],
    visitor: TicketExporter,
    doors: TheDoors,
    asked: AskedFor,
    q: Annotated[Line, Query(max_length=100)] = "",
) -> StreamingResponse:
    """The tickets of a filter that the visitor may see, newest first."""
    exporter, office = _exporter(doors, visitor, form, {**asked.told(), "q": bool(q)})
    return _file(form, "tickets", exporter.of_filter(asked.wanted(office, doors.now(), q), zone_of(office)))


@router.get(
    "/exports/search.{form}",
    response_class=StreamingResponse,
    responses=responses("not_logged_in", "forbidden") | _FILE,
)
def search(
    form: Literal["csv", "xlsx", "jsonl"],
    visitor: TicketExporter,
    doors: TheDoors,
    asked: AskedFor,
    q: Annotated[Line, Query(max_length=500)] = "",
    sort: Literal["best", "newest", "oldest"] = "best",
) -> StreamingResponse:
    """What a search finds, in its order; the first 10,000."""
    exporter, office = _exporter(doors, visitor, form, {**asked.told(), "search": True})
    wanted = asked.wanted(office, doors.now())
    return _file(form, "search", exporter.of_tickets(_found(doors, visitor, q, wanted, sort), zone_of(office)))


def _found(
    doors: Doors,
    visitor: Visitor,
    q: str,
    wanted: ticketing.TicketFilter,
    sort: Literal["best", "newest", "oldest"],
) -> Iterator[list[ticketing.Ticket]]:
    for offset in range(0, MOST, PAGE):
        with doors.read() as session:
            viewer = viewer_of(session, doors, visitor)
            found = doors.intake.found(session, viewer, q, wanted, sort=sort, limit=PAGE, offset=offset)
            ids = [hit.ticket_id for hit in found.hits]
            known = ticketing.get_tickets(session, ids, viewer)
        yield [known[one] for one in ids if one in known]
        if len(ids) < PAGE:
            return


def _exporter(doors: Doors, visitor: Visitor, form: Form, about: dict[str, Any]) -> tuple[Exporter, ticketing.Office]:
    """Written into the access ledger before anything leaves; words that were looked for are not kept there."""
    with doors.read() as session:
        viewer = viewer_of(session, doors, visitor)
        office = doors.office(session)
    exporter = Exporter(
        doors.write, viewer, lambda one: hides_caller(one.confidential, one.created_by, visitor), doors.now()
    )
    exporter.begin(form, {name: value for name, value in about.items() if value})
    return exporter, office


def _file(form: Form, name: str, rows: Iterator[dict[str, Any]]) -> StreamingResponse:
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"'}
    return StreamingResponse(written(form, COLUMNS, rows), media_type=FORMATS[form], headers=headers)
