"""What a supervisor does on the floor: listens, whispers, comes in, sets an agent's state; and the record of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

import cti
from agent_desktop import accounts, floor_acts
from agent_desktop.access import (
    AnyUser,
    CallBarger,
    CallListener,
    FloorActor,
    LedgerReader,
    TheDoors,
    Visitor,
    desk_of,
    keeper_of,
)
from agent_desktop.api.agent import acknowledged
from agent_desktop.cards import agent_names
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.floor_messages import Acted
from agent_desktop.paging import Position, after
from agent_desktop.picture import IN_CALL
from agent_desktop.supervising import Going
from agent_desktop.tables import FloorActRow
from agent_desktop.texts import Id, Key, Limit, Line, own_id

from .tickets import names_of

router = APIRouter(prefix="/floor", tags=["floor"])

SHORTEST_REASON = 2
Why = Annotated[Line, Field(min_length=SHORTEST_REASON, max_length=200, pattern=r"\S\s*\S")]
COMMON = ("not_logged_in", "forbidden", "not_an_agent", "refused_by_switch", "switch_down")


class ListenIn(BaseModel):
    """Listen, or whisper at once; and why."""

    model_config = ConfigDict(extra="forbid")

    mode: cti.Ear = cti.Ear.LISTEN
    reason: Why


class TurnIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mode: cti.Ear


class BargeIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Why


class ListeningOut(BaseModel):
    """What goes on."""

    act_id: str
    agent_id: str
    contact_id: str
    mode: Literal["listen", "whisper", "barge"] | None
    since: datetime


class ActIn(BaseModel):
    """What an agent is to be, and why."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["ready", "not_ready", "log_out"]
    code: str = Field(default="", max_length=32, description="The not-ready reason.")
    reason: Why


class ActStep(BaseModel):
    mode: Literal["listen", "whisper", "barge"]
    at: datetime


class FloorAct(BaseModel):
    """One line of the record."""

    act_id: str
    kind: Literal["listening", "barge", "ready", "not_ready", "log_out"]
    agent_id: str
    agent_name: str
    by: str
    by_name: str
    reason: str
    code: str
    contact_id: str | None
    steps: list[ActStep] = Field(description="Empty: the supervisor's phone was not reached, nothing was heard.")
    began_at: datetime
    ended_at: datetime | None


class FloorActs(BaseModel):
    acts: list[FloorAct]


class FloorActPage(FloorActs):
    next_cursor: str | None


@router.post("/{agent_id}/listen", response_model=ListeningOut, responses=responses(*COMMON, "confidential"))
async def listen(
    agent_id: Id, wanted: ListenIn, idempotency_key: Key, visitor: CallListener, request: Request, doors: TheDoors
) -> ListeningOut:
    """The visitor's own telephone is called and hears the agent's call; the citizen hears nothing of it, the recording
    has nothing of it.  A confidential call is for the people named with it.  Answers when it is heard."""
    _may_be(visitor, wanted.mode)
    act_id = own_id(visitor.user.user_id, idempotency_key)
    going = _at(doors, visitor, agent_id, act_id, "listening")
    supervising = desk_of(request).supervising
    return _out(await acknowledged(supervising.listen(going, wanted.reason.strip(), wanted.mode, visitor.session)))


@router.post("/listening/turn", response_model=ListeningOut, responses=responses(*COMMON, "not_found"))
async def turn(wanted: TurnIn, visitor: CallListener, request: Request) -> ListeningOut:
    """From listening to whispering, or back; no new call."""
    _may_be(visitor, wanted.mode)
    going = _own(request, visitor)
    return _out(await acknowledged(desk_of(request).supervising.turn(going.act_id, wanted.mode)))


@router.post("/listening/end", status_code=204, responses=responses(*COMMON, "not_found"))
async def stop(visitor: CallListener, request: Request) -> None:
    """The visitor hears no more; the talk goes on."""
    await acknowledged(desk_of(request).supervising.end(_own(request, visitor).act_id))


@router.post("/{agent_id}/barge", status_code=204, responses=responses(*COMMON, "confidential"))
async def barge(
    agent_id: Id, wanted: BargeIn, idempotency_key: Key, visitor: CallBarger, request: Request, doors: TheDoors
) -> None:
    """Comes into an agent's conversation, heard by all and recorded: the visitor's own telephone is called."""
    act_id = own_id(visitor.user.user_id, idempotency_key)
    going = _at(doors, visitor, agent_id, act_id, "barge")
    extension = next(one.extension for one in doors.bridge.agents() if one.agent_id == going.supervisor)
    supervising = desk_of(request).supervising
    await acknowledged(supervising.barge(going, wanted.reason.strip(), extension, visitor.session))


@router.post("/{agent_id}/act", status_code=204, responses=responses(*COMMON, "unknown_reason"))
async def act(
    agent_id: Id, wanted: ActIn, idempotency_key: Key, visitor: FloorActor, request: Request, doors: TheDoors
) -> None:
    """Sets an agent's state, during a call for afterwards; the agent is told by whom and why.  Logging out ends the
    agent's log-in as well, and is refused while a citizen is on the line."""
    view = next((one for one in doors.bridge.agents() if one.agent_id == agent_id), None)
    if view is None or view.state == "logged_out":
        raise DeskError("refused_by_switch", reason="not_logged_in")
    if wanted.state == "not_ready" and not doors.config.house_rules.choosable(wanted.code):
        raise DeskError("unknown_reason")
    if wanted.state == "log_out" and view.state in IN_CALL:
        raise DeskError("refused_by_switch", reason="in_call")
    act_id = own_id(visitor.user.user_id, idempotency_key)
    told = Acted(
        kind=wanted.state,
        code=wanted.code if wanted.state == "not_ready" else "",
        by=visitor.user.display_name,
        reason=wanted.reason.strip(),
        at=doors.now(),
    )
    if not await run_in_threadpool(_write_down, doors, act_id, agent_id, visitor, told):
        return  # the same act, sent again
    await _carry_out(request, doors, agent_id, told)


@router.get("/acts", response_model=FloorActPage, responses=responses("not_logged_in", "forbidden"))
def acts(visitor: LedgerReader, doors: TheDoors, start: Position = 0, limit: Limit = 50) -> FloorActPage:
    """What supervisors did at agents' places, newest first."""
    with doors.read() as session:
        rows = floor_acts.page(session, start, limit + 1)
        return FloorActPage(acts=_shown(session, rows[:limit]), next_cursor=after(start, limit, rows))


@router.get("/acts/mine", response_model=FloorActs, responses=responses("not_logged_in", "not_an_agent"))
def my_acts(visitor: AnyUser, doors: TheDoors, days: Annotated[int, Query(ge=1, le=366)] = 30) -> FloorActs:
    """What was done at the person's own place, newest first: who listened to which call from when to when, and why.
    What still goes on is not shown before it is over."""
    since = doors.now() - timedelta(days=days)
    with doors.read() as session:
        return FloorActs(acts=_shown(session, floor_acts.at_place(session, visitor.agent_id, since)))


def _may_be(visitor: Visitor, ear: cti.Ear) -> None:
    if ear is cti.Ear.WHISPER and not visitor.may("call.whisper"):
        raise DeskError("forbidden", permission="call.whisper")


def _at(doors: Doors, visitor: Visitor, agent_id: str, act_id: str, kind: str) -> Going:
    """The visitor at this agent's call, which there must be."""
    own, now = visitor.agent_id, doors.now()
    views = {one.agent_id: one for one in doors.bridge.agents()}
    view = views.get(agent_id)
    if own == agent_id or own not in views:
        raise DeskError("refused_by_switch", reason="not_now")
    if view is None or view.contact_id is None or view.state not in IN_CALL or view.state == "ringing":
        raise DeskError("refused_by_switch", reason="no_call")
    user = visitor.user
    return Going(act_id, kind, agent_id, user.user_id, own, user.display_name, view.contact_id, now, None, now)


def _own(request: Request, visitor: Visitor) -> Going:
    going = desk_of(request).supervising.of(visitor.user.user_id)
    if going is None or going.kind != "listening":
        raise DeskError("not_found")
    return going


def _out(going: Going) -> ListeningOut:
    return ListeningOut.model_validate(going, from_attributes=True)


def _write_down(doors: Doors, act_id: str, agent_id: str, visitor: Visitor, told: Acted) -> bool:
    with doors.write.begin() as session:
        return floor_acts.begin(
            session,
            act_id,
            told.kind,
            agent_id=agent_id,
            user_id=visitor.user.user_id,
            reason=told.reason,
            code=told.code,
            now=told.at,
        )


async def _carry_out(request: Request, doors: Doors, agent_id: str, told: Acted) -> None:
    desk = desk_of(request)
    if told.kind == "ready":
        await acknowledged(doors.bridge.agent_ready(agent_id))
    elif told.kind == "not_ready":
        await acknowledged(doors.bridge.agent_not_ready(agent_id, told.code))
    desk.refresh()
    desk.hub.push(agent_id, told)
    if told.kind == "log_out":
        page = desk.hub.viewer(agent_id)
        if page is None:
            await acknowledged(doors.bridge.agent_logout(agent_id))
            return
        await run_in_threadpool(_end_log_in, doors, page.session)
        await keeper_of(request).session_over(page.session, agent_id)


def _end_log_in(doors: Doors, session_hash: str) -> None:
    with doors.write.begin() as session:
        accounts.log_out(session, session_hash)


def _shown(session: Session, rows: Sequence[FloorActRow]) -> list[FloorAct]:
    places = agent_names(session)
    names = names_of(session, {row.user_id for row in rows})
    fields = ("act_id", "kind", "agent_id", "reason", "code", "contact_id", "steps", "began_at", "ended_at")
    return [
        FloorAct.model_validate(
            {name: getattr(row, name) for name in fields}
            | {
                "agent_name": places.get(row.agent_id, row.agent_id),
                "by": row.user_id,
                "by_name": names.get(row.user_id, row.user_id),
            }
        )
        for row in rows
    ]
