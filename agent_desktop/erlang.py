"""Erlang C: how many agents a stream of calls needs.  Pure.

Calls come at random, wait in one line, and **nobody hangs up**: so in overload, where callers do hang up, it asks for
more people than are needed.  Source: A. K. Erlang's formula as in any textbook of traffic theory; the figures agree
with pyworkforce and R's ErlangC.  Why it is written out here: docs/decisions/0099-the-supervisors-ear.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

MOST_AGENTS = 10_000
"""Where the search for enough agents ends."""


@dataclass(frozen=True, slots=True)
class Load:
    """How a number of agents would cope.  With no more agents than erlangs the line grows without end: level 0."""

    agents: int
    waits: float
    """Share of callers who wait at all."""
    level: float
    """Share of callers answered within the target time."""
    asa: float
    """Average seconds until the answer, over all callers."""
    occupancy: float
    """Share of the agents' time that is spent on calls; more than 1 is too much for them."""


def traffic(calls: float, interval: float, handling: float) -> float:
    """Erlangs, agents busy on average: ``calls`` in ``interval`` seconds, each taking ``handling`` seconds."""
    return calls * handling / interval


def load(erlangs: float, handling: float, agents: int, target: float) -> Load:
    """How ``agents`` cope with this traffic; ``target`` and ``handling`` in seconds, ``handling`` above 0."""
    if agents <= 0:
        return Load(agents, 1.0, 0.0, math.inf, math.inf if erlangs else 0.0)
    if erlangs >= agents:
        return Load(agents, 1.0, 0.0, math.inf, erlangs / agents)
    blocked = 1.0  # Erlang B by its recursion: no factorials, no overflow
    for number in range(1, agents + 1):
        blocked = erlangs * blocked / (number + erlangs * blocked)
    waits = agents * blocked / (agents - erlangs * (1 - blocked))
    late = waits * math.exp(-(agents - erlangs) * target / handling)
    return Load(agents, waits, 1 - late, waits * handling / (agents - erlangs), erlangs / agents)


def agents_needed(erlangs: float, handling: float, target: float, level: float) -> int:
    """The fewest agents with whom ``level`` (below 1) of the callers are answered within ``target`` seconds."""
    agents = max(1, math.floor(erlangs) + 1) if erlangs > 0 else 0
    while agents and load(erlangs, handling, agents, target).level < level and agents < MOST_AGENTS:
        agents += 1
    return agents
