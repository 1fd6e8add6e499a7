"""Ways out of the house for events: a signed web call, text messages, e-mail; each is set up by settings or missing.

A channel says which deliveries an event needs and carries one out; it raises OSError, SMTPException or
:class:`NotTaken` when it could not, and is then asked again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy.orm import Session

from ticketing import OutboxEvent


class NotTaken(Exception):
    """The other side answered, but did not take it; the text holds nothing personal."""


class Channel(Protocol):
    """One way out."""

    def deliveries(self, session: Session, event: OutboxEvent) -> Sequence[Mapping[str, Any]]:
        """What has to go out by this channel because of a new event: what each delivery needs besides the event."""

    def deliver(self, event: OutboxEvent) -> None:
        """Carries one out, or raises."""
