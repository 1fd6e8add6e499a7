"""A mail server for tests: one thread, STARTTLS with a certificate of its own, keeps what it is given."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SmtpServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a sending client needs (RFC 5321, RFC 3207)."""

    daemon_threads = True

    def __init__(self, certificate: Path, key: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate, key)
        self.mails: list[tuple[bool, list[str], bytes]] = []
        """Whether it came encrypted, to whom, and the message."""
        self.refuse = False
        """Answer every recipient with 451: try again later."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: SmtpServer

    def handle(self) -> None:
        self.encrypted, self.to = False, []  # type: list[str]
        self._say("220 test")
        while line := self.rfile.readline():
            word = line.decode("ascii", "replace").strip().upper()
            if word.startswith("EHLO"):
                self._say("250-test" if not self.encrypted else "250 test")
                if not self.encrypted:
                    self._say("250 STARTTLS")
            elif word == "STARTTLS":
                self._say("220 go on")
                self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                self.encrypted = True
            elif word.startswith("RCPT"):
                self.to.append(line.decode().partition("<")[2].partition(">")[0])
                self._say("451 later" if self.server.refuse else "250 ok")
            elif word == "DATA":
                self._data()
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _data(self) -> None:
        self._say("354 go on")
        body = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            body += line.removeprefix(b".") if line.startswith(b"..") else line
        self.server.mails.append((self.encrypted, list(self.to), body))
        self.to.clear()
        self._say("250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def smtp_server(certificate: Path, key: Path) -> Iterator[SmtpServer]:
    """A running server."""
    server = SmtpServer(certificate, key)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
