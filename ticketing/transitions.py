"""A row of the workflow's table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Machine = Literal["ticket", "work"]
Clock = Literal["none", "start", "stop", "extend", "restart", "pause", "resume"]
Side = Literal["centre", "leader", "unit", "upper", "citizen", "system"]
"""How somebody stands to the matter: the office, the leader it is presented to, the unit whose work it is, a unit
above that, the caller, the program."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row.  ``to`` None leaves the status as it is."""

    machine: Machine
    frm: str
    verb: str
    to: str | None
    actors: frozenset[Side]
    needs: tuple[str, ...] = ()
    """Names that must be given and not be empty."""
    guards: tuple[str, ...] = ()
    """Names of rules in :mod:`ticketing.guards` that must hold."""
    clock: Clock = "none"
    ledger: str | None = None
    """A ledger that is kept beside the history."""
    emits: tuple[str, ...] = ()


def index(rows: tuple[Transition, ...]) -> dict[tuple[str, str, str], Transition]:
    """The rows by machine, status and verb; raises ``ValueError`` when two rows contradict each other."""
    found: dict[tuple[str, str, str], Transition] = {}
    for row in rows:
        key = (row.machine, row.frm, row.verb)
        if key in found:
            raise ValueError(f"two rows for {key}")
        found[key] = row
    return found
