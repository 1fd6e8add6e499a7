"""The ledger: what happened to recordings, who opened them, what was deleted; appended to, never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from recordings.merkle import leaf_hash
from recordings.tables import LedgerEntry, new_id

Kind = Literal["stored", "copied", "deleted", "opened", "heard", "exported", "clipped", "confided", "held", "lifted"]


def canonical(value: Mapping[str, Any]) -> str:
    """One spelling for one content: keys sorted, no blanks, everything beyond ASCII as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def append(
    session: Session,
    kind: Kind,
    now: datetime,
    *,
    recording_id: str | None = None,
    person: str | None = None,
    body: Mapping[str, Any],
) -> str:
    """Writes one entry in the caller's transaction; returns its id."""
    entry_id = new_id()
    text = canonical(
        {
            "entry_id": entry_id,
            "at": now.astimezone(UTC).isoformat(),
            "kind": kind,
            "recording_id": recording_id,
            "person": person,
            "body": body,
        }
    )
    session.add(
        LedgerEntry(
            entry_id=entry_id,
            at=now,
            kind=kind,
            recording_id=recording_id,
            person=person,
            text=text,
            leaf=leaf_hash(text.encode("utf-8")).hex(),
        )
    )
    session.flush()
    return entry_id


def row_is_sound(row: LedgerEntry) -> bool:
    """Whether the row's columns, its text and its hash still say the same."""
    if leaf_hash(row.text.encode("utf-8")).hex() != row.leaf:
        return False
    try:
        said = json.loads(row.text)
        at = datetime.fromisoformat(said["at"])
        columns = (said["entry_id"], said["kind"], said["recording_id"], said["person"])
    except (ValueError, KeyError, TypeError):
        return False
    return columns == (row.entry_id, row.kind, row.recording_id, row.person) and at == row.at


def body_of(row: LedgerEntry) -> dict[str, Any]:
    """What the entry says beyond who, when and which recording."""
    body: dict[str, Any] = json.loads(row.text)["body"]
    return body
