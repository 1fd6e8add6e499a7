"""Whom an agent can call in addition: the units' duty roster and the colleagues who are there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

import cti
from agent_desktop.access import CallTaker, OfficeWriter, TheDoors, desk_of
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.texts import Id, Key, Line, Version, own_key

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


class DutyChange(DutyIn):
    """A line as it shall be, and the version it was made from."""

    version: Version


class DutyOut(DutyIn):
    """The same with its id and version, and whether it holds now."""

    duty_id: str
    version: int
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
    return await _written(request, doors, lambda session: cti.add_duty(session, _duty(line), made))


@router.put(
    "/duty/{duty_id}",
    response_model=DutyOut,
    responses=responses("not_logged_in", "forbidden", "not_found", "duty_conflict"),
)
async def change(duty_id: Id, line: DutyChange, visitor: OfficeWriter, request: Request, doors: TheDoors) -> DutyOut:
    """Changes a line if nobody did since ``version``; else 409 with ``current``."""

    def write(session: Session) -> cti.DutyRow:
        try:
            return cti.change_duty(session, duty_id, _duty(line), line.version)
        except KeyError:
            raise DeskError("not_found") from None
        except cti.DutyConflict as conflict:
            current = _line(conflict.current, _local(session, doors))
            raise DeskError("duty_conflict", current=current.model_dump(mode="json")) from None

    return await _written(request, doors, write)


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


async def _written(request: Request, doors: Doors, write: Callable[[Session], cti.DutyRow]) -> DutyOut:
    """The line that was written; the desk's own list of names is read again."""

    def work() -> DutyOut:
        with doors.write.begin() as session:
            return _line(write(session), _local(session, doors))

    written = await run_in_threadpool(work)
    await run_in_threadpool(desk_of(request).names.load)
    return written


def _duty(line: DutyIn) -> cti.Duty:
    body = line.model_dump(include={"unit_id", "unit_name", "person", "number", "remark"})
    begins, ends = time.fromisoformat(line.begins), time.fromisoformat(line.ends)
    return cti.Duty(**body, begins=begins, ends=ends, days=tuple(line.days))


def _shown(session: Session, doors: Doors) -> list[DutyOut]:
    local = _local(session, doors)
    rows = [_line(row, local) for row in cti.list_duty(session)]
    return sorted(rows, key=lambda row: not row.on_duty)


def _local(session: Session, doors: Doors) -> datetime:
    """Now, by the office's clock."""
    zone = ZoneInfo(doors.office(session).pack.versions[0].rules.counting.time_zone)
    return doors.now().astimezone(zone)


def _line(row: cti.DutyRow, local: datetime) -> DutyOut:
    return DutyOut(
        duty_id=row.duty_id,
        version=row.version,
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
