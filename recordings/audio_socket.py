"""Asterisk's AudioSocket protocol: one TCP connection a channel, packets of kind, length and payload.

Read from Asterisk's documentation ("AudioSocket", Channel Drivers): one byte kind, two bytes length (big endian),
then the payload.  The first packet names the stream by a UUID; audio is 16-bit little-endian mono at 8 kHz.
"""

from __future__ import annotations

import asyncio
import struct
from enum import IntEnum
from uuid import UUID

RATE = 8000
"""Samples a second of :attr:`Kind.AUDIO`."""

_HEAD = struct.Struct(">BH")
_FRAME = 320
"""Bytes of 20 ms."""


class Kind(IntEnum):
    """What a packet is; others are skipped."""

    HANGUP = 0x00
    UUID = 0x01
    AUDIO = 0x10


SILENCE = _HEAD.pack(Kind.AUDIO, _FRAME) + bytes(_FRAME)
"""20 ms of nothing.  ChanSpy waits up to two seconds for something to read on its own channel before it sees that the
channel it listens to has hung up, and holds that one's hang-up back meanwhile (asterisk/asterisk#2123)."""


async def packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The next packet.  Raises asyncio.IncompleteReadError at the end of the stream."""
    kind, length = _HEAD.unpack(await reader.readexactly(_HEAD.size))
    return kind, await reader.readexactly(length)


async def stream_id(reader: asyncio.StreamReader) -> str:
    """The name of the stream from its first packet.  Raises ValueError when that is something else."""
    kind, payload = await packet(reader)
    if kind != Kind.UUID or len(payload) != 16:
        raise ValueError("the first packet is no UUID")
    return str(UUID(bytes=payload))
