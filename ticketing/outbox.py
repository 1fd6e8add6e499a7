"""Events for the outside world, written in the transaction of the command that caused them.

An event becomes one row for each channel that carries it (webhook, text message, e-mail).

A relay claims due rows, delivers, and reports back; a relay that dies leaves rows whose lease runs out, so every
event goes out at least once.  After :data:`MAX_ATTEMPTS` a row is ``dead``: it stays and is shown to the administrator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from ticketing.model import OutboxEvent, json_ready
from ticketing.tables import OutboxRow

MAX_ATTEMPTS = 12
LEASE = timedelta(minutes=2)
"""How long a claimed row is left to its relay."""
FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=1)


def put_all(session: Session, events: Sequence[tuple[str, Mapping[str, Any]]], now: datetime) -> None:
    """Adds events to this transaction.  Bodies carry ids, never names, numbers or texts."""
    rows = [
        {
            "event": event,
            "body": json_ready(body),
            "created_at": now,
            "state": "waiting",
            "due_at": now,
            "attempts": 0,
        }
        for event, body in events
    ]
    if rows:
        session.connection().execute(_INSERT, rows if len(rows) > 1 else rows[0])


_INSERT = insert(cast(Table, OutboxRow.__table__)).inline()


def outbox_due(session: Session, now: datetime, limit: int = 50) -> list[OutboxEvent]:
    """Claims up to ``limit`` due events for :data:`LEASE`; no two relays get the same one."""
    rows = session.scalars(
        select(OutboxRow)
        .where(OutboxRow.state == "waiting", OutboxRow.due_at <= now)
        .order_by(OutboxRow.due_at, OutboxRow.outbox_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.due_at = now + LEASE
        row.attempts += 1
    return [_value(row) for row in rows]


Way = tuple[str, Mapping[str, Any]]
"""A channel, and what the delivery needs besides the event."""


def outbox_split(session: Session, outbox_id: int, ways: Sequence[Way], now: datetime) -> None:
    """Gives an event to the channels: for each way a row of its own."""
    row = session.get(OutboxRow, outbox_id, with_for_update=True)
    if row is None or row.state != "waiting":
        return
    row.state = "done"
    for channel, more in ways:
        session.add(
            OutboxRow(
                event=row.event,
                body={**row.body, **more},
                created_at=row.created_at,
                state="waiting",
                due_at=now,
                attempts=0,
                channel=channel,
            )
        )


def outbox_done(session: Session, outbox_id: int) -> None:
    """The event was delivered."""
    row = session.get(OutboxRow, outbox_id, with_for_update=True)
    if row is not None:
        row.state, row.problem = "done", None


def outbox_failed(session: Session, outbox_id: int, problem: str, now: datetime) -> None:
    """The delivery failed: tried again later, at growing distance, and given up as ``dead`` in the end."""
    row = session.get(OutboxRow, outbox_id, with_for_update=True)
    if row is None or row.state != "waiting":
        return
    row.problem = problem[:500]
    if row.attempts >= MAX_ATTEMPTS:
        row.state = "dead"
    else:
        row.due_at = now + min(FIRST_RETRY * 2 ** (row.attempts - 1), LONGEST_RETRY)


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A row of the outbox as it stands."""

    event: OutboxEvent
    state: Literal["waiting", "done", "dead"]
    due_at: datetime
    problem: str | None


def outbox_page(session: Session, state: str | None, before: int | None, limit: int) -> list[OutboxEntry]:
    """Rows in one state (None: in any), newest first; ``before`` is the last id of the page before."""
    statement = select(OutboxRow).order_by(OutboxRow.outbox_id.desc()).limit(limit)
    if state is not None:
        statement = statement.where(OutboxRow.state == state)
    if before is not None:
        statement = statement.where(OutboxRow.outbox_id < before)
    return [OutboxEntry(_value(row), row.state, row.due_at, row.problem) for row in session.scalars(statement)]


def outbox_retry(session: Session, outbox_id: int, now: datetime) -> bool:
    """Tries a dead event anew, from the first attempt; False when there is no dead one of this id."""
    row = session.get(OutboxRow, outbox_id, with_for_update=True)
    if row is None or row.state != "dead":
        return False
    row.state, row.attempts, row.due_at = "waiting", 0, now
    return True


def _value(row: OutboxRow) -> OutboxEvent:
    return OutboxEvent(row.outbox_id, row.event, row.body, row.created_at, row.attempts, row.channel)


def outbox_counts(session: Session) -> dict[str, int]:
    """How many events are waiting, done and dead."""
    rows = session.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state))
    return {"waiting": 0, "done": 0, "dead": 0} | {state: count for state, count in rows}  # noqa: C416 - rows are not pairs to mypy
