"""Any S3-compatible object store, through s3fs; the only module that knows it (``pip install hotline12345[s3]``)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recordings.store import NotInStore, StoreUnavailable, checked, trouble

READ_PIECE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class S3Options:
    """How the service is reached."""

    endpoint: str = ""
    """Address of a service that is not Amazon's; empty: Amazon's."""
    region: str = ""
    key: str = ""
    secret: str = ""
    """Empty: whatever the machine has (environment, instance role)."""
    timeout: float = 20.0
    """Seconds for one connection or read before the store counts as away."""


class S3Store:
    """A bucket, or a prefix in one."""

    def __init__(self, location: str, options: S3Options) -> None:
        """``location`` is ``s3://bucket`` or ``s3://bucket/prefix``.  Nothing is contacted yet.

        Raises StoreUnavailable ("s3_missing") when s3fs is not installed.
        """
        try:
            import botocore.exceptions
            import s3fs
        except ImportError as error:
            raise StoreUnavailable("s3_missing") from error
        self._foreign = (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, asyncio.TimeoutError)
        self._root = location.removeprefix("s3://").rstrip("/")
        client: dict[str, Any] = {}
        if options.endpoint:
            client["endpoint_url"] = options.endpoint
        if options.region:
            client["region_name"] = options.region
        self._files: Any = s3fs.S3FileSystem(
            key=options.key or None,
            secret=options.secret or None,
            client_kwargs=client,
            config_kwargs={
                "connect_timeout": options.timeout,
                "read_timeout": options.timeout,
                "retries": {"max_attempts": 2},
            },
            use_listings_cache=False,
            skip_instance_cache=True,
        )

    def put(self, path: str, source: Path) -> str | None:
        """See Store.put: the service answers when the object is durable; a broken upload leaves nothing."""
        with self._translated(path):
            self._files.put_file(str(source), self._key(path))
        return None

    def size(self, path: str) -> int:
        """See Store.size."""
        with self._translated(path):
            return int(self._files.info(self._key(path), refresh=True)["size"])

    def read(self, path: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """See Store.read: one ranged request for each piece."""
        whole = self.size(path)
        stop = whole if length is None else min(whole, start + length)
        return self._pieces(path, start, stop)

    def delete(self, path: str) -> None:
        """See Store.delete."""
        key = self._key(path)
        try:
            with self._translated(path):
                self._files.rm_file(key)
        except NotInStore:
            return

    def _pieces(self, path: str, start: int, stop: int) -> Iterator[bytes]:
        while start < stop:
            upto = min(stop, start + READ_PIECE)
            with self._translated(path):
                piece = bytes(self._files.cat_file(self._key(path), start=start, end=upto))
            yield piece
            start = upto

    def _key(self, path: str) -> str:
        return f"{self._root}/{checked(path)}"

    @contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        """s3fs speaks in OSErrors for what the service said, in botocore's own for what it did not."""
        try:
            yield
        except FileNotFoundError as error:
            raise NotInStore(path) from error
        except PermissionError as error:
            raise StoreUnavailable("no_permission") from error
        except OSError as error:
            raise trouble(error) from error
        except self._foreign as error:
            raise StoreUnavailable("store_unreachable") from error
