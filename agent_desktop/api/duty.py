"""Whom an agent can call in addition: the units' duty roster and the colleagues who are there."""

from __future__ import annotations

from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

import cti
from agent_desktop.access import CallBarger, CallTaker, OfficeWriter, TheDoors, desk_of
from agent_desktop.api.agent import acknowledged
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.texts import Id, Key, Line, own_key

router = APIRouter(tags=["conversation"])

Name = Annotated[Line, Field(max_length=100)]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class DutyIn(BaseModel):
    """One line of the roster."""

    model_config = ConfigDict(extra="forbid")

    unit_id: Id
    unit_name: Annotated[Line, Field(min_length=1, max_length=100, pattern=r"\S")]
    person: Name = ""
    number: str = Field(pattern=r"^[+0-9][0-9]{1,19}$")
    days: list[Annotated[int, Field(ge=1, le=7)]] = Field(min_length=1, max_length=7, description="1 is Monday.")
    begins: Clock = "00:00"
    ends: Clock = Field(default="00:00", description="Equal to begins: around the clock; earlier: the next morning.")
    remark: Annotated[Line, Field(max_length=200)] = ""


class DutyOut(DutyIn):
    """The same with its id, and whether it holds now."""

    duty_id: str
    on_duty: bool


class Roster(BaseModel):
    duty: list[DutyOut]


class Colleague(BaseModel):
    agent_id: str
    name: str
    extension: str
    state: str


class Colleagues(BaseModel):
    colleagues: list[Colleague]


@router.get("/duty", response_model=Roster, responses=responses("not_logged_in", "forbidden"))
def roster(visitor: CallTaker, doors: TheDoors) -> Roster:
    """The whole roster, those on duty now first."""
    with doors.read() as session:
        return Roster(duty=_shown(session, doors))


@router.get("/duty/all", response_model=Roster, responses=responses("not_logged_in", "forbidden"))
def whole_roster(visitor: OfficeWriter, doors: TheDoors) -> Roster:
    """The same for whoever keeps the roster."""
    with doors.read() as session:
        return Roster(duty=_shown(session, doors))


@router.post("/duty", response_model=DutyOut, responses=responses("not_logged_in", "forbidden", "csrf"))
async def add(line: DutyIn, idempotency_key: Key, visitor: OfficeWriter, request: Request, doors: TheDoors) -> DutyOut:
    """Adds a line.  The same key sent again answers with the same line."""
    made = own_key(visitor.user.user_id, idempotency_key)[:36]
    return await _put(request, doors, line, None, made)


@router.put("/duty/{duty_id}", response_model=DutyOut, responses=responses("not_logged_in", "forbidden", "not_found"))
async def change(duty_id: Id, line: DutyIn, visitor: OfficeWriter, request: Request, doors: TheDoors) -> DutyOut:
    """Changes a line."""
    return await _put(request, doors, line, duty_id)


@router.delete("/duty/{duty_id}", status_code=204, responses=responses("not_logged_in", "forbidden", "not_found"))
async def remove(duty_id: Id, visitor: OfficeWriter, request: Request, doors: TheDoors) -> None:
    """Takes a line away."""

    def work() -> bool:
        with doors.write.begin() as session:
            return cti.remove_duty(session, duty_id)

    if not await run_in_threadpool(work):
        raise DeskError("not_found")
    await run_in_threadpool(desk_of(request).names.load)


@router.get("/colleagues", response_model=Colleagues, responses=responses("not_logged_in", "forbidden"))
def colleagues(visitor: CallTaker, doors: TheDoors) -> Colleagues:
    """The other agents who are logged in, with what they are doing."""
    with doors.read() as session:
        names = {row.agent_id: row.display_name for row in cti.list_agents(session, enabled_only=True)}
    found = [
        Colleague(agent_id=one.agent_id, name=names[one.agent_id], extension=one.extension, state=one.state)
        for one in doors.bridge.agents()
        if one.agent_id in names and one.agent_id != visitor.user.agent_id and one.state != "logged_out"
    ]
    return Colleagues(colleagues=sorted(found, key=lambda one: (one.state != "ready", one.extension)))


@router.post(
    "/floor/{agent_id}/barge",
    status_code=204,
    responses=responses("not_logged_in", "forbidden", "not_an_agent", "refused_by_switch", "switch_down"),
)
async def barge(agent_id: Id, visitor: CallBarger, doors: TheDoors) -> None:
    """Comes into an agent's conversation, heard by all: the visitor's own telephone is called."""
    own = visitor.agent_id
    me = next((one for one in doors.bridge.agents() if one.agent_id == own), None)
    if me is None or own == agent_id:
        raise DeskError("refused_by_switch", reason="not_now")
    await acknowledged(doors.bridge.barge(agent_id, me.extension))


async def _put(request: Request, doors: Doors, line: DutyIn, duty_id: str | None, new_id: str | None = None) -> DutyOut:
    body = line.model_dump(exclude={"begins", "ends"})
    times = {"begins": time.fromisoformat(line.begins), "ends": time.fromisoformat(line.ends)}
    duty = cti.Duty(**(body | times | {"days": tuple(line.days)}))

    def work() -> DutyOut:
        with doors.write.begin() as session:
            row = cti.put_duty(session, duty, duty_id, new_id=new_id)
            return next(one for one in _shown(session, doors) if one.duty_id == row.duty_id)

    try:
        written = await run_in_threadpool(work)
    except KeyError:
        raise DeskError("not_found") from None
    await run_in_threadpool(desk_of(request).names.load)
    return written


def _shown(session: Session, doors: Doors) -> list[DutyOut]:
    zone = ZoneInfo(doors.office(session).pack.versions[0].rules.counting.time_zone)
    local = doors.now().astimezone(zone)
    rows = [
        DutyOut(
            duty_id=row.duty_id,
            unit_id=row.unit_id,
            unit_name=row.unit_name,
            person=row.person,
            number=row.number,
            days=row.days,
            begins=row.begins,
            ends=row.ends,
            remark=row.remark,
            on_duty=cti.on_duty(row, local),
        )
        for row in cti.list_duty(session)
    ]
    return sorted(rows, key=lambda row: not row.on_duty)
