"""What a page that shows the floor is sent: queues, agents, callers waiting, the day's figures."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agent_desktop.floor_day import Formula

FloorView = Literal["off", "floor", "wall"]
"""``wall``: for a display that anybody may look at; nothing that names a person."""


class FloorCounts(BaseModel):
    """Since midnight, or of a quarter of an hour; by when calls came in.  Shares from 0 to 1, times in seconds; null
    where there is nothing to divide by."""

    model_config = ConfigDict(from_attributes=True)

    offered: int
    answered: int
    within: int = Field(description="Answered within service_seconds.")
    abandoned: int = Field(description="Hung up while waiting, the short ones included.")
    short: int = Field(description="Hung up within short_abandon_seconds.")
    left: int = Field(description="Left the queue for a message.")
    service_level: float | None
    connect_rate: float | None = Field(description="Answered of all but the short abandons.")
    connect_rate_all: float | None = Field(description="Answered of all.")
    asa: float | None
    abandon_wait: float | None
    longest_wait: float | None
    aht: float | None = Field(description="Talk, hold and wrap-up.")
    handled: int


class FloorQuarter(BaseModel):
    at: datetime
    counts: FloorCounts


class FloorQueue(BaseModel):
    """One queue now."""

    queue: str
    waiting: int
    first_since: datetime | None = Field(description="Since when its first caller waits.")
    states: dict[str, int] = Field(description="How many of its agents are in which state.")
    today: FloorCounts | None


class FloorEar(BaseModel):
    """A supervisor at an agent's call."""

    act_id: str
    by: str
    by_name: str
    mode: Literal["listen", "whisper", "barge"] | None = Field(description="Null: the supervisor's phone is called.")
    since: datetime


class FloorAgent(BaseModel):
    """One agent who is logged in."""

    agent_id: str
    name: str
    extension: str
    queues: list[str]
    state: str
    reason: str | None
    since: datetime
    until: datetime | None = Field(description="When wrap-up or a break is over.")
    next_reason: str | None
    lost: bool
    contact_id: str | None = Field(description="The call in hand.")
    ears: list[FloorEar]


class FloorWaiter(BaseModel):
    """One caller who waits."""

    contact_id: str
    queue: str
    position: int
    number_masked: str
    since: datetime
    menu: list[dict[str, str]] = Field(description="What was chosen in the voice menu, zh and en.")
    note: str = Field(description="Why a citizen who was in an agent's hands waits again.")


class FloorStaffing(BaseModel):
    """Erlang C for the next half hour, if it brings what the last one brought.  Assumes that nobody hangs up: in
    overload it asks for more people than are needed."""

    calls: int = Field(description="Came in the last half hour.")
    aht: float
    agents: int = Field(description="On calls or ready for them now.")
    needed: int
    level: float = Field(description="Service level to expect with the agents there are.")
    goal: float
    occupancy: float = Field(description="Share of their time; 1 and more is too much for them.")


class FloorLimits(BaseModel):
    """The settings the figures were made with."""

    service_seconds: int
    short_abandon_seconds: int
    service_formula: Formula
    floor_waiting_yellow: int
    floor_waiting_red: int
    floor_wait_yellow_seconds: int
    floor_wait_red_seconds: int
    floor_level_yellow: int
    floor_level_red: int

    model_config = ConfigDict(from_attributes=True)


class FloorMessage(BaseModel):
    """The whole floor; sent when the page asks for it and after each change, at most a few times a second."""

    v: Literal[1] = 1
    type: Literal["floor"] = "floor"
    now: datetime
    begins: datetime | None = Field(description="The office's midnight; null while the day is still being read.")
    queues: list[FloorQueue]
    agents: list[FloorAgent]
    waiting: list[FloorWaiter]
    states: dict[str, int] = Field(description="How many agents are in which state, in all queues.")
    today: FloorCounts | None
    quarters: list[FloorQuarter]
    staffing: FloorStaffing | None
    limits: FloorLimits


class Acted(BaseModel):
    """Somebody else has set this agent's state: who, and why."""

    v: Literal[1] = 1
    type: Literal["acted"] = "acted"
    kind: Literal["ready", "not_ready", "log_out"]
    code: str = Field(description="The not-ready reason that was set.")
    by: str
    reason: str
    at: datetime
