"""Reads the table of a matter's life, ``life.txt`` beside this file."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any, get_args

from ticketing.case import OPEN_WORK
from ticketing.transitions import Clock, Machine, Side, Transition, index

OPEN_PHASES = frozenset(
    {
        "registered",
        "escalated",
        "instructed",
        "dispatched",
        "centre_review",
        "callback",
        "promised",
        "review_requested",
    }
)
"""Statuses of the ticket in which the office or a unit still owes something."""
CLOSED_PHASES = frozenset({"closed", "upheld", "archived", "merged"})
"""Statuses in which nobody owes anything."""
_OPEN: dict[str, frozenset[str]] = {"ticket": OPEN_PHASES, "work": OPEN_WORK}


class BrokenTable(ValueError):
    """The table cannot be read; the text names the line."""


def read_table(text: str) -> tuple[Transition, ...]:
    """The rows of a table; raises :class:`BrokenTable`."""
    rows: list[Transition] = []
    machine: Any = None
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line in ("[ticket]", "[work]"):
            machine = line.strip("[]")
            continue
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != 9 or machine is None:
            raise BrokenTable(f"line {number}: a row has nine cells, below [ticket] or [work]")
        rows += _transitions(machine, cells, number)
    return tuple(rows)


def _transitions(machine: Machine, cells: list[str], number: int) -> Iterator[Transition]:
    """One row of the file is a transition for each status it names."""
    statuses, verb, to, who, needs, guards, clock, ledger, emits = cells
    sides: Any = frozenset(who.split())
    kind: Any = "none" if clock == "-" else clock
    if not sides <= set(get_args(Side)) or kind not in get_args(Clock):
        raise BrokenTable(f"line {number}: who or clock")
    names = [status for word in statuses.split() for status in (sorted(_OPEN[machine]) if word == "OPEN" else [word])]
    for status in dict.fromkeys(names):
        yield Transition(
            machine=machine,
            frm=status,
            verb=verb,
            to=None if to == "-" else to,
            actors=sides,
            needs=_words(needs),
            guards=_words(guards),
            clock=kind,
            ledger=None if ledger == "-" else ledger,
            emits=_words(emits),
        )


def _words(cell: str) -> tuple[str, ...]:
    return () if cell == "-" else tuple(cell.split())


TABLE = read_table(files("ticketing").joinpath("life.txt").read_text(encoding="utf-8"))
INDEX = index(TABLE)
ROWS_FROM: dict[tuple[str, str], tuple[Transition, ...]] = {}
"""The rows that start from a status, by machine and status."""
for _row in TABLE:
    ROWS_FROM[(_row.machine, _row.frm)] = (*ROWS_FROM.get((_row.machine, _row.frm), ()), _row)
VERBS = tuple(dict.fromkeys(row.verb for row in TABLE))
MACHINE_OF: dict[str, Machine] = {row.verb: row.machine for row in TABLE}
_OF_TIME = {"work_due_soon", "due_date_changed", "supervise_order_expired", "duty_created", "satisfaction_asked"}
EVENTS = frozenset(event for row in TABLE for event in row.emits) | _OF_TIME
"""Everything that is told to the outside: by the table's rows, by time passing and by what follows from both."""
