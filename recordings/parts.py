"""Which part of a recording is what: queue, agent, hold, consultation, three-way, unit, survey.

Whoever follows the call marks the moments; the parts follow from them and from when the recording began.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from recordings.asides import whole_of
from recordings.tables import Mark, Recording

Label = Literal["menu", "queue", "agent", "hold", "consult", "three_way", "unit", "survey"]


class Unit(NamedTuple):
    """A handling unit on the line, as the duty roster named it then; a number that it did not list has neither id nor
    name."""

    number: str
    unit_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a recording, in seconds from its beginning; ``who`` is the agent who speaks there, if one does."""

    start: float
    end: float
    label: str
    who: str | None
    units: tuple[Unit, ...] = ()


Moment = tuple[datetime, str, str | None, tuple[Unit, ...]]


def mark(
    session: Session,
    contact_id: str,
    at: datetime,
    label: Label,
    who: str | None = None,
    units: Sequence[Unit] = (),
) -> None:
    """From ``at`` on the call of this contact is in another part.  Marks may come in any order and twice; one that
    names units completes one that did not."""
    same = select(Mark).where(Mark.contact_id == contact_id, Mark.at == at, Mark.label == label)
    row = session.scalars(same.limit(1)).first()
    if row is None:
        row = Mark(contact_id=contact_id, at=at, label=label, who=who, units=[])
        session.add(row)
    row.units = [list(unit) for unit in units] or row.units
    session.flush()


def parts_of(session: Session, recording_id: str) -> list[Part]:
    """The labelled parts of a stored recording; empty when nobody marked any or the recording is unknown.

    Of an aside they are those parts of its call that were private while it was recorded.
    """
    row = session.get(Recording, recording_id)
    if row is None or row.started_at is None or row.seconds is None:
        return []
    whole = whole_of(session, row.contact_id)
    marks = session.scalars(select(Mark).where(Mark.contact_id == whole).order_by(Mark.at, Mark.mark_id))
    moments = [(one.at, one.label, one.who, tuple(Unit(*unit) for unit in one.units)) for one in marks]
    parts = cut(moments, row.started_at, row.seconds)
    return parts if whole == row.contact_id else [part for part in parts if part.label == "consult"]


def judged_parts(session: Session, recording_id: str) -> list[Part]:
    """The parts by which talk and phrases are judged: of an aside none, because people talk in all of it."""
    parts = parts_of(session, recording_id)
    return [] if heard_in_private(session, recording_id) else parts


def units_heard(session: Session, recording_id: str) -> set[str]:
    """Ids of the units that speak on a recording.  What a unit said in private is on the recording of that alone."""
    private = heard_in_private(session, recording_id)
    parts = parts_of(session, recording_id)
    return {unit.unit_id for part in parts if private or part.label != "consult" for unit in part.units if unit.unit_id}


def heard_in_private(session: Session, recording_id: str) -> bool:
    """Whether it is the recording of a private consultation."""
    return session.scalar(select(Recording.kind).where(Recording.recording_id == recording_id)) == "consult"


def cut(marks: Sequence[Moment], started_at: datetime, seconds: float) -> list[Part]:
    """Parts from moments in order; what lies outside the recording is cut off, equal neighbours are one part."""
    parts: list[Part] = []
    for number, (at, label, who, units) in enumerate(marks):
        start = max(0.0, (at - started_at).total_seconds())
        following = (marks[number + 1][0] - started_at).total_seconds() if number + 1 < len(marks) else seconds
        end = min(seconds, following)
        if end <= start:
            continue
        last = parts[-1] if parts else None
        if last and (last.label, last.who, last.units, last.end) == (label, who, units, start):
            parts[-1] = Part(last.start, end, label, who, units)
        else:
            parts.append(Part(round(start, 3), round(end, 3), label, who, units))
    return parts
