"""Where finished files live: a folder of date folders.

Names come from dates and our own ids alone and are checked once more here, so no text of a caller, and no id made
up in a URL, can ever lead outside the store.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

_PATH = re.compile(r"\d{4}/\d{2}/\d{2}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d{1,9}\.[a-z0-9.]{3,12}")
CHUNK = 256 * 1024


class StoreUnavailable(Exception):
    """The store cannot be written or read now; ``code`` is stable: disk_full, no_permission, store_unreachable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotInStore(Exception):
    """The file is not there."""


class Store(Protocol):
    """What the rest of the room needs of a store."""

    def put(self, path: str, source: Path) -> str | None:
        """Copies ``source`` to ``path``; when it returns the bytes survive a power cut.

        Returns the id of the key that it was encrypted with, None for a store that does not encrypt.
        Raises StoreUnavailable.
        """

    def size(self, path: str) -> int:
        """Bytes of the file.  Raises NotInStore, StoreUnavailable."""

    def read(self, path: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` on, in pieces.  Raises NotInStore, StoreUnavailable, before the first piece."""

    def delete(self, path: str) -> None:
        """Removes the file; an absent one is no error.  Raises StoreUnavailable."""


def trouble(error: OSError) -> StoreUnavailable:
    """The stable code for what the operating system said."""
    if error.errno in (28, 122):  # ENOSPC, EDQUOT
        return StoreUnavailable("disk_full")
    if error.errno in (1, 13, 30):  # EPERM, EACCES, EROFS
        return StoreUnavailable("no_permission")
    return StoreUnavailable("store_unreachable")


def checked(path: str) -> str:
    """``path`` if it is one of ours; raises NotInStore otherwise."""
    if not _PATH.fullmatch(path):
        raise NotInStore(path)
    return path


class LocalStore:
    """A folder on a local or mounted disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def local_path(self, path: str) -> Path:
        """The file itself, for whoever can use a plain file.  Raises NotInStore for a name that is not ours."""
        return self.root / checked(path)

    def put(self, path: str, source: Path) -> str | None:
        """See Store.put: written beside the target, flushed to disk, renamed, folders flushed."""
        target = self.local_path(path)
        partial = target.with_name(target.name + ".partial")
        try:
            _make_folders(target.parent, self.root)
            with source.open("rb") as reading, partial.open("wb") as writing:
                os.fchmod(writing.fileno(), 0o640)
                shutil.copyfileobj(reading, writing, CHUNK)
                writing.flush()
                os.fsync(writing.fileno())
            partial.replace(target)
            _flush_folder(target.parent)
        except OSError as error:
            _remove_quietly(partial)
            raise trouble(error) from error
        return None

    def size(self, path: str) -> int:
        """See Store.size."""
        try:
            return self.local_path(path).stat().st_size
        except FileNotFoundError as error:
            raise NotInStore(path) from error
        except OSError as error:
            raise trouble(error) from error

    def read(self, path: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """See Store.read."""
        try:
            file = self.local_path(path).open("rb")
        except FileNotFoundError as error:
            raise NotInStore(path) from error
        except OSError as error:
            raise trouble(error) from error

        def pieces() -> Iterator[bytes]:
            left = length
            with file:
                file.seek(start)
                while left is None or left > 0:
                    piece = file.read(CHUNK if left is None else min(CHUNK, left))
                    if not piece:
                        return
                    if left is not None:
                        left -= len(piece)
                    yield piece

        return pieces()

    def delete(self, path: str) -> None:
        """See Store.delete; a half-written copy goes too."""
        target = self.local_path(path)
        try:
            target.with_name(target.name + ".partial").unlink(missing_ok=True)
            target.unlink(missing_ok=True)
        except OSError as error:
            raise trouble(error) from error


def sha256_of(store: Store, path: str) -> str:
    """SHA-256 of what the store gives back.  Raises NotInStore, StoreUnavailable."""
    digest = hashlib.sha256()
    for piece in store.read(path):
        digest.update(piece)
    return digest.hexdigest()


def _make_folders(folder: Path, root: Path) -> None:
    """Creates the date folders and makes their names durable too."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(mode=0o750, exist_ok=True)
        _flush_folder(new.parent)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_quietly(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # the first trouble is the one to report; the next attempt overwrites this file
