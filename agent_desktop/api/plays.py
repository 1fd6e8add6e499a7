"""Why somebody opens a recording, which seconds were heard, and who has listened to whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

import recordings
from agent_desktop.access import AnyUser, RecordingReader, TheDoors
from agent_desktop.errors import DeskError, responses
from agent_desktop.ledger import add_access, kept_voice
from agent_desktop.texts import Id, Line

from .tickets import names_of

router = APIRouter(tags=["recordings"])

Reason = Annotated[Line, Field(min_length=recordings.SHORTEST_REASON, max_length=200)]
Second = Annotated[float, Field(ge=0, lt=10**6, allow_inf_nan=False)]


class PlayIn(BaseModel):
    reason: Reason


class PlayAnswer(BaseModel):
    play_id: str


class HeardIn(BaseModel):
    """Stretches that were heard since the last time, in seconds; ``closed``: the player goes away."""

    spans: list[tuple[Second, Second]] = Field(default=[], max_length=50)
    closed: bool = False


class HeardOut(BaseModel):
    open: bool = Field(description="False: the play is over; say why again before going on.")


class PlayOut(BaseModel):
    """One time that somebody opened a recording, and what of it was heard."""

    play_id: str
    recording_id: str
    contact_id: str
    person: str
    person_name: str
    reason: str
    purpose: str
    began_at: datetime
    heard: list[tuple[float, float]]
    heard_seconds: float


class PlaysOut(BaseModel):
    plays: list[PlayOut]


REFUSED = {"not_found": "not_found", "no_reason": "reason_needed"}


@router.post(
    "/recordings/{recording_id}/plays",
    response_model=PlayAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "reason_needed", "confidential"),
)
def open_play(recording_id: Id, asked: PlayIn, visitor: RecordingReader, doors: TheDoors) -> PlayAnswer:
    """Says why one wants to hear; the answer's id opens audio and transcript of this recording for this person."""
    try:
        with doors.write.begin() as session:
            play_id = recordings.open_play(
                session, recording_id, visitor.user.user_id, asked.reason.strip(), doors.now()
            )
            # Written together, so that the player's first bytes need not wait for a second place among the writers.
            add_access(session, doors, visitor.user.user_id, visitor.session, "recording", recording_id)
    except recordings.PlayRefused as error:
        if error.code == "confidential":
            raise kept_voice(doors, visitor.user.user_id, "play", recording_id) from error
        raise DeskError(REFUSED[error.code]) from error
    return PlayAnswer(play_id=play_id)


@router.post("/plays/{play_id}/heard", response_model=HeardOut, responses=responses("not_logged_in", "forbidden"))
def heard(play_id: Id, told: HeardIn, visitor: RecordingReader, doors: TheDoors) -> HeardOut:
    """The player tells which seconds were heard; what was heard stands in the ledger once it has closed."""
    person = visitor.user.user_id
    with doors.write.begin() as session:
        known = [
            recordings.heard(session, play_id, person, start, end, doors.now())
            for start, end in told.spans
            if start < end
        ]
        if told.closed:
            recordings.close_play(session, play_id, doors.now(), person)
    return HeardOut(open=all(known) and not told.closed)


@router.get(
    "/recordings/{recording_id}/plays",
    response_model=PlaysOut,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def of_recording(recording_id: Id, visitor: RecordingReader, doors: TheDoors) -> PlaysOut:
    """Who opened a recording, newest first."""
    with doors.read() as session:
        if recordings.get_recording(session, recording_id) is None:
            raise DeskError("not_found")
        return PlaysOut(plays=_shown(session, recordings.plays_of_recording(session, recording_id)))


@router.get("/plays/mine", response_model=PlaysOut, responses=responses("not_logged_in", "not_an_agent"))
def of_my_calls(visitor: AnyUser, doors: TheDoors, days: Annotated[int, Query(ge=1, le=366)] = 30) -> PlaysOut:
    """Who opened recordings in which the person speaks as an agent, newest first."""
    since = doors.now() - timedelta(days=days)
    with doors.read() as session:
        return PlaysOut(plays=_shown(session, recordings.plays_of_agent(session, visitor.agent_id, since)))


def _shown(session: Session, plays: Iterable[recordings.PlayView]) -> list[PlayOut]:
    found = list(plays)
    names = names_of(session, {play.person for play in found})
    return [
        PlayOut.model_validate({**_fields(play), "person_name": names.get(play.person, play.person)}) for play in found
    ]


def _fields(play: recordings.PlayView) -> dict[str, object]:
    return {name: getattr(play, name) for name in play.__slots__}
