"""All that is known of one recording, except what was said in it."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

import recordings
from agent_desktop.access import RecordingReader, TheDoors, desk_of
from agent_desktop.cards import agent_names
from agent_desktop.errors import DeskError, responses
from agent_desktop.ledger import note_refusal
from agent_desktop.names import Names
from agent_desktop.texts import Id

from .about import About, Abouts
from .remarks import ClipOut, CommentOut, clips_shown, comments_shown

router = APIRouter(prefix="/recordings", tags=["recordings"])


class PartOut(BaseModel):
    """A stretch of the recording, in seconds, and who speaks there beside the citizen: an agent, handling units."""

    start: float
    end: float
    label: str
    who: str | None
    name: str
    units: list[str] = Field(description="By name as the duty roster had it then, else by number.")


class RunOut(BaseModel):
    """One run of a recogniser with its figures."""

    version: int
    state: str
    problem: str | None
    engine: str | None
    model: str | None
    created_at: datetime
    done_at: datetime | None
    figures: dict[str, float | None]


class TombstoneOut(BaseModel):
    """What is left of a deleted recording."""

    recording_id: str
    contact_id: str
    at: datetime
    person: str | None = Field(description="Null: deleted by a retention rule.")
    reason: str
    seconds: float | None
    files: dict[str, str]
    number: int = Field(description="Of its entry in the ledger of recordings.")


class StoryOut(About):
    """Everything that is known of a recording, except what was said."""

    parts: list[PartOut]
    comments: list[CommentOut]
    clips: list[ClipOut]
    runs: list[RunOut]
    holds: int
    may_hear: bool = Field(description="False: a confidential caller, and the person is not named.")
    tombstone: TombstoneOut | None


@router.get(
    "/{recording_id}/story",
    response_model=StoryOut,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def story(recording_id: Id, request: Request, visitor: RecordingReader, doors: TheDoors) -> StoryOut:
    """Everything that is known of a recording: parts, remarks, clips, runs of the recogniser, what became of it."""
    with doors.read() as session:
        view = recordings.get_recording(session, recording_id)
        if view is None:
            raise DeskError("not_found")
        me = visitor.user.user_id
        may_hear = recordings.may_hear(session, recording_id, me)
        about = Abouts(session, doors, visitor, [view.contact_id])
        gone = recordings.tombstone_of(session, recording_id)
        found = StoryOut(
            **about.of(view),
            parts=_parts(session, desk_of(request).names, recording_id),
            comments=comments_shown(session, recordings.comments_of(session, recording_id) if may_hear else [], me),
            clips=clips_shown(
                session, doors, visitor, recordings.clips_of_recording(session, recording_id) if may_hear else []
            ),
            runs=[_run(run) for run in recordings.runs_of(session, recording_id)],
            holds=len(recordings.holds_of(session, view.contact_id)),
            may_hear=may_hear,
            tombstone=TombstoneOut.model_validate(gone, from_attributes=True) if gone else None,
        )
    if not may_hear:
        note_refusal(doors, me, "story", f"recording:{recording_id}")
    return found


def _parts(session: Session, names: Names, recording_id: str) -> list[PartOut]:
    agents = agent_names(session)
    return [
        PartOut(
            start=part.start,
            end=part.end,
            label=part.label,
            who=part.who,
            name=agents.get(part.who or "", part.who or ""),
            units=[unit.name or names.of_number(unit.number) or unit.number for unit in part.units],
        )
        for part in recordings.parts_of(session, recording_id)
    ]


def _run(run: recordings.Run) -> RunOut:
    figures = {name: value for name, value in run.figures.items() if value is None or isinstance(value, int | float)}
    return RunOut.model_validate({**{name: getattr(run, name) for name in run.__slots__}, "figures": figures})
