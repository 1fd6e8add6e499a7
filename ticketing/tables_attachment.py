"""The table of the files that belong to tickets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.tables import Base


class AttachmentRow(Base):
    """What is known of one file; rows are only ever added."""

    __tablename__ = "tkt_attachment"
    __table_args__ = (Index("tkt_attachment_ticket", "ticket_id", "added_at"),)

    attachment_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(200))
    media: Mapped[str] = mapped_column(String(100))
    """Its type, as found from its content."""
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file itself, not of what is stored."""
    stored: Mapped[str] = mapped_column(String(100))
    """Under which name the store holds it."""
    added_by: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]
    unit_id: Mapped[str | None] = mapped_column(String(64))
    """The handling unit that added it; None: the office."""
