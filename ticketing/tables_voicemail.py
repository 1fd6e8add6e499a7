"""The table of voice messages that wait for a clerk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.tables import Base


class VoicemailRow(Base):
    """One voice message as a piece of work; its sound and text are the recording room's."""

    __tablename__ = "tkt_voicemail"
    __table_args__ = (Index("tkt_voicemail_open", "done_at", "left_at"), Index("tkt_voicemail_contact", "contact_id"))

    voicemail_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """The id of its recording: a recording can become one message only, however often it is told."""
    contact_id: Mapped[str] = mapped_column(String(64))
    left_at: Mapped[datetime]
    seconds: Mapped[float]
    silent: Mapped[bool]
    """Nothing can be heard on it; somebody called nevertheless."""
    section: Mapped[str] = mapped_column(String(80), default="")
    """Whose turn it was; empty where the pack names no sections."""
    claimed_by: Mapped[str | None] = mapped_column(String(64), default=None)
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    done_by: Mapped[str | None] = mapped_column(String(64), default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    outcome: Mapped[str | None] = mapped_column(String(16), default=None)
    """``ticket``, ``called_back`` or ``no_action``."""
    ticket_id: Mapped[str | None] = mapped_column(String(36), default=None)
    reason: Mapped[str] = mapped_column(Text, default="")
    reminded_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the supervisor was last told that it still waits."""
