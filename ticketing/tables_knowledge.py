"""The knowledge base's table.  What was done about an article stands in the ledger, under ``article:<id>``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.tables import Base

NullableDocument = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class ArticleRow(Base):
    """A question and its answer: the copy being worked on, and beside it the one in force."""

    __tablename__ = "tkt_article"

    article_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    """Of the working copy: ``draft``, ``review``, ``published`` (it is the one in force) or ``withdrawn``."""
    question: Mapped[str] = mapped_column(String(300))
    answer: Mapped[str] = mapped_column(Text)
    read_out: Mapped[str] = mapped_column(Text)
    """What is said on the telephone; empty: the answer itself."""
    unit: Mapped[str | None] = mapped_column(String(64))
    """The handling unit that answers for it."""
    category: Mapped[str] = mapped_column(String(100))
    keywords: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    """The last day on which it is shown beside the form."""
    review_by: Mapped[date | None]
    """When somebody has to look whether it still holds."""
    in_force: Mapped[dict[str, Any] | None] = mapped_column(NullableDocument)
    """What agents find: the content as it was published."""
    version: Mapped[int]
    written_by: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text)
    """What the reviewer said when sending it back, or why it was withdrawn."""

    __table_args__ = (Index("tkt_article_state", "state", "review_by"),)
