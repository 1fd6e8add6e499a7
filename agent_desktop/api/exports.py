"""Lists of tickets as files: what a filter or a search finds, for whoever may take it out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

import ticketing
from agent_desktop.access import TheDoors, TicketExporter, Visitor
from agent_desktop.api.tickets import Kind, hides_caller, viewer_of
from agent_desktop.doors import Doors
from agent_desktop.errors import responses
from agent_desktop.texts import Id, Line
from ticketing.exchange import COLUMNS, FORMATS, Exporter, Form, written

router = APIRouter(tags=["exports"])

FOUND_MOST = 10_000
"""Hits of a search that go into a file; the best come first."""
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
    status: Annotated[list[Id] | None, Query(max_length=20)] = None,
    kind: Kind | None = None,
    channel: ticketing.Channel | None = None,
    unit: Id | None = None,
    category: Annotated[Line, Query(max_length=100)] | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    q: Annotated[Line, Query(max_length=100)] = "",
) -> StreamingResponse:
    """The tickets of a filter that the visitor may see, newest first."""
    wanted = ticketing.TicketFilter(
        status=tuple(status or ()),
        kind=(kind,) if kind else (),
        channel=channel,
        unit=unit,
        category=category,
        q=q.strip(),
        created_from=since,
        created_before=until,
    )
    named = {"status": status, "kind": kind, "channel": channel, "unit": unit, "category": category}
    about = {**named, "since": since, "until": until}
    exporter, zone = _exporter(doors, visitor, form, {**about, "q": bool(q)})
    return _file(form, "tickets", exporter.of_filter(wanted, zone))


@router.get(
    "/exports/search.{form}",
    response_class=StreamingResponse,
    responses=responses("not_logged_in", "forbidden") | _FILE,
)
def search(
    form: Literal["csv", "xlsx", "jsonl"],
    visitor: TicketExporter,
    doors: TheDoors,
    q: Annotated[Line, Query(max_length=500)] = "",
    status: Id | None = None,
    kind: Kind | None = None,
    unit: Id | None = None,
    category: Annotated[Line, Query(max_length=100)] | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    sort: Literal["best", "newest", "oldest"] = "best",
) -> StreamingResponse:
    """What a search finds, in its order; the first 10,000."""
    named = {"status": status, "kind": kind, "unit": unit, "category": category}
    about = {**named, "since": since, "until": until, "search": True}
    exporter, zone = _exporter(doors, visitor, form, about)
    pages = _found(doors, visitor, q, {name: value for name, value in named.items() if value}, since, until, sort)
    return _file(form, "search", exporter.of_tickets(pages, zone))


def _found(
    doors: Doors,
    visitor: Visitor,
    q: str,
    named: dict[str, str],
    since: AwareDatetime | None,
    until: AwareDatetime | None,
    sort: Literal["best", "newest", "oldest"],
) -> Iterator[list[ticketing.Ticket]]:
    from ticketing.search_feed import sight_of
    from ticketing.search_index import SearchFilter

    where = SearchFilter(named, since, until)
    for offset in range(0, FOUND_MOST, PAGE):
        with doors.read() as session:
            viewer = viewer_of(session, doors, visitor)
            sight = sight_of(session, viewer)
            found = doors.intake.index.search(q, sight, where, sort=sort, limit=PAGE, offset=offset)
            ids = [hit.ticket_id for hit in found.hits]
            known = ticketing.get_tickets(session, ids, viewer)
        yield [known[one] for one in ids if one in known]
        if len(ids) < PAGE:
            return


def _exporter(doors: Doors, visitor: Visitor, form: Form, about: dict[str, Any]) -> tuple[Exporter, ZoneInfo]:
    """Written into the access ledger before anything leaves; words that were looked for are not kept there."""
    with doors.read() as session:
        viewer = viewer_of(session, doors, visitor)
        zone = ZoneInfo(doors.office(session).pack.versions[0].rules.counting.time_zone)
    exporter = Exporter(
        doors.write, viewer, lambda one: hides_caller(one.confidential, one.created_by, visitor), doors.now()
    )
    exporter.begin(form, {name: value for name, value in about.items() if value})
    return exporter, zone


def _file(form: Form, name: str, rows: Iterator[dict[str, Any]]) -> StreamingResponse:
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"'}
    return StreamingResponse(written(form, COLUMNS, rows), media_type=FORMATS[form], headers=headers)
