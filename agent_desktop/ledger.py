"""The ledger of looking: who was shown which caller card, who played which recording, and when."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Literal

from prometheus_client import Counter
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import ticketing
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError
from agent_desktop.tables import AccessRow

log = logging.getLogger(__name__)

ONE_LOOK = timedelta(minutes=5)
"""A player asks for a recording in many pieces: what one log-in reads within this time is one look."""

LOST = Counter("hotline_desk_access_unwritten", "Looks that could not be written into the ledger")

What = Literal["card", "recording", "transcript", "recording_search", "export", "voicemail", "attachment", "listening"]


def note_access(doors: Doors, user_id: str, session_hash: str, what: What, object_id: str) -> None:
    """Writes one look down.  A ledger that cannot be written is logged and counted, and does not keep the agent
    from a citizen who is on the line."""
    try:
        with doors.write.begin() as session:
            add_access(session, doors, user_id, session_hash, what, object_id)
    except SQLAlchemyError:
        LOST.inc()
        log.exception("a look at a %s could not be written down", what)


def add_access(session: Session, doors: Doors, user_id: str, session_hash: str, what: What, object_id: str) -> None:
    """Writes one look down in the caller's transaction: if it cannot be written, nothing is shown."""
    if not noted_already(session, doors, user_id, session_hash, what, object_id):
        now, mark = doors.now(), session_hash[:16]
        session.add(AccessRow(at=now, user_id=user_id, session=mark, what=what, object_id=object_id))


def add_use(session: Session, token_id: str, about: str, now: datetime) -> None:
    """Writes one use of a token down: the ticket it asked after, or the right it made use of."""
    session.add(AccessRow(at=now, user_id=token_id, session="", what="token", object_id=about))


def note_refusal(doors: Doors, user_id: str, how: str, object_id: str) -> None:
    """Who was refused a confidential caller's voice stands in the access ledger, beside the refusals of tickets.

    ``how``: what was tried; ``object_id``: ``recording:ID`` or ``contact:ID``.  Called after the transaction that
    refused: it has been rolled back.
    """
    with doors.write.begin() as session:
        ticketing.note_refusal(session, object_id, how, by=user_id, now=doors.now())


def kept_voice(doors: Doors, user_id: str, how: str, recording_id: str) -> DeskError:
    """The refusal of a confidential caller's recording, written down."""
    note_refusal(doors, user_id, how, f"recording:{recording_id}")
    return DeskError("confidential")


def noted_already(session: Session, doors: Doors, user_id: str, session_hash: str, what: What, object_id: str) -> bool:
    """Whether this is still the look that was written down last (:data:`ONE_LOOK`)."""
    before = select(AccessRow.access_id).where(
        AccessRow.what == what,
        AccessRow.object_id == object_id,
        AccessRow.user_id == user_id,
        AccessRow.session == session_hash[:16],
        AccessRow.at > doors.now() - ONE_LOOK,
    )
    return session.scalar(before.limit(1)) is not None
