"""Whose voice is for named people alone, and who they are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

import recordings
from agent_desktop.access import RecordingKeeper, TheDoors, Visitor
from agent_desktop.accounts import list_users
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.ledger import note_refusal
from agent_desktop.texts import Id, Line

from .tickets import names_of

router = APIRouter(prefix="/keeping/contacts/{contact_id}/confidential", tags=["recordings"])


class ConfidentialIn(BaseModel):
    """Whether the caller is confidential, and who may hear the voice nevertheless: user ids."""

    confidential: bool
    named: list[Annotated[Line, Field(min_length=1, max_length=80)]] = Field(default=[], max_length=50)


class ListenerOut(BaseModel):
    user_id: str
    name: str


class ConfidentialOut(BaseModel):
    """Whether the caller is confidential, who is named, and who could be."""

    confidential: bool
    named: list[ListenerOut]
    may_change: bool = Field(description="False: the caller is confidential and the person is not named.")
    people: list[ListenerOut] = Field(description="Whoever may listen to recordings.")


@router.get("", response_model=ConfidentialOut, responses=responses("not_logged_in", "forbidden", "not_found"))
def confided(contact_id: Id, visitor: RecordingKeeper, doors: TheDoors) -> ConfidentialOut:
    """Who may hear a caller's voice, as far as it is kept for named people."""
    with doors.read() as session:
        note = _known(session, contact_id)
        named = note.named if note is not None and note.confidential else ()
        names = names_of(session, named)
        return ConfidentialOut(
            confidential=note is not None and note.confidential,
            named=[ListenerOut(user_id=one, name=names.get(one, one)) for one in named],
            may_change=_may_change(note, visitor),
            people=[ListenerOut(user_id=user_id, name=name) for user_id, name in _listeners(session, doors).items()],
        )


@router.put(
    "",
    status_code=204,
    response_class=Response,
    responses=responses("not_logged_in", "forbidden", "not_found", "confidential", "invalid_request"),
)
def confide(contact_id: Id, asked: ConfidentialIn, visitor: RecordingKeeper, doors: TheDoors) -> None:
    """Says whether a caller is confidential and who may hear the voice; of those named only a named one may say so.
    A confidential caller has at least one named person: nobody else could ever change it again."""
    me = visitor.user.user_id
    with doors.write.begin() as session:
        before = _known(session, contact_id)
        allowed = _may_change(before, visitor)
        if allowed:
            known = _listeners(session, doors).keys() | set(before.named if before is not None else ())
            if set(asked.named) - known or (asked.confidential and not asked.named):
                raise DeskError("invalid_request", field="named")
            recordings.confide(session, contact_id, asked.confidential, asked.named, me, doors.now())
    if not allowed:
        note_refusal(doors, me, "confide", f"contact:{contact_id}")
        raise DeskError("confidential")


def _known(session: Session, contact_id: str) -> recordings.NoteView | None:
    note = recordings.notes_of(session, [contact_id]).get(contact_id)
    if note is None and not recordings.find_for_contact(session, contact_id):
        raise DeskError("not_found")
    return note


def _may_change(note: recordings.NoteView | None, visitor: Visitor) -> bool:
    return note is None or not note.confidential or visitor.user.user_id in note.named


def _listeners(session: Session, doors: Doors) -> dict[str, str]:
    """Names by user id of those who may listen to recordings."""
    rules = doors.config.house_rules
    return {
        one.user_id: one.display_name
        for one in list_users(session)
        if one.enabled and "recording.read" in rules.permissions(one.roles)
    }
