"""Walks the table of a matter's life (``life.txt``): pure functions, no clock, no database.

A row says: from this status, this verb leads there; who may do it, what must be given, what must hold, what it does
to the clock, which ledger and which events it writes.  Tests and the documents' diagram read the same table; handlers
only carry out what it allows.  A city's pack may switch verbs off and change numbers; it never adds code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from ticketing.case import Work
from ticketing.facts import Facts
from ticketing.guards import GUARDS
from ticketing.life import INDEX
from ticketing.model import Refused, Ticket
from ticketing.transitions import Machine, Side, Transition

Subject = TypeVar("Subject", Ticket, Work)


def find(machine: Machine, status: str, verb: str) -> Transition | None:
    """The table's row for this verb in this status."""
    return INDEX.get((machine, status, verb))


def step(subject: Subject, verb: str, side: Side, facts: Facts) -> Subject | Refused:
    """The ticket or work after ``verb``, or why not.  Versions, times and records are the handler's business."""
    machine: Machine = "work" if isinstance(subject, Work) else "ticket"
    status = subject.status if isinstance(subject, Work) else subject.phase
    row = find(machine, status, verb)
    if row is None:
        return Refused("not_now", {"status": status, "verb": verb})
    if side not in row.actors:
        return Refused("not_yours", {"verb": verb, "side": side})
    missing = [name for name in row.needs if is_empty(facts.given, name)]
    if missing:
        return Refused("missing", {"verb": verb, "needs": missing})
    for name in row.guards:
        refused = GUARDS[name](subject, facts)
        if refused is not None:
            return refused
    return subject if row.to is None else moved(subject, row.to)


def moved(subject: Subject, to: str) -> Subject:
    """The same in another status."""
    if isinstance(subject, Work):
        return replace(subject, status=to)
    return replace(subject, phase=to, status=to)


def is_empty(given: Mapping[str, Any], name: str) -> bool:
    """Whether nothing was given by this name; False and 0 are something."""
    value = given.get(name)
    return value is None or (isinstance(value, str) and not value.strip()) or value in ((), [], {})
