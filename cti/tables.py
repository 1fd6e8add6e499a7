"""Tables of the call room: calls, the fact ledger, agents and the history of their states."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy_utc import UtcDateTime


class Base(DeclarativeBase):
    """Metadata of this room; no foreign key leaves it."""


class CallRow(Base):
    """One contact, closed or open.  ``contact_id`` is CONTACT_ID, or the call id for calls without one."""

    __tablename__ = "cti_call"

    contact_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    call_id: Mapped[str] = mapped_column(String(64), index=True)
    linkedid: Mapped[str] = mapped_column(String(64), default="")
    caller_number: Mapped[str] = mapped_column(String(80), default="")
    """As the switch gave it."""
    caller_key: Mapped[str] = mapped_column(String(40), default="", index=True)
    """Canonical form (cti.numbers); empty for anonymous callers."""
    caller_name: Mapped[str] = mapped_column(String(200), default="")
    dialled: Mapped[str] = mapped_column(String(80), default="")
    city: Mapped[str] = mapped_column(String(40), default="")
    queue: Mapped[str] = mapped_column(String(80), default="")
    menu_path: Mapped[str] = mapped_column(String(200), default="")
    originated: Mapped[bool] = mapped_column(default=False)
    outgoing: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The office called the citizen; ``caller_number`` is the citizen's all the same."""
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    queued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ringing_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    agent_id: Mapped[str | None] = mapped_column(String(80), index=True)
    """Who answered last."""
    wait_seconds: Mapped[float | None]
    talk_seconds: Mapped[float | None]
    """From the first answer to the caller's hang-up, holds included."""
    end_reason: Mapped[str | None] = mapped_column(String(40))
    """``abandoned``, ``merged``, or the reason of the call_ended fact."""
    abandoned_position: Mapped[int | None]
    merged_into: Mapped[str | None] = mapped_column(String(64))


class FactRow(Base):
    """The ledger: every fact once, append-only."""

    __tablename__ = "cti_fact"
    __table_args__ = (Index("ix_cti_fact_contact", "contact_id", "fact_id"),)

    fact_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the canonical JSON: what makes recording idempotent."""
    name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    contact_id: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class AgentRow(Base):
    """An agent's seat: who may log in to which queues from which extension."""

    __tablename__ = "cti_agent"

    agent_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    extension: Mapped[str] = mapped_column(String(20), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    """``web`` (browser phone) or ``phone`` (a SIP desk phone)."""
    queues: Mapped[list[str]] = mapped_column(JSON)
    enabled: Mapped[bool] = mapped_column(default=True)


class AgentStateRow(Base):
    """One stretch of time an agent spent in one state."""

    __tablename__ = "cti_agent_state"
    __table_args__ = (Index("ix_cti_agent_state_agent", "agent_id", "began_at"),)

    state_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    agent_id: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    contact_id: Mapped[str | None] = mapped_column(String(64))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DutyRow(Base):
    """One line of the duty roster: who of a handling unit answers at which number, and when."""

    __tablename__ = "cti_duty"

    duty_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    unit_id: Mapped[str] = mapped_column(String(64), index=True)
    unit_name: Mapped[str] = mapped_column(String(100))
    person: Mapped[str] = mapped_column(String(100), default="")
    number: Mapped[str] = mapped_column(String(20))
    days: Mapped[list[int]] = mapped_column(JSON)
    begins: Mapped[str] = mapped_column(String(5))
    """``08:30``, the office's own time."""
    ends: Mapped[str] = mapped_column(String(5))
    remark: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Grows with every change; a change names the one it was made from."""


from cti import tables_survey as _tables_survey  # noqa: E402, F401 - one more table of this room
