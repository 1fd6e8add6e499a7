"""Handing a caller over to an emergency service: a ledger with the time of every step."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

import cti
from agent_desktop.access import CallReader, CallTaker, TheDoors
from agent_desktop.api.tickets import names_of
from agent_desktop.errors import DeskError, responses
from agent_desktop.tables import HandOverRow
from agent_desktop.texts import Id

router = APIRouter(tags=["hand-overs"])

Outcome = Literal["handed_over", "not_reached", "given_up"]


class HandOverIn(BaseModel):
    """An emergency service of the form guide, by its code."""

    model_config = ConfigDict(extra="forbid")

    service: Id


class StepIn(BaseModel):
    """What has happened: the service answered, all three hear each other, or it is over (with its outcome)."""

    model_config = ConfigDict(extra="forbid")

    step: Literal["reached", "joined", "ended"]
    outcome: Outcome | None = None


class HandOverOut(BaseModel):
    """One hand-over.  ``seconds`` from the button to the service's answer, else to the end; null while it runs."""

    hand_over_id: str
    contact_id: str
    service: str
    number: str
    by_name: str
    began_at: datetime
    reached_at: datetime | None
    joined_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    seconds: float | None = Field(description="Until the service answered, or until it was given up.")


class HandOverAnswer(BaseModel):
    hand_over: HandOverOut


class HandOversAnswer(BaseModel):
    hand_overs: list[HandOverOut]


@router.post(
    "/calls/{contact_id}/hand-overs",
    status_code=201,
    response_model=HandOverAnswer,
    responses=responses("not_logged_in", "forbidden", "not_an_agent", "not_found", "unknown_service"),
)
def begin(contact_id: Id, wanted: HandOverIn, visitor: CallTaker, doors: TheDoors) -> HandOverAnswer:
    """The agent has pressed the button: the clock of the hand-over starts.  A running one to the same service is
    given back instead of a second."""
    service = next((one for one in doors.form.emergency if one.code == wanted.service), None)
    if service is None:
        raise DeskError("unknown_service")
    with doors.write.begin() as session:
        call = cti.get_call(session, contact_id)
        if call is None:
            raise DeskError("not_found")
        if call.agent_id not in (None, visitor.agent_id):
            raise DeskError("forbidden")
        running = select(HandOverRow).where(
            HandOverRow.contact_id == contact_id, HandOverRow.service == service.code, HandOverRow.ended_at.is_(None)
        )
        row = session.scalars(running).first()
        if row is None:
            row = HandOverRow(
                hand_over_id=str(uuid4()),
                contact_id=contact_id,
                service=service.code,
                number=service.number,
                by=visitor.user.user_id,
                began_at=doors.now(),
            )
            session.add(row)
            session.flush()
        return HandOverAnswer(hand_over=_shown(session, [row])[0])


@router.post(
    "/hand-overs/{hand_over_id}/steps",
    response_model=HandOverAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "hand_over_ended"),
)
def step(hand_over_id: Id, done: StepIn, visitor: CallTaker, doors: TheDoors) -> HandOverAnswer:
    """Writes one step down with its time; the first time counts.  What has ended has ended."""
    now = doors.now()
    with doors.write.begin() as session:
        row = session.get(HandOverRow, hand_over_id, with_for_update=True)
        if row is None or row.by != visitor.user.user_id:
            raise DeskError("not_found")
        if row.ended_at is not None:
            raise DeskError("hand_over_ended")
        if done.step in ("reached", "joined"):
            row.reached_at = row.reached_at or now
        if done.step == "joined":
            row.joined_at = row.joined_at or now
        if done.step == "ended":
            row.ended_at = now
            row.outcome = done.outcome or ("handed_over" if row.reached_at else "not_reached")
        return HandOverAnswer(hand_over=_shown(session, [row])[0])


@router.get(
    "/calls/{contact_id}/hand-overs",
    response_model=HandOversAnswer,
    responses=responses("not_logged_in", "forbidden"),
)
def of_call(contact_id: Id, _visitor: CallReader, doors: TheDoors) -> HandOversAnswer:
    """The hand-overs of a call, oldest first."""
    statement = select(HandOverRow).where(HandOverRow.contact_id == contact_id).order_by(HandOverRow.began_at)
    with doors.read() as session:
        return HandOversAnswer(hand_overs=_shown(session, list(session.scalars(statement))))


def _shown(session: Session, rows: list[HandOverRow]) -> list[HandOverOut]:
    names = names_of(session, {row.by for row in rows})
    made = []
    for row in rows:
        known = {name: getattr(row, name) for name in HandOverOut.model_fields if name not in ("by_name", "seconds")}
        until = row.reached_at or row.ended_at
        seconds = (until - row.began_at).total_seconds() if until is not None else None
        made.append(HandOverOut(**known, by_name=names.get(row.by, row.by), seconds=seconds))
    return made
