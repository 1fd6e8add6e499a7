"""The ticket form as it is being typed, per agent and call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

import ticketing
from agent_desktop.access import TheDoors, TicketWriter
from agent_desktop.errors import DeskError, responses
from agent_desktop.texts import FormBody, Id, Version

from .tickets import refused

router = APIRouter(tags=["drafts"])


class DraftIn(BaseModel):
    """A half-filled form; ``version`` is the one it was made from, 0 for the first."""

    model_config = ConfigDict(extra="forbid")

    body: FormBody
    version: Version


class DraftOut(BaseModel):
    contact_id: str
    body: dict[str, Any]
    version: int
    updated_at: datetime


class DraftAnswer(BaseModel):
    draft: DraftOut


def shown(draft: ticketing.Draft) -> DraftOut:
    """A draft as this API says it."""
    return DraftOut(
        contact_id=draft.contact_id, body=dict(draft.body), version=draft.version, updated_at=draft.updated_at
    )


@router.get(
    "/drafts/{contact_id}",
    response_model=DraftAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def read(contact_id: Id, visitor: TicketWriter, doors: TheDoors) -> DraftAnswer:
    """The person's own draft for a call."""
    with doors.read() as session:
        draft = ticketing.get_draft(session, visitor.agent_id, contact_id)
    if draft is None:
        raise DeskError("not_found")
    return DraftAnswer(draft=shown(draft))


@router.put(
    "/drafts/{contact_id}",
    response_model=DraftAnswer,
    responses=responses("not_logged_in", "forbidden", "draft_conflict", "ticket_refused"),
)
def save(contact_id: Id, draft: DraftIn, visitor: TicketWriter, doors: TheDoors) -> DraftAnswer:
    """Saves the form; 409 with the stored one when another page saved meanwhile."""
    with doors.write.begin() as session:
        result = ticketing.save_draft(session, visitor.agent_id, contact_id, draft.body, draft.version, doors.now())
    if isinstance(result, ticketing.Refused):
        raise refused(result)
    if isinstance(result, ticketing.DraftConflict):
        raise DeskError("draft_conflict", current=shown(result.current).model_dump(mode="json"))
    return DraftAnswer(draft=shown(result))


@router.delete("/drafts/{contact_id}", status_code=204, responses=responses("not_logged_in", "forbidden"))
def drop(contact_id: Id, visitor: TicketWriter, doors: TheDoors) -> None:
    """Forgets the draft."""
    with doors.write.begin() as session:
        ticketing.drop_draft(session, visitor.agent_id, contact_id)
