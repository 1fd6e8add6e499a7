"""The shape of an effect, and what several of them do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ticketing import clock
from ticketing.doing import Doing
from ticketing.model import json_ready
from ticketing.sla import SECOND
from ticketing.tables_work import WorkRow

Given = Mapping[str, Any]
Effect = Callable[[Doing, WorkRow | None, Given], dict[str, Any]]
"""Changes the rows of a ticket or a work; returns the body of the history line."""


def said(given: Given) -> dict[str, Any]:
    """All that was given, as the history keeps it."""
    plain: dict[str, Any] = json_ready(given)
    return plain


def note(_doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Nothing but the history line."""
    return said(given)


def needed(work: WorkRow | None) -> WorkRow:
    """The work of a work's verb; the table gives every such verb one."""
    assert work is not None
    return work


def set_clock(doing: Doing, work: WorkRow, data: Mapping[str, Any]) -> None:
    """Keeps a clock and reads the dates from it."""
    times = clock.times(data, doing.version.rules, doing.office.calendar)
    work.clock = dict(data)
    work.due_at, work.target_at, work.yellow_from = times.due_at, times.target_at, times.yellow_from
    work.provisional = times.provisional
    plan_check(doing, work)


def plan_check(doing: Doing, work: WorkRow) -> None:
    """When the sweep looks at it next: at the turn to yellow, then when it is late; never while it stands still."""
    if work.due_at is not None:
        work.overdue = work.overdue and work.due_at + SECOND <= doing.now
        if work.yellow_from is not None and work.yellow_from > doing.now:
            work.warned = False
    pending = []
    if work.due_at is not None and not clock.standing(work.clock):
        if not work.warned and work.yellow_from is not None:
            pending.append(work.yellow_from)
        if not work.overdue:
            pending.append(work.due_at + SECOND)
    work.next_check = min(pending) if pending else None


def stop_clock(work: WorkRow) -> None:
    """Nothing runs any more; the dates stay to be seen."""
    work.next_check = None
