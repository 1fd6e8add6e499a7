"""The keys of one installation: a small file that only its owner may read.

Old encryption keys stay in the file until no recording needs them; the newest one encrypts what is stored from now
on.  Whoever loses this file loses every encrypted recording, so it belongs into the backup, apart from the store.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from recordings.crypto import Signer, fingerprint, new_key


class KeyMissing(Exception):
    """A file was encrypted with a key that is not in the key file."""


class KeyRing:
    """Encryption keys by their fingerprint, and the key that signs; made at first use."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def active(self) -> str:
        """Fingerprint of the key that encrypts new files."""
        return str(self._known()["active"])

    def key(self, key_id: str) -> bytes:
        """The key with this fingerprint.  Raises KeyMissing."""
        text = self._known()["keys"].get(key_id)
        if text is None:
            raise KeyMissing(key_id)
        return base64.b64decode(text)

    def key_ids(self) -> list[str]:
        """All encryption keys that can still be used for reading."""
        return sorted(self._known()["keys"])

    def rotate(self) -> str:
        """Adds a fresh key and makes it the active one; returns its fingerprint."""

        def add(values: dict[str, Any]) -> None:
            key = new_key()
            values["active"] = fingerprint(key)
            values["keys"][values["active"]] = base64.b64encode(key).decode()

        return str(self._change(add)["active"])

    def forget(self, key_id: str) -> None:
        """Removes a key that no file needs any more.  Raises ValueError for the active one."""

        def remove(values: dict[str, Any]) -> None:
            if key_id == values["active"]:
                raise ValueError("the active key cannot be removed")
            values["keys"].pop(key_id, None)

        self._change(remove)

    def signer(self) -> Signer:
        """The key that signs seals and manifests."""
        return Signer(base64.b64decode(self._known()["signing"]))

    def _known(self) -> dict[str, Any]:
        found = self._read()
        return found if found is not None else self._change(lambda values: None)

    def _read(self) -> dict[str, Any] | None:
        try:
            values: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        return values

    def _change(self, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        with self._locked():
            values = self._read()
            if values is None:
                key = new_key()
                values = {
                    "active": fingerprint(key),
                    "keys": {fingerprint(key): base64.b64encode(key).decode()},
                    "signing": base64.b64encode(new_key()).decode(),
                }
            change(values)
            self._write(values)
        return values

    def _write(self, values: dict[str, Any]) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(values, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # a key must be on disk before the first file that needs it
        finally:
            os.close(folder)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
