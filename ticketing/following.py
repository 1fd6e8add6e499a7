"""What follows by itself once the last unit has reported or given back."""

from __future__ import annotations

from ticketing.case import ENDED_WORK
from ticketing.doing import Doing, work_value
from ticketing.effects import EFFECTS
from ticketing.model import Refused, json_ready
from ticketing.tables_work import WorkRow

_DONE = ("reported", "accepted")


def follow(doing: Doing) -> None:
    """Walks the system's verbs until nothing more follows."""
    for work in sorted(doing.works, key=lambda work: -work.depth):
        if work.status == "sub_dispatched":
            outcome = _outcome(doing.children(work.work_id))
            if outcome is not None:
                by_system(doing, "subs_done" if outcome == "done" else "subs_ended", work)
    if doing.row.phase == "dispatched":
        outcome = _outcome([work for work in doing.works if work.parent_id is None])
        if outcome is not None:
            by_system(doing, {"done": "all_reported", "ended": "ended", "back": "given_back"}[outcome], None)


def by_system(doing: Doing, verb: str, work: WorkRow | None) -> None:
    """One verb of the system, recorded under its name."""
    row = doing.advance(work, verb, "system", {})
    if isinstance(row, Refused):
        raise RuntimeError(f"the table does not let the system do {verb}: {row.reason}")
    body = json_ready(EFFECTS[verb](doing, work, {}))
    about = body | ({"work_id": work.work_id, "unit": work.unit_id} if work is not None else {})
    doing.line("history", row.verb, about, by="system")
    for event in row.emits:
        doing.emit(event, work)


def _outcome(works: list[WorkRow]) -> str | None:
    """``done`` when nobody owes anything and somebody reported, ``ended`` or ``back`` when nobody did, else None."""
    if not works or any(work_value(work).open for work in works):
        return None
    if any(work.status in _DONE for work in works):
        return "done"
    ended = [work.status for work in works if work.status in ENDED_WORK]
    return "ended" if ended and ended[-1] == "terminated" else "back"
