"""The words of the ticket room as plain values: no database, no clock, no I/O.

Times are aware UTC datetimes.  Names of statuses, verbs and kinds are English words of the glossary;
their Chinese labels are data (:mod:`ticketing.dictionary`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Literal

KINDS = ("inquiry", "help", "complaint", "report", "suggestion", "thanks")
"""Request kinds: 咨询, 求助, 投诉, 举报, 建议, 感谢."""

TEXT_LIMITS = {
    "title": 200,
    "text": 20_000,
    "place": 500,
    "caller_name": 100,
    "caller_number": 40,
    "caller_identity": 40,
    "category": 100,
    "caller_key": 40,
    "contact_id": 64,
    "created_by": 64,
    "accused_unit": 64,
    "accused_person": 100,
    "external_number": 64,
}
"""Longest accepted value of each text field, in characters."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking.  Every read takes one, so that a protected ticket cannot slip through a forgotten filter."""

    user_id: str
    roles: frozenset[str] = frozenset({"operator"})
    unit_id: str | None = None
    """The handling unit the person works for; None for the hotline office itself."""
    unit_line: frozenset[str] = frozenset()
    """That unit and those above it."""
    units_below: frozenset[str] = frozenset()
    """That unit and those below it."""
    sees: str = "all"
    """``all``, or ``numbers`` for somebody who is shown counts but no ticket."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One citizen's matter as everyone may see it who may see it at all."""

    ticket_id: str
    number: str
    """The code people read aloud, ``YYYYMMDD-NNNNNN`` (local date of registration)."""
    status: str
    kind: str
    category: str
    title: str
    text: str
    place: str
    caller_name: str
    caller_number: str
    contact_id: str | None
    confidential: bool
    created_by: str
    created_at: datetime
    updated_at: datetime
    version: int
    """Grows by one with every change; a change names the version it was made from."""
    due_at: datetime | None = None
    """When the lead unit's work is due; None when nothing runs or the regulation sets no limit."""
    unit: str | None = None
    """The lead unit."""
    phase: str = "registered"
    """The status of the ticket itself; ``status`` shows the lead unit's while units work on it."""
    city: str = ""
    pack_version: str = ""
    """The version of the regulation in force at acceptance, kept for good (C14)."""
    origin: str = "citizen"
    channel: str = "phone"
    """By which way it came in."""
    received_on: date | None = None
    """When what was written came in; acceptance is when it was registered."""
    mode: str | None = None
    yellow_from: datetime | None = None
    provisional: bool = False
    citizen_due_at: datetime | None = None
    """The same limit counted from acceptance: the caller's clock, which never restarts (C9)."""
    closed_at: datetime | None = None
    wake_at: datetime | None = None
    urgent: bool = False
    major: bool = False
    emergency: str | None = None
    leader_assigned: bool = False
    no_reply: bool = False
    """The caller asked not to be answered."""
    accused_unit: str | None = None
    accused_person: str | None = None
    matter_id: str | None = None
    """The same matter's tickets carry the same id."""
    merged_into: str | None = None
    public_reply: str = ""
    satisfaction: str | None = None
    reviews: int = 0
    attachments: tuple[str, ...] = ()
    external_number: str | None = None
    """Its number in the system it was imported from."""

    def as_json(self) -> dict[str, Any]:
        """The ticket with times as ISO 8601, ready for any JSON writer."""
        plain: dict[str, Any] = json_ready(asdict(self))
        return plain


@dataclass(frozen=True, slots=True)
class CreateTicket:
    """The command that registers a ticket.  The same ``idempotency_key`` never registers two."""

    idempotency_key: str
    created_by: str
    title: str
    text: str = ""
    kind: str = "help"
    category: str = ""
    place: str = ""
    caller_name: str = ""
    caller_number: str = ""
    """As shown to people."""
    caller_identity: str = ""
    """The number of an identity document, where the caller gave one; kept apart from the ticket."""
    caller_key: str = ""
    """The normalised number by which earlier tickets are found; empty for a withheld number."""
    contact_id: str | None = None
    """The call it came from."""
    confidential: bool = False
    """The caller asked that who they are stays in the office."""
    origin: str = "citizen"
    """Who handed it over: the caller, a provincial office, a leader."""
    channel: str = "phone"
    """By which way it came in: telephone, voice message, mailbox, website…"""
    received_on: date | None = None
    """When what was written came in; None for what is registered at once."""
    urgent: bool = False
    no_reply: bool = False
    """The caller asked not to be answered."""
    accused_unit: str | None = None
    """The unit complained about: it and those below it never see the ticket."""
    accused_person: str | None = None
    """The user id or name of the person complained about."""
    same_matter_as: str | None = None
    """An earlier ticket about the same matter."""
    attachments: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    """The demands in it, where there are several; units answer them one by one."""
    external_number: str | None = None
    """Its number in the system it comes from; only one ticket has it."""


@dataclass(frozen=True, slots=True)
class UpdateTicket:
    """The command that changes what a registered ticket says; ``changes`` holds only the fields that change."""

    ticket_id: str
    by: str
    expected_version: int
    changes: Mapping[str, Any]
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """An expected no.  ``reason`` is a stable word for programs; ``detail`` names the field, limit or article."""

    reason: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else saved first: what stands now, and what was asked for.  Nothing was written."""

    current: Ticket
    yours: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it is being typed, kept until the ticket is saved or the draft is dropped."""

    agent_id: str
    contact_id: str
    body: Mapping[str, Any]
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DraftConflict:
    """The draft was saved from another window meanwhile."""

    current: Draft


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a ticket's history; the ledger it stands in is append-only and hash-chained."""

    at: datetime
    by: str
    verb: str
    body: Mapping[str, Any]
    entry_id: int
    hash: str


Light = Literal["green", "yellow", "red"]
Urgency = Literal["ordinary", "urgent", "major", "emergency"]
"""What a ticket is marked as; one may be marked as several, ordinary is what is marked as none."""


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` on and before ``end``; None is open to that side."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """What a list shows.  Empty means everything the viewer may see."""

    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    channel: str | None = None
    origin: str | None = None
    unit: str | None = None
    """The lead unit."""
    assisting: str | None = None
    """A unit that assists the lead unit."""
    created_by: str | None = None
    category: tuple[str, ...] = ()
    """Any of these; a category with all below it is :meth:`ticketing.dictionary.Dictionary.subtree`."""
    q: str = ""
    """A number, or words of one of the newest tickets (:data:`ticketing.store.NEWEST`)."""
    accepted: Span = Span()
    """When it was registered."""
    due: Span = Span()
    closed: Span = Span()
    light: Light | None = None
    """Its colour at the moment ``at``, which must be given with it."""
    at: datetime | None = None
    overdue: bool | None = None
    """Whether a unit was ever late with it, also if it has answered since."""
    urgency: Urgency | None = None
    evaluated: bool | None = None
    """Whether the caller has said how satisfied they are, or would say nothing."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, newest first; ``next_cursor`` is None on the last one."""

    tickets: tuple[Ticket, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """An event to hand to the outside world, at least once."""

    outbox_id: int
    event: str
    body: Mapping[str, Any]
    created_at: datetime
    attempts: int
    channel: str = ""
    """By which it leaves; empty: it has yet to be given to the channels."""


Problem = Literal["empty", "too_long", "not_text", "bad_character", "unknown_value", "unknown_field"]


def json_ready(value: Any) -> Any:
    """``value`` with dates and times as ISO 8601 strings and tuples and sets as lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): json_ready(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(json_ready(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [json_ready(item) for item in value]
    return value


def storable(value: Any) -> bool:
    """Whether every database can keep ``value`` and give it back: no NUL, no lone surrogate in any text of it."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, Mapping):
        return all(storable(key) and storable(item) for key, item in value.items())
    return not isinstance(value, (list, tuple, set, frozenset)) or all(storable(item) for item in value)


def check_text(name: str, value: object) -> Refused | None:
    """Why ``value`` cannot be the text field ``name``, or None.  Any Unicode is taken that can be given back."""
    problem: Problem
    if not isinstance(value, str):
        problem = "not_text"
    elif len(value) > TEXT_LIMITS[name]:
        return Refused("invalid_field", {"field": name, "problem": "too_long", "limit": TEXT_LIMITS[name]})
    elif not storable(value):
        problem = "bad_character"
    elif name == "title" and not value.strip():
        problem = "empty"
    else:
        return None
    return Refused("invalid_field", {"field": name, "problem": problem})
