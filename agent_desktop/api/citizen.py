"""For callers, without a log-in: how far a matter is, and what its result is worth; and the code to ask by."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

import ticketing
from agent_desktop.access import PUBLIC, TheDoors, TicketWriter
from agent_desktop.api.tickets import refused, viewer_of
from agent_desktop.citizen_query import TooManyTries, within_tries
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.texts import Id, Key, Line

router = APIRouter(tags=["citizen"])

NOTHING_TAKES = 0.4
"""Seconds after which the answer "nothing" goes out, whatever it is that there is nothing of."""

Found = TypeVar("Found")


class QueryIn(BaseModel):
    """What the caller was told: the code, and the end of the telephone number (of the ticket's number, if it was
    withheld) or of the identity document that was given."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")]
    tail: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}[0-9Xx]$")]


class EvaluationIn(QueryIn):
    """The caller's opinion; who is not content says why."""

    outcome: Literal["satisfied", "basically_satisfied", "dissatisfied"]
    note: Annotated[Line, Field(max_length=1000)] = ""


class AccountIn(QueryIn):
    """What the caller wants the unit to account for."""

    text: Annotated[Line, Field(min_length=1, max_length=1000)]


class ResponsibleUnit(BaseModel):
    zh: str
    en: str


class ProgressOut(BaseModel):
    """How far a matter is.  Nobody is named, and nothing that only the office may know stands in it."""

    number: str
    stage: Literal[
        "accepted", "handling", "checking", "answered", "not_accepted", "promised", "reviewing", "ended", "closed"
    ]
    accepted_at: datetime
    delivered_at: datetime | None
    reported_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    unit: ResponsibleUnit | None
    public_reply: str
    satisfaction: str | None
    may_evaluate: bool
    may_demand: Literal["overdue", "objection"] | None
    account_asked_at: datetime | None
    account: str | None


class ProgressAnswer(BaseModel):
    progress: ProgressOut


class QueryCodeAnswer(BaseModel):
    """What the operator tells the caller."""

    code: str
    tail: str


@router.post(
    "/public/progress",
    dependencies=[PUBLIC],
    response_model=ProgressAnswer,
    responses=responses("not_found", "query_throttled"),
)
async def progress(query: QueryIn, request: Request, doors: TheDoors) -> ProgressAnswer:
    """How far a matter is.  A wrong code, a confidential ticket and a missing one answer alike, equally late."""

    def ask(session: Session) -> ticketing.Progress | None:
        return ticketing.progress(session, doors.office(session), query.code, query.tail, doors.now())

    return _told(await _asked(query, request, doors, ask))


@router.post(
    "/public/evaluation",
    dependencies=[PUBLIC],
    response_model=ProgressAnswer,
    responses=responses("not_found", "query_throttled", "ticket_refused"),
)
async def evaluate(
    wanted: EvaluationIn,
    idempotency_key: Key,
    request: Request,
    doors: TheDoors,
) -> ProgressAnswer:
    """The caller's opinion of the result; the newest one counts, each is kept."""
    key = _key(wanted.code, idempotency_key)

    def say(session: Session) -> ticketing.Progress | ticketing.Refused | None:
        return ticketing.evaluate(
            session,
            doors.office(session),
            wanted.code,
            wanted.tail,
            wanted.outcome,
            wanted.note,
            key,
            doors.now(),
        )

    found = await _asked(wanted, request, doors, say)
    if isinstance(found, ticketing.Refused):
        raise refused(found)
    return _told(found)


@router.post(
    "/public/account",
    dependencies=[PUBLIC],
    response_model=ProgressAnswer,
    responses=responses("not_found", "query_throttled", "ticket_refused"),
)
async def demand_account(wanted: AccountIn, idempotency_key: Key, request: Request, doors: TheDoors) -> ProgressAnswer:
    """The caller demands an account of the unit: it is late, or the result is not what was asked for.  Once per step,
    and only where the city's regulation gives that right."""
    key = _key(wanted.code, idempotency_key)

    def demand(session: Session) -> ticketing.Progress | ticketing.Refused | None:
        office = doors.office(session)
        return ticketing.demand_account(session, office, wanted.code, wanted.tail, wanted.text, key, doors.now())

    found = await _asked(wanted, request, doors, demand)
    if isinstance(found, ticketing.Refused):
        raise refused(found)
    return _told(found)


@router.get(
    "/tickets/{ticket_id}/query-code",
    response_model=QueryCodeAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "ticket_refused"),
)
def query_code(ticket_id: Id, visitor: TicketWriter, doors: TheDoors) -> QueryCodeAnswer:
    """The code to tell the caller; who looked stands in the access ledger, for it also opens the evaluation."""
    with doors.write.begin() as session:
        viewer = viewer_of(session, doors, visitor)
        if ticketing.get_ticket(session, ticket_id, viewer) is None:
            raise DeskError("not_found")
        found = ticketing.query_code(session, ticket_id, viewer, doors.now())
    if found is None:
        raise DeskError("ticket_refused", reason="confidential")
    return QueryCodeAnswer(code=found[0], tail=found[1])


def _key(code: str, idempotency_key: str) -> str:
    """The caller's own key, which meets nobody else's."""
    return hashlib.sha256(f"citizen {code} {idempotency_key}".encode()).hexdigest()


async def _asked(query: QueryIn, request: Request, doors: Doors, ask: Callable[[Session], Found]) -> Found:
    """Counts the try, asks, and lets "nothing" wait for its time."""
    began = asyncio.get_running_loop().time()
    address = request.client.host if request.client else ""
    try:
        found = await run_in_threadpool(within_tries, doors.write, doors.now(), address, query.code, ask)
    except TooManyTries as many:
        seconds = max(1, round(many.wait.total_seconds()))
        headers = {"Retry-After": str(seconds)}
        raise DeskError("query_throttled", headers=headers, retry_after_seconds=seconds) from None
    if found is None:
        await asyncio.sleep(began + NOTHING_TAKES - asyncio.get_running_loop().time())
    return found


def _told(found: ticketing.Progress | None) -> ProgressAnswer:
    if found is None:
        raise DeskError("not_found")
    return ProgressAnswer(progress=ProgressOut.model_validate(found, from_attributes=True))
