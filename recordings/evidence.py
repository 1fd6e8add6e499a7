"""Is what lies in the store what was recorded?  Checks recordings and the chain, and names what does not hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from recordings.encrypted_store import EncryptedStore
from recordings.ledger import body_of, row_is_sound
from recordings.spool import ID
from recordings.store import LocalStore, NotInStore, Store, StoreUnavailable
from recordings.tables import LedgerEntry, Recording, StoredFile


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found about one recording.

    ``code``: ``sound`` | ``deleted`` (by rule or person, as the ledger says) | ``file_missing`` | ``file_changed`` |
    ``row_changed`` (the database says another hash than the ledger) | ``not_in_ledger`` | ``entry_changed`` |
    ``deleted_without_entry`` | ``not_stored`` (not finished yet, or failed) | ``unknown`` | ``unknown_file`` |
    a store's own code (``tampered``, ``key_missing``, ``store_unreachable``…).
    """

    recording_id: str | None
    code: str
    role: str | None = None
    path: str | None = None

    @property
    def sound(self) -> bool:
        return self.code in ("sound", "deleted", "not_stored")


def check_recording(session: Session, store: Store, recording_id: str) -> Finding:
    """Reads every file of a recording and compares it with its row and with the ledger; the first fault is named."""
    row = session.get(Recording, recording_id) if ID.fullmatch(recording_id) else None
    if row is None:
        return Finding(recording_id, "unknown")
    if row.state in ("deleted", "deleting"):
        gone = _entry(session, recording_id, "deleted")
        return Finding(recording_id, "deleted" if gone or row.state == "deleting" else "deleted_without_entry")
    if row.state != "ready":
        return Finding(recording_id, "not_stored")
    entry, copied = (_entry(session, recording_id, kind) for kind in ("stored", "copied"))
    if entry is None:
        return Finding(recording_id, "not_in_ledger")
    entries = [one for one in (entry, copied) if one is not None]
    if not all(map(row_is_sound, entries)):
        return Finding(recording_id, "entry_changed")
    promised = {role: promise for one in entries for role, promise in body_of(one)["files"].items()}
    files = {
        file.role: file for file in session.scalars(select(StoredFile).where(StoredFile.recording_id == recording_id))
    }
    for role, promise in promised.items():
        file = files.get(role)
        if file is None or (file.sha256, file.bytes, file.path) != (
            promise["sha256"],
            promise["bytes"],
            promise["path"],
        ):
            return Finding(recording_id, "row_changed", role, promise["path"])
        code = check_file(store, file.path, file.sha256)
        if code is not None:
            return Finding(recording_id, code, role, file.path)
    return Finding(recording_id, "sound")


def check_file(store: Store, path: str, sha256: str) -> str | None:
    """What is wrong with one stored file, as a code; None when it is whole."""
    digest = hashlib.sha256()
    try:
        for piece in store.read(path):
            digest.update(piece)
    except NotInStore:
        return "file_missing"
    except StoreUnavailable as error:
        return error.code
    return None if digest.hexdigest() == sha256 else "file_changed"


def check_all(session: Session, store: Store) -> Iterator[Finding]:
    """Every recording in the order of their ids, then files that belong to none (local stores only)."""
    after = ""
    while True:
        ids = session.scalars(
            select(Recording.recording_id)
            .where(Recording.recording_id > after)
            .order_by(Recording.recording_id)
            .limit(200)
        ).all()
        for recording_id in ids:
            yield check_recording(session, store, recording_id)
        if len(ids) < 200:
            break
        after = ids[-1]
        session.expunge_all()
    root = local_root(store)
    if root is not None:
        known = set(session.scalars(select(StoredFile.path)))
        under_way = set(
            session.scalars(select(Recording.recording_id).where(Recording.state.not_in(("ready", "deleted"))))
        )
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            name = path.relative_to(root).as_posix()
            if name not in known and path.name[:36] not in under_way:
                yield Finding(None, "unknown_file", path=name)


def local_root(store: Store) -> Path | None:
    """The folder of a store that is one; None for a store elsewhere."""
    inner = store.inner if isinstance(store, EncryptedStore) else store
    return inner.root if isinstance(inner, LocalStore) else None


def _entry(session: Session, recording_id: str, kind: str) -> LedgerEntry | None:
    return session.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.recording_id == recording_id, LedgerEntry.kind == kind)
        .order_by(LedgerEntry.seq.desc())
        .limit(1)
    ).first()
