"""Legal holds: whatever is under one is not deleted, by no rule and by nobody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from recordings import ledger
from recordings.asides import whole_of
from recordings.spool import ID
from recordings.tables import Hold, Recording, new_id


class HoldRefused(Exception):
    """A hold that cannot be placed or lifted; ``code``: no_contact, no_reason, too_late, not_held."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def place_hold(
    session: Session, contact_id: str, person: str, reason: str, now: datetime, hold_id: str | None = None
) -> str:
    """Puts everything recorded of a contact under hold; returns the hold's id.  Under a ``hold_id`` that is there
    already nothing is done again.

    May be placed before there is any recording, and more than once (each hold is lifted by itself).
    Raises HoldRefused ("too_late" when a deletion has already begun).
    """
    if not ID.fullmatch(contact_id):
        raise HoldRefused("no_contact")
    if not reason.strip():
        raise HoldRefused("no_reason")
    if hold_id is not None and session.get(Hold, hold_id) is not None:
        return hold_id
    rows = session.scalars(select(Recording).where(Recording.contact_id == contact_id).with_for_update()).all()
    if rows and all(row.state in ("deleting", "deleted") for row in rows):
        raise HoldRefused("too_late")
    hold = Hold(hold_id=hold_id or new_id(), contact_id=contact_id, reason=reason, placed_by=person, placed_at=now)
    session.add(hold)
    body = {"hold_id": hold.hold_id, "contact_id": contact_id, "reason": reason}
    ledger.append(session, "held", now, person=person, body=body)
    return hold.hold_id


def lift_hold(session: Session, hold_id: str, person: str, reason: str, now: datetime) -> None:
    """Ends one hold.  Raises HoldRefused."""
    if not reason.strip():
        raise HoldRefused("no_reason")
    hold = session.get(Hold, hold_id) if ID.fullmatch(hold_id) else None
    if hold is None or hold.lifted_at is not None:
        raise HoldRefused("not_held")
    hold.lifted_by, hold.lifted_at, hold.lift_reason = person, now, reason
    body = {"hold_id": hold_id, "contact_id": hold.contact_id, "reason": reason}
    ledger.append(session, "lifted", now, person=person, body=body)


def holds_of(session: Session, contact_id: str) -> list[Hold]:
    """The open holds of a contact; those of its call hold an aside too."""
    held = {contact_id, whole_of(session, contact_id)}
    return list(session.scalars(select(Hold).where(Hold.contact_id.in_(held), Hold.lifted_at.is_(None))))
