"""Beside the form while it is written: suggestions, and what may be the same matter; and full-text search."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

import cti
import ticketing
from agent_desktop.access import TheDoors, TicketReader
from agent_desktop.api.ticket_filter import AskedFor
from agent_desktop.api.tickets import TicketOut, shown, viewer_of
from agent_desktop.errors import responses
from agent_desktop.intake import TARGETS, added_labels
from agent_desktop.paging import MOST, Position
from agent_desktop.texts import Limit, Line

router = APIRouter(tags=["intake"])


class Typed(BaseModel):
    """What stands in the form so far."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[Line, Field(max_length=200)] = ""
    text: Annotated[Line, Field(max_length=20_000)] = ""
    place: Annotated[Line, Field(max_length=500)] = ""
    caller_number: Annotated[Line, Field(max_length=40)] = ""


class SuggestionOut(BaseModel):
    """A label with its share of all scores and the words that speak for it."""

    label: str
    score: float
    reasons: list[str]


class TargetOut(BaseModel):
    """``source`` tells whether it was learned from the office's tickets or stands in the keyword list."""

    source: str
    suggestions: list[SuggestionOut]


class SuggestionsAnswer(BaseModel):
    category: TargetOut
    unit: TargetOut
    urgency: TargetOut


class AlikeOut(BaseModel):
    """A ticket that may be the same matter; ``shared_place`` is the name both texts give."""

    ticket: TicketOut
    score: float
    same_caller: bool
    shared_place: str


class AlikeAnswer(BaseModel):
    tickets: list[AlikeOut]


class FoundTicket(BaseModel):
    ticket: TicketOut
    score: float


class FoundAnswer(BaseModel):
    """``total`` counts what the visitor may see."""

    total: int
    found: list[FoundTicket]
    next_cursor: str | None


@router.post("/intake/suggestions", response_model=SuggestionsAnswer, responses=responses("not_logged_in", "forbidden"))
def suggestions(typed: Typed, _visitor: TicketReader, doors: TheDoors) -> SuggestionsAnswer:
    """Category, lead unit and urgency for what was typed so far: three each at most, with reasons."""
    text = f"{typed.title}。{typed.text}"
    with doors.read() as session:
        added = added_labels(doors.office(session))
    answers = {}
    for target in TARGETS:
        found = doors.intake.suggest(target, text, added.get(target, ()))
        answers[target] = TargetOut(
            source=doors.intake.source(target),
            suggestions=[SuggestionOut(label=one.label, score=one.score, reasons=list(one.reasons)) for one in found],
        )
    return SuggestionsAnswer(**answers)


@router.post("/intake/alike", response_model=AlikeAnswer, responses=responses("not_logged_in", "forbidden"))
def alike(typed: Typed, visitor: TicketReader, doors: TheDoors) -> AlikeAnswer:
    """Tickets that may be the same matter: of the same caller, or at the same place by somebody else."""
    with doors.read() as session:
        viewer = viewer_of(session, doors, visitor)
        found = doors.intake.alike(
            session,
            viewer,
            typed.title,
            typed.text,
            typed.place,
            cti.normalise(typed.caller_number).key,
        )
        tickets = shown(session, [one.ticket for one in found], visitor)
    return AlikeAnswer(
        tickets=[
            AlikeOut(
                ticket=ticket,
                score=one.likeness.score,
                same_caller=one.same_caller,
                shared_place=one.likeness.shared_place,
            )
            for ticket, one in zip(tickets, found, strict=True)
        ]
    )


@router.get("/search", response_model=FoundAnswer, responses=responses("not_logged_in", "forbidden"))
def search(
    visitor: TicketReader,
    doors: TheDoors,
    asked: AskedFor,
    q: Annotated[Line, Field(max_length=500)] = "",
    sort: Literal["best", "newest", "oldest"] = "best",
    start: Position = 0,
    limit: Limit = 20,
) -> FoundAnswer:
    """Tickets by words in their text, replies and transcripts, the best first."""
    with doors.read() as session:
        viewer = viewer_of(session, doors, visitor)
        wanted = asked.wanted(doors.office(session), doors.now())
        result = doors.intake.found(session, viewer, q, wanted, sort=sort, limit=limit, offset=start)
        known = ticketing.get_tickets(session, [hit.ticket_id for hit in result.hits], viewer)
        hits = [hit for hit in result.hits if hit.ticket_id in known]
        tickets = shown(session, [known[hit.ticket_id] for hit in hits], visitor)
    end = start + limit
    return FoundAnswer(
        total=result.total,
        next_cursor=str(end) if end < min(result.total, MOST) else None,
        found=[FoundTicket(ticket=ticket, score=hit.score) for ticket, hit in zip(tickets, hits, strict=True)],
    )
