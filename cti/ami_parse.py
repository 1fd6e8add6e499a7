"""AMI text → events, without any socket: for captures, for the live link, for tests.

A stream is blocks of ``Header: value`` lines, each ended by an empty line; the greeting stands alone before the
first block.  CRLF and plain LF are both understood (captures pass through editors).  Headers that occur
several times (``ChanVariable``, ``Output``) are joined with a newline.  What is not a header is counted in
``junk`` and skipped; nothing raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MAX_BLOCK = 1 << 20
"""Bytes a block may grow to before it is thrown away: nothing Asterisk sends comes near it."""


class AmiParser:
    """Feed it bytes as they come; it hands back the complete messages."""

    def __init__(self) -> None:
        self._rest = b""
        self.junk = 0
        """Lines that were no header, and blocks that were too long."""

    def feed(self, data: bytes) -> list[dict[str, str]]:
        """The messages (events and responses) completed by ``data``, in order."""
        data = self._rest + data
        held = b""
        if data.endswith(b"\r"):  # the LF of this line end may come with the next bytes
            data, held = data[:-1], b"\r"
        blocks = data.replace(b"\r\n", b"\n").split(b"\n\n")
        self._rest = blocks.pop() + held
        if len(self._rest) > MAX_BLOCK:
            self._rest = b""
            self.junk += 1
        messages = []
        for block in blocks:
            message = self._message(block)
            if message:
                messages.append(message)
        return messages

    def close(self) -> list[dict[str, str]]:
        """The last message of a capture that was cut off inside its closing empty line."""
        rest, self._rest = self._rest, b""
        message = self._message(rest.replace(b"\r\n", b"\n"))
        return [message] if message else []

    def _message(self, block: bytes) -> dict[str, str]:
        lines = block.decode("utf-8", "replace").split("\n")
        pairs = [line.split(": ", 1) for line in lines]
        try:
            message = dict(pairs)
        except ValueError:  # a line without value or a line that is no header
            return self._careful(lines)
        if len(message) < len(pairs):
            message = {}
            for name, value in pairs:
                message[name] = f"{message[name]}\n{value}" if name in message else value
        return message

    def _careful(self, lines: list[str]) -> dict[str, str]:
        """The same for blocks with empty values or lines that are no headers."""
        message: dict[str, str] = {}
        for line in lines:
            name, colon, value = line.partition(":")
            name = name.strip()
            if not colon or not name or " " in name:
                if line and not line.startswith("Asterisk Call Manager/"):
                    self.junk += 1
                continue
            value = value.removeprefix(" ")
            message[name] = f"{message[name]}\n{value}" if name in message else value
        return message


def clean_event(raw: object) -> dict[str, str]:
    """An event from JSON or another library as a flat ``str → str`` mapping; empty for anything else."""
    if not isinstance(raw, Mapping):
        return {}
    return {str(key): _text(value) for key, value in raw.items()}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(_text(item) for item in value)
    return str(value)
