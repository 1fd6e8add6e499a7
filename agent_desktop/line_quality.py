"""How good the line between an agent's browser and the switch was, kept per call: what the page measured.

The page measures (``web/src/phone/quality.ts``) and says so every few seconds; here the windows are added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from agent_desktop.messages import ClientQuality
from agent_desktop.tables import Base


class CallQualityRow(Base):
    """One agent's line during one call.  Means are weighted by time."""

    __tablename__ = "desk_call_quality"

    contact_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    began_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    seconds: Mapped[float]
    """How long was measured."""
    rtt_ms: Mapped[float | None]
    """Mean round trip; NULL when the browser never learned it."""
    rtt_seconds: Mapped[float]
    """How long there was a round trip to measure."""
    rtt_ms_max: Mapped[float | None]
    jitter_ms: Mapped[float]
    jitter_ms_max: Mapped[float]
    loss: Mapped[float]
    """Share of packets lost, 0…1, in the worse direction."""
    loss_max: Mapped[float]
    mos: Mapped[float]
    """Mean opinion score by the E-model, 1…4.5."""
    mos_min: Mapped[float]
    warnings: Mapped[list[str]] = mapped_column(JSON)
    """What the agent was warned of, in order of first appearance."""


@dataclass(frozen=True)
class LineQuality:
    """One agent's line during one call, as shown."""

    agent_id: str
    seconds: float
    rtt_ms: float | None
    rtt_ms_max: float | None
    jitter_ms: float
    jitter_ms_max: float
    loss: float
    loss_max: float
    mos: float
    mos_min: float
    warnings: list[str]


def note_quality(session: Session, agent_id: str, window: ClientQuality, now: datetime) -> None:
    """Adds one measured window to the agent's line in this call."""
    row = session.get(CallQualityRow, (window.contact_id, agent_id))
    if row is None:
        row = CallQualityRow(
            contact_id=window.contact_id,
            agent_id=agent_id,
            began_at=now,
            seconds=0.0,
            rtt_seconds=0.0,
            jitter_ms=0.0,
            jitter_ms_max=0.0,
            loss=0.0,
            loss_max=0.0,
            mos=0.0,
            mos_min=5.0,
            warnings=[],
        )
        session.add(row)
    together = row.seconds + window.seconds

    def mean(before: float, now: float) -> float:
        return (before * row.seconds + now * window.seconds) / together

    row.jitter_ms = mean(row.jitter_ms, window.jitter_ms)
    row.loss = mean(row.loss, window.loss)
    row.mos = mean(row.mos, window.mos)
    if window.rtt_ms is not None:
        known = row.rtt_seconds + window.seconds
        row.rtt_ms = ((row.rtt_ms or 0.0) * row.rtt_seconds + window.rtt_ms * window.seconds) / known
        row.rtt_ms_max = max(row.rtt_ms_max or 0.0, window.rtt_ms_max or window.rtt_ms)
        row.rtt_seconds = known
    row.jitter_ms_max = max(row.jitter_ms_max, window.jitter_ms_max)
    row.loss_max = max(row.loss_max, window.loss_max)
    row.mos_min = min(row.mos_min, window.mos_min)
    row.seconds = together
    row.updated_at = now
    row.warnings = [*row.warnings, *(one for one in window.warnings if one not in row.warnings)]


def quality_of(session: Session, contact_id: str) -> Sequence[LineQuality]:
    """The lines of everybody who talked in this call, in the order they came."""
    found = select(CallQualityRow).where(CallQualityRow.contact_id == contact_id).order_by(CallQualityRow.began_at)
    names = LineQuality.__dataclass_fields__
    return [LineQuality(**{name: getattr(row, name) for name in names}) for row in session.scalars(found)]
