"""Handing a caller over to an emergency service: who did it and when, with the time of every step.

The steps are the switch's own facts, written down in the same transaction as the call log, so that a closed page or a
desk that was started again in the middle loses none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

import ticketing
from agent_desktop.tables import HandOverRow, UserRow
from cti.facts import CallEnded, ConversationChanged, Fact, PartyJoined, PartyLeft

_BROUGHT_IN = ("three_way", "handed_over")
"""Phases in which the citizen hears the service; the second when the agent passes the citizen on in one step."""


class HandOverOut(BaseModel):
    """One hand-over.  ``seconds`` from the button to the answer, else to the end; null while it is dialled."""

    hand_over_id: str
    contact_id: str
    service: str
    number: str
    by_name: str
    began_at: datetime
    reached_at: datetime | None = Field(description="The service has answered.")
    joined_at: datetime | None = Field(description="The citizen hears the service.")
    ended_at: datetime | None = Field(description="The service or the whole call has gone.")
    outcome: str | None = Field(
        description="handed_over; given_up: the service answered, the citizen was never brought in; not_reached."
    )
    seconds: float | None = Field(description="Until the service answered, or until it was given up.")
    joined_seconds: float | None = Field(description="From the button until the citizen heard the service.")
    ended_seconds: float | None = Field(description="From the button until the service had gone.")


def note(session: Session, fact: Fact, told_at: datetime) -> None:
    """Takes one fact of the switch; what concerns an open hand-over of that call is written down.

    ``told_at`` stands in for facts without a time of their own.  The first time of each step counts."""
    at = datetime.fromtimestamp(fact.at, UTC) if fact.at is not None else told_at
    if isinstance(fact, PartyJoined):
        for row in open_of(session, fact.contact_id, fact.number):
            row.reached_at = row.reached_at or at
    elif isinstance(fact, ConversationChanged):
        if fact.phase in _BROUGHT_IN:
            for row in open_of(session, fact.contact_id):
                row.joined_at = row.joined_at or (at if row.reached_at else None)
    elif isinstance(fact, PartyLeft):
        for row in open_of(session, fact.contact_id, fact.number):
            end(session, row, at)
    elif isinstance(fact, CallEnded):
        for row in open_of(session, fact.contact_id):
            end(session, row, at)


def end(session: Session, row: HandOverRow, at: datetime) -> None:
    """The service has gone, or was never there.  How it went is chained into the tickets' ledger of emergencies, under
    the call: its ticket may not be written yet."""
    row.ended_at = at
    row.outcome = "handed_over" if row.joined_at else "given_up" if row.reached_at else "not_reached"
    steps = {name: getattr(row, name) for name in ("began_at", "reached_at", "joined_at", "ended_at")}
    said = {"emergency_service": row.number, **steps, "hand_over": row.outcome}
    ticketing.note_hand_over(session, row.contact_id, said, by=row.by, now=at)


def open_of(session: Session, contact_id: str | None, number: str | None = None) -> list[HandOverRow]:
    """A call's hand-overs that are not over; of one service, or of all."""
    if not contact_id:
        return []
    wanted = select(HandOverRow).where(HandOverRow.contact_id == contact_id, HandOverRow.ended_at.is_(None))
    if number is not None:
        wanted = wanted.where(HandOverRow.number == number)
    return list(session.scalars(wanted.order_by(HandOverRow.began_at)))


def of_call(session: Session, contact_id: str | None) -> list[HandOverOut]:
    """The hand-overs of a call, oldest first."""
    if not contact_id:
        return []
    wanted = select(HandOverRow).where(HandOverRow.contact_id == contact_id).order_by(HandOverRow.began_at)
    return shown(session, session.scalars(wanted).all())


def shown(session: Session, rows: Iterable[HandOverRow]) -> list[HandOverOut]:
    """Rows as pages are told of them."""
    rows = list(rows)
    people = select(UserRow.user_id, UserRow.display_name).where(UserRow.user_id.in_({row.by for row in rows}))
    names = {row.user_id: row.display_name for row in session.execute(people)} if rows else {}
    counted = {"by_name", "seconds", "joined_seconds", "ended_seconds"}
    made = []
    for row in rows:
        known = {name: getattr(row, name) for name in HandOverOut.model_fields if name not in counted}
        made.append(
            HandOverOut(
                **known,
                by_name=names.get(row.by, row.by),
                seconds=_since(row, row.reached_at or row.ended_at),
                joined_seconds=_since(row, row.joined_at),
                ended_seconds=_since(row, row.ended_at),
            )
        )
    return made


def _since(row: HandOverRow, until: datetime | None) -> float | None:
    return round(max(0.0, (until - row.began_at).total_seconds()), 3) if until is not None else None
