"""One day's figures of the queues, from the ledger of facts.  Deterministic: no clock, no I/O.

Counting rules (each is a known disagreement between products):

- A call belongs to the day and the quarter of an hour in which it entered the queue.
- One contact counts once, however often it waits: a citizen who comes back to the queue is no second call.  In two
  queues it counts in each of them, and once in the sum.
- Who hangs up in the voice menu has not been offered; who leaves the queue for a message is neither answered nor
  abandoned.
- Handling is talk, hold and wrap-up of every agent who had the call; a call still in work is not in the average.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

TOLD = frozenset({"call_queued", "call_answered", "call_abandoned", "queue_left", "agent_state_changed"})
"""Facts that are read."""
STEP = timedelta(minutes=15)
_CONNECTED = frozenset({"talking", "held", "consulting", "three_way"})
_WORK = _CONNECTED | {"wrap_up"}


class Formula(StrEnum):
    """The five service levels in use (callcentrehelper.com, article 206890).  A answered, B abandoned; T: within the
    target time; s: short."""

    ANSWERED_OR_GONE = "answered_or_gone"
    """(A_T + B_T) / (A + B): Asterisk's ServicelevelPerf2."""
    OF_ANSWERED = "of_answered"
    """A_T / A: Asterisk's ServicelevelPerf."""
    OF_ALL = "of_all"
    """A_T / (A + B)."""
    LATE_ABANDONS = "late_abandons"
    """A_T / (A + B after T)."""
    SHORT_AS_ANSWERED = "short_as_answered"
    """(A_T + B_s) / (A + B)."""


@dataclass(slots=True)
class Wait:
    """One contact in one queue, or in all of them."""

    queued_at: datetime
    answered: float | None = None
    """Seconds waited until the answer."""
    abandoned: float | None = None
    """Seconds waited until the hang-up."""
    left: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What a stretch of the day brought.  Seconds; None where there is nothing to divide by."""

    offered: int
    answered: int
    within: int
    abandoned: int
    """All of them, the short ones included."""
    short: int
    left: int
    service_level: float | None
    connect_rate: float | None
    """A / (A + B - B_s)."""
    connect_rate_all: float | None
    """A / (A + B)."""
    asa: float | None
    abandon_wait: float | None
    longest_wait: float | None
    aht: float | None
    handled: int
    """Calls the AHT is of."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How it is counted."""

    target: float
    short: float
    formula: Formula


@dataclass(slots=True)
class _AtWork:
    state: str
    since: datetime
    contact_id: str


@dataclass(slots=True)
class Day:
    """Takes facts in the ledger's order, from ``begins`` (midnight in the office) on."""

    begins: datetime
    waits: dict[tuple[str, str], Wait] = field(default_factory=dict)
    """By contact and queue; the queue ``""`` is their sum."""
    handling: dict[str, float] = field(default_factory=dict)
    _open: dict[str, int] = field(default_factory=dict)
    """Agents who have a contact in work."""
    _agents: dict[str, _AtWork] = field(default_factory=dict)

    def take(self, name: str, at: datetime, contact_id: str, body: Mapping[str, Any]) -> None:
        """One fact; others than :data:`TOLD` are left out."""
        if at < self.begins:
            return
        if name == "call_queued":
            for queue in (str(body.get("queue", "")), ""):
                self.waits.setdefault((contact_id, queue), Wait(at))
        elif name == "agent_state_changed":
            self._agent(str(body.get("agent_id", "")), str(body.get("state", "")), at, str(body.get("contact_id", "")))
        elif name in TOLD and body.get("queue"):
            for queue in (str(body["queue"]), ""):
                wait = self.waits.get((contact_id, queue))
                if wait is not None and wait.answered is None:
                    _note(wait, name, at, body)

    def _agent(self, agent_id: str, state: str, at: datetime, contact_id: str) -> None:
        before = self._agents.get(agent_id)
        if before is not None and before.contact_id:
            spent = (at - before.since).total_seconds()
            self.handling[before.contact_id] = self.handling.get(before.contact_id, 0.0) + max(0.0, spent)
            self._open[before.contact_id] -= 1
        working_on = contact_id if state in _CONNECTED else ""
        if state == "wrap_up" and before is not None:
            working_on = before.contact_id
        self._agents[agent_id] = _AtWork(state, at, working_on)
        if working_on:
            self._open[working_on] = self._open.get(working_on, 0) + 1

    def queues(self) -> list[str]:
        """Every queue somebody waited in."""
        return sorted({queue for _, queue in self.waits if queue})

    def counts(self, rule: Rule, queue: str = "") -> Counts:
        """The day so far."""
        return self._count(rule, ((contact, wait) for (contact, where), wait in self.waits.items() if where == queue))

    def quarters(self, rule: Rule, now: datetime, most: int = 32) -> list[tuple[datetime, Counts]]:
        """The last quarters of an hour up to ``now``, oldest first, by when calls came in; none before midnight."""
        number = int((now - self.begins) / STEP) + 1
        first = self.begins + STEP * max(0, number - most)
        parts: list[list[tuple[str, Wait]]] = [[] for _ in range(min(number, most))]
        for (contact, where), wait in self.waits.items():
            place = int((wait.queued_at - first) / STEP) if wait.queued_at >= first else -1
            if where == "" and 0 <= place < len(parts):
                parts[place].append((contact, wait))
        return [(first + STEP * place, self._count(rule, part)) for place, part in enumerate(parts)]

    def offered_since(self, since: datetime) -> int:
        """Calls that came into any queue from then on."""
        return sum(1 for (_, where), wait in self.waits.items() if where == "" and wait.queued_at >= since)

    def _count(self, rule: Rule, of: Iterable[tuple[str, Wait]]) -> Counts:
        waits = list(of)
        answered = [wait.answered for _, wait in waits if wait.answered is not None]
        gone = [wait.abandoned for _, wait in waits if wait.abandoned is not None and wait.answered is None]
        done = [self.handling[one] for one, wait in waits if wait.answered is not None and self._is_done(one)]
        short = sum(1 for seconds in gone if seconds <= rule.short)
        return Counts(
            offered=len(waits),
            answered=len(answered),
            within=sum(1 for seconds in answered if seconds <= rule.target),
            abandoned=len(gone),
            short=short,
            left=sum(1 for _, wait in waits if wait.left and wait.answered is None and wait.abandoned is None),
            service_level=service_level(rule, answered, gone),
            connect_rate=_share(len(answered), len(answered) + len(gone) - short),
            connect_rate_all=_share(len(answered), len(answered) + len(gone)),
            asa=_share(sum(answered), len(answered)),
            abandon_wait=_share(sum(gone), len(gone)),
            longest_wait=max([*answered, *gone], default=None),
            aht=_share(sum(done), len(done)),
            handled=len(done),
        )

    def _is_done(self, contact_id: str) -> bool:
        return contact_id in self.handling and not self._open.get(contact_id)


def service_level(rule: Rule, answered: list[float], gone: list[float]) -> float | None:
    """The share, by the chosen formula; None where nothing was offered."""
    everybody = len(answered) + len(gone)
    within = _upto(rule.target, answered)
    ways: dict[Formula, Callable[[], float | None]] = {
        Formula.ANSWERED_OR_GONE: lambda: _share(within + _upto(rule.target, gone), everybody),
        Formula.OF_ANSWERED: lambda: _share(within, len(answered)),
        Formula.OF_ALL: lambda: _share(within, everybody),
        Formula.LATE_ABANDONS: lambda: _share(within, everybody - _upto(rule.target, gone)),
        Formula.SHORT_AS_ANSWERED: lambda: _share(within + _upto(rule.short, gone), everybody),
    }
    return ways[rule.formula]()


def _note(wait: Wait, name: str, at: datetime, body: Mapping[str, Any]) -> None:
    told = body.get("wait_seconds")
    seconds = float(told) if told is not None else max(0.0, (at - wait.queued_at).total_seconds())
    if name == "call_answered":
        wait.answered = seconds
    elif name == "call_abandoned":
        wait.abandoned = seconds
    else:
        wait.left = True


def _upto(limit: float, seconds: list[float]) -> int:
    return sum(1 for one in seconds if one <= limit)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
