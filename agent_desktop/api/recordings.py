"""Recordings: what is known, the audio with ranges, the waveform, the transcript.

Nobody hears or reads what was said without having said why first (``/recordings/{id}/plays``); every look is written
down besides.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

import recordings
from agent_desktop.access import RecordingReader, TheDoors, Visitor
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.ledger import What, add_access, note_refusal, noted_already
from agent_desktop.texts import Id

router = APIRouter(prefix="/recordings", tags=["recordings"])

COMMON = ("not_logged_in", "forbidden", "not_found")


class RecordingOut(BaseModel):
    """One recording; ``problem`` says why it cannot be played, ``alarms`` what is odd about it."""

    recording_id: str
    contact_id: str
    kind: Literal["call", "consult", "voicemail", "survey"]
    state: str = Field(description="waiting, processing, ready or failed")
    problem: str | None
    alarms: list[str]
    created_at: datetime
    started_at: datetime | None
    seconds: float | None
    channels: int | None
    format: str | None
    bytes: int | None
    sha256: str | None = Field(description="Of the untouched original.")
    transcript_state: str = Field(description="none, no_model, waiting, done or failed")


class RecordingAnswer(BaseModel):
    recording: RecordingOut


class PeaksOut(BaseModel):
    """The waveform of each leg, values from 0 to 1."""

    seconds: float
    points_per_second: float
    peaks: dict[str, list[float]]


class SegmentOut(BaseModel):
    """One utterance; times are seconds from the beginning of the recording."""

    leg: Literal["citizen", "other"]
    start: float
    end: float
    text: str
    conf: float | None


class TranscriptOut(BaseModel):
    """Spoken phone and identity numbers are masked: whoever needs one listens to it."""

    state: str
    problem: str | None
    version: int | None
    engine: str | None
    model: str | None
    versions: list[int]
    segments: list[SegmentOut]


def shown(view: recordings.RecordingView) -> RecordingOut:
    """A recording as this API says it."""
    return RecordingOut.model_validate(view, from_attributes=True)


@router.get("/{recording_id}", response_model=RecordingAnswer, responses=responses(*COMMON))
def one(recording_id: Id, _visitor: RecordingReader, doors: TheDoors) -> RecordingAnswer:
    """What is known about a recording."""
    with doors.read() as session:
        return RecordingAnswer(recording=shown(_known(session, recording_id)))


AUDIO: Mapping[int | str, dict[str, Any]] = {
    200: {"content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}},
    206: {"description": "The asked part", "content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "Not changed"},
    **responses(*COMMON, "reason_needed", "recording_not_ready", "recording_lost", "range_not_satisfiable"),
}

ThePlay = Annotated[Id | None, Query(description="The id that saying why gave.")]


@router.head("/{recording_id}/audio", responses=dict(AUDIO), include_in_schema=False)
@router.get("/{recording_id}/audio", response_class=Response, responses=dict(AUDIO))
def audio(
    recording_id: Id, request: Request, visitor: RecordingReader, doors: TheDoors, play: ThePlay = None
) -> Response:
    """The listening copy; one byte range at a time (RFC 9110 §14), so that players can seek."""
    with doors.read() as session:
        _ready(session, recording_id)
        _said_why(doors, session, visitor, "recording", recording_id, play)
        try:
            file = recordings.open_audio(session, doors.recording_store, recording_id)
        except (recordings.NotInStore, recordings.StoreUnavailable) as error:
            raise DeskError("recording_lost", problem=_why(error)) from error
    if file is None:
        raise DeskError("recording_not_ready")
    if file.size != file.stored_size:
        raise DeskError("recording_lost", problem="file_changed")
    tag = f'"{file.sha256}"'
    headers = {"accept-ranges": "bytes", "etag": tag, "cache-control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    usable = request.headers.get("if-range", tag) == tag
    try:
        part = recordings.parse_range(request.headers.get("range") if usable else None, file.size)
    except recordings.RangeNotSatisfiable as error:
        raise DeskError("range_not_satisfiable", headers={"content-range": f"bytes */{file.size}"}) from error
    start, stop = part or (0, file.size)
    headers["content-length"] = str(stop - start)
    if part:
        headers["content-range"] = f"bytes {start}-{stop - 1}/{file.size}"
    status = 206 if part else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=file.media_type)
    if not file.guarded and start == 0:  # a player begins to listen with the first byte
        problem = recordings.check_file(file.store, file.path, file.sha256)
        if problem is not None:
            raise DeskError("recording_lost", problem=problem)
    _note(doors, visitor, "recording", recording_id)
    try:
        pieces = file.read(start, stop)
        first = next(pieces, b"")  # what was tampered with must show before the answer has begun
    except (recordings.NotInStore, recordings.StoreUnavailable) as error:
        raise DeskError("recording_lost", problem=_why(error)) from error
    return StreamingResponse(itertools.chain([first], pieces), status, headers, media_type=file.media_type)


@router.get(
    "/{recording_id}/peaks",
    response_model=PeaksOut,
    responses=responses(*COMMON, "recording_not_ready", "recording_lost"),
)
def peaks(recording_id: Id, _visitor: RecordingReader, doors: TheDoors) -> dict[str, Any]:
    """The waveform."""
    with doors.read() as session:
        _ready(session, recording_id)
        try:
            found = recordings.peaks(session, doors.recording_store, recording_id)
        except (recordings.NotInStore, recordings.StoreUnavailable) as error:
            raise DeskError("recording_lost", problem=_why(error)) from error
    if found is None:
        raise DeskError("recording_not_ready")
    return found


@router.get("/{recording_id}/transcript", response_model=TranscriptOut, responses=responses(*COMMON, "reason_needed"))
def transcript(
    recording_id: Id,
    visitor: RecordingReader,
    doors: TheDoors,
    play: ThePlay = None,
    version: Annotated[int | None, Query(ge=1, le=10**6)] = None,
) -> dict[str, Any]:
    """What was said, as far as a recogniser has heard it; the state says plainly when there is none."""
    with doors.read() as session:
        found = recordings.transcript(session, recording_id, version)
        if found is None or (version is not None and found["version"] is None):
            raise DeskError("not_found")
        if found["segments"]:
            _said_why(doors, session, visitor, "transcript", recording_id, play)
            _note(doors, visitor, "transcript", recording_id)
    return {**found, "segments": recordings.mask_numbers(found["segments"])}


def _said_why(
    doors: Doors, session: Session, visitor: Visitor, what: What, recording_id: str, play: str | None
) -> None:
    me = visitor.user.user_id
    if play is None or not recordings.is_open(session, play, recording_id, me, doors.now()):
        if not recordings.may_hear(session, recording_id, me):
            note_refusal(doors, me, what, f"recording:{recording_id}")
        raise DeskError("reason_needed")


def _known(session: Session, recording_id: str) -> recordings.RecordingView:
    view = recordings.get_recording(session, recording_id)
    if view is None:
        raise DeskError("not_found")
    return view


def _ready(session: Session, recording_id: str) -> None:
    view = _known(session, recording_id)
    if view.state != "ready":
        raise DeskError("recording_not_ready", state=view.state, problem=view.problem)


def _note(doors: Doors, visitor: Visitor, what: What, recording_id: str) -> None:
    """A look that cannot be written down is not given.  A player asks in many pieces: only the first of them waits for
    a place among those who write."""
    with doors.read() as session:
        if noted_already(session, doors, visitor.user.user_id, visitor.session, what, recording_id):
            return
    with doors.write.begin() as session:
        add_access(session, doors, visitor.user.user_id, visitor.session, what, recording_id)


def _why(error: Exception) -> str:
    return error.code if isinstance(error, recordings.StoreUnavailable) else "file_missing"
