"""The ledger of callers: nuisance calls as agents mark them and supervisors judge them, and who needs special care.

A mark is never a ban: it is shown when the number calls again, nothing else.  A nuisance mark counts as such when
somebody else has confirmed it.  Numbers are kept only as long as the city's ``form.toml`` says, then the mark is
deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import cti
from agent_desktop.form_guide import NUISANCE, FormGuide
from agent_desktop.messages import CardMark
from agent_desktop.tables import CallerMarkRow

Decision = Literal["confirmed", "cleared"]


class MarkRefused(ValueError):
    """A mark that cannot be made or judged; the text is the error's id."""


def add_mark(
    session: Session, guide: FormGuide, call: cti.CallRow, kind: str, note: str, by: str, now: datetime
) -> CallerMarkRow:
    """Marks the caller of a call; the same mark for the same call twice is one."""
    if kind != NUISANCE and all(word.code != kind for word in guide.care):
        raise MarkRefused("unknown_mark")
    number = cti.normalise(call.caller_number)
    if not number.key:
        raise MarkRefused("anonymous_caller")
    before = session.scalars(
        select(CallerMarkRow).where(CallerMarkRow.contact_id == call.contact_id, CallerMarkRow.kind == kind)
    ).first()
    if before is not None:
        return before
    row = CallerMarkRow(
        mark_id=str(uuid4()),
        caller_key=number.key,
        number_masked=number.masked,
        kind=kind,
        state="marked",
        contact_id=call.contact_id,
        note=note,
        marked_by=by,
        marked_at=now,
        decision_note="",
        expires_at=now + timedelta(days=guide.keep_marks_days.marked),
    )
    session.add(row)
    return row


def decide(
    session: Session, guide: FormGuide, mark_id: str, decision: Decision, note: str, by: str, now: datetime
) -> CallerMarkRow:
    """Confirms or clears a mark.  Whoever marked a caller does not confirm it."""
    row = session.get(CallerMarkRow, mark_id, with_for_update=True)
    if row is None or row.expires_at <= now:
        raise MarkRefused("not_found")
    if decision == "confirmed" and row.marked_by == by:
        raise MarkRefused("own_mark")
    row.state, row.decided_by, row.decided_at, row.decision_note = decision, by, now, note
    row.expires_at = now + timedelta(days=getattr(guide.keep_marks_days, decision))
    return row


def list_marks(
    session: Session, now: datetime, state: str | None, kind: str | None, *, offset: int = 0, limit: int
) -> Sequence[CallerMarkRow]:
    """Marks that are kept, those not judged yet first, then the newest."""
    statement = select(CallerMarkRow).where(CallerMarkRow.expires_at > now)
    if state is not None:
        statement = statement.where(CallerMarkRow.state == state)
    if kind is not None:
        statement = statement.where(CallerMarkRow.kind == kind)
    order = (CallerMarkRow.state != "marked", CallerMarkRow.marked_at.desc(), CallerMarkRow.mark_id)
    return session.scalars(statement.order_by(*order).offset(offset).limit(limit)).all()


def forget_old(session: Session, now: datetime) -> None:
    """Deletes the marks whose time is over."""
    session.execute(delete(CallerMarkRow).where(CallerMarkRow.expires_at <= now))


def on_card(session: Session, guide: FormGuide, caller_key: str, now: datetime) -> list[CardMark]:
    """What the card says about a number: one line a kind, cleared marks left out."""
    if not caller_key:
        return []
    rows = session.scalars(
        select(CallerMarkRow)
        .where(CallerMarkRow.caller_key == caller_key)
        .where(CallerMarkRow.expires_at > now, CallerMarkRow.state != "cleared")
        .order_by(CallerMarkRow.marked_at.desc())
    ).all()
    names = {word.code: word for word in guide.care}
    marks = []
    for kind in dict.fromkeys(row.kind for row in rows):
        same = [row for row in rows if row.kind == kind]
        name = names.get(kind)
        marks.append(
            CardMark(
                kind=kind,
                zh=name.zh if name else kind,
                en=name.en if name else kind,
                times=len(same),
                confirmed=any(row.state == "confirmed" for row in same),
                last_at=same[0].marked_at,
                note=same[0].note,
            )
        )
    return marks
