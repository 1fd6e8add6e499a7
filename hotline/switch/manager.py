"""A few questions to AMI from a command or a start-up check: connect, ask, close.

The desk's lasting, asynchronous link is another matter (``cti.ami``); this one has no library, no thread and no
memory.
"""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

USER = "hotline"


class NoManager(Exception):
    """Asterisk does not answer on its AMI port, or refuses; the text says which."""


class Manager:
    """An open, logged-in AMI connection; made by :func:`manager`."""

    def __init__(self, stream: io.BufferedRWPair) -> None:
        self._stream = stream

    def ask(self, action: str, fields: Mapping[str, str] | None = None) -> dict[str, str]:
        """Sends an action and returns its response; raises :class:`NoManager` for ``Error`` or a lost connection."""
        lines = [f"Action: {action}", *(f"{name}: {value}" for name, value in (fields or {}).items())]
        if any(re.search(r"[\r\n]", line) for line in lines):
            raise ValueError("a line break in an AMI value would begin another action")
        self._stream.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        self._stream.flush()
        answer = next(message for message in self.messages() if "Response" in message)
        if answer["Response"] == "Error":
            raise NoManager(answer.get("Message", "refused"))
        return answer

    def messages(self) -> Iterator[dict[str, str]]:
        """Responses and events as they come; :class:`NoManager` when the connection ends or is silent too long."""
        while True:
            message: dict[str, str] = {}
            for line in self._lines():
                name, _, value = line.partition(":")
                message[name.strip()] = value.strip()
            if message:
                yield message

    def _lines(self) -> Iterator[str]:
        try:
            for raw in self._stream:
                line = raw.decode("utf-8", "replace").strip()
                if not line:
                    return
                yield line
        except OSError as problem:
            raise NoManager(str(problem)) from problem
        raise NoManager("the connection was closed")


@contextmanager
def manager(port: int, secret: str, *, events: bool = False, timeout: float = 5.0) -> Iterator[Manager]:
    """Connects and logs in.  Raises :class:`NoManager`; ``timeout`` seconds hold for each answer."""
    try:
        connection = socket.create_connection(("127.0.0.1", port), timeout)
    except OSError as problem:
        raise NoManager(f"nobody answers on AMI port {port}: {problem}") from problem
    with connection, connection.makefile("rwb") as stream:
        try:
            stream.readline()  # "Asterisk Call Manager/…"
            link = Manager(stream)
            link.ask("Login", {"Username": USER, "Secret": secret, "Events": "system" if events else "off"})
            yield link
        except OSError as problem:
            raise NoManager(str(problem)) from problem
