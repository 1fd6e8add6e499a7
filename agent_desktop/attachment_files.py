"""The bytes of tickets' files: taken in piece by piece, encrypted, stored; the rows about them are the ticket room's.

They lie in a store of the recordings room's making, with a key ring of their own: changing or forgetting a key of the
recordings never touches them.
"""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from starlette.concurrency import run_in_threadpool

import recordings
from agent_desktop.attachment_types import type_of

LONGEST_NAME = 200
FULL = frozenset({28, 122})
"""ENOSPC, EDQUOT."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has come in whole and is not stored yet."""

    path: Path
    size: int
    """Bytes."""
    sha256: str


class AttachmentFiles:
    """Where tickets' files lie."""

    def __init__(self, store: recordings.Store, incoming: Path, largest: int) -> None:
        """``incoming``: a folder for what is coming in.  ``largest``: bytes of one file."""
        self._store, self._incoming, self.largest = store, incoming, largest

    def begin(self) -> None:
        """At the desk's start: what was coming in when it ended goes."""
        shutil.rmtree(self._incoming, ignore_errors=True)

    async def receive(self, pieces: AsyncIterator[bytes]) -> Received:
        """Writes what comes in to the disk.  If it breaks off, nothing is left.  Raises StoreUnavailable.

        How much comes in is limited where the request comes in (:mod:`agent_desktop.guards`).
        """
        digest, size = hashlib.sha256(), 0
        path = self._incoming / str(uuid4())
        try:
            await run_in_threadpool(self._incoming.mkdir, mode=0o700, parents=True, exist_ok=True)
            with path.open("wb") as file:
                async for piece in pieces:
                    digest.update(piece)
                    size += len(piece)
                    await run_in_threadpool(file.write, piece)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise unavailable(error) from error
            raise
        return Received(path, size, digest.hexdigest())

    def media_of(self, received: Received) -> str | None:
        """Its type by its content; None for one that is not kept."""
        return type_of(received.path)

    def keep(self, received: Received, now: datetime) -> str:
        """Stores it; the name under which it can be read.  Raises StoreUnavailable, and then nothing is stored."""
        stored = f"{now:%Y/%m/%d}/{uuid4()}-0.file"
        try:
            self._store.put(stored, received.path)
        except OSError as error:
            raise unavailable(error) from error
        return stored

    def drop(self, received: Received) -> None:
        """Removes what came in; stored or not, it is not needed any more."""
        received.path.unlink(missing_ok=True)

    def remove(self, stored: str) -> None:
        """Removes a stored file that no row tells of."""
        self._store.delete(stored)

    def read(self, stored: str) -> Iterator[bytes]:
        """Its bytes.  Raises NotInStore and StoreUnavailable, for a changed file at the latest where it was changed."""
        return self._store.read(stored)

    def holds(self, stored: str, sha256: str) -> bool:
        """Whether the stored file is the one that came in.  Raises NotInStore, StoreUnavailable."""
        return recordings.sha256_of(self._store, stored) == sha256


def clean_name(name: str) -> str:
    """A file's name without folders, control characters and what turns text round; empty when nothing is left."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter) not in ("Cc", "Cf", "Zl", "Zp"))
    return kept.strip().strip(".").strip()[-LONGEST_NAME:]


def unavailable(error: OSError) -> recordings.StoreUnavailable:
    """What the operating system said, as the store says it."""
    return recordings.StoreUnavailable("disk_full" if error.errno in FULL else "store_unreachable")
