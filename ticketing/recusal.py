"""Declared interests (回避): who declares one, or for whom one is declared, no longer sees the matters it touches."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing import ledger
from ticketing.model import Refused
from ticketing.tables_work import RecusalRow

Scope = Literal["ticket", "unit", "caller"]
State = Literal["open", "ended", "all"]


@dataclass(frozen=True, slots=True)
class Recusal:
    """One declared interest."""

    recusal_id: str
    user_id: str
    """Who is kept away."""
    scope: Scope
    scope_id: str
    """The ticket's id, the unit's, or the caller's key."""
    reason: str
    declared_at: datetime
    declared_by: str
    ended_at: datetime | None


_FIELDS = tuple(field.name for field in fields(Recusal))


def declare_recusal(
    session: Session, user_id: str, scope: Scope, scope_id: str, reason: str, *, by: str, now: datetime
) -> str | Refused:
    """Keeps matters from ``user_id`` from now on; returns the id under which it can be ended."""
    if scope not in ("ticket", "unit", "caller") or not scope_id or not reason.strip():
        return Refused("missing", {"needs": ["scope", "scope_id", "reason"]})
    known = select(RecusalRow).where(
        RecusalRow.user_id == user_id,
        RecusalRow.scope == scope,
        RecusalRow.scope_id == scope_id,
        RecusalRow.ended_at.is_(None),
    )
    row = session.scalars(known.limit(1)).one_or_none()
    if row is not None:
        return row.recusal_id
    row = RecusalRow(
        recusal_id=str(uuid4()),
        user_id=user_id,
        scope=scope,
        scope_id=scope_id,
        reason=reason,
        declared_at=now,
        declared_by=by,
    )
    session.add(row)
    about = {"recusal_id": row.recusal_id, "user_id": user_id, "scope": scope, "scope_id": scope_id, "reason": reason}
    ledger.append(session, "access", f"recusal:{row.recusal_id}", "recuse", about, by=by, now=now)
    return row.recusal_id


def end_recusal(session: Session, recusal_id: str, reason: str, *, by: str, now: datetime) -> Refused | None:
    """The interest is over: somebody else says so, never the one who is kept away."""
    row = session.get(RecusalRow, recusal_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        return Refused("not_found")
    if row.user_id == by:
        return Refused("own_recusal")
    if not reason.strip():
        return Refused("missing", {"needs": ["reason"]})
    row.ended_at = now
    about = {"recusal_id": recusal_id, "user_id": row.user_id, "reason": reason}
    ledger.append(session, "access", f"recusal:{recusal_id}", "end_recusal", about, by=by, now=now)
    return None


def list_recusals(
    session: Session, of: str | None, state: State = "open", *, offset: int = 0, limit: int = 100
) -> list[Recusal]:
    """Who is kept from what, newest first; ``of`` a user id: that person's alone."""
    statement = select(RecusalRow)
    if of is not None:
        statement = statement.where(RecusalRow.user_id == of)
    if state != "all":
        over = RecusalRow.ended_at.is_not(None)
        statement = statement.where(over if state == "ended" else ~over)
    ordered = statement.order_by(RecusalRow.declared_at.desc(), RecusalRow.recusal_id)
    rows = session.scalars(ordered.offset(offset).limit(limit))
    return [Recusal(**{name: getattr(row, name) for name in _FIELDS}) for row in rows]
