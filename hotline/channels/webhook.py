"""Every event as a signed POST to another system.

The receiver proves the sender by ``X-Hotline-Signature: sha256=<HMAC of the body>`` and recognises a repetition by
``X-Hotline-Event-Id``.  Bodies carry ids only; the receiver reads the ticket through the API.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from ticketing import OutboxEvent

TIMEOUT = 10.0  # seconds for one delivery


class Webhook:
    """Delivers by HTTP POST; anything but a 2xx answer is an OSError."""

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret.encode()

    def deliveries(self, _session: Session, _event: OutboxEvent) -> Sequence[Mapping[str, Any]]:
        """One for every event."""
        return [{}]

    def deliver(self, event: OutboxEvent) -> None:
        """Posts it."""
        body = json.dumps(
            {"event": event.event, "created_at": event.created_at.isoformat(), "body": dict(event.body)},
            ensure_ascii=False,
        ).encode()
        signature = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(  # noqa: S310 - the setting allows http and https only
            self._url,
            data=body,
            headers={
                "Content-Type": "application/json",
                "X-Hotline-Event-Id": str(event.outbox_id),
                "X-Hotline-Signature": f"sha256={signature}",
            },
        )
        urllib.request.urlopen(request, timeout=TIMEOUT).close()  # noqa: S310
