"""Encryption at rest, one key a file, in pieces so that a player may jump to the middle of a two-hour call.

Layout of a file::

    "HLR1"  key id (8)  wrapped file key (12 nonce + 32 + 16 tag)  length of the plaintext (8, big-endian)
    piece 0, piece 1, …: each 64 KiB of plaintext (the last one less) as ciphertext + 16 bytes tag

Every file has its own random key, wrapped by the ring's key, so the pieces' nonces may simply count.  Each piece is
bound to its number, to whether it is the last one, to the length and to the file's name: pieces that are swapped,
cut off, or taken from another file are refused.  Changing the ring's key re-wraps 60 bytes and leaves the rest.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recordings.crypto import NONCE_BYTES, TAG_BYTES, Cipher, WrongKey, new_key
from recordings.keys import KeyMissing, KeyRing
from recordings.store import Store, StoreUnavailable

MAGIC = b"HLR1"
PIECE = 64 * 1024
_HEADER = struct.Struct(">4s8s60sQ")


class Tampered(StoreUnavailable):
    """The file is not what was stored: changed, cut, swapped, or the key is another one."""

    def __init__(self) -> None:
        super().__init__("tampered")


class KeyAway(StoreUnavailable):
    """The key that the file needs is not in the key file."""

    def __init__(self) -> None:
        super().__init__("key_missing")


@dataclass(frozen=True, slots=True)
class _Header:
    key_id: str
    wrapped: bytes
    length: int

    def packed(self) -> bytes:
        return _HEADER.pack(MAGIC, self.key_id.encode("ascii"), self.wrapped, self.length)

    @property
    def pieces(self) -> int:
        return max(1, -(-self.length // PIECE))


class EncryptedStore:
    """A store whose files are encrypted; files from before it was switched on are still read."""

    def __init__(self, inner: Store, ring: KeyRing) -> None:
        self.inner, self.ring = inner, ring

    def put(self, path: str, source: Path) -> str | None:
        """See Store.put."""
        file_key = new_key()
        key_id = self.ring.active
        header = _Header(key_id, self._wrap(key_id, file_key, path), source.stat().st_size)
        sealed = source.with_name(source.name + ".sealed")
        cipher = Cipher(file_key)
        try:
            with source.open("rb") as reading, sealed.open("wb") as writing:
                writing.write(header.packed())
                for number in range(header.pieces):
                    plain = reading.read(PIECE)
                    writing.write(cipher.seal(_nonce(number), plain, _context(path, header, number)))
            self.inner.put(path, sealed)
        finally:
            sealed.unlink(missing_ok=True)
        return key_id

    def size(self, path: str) -> int:
        """See Store.size: of the plaintext.  Raises also Tampered, for a file that was cut or written on."""
        header, there = self._header(path), self.inner.size(path)
        if header is None:
            return there
        if there != _HEADER.size + header.length + header.pieces * TAG_BYTES:
            raise Tampered
        return header.length

    def read(self, path: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """See Store.read.  Raises also Tampered and KeyAway, at the latest when the bad piece is reached."""
        header = self._header(path)
        if header is None:
            return self.inner.read(path, start, length)
        stop = header.length if length is None else min(header.length, start + length)
        cipher = self._cipher(path, header)
        return self._pieces(path, header, cipher, start, stop)

    def delete(self, path: str) -> None:
        """See Store.delete."""
        self.inner.delete(path)

    def rewrap(self, path: str, scratch: Path) -> str | None:
        """Wraps the file's key with the active key; returns that key's id, None for a file that is not encrypted.

        ``scratch`` is a folder for the copy that replaces the file.
        """
        header = self._header(path)
        if header is None or header.key_id == self.ring.active:
            return None if header is None else header.key_id
        file_key = self._unwrap(path, header)
        fresh = _Header(self.ring.active, self._wrap(self.ring.active, file_key, path), header.length)
        copy = scratch / path.rsplit("/", 1)[-1]
        try:
            with copy.open("wb") as writing:
                writing.write(fresh.packed())
                for piece in self.inner.read(path, _HEADER.size):
                    writing.write(piece)
            self.inner.put(path, copy)
        finally:
            copy.unlink(missing_ok=True)
        return fresh.key_id

    def _header(self, path: str) -> _Header | None:
        head = b"".join(self.inner.read(path, 0, _HEADER.size))
        if head[:4] != MAGIC:
            return None
        if len(head) < _HEADER.size:
            raise Tampered
        _, key_id, wrapped, length = _HEADER.unpack(head)
        return _Header(key_id.decode("ascii", "replace"), wrapped, length)

    def _pieces(self, path: str, header: _Header, cipher: Cipher, start: int, stop: int) -> Iterator[bytes]:
        if start >= stop:
            return
        first, last = start // PIECE, (stop - 1) // PIECE
        at = _HEADER.size + first * (PIECE + TAG_BYTES)
        raw = _Regrouped(self.inner.read(path, at, (last - first + 1) * (PIECE + TAG_BYTES)))
        for number in range(first, last + 1):
            try:
                plain = cipher.open(_nonce(number), raw.take(PIECE + TAG_BYTES), _context(path, header, number))
            except WrongKey as error:
                raise Tampered from error
            yield plain[max(0, start - number * PIECE) : stop - number * PIECE]

    def _cipher(self, path: str, header: _Header) -> Cipher:
        return Cipher(self._unwrap(path, header))

    def _wrap(self, key_id: str, file_key: bytes, path: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + Cipher(self.ring.key(key_id)).seal(nonce, file_key, _name(path))

    def _unwrap(self, path: str, header: _Header) -> bytes:
        try:
            ring_key = self.ring.key(header.key_id)
        except KeyMissing as error:
            raise KeyAway from error
        try:
            return Cipher(ring_key).open(header.wrapped[:NONCE_BYTES], header.wrapped[NONCE_BYTES:], _name(path))
        except WrongKey as error:
            raise Tampered from error


class _Regrouped:
    """Pieces of any size, taken out in sizes of our choice."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def take(self, count: int) -> bytes:
        """``count`` bytes, fewer at the end."""
        while len(self._rest) < count and (piece := next(self._pieces, b"")):
            self._rest += piece
        taken, self._rest = self._rest[:count], self._rest[count:]
        return taken


def _name(path: str) -> bytes:
    """What a file is bound to: its name with the recording's id, not the folder it is filed in."""
    return path.rsplit("/", 1)[-1].encode("utf-8")


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE_BYTES, "big")


def _context(path: str, header: _Header, number: int) -> bytes:
    last = number == header.pieces - 1
    return MAGIC + struct.pack(">QQ?", number, header.length, last) + _name(path)
