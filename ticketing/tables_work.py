"""Tables of what units do about a ticket and what the office orders; part of this room's metadata."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    desc,
    false,
    literal_column,
)
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.case import OPEN_WORK
from ticketing.tables import Base, Document, Serial


class WorkRow(Base):
    """One unit's part in a ticket."""

    __tablename__ = "tkt_work"

    work_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    serial: Mapped[int]
    """Counts a ticket's works from 1 in the order of their delivery."""
    ticket_id: Mapped[str] = mapped_column(String(36))
    parent_id: Mapped[str | None] = mapped_column(String(36))
    unit_id: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(10))
    depth: Mapped[int]
    status: Mapped[str] = mapped_column(String(30))
    mode: Mapped[str | None] = mapped_column(String(20))
    items: Mapped[list[int]] = mapped_column(Document)
    attachments: Mapped[list[str]] = mapped_column(Document)
    delivered_at: Mapped[datetime]
    delivered_by: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    target_at: Mapped[datetime | None]
    sign_due_at: Mapped[datetime | None]
    return_due_at: Mapped[datetime | None]
    yellow_from: Mapped[datetime | None]
    provisional: Mapped[bool] = mapped_column(server_default=false())
    clock: Mapped[dict[str, Any]]
    """What the due date was computed from, enough to compute it again (:mod:`ticketing.clock`)."""
    extensions: Mapped[int] = mapped_column(server_default="0")
    locked: Mapped[str | None] = mapped_column(String(20))
    explained: Mapped[bool] = mapped_column(server_default=false())
    overdue: Mapped[bool] = mapped_column(server_default=false())
    redone: Mapped[int] = mapped_column(server_default="0")
    next_check: Mapped[datetime | None]
    """When the sweep must look at it next."""
    account_step: Mapped[str | None] = mapped_column(String(10))
    account_asked_at: Mapped[datetime | None]
    account: Mapped[str | None] = mapped_column(Text)
    """The unit's last answer to the caller who demanded an account; the caller reads it."""
    warned: Mapped[bool] = mapped_column(server_default=false())
    """The turn to yellow was noted."""

    __table_args__ = (
        Index("tkt_work_ticket", "ticket_id", "serial"),
        Index("tkt_work_unit", "unit_id", "status", "due_at"),
        Index("tkt_work_check", "next_check"),
        Index("tkt_work_provisional", "provisional"),
        Index("tkt_work_newest", desc("delivered_at"), desc("work_id"), "unit_id"),
    )


def owed(status: Any) -> ColumnElement[bool]:
    """The condition that a unit still owes something.

    Its values stand in the statement's text: with bound ones neither database would see that an index is for just
    these rows.
    """
    condition: ColumnElement[bool] = status.in_(
        bindparam("owed", sorted(OPEN_WORK), expanding=True, literal_execute=True, unique=True)
    )
    return condition


def accounts_owed() -> ColumnElement[bool]:
    """The condition that a caller waits for the unit to account for itself."""
    return and_(WorkRow.account_asked_at.is_not(None), WorkRow.account.is_(None))


def _index_of_the_owed() -> Index:
    """Small however many works have ended, and in the order of the inbox; the unit stands in it to be filtered by."""
    columns = WorkRow.__table__.c
    condition = columns.status.in_(sorted(OPEN_WORK))
    order = (columns.due_at, columns.delivered_at, columns.work_id, columns.unit_id)
    return Index("tkt_work_owed", *order, postgresql_where=condition, sqlite_where=condition)


_index_of_the_owed()
Index("tkt_work_asked", WorkRow.account_asked_at, postgresql_where=accounts_owed(), sqlite_where=accounts_owed())


def was_late() -> ColumnElement[bool]:
    """The condition that a unit was late with its work."""
    late: ColumnElement[bool] = WorkRow.__table__.c.overdue.is_(True)
    return late


def assisting() -> ColumnElement[bool]:
    """The condition that a work is that of a unit which assists; its value stands in the text, as in :func:`owed`."""
    return WorkRow.__table__.c.role == literal_column("'assist'")


Index("tkt_work_late", WorkRow.__table__.c.ticket_id, postgresql_where=was_late(), sqlite_where=was_late())
_columns_of_the_assisting = (WorkRow.__table__.c.unit_id, WorkRow.__table__.c.ticket_id)
Index("tkt_work_assisting", *_columns_of_the_assisting, postgresql_where=assisting(), sqlite_where=assisting())


class ItemRow(Base):
    """One of the demands in a ticket, and the last answer to it."""

    __tablename__ = "tkt_item"

    ticket_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[str | None] = mapped_column(Text)
    law_basis: Mapped[str | None] = mapped_column(Text)
    resolved: Mapped[bool | None]
    by_unit: Mapped[str | None] = mapped_column(String(64))


class ReportRow(Base):
    """A unit's report on its work."""

    __tablename__ = "tkt_report"

    report_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(String(36))
    work_id: Mapped[str] = mapped_column(String(36))
    filed_at: Mapped[datetime]
    filed_by: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(Text)
    """For the office."""
    public_reply: Mapped[str] = mapped_column(Text)
    """For the citizen; a separate text."""
    resolved: Mapped[bool | None]
    body: Mapped[dict[str, Any]]
    """Signature, seal image, leader's approval, attachments, satisfaction, plan, closing report."""

    __table_args__ = (Index("tkt_report_work", "work_id", "filed_at"), Index("tkt_report_ticket", "ticket_id"))


class RequestRow(Base):
    """A unit's request for more time, return or termination, and the ruling."""

    __tablename__ = "tkt_request"

    request_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    serial: Mapped[int]
    """Counts a ticket's requests from 1."""
    ticket_id: Mapped[str] = mapped_column(String(36))
    work_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    days: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(10))
    filed_at: Mapped[datetime]
    filed_by: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(64))
    ruling: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("tkt_request_ticket", "ticket_id"), Index("tkt_request_pending", "status", "filed_at"))


class OrderRow(Base):
    """An urge, a reminder or a supervise order."""

    __tablename__ = "tkt_order"

    order_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    serial: Mapped[int]
    """Counts a ticket's orders from 1."""
    ticket_id: Mapped[str] = mapped_column(String(36))
    work_id: Mapped[str] = mapped_column(String(36))
    unit_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(10))
    form: Mapped[str | None] = mapped_column(String(20))
    ground: Mapped[str | None] = mapped_column(String(30))
    opinion: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10))
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    evaluation: Mapped[str | None] = mapped_column(Text)
    expired: Mapped[bool | None]
    """Whether it was not followed: the result was still owed when its own limit passed, it was judged so, or another
    order was needed; None until that is known."""

    __table_args__ = (Index("tkt_order_ticket", "ticket_id", "kind"), Index("tkt_order_due", "status", "due_at"))


class DutyRow(Base):
    """An act that follows from a threshold or a finding: mandatory or offered.  It is never created twice."""

    __tablename__ = "tkt_duty"

    duty_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    scope: Mapped[str] = mapped_column(String(160))
    """What was counted: a unit's work, or a matter."""
    rule: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(40))
    ticket_id: Mapped[str] = mapped_column(String(36))
    unit_id: Mapped[str | None] = mapped_column(String(64))
    mandatory: Mapped[bool]
    confirm: Mapped[list[str]] = mapped_column(Document)
    src: Mapped[list[str]] = mapped_column(Document)
    why: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("scope", "rule", "act", name="tkt_duty_once"),
        Index("tkt_duty_ticket", "ticket_id"),
        Index("tkt_duty_open", "status", "created_at"),
    )


class OpinionRow(Base):
    """A call-back's outcome, or what the citizen said without being called."""

    __tablename__ = "tkt_opinion"

    opinion_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(20))
    """``callback`` or ``citizen``."""
    outcome: Mapped[str] = mapped_column(String(30))
    solved: Mapped[bool | None]
    contacted: Mapped[bool | None]
    note: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("tkt_opinion_ticket", "ticket_id", "at"),)


class MeetingRow(Base):
    """A meeting on site and who came."""

    __tablename__ = "tkt_meeting"

    meeting_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(String(36))
    place: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    units: Mapped[list[str]] = mapped_column(Document)
    attendance: Mapped[dict[str, Any]]

    __table_args__ = (Index("tkt_meeting_ticket", "ticket_id"),)


class RecusalRow(Base):
    """A declared interest: this person does not see these matters."""

    __tablename__ = "tkt_recusal"

    recusal_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64))
    scope: Mapped[str] = mapped_column(String(10))
    """``ticket``, ``unit`` (matters in which it is accused, or had work at any level) or ``caller``."""
    scope_id: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime]
    declared_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index("tkt_recusal_user", "user_id"), Index("tkt_recusal_scope", "scope", "scope_id"))


class SettingRow(Base):
    """Something the office changed at run time: units, categories, roles, parameters, a year's calendar."""

    __tablename__ = "tkt_setting"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[dict[str, Any]]
    version: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))


class SettingChangeRow(Base):
    """Counts the changes of settings, so that every process sees at once that it must read them again."""

    __tablename__ = "tkt_setting_change"

    change_id: Mapped[int] = mapped_column(Serial, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
