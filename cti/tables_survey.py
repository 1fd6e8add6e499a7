"""The table of callers who were asked how the call was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utc import UtcDateTime

from cti.tables import Base


class SurveyRow(Base):
    """One caller who was asked after the agent had hung up; ``score`` stays empty when none was given."""

    __tablename__ = "cti_survey"
    __table_args__ = (Index("ix_cti_survey_asked", "asked_at"),)

    contact_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    score: Mapped[int | None]
    """1 (very dissatisfied) to 5 (very satisfied)."""
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
