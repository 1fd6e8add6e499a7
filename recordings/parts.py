"""Which part of a recording is what: queue, agent, hold, consultation, three-way, unit, survey.

Whoever follows the call marks the moments; the parts follow from them and from when the recording began.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from recordings.tables import Mark, Recording

Label = Literal["menu", "queue", "agent", "hold", "consult", "three_way", "unit", "survey"]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a recording, in seconds from its beginning."""

    start: float
    end: float
    label: str
    who: str | None


def mark(session: Session, contact_id: str, at: datetime, label: Label, who: str | None = None) -> None:
    """From ``at`` on the call of this contact is in another part.  Marks may come in any order and twice."""
    same = select(Mark).where(Mark.contact_id == contact_id, Mark.at == at, Mark.label == label)
    if session.scalars(same.limit(1)).first() is None:
        session.add(Mark(contact_id=contact_id, at=at, label=label, who=who))
        session.flush()


def parts_of(session: Session, recording_id: str) -> list[Part]:
    """The labelled parts of a stored recording; empty when nobody marked any or the recording is unknown."""
    row = session.get(Recording, recording_id)
    if row is None or row.started_at is None or row.seconds is None:
        return []
    marks = session.scalars(select(Mark).where(Mark.contact_id == row.contact_id).order_by(Mark.at, Mark.mark_id))
    return cut([(one.at, one.label, one.who) for one in marks], row.started_at, row.seconds)


def cut(marks: Sequence[tuple[datetime, str, str | None]], started_at: datetime, seconds: float) -> list[Part]:
    """Parts from moments in order; what lies outside the recording is cut off, equal neighbours are one part."""
    parts: list[Part] = []
    for number, (at, label, who) in enumerate(marks):
        start = max(0.0, (at - started_at).total_seconds())
        following = (marks[number + 1][0] - started_at).total_seconds() if number + 1 < len(marks) else seconds
        end = min(seconds, following)
        if end <= start:
            continue
        if parts and (parts[-1].label, parts[-1].who) == (label, who) and parts[-1].end == start:
            parts[-1] = Part(parts[-1].start, end, label, who)
        else:
            parts.append(Part(round(start, 3), round(end, 3), label, who))
    return parts
