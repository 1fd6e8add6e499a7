"""Recordings on their way out of the house, and the proof that they are what was recorded."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.responses import Response

import recordings
from agent_desktop.access import RecordingExporter, RecordingReader, TheDoors
from agent_desktop.errors import DeskError, responses
from agent_desktop.ledger import add_access, kept_voice
from agent_desktop.texts import Id

from .plays import Reason, Second

router = APIRouter(prefix="/recordings", tags=["recordings"])

_ONE_AT_A_TIME = threading.Lock()
"""Encoding two hours takes a core for seconds; calls are on the others."""
_PIECE = 1 << 18


class ExportIn(BaseModel):
    """What is wanted.  ``mask``: spoken phone and identity numbers are overwritten, in audio and text."""

    reason: Reason
    start: Second = 0.0
    end: Second | None = None
    format: Literal["opus", "mp3", "wav", "flac"] = "opus"
    mask: bool = True
    watermark: Literal["audible", "written"] = "written"
    untouched: bool = Field(default=False, description="The whole original, byte for byte; nothing is masked.")


class ProofOut(BaseModel):
    """``sound``, ``deleted`` or ``not_stored`` are well; anything else names what does not hold."""

    code: str
    sound: bool
    role: str | None
    sealed: bool = Field(description="Whether its entry in the ledger is under a seal already.")


ZIP: Mapping[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}},
    **responses(
        "not_logged_in", "forbidden", "not_found", "confidential", "reason_needed", "export_refused", "recording_lost"
    ),
}


@router.post("/{recording_id}/exports", response_class=Response, responses=dict(ZIP))
def export(recording_id: Id, asked: ExportIn, visitor: RecordingExporter, doors: TheDoors) -> Response:
    """A signed ZIP with audio, transcript and proofs, to be checked anywhere with ``hotline verify``."""
    order = recordings.ExportOrder(
        recording_id,
        visitor.user.user_id,
        asked.reason.strip(),
        asked.start,
        asked.end,
        asked.format,
        asked.mask,
        asked.watermark,
        asked.untouched,
    )
    with doors.write.begin() as session:
        add_access(session, doors, visitor.user.user_id, visitor.session, "export", recording_id)
    folder = tempfile.TemporaryDirectory(prefix="hotline-export-")
    packed = Path(folder.name) / "export.zip"
    try:
        with _ONE_AT_A_TIME:
            doors.archive.export(order, packed)
    except BaseException as error:
        folder.cleanup()
        if isinstance(error, recordings.PlayRefused) and error.code == "confidential":
            raise kept_voice(doors, visitor.user.user_id, "export", recording_id) from error
        raise _refused(error) from error
    name = f"recording-{recording_id[:8]}-{doors.now().astimezone(doors.archive.zone):%Y%m%d-%H%M%S}.zip"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "content-length": str(packed.stat().st_size),
    }
    return StreamingResponse(_pieces(packed, folder), 200, headers, media_type="application/zip")


@router.get(
    "/{recording_id}/proof",
    response_model=ProofOut,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def proof(recording_id: Id, _visitor: RecordingReader, doors: TheDoors) -> ProofOut:
    """Reads every file of a recording and compares it with its row and the ledger; what does not hold is an alarm."""
    with doors.read() as session:
        finding = recordings.check_recording(session, doors.recording_store, recording_id)
        sealed = recordings.is_sealed(session, recording_id)
    if finding.code == "unknown":
        raise DeskError("not_found")
    if not finding.sound:
        with doors.write.begin() as session:
            recordings.raise_alarm(session, finding.code, doors.now(), recording_id)
    return ProofOut(code=finding.code, sound=finding.sound, role=finding.role, sealed=sealed)


def _refused(error: BaseException) -> BaseException:
    match error:
        case recordings.PlayRefused(code="no_reason"):
            return DeskError("reason_needed")
        case recordings.PlayRefused():
            return DeskError(error.code)
        case recordings.ExportRefused():
            return DeskError("export_refused", reason=error.code)
        case recordings.NotInStore():
            return DeskError("recording_lost", problem="file_missing")
        case recordings.StoreUnavailable():
            return DeskError("recording_lost", problem=error.code)
        case recordings.EncoderMissing():
            return DeskError("export_refused", reason="ffmpeg_missing")
        case recordings.EncoderFailed():
            return DeskError("export_refused", reason="encoder_failed")
        case OSError():
            return DeskError("export_refused", reason="disk_full")
    return error


def _pieces(packed: Path, folder: tempfile.TemporaryDirectory[str]) -> Iterator[bytes]:
    with folder, packed.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
