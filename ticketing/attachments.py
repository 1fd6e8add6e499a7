"""Files of a ticket: what is known of each, and who may add one.  Their bytes are kept by whoever calls.

A file stays: it is evidence, and its hash stands in the ledger.  Its name does not stand there, because what is once
in an append-only ledger cannot be taken out again, and a name may be a person's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from ticketing import ledger
from ticketing.access import seen, viewer_of, visible
from ticketing.case import OPEN_WORK, Actor
from ticketing.commands import locked
from ticketing.model import Refused, Viewer
from ticketing.office import Office
from ticketing.tables import TicketRow
from ticketing.tables_attachment import AttachmentRow
from ticketing.tables_work import WorkRow

MOST_FILES = 50
"""Of one ticket."""
MOST_LISTED = 20
"""As many as a ticket is registered with."""
OVER = frozenset({"closed", "archived"})
ADDS = ("amend", "report", "pass_sub")
"""Verbs of those who write at a ticket: the office, the unit, the unit above it."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that has come in."""

    attachment_id: str
    """The same one again is the same file."""
    name: str
    media: str
    size: int
    """Bytes."""
    sha256: str
    stored: str
    """Under which name the store holds it."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a ticket."""

    attachment_id: str
    ticket_id: str
    name: str
    media: str
    size: int
    """Bytes."""
    sha256: str
    stored: str
    added_by: str
    added_at: datetime
    unit_id: str | None
    """The handling unit that added it; None: the office."""


def check_attach(
    session: Session, office: Office, actor: Actor, ticket_id: str, attachment_id: str, now: datetime
) -> Refused | None:
    """Why this person cannot add a file now, asked before its bytes are taken in; a ticket that is kept from the
    person is not there, and that it was asked for stands in the access ledger.  What was added may come again."""
    viewer = viewer_of(office, actor)
    row = seen(session, ticket_id, viewer, now, "attachment")
    if row is None:
        return Refused("not_found")
    if session.get(AttachmentRow, attachment_id) is not None:
        return None
    return _refusal(session, office, actor, viewer, row)


def add_attachment(
    session: Session, office: Office, actor: Actor, ticket_id: str, file: NewFile, now: datetime
) -> Attachment | Refused:
    """Adds a file that the store holds already.

    A file of the office is listed with the ticket by its name, so that a unit that is given the ticket answers it
    where the regulation wants every attachment answered; of a confidential caller the list goes to units, and no name
    is put on it.
    """
    viewer = viewer_of(office, actor)
    row = locked(session, ticket_id)
    if row is None or session.scalar(visible(viewer).where(TicketRow.ticket_id == ticket_id)) is None:
        return Refused("not_found")
    earlier = session.get(AttachmentRow, file.attachment_id)
    if earlier is not None:
        same = (earlier.ticket_id, earlier.sha256) == (ticket_id, file.sha256)
        return _value(earlier) if same else Refused("idempotency_key_reused")
    refused = _refusal(session, office, actor, viewer, row)
    if refused is not None:
        return refused
    added = AttachmentRow(
        attachment_id=file.attachment_id,
        ticket_id=ticket_id,
        name=file.name,
        media=file.media,
        size=file.size,
        sha256=file.sha256,
        stored=file.stored,
        added_by=actor.user_id,
        added_at=now,
        unit_id=actor.unit_id,
    )
    session.add(added)
    if actor.unit_id is None and not row.confidential and len(row.attachments) < MOST_LISTED:
        row.attachments = list(dict.fromkeys([*row.attachments, file.name]))
    body = {"attachment_id": file.attachment_id, "sha256": file.sha256, "bytes": file.size, "media": file.media}
    session.flush()
    ledger.append(session, "history", ticket_id, "attach", body, by=actor.user_id, now=now)
    return _value(added)


def may_attach(session: Session, office: Office, actor: Actor, ticket_id: str) -> bool:
    """Whether this person may add a file to a ticket now."""
    viewer = viewer_of(office, actor)
    row = session.scalars(visible(viewer).where(TicketRow.ticket_id == ticket_id)).one_or_none()
    return row is not None and _refusal(session, office, actor, viewer, row) is None


def attachments_of(session: Session, ticket_id: str, user_id: str, *, hides_caller: bool) -> list[Attachment]:
    """The files of a ticket, oldest first, for somebody who may see the ticket.

    ``hides_caller``: who the caller is is kept from the person; then what others of the office put in (the letter
    itself, say) is kept back, and what units have added is shown.
    """
    query = select(AttachmentRow).where(AttachmentRow.ticket_id == ticket_id)
    if hides_caller:
        query = query.where(or_(AttachmentRow.unit_id.is_not(None), AttachmentRow.added_by == user_id))
    return [_value(row) for row in session.scalars(query.order_by(AttachmentRow.added_at, AttachmentRow.attachment_id))]


def open_attachment(session: Session, attachment_id: str, viewer: Viewer, now: datetime) -> Attachment | None:
    """One file of a ticket that this viewer may see; looking at a protected ticket's, or for a hidden one's, goes into
    the access ledger."""
    row = session.get(AttachmentRow, attachment_id)
    if row is None or seen(session, row.ticket_id, viewer, now, "attachment") is None:
        return None
    return _value(row)


def every_attachment(session: Session) -> Iterator[Attachment]:
    """All files, oldest first."""
    rows = session.scalars(select(AttachmentRow).order_by(AttachmentRow.added_at).execution_options(yield_per=500))
    return (_value(row) for row in rows)


def _refusal(session: Session, office: Office, actor: Actor, viewer: Viewer, row: TicketRow) -> Refused | None:
    if not any(office.may(actor, verb) for verb in ADDS):
        return Refused("not_allowed", {"verb": "attach"})
    if viewer.unit_id is not None:
        works = exists().where(
            WorkRow.ticket_id == row.ticket_id,
            WorkRow.unit_id.in_(viewer.units_below),
            WorkRow.status.in_(sorted(OPEN_WORK)),
        )
        if not session.scalar(select(works)):
            return Refused("not_now", {"verb": "attach"})
    if row.phase in OVER or row.merged_into is not None:
        return Refused("not_now", {"verb": "attach"})
    count = session.scalar(select(func.count()).where(AttachmentRow.ticket_id == row.ticket_id)) or 0
    return Refused("too_many", {"limit": MOST_FILES}) if count >= MOST_FILES else None


def _value(row: AttachmentRow) -> Attachment:
    return Attachment(**{field.name: getattr(row, field.name) for field in fields(Attachment)})
