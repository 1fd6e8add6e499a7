"""The generated secrets of one installation: ``<home>/secrets.toml``, mode 0600, made at first use.

Nothing here has a default value: a secret that does not exist yet is drawn from the system's random source
the first time somebody asks for it.  Several processes may ask at once; a lock file makes them agree on one.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tomlkit

_NAME = re.compile(r"[a-z][a-z0-9_.-]*")


def _forty_digits() -> str:
    return secrets.token_hex(20)


class SecretsFile:
    """Named secrets: ``ami`` (the AMI user), ``session`` (cookie key), ``sip.8001`` (a phone's password)…

    Unless drawn otherwise, values are 40 hexadecimal digits, which need no quoting in any configuration file.
    """

    def __init__(self, home: Path) -> None:
        self.path = home / "secrets.toml"

    def get(self, name: str, draw: Callable[[], str] = _forty_digits) -> str:
        """The secret called ``name``; drawn and saved if it does not exist yet."""
        value = self._read().get(name)
        if value is not None:
            return value
        with self._locked():
            values = self._read()
            if name not in values:
                values[_checked(name)] = draw()
                self._write(values)
            return values[name]

    def put(self, name: str, value: str) -> None:
        """Sets or replaces one secret, for example a trunk's password given by the carrier."""
        with self._locked():
            self._write(self._read() | {_checked(name): value})

    def drop(self, name: str) -> None:
        """Forgets one secret; unknown names are no error."""
        with self._locked():
            values = self._read()
            if values.pop(name, None) is not None:
                self._write(values)

    def names(self) -> list[str]:
        """The names of all secrets that exist."""
        return sorted(self._read())

    def _read(self) -> dict[str, str]:
        try:
            return dict(tomllib.loads(self.path.read_text("utf-8")))
        except FileNotFoundError:
            return {}

    def _write(self, values: dict[str, str]) -> None:
        # Readers see the old file or the new one, never a half: it is complete before it takes the name.
        fresh = self.path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("# Generated. Whoever reads this file can act as any phone or agent.\n")
            file.write(tomlkit.dumps(dict(sorted(values.items()))))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name for a secret: {name!r}")
    return name
