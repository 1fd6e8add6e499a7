"""E-mail through the office's own mail server."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from ticketing import Notice

TIMEOUT = 20.0  # seconds for one delivery


@dataclass(frozen=True)
class MailServer:
    """How to reach it.  ``security``: ``starttls``, ``tls`` from the first byte, or ``none`` (same machine only)."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = ""
    context: ssl.SSLContext | None = None
    """Which certificates are believed; None: those the system believes."""

    def send(self, notice: Notice, message_id: int) -> None:
        """Hands it to the server, or raises OSError or SMTPException.  Sent again, it has the same Message-ID."""
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self.sender, notice.to, notice.subject
        message["Date"] = formatdate()
        message["Message-ID"] = f"<hotline-{message_id}@{self.sender.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(notice.text)
        with self._connected() as server:
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)

    def _connected(self) -> smtplib.SMTP:
        context = self.context or ssl.create_default_context()
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        if self.security == "starttls":
            server.starttls(context=context)
        return server


def address(text: str) -> bool:
    """Whether this can be an e-mail address; one that cannot would be refused for ever."""
    name, _, host = text.partition("@")
    return bool(name) and "." in host and text.isascii() and not any(one in text for one in " \r\n,;<>")
