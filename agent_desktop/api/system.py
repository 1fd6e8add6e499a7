"""Health and measurements."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import ticketing
from agent_desktop.access import OWN_MACHINE, PUBLIC, TheDoors, keeper_of
from agent_desktop.doors import Doors
from agent_desktop.errors import responses
from agent_desktop.metrics import VOICEMAIL, VOICEMAIL_OLDEST

router = APIRouter(tags=["system"])


class Health(BaseModel):
    """``degraded`` still serves: without the switch tickets can be written, and the other way round."""

    status: Literal["ok", "degraded"]
    database: bool
    switch: bool


@router.get("/healthz", dependencies=[PUBLIC], response_model=Health)
def healthz(doors: TheDoors) -> Health:
    """Whether the desk serves; answers 200 even when a neighbour is down, so that it is not restarted for that."""
    try:
        with doors.read() as session:
            session.execute(text("SELECT 1"))
        database = True
    except SQLAlchemyError:
        database = False
    switch = doors.bridge.healthy
    return Health(status="ok" if database and switch else "degraded", database=database, switch=switch)


@router.get("/metrics", dependencies=[OWN_MACHINE], response_class=PlainTextResponse, responses=responses("forbidden"))
def metrics(request: Request, doors: TheDoors) -> Response:
    """Prometheus' text form; only for programs on the same machine."""
    keeper_of(request).measure()
    _measure_voicemail(doors)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _measure_voicemail(doors: Doors) -> None:
    """Without the database the numbers stay as they were last seen."""
    try:
        with doors.read() as session:
            waiting = ticketing.voicemail_waiting(session)
    except SQLAlchemyError:
        return
    VOICEMAIL.labels("yes").set(waiting.claimed)
    VOICEMAIL.labels("no").set(waiting.open - waiting.claimed)
    VOICEMAIL_OLDEST.set((doors.now() - waiting.oldest).total_seconds() if waiting.oldest else 0)
