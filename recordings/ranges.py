"""HTTP byte ranges (RFC 9110 §14), as far as players use them: one range."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class RangeNotSatisfiable(Exception):
    """Answer 416 with ``Content-Range: bytes */SIZE``."""


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """(start, stop) with ``stop`` excluded for a ``Range`` header on ``size`` bytes.

    None means "send everything": no header, another unit, several ranges, or nonsense, all of which a server may
    ignore (RFC 9110 §14.2).  Raises RangeNotSatisfiable for a range that lies outside the file.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:  # the last N bytes
        length = int(last)
        if length == 0 or size == 0:
            raise RangeNotSatisfiable
        return max(0, size - length), size
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise RangeNotSatisfiable
    return start, min(int(last) + 1, size) if last else size
