"""The ports we need, whether they are free, and who sits on them (proc(5), ``/proc/net/tcp`` and ``udp``)."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hotline.settings import Settings

_LISTEN = "0A"  # a TCP socket's state in /proc/net/tcp


@dataclass(frozen=True)
class Port:
    """One port and the setting that moves it."""

    setting: str
    host: str
    number: int
    protocol: Literal["tcp", "udp"]
    program: str
    """The one of our programs that listens there."""

    def free(self) -> bool:
        """Whether we could listen there now."""
        kind = socket.SOCK_STREAM if self.protocol == "tcp" else socket.SOCK_DGRAM
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, kind) as trial:
            if self.protocol == "tcp":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((self.host, self.number))
            except OSError:
                return False
            return True

    def owner(self) -> str:
        """``pid 123 (name)`` of the process that listens there, as far as we may see it."""
        inodes = set(_inodes(self.protocol, self.number))
        for folder in Path("/proc").glob("[0-9]*"):
            if inodes & set(_socket_inodes(folder)):
                name = (folder / "comm").read_text("utf-8", "replace").strip()
                return f"pid {folder.name} ({name})"
        return "another process"


def needed(settings: Settings) -> list[Port]:
    """Every port that ``hotline up`` listens on, except the RTP range."""
    loopback, sip = "127.0.0.1", settings.bind_address
    return [
        Port("ami_port", loopback, settings.ami_port, "tcp", "asterisk"),
        Port("sip_port", sip, settings.sip_port, "udp", "asterisk"),
        Port("sip_port", sip, settings.sip_port, "tcp", "asterisk"),
        Port("asterisk_http_port", loopback, settings.asterisk_http_port, "tcp", "asterisk"),
        Port("asterisk_https_port", loopback, settings.asterisk_https_port, "tcp", "asterisk"),
        Port("sip_tls_port", sip, settings.sip_tls_port, "tcp", "asterisk"),
        Port("fastagi_port", loopback, settings.fastagi_port, "tcp", "ivr"),
        Port("ivr_metrics_port", loopback, settings.ivr_metrics_port, "tcp", "ivr"),
        Port("desk_port", settings.desk_host, settings.desk_port, "tcp", "desk"),
    ]


def _inodes(protocol: str, number: int) -> Iterator[str]:
    for table in (f"/proc/net/{protocol}", f"/proc/net/{protocol}6"):
        try:
            lines = Path(table).read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if int(fields[1].rpartition(":")[2], 16) == number and (protocol == "udp" or fields[3] == _LISTEN):
                yield fields[9]


def _socket_inodes(process: Path) -> Iterator[str]:
    try:
        handles = list((process / "fd").iterdir())
    except OSError:  # another user's process, or gone
        return
    for handle in handles:
        try:
            target = os.readlink(handle)
        except OSError:
            continue
        if target.startswith("socket:["):
            yield target[8:-1]
