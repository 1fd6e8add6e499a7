"""The table of callers' identity documents, apart from the tickets: what reads tickets cannot carry one out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.tables import Base


class IdentityRow(Base):
    """The number of the document by which the caller of one ticket says who they are."""

    __tablename__ = "tkt_caller_identity"

    ticket_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
