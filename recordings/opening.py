"""One call that gives the store an office has chosen."""

from __future__ import annotations

from pathlib import Path

from recordings.encrypted_store import EncryptedStore
from recordings.keys import KeyRing
from recordings.s3_store import S3Options, S3Store
from recordings.store import LocalStore, Store


def open_store(location: str | Path, ring: KeyRing | None = None, s3: S3Options | None = None) -> Store:
    """The store at ``location``: a folder, or ``s3://bucket/prefix``; encrypted when a key ring is given.

    Nothing is contacted or created yet.  Raises StoreUnavailable when an S3 store is asked for and s3fs is absent.
    """
    text = str(location)
    inner: Store = S3Store(text, s3 or S3Options()) if text.startswith("s3://") else LocalStore(Path(location))
    return EncryptedStore(inner, ring) if ring is not None else inner
