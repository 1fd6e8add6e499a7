"""The line quality of a call."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

import cti
from agent_desktop.access import CallReader, TheDoors
from agent_desktop.cards import agent_names
from agent_desktop.errors import DeskError, responses
from agent_desktop.line_quality import quality_of
from agent_desktop.messages import QualityWarning
from agent_desktop.texts import Id

router = APIRouter(tags=["calls"])


class LineQualityOut(BaseModel):
    """One agent's line between browser and switch."""

    agent_id: str
    agent_name: str | None
    seconds: float = Field(description="How long was measured.")
    rtt_ms: float | None
    rtt_ms_max: float | None
    jitter_ms: float
    jitter_ms_max: float
    loss: float = Field(description="Share of packets lost, 0 to 1.")
    loss_max: float
    mos: float = Field(description="Mean opinion score by the E-model, 1 to 4.5.")
    mos_min: float
    warnings: list[QualityWarning]


class CallQuality(BaseModel):
    lines: list[LineQualityOut] = Field(description="Empty when nobody talked through a browser.")


@router.get(
    "/calls/{contact_id}/quality",
    response_model=CallQuality,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def quality(contact_id: Id, _visitor: CallReader, doors: TheDoors) -> CallQuality:
    """How good the agents' lines were during one call."""
    with doors.read() as session:
        if cti.get_call(session, contact_id) is None:
            raise DeskError("not_found")
        names = agent_names(session)
        lines = [
            LineQualityOut(agent_name=names.get(line.agent_id), **vars(line))
            for line in quality_of(session, contact_id)
        ]
    return CallQuality(lines=lines)
