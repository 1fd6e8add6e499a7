"""The number of a caller's identity document: checked, kept apart from the ticket, shown to few, forgotten in time.

It is no part of a :class:`~ticketing.model.Ticket`, so no list, export, search, ledger, draft of a paper or outgoing
event holds it.  Whoever reads it in full stands in the access ledger.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ticketing import ledger
from ticketing.access import is_protected, seen
from ticketing.life import OPEN_PHASES
from ticketing.model import Refused, Viewer, check_text
from ticketing.tables import TicketRow
from ticketing.tables_identity import IdentityRow

_FIGURES = re.compile(r"[0-9]{16,19}|[0-9]{17}[X]")
_CHECK = "10X98765432"
TAIL = 4


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known; ``number`` is empty and ``version`` 0 where nothing is."""

    number: str
    masked: bool
    version: int


def read_identity(text: str) -> str | Refused:
    """The number as it is kept, or why it cannot be one.

    Eighteen figures are a citizen's number (GB 11643-1999) or a residence permit of the same make: their birthday and
    check digit must be right; 16, 17 or 19 figures are one with a slip.  Any other document is free text.
    """
    refused = check_text("caller_identity", text)
    if refused is not None:
        return refused
    packed = re.sub(r"[\s-]", "", text).upper()
    if not _FIGURES.fullmatch(packed):
        return " ".join(text.split())
    if _is_sound(packed):
        return packed
    return Refused("invalid_field", {"field": "caller_identity", "problem": "bad_check"})


def _is_sound(number: str) -> bool:
    if len(number) != 18 or "X" in number[:17]:
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    weighed = sum(int(figure) * pow(2, 17 - place, 11) for place, figure in enumerate(number[:17]))
    return _CHECK[weighed % 11] == number[17]


def identity_tail(number: str) -> str:
    """The end by which the caller asks after the ticket; empty where the document has no four signs."""
    signs = "".join(one for one in number.upper() if one in "0123456789X")
    return signs[-TAIL:] if len(signs) >= TAIL else ""


def masked_identity(number: str) -> str:
    """Enough to see that one is there: the first three signs of a citizen's number, nothing of another document."""
    return number[:3] + "*" * 15 if _FIGURES.fullmatch(number) else "*" * min(len(number), 8)


def keep_identity(session: Session, ticket_id: str, number: str, by: str, now: datetime) -> None:
    """Keeps the number (as :func:`read_identity` gave it) of a ticket that has none yet; an empty one is none."""
    if number:
        session.add(IdentityRow(ticket_id=ticket_id, number=number, version=1, by=by, at=now))


def identity_of(session: Session, ticket_id: str, viewer: Viewer, now: datetime, *, whole: bool) -> Identity | None:
    """The number, ``whole`` or masked; None when this viewer sees no such ticket or belongs to a handling unit.

    A look at the whole number is a line in the access ledger, whatever the ticket is.
    """
    row = seen(session, ticket_id, viewer, now, "caller_identity")
    if row is None or viewer.unit_id is not None:
        return None
    known = session.get(IdentityRow, ticket_id)
    if known is None:
        return Identity("", masked=False, version=0)
    if not whole:
        return Identity(masked_identity(known.number), masked=True, version=known.version)
    if not is_protected(row):
        ledger.append(session, "access", ticket_id, "view", {"how": "caller_identity"}, by=viewer.user_id, now=now)
    return Identity(known.number, masked=False, version=known.version)


def change_identity(
    session: Session, ticket_id: str, viewer: Viewer, number: str, version: int, now: datetime
) -> Identity | Refused | None:
    """Writes another number, if nobody did since ``version`` (0: there was none); an empty one takes it away.

    None as in :func:`identity_of`; ``Refused("version")`` when somebody was quicker.
    """
    text = read_identity(number)
    if isinstance(text, Refused):
        return text
    row = seen(session, ticket_id, viewer, now, "caller_identity")
    if row is None or viewer.unit_id is not None:
        return None
    session.refresh(row, with_for_update=True)  # its lock stands for that of a number that is not there yet
    known = session.get(IdentityRow, ticket_id, populate_existing=True)
    if (known.version if known else 0) != version:
        return Refused("version")
    if text and known:
        known.number, known.version, known.by, known.at = text, version + 1, viewer.user_id, now
    elif text:
        keep_identity(session, ticket_id, text, viewer.user_id, now)
    elif known:
        session.delete(known)
    ledger.append(session, "access", ticket_id, "change", {"what": "caller_identity"}, by=viewer.user_id, now=now)
    return Identity(text, masked=False, version=version + 1 if text else 0)


def masked_identities(session: Session, ticket_ids: Sequence[str]) -> dict[str, str]:
    """Ticket id → masked number, of those that have one."""
    rows = session.scalars(select(IdentityRow).where(IdentityRow.ticket_id.in_(ticket_ids)))
    return {row.ticket_id: masked_identity(row.number) for row in rows}


def forget_identities(session: Session, untouched_since: datetime, limit: int = 500) -> int:
    """Deletes the numbers of up to ``limit`` tickets in which nobody owes anything and nothing was done since.

    Returns how many.
    """
    over = (
        select(IdentityRow.ticket_id)
        .join(TicketRow, TicketRow.ticket_id == IdentityRow.ticket_id)
        .where(TicketRow.phase.not_in(OPEN_PHASES), TicketRow.updated_at <= untouched_since)
        .limit(limit)
    )
    found = session.scalars(over).all()
    session.execute(delete(IdentityRow).where(IdentityRow.ticket_id.in_(found)))
    return len(found)
