"""Tables of the desk: who may log in, who is logged in, who tried, who looked at what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy_utc import UtcDateTime


class Base(DeclarativeBase):
    """Metadata of this room only; other rooms are referred to by plain ids."""

    type_annotation_map = {datetime: UtcDateTime()}  # noqa: RUF012 - SQLAlchemy's own shape


class UserRow(Base):
    """One person who may log in.  A user with ``agent_id`` also takes calls."""

    __tablename__ = "desk_user"

    user_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(255))
    roles: Mapped[list[str]] = mapped_column(JSON)
    agent_id: Mapped[str | None] = mapped_column(String(80), unique=True)
    unit_id: Mapped[str | None] = mapped_column(String(64))
    """The handling unit the person works for; NULL for the hotline office itself."""
    enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class SessionRow(Base):
    """One log-in.  Only the hash of the cookie's token is kept, so a stolen database opens no session."""

    __tablename__ = "desk_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(36), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ThrottleRow(Base):
    """Failed log-ins in a row for one key (a name, an address, or both)."""

    __tablename__ = "desk_throttle"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]


class AccessRow(Base):
    """The ledger of looking: every recording played, every caller card shown.  Rows are only ever added."""

    __tablename__ = "desk_access"
    __table_args__ = (
        Index("ix_desk_access_object", "what", "object_id"),
        Index("ix_desk_access_user", "user_id", "at"),
    )

    access_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    user_id: Mapped[str] = mapped_column(String(36))
    session: Mapped[str] = mapped_column(String(16))
    """First characters of the session's hash: tells two log-ins of one person apart."""
    what: Mapped[str] = mapped_column(String(24))
    object_id: Mapped[str] = mapped_column(String(64))
