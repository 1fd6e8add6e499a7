"""What people put on a recording: comments at a second, clips of a ticket; a fresh run of the recogniser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

import recordings
import ticketing
from agent_desktop.access import RecordingReader, Reviewer, TheDoors, TicketReader, Visitor
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.ledger import kept_voice
from agent_desktop.texts import Id, Key, Line, own_id

from .plays import Second
from .tickets import names_of, ticket_asked_for, viewer_of

router = APIRouter(tags=["recordings"])

COMMON = ("not_logged_in", "forbidden", "not_found", "confidential", "remark_refused")


class CommentOut(BaseModel):
    """A remark at ``start``, or over the stretch up to ``end``; seconds."""

    comment_id: str
    start: float
    end: float | None
    text: str
    person: str
    person_name: str
    made_at: datetime
    mine: bool = False


class CommentIn(BaseModel):
    start: Second
    end: Second | None = None
    text: Annotated[Line, Field(min_length=1, max_length=2000)]


class ClipOut(BaseModel):
    """A stretch of a recording that belongs to a ticket."""

    clip_id: str
    recording_id: str
    contact_id: str
    ticket_id: str
    ticket_number: str
    start: float
    end: float
    title: str
    person: str
    person_name: str
    made_at: datetime
    state: str = Field(description="Of the recording; a clip of a deleted one cannot be heard.")


class ClipIn(BaseModel):
    ticket: Annotated[Line, Field(min_length=1, max_length=64, description="The ticket's number or id.")]
    start: Second
    end: Second
    title: Annotated[Line, Field(max_length=200)] = ""


class ClipsOut(BaseModel):
    clips: list[ClipOut]


@router.post("/recordings/{recording_id}/comments", response_model=CommentOut, responses=responses(*COMMON))
def add_comment(
    recording_id: Id, asked: CommentIn, idempotency_key: Key, visitor: RecordingReader, doors: TheDoors
) -> CommentOut:
    """Puts a remark on a recording.  The same key sent again answers with the same remark."""
    me = visitor.user.user_id
    comment_id = own_id(me, "comment", recording_id, idempotency_key)
    try:
        with doors.write.begin() as session:
            made = recordings.add_comment(
                session, comment_id, recording_id, asked.start, asked.end, asked.text, me, doors.now()
            )
            return comments_shown(session, [made], me)[0]
    except recordings.PlayRefused as error:
        raise kept_voice(doors, visitor.user.user_id, "remark", recording_id) from error
    except recordings.RemarkRefused as error:
        raise _refused(error) from error


@router.delete("/comments/{comment_id}", status_code=204, response_class=Response, responses=responses(*COMMON))
def remove_comment(comment_id: Id, visitor: RecordingReader, doors: TheDoors) -> None:
    """Takes one's own remark back."""
    try:
        with doors.write.begin() as session:
            recordings.remove_comment(session, comment_id, visitor.user.user_id, doors.now())
    except recordings.RemarkRefused as error:
        raise _refused(error) from error


@router.post("/recordings/{recording_id}/clips", response_model=ClipOut, responses=responses(*COMMON))
def attach_clip(
    recording_id: Id, asked: ClipIn, idempotency_key: Key, visitor: RecordingReader, doors: TheDoors
) -> ClipOut:
    """Attaches a stretch to a ticket that the person may see.  The same key sent again answers with the same clip."""
    with doors.read() as session:
        ticket = ticket_asked_for(session, viewer_of(session, doors, visitor), asked.ticket.strip())
    if ticket is None:
        raise DeskError("remark_refused", reason="no_such_ticket")
    try:
        with doors.write.begin() as session:
            clip = recordings.attach_clip(
                session,
                own_id(visitor.user.user_id, "clip", recording_id, idempotency_key),
                recording_id,
                ticket.ticket_id,
                asked.start,
                asked.end,
                asked.title.strip(),
                visitor.user.user_id,
                doors.now(),
            )
            return clips_shown(session, doors, visitor, [clip])[0]
    except recordings.PlayRefused as error:
        raise kept_voice(doors, visitor.user.user_id, "clip", recording_id) from error
    except recordings.RemarkRefused as error:
        raise _refused(error) from error


@router.get(
    "/tickets/{ticket_id}/clips",
    response_model=ClipsOut,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def of_ticket(ticket_id: Id, visitor: TicketReader, doors: TheDoors) -> ClipsOut:
    """The clips that belong to a ticket, but of a confidential caller only those that the person may hear: titles tell
    what was said.  To hear one, its recording is opened with a reason like any other."""
    with doors.read() as session:
        if ticketing.get_ticket(session, ticket_id, viewer_of(session, doors, visitor)) is None:
            raise DeskError("not_found")
        me = visitor.user.user_id
        clips = [
            one
            for one in recordings.clips_of_ticket(session, ticket_id)
            if recordings.may_hear(session, one.recording_id, me)
        ]
        return ClipsOut(clips=clips_shown(session, doors, visitor, clips))


@router.post(
    "/recordings/{recording_id}/transcripts",
    status_code=204,
    response_class=Response,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def transcribe_again(recording_id: Id, visitor: Reviewer, doors: TheDoors) -> None:
    """Asks for a fresh run of the recogniser; what it hears is a new version, the old ones stay."""
    with doors.write.begin() as session:
        if recordings.queue_again(session, recording_id, doors.now()) is None:
            raise DeskError("not_found")


def comments_shown(session: Session, comments: Sequence[recordings.CommentView], me: str = "") -> list[CommentOut]:
    """Remarks as this API says them."""
    names = names_of(session, {one.person for one in comments})
    return [
        CommentOut.model_validate(
            {
                **{name: getattr(one, name) for name in one.__slots__},
                "person_name": names.get(one.person, one.person),
                "mine": one.person == me,
            }
        )
        for one in comments
    ]


def clips_shown(
    session: Session, doors: Doors, visitor: Visitor, clips: Sequence[recordings.ClipView]
) -> list[ClipOut]:
    """Clips as this API says them; of a ticket that the person may not see the number stays away."""
    names = names_of(session, {one.person for one in clips})
    seen: dict[str, ticketing.Ticket] = {}
    if clips and visitor.may("ticket.read"):
        viewer = viewer_of(session, doors, visitor)
        seen = ticketing.get_tickets(session, [one.ticket_id for one in clips], viewer)
    return [
        ClipOut.model_validate(
            {
                **{name: getattr(one, name) for name in one.__slots__},
                "person_name": names.get(one.person, one.person),
                "ticket_number": seen[one.ticket_id].number if one.ticket_id in seen else "",
            }
        )
        for one in clips
    ]


def _refused(error: recordings.RemarkRefused) -> DeskError:
    if error.code == "not_found":
        return DeskError("not_found")
    return DeskError("forbidden") if error.code == "not_yours" else DeskError("remark_refused", reason=error.code)
