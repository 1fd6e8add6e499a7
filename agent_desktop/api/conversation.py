"""What an agent does with the conversation in hand.  Every command answers when the switch has carried it out."""

from __future__ import annotations

from collections.abc import Awaitable

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

import cti
from agent_desktop.access import CallTaker, TheDoors, Visitor, desk_of
from agent_desktop.api.agent import acknowledged
from agent_desktop.briefing import brief_of
from agent_desktop.errors import responses
from agent_desktop.messages import CallState

router = APIRouter(prefix="/call", tags=["conversation"])

COMMON = ("not_logged_in", "forbidden", "not_an_agent", "refused_by_switch", "switch_down")


class Whom(BaseModel):
    """Whom to call: a unit's number, or a colleague's extension."""

    model_config = ConfigDict(extra="forbid")

    number: str = Field(pattern=r"^[+0-9][0-9]{1,19}$")
    colleague: bool = False
    brief: bool = Field(default=True, description="Whether the unit is told who calls and about what before it joins.")
    ticket_id: str | None = Field(default=None, max_length=36, description="The ticket whose number is read out.")


class Number(BaseModel):
    """A number outside."""

    model_config = ConfigDict(extra="forbid")

    number: str = Field(pattern=r"^[+0-9][0-9]{4,19}$")


class OneParty(BaseModel):
    """One of the call's parties."""

    model_config = ConfigDict(extra="forbid")

    party: str = Field(min_length=1, max_length=80)


class CallNow(BaseModel):
    """The call as it stands after the command; null when it is not the agent's any more."""

    call: CallState | None


@router.post("/hold", response_model=CallNow, responses=responses(*COMMON))
async def hold(visitor: CallTaker, request: Request, doors: TheDoors) -> CallNow:
    """Everybody else hears music."""
    return await _done(request, visitor, doors.bridge.hold(visitor.agent_id))


@router.post("/resume", response_model=CallNow, responses=responses(*COMMON))
async def resume(visitor: CallTaker, request: Request, doors: TheDoors) -> CallNow:
    """Everybody on hold is back."""
    return await _done(request, visitor, doors.bridge.resume(visitor.agent_id))


@router.post("/consult", response_model=CallNow, responses=responses(*COMMON))
async def consult(whom: Whom, visitor: CallTaker, request: Request, doors: TheDoors) -> CallNow:
    """Somebody is called in private, while the citizen hears music; the unit first hears what it is about."""
    shown = desk_of(request).shown(visitor.agent_id)
    call = shown.call if shown is not None else None
    told = whom.brief and not whom.colleague  # a colleague sees it
    brief = await run_in_threadpool(brief_of, doors, visitor.agent_id, call, whom.ticket_id) if told else ()
    target = cti.Target(whom.number, whom.colleague, brief)
    return await _done(request, visitor, doors.bridge.consult(visitor.agent_id, target))


@router.post("/cancel", response_model=CallNow, responses=responses(*COMMON))
async def cancel(visitor: CallTaker, request: Request, doors: TheDoors) -> CallNow:
    """No consultation after all: the citizen is back at once."""
    return await _done(request, visitor, doors.bridge.cancel(visitor.agent_id))


@router.post("/merge", response_model=CallNow, responses=responses(*COMMON))
async def merge(visitor: CallTaker, request: Request, doors: TheDoors) -> CallNow:
    """Citizen, agent and everybody else hear each other."""
    return await _done(request, visitor, doors.bridge.merge(visitor.agent_id))


@router.post("/transfer", response_model=CallNow, responses=responses(*COMMON))
async def transfer(visitor: CallTaker, request: Request, doors: TheDoors) -> CallNow:
    """The citizen goes on with the party consulted; the agent leaves."""
    return await _done(request, visitor, doors.bridge.transfer(visitor.agent_id))


@router.post("/transfer-blind", response_model=CallNow, responses=responses(*COMMON))
async def transfer_blind(whom: Whom, visitor: CallTaker, request: Request, doors: TheDoors) -> CallNow:
    """The citizen is put through without asking first; if that fails, the next agent gets the call."""
    target = cti.Target(whom.number, whom.colleague)
    return await _done(request, visitor, doors.bridge.transfer_blind(visitor.agent_id, target))


@router.post("/leave", response_model=CallNow, responses=responses(*COMMON))
async def leave(visitor: CallTaker, request: Request, doors: TheDoors) -> CallNow:
    """Out of a three-way call; the others go on."""
    return await _done(request, visitor, doors.bridge.leave(visitor.agent_id))


@router.post("/drop", response_model=CallNow, responses=responses(*COMMON))
async def drop(whom: OneParty, visitor: CallTaker, request: Request, doors: TheDoors) -> CallNow:
    """One party, not the citizen, is taken off the line."""
    return await _done(request, visitor, doors.bridge.drop(visitor.agent_id, whom.party))


@router.post("/out", response_model=CallNow, responses=responses(*COMMON))
async def call_out(whom: Number, visitor: CallTaker, request: Request, doors: TheDoors) -> CallNow:
    """Calls a citizen: the agent's own telephone first, which in a browser answers by itself."""
    return await _done(request, visitor, doors.bridge.call_out(visitor.agent_id, whom.number))


async def _done(request: Request, visitor: Visitor, command: Awaitable[None]) -> CallNow:
    await acknowledged(command)
    shown = desk_of(request).shown(visitor.agent_id)
    return CallNow(call=shown.call if shown is not None else None)
