"""Append-only ledgers with hash chains.

Each line carries the hash of the line before it in its chain, so a changed, removed or inserted line is found by
:func:`verify`.  A ticket always writes to the same one of :data:`CHAINS` chains: one single chain would make every
command of a busy office wait for every other, one chain a ticket would not notice a whole ticket disappearing.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ticketing.model import HistoryEntry, json_ready
from ticketing.tables import ChainRow, LedgerRow

CHAINS = 16
START = "0" * 64
"""What the first line of a chain carries as the hash before it."""


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold."""

    chain: int
    position: int
    entry_id: int | None
    problem: str


def chain_of(ticket_id: str) -> int:
    """The chain every line about this ticket goes to."""
    return zlib.crc32(ticket_id.encode()) % CHAINS


def append(
    session: Session,
    ledger: str,
    ticket_id: str,
    verb: str,
    body: Mapping[str, Any],
    *,
    by: str,
    now: datetime,
) -> HistoryEntry:
    """Writes one line; call it late in the transaction, it holds the chain's lock until commit."""
    head = _locked_head(session, chain_of(ticket_id))
    row = LedgerRow(
        chain=head.chain,
        position=head.position + 1,
        ledger=ledger,
        ticket_id=ticket_id,
        at=now.astimezone(UTC),
        by=by,
        verb=verb,
        body=json.dumps(json_ready(body), ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        previous=head.hash,
    )
    row.hash = line_hash(row)
    session.add(row)
    head.position, head.hash = row.position, row.hash
    session.flush()
    return _entry(row)


def history(session: Session, ticket_id: str, ledger: str = "history") -> list[HistoryEntry]:
    """A ticket's lines of one ledger, oldest first."""
    rows = session.scalars(
        select(LedgerRow)
        .where(LedgerRow.ticket_id == ticket_id, LedgerRow.ledger == ledger)
        .order_by(LedgerRow.entry_id)
    )
    return [_entry(row) for row in rows]


def verify(session: Session) -> Iterator[Break]:
    """Every place where a line was changed, removed or put in; nothing when the ledgers are whole."""
    heads = {head.chain: head for head in session.scalars(select(ChainRow))}
    for chain in range(CHAINS):
        position, previous = 0, START
        rows = session.scalars(
            select(LedgerRow)
            .where(LedgerRow.chain == chain)
            .order_by(LedgerRow.position)
            .execution_options(yield_per=1000)
        )
        for row in rows:
            if row.position != position + 1:
                yield Break(chain, position + 1, row.entry_id, "lines_missing")
            elif row.previous != previous:
                yield Break(chain, row.position, row.entry_id, "not_the_line_before")
            if row.hash != line_hash(row):
                yield Break(chain, row.position, row.entry_id, "line_changed")
            position, previous = row.position, row.hash
        head = heads.get(chain)
        end = (head.position, head.hash) if head is not None else (0, START)
        if end != (position, previous):
            yield Break(chain, position, None, "end_missing")


def ledger_lines(session: Session) -> int:
    """How many lines there are."""
    return session.scalar(select(func.count()).select_from(LedgerRow)) or 0


def ledger_heads(session: Session) -> list[str]:
    """The newest line of each chain as ``CHAIN:POSITION:HASH``."""
    heads = session.scalars(select(ChainRow).where(ChainRow.position > 0).order_by(ChainRow.chain))
    return [f"{head.chain}:{head.position}:{head.hash}" for head in heads]


def holds_line(session: Session, known: str) -> bool:
    """Whether the line ``CHAIN:POSITION:HASH`` still stands where it stood."""
    found = re.fullmatch(r"(\d{1,4}):(\d{1,18}):([0-9a-f]{64})", known)
    if found is None:
        return False
    place = (LedgerRow.chain == int(found[1]), LedgerRow.position == int(found[2]))
    return session.scalar(select(LedgerRow.hash).where(*place)) == found[3]


def line_hash(row: LedgerRow) -> str:
    """SHA-256 over everything the line says and the hash before it, unambiguous by JSON."""
    said = [
        row.previous,
        row.chain,
        row.position,
        row.ledger,
        row.ticket_id,
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.by,
        row.verb,
        row.body,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _locked_head(session: Session, chain: int) -> ChainRow:
    statement = (
        select(ChainRow).where(ChainRow.chain == chain).with_for_update().execution_options(populate_existing=True)
    )
    head = session.scalars(statement).one_or_none()
    if head is None:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(insert(ChainRow).values(chain=chain, position=0, hash=START).on_conflict_do_nothing())
        head = session.scalars(statement).one()
    return head


def _entry(row: LedgerRow) -> HistoryEntry:
    return HistoryEntry(row.at, row.by, row.verb, json.loads(row.body), row.entry_id, row.hash)
