"""The ticket room's tables (prefix ``tkt_``), the same on SQLite and PostgreSQL.

No other room's table is referenced: ``contact_id`` and ``created_by`` are plain ids.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Index,
    Integer,
    Sequence,
    String,
    Text,
    UniqueConstraint,
    desc,
    false,
    or_,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy_utc import UtcDateTime

Document = JSON().with_variant(JSONB(), "postgresql")
Serial = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts up by itself only in a column declared INTEGER."""


class Base(DeclarativeBase):
    """The metadata of this room."""

    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: Document}  # noqa: RUF012 - SQLAlchemy's own shape


number_sequence = Sequence("tkt_number_seq", metadata=Base.metadata)
"""PostgreSQL hands out serial numbers from it without making one registration wait for another."""


class TicketRow(Base):
    """A ticket as it stands now."""

    __tablename__ = "tkt_ticket"

    ticket_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    status: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(30))
    category: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(500))
    caller_name: Mapped[str] = mapped_column(String(100))
    caller_number: Mapped[str] = mapped_column(String(40))
    caller_key: Mapped[str] = mapped_column(String(40))
    contact_id: Mapped[str | None] = mapped_column(String(64))
    confidential: Mapped[bool]
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]
    due_at: Mapped[datetime | None]
    unit: Mapped[str | None] = mapped_column(String(64))
    phase: Mapped[str] = mapped_column(String(30), server_default="registered")
    city: Mapped[str] = mapped_column(String(40), server_default="")
    pack_version: Mapped[str] = mapped_column(String(80), server_default="")
    origin: Mapped[str] = mapped_column(String(40), server_default="citizen")
    channel: Mapped[str] = mapped_column(String(20), server_default="phone")
    received_on: Mapped[date | None]
    """When a letter came in, which may be days before it was registered."""
    mode: Mapped[str | None] = mapped_column(String(20))
    yellow_from: Mapped[datetime | None]
    provisional: Mapped[bool] = mapped_column(server_default=false())
    citizen_due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    wake_at: Mapped[datetime | None]
    urgent: Mapped[bool] = mapped_column(server_default=false())
    major: Mapped[bool] = mapped_column(server_default=false())
    emergency: Mapped[str | None] = mapped_column(String(80))
    leader_assigned: Mapped[bool] = mapped_column(server_default=false())
    no_reply: Mapped[bool] = mapped_column(server_default=false())
    accused_unit: Mapped[str | None] = mapped_column(String(64))
    accused_person: Mapped[str | None] = mapped_column(String(100))
    matter_id: Mapped[str | None] = mapped_column(String(36))
    merged_into: Mapped[str | None] = mapped_column(String(36))
    public_reply: Mapped[str] = mapped_column(Text, server_default="")
    satisfaction: Mapped[str | None] = mapped_column(String(30))
    reviews: Mapped[int] = mapped_column(server_default="0")
    attachments: Mapped[list[str]] = mapped_column(Document, server_default="[]")
    settled: Mapped[str | None] = mapped_column(String(30))
    """How it was closed and confirmed: ``confirmed_redo`` or ``confirmed_supervise``."""
    external_number: Mapped[str | None] = mapped_column(String(64))
    """Its number in the system it was imported from."""
    query_code: Mapped[str | None] = mapped_column(String(10))
    """By which the caller asks after it, with the end of the telephone number; NULL until it is first told."""

    __table_args__ = (
        Index("tkt_ticket_newest", desc("created_at"), desc("ticket_id")),
        Index("tkt_ticket_status_newest", "status", desc("created_at"), desc("ticket_id")),
        Index("tkt_ticket_kind_newest", "kind", desc("created_at"), desc("ticket_id")),
        Index("tkt_ticket_channel_newest", "channel", desc("created_at"), desc("ticket_id")),
        Index("tkt_ticket_caller", "caller_key", desc("created_at")),
        Index("tkt_ticket_contact", "contact_id"),
        Index("tkt_ticket_unit_newest", "unit", desc("created_at"), desc("ticket_id")),
        Index("tkt_ticket_category_newest", "category", desc("created_at"), desc("ticket_id")),
        Index("tkt_ticket_origin_newest", "origin", desc("created_at"), desc("ticket_id")),
        Index("tkt_ticket_author_newest", "created_by", desc("created_at"), desc("ticket_id")),
        Index("tkt_ticket_due", "due_at", "yellow_from", "ticket_id"),
        Index("tkt_ticket_closed", "closed_at", "ticket_id"),
        Index("tkt_ticket_satisfaction", "satisfaction", "ticket_id"),
        Index("tkt_ticket_wake", "wake_at"),
        Index("tkt_ticket_matter", "matter_id"),
        Index("tkt_ticket_query", "query_code"),
        Index("tkt_ticket_external", "external_number", unique=True),
    )


def marked() -> ColumnElement[bool]:
    """The condition that a ticket is marked as urgent, major or an emergency; the index over those has the same."""
    columns = TicketRow.__table__.c
    condition: ColumnElement[bool] = or_(
        columns.urgent.is_(True), columns.major.is_(True), columns.emergency.is_not(None)
    )
    return condition


_columns_of_the_marked = (TicketRow.__table__.c.created_at, TicketRow.__table__.c.ticket_id)
Index("tkt_ticket_marked", *_columns_of_the_marked, postgresql_where=marked(), sqlite_where=marked())


class CallTicketRow(Base):
    """A call whose matter was added to a ticket that was there before."""

    __tablename__ = "desk_call_ticket"
    __table_args__ = (Index("ix_desk_call_ticket_ticket", "ticket_id"),)

    contact_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    by: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]


class NumberDayRow(Base):
    """Where the numbers of one local day begin (PostgreSQL) or how many were given (SQLite)."""

    __tablename__ = "tkt_number_day"

    day: Mapped[str] = mapped_column(String(8), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class LedgerRow(Base):
    """One append-only line of a ledger.  ``body`` is the exact text that was hashed."""

    __tablename__ = "tkt_ledger"

    entry_id: Mapped[int] = mapped_column(Serial, primary_key=True)
    chain: Mapped[int]
    position: Mapped[int] = mapped_column(BigInteger)
    ledger: Mapped[str] = mapped_column(String(20))
    ticket_id: Mapped[str] = mapped_column(String(120))
    """The ticket, or ``setting:…`` / ``recusal:…`` / ``recording:…`` / ``contact:…`` for what is not about one."""
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    verb: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        UniqueConstraint("chain", "position", name="tkt_ledger_position"),
        Index("tkt_ledger_ticket", "ticket_id", "ledger", "entry_id"),
    )


class ChainRow(Base):
    """The head of one of the ledger's hash chains; locked while a line is appended."""

    __tablename__ = "tkt_chain"

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


class OutboxRow(Base):
    """An event on its way out; ``due_at`` is the next attempt, or the end of the present one's lease.

    What happened is one row without a channel; the relay makes one of it for each channel that has to carry it, so
    that each is tried again on its own.
    """

    __tablename__ = "tkt_outbox"

    outbox_id: Mapped[int] = mapped_column(Serial, primary_key=True)
    event: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    state: Mapped[Literal["waiting", "done", "dead"]] = mapped_column(String(10))
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    problem: Mapped[str | None] = mapped_column(String(500))
    channel: Mapped[str] = mapped_column(String(20), server_default="")

    __table_args__ = (Index("tkt_outbox_due", "state", "due_at"),)


class IdempotencyRow(Base):
    """A command that was carried out, so that its repetition answers the same and does nothing."""

    __tablename__ = "tkt_idempotency"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    ticket_id: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime]

    __table_args__ = (Index("tkt_idempotency_age", "created_at"),)


class DraftRow(Base):
    """A form as it is being typed."""

    __tablename__ = "tkt_draft"

    agent_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    contact_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[dict[str, Any]]
    version: Mapped[int]
    updated_at: Mapped[datetime]


from ticketing import tables_identity as _tables_identity  # noqa: E402, F401 - the rest of this room's tables
from ticketing import tables_knowledge as _tables_knowledge  # noqa: E402, F401
from ticketing import tables_voicemail as _tables_voicemail  # noqa: E402, F401
from ticketing import tables_work as _tables_work  # noqa: E402, F401
