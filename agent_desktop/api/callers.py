"""The ledger of callers: marking a nuisance call or a caller who needs care, and judging such marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

import cti
from agent_desktop.access import CallerMarker, CallerReviewer, TheDoors
from agent_desktop.api.tickets import names_of
from agent_desktop.errors import DeskError, responses
from agent_desktop.marks import MarkRefused, add_mark, decide, forget_old, list_marks
from agent_desktop.paging import Position, after
from agent_desktop.tables import CallerMarkRow
from agent_desktop.texts import Id, Limit, Line

router = APIRouter(tags=["callers"])

Note = Annotated[Line, Field(max_length=500)]
State = Literal["marked", "confirmed", "cleared"]


class MarkIn(BaseModel):
    """``kind``: ``nuisance``, or a care code of the form guide."""

    model_config = ConfigDict(extra="forbid")

    kind: Id
    note: Note = ""


class DecisionIn(BaseModel):
    """What is decided about a mark, and why."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["confirmed", "cleared"]
    note: Annotated[Line, Field(min_length=1, max_length=500)]


class MarkOut(BaseModel):
    """A mark.  The number is only ever shown masked; the call tells more to those who may see it."""

    mark_id: str
    number_masked: str
    kind: str
    state: State
    contact_id: str
    note: str
    marked_by_name: str
    marked_at: datetime
    decided_by_name: str | None
    decided_at: datetime | None
    decision_note: str
    expires_at: datetime
    own: bool = Field(description="Made by the person who looks, who then cannot confirm it.")


class MarkAnswer(BaseModel):
    mark: MarkOut


class MarksAnswer(BaseModel):
    marks: list[MarkOut]
    next_cursor: str | None


@router.post(
    "/calls/{contact_id}/marks",
    status_code=201,
    response_model=MarkAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "unknown_mark", "anonymous_caller"),
)
def mark(contact_id: Id, wanted: MarkIn, visitor: CallerMarker, doors: TheDoors) -> MarkAnswer:
    """Marks the caller of a call.  A nuisance mark waits for somebody else's judgement; nobody is ever locked out."""
    with doors.write.begin() as session:
        call = cti.get_call(session, contact_id)
        if call is None:
            raise DeskError("not_found")
        try:
            row = add_mark(session, doors.form, call, wanted.kind, wanted.note, visitor.user.user_id, doors.now())
        except MarkRefused as refusal:
            raise DeskError(str(refusal)) from refusal
        return MarkAnswer(mark=_shown(session, [row], visitor.user.user_id)[0])


@router.get("/marks", response_model=MarksAnswer, responses=responses("not_logged_in", "forbidden"))
def marks(
    visitor: CallerReviewer,
    doors: TheDoors,
    state: State | None = None,
    kind: Id | None = None,
    start: Position = 0,
    limit: Limit = 100,
) -> MarksAnswer:
    """Marks on callers, those that wait for a judgement first.  What is kept too long is deleted before."""
    with doors.write.begin() as session:
        forget_old(session, doors.now())
        rows = list_marks(session, doors.now(), state, kind, offset=start, limit=limit + 1)
        shown = _shown(session, rows[:limit], visitor.user.user_id)
        return MarksAnswer(marks=shown, next_cursor=after(start, limit, rows))


@router.post(
    "/marks/{mark_id}/decision",
    response_model=MarkAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "own_mark"),
)
def decision(mark_id: Id, wanted: DecisionIn, visitor: CallerReviewer, doors: TheDoors) -> MarkAnswer:
    """Confirms or clears a mark; whoever made it does not confirm it."""
    by = visitor.user.user_id
    with doors.write.begin() as session:
        try:
            row = decide(session, doors.form, mark_id, wanted.decision, wanted.note, by, doors.now())
        except MarkRefused as refusal:
            raise DeskError(str(refusal)) from refusal
        return MarkAnswer(mark=_shown(session, [row], by)[0])


def _shown(session: Session, rows: Sequence[CallerMarkRow], user_id: str) -> list[MarkOut]:
    people = {one for row in rows for one in (row.marked_by, row.decided_by) if one}
    names = names_of(session, people)
    return [
        MarkOut(
            mark_id=row.mark_id,
            number_masked=row.number_masked,
            kind=row.kind,
            state=row.state,  # type: ignore[arg-type]
            contact_id=row.contact_id,
            note=row.note,
            marked_by_name=names.get(row.marked_by, row.marked_by),
            marked_at=row.marked_at,
            decided_by_name=names.get(row.decided_by, row.decided_by) if row.decided_by else None,
            decided_at=row.decided_at,
            decision_note=row.decision_note,
            expires_at=row.expires_at,
            own=row.marked_by == user_id,
        )
        for row in rows
    ]
