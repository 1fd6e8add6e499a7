"""Tables of the desk: who may log in, who looked at what, and what agents noted about calls and callers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, String, Text
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


class TokenRow(Base):
    """What another program shows to be let in.  Only the hash is kept; a token that was ended stays on record."""

    __tablename__ = "desk_token"

    token_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    rights: Mapped[list[str]] = mapped_column(JSON)
    origin: Mapped[str] = mapped_column(String(40))
    """Who hands in what comes with it, and by which way; no request says otherwise."""
    channel: Mapped[str] = mapped_column(String(20))
    per_minute: Mapped[int]
    made_by: Mapped[str] = mapped_column(String(36))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_by: Mapped[str | None] = mapped_column(String(36))
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    minute_began: Mapped[datetime | None]
    minute_uses: Mapped[int] = mapped_column(default=0)
    """Uses since ``minute_began``, in every process together."""


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


class CallerMarkRow(Base):
    """A nuisance call somebody marked, or a caller who needs special care.  Deleted when ``expires_at`` has come."""

    __tablename__ = "desk_caller_mark"
    __table_args__ = (
        Index("ix_desk_caller_mark_key", "caller_key"),
        Index("ix_desk_caller_mark_expires", "expires_at"),
    )

    mark_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    caller_key: Mapped[str] = mapped_column(String(40))
    """For finding it when the number calls again; nobody is shown it."""
    number_masked: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(64))
    """``nuisance``, or a care code of the city's ``form.toml``."""
    state: Mapped[str] = mapped_column(String(10))
    """``marked``, ``confirmed`` or ``cleared``."""
    contact_id: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)
    marked_by: Mapped[str] = mapped_column(String(36))
    marked_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(36))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]


class DispositionRow(Base):
    """How a call turned out, in the words of the city's tree."""

    __tablename__ = "desk_disposition"
    __table_args__ = (Index("ix_desk_disposition_code", "code", "at"),)

    contact_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]


class HandOverRow(Base):
    """A caller handed over to an emergency service, step by step."""

    __tablename__ = "desk_hand_over"
    __table_args__ = (Index("ix_desk_hand_over_contact", "contact_id"), Index("ix_desk_hand_over_began", "began_at"))

    hand_over_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    contact_id: Mapped[str] = mapped_column(String(64))
    service: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(36))
    began_at: Mapped[datetime]
    reached_at: Mapped[datetime | None]
    """The service has answered."""
    joined_at: Mapped[datetime | None]
    """Citizen, agent and service hear each other."""
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    """``handed_over``, ``given_up`` (answered, the citizen was not brought in) or ``not_reached``."""


class SavedReportRow(Base):
    """A report of somebody's own choice, kept under a name."""

    __tablename__ = "desk_report"
    __table_args__ = (Index("ix_desk_report_owner", "owner", "name"),)

    report_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    owner: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(60))
    shared: Mapped[bool]
    period: Mapped[str] = mapped_column(String(20))
    rows: Mapped[list[str]] = mapped_column(JSON)
    figures: Mapped[list[str]] = mapped_column(JSON)
    version: Mapped[int]
    changed_at: Mapped[datetime]


class FloorActRow(Base):
    """What a supervisor did at an agent's place, and why.  Never deleted."""

    __tablename__ = "desk_floor_act"
    __table_args__ = (
        Index("ix_desk_floor_act_agent", "agent_id", "began_at"),
        Index("ix_desk_floor_act_began", "began_at"),
    )

    act_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    """``listening``, ``barge``, ``ready``, ``not_ready`` or ``log_out``."""
    agent_id: Mapped[str] = mapped_column(String(80))
    """Whose place it is."""
    user_id: Mapped[str] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(String(32), default="")
    """The not-ready reason that was set."""
    contact_id: Mapped[str | None] = mapped_column(String(64))
    """The call; of listening and coming in."""
    steps: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """From when on the supervisor heard (``listen``), whispered (``whisper``) or was heard by all (``barge``); empty
    where the supervisor's phone was not reached: nothing was heard then."""
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
