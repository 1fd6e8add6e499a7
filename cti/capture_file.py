"""Captured AMI streams: reading them back, and masking whom they are about while they are written."""

from __future__ import annotations

import codecs
import itertools
import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from cti.ami_parse import AmiParser, clean_event

CHUNK = 1 << 16


class BadCapture(ValueError):
    """The file is broken from here on; everything before was delivered."""


def read_events(file: BinaryIO) -> Iterator[dict[str, str]]:
    """The events of a capture, as they are read: raw AMI text, a JSON array of events, or JSON one event a line.

    Which of them it is shows in the first character.  Of a big file only a part is in memory at any time.
    BadCapture when JSON is broken or cut off; raw text is never broken, it is only read past.
    """
    first = _more(file)
    while first and not first.lstrip(codecs.BOM_UTF8 + b" \t\r\n"):
        first = _more(file)
    first = first.lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    chunks = itertools.chain([first], iter(lambda: _more(file), b""))
    if first[:1] in (b"[", b"{"):
        yield from _read_json(chunks)
    else:
        yield from _read_text(chunks)


def _more(file: BinaryIO) -> bytes:
    """Bytes as soon as there are any, so that a pipe is followed live."""
    read = getattr(file, "read1", file.read)
    found = read(CHUNK)
    return found if isinstance(found, bytes) else b""


def _read_text(chunks: Iterator[bytes]) -> Iterator[dict[str, str]]:
    parser = AmiParser()
    messages = 0
    for chunk in chunks:
        for message in parser.feed(chunk):
            messages += 1
            if "Event" in message:
                yield message
    for message in parser.close():
        messages += 1
        if "Event" in message:
            yield message
    if parser.junk and not messages:
        raise BadCapture("neither AMI text nor JSON")


def _read_json(chunks: Iterator[bytes]) -> Iterator[dict[str, str]]:
    """Objects one after the other, whatever separates them: an array's commas or line ends."""
    decoder = json.JSONDecoder()
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    text, done = "", 0
    for chunk in chunks:
        text += decode(chunk)
        while True:
            start = _next_object(text, done)
            if start < 0:
                text, done = "", 0
                break
            try:
                found, end = decoder.raw_decode(text, start)
            except (json.JSONDecodeError, RecursionError):
                text, done = text[start:], 0
                break
            done = end
            yield clean_event(found)
        if len(text) > 64 * CHUNK and not done:
            raise BadCapture("not JSON: " + _where(text))
    if text.strip(" \t\r\n,[]"):
        raise BadCapture("broken or cut off: " + _where(text))


def _next_object(text: str, begin: int) -> int:
    """Where the next object starts; -1 when only separators are left."""
    found = re.compile(r"[^\s,\[\]]").search(text, begin)
    return found.start() if found else -1


def _where(text: str) -> str:
    return f"no complete JSON object in the last {len(text)} characters"


# Not the tail of a channel's name, not a Uniqueid, not the head of a UUID.
_NUMBER = re.compile(rb"(?<![0-9A-Za-z.-])(\+?[0-9]{7,15})(?![0-9A-Za-z]|\.[0-9]|-[0-9a-f]{4}-)")
_KEPT = re.compile(rb"^\w*(Uniqueid|Linkedid|ActionID|Timestamp|BridgeId|SystemName)\s*:", re.IGNORECASE)
# As people write them: 138-0013-8000, 138 0013 8000, 0571-8888 6666; joined before they are masked.
_APART = re.compile(
    rb"(?<![0-9A-Za-z.-])(?:\+86[ -]?)?(?:1[3-9][0-9][ -][0-9]{4}[ -][0-9]{4}|0[0-9]{2,3}[ -][0-9]{3,4}[ -]?[0-9]{4})"
    rb"(?![0-9A-Za-z-])"
)
_NAME = re.compile(rb"^(\w*(?:CallerIDName|ConnectedLineName|MemberName|Caller[0-9]Name)): (.*)$", re.DOTALL)
_QUOTED = re.compile(rb'(?<=")[^"<>]+(?=" *<)')
"""The name in ``"Name" <number>``, as ``CallerID`` has it."""
_NOBODY = (b"", b"<unknown>", b"unknown")
_AGENT = re.compile(rb"[0-9]{1,6}|PJSIP/[0-9]{1,6}")
"""What a queue's member is named after here: no personal data, and the replay goes by it."""


class Mask:
    """Replaces telephone numbers and names in an AMI stream, each by the same stand-in wherever it occurs.

    A number keeps its length and its first three digits, so that a mobile number stays one; extensions (under
    seven digits) are no personal data and stay.  Line ends and everything else are kept byte for byte.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._numbers: dict[bytes, bytes] = {}
        self._names: dict[bytes, bytes] = {}

    def feed(self, data: bytes) -> bytes:
        """The masked form of all lines completed by ``data``."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        return b"".join(self._line(line) + b"\n" for line in lines)

    def close(self) -> bytes:
        """What is left of a last line without an end."""
        rest, self._rest = self._rest, b""
        return self._line(rest)

    def _line(self, line: bytes) -> bytes:
        if _KEPT.match(line):
            return line
        name = _NAME.match(line.rstrip(b"\r"))
        if name is not None and name[2] not in _NOBODY and not _AGENT.fullmatch(name[2]):
            return name[1] + b": " + self._stand_in(name[2]) + line[len(line.rstrip(b"\r")) :]
        line = _QUOTED.sub(lambda found: self._stand_in(found[0]), line)
        line = _APART.sub(lambda found: re.sub(rb"[ -]", b"", found[0]), line)
        return _NUMBER.sub(self._number, line)

    def _stand_in(self, name: bytes) -> bytes:
        return self._names.setdefault(name, b"Name %d" % (len(self._names) + 1))

    def _number(self, found: re.Match[bytes]) -> bytes:
        digits = found[1]
        prefix, core = digits[:-11], digits[-11:]
        if core.startswith(b"+"):
            prefix, core = prefix + b"+", core[1:]
        if core not in self._numbers:
            count = b"%0*d" % (len(core) - 3, len(self._numbers) + 1)
            self._numbers[core] = core[:3] + count[-(len(core) - 3) :]
        return prefix + self._numbers[core]
