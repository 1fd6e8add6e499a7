"""What goes over the live WebSocket, versioned, in both directions.

The JSON Schema of :data:`ServerMessage` and :data:`ClientMessage` (see :func:`json_schema`) is what the web app's
types are generated from, so neither side can drift.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from agent_desktop.caption_engine import CaptionsOff
from agent_desktop.floor_messages import Acted, FloorMessage, FloorView

VERSION = 1
"""Raised when a message changes in a way an older page would misread."""

AgentStateName = Literal[
    "logged_out",
    "ready",
    "not_ready",
    "ringing",
    "talking",
    "held",
    "consulting",
    "three_way",
    "wrap_up",
    "supervising",
    "phone_lost",
]


QualityWarning = Literal["rtt", "jitter", "loss", "mos", "silent"]
"""What an agent is warned of: the round trip, jitter, lost packets, the score of all three, a microphone that gives
nothing."""


class EarlierCall(BaseModel):
    """One earlier call of the same number."""

    contact_id: str
    arrived_at: datetime
    agent_name: str | None
    end_reason: str | None
    seconds: float | None = Field(description="Talking time.")
    has_recording: bool


class CardTicket(BaseModel):
    """One ticket of the same number, as little as the card shows."""

    ticket_id: str
    number: str
    title: str
    status: str
    open: bool
    category: str | None
    created_at: datetime


class NearbyTicket(BaseModel):
    """A ticket of somebody else that may be the same matter as one of this caller's, at the same place."""

    ticket_id: str
    number: str
    title: str
    status: str
    place: str = Field(description="The name both texts give.")
    created_at: datetime


class CardMark(BaseModel):
    """What the ledger of callers says about the number."""

    kind: str = Field(description="nuisance, or a care code of the city's form.toml.")
    zh: str
    en: str
    times: int
    confirmed: bool = Field(description="Somebody else than the marker has confirmed it.")
    last_at: datetime
    note: str


class MenuLabel(BaseModel):
    """What a key of the voice menu means."""

    zh: str
    en: str


class Card(BaseModel):
    """Who is calling, as far as we know before answering."""

    contact_id: str
    number: str = Field(description="Canonical key of the number; empty when the caller hides it.")
    number_masked: str
    number_shown: str
    number_kind: str = Field(description="mobile, landline, extension or anonymous")
    place: str | None = Field(description="Where the number belongs, by its area code.")
    name: str | None = Field(description="The name given at the last call or ticket.")
    menu_path: str
    menu_labels: list[MenuLabel]
    waited_seconds: float | None = Field(description="Waiting time up to the moment the card was made.")
    queue: str | None
    queued_at: datetime | None
    earlier_calls: list[EarlierCall]
    tickets: list[CardTicket] = Field(description="Open ones first, then the newest.")
    repeat_count: int = Field(description="Calls of this number in the last 30 days, this one not counted.")
    repeat_warning: bool = Field(description="As many calls as the city's form.toml warns from.")
    confidential: bool = Field(description="The caller asked before to stay unknown.")
    hidden_tickets: int = Field(description="Confidential tickets that this person is not shown.")
    nearby: list[NearbyTicket]
    marks: list[CardMark]
    note: str = Field(default="", description="Why a citizen who was in an agent's hands waits again.")
    incomplete: bool = Field(default=False, description="The database could not be read; only the number is known.")


class AgentState(BaseModel):
    """The agent's own state."""

    agent_id: str
    state: AgentStateName
    reason: str | None
    since: datetime
    until: datetime | None = Field(description="When wrap-up ends by itself, or a break is over.")
    next_reason: str | None = Field(
        default=None, description="Asked for during a call or wrap-up: not ready for this reason afterwards."
    )
    ends_early: bool = Field(default=True, description="Wrap-up may be ended before its time.")
    may_ask_wrap_up: bool = Field(default=False, description="There is wrap-up only if asked for during the call.")
    lost: bool = Field(default=False, description="In the middle of a call the phone cannot be reached.")


class PartyState(BaseModel):
    """One telephone of the call."""

    party: str = Field(description="Its id, for taking it off the line.")
    kind: Literal["citizen", "agent", "colleague", "unit"]
    number: str = Field(description="Whom the office called; empty for the citizen, whose number the card has.")
    name: str = Field(description="From the duty roster or the list of agents; empty when neither knows the number.")
    place: Literal["ringing", "alone", "music", "together"]


class PartyGone(BaseModel):
    """Who left the call last of those called in addition."""

    number: str
    name: str
    reason: str = Field(description="completed, or why it was not reached: busy, no-answer, rejected, failed…")
    at: datetime


class CallState(BaseModel):
    """The agent's current call; it stays, ended, through wrap-up."""

    call_id: str
    contact_id: str | None
    state: Literal["ringing", "talking", "held", "ended"]
    since: datetime
    answered_at: datetime | None
    caller_number: str | None
    queue: str | None
    outgoing: bool = False
    phase: str = Field(default="moving", description="Where the conversation stands, see cti/conversation.py.")
    parties: list[PartyState] = []
    verbs: list[str] = Field(default=[], description="What the agent can do with it now.")
    gone: PartyGone | None = None
    note: str = Field(default="", description="Why a citizen who was in an agent's hands waits again.")


class Draft(BaseModel):
    """The ticket form as last saved."""

    contact_id: str
    body: dict[str, Any]
    version: int
    saved_at: datetime | None = None


class CaptionLine(BaseModel):
    """One sentence of the citizen."""

    seq: int
    start: float = Field(description="Seconds since the captions began.")
    end: float
    text: str


class Captions(BaseModel):
    """Whether a call is written along, and what was said so far: when it begins, stops, or a page opens."""

    v: Literal[1] = 1
    type: Literal["captions"] = "captions"
    contact_id: str
    state: Literal["on", "off"]
    reason: CaptionsOff | None = Field(description="Why they are off.")
    began_at: datetime
    lines: list[CaptionLine]


class Caption(BaseModel):
    """Words of the citizen.  Until it is final, the sentence ``seq`` is replaced by the next message about it."""

    v: Literal[1] = 1
    type: Literal["caption"] = "caption"
    contact_id: str
    seq: int
    start: float
    end: float
    text: str
    final: bool


class Hello(BaseModel):
    """The full picture: the first message, and again when a waiting tab becomes the active one."""

    v: Literal[1] = 1
    type: Literal["hello"] = "hello"
    tab: str = Field(description="Keep it in sessionStorage and send it with the next hello: a reload then takes over.")
    active: bool = Field(description="False: the desk is open in another tab; send take_over to use this one.")
    agent: AgentState | None
    call: CallState | None
    card: Card | None
    draft: Draft | None
    captions: Captions | None = Field(default=None, description="Of the call; None when it was never written along.")
    ami: bool
    now: datetime = Field(description="The server's clock, for timers.")


class AgentMessage(BaseModel):
    """The agent's state has changed."""

    v: Literal[1] = 1
    type: Literal["agent"] = "agent"
    agent: AgentState


class Pop(BaseModel):
    """A call rings at this agent."""

    v: Literal[1] = 1
    type: Literal["pop"] = "pop"
    call_id: str
    card: Card
    rang_at: datetime


class PopClosed(BaseModel):
    """The ring is over: reason answered, missed, abandoned, elsewhere."""

    v: Literal[1] = 1
    type: Literal["pop_closed"] = "pop_closed"
    call_id: str
    reason: str


class CallMessage(BaseModel):
    """The agent's call has changed; null when it is over and wrapped up."""

    v: Literal[1] = 1
    type: Literal["call"] = "call"
    call: CallState | None


class TakenOver(BaseModel):
    """Another tab has become the active one; the socket closes with 4001."""

    v: Literal[1] = 1
    type: Literal["taken_over"] = "taken_over"


class Link(BaseModel):
    """Whether the switch can be reached."""

    v: Literal[1] = 1
    type: Literal["link"] = "link"
    ami: bool


class RecordingReady(BaseModel):
    """The recording of a call of this agent can be played."""

    v: Literal[1] = 1
    type: Literal["recording_ready"] = "recording_ready"
    contact_id: str
    recording_id: str


class Ping(BaseModel):
    """Asks for a pong; a page that does not answer three in a row, in a call four that come every second, counts as
    gone."""

    v: Literal[1] = 1
    type: Literal["ping"] = "ping"


ServerMessage = Annotated[
    Hello
    | AgentMessage
    | Pop
    | PopClosed
    | CallMessage
    | TakenOver
    | Link
    | Acted
    | FloorMessage
    | RecordingReady
    | Captions
    | Caption
    | Ping,
    Field(discriminator="type"),
]


class _FromClient(BaseModel):
    model_config = ConfigDict(extra="forbid")

    v: Literal[1] = 1


class ClientHello(_FromClient):
    """The client's first message."""

    type: Literal["hello"]
    tab: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{8,64}$")


class ClientPhone(_FromClient):
    """What this tab's softphone is doing."""

    type: Literal["phone"]
    registered: bool
    in_call: bool = Field(default=False, description="It rings or talks.")


class ClientTakeOver(_FromClient):
    """Make this tab the active one."""

    type: Literal["take_over"]


class ClientWatch(_FromClient):
    """What of the floor this page shows now; for whoever may see it."""

    type: Literal["watch"]
    floor: FloorView


class ClientPong(_FromClient):
    """Answer to ping."""

    type: Literal["pong"]


class ClientQuality(_FromClient):
    """How good the line was in the last seconds of the agent's call, as the page measured it."""

    type: Literal["quality"]
    contact_id: str = Field(pattern=r"^[A-Za-z0-9-]{1,64}$")
    seconds: float = Field(gt=0, le=120)
    rtt_ms: float | None = Field(ge=0, le=60_000)
    rtt_ms_max: float | None = Field(ge=0, le=60_000)
    jitter_ms: float = Field(ge=0, le=60_000)
    jitter_ms_max: float = Field(ge=0, le=60_000)
    loss: float = Field(ge=0, le=1)
    loss_max: float = Field(ge=0, le=1)
    mos: float = Field(ge=1, le=5)
    mos_min: float = Field(ge=1, le=5)
    warnings: list[QualityWarning] = Field(max_length=8)


ClientMessage = Annotated[
    ClientHello | ClientPhone | ClientTakeOver | ClientPong | ClientQuality | ClientWatch,
    Field(discriminator="type"),
]

SERVER_MESSAGES: TypeAdapter[Any] = TypeAdapter(ServerMessage)
CLIENT_MESSAGES: TypeAdapter[Any] = TypeAdapter(ClientMessage)


def json_schema() -> dict[str, Any]:
    """One JSON Schema with both directions under ``$defs`` (ServerMessage, ClientMessage)."""
    server = SERVER_MESSAGES.json_schema(mode="serialization")
    client = CLIENT_MESSAGES.json_schema(mode="validation")
    definitions = {**server.pop("$defs"), **client.pop("$defs"), "ServerMessage": server, "ClientMessage": client}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Live messages, version {VERSION}",
        "$defs": dict(sorted(definitions.items())),
        "anyOf": [{"$ref": "#/$defs/ServerMessage"}, {"$ref": "#/$defs/ClientMessage"}],
    }
