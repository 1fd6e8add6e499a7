"""The duty roster of handling units: whom to call when, kept in ``cti_duty``."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from cti.tables import DutyRow

NUMBER = re.compile(r"[+0-9][0-9]{1,19}")
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


class BadDuty(ValueError):
    """The entry cannot be kept; ``field`` names what is wrong with it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class DutyConflict(Exception):
    """Somebody else has changed the line since; ``current`` is what stands now."""

    def __init__(self, current: DutyRow) -> None:
        super().__init__(current.duty_id)
        self.current = current


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One line of the roster.  ``days``: 1 is Monday (ISO 8601); a ``begins`` later than ``ends`` is a night duty,
    counted to the day it begins on; both equal: around the clock."""

    unit_id: str
    unit_name: str
    person: str
    number: str
    days: tuple[int, ...] = EVERY_DAY
    begins: time = time(0)
    ends: time = time(0)
    remark: str = ""


def add_duty(session: Session, duty: Duty, new_id: str | None = None) -> DutyRow:
    """Adds a line.  It may be told its id: one that is there already is left as it is.  Raises BadDuty."""
    made = session.get(DutyRow, new_id) if new_id is not None else None
    if made is not None:
        return made
    return _write(session, DutyRow(duty_id=new_id or str(uuid4()), version=1), duty)


def change_duty(session: Session, duty_id: str, duty: Duty, version: int) -> DutyRow:
    """Changes a line, if nobody did since ``version``.

    Raises:
        KeyError: there is none with that id.
        DutyConflict: somebody was quicker.
        BadDuty: it cannot be kept.
    """
    row = session.get(DutyRow, duty_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise KeyError(duty_id)
    if row.version != version:
        raise DutyConflict(row)
    row.version += 1
    return _write(session, row, duty)


def _write(session: Session, row: DutyRow, duty: Duty) -> DutyRow:
    if not NUMBER.fullmatch(duty.number):
        raise BadDuty("number")
    if not duty.days or not set(duty.days) <= set(EVERY_DAY):
        raise BadDuty("days")
    if not duty.unit_name.strip():
        raise BadDuty("unit_name")
    row.unit_id, row.unit_name, row.person, row.number = duty.unit_id, duty.unit_name, duty.person, duty.number
    row.days, row.remark = sorted(set(duty.days)), duty.remark
    row.begins, row.ends = duty.begins.strftime("%H:%M"), duty.ends.strftime("%H:%M")
    session.add(row)
    session.flush()
    return row


def list_duty(session: Session) -> Sequence[DutyRow]:
    """The whole roster, unit by unit."""
    return session.scalars(select(DutyRow).order_by(DutyRow.unit_name, DutyRow.begins, DutyRow.person)).all()


def units_at(session: Session, numbers: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Number → (unit's id, its name): whom the roster has at these numbers; units may share one."""
    wanted = select(DutyRow.number, DutyRow.unit_id, DutyRow.unit_name).where(DutyRow.number.in_(numbers)).distinct()
    found: dict[str, list[tuple[str, str]]] = {}
    for row in session.execute(wanted.order_by(DutyRow.unit_name)):
        found.setdefault(row.number, []).append((row.unit_id, row.unit_name))
    return found


def remove_duty(session: Session, duty_id: str) -> bool:
    """Takes a line away; False when there was none."""
    row = session.get(DutyRow, duty_id)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def on_duty(row: DutyRow, local: datetime) -> bool:
    """Whether this line holds now; ``local`` is the office's own time."""
    begins, ends, now = time.fromisoformat(row.begins), time.fromisoformat(row.ends), local.time()
    today, yesterday = local.isoweekday(), (local.isoweekday() - 2) % 7 + 1
    if begins == ends:
        return today in row.days
    if begins < ends:
        return today in row.days and begins <= now < ends
    return (today in row.days and now >= begins) or (yesterday in row.days and now < ends)
