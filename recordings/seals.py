"""The daily seal: all entries since the last one under one root, chained to the last one, signed.

Whoever changes, removes or adds an entry afterwards changes the root of its seal; whoever writes a new seal for it
needs the signing key; whoever removes the last seals shortens the chain, which anyone who wrote down an earlier
number and digest (they are in every export, too) will notice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from recordings import merkle
from recordings.crypto import Signer, signed_by
from recordings.ledger import canonical, row_is_sound
from recordings.tables import LedgerEntry, Seal

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold."""

    seal: int | None
    """Number of the seal; None for entries that are not sealed yet."""
    what: str
    """Stable code: entry_changed, entries_added_or_removed, seal_changed, link_broken, signature_wrong, unknown_key,
    chain_cut."""
    entry_id: str | None = None


def seal_finished_days(session: Session, signer: Signer, now: datetime, zone: ZoneInfo) -> int | None:
    """Seals what was written before today, if anything was; the number of the new seal.

    To be called every minute or so; it does something once a day.
    """
    today = datetime.combine(now.astimezone(zone).date(), time.min, zone)
    return _seal(session, signer, now, zone, today)


def seal_everything(session: Session, signer: Signer, now: datetime, zone: ZoneInfo) -> int | None:
    """Seals all entries at once, for an export that must carry its proof; None when nothing was unsealed."""
    return _seal(session, signer, now, zone, None)


def _seal(session: Session, signer: Signer, now: datetime, zone: ZoneInfo, before: datetime | None) -> int | None:
    waiting = select(LedgerEntry.seq, LedgerEntry.leaf).where(LedgerEntry.seal_number.is_(None))
    if before is not None:
        waiting = waiting.where(LedgerEntry.at < before)
    rows = session.execute(waiting.order_by(LedgerEntry.seq)).all()
    if not rows:
        return None
    last = session.scalars(select(Seal).order_by(Seal.number.desc()).limit(1)).first()
    number = last.number + 1 if last else 1
    text = canonical(
        {
            "number": number,
            "day": now.astimezone(zone).date().isoformat(),
            "sealed_at": now.isoformat(),
            "previous": last.digest if last else GENESIS,
            "root": merkle.root([bytes.fromhex(row.leaf) for row in rows]).hex(),
            "entries": len(rows),
            "key": signer.public.hex(),
        }
    )
    made = Seal(number=number, text=text, digest=_digest(text), signature=signer.sign(text.encode()).hex())
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return None  # another worker sealed a moment ago
    for at in range(0, len(rows), 500):
        some = [row.seq for row in rows[at : at + 500]]
        session.execute(update(LedgerEntry).where(LedgerEntry.seq.in_(some)).values(seal_number=number))
    return number


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()


def check_chain(session: Session, known_keys: set[str], known: tuple[int, str] | None = None) -> Break | None:
    """The first break of the whole chain, oldest first; None when it holds.

    ``known_keys``: the public keys (hex) that may have signed.  ``known``: number and digest of a seal that somebody
    wrote down earlier.
    """
    previous, number = GENESIS, 0
    for seal in session.scalars(select(Seal).order_by(Seal.number)):
        number += 1
        broken = check_seal(seal.number, seal.text, seal.digest, seal.signature, known_keys)
        if broken is None and (seal.number != number or json.loads(seal.text)["previous"] != previous):
            broken = "link_broken"
        if broken is not None:
            return Break(number, broken)
        entry = _check_entries(session, seal)
        if entry is not None:
            return entry
        if known is not None and seal.number == known[0] and seal.digest != known[1]:
            return Break(number, "seal_changed")
        previous = seal.digest
    if known is not None and number < known[0]:
        return Break(number + 1, "chain_cut")
    for row in session.scalars(select(LedgerEntry).where(LedgerEntry.seal_number.is_(None))):
        if not row_is_sound(row):
            return Break(None, "entry_changed", row.entry_id)
    return None


def check_seal(number: int, text: str, digest: str, signature: str, known_keys: set[str]) -> str | None:
    """What is wrong with a seal by itself, as a code; None when it is sound."""
    try:
        said = json.loads(text)
        key, claimed = str(said["key"]), said["number"]
        raw_key, raw_signature = bytes.fromhex(key), bytes.fromhex(signature)
    except (ValueError, KeyError, TypeError):
        return "seal_changed"
    if _digest(text) != digest or claimed != number:
        return "seal_changed"
    if not signed_by(raw_key, text.encode("utf-8"), raw_signature):
        return "signature_wrong"
    return None if key in known_keys else "unknown_key"


def _check_entries(session: Session, seal: Seal) -> Break | None:
    said = json.loads(seal.text)
    rows = session.scalars(
        select(LedgerEntry).where(LedgerEntry.seal_number == seal.number).order_by(LedgerEntry.seq)
    ).all()
    for row in rows:
        if not row_is_sound(row):
            return Break(seal.number, "entry_changed", row.entry_id)
    root = merkle.root([bytes.fromhex(row.leaf) for row in rows]).hex()
    if len(rows) != said["entries"] or root != said["root"]:
        return Break(seal.number, "entries_added_or_removed")
    return None


def newest(session: Session) -> tuple[int, str] | None:
    """Number and digest of the newest seal: the two to write down somewhere else."""
    last = session.scalars(select(Seal).order_by(Seal.number.desc()).limit(1)).first()
    return (last.number, last.digest) if last else None


def proof_of(session: Session, entry_id: str) -> dict[str, Any] | None:
    """Everything that proves, without the database, that an entry is sealed; None while it is not."""
    row = session.scalars(select(LedgerEntry).where(LedgerEntry.entry_id == entry_id)).first()
    if row is None or row.seal_number is None:
        return None
    seal = session.get_one(Seal, row.seal_number)
    siblings = session.execute(
        select(LedgerEntry.entry_id, LedgerEntry.leaf)
        .where(LedgerEntry.seal_number == row.seal_number)
        .order_by(LedgerEntry.seq)
    ).all()
    index = next(at for at, sibling in enumerate(siblings) if sibling.entry_id == entry_id)
    path = merkle.proof([bytes.fromhex(sibling.leaf) for sibling in siblings], index)
    return {
        "entry": row.text,
        "index": index,
        "count": len(siblings),
        "path": [step.hex() for step in path],
        "seal": {"number": seal.number, "text": seal.text, "digest": seal.digest, "signature": seal.signature},
    }


def check_proof(proof: dict[str, Any], known_keys: set[str]) -> str | None:
    """What is wrong with a proof made by proof_of(), as a code; None when it holds.  Needs no database."""
    try:
        seal = proof["seal"]
        broken = check_seal(seal["number"], seal["text"], seal["digest"], seal["signature"], known_keys)
        if broken is not None:
            return broken
        said = json.loads(seal["text"])
        leaf = merkle.leaf_hash(proof["entry"].encode("utf-8"))
        path = [bytes.fromhex(step) for step in proof["path"]]
        found = merkle.root_from(leaf, proof["index"], proof["count"], path)
        if found is None or found.hex() != said["root"] or proof["count"] != said["entries"]:
            return "entry_not_in_seal"
    except (KeyError, TypeError, ValueError, AttributeError):
        return "proof_unreadable"
    return None


def unsealed(session: Session) -> int:
    """How many entries wait for the next seal."""
    waiting = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.seal_number.is_(None))
    return session.scalar(waiting) or 0
