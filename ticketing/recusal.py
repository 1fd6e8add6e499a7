"""Declared interests (回避): who declares one no longer sees the matters it touches."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing import ledger
from ticketing.model import Refused
from ticketing.tables_work import RecusalRow

Scope = Literal["ticket", "unit", "caller"]


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
    """The interest is over."""
    row = session.get(RecusalRow, recusal_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        return Refused("not_found")
    row.ended_at = now
    about = {"recusal_id": recusal_id, "user_id": row.user_id, "reason": reason}
    ledger.append(session, "access", f"recusal:{recusal_id}", "end_recusal", about, by=by, now=now)
    return None
