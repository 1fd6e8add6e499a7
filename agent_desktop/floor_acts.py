"""The record of what supervisors do at agents' places.  Every function works in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_desktop.tables import FloorActRow

Kind = Literal["listening", "barge", "ready", "not_ready", "log_out"]
Mode = Literal["listen", "whisper", "barge"]


def begin(
    session: Session,
    act_id: str,
    kind: Kind,
    *,
    agent_id: str,
    user_id: str,
    reason: str,
    now: datetime,
    code: str = "",
    contact_id: str | None = None,
) -> bool:
    """Writes down that somebody is about to do this; False when the same act was written before.

    What lasts (listening, coming in) stays open until :func:`end`."""
    if session.get(FloorActRow, act_id) is not None:
        return False
    lasting = kind in ("listening", "barge")
    session.add(
        FloorActRow(
            act_id=act_id,
            kind=kind,
            agent_id=agent_id,
            user_id=user_id,
            reason=reason,
            code=code,
            contact_id=contact_id,
            steps=[],
            began_at=now,
            ended_at=None if lasting else now,
        )
    )
    session.flush()
    return True


def note_mode(session: Session, act_id: str, mode: Mode, now: datetime) -> None:
    """From now on the supervisor listens, whispers or is heard by all."""
    row = session.get(FloorActRow, act_id)
    if row is not None and row.ended_at is None and (not row.steps or row.steps[-1]["mode"] != mode):
        row.steps = [*row.steps, {"mode": mode, "at": now.isoformat()}]


def end(session: Session, act_id: str, now: datetime) -> None:
    """It is over; the first word counts."""
    row = session.get(FloorActRow, act_id)
    if row is not None and row.ended_at is None:
        row.ended_at = now


def still_open(session: Session) -> Sequence[FloorActRow]:
    """What goes on, oldest first."""
    rows = select(FloorActRow).where(FloorActRow.ended_at.is_(None)).order_by(FloorActRow.began_at)
    return session.scalars(rows).all()


def at_place(session: Session, agent_id: str, since: datetime) -> Sequence[FloorActRow]:
    """What was done at one agent's place, newest first: of listening, what is over and was heard."""
    rows = select(FloorActRow).where(
        FloorActRow.agent_id == agent_id, FloorActRow.began_at >= since, FloorActRow.ended_at.is_not(None)
    )
    found = session.scalars(rows.order_by(FloorActRow.began_at.desc(), FloorActRow.act_id)).all()
    return [row for row in found if row.steps or row.kind not in ("listening", "barge")]


def page(session: Session, start: int, limit: int) -> Sequence[FloorActRow]:
    """The whole record, newest first."""
    rows = select(FloorActRow).order_by(FloorActRow.began_at.desc(), FloorActRow.act_id)
    return session.scalars(rows.offset(start).limit(limit)).all()
