"""Papers that were issued: each gets its number once, and says for ever what it said then."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ticketing import ledger
from ticketing.commands import locked
from ticketing.documents.content import Content, DocumentKind, Item
from ticketing.model import HistoryEntry
from ticketing.tables import LedgerRow, NumberDayRow

LEDGER = "papers"
_DATES = ("accepted_on", "issued_on")


@dataclass(frozen=True)
class Issued:
    """A paper's line in the ledger of papers."""

    paper_id: int
    ticket_id: str
    kind: str
    content: Content
    at: datetime
    by: str


def issue(
    session: Session,
    ticket_id: str,
    kind: DocumentKind,
    content: Content,
    *,
    by: str,
    now: datetime,
    key: str | None = None,
) -> Issued:
    """Gives the paper the next number of its series and year, and keeps what it says.  The same key issues it once."""
    locked(session, ticket_id)
    lines = ledger.history(session, ticket_id, LEDGER) if key is not None else []
    before = next((line for line in lines if line.body.get("key") == key), None)
    if before is not None:
        return _issued(before, ticket_id)
    content = dataclasses.replace(content, serial=_next(session, f"{kind.series}{content.issued_on.year}"))
    said = dataclasses.asdict(content)
    days = {name: getattr(content, name).isoformat() for name in _DATES}
    body = {"kind": kind.code, "content": said | days} | ({"key": key} if key is not None else {})
    line = ledger.append(session, LEDGER, ticket_id, "issue", body, by=by, now=now)
    return _issued(line, ticket_id)


def issued(session: Session, ticket_id: str) -> list[Issued]:
    """The papers issued about a ticket, oldest first."""
    return [_issued(line, ticket_id) for line in ledger.history(session, ticket_id, LEDGER)]


def find(session: Session, paper_id: int) -> Issued | None:
    """One paper by its id."""
    ticket_id = session.scalar(
        select(LedgerRow.ticket_id).where(LedgerRow.entry_id == paper_id, LedgerRow.ledger == LEDGER)
    )
    if ticket_id is None:
        return None
    return next(paper for paper in issued(session, ticket_id) if paper.paper_id == paper_id)


def _next(session: Session, series: str) -> int:
    """Counts up; the row stays locked until the paper is written, so that no number is missing or given twice."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    counted = insert(NumberDayRow).values(day=series, value=1)
    statement = counted.on_conflict_do_update(index_elements=["day"], set_={"value": NumberDayRow.value + 1})
    return session.scalars(statement.returning(NumberDayRow.value)).one()


def _issued(line: HistoryEntry, ticket_id: str) -> Issued:
    body = line.body
    return Issued(line.entry_id, ticket_id, str(body["kind"]), _content(body["content"]), line.at, line.by)


def _content(said: dict[str, Any]) -> Content:
    dates = {name: date.fromisoformat(said[name]) for name in _DATES}
    lists = {
        "items": tuple(Item(**item) for item in said["items"]),
        "assisting": tuple(said["assisting"]),
        "handed_over": tuple(said.get("handed_over", ())),  # papers of before did not tell them
    }
    return Content(**said | dates | lists)
