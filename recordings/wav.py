"""Reading the WAV files Asterisk leaves in the spool, whatever state their header is in.

Asterisk writes the header with size 0 first and the true size when it closes the file, so after a kill -9 the
audio is there and the header says nothing.  The spool file itself is never written to: the size is taken from the
file, and whoever uses the samples writes a right header of its own.
"""

from __future__ import annotations

import audioop
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

PCM, ALAW, ULAW = 1, 6, 7
_PLAIN_HEADER = 44
_ASTERISK_RATE = 8000


class UnsupportedAudio(Exception):
    """The file is a WAV, but with a codec or width that a telephone spool never has."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes of a WAV say, and what is really there."""

    codec: int
    channels: int
    rate: int
    width: int
    """Bytes a sample."""
    data_at: int
    """Offset of the first audio byte."""
    declared: int
    """Audio bytes by the header."""
    present: int
    """Audio bytes in the file."""

    @property
    def closed(self) -> bool:
        """True when the writer finished: the header gives exactly the audio that is there, and there is some."""
        return self.present > 0 and self.declared == self.present


@dataclass(frozen=True, slots=True)
class Audio:
    """The samples of a mono file and how they were got."""

    samples: Samples
    rate: int
    repaired: bool
    """True when the header did not tell the truth."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def read_header(path: Path) -> Header | None:
    """The header of ``path``; None when the file is too short or is no WAV at all."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(4096)
    return parse_header(head, size)


def parse_header(head: bytes, size: int) -> Header | None:
    """The header in ``head`` (the first kilobytes) of a file of ``size`` bytes; None when there is none."""
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    form: tuple[int, int, int, int] | None = None
    at = 12
    while at + 8 <= len(head):
        name, length = struct.unpack_from("<4sI", head, at)
        at += 8
        if name == b"fmt " and at + 16 <= len(head):
            codec, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", head, at)
            form = (codec, channels, rate, max(1, bits // 8))
        elif name == b"data" and form is not None:
            codec, channels, rate, width = form
            rest = max(0, size - at)
            present = length if 0 < length < rest and _chunks_follow(head, at + length, size) else rest
            return Header(codec, channels, rate, width, at, length, present)
        at += length + (length & 1)
    return None


def _chunks_follow(head: bytes, at: int, size: int) -> bool:
    """Whether what follows the declared audio may be more chunks (then the header is right and the rest no audio)."""
    at += at & 1
    if at + 8 > len(head):  # beyond what was read: only a tail as short as a LIST of tags counts as chunks
        return size - at < 4096
    name, length = struct.unpack_from("<4sI", head, at)
    return bool(name.isalnum()) and at + 8 + length <= size + 1


def read_audio(path: Path) -> Audio:
    """The samples of a mono WAV as 16 bits.

    A missing or destroyed header is taken for Asterisk's own (44 bytes, 8 kHz, 16 bits).
    Raises UnsupportedAudio for stereo, other codecs and other widths, OSError when the file cannot be read.
    """
    header = read_header(path)
    if header is None:
        raw = path.read_bytes()[_PLAIN_HEADER:]
        return Audio(_as_int16(raw), _ASTERISK_RATE, repaired=bool(raw))
    if header.channels != 1 or not 4000 <= header.rate <= 192_000:
        raise UnsupportedAudio(f"{header.channels} channels at {header.rate} Hz")
    with path.open("rb") as file:
        file.seek(header.data_at)
        raw = file.read(header.present)
    if header.codec == ULAW:  # by audioop: pydub would give only 8 bits
        raw = audioop.ulaw2lin(raw, 2)
    elif header.codec == ALAW:
        raw = audioop.alaw2lin(raw, 2)
    elif header.codec != PCM or header.width != 2:
        raise UnsupportedAudio(f"codec {header.codec}, {header.width * 8} bits")
    repaired = header.present > 0 and header.declared != header.present
    return Audio(_as_int16(raw), header.rate, repaired)


def _as_int16(raw: bytes) -> Samples:
    return np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2").astype(np.int16)
