"""A whole matter as plain values: the ticket with the work of its units and everything asked for and ordered.

The workflow's guards decide on it; it holds no connection and no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ticketing.model import Ticket

OPEN_WORK = frozenset(
    {
        "delivered",
        "signed",
        "handling",
        "return_requested",
        "extension_requested",
        "termination_requested",
        "sub_dispatched",
        "sub_reported",
        "parent_reviewed",
    }
)
"""Statuses in which a unit still owes something."""
ENDED_WORK = frozenset({"returned", "terminated", "withdrawn"})
"""Statuses of a piece of work that ended without a result."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an id for the ledger, the roles that decide what is allowed, and the unit, None for the office."""

    user_id: str
    roles: frozenset[str]
    unit_id: str | None = None


CITIZEN = Actor("citizen", frozenset({"citizen"}))
"""The caller, through the query page, a text message or the voice menu."""
SYSTEM = Actor("system", frozenset({"system"}))
"""The program itself: sweeps, and what follows from other acts."""


@dataclass(frozen=True, slots=True)
class Work:
    """One unit's part in a matter."""

    work_id: str
    ticket_id: str
    parent_id: str | None
    unit_id: str
    role: str
    """``lead`` or ``assist``."""
    depth: int
    """1 for a unit the centre dispatched to, more further down."""
    status: str
    mode: str | None
    items: tuple[int, ...]
    """Numbers of the ticket's items this unit answers."""
    attachments: tuple[str, ...]
    delivered_at: datetime
    signed_at: datetime | None = None
    reported_at: datetime | None = None
    ended_at: datetime | None = None
    due_at: datetime | None = None
    target_at: datetime | None = None
    sign_due_at: datetime | None = None
    return_due_at: datetime | None = None
    yellow_from: datetime | None = None
    provisional: bool = False
    extensions: int = 0
    locked: str | None = None
    """Why it may not be returned: ``decided``, ``designated`` or ``refused``."""
    explained: bool = False
    """The unit reported why it needs longer."""
    overdue: bool = False
    redone: int = 0
    account_step: str | None = None
    """At which step the caller last demanded an account: ``overdue`` or ``objection``."""
    account_asked_at: datetime | None = None
    account: str | None = None
    """What the unit answered; None: nothing yet."""

    @property
    def open(self) -> bool:
        return self.status in OPEN_WORK


@dataclass(frozen=True, slots=True)
class Item:
    """One of the demands in a ticket."""

    ordinal: int
    text: str
    result: str | None = None
    resolved: bool | None = None
    by_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A unit's request for more time, return or termination."""

    request_id: str
    work_id: str
    kind: str
    """``extension``, ``return`` or ``termination``."""
    reason: str
    days: int | None
    status: str
    """``pending``, ``approved``, ``refused`` or ``dropped``."""
    filed_at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """Something the office ordered beside the dispatch: ``urge``, ``remind`` or ``supervise``."""

    order_id: str
    work_id: str | None
    kind: str
    form: str | None
    """A supervise order's kind: daily, listed, interview…"""
    status: str
    """``open``, ``answered`` or ``evaluated``."""
    issued_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Case:
    """Everything about one matter that a rule may ask."""

    ticket: Ticket
    works: tuple[Work, ...] = ()
    items: tuple[Item, ...] = ()
    requests: tuple[Request, ...] = ()
    orders: tuple[Order, ...] = ()
    contacts: int = 0
    """Valid call-backs so far."""
    confirmed: frozenset[str] = frozenset()
    """``confirmed_redo`` / ``confirmed_supervise`` when it was closed after one."""

    def top(self) -> tuple[Work, ...]:
        """The works the centre dispatched itself."""
        return tuple(work for work in self.works if work.parent_id is None)

    def children(self, work_id: str) -> tuple[Work, ...]:
        """The works a unit passed down."""
        return tuple(work for work in self.works if work.parent_id == work_id)

    def work(self, work_id: str | None) -> Work | None:
        """The work of this id."""
        return next((work for work in self.works if work.work_id == work_id), None)

    def lead(self) -> Work | None:
        """The lead unit's work that still counts, the newest when there were several."""
        leads = [work for work in self.top() if work.role == "lead" and work.status not in ENDED_WORK]
        return leads[-1] if leads else None

    def pending(self, work_id: str, kind: str) -> Request | None:
        """The request of this kind that waits for a ruling."""
        wanted = (work_id, kind, "pending")
        return next((one for one in self.requests if (one.work_id, one.kind, one.status) == wanted), None)


@dataclass(frozen=True, slots=True)
class Relations:
    """Who stands above whom, and what sort of body each unit is; from the office's own list of units."""

    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Unit → itself and every unit above it, nearest first."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()

    def known(self, unit_id: str) -> bool:
        """Whether the office has this unit and works with it."""
        return unit_id in self.above and unit_id not in self.disabled

    def under(self, unit_id: str, upper: str) -> bool:
        """Whether ``unit_id`` is ``upper`` or stands below it."""
        return upper in self.above.get(unit_id, (unit_id,))

    def parent(self, unit_id: str) -> str | None:
        """The unit one level up."""
        line = self.above.get(unit_id, ())
        return line[1] if len(line) > 1 else None

    def depth(self, unit_id: str) -> int:
        """1 for a unit right below the centre."""
        return len(self.above.get(unit_id, ("",)))


def given_text(given: Mapping[str, Any], name: str) -> str:
    """A text among what was given, "" when it is missing."""
    value = given.get(name)
    return value if isinstance(value, str) else ""
