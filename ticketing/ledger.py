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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update
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


@dataclass(frozen=True, slots=True)
class Line:
    """Something to be written down about one ticket."""

    ledger: str
    verb: str
    body: Mapping[str, Any]
    by: str


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
    append_all(session, ticket_id, [Line(ledger, verb, body, by)], now)
    newest = select(LedgerRow).where(LedgerRow.chain == chain_of(ticket_id)).order_by(LedgerRow.position.desc())
    return _entry(session.scalars(newest.limit(1)).one())


def note_hand_over(session: Session, contact_id: str, said: Mapping[str, Any], *, by: str, now: datetime) -> None:
    """Writes down how a caller was handed over to an emergency service, with the time of every step."""
    append(session, "emergency", f"contact:{contact_id}", "hand_over", said, by=by, now=now)


def append_all(session: Session, ticket_id: str, lines: Sequence[Line], now: datetime) -> None:
    """Writes several lines about one ticket; call it late, it holds the chain's lock until commit."""
    append_many(session, [(ticket_id, line) for line in lines], now)


def append_many(session: Session, lines: Sequence[tuple[str, Line]], now: datetime) -> None:
    """Writes lines about many tickets, chain after chain: whoever does so takes the chains' locks in one order."""
    by_chain: dict[int, list[tuple[str, Line]]] = {}
    for ticket_id, line in lines:
        by_chain.setdefault(chain_of(ticket_id), []).append((ticket_id, line))
    for chain in sorted(by_chain):
        _append(session.connection(), chain, by_chain[chain], now.astimezone(UTC))


def _append(connection: Connection, chain: int, lines: Sequence[tuple[str, Line]], at: datetime) -> None:
    position, previous = _locked_head(connection, chain)
    rows = []
    for ticket_id, line in lines:
        position += 1
        row: dict[str, Any] = {
            "chain": chain,
            "position": position,
            "ledger": line.ledger,
            "ticket_id": ticket_id,
            "at": at,
            "by": line.by,
            "verb": line.verb,
            "body": json.dumps(json_ready(line.body), ensure_ascii=False, sort_keys=True, separators=(",", ":")),
            "previous": previous,
        }
        row["hash"] = previous = _hash(row)
        rows.append(row)
    connection.execute(_INSERT, rows if len(rows) > 1 else rows[0])
    connection.execute(_MOVE, {"moved": chain, "position": position, "hash": previous})


def history(session: Session, ticket_id: str, ledger: str = "history") -> list[HistoryEntry]:
    """A ticket's lines of one ledger, oldest first."""
    rows = session.scalars(
        select(LedgerRow)
        .where(LedgerRow.ticket_id == ticket_id, LedgerRow.ledger == ledger)
        .order_by(LedgerRow.entry_id)
    )
    return [_entry(row) for row in rows]


def history_page(
    session: Session, ticket_id: str, ledger: str = "history", *, before: int | None = None, limit: int = 50
) -> list[HistoryEntry]:
    """The same in pages, newest first; ``before`` is the ``entry_id`` of the last line of the page before."""
    statement = select(LedgerRow).where(LedgerRow.ticket_id == ticket_id, LedgerRow.ledger == ledger)
    if before is not None:
        statement = statement.where(LedgerRow.entry_id < before)
    return [_entry(row) for row in session.scalars(statement.order_by(LedgerRow.entry_id.desc()).limit(limit))]


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
    return _hash({name: getattr(row, name) for name in _SAID})


_SAID = ("previous", "chain", "position", "ledger", "ticket_id", "at", "by", "verb", "body")
_LINES, _HEADS = cast(Table, LedgerRow.__table__), cast(Table, ChainRow.__table__)
_INSERT = insert(_LINES).inline()
_HEAD = select(_HEADS.c.position, _HEADS.c.hash).where(_HEADS.c.chain == bindparam("wanted")).with_for_update()
_MOVE = update(_HEADS).where(_HEADS.c.chain == bindparam("moved"))


def _hash(row: Mapping[str, Any]) -> str:
    at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    said = [at if name == "at" else row[name] for name in _SAID]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _locked_head(connection: Connection, chain: int) -> tuple[int, str]:
    """Position and hash of the chain's newest line; nobody else appends until this transaction ends."""
    head = connection.execute(_HEAD, {"wanted": chain}).one_or_none()
    if head is None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        first = dialect.insert(_HEADS).values(chain=chain, position=0, hash=START)
        connection.execute(first.on_conflict_do_nothing())
        head = connection.execute(_HEAD, {"wanted": chain}).one()
    return head.position, head.hash


def _entry(row: LedgerRow) -> HistoryEntry:
    return HistoryEntry(row.at, row.by, row.verb, json.loads(row.body), row.entry_id, row.hash)
