"""A command's key makes its repetition answer the same and do nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ticketing.model import Refused, json_ready
from ticketing.tables import IdempotencyRow

LONGEST_KEY = 200


def fingerprint(said: Mapping[str, Any]) -> str:
    """What the command says, so that a key used again for something else is noticed."""
    return hashlib.sha256(json.dumps(json_ready(said), sort_keys=True).encode()).hexdigest()


def check_key(key: str | None) -> Refused | None:
    """Why this cannot be a key."""
    if key is None or 0 < len(key) <= LONGEST_KEY:
        return None
    return Refused("invalid_field", {"field": "idempotency_key", "problem": "too_long" if key else "empty"})


def carried_out(session: Session, key: str | None, said: Mapping[str, Any]) -> str | Refused | None:
    """The ticket the command of this key was about when it was carried out before, else None."""
    if key is None:
        return None
    refused = check_key(key)
    if refused is not None:
        return refused
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
    connection = session.connection()
    statement = _CLAIM[connection.dialect.name]
    row = {"key": key, "fingerprint": fingerprint(said), "ticket_id": ticket_id, "created_at": now}
    return connection.execute(statement, row).one_or_none() is not None


def give_up(session: Session, key: str | None) -> None:
    """The command was refused: the key may be used again."""
    if key is not None:
        session.connection().execute(delete(_KEYS).where(_KEYS.c.key == key))


_KEYS = cast(Table, IdempotencyRow.__table__)
_CLAIM = {
    "postgresql": postgresql.insert(_KEYS).on_conflict_do_nothing().returning(_KEYS.c.key),
    "sqlite": sqlite.insert(_KEYS).on_conflict_do_nothing().returning(_KEYS.c.key),
}
