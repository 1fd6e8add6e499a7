"""Reading the ledgers across tickets, for people who may: never a line about a matter kept from the reader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ticketing.access import hidden_from
from ticketing.model import Viewer
from ticketing.tables import LedgerRow, TicketRow


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ledger."""

    entry_id: int
    ledger: str
    ticket_id: str
    at: datetime
    by: str
    verb: str
    body: Mapping[str, Any]
    hash: str


def read_ledgers(
    session: Session,
    viewer: Viewer,
    *,
    name: str | None = None,
    ticket_id: str | None = None,
    verb: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Line]:
    """Newest first; ``before`` is the ``entry_id`` of the last line of the page before."""
    kept = exists().where(TicketRow.ticket_id == LedgerRow.ticket_id, hidden_from(viewer))
    statement = select(LedgerRow).where(~kept)
    if name is not None:
        statement = statement.where(LedgerRow.ledger == name)
    if verb is not None:
        statement = statement.where(LedgerRow.verb == verb)
    if ticket_id is not None:
        statement = statement.where(LedgerRow.ticket_id == ticket_id)
    if before is not None:
        statement = statement.where(LedgerRow.entry_id < before)
    rows = session.scalars(statement.order_by(LedgerRow.entry_id.desc()).limit(limit))
    return [
        Line(row.entry_id, row.ledger, row.ticket_id, row.at, row.by, row.verb, json.loads(row.body), row.hash)
        for row in rows
    ]
