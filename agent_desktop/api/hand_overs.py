"""Handing a caller over to an emergency service: one press calls it, the ledger has the time of every step."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

import cti
from agent_desktop import hand_overs
from agent_desktop.access import CallReader, CallTaker, TheDoors, Visitor, desk_of
from agent_desktop.api.agent import acknowledged
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.form_guide import Service
from agent_desktop.hand_overs import HandOverOut
from agent_desktop.messages import CallState
from agent_desktop.tables import HandOverRow
from agent_desktop.texts import Id

router = APIRouter(tags=["hand-overs"])

BEING_DIALLED = timedelta(seconds=10)
"""How long a hand-over counts as being dialled although the service is not seen on the line: longer than the switch is
waited for (``cti.talks.PATIENCE``)."""


class HandOverIn(BaseModel):
    """An emergency service of the form guide, by its code."""

    model_config = ConfigDict(extra="forbid")

    service: Id


class HandOverAnswer(BaseModel):
    hand_over: HandOverOut


class HandOversAnswer(BaseModel):
    hand_overs: list[HandOverOut]


@router.post(
    "/calls/{contact_id}/hand-overs",
    status_code=201,
    response_model=HandOverAnswer,
    responses=responses(
        *("not_logged_in", "forbidden", "not_an_agent", "not_found", "unknown_service"),
        *("refused_by_switch", "switch_down"),
    ),
)
async def begin(
    contact_id: Id, wanted: HandOverIn, visitor: CallTaker, request: Request, doors: TheDoors
) -> HandOverAnswer:
    """Calls the service over the carrier's line, as a private consultation: the citizen hears music, the agent says
    what it is about and then brings the citizen in.  Answers when the service's telephone is being called.

    Only numbers of the form guide are dialled here.  A running hand-over to the same service is given back instead of
    a second call; one that does not come about is written down as not reached."""
    service = next((one for one in doors.form.emergency if one.code == wanted.service), None)
    if service is None:
        raise DeskError("unknown_service")
    shown = desk_of(request).shown(visitor.agent_id)
    call = shown.call if shown is not None and shown.call is not None and shown.call.contact_id == contact_id else None
    made, running = await run_in_threadpool(_open, doors, visitor, contact_id, service, call)
    if running:
        return HandOverAnswer(hand_over=made)
    try:
        await acknowledged(doors.bridge.consult(visitor.agent_id, cti.Target(service.number, line="trunk")))
    except DeskError:
        await run_in_threadpool(_not_reached, doors, made.hand_over_id)
        raise
    return HandOverAnswer(hand_over=made)


@router.get(
    "/calls/{contact_id}/hand-overs",
    response_model=HandOversAnswer,
    responses=responses("not_logged_in", "forbidden"),
)
def of_call(contact_id: Id, _visitor: CallReader, doors: TheDoors) -> HandOversAnswer:
    """The hand-overs of a call, oldest first."""
    with doors.read() as session:
        return HandOversAnswer(hand_overs=hand_overs.of_call(session, contact_id))


def _open(
    doors: Doors, visitor: Visitor, contact_id: str, service: Service, now_shown: CallState | None
) -> tuple[HandOverOut, bool]:
    """A new line of the ledger, or the one that is running; whether it is running already."""
    now = doors.now()
    with doors.write.begin() as session:
        call = cti.get_call(session, contact_id)
        if call is None:
            raise DeskError("not_found")
        if call.agent_id not in (None, visitor.agent_id):
            raise DeskError("forbidden")
        if now_shown is None or now_shown.state == "ended":
            raise DeskError("refused_by_switch", reason="no_call")
        there = any(party.number == service.number for party in now_shown.parties)
        for row in hand_overs.open_of(session, contact_id, service.number):
            if there or now - row.began_at < BEING_DIALLED:
                return hand_overs.shown(session, [row])[0], True
            hand_overs.end(session, row, now)  # the desk went while it dialled: nobody is on the line
        row = HandOverRow(
            hand_over_id=str(uuid4()),
            contact_id=contact_id,
            service=service.code,
            number=service.number,
            by=visitor.user.user_id,
            began_at=now,
        )
        session.add(row)
        session.flush()
        return hand_overs.shown(session, [row])[0], False


def _not_reached(doors: Doors, hand_over_id: str) -> None:
    with doors.write.begin() as session:
        row = session.get(HandOverRow, hand_over_id, with_for_update=True)
        if row is not None and row.ended_at is None:
            hand_overs.end(session, row, doors.now())
