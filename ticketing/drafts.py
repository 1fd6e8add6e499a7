"""Forms as they are being typed: kept through a reload, a crash and a second window."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from ticketing.model import Draft, DraftConflict, Refused, json_ready, storable
from ticketing.tables import DraftRow

LONGEST_BODY = 100_000
"""Characters of a draft's JSON; more is refused."""


def save_draft(
    session: Session, agent_id: str, contact_id: str, body: Mapping[str, Any], version: int, now: datetime
) -> Draft | DraftConflict | Refused:
    """Saves over version ``version`` (0: there was none); the caller gets the new version back.

    The number of an identity document is left out: a draft that is never finished would keep it for good.
    """
    plain = json_ready({name: value for name, value in body.items() if name != "caller_identity"})
    if len(json.dumps(plain)) > LONGEST_BODY:
        return Refused("invalid_field", {"field": "body", "problem": "too_long", "limit": LONGEST_BODY})
    if not storable(plain):
        return Refused("invalid_field", {"field": "body", "problem": "bad_character"})
    row = session.get(DraftRow, (agent_id, contact_id), with_for_update=True)
    if row is None:
        row = DraftRow(agent_id=agent_id, contact_id=contact_id, body=plain, version=1, updated_at=now)
        session.add(row)
    elif row.version != version:
        return DraftConflict(_draft(row))
    else:
        row.body, row.version, row.updated_at = plain, row.version + 1, now
    session.flush()
    return _draft(row)


def get_draft(session: Session, agent_id: str, contact_id: str) -> Draft | None:
    """The draft this agent left for this call."""
    row = session.get(DraftRow, (agent_id, contact_id))
    return None if row is None else _draft(row)


def drop_draft(session: Session, agent_id: str, contact_id: str) -> None:
    """Forgets the draft; nothing happens when there is none."""
    session.execute(delete(DraftRow).where(DraftRow.agent_id == agent_id, DraftRow.contact_id == contact_id))


def _draft(row: DraftRow) -> Draft:
    return Draft(row.agent_id, row.contact_id, row.body, row.version, row.updated_at)
