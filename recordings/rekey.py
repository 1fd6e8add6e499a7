"""Changing the encryption key of what is already stored: only the wrapped file key changes, never the audio."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from recordings.config import StoreConfig
from recordings.encrypted_store import EncryptedStore
from recordings.tables import Recording, StoredFile

PAGE = 200


def rekey(sessions: sessionmaker[Session], config: StoreConfig, progress: Callable[[int], None]) -> int:
    """Wraps every stored file with the active key, then forgets the keys that no file needs; how many files.

    Keys are kept while a recording is just being stored: run it again later.  It may be interrupted and run again.
    ``progress`` is told how many files are done.  Raises StoreUnavailable, NotInStore, OSError.
    """
    store = config.store
    if not isinstance(store, EncryptedStore):
        return 0
    config.work.mkdir(parents=True, exist_ok=True)
    done = 0
    while True:
        with sessions() as session:
            page = session.scalars(
                select(StoredFile)
                .where(StoredFile.key_id.is_not(None), StoredFile.key_id != store.ring.active)
                .limit(PAGE)
            ).all()
        if not page:
            break
        for file in page:
            key_id = store.rewrap(file.path, config.work)
            with sessions.begin() as session:
                session.get_one(StoredFile, (file.recording_id, file.role)).key_id = key_id
            done += 1
            progress(done)
    _forget_unneeded(sessions, store)
    return done


def _forget_unneeded(sessions: sessionmaker[Session], store: EncryptedStore) -> None:
    """Drops keys that no file needs; while a recording is being stored its key is not in any row yet."""
    with sessions() as session:
        under_way = select(Recording.recording_id).where(Recording.state == "processing").limit(1)
        if session.scalars(under_way).first() is not None:
            return
        needed = set(session.scalars(select(StoredFile.key_id).distinct()))
    for key_id in store.ring.key_ids():
        if key_id not in needed and key_id != store.ring.active:
            store.ring.forget(key_id)
