"""What an agent tells the switch about himself."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

import cti
from agent_desktop.access import CallTaker, TheDoors, desk_of
from agent_desktop.call_list import dispositions_of
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.messages import AgentState
from cti import AmiDown, Refused

router = APIRouter(prefix="/agent", tags=["agent"])

COMMON = ("not_logged_in", "forbidden", "not_an_agent", "refused_by_switch", "switch_down")


class NotReady(BaseModel):
    """Why no calls are wanted."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=32)


class AgentAnswer(BaseModel):
    """The state after the switch has acknowledged; null while the switch does not know the agent."""

    agent: AgentState | None


Answer = TypeVar("Answer")


async def acknowledged(command: Awaitable[Answer]) -> Answer:
    """Waits for the switch; its two refusals become this API's."""
    try:
        return await command
    except AmiDown as error:
        raise DeskError("switch_down") from error
    except Refused as error:
        raise DeskError("refused_by_switch", reason=error.error_id) from error


@router.post("/ready", response_model=AgentAnswer, responses=responses(*COMMON))
async def ready(visitor: CallTaker, request: Request, doors: TheDoors) -> AgentAnswer:
    """Calls are wanted from now on."""
    await acknowledged(doors.bridge.agent_ready(visitor.agent_id))
    return _answer(request, visitor.agent_id)


@router.post("/not-ready", response_model=AgentAnswer, responses=responses(*COMMON, "unknown_reason"))
async def not_ready(why: NotReady, visitor: CallTaker, request: Request, doors: TheDoors) -> AgentAnswer:
    """No calls from now on; during a call or wrap-up: after it (``next_reason`` says so meanwhile)."""
    if not doors.config.house_rules.choosable(why.reason):
        raise DeskError("unknown_reason")
    await acknowledged(doors.bridge.agent_not_ready(visitor.agent_id, why.reason))
    return _answer(request, visitor.agent_id)


@router.post("/wrap-up-done", response_model=AgentAnswer, responses=responses(*COMMON, "disposition_required"))
async def wrap_up_done(visitor: CallTaker, request: Request, doors: TheDoors) -> AgentAnswer:
    """The work after the call is finished before its time is up.  Where the city asks for it, not before it was said
    how the call turned out; when the time is up wrap-up ends all the same."""
    shown = await desk_of(request).with_ended_call(visitor.agent_id)
    ended = shown.call.contact_id if shown and shown.call and shown.agent.state == "wrap_up" else None
    if ended and doors.form.disposition == "required" and not await run_in_threadpool(_disposed, doors, ended):
        raise DeskError("disposition_required")
    await acknowledged(doors.bridge.wrap_up_done(visitor.agent_id))
    return _answer(request, visitor.agent_id)


@router.post("/wrap-up", response_model=AgentAnswer, responses=responses(*COMMON))
async def ask_wrap_up(visitor: CallTaker, request: Request, doors: TheDoors) -> AgentAnswer:
    """A wrap-up after this call, in a house where there is one only for those who ask."""
    if not cti.WRAP_UP_RULES[desk_of(request).rules.wrap_up].may_be_asked_for:
        raise DeskError("refused_by_switch", reason="not_now")
    await acknowledged(doors.bridge.ask_wrap_up(visitor.agent_id))
    return _answer(request, visitor.agent_id)


@router.post("/hangup", response_model=AgentAnswer, responses=responses(*COMMON))
async def hang_up(visitor: CallTaker, request: Request, doors: TheDoors) -> AgentAnswer:
    """Ends the agent's own call by the switch, for when the softphone cannot."""
    view = next((view for view in doors.bridge.agents() if view.agent_id == visitor.agent_id), None)
    if view is None or view.channel is None:
        raise DeskError("refused_by_switch", reason="no_call")
    await acknowledged(doors.bridge.hangup(view.channel))
    shown = desk_of(request).shown(visitor.agent_id)
    return AgentAnswer(agent=shown.agent if shown else None)


def _disposed(doors: Doors, contact_id: str) -> bool:
    """Whether it was said how a call turned out.  A call that never came through needs no word."""
    with doors.read() as session:
        call = cti.get_call(session, contact_id)
        unanswered = call is None or call.answered_at is None
        return unanswered or bool(dispositions_of(session, [contact_id]))


def _answer(request: Request, agent_id: str) -> AgentAnswer:
    desk = desk_of(request)
    desk.refresh()
    shown = desk.pictures.get(agent_id)
    return AgentAnswer(agent=shown.agent if shown else None)
