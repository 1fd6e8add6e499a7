"""A picture as a browser takes it."""

from __future__ import annotations

import struct
import zlib

WIDTH = 320
"""Pixels."""


def picture() -> bytes:
    """A PNG of light and dark stripes."""
    lines = b"".join(b"\0" + bytes(200 if (x + y) // 20 % 2 else 60 for x in range(WIDTH)) for y in range(240))

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, 240, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
