"""A command's key makes its repetition answer the same and do nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ticketing.model import Refused, json_ready
from ticketing.tables import IdempotencyRow

LONGEST_KEY = 200


def fingerprint(said: Mapping[str, Any]) -> str:
    """What the command says, so that a key used again for something else is noticed."""
    return hashlib.sha256(json.dumps(json_ready(said), sort_keys=True).encode()).hexdigest()


def carried_out(session: Session, key: str | None, said: Mapping[str, Any]) -> str | Refused | None:
    """The ticket the command of this key was about when it was carried out before, else None."""
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST_KEY:
        return Refused("invalid_field", {"field": "idempotency_key", "problem": "too_long" if key else "empty"})
    row = session.get(IdempotencyRow, key, populate_existing=True)
    if row is None:
        return None
    if row.fingerprint != fingerprint(said):
        return Refused("idempotency_key_reused")
    return row.ticket_id


def claim(session: Session, key: str | None, said: Mapping[str, Any], ticket_id: str, now: datetime) -> bool:
    """Takes the key for this transaction; False when another transaction took it first (its commit was awaited)."""
    if key is None:
        return True
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(IdempotencyRow).values(key=key, fingerprint=fingerprint(said), ticket_id=ticket_id, created_at=now)
    return session.scalars(row.on_conflict_do_nothing().returning(IdempotencyRow.key)).one_or_none() is not None
