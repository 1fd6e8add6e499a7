"""Which call an aside belongs to.  What other rooms say of a call, and what holds it, counts for its asides too."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from recordings.tables import Aside


def set_asides(session: Session, whole_id: str, contact_ids: Sequence[str]) -> None:
    """These contacts are asides of the call ``whole_id``; said twice it counts once."""
    known = set(session.scalars(select(Aside.contact_id).where(Aside.whole_id == whole_id)))
    session.add_all(Aside(contact_id=one, whole_id=whole_id) for one in contact_ids if one not in known)
    session.flush()


def whole_of(session: Session, contact_id: str) -> str:
    """The call that a contact is an aside of; itself when it is none."""
    aside = session.get(Aside, contact_id)
    return contact_id if aside is None else aside.whole_id


def wholes_of(session: Session, contact_ids: Collection[str]) -> dict[str, str]:
    """The same for many."""
    rows = session.execute(select(Aside.contact_id, Aside.whole_id).where(Aside.contact_id.in_(contact_ids)))
    found: dict[str, str] = {row.contact_id: row.whole_id for row in rows}
    return {one: found.get(one, one) for one in contact_ids}


def asides_of(session: Session, whole_id: str) -> list[str]:
    """The ids under which asides of a call may be recorded."""
    return list(session.scalars(select(Aside.contact_id).where(Aside.whole_id == whole_id)))
