"""What was told to the outside world and what could not be, for the administrator."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

import ticketing
from agent_desktop.access import OfficeWriter, SystemReader, TheDoors
from agent_desktop.errors import DeskError, responses
from agent_desktop.texts import Limit

router = APIRouter(tags=["outbox"])


class OutboxLine(BaseModel):
    """One event on one channel.  The ticket's number is left out where the ticket is protected."""

    outbox_id: int
    event: str
    channel: str
    state: Literal["waiting", "done", "dead"]
    number: str | None
    attempts: int
    created_at: datetime
    due_at: datetime
    problem: str | None


class OutboxPage(BaseModel):
    """``counts``: how many there are in each state."""

    counts: dict[str, int]
    events: list[OutboxLine]
    next_cursor: str | None


@router.get("/outbox", response_model=OutboxPage, responses=responses("not_logged_in", "forbidden"))
def page(
    _visitor: SystemReader,
    doors: TheDoors,
    state: Literal["waiting", "done", "dead"] | None = None,
    cursor: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Limit = 50,
) -> OutboxPage:
    """Events, newest first; a dead one was given up and waits for somebody to try it again."""
    with doors.read() as session:
        found = ticketing.outbox_page(session, state, cursor, limit + 1)
        counts = ticketing.outbox_counts(session)
    lines = [_line(one) for one in found[:limit]]
    return OutboxPage(counts=counts, events=lines, next_cursor=str(lines[-1].outbox_id) if len(found) > limit else None)


@router.post(
    "/outbox/{outbox_id}/retry", status_code=204, responses=responses("not_logged_in", "forbidden", "not_found")
)
def retry(outbox_id: Annotated[int, Path(ge=1, le=2**53)], _visitor: OfficeWriter, doors: TheDoors) -> None:
    """Tries a dead event again, from the first attempt."""
    with doors.write.begin() as session:
        if not ticketing.outbox_retry(session, outbox_id, doors.now()):
            raise DeskError("not_found")


def _line(one: ticketing.OutboxEntry) -> OutboxLine:
    event = one.event
    return OutboxLine(
        outbox_id=event.outbox_id,
        event=event.event,
        channel=event.channel,
        state=one.state,
        number=None if event.body.get("protected") else event.body.get("number"),
        attempts=event.attempts,
        created_at=event.created_at,
        due_at=one.due_at,
        problem=one.problem,
    )
