"""Takes ticket events out of the outbox into the outside world: a signed POST per event, at least once.

The receiver proves the sender by ``X-Hotline-Signature: sha256=<HMAC of the body>`` and recognises a repetition by
``X-Hotline-Event-Id``.  Bodies carry ids only; the receiver reads the ticket through the API.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from ticketing import OutboxEvent, outbox_done, outbox_due, outbox_failed

_TIMEOUT = 10.0  # seconds for one delivery

Deliver = Callable[[OutboxEvent], None]
"""Delivers one event or raises OSError."""


def nobody_listens(_event: OutboxEvent) -> None:
    """Used while no address is configured: every event counts as delivered."""


def webhook(url: str, secret: str) -> Deliver:
    """Delivers by HTTP POST; anything but a 2xx answer is an OSError."""

    def deliver(event: OutboxEvent) -> None:
        body = json.dumps(
            {"event": event.event, "created_at": event.created_at.isoformat(), "body": dict(event.body)},
            ensure_ascii=False,
        ).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(  # noqa: S310 - the setting allows http and https only
            url,
            data=body,
            headers={
                "Content-Type": "application/json",
                "X-Hotline-Event-Id": str(event.outbox_id),
                "X-Hotline-Signature": f"sha256={signature}",
            },
        )
        urllib.request.urlopen(request, timeout=_TIMEOUT).close()  # noqa: S310

    return deliver


def relay_step(sessions: sessionmaker[Session], deliver: Deliver, now: Callable[[], datetime]) -> bool:
    """Delivers what is due; True when there may be more at once."""
    with sessions.begin() as session:
        events = outbox_due(session, now())
    for event in events:
        problem = _try(deliver, event)
        with sessions.begin() as session:
            if problem is None:
                outbox_done(session, event.outbox_id)
            else:
                outbox_failed(session, event.outbox_id, problem, now())
    return bool(events)


def _try(deliver: Deliver, event: OutboxEvent) -> str | None:
    """Why the delivery failed, without the address (it may hold a key), or None."""
    try:
        deliver(event)
    except urllib.error.HTTPError as error:
        return f"answer {error.code}"
    except OSError as error:
        return type(error).__name__
    return None
