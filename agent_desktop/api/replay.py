"""The replay desk's search: recordings found by what was said and by everything else that is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.orm import Session

import cti
import recordings
import ticketing
from agent_desktop.access import RecordingSearcher, TheDoors, Visitor
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.ledger import add_access
from agent_desktop.paging import Position, after
from agent_desktop.texts import Limit, Line

from .about import About, Abouts
from .tickets import viewer_of

router = APIRouter(prefix="/recordings", tags=["recordings"])

Seconds = Annotated[float | None, Query(ge=0, le=10**6, allow_inf_nan=False)]
Word = Annotated[Line | None, Query(max_length=80)]


class Said(BaseModel):
    """An utterance in which what was looked for was said; numbers masked."""

    leg: Literal["citizen", "other"]
    start: float
    end: float
    text: str


class FoundOut(About):
    """A found recording: the call it belongs to and the sentences that were meant."""

    hits: list[Said]
    hit_count: int


class FoundPage(BaseModel):
    total: int
    found: list[FoundOut]
    next_cursor: str | None


@router.get("", response_model=FoundPage, responses=responses("not_logged_in", "forbidden", "invalid_request"))
def search(
    visitor: RecordingSearcher,
    doors: TheDoors,
    words: Annotated[Line, Query(max_length=100)] = "",
    by: Literal["citizen", "other"] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    number: Word = None,
    ticket: Word = None,
    unit: Word = None,
    agent: Word = None,
    queue: Word = None,
    category: Word = None,
    kind: Literal["call", "consult", "voicemail", "survey"] | None = None,
    shortest: Seconds = None,
    longest: Seconds = None,
    talk_over: Seconds = None,
    silence: Seconds = None,
    sort: Literal["best", "newest", "oldest", "longest"] = "newest",
    limit: Limit = 20,
    start: Position = 0,
) -> FoundPage:
    """Recordings by what was said (groups of words apart by blanks; each was said just so), by whom, and by everything
    else that is known.  ``unit``: it speaks there, or a ticket of the call is with it.  A private consultation is
    found with its call.  A search by words is written into the ledger of looking."""
    for name, at in (("since", since), ("until", until)):
        if at is not None and at.tzinfo is None:
            raise DeskError("invalid_request", field=name)
    equal = {"agent": agent, "queue": queue, "category": category, "kind": kind}
    with doors.read() as session:
        viewer = viewer_of(session, doors, visitor)
        of_unit = ticketing.calls_of_tickets(session, ticketing.TicketFilter(unit=unit), viewer) if unit else set()
        wanted = recordings.Wanted(
            words=words,
            by=by,
            since=since,
            until=until,
            contacts=_contacts(session, viewer, number, ticket),
            unit=unit or None,
            calls_of_unit=of_unit,
            equal={name: value for name, value in equal.items() if value},
            shortest=shortest,
            longest=longest,
            talk_over=talk_over,
            silence=silence,
        )
        page = doors.archive.index.search(wanted, visitor.user.user_id, sort=sort, limit=limit + 1, offset=start)
        found = _found(session, doors, visitor, page.found[:limit])
    if words.strip():
        with doors.write.begin() as session:
            add_access(session, doors, visitor.user.user_id, visitor.session, "recording_search", words.strip()[:64])
    return FoundPage(total=page.total, found=found, next_cursor=after(start, limit, page.found))


def _contacts(session: Session, viewer: ticketing.Viewer, number: str | None, ticket: str | None) -> set[str] | None:
    """The contacts that number and ticket leave; None where neither is asked for."""
    sets: list[set[str]] = []
    if number:
        sets.append(cti.contacts_of_number(session, number))
    if ticket:
        sets.append(ticketing.calls_of_tickets(session, ticketing.TicketFilter(q=ticket), viewer))
    return set.intersection(*sets) if sets else None


def _found(
    session: Session, doors: Doors, visitor: Visitor, hits: Sequence[recordings.FoundRecording]
) -> list[FoundOut]:
    views = recordings.get_recordings(session, [hit.recording_id for hit in hits])
    about = Abouts(session, doors, visitor, [view.contact_id for view in views.values()])
    return [
        FoundOut(
            **about.of(views[hit.recording_id]),
            hits=[Said.model_validate(said, from_attributes=True) for said in hit.hits],
            hit_count=hit.hit_count,
        )
        for hit in hits
        if hit.recording_id in views  # deleted since the index was written
    ]
