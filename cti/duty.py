"""The duty roster of handling units: whom to call when, kept in ``cti_duty``."""

from __future__ import annotations

import re
from collections.abc import Sequence
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


def put_duty(session: Session, duty: Duty, duty_id: str | None = None, *, new_id: str | None = None) -> DutyRow:
    """Adds a line, or changes the one with that id (KeyError when there is none).  A new line may be told its id:
    one that is there already is left as it is.  Raises BadDuty."""
    if not NUMBER.fullmatch(duty.number):
        raise BadDuty("number")
    if not duty.days or not set(duty.days) <= set(EVERY_DAY):
        raise BadDuty("days")
    if not duty.unit_name.strip():
        raise BadDuty("unit_name")
    if duty_id is None and new_id is not None:
        made = session.get(DutyRow, new_id)
        if made is not None:
            return made
    row = session.get(DutyRow, duty_id) if duty_id is not None else DutyRow(duty_id=new_id or str(uuid4()))
    if row is None:
        raise KeyError(duty_id)
    row.unit_id, row.unit_name, row.person, row.number = duty.unit_id, duty.unit_name, duty.person, duty.number
    row.days, row.remark = sorted(set(duty.days)), duty.remark
    row.begins, row.ends = duty.begins.strftime("%H:%M"), duty.ends.strftime("%H:%M")
    session.add(row)
    session.flush()
    return row


def list_duty(session: Session) -> Sequence[DutyRow]:
    """The whole roster, unit by unit."""
    return session.scalars(select(DutyRow).order_by(DutyRow.unit_name, DutyRow.begins, DutyRow.person)).all()


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
