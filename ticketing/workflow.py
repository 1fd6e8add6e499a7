"""The life of a ticket as one table, and the pure function that walks it.

A row says: from this status, this verb leads there; who may do it, what must be given, what it does to the clock and
which events it sends.  Tests and the documents' diagram read the table; handlers only carry out what it allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from ticketing.model import Refused, Ticket

Clock = Literal["none", "start", "stop"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an id for the ledger and the roles that decide what is allowed."""

    user_id: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Transition:
    """One row.  ``to`` None leaves the status as it is."""

    frm: str
    verb: str
    to: str | None
    actors: frozenset[str]
    needs: tuple[str, ...] = ()
    """Names that must stand in the facts and not be empty."""
    clock: Clock = "none"
    emits: tuple[str, ...] = ()


STAFF = frozenset({"operator", "dispatcher", "supervisor", "admin"})

TABLE: tuple[Transition, ...] = (
    Transition("new", "register", "registered", STAFF, needs=("title",), emits=("ticket_created",)),
    Transition("registered", "amend", None, STAFF, needs=("changes",), emits=("ticket_updated",)),
)

_INDEX = {(row.frm, row.verb): row for row in TABLE}


def find(status: str, verb: str) -> Transition | None:
    """The table's row for this verb in this status."""
    return _INDEX.get((status, verb))


def step(ticket: Ticket, verb: str, actor: Actor, facts: Mapping[str, Any]) -> Ticket | Refused:
    """The ticket after ``verb``, or why not.  Pure: the version and times are the handler's business."""
    row = find(ticket.status, verb)
    if row is None:
        return Refused("not_now", {"status": ticket.status, "verb": verb})
    if not actor.roles & row.actors:
        return Refused("not_allowed", {"verb": verb})
    missing = [name for name in row.needs if not facts.get(name)]
    if missing:
        return Refused("missing", {"verb": verb, "needs": missing})
    return ticket if row.to is None else replace(ticket, status=row.to)
