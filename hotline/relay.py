"""Takes ticket events out of the outbox into the outside world, at least once.

An event is first given to the channels that carry it (:mod:`hotline.channels`); from then on each has a row of its own,
is tried again at growing distance, and is dead in the end, to be seen and tried anew by ``hotline outbox``.
"""

from __future__ import annotations

import smtplib
import urllib.error
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from hotline.channels import Channel, NotTaken
from ticketing import OutboxEvent, outbox_done, outbox_due, outbox_failed, outbox_split

Channels = Mapping[str, Channel]


def relay_step(sessions: sessionmaker[Session], channels: Channels, now: Callable[[], datetime]) -> bool:
    """Gives what is new to the channels and delivers what is due; True when there may be more at once."""
    with sessions.begin() as session:
        events = outbox_due(session, now())
    for event in events:
        if not event.channel:
            with sessions.begin() as session:
                ways = [
                    (name, more) for name, channel in channels.items() for more in channel.deliveries(session, event)
                ]
                outbox_split(session, event.outbox_id, ways, now())
            continue
        problem = _try(channels.get(event.channel), event)
        with sessions.begin() as session:
            if problem is None:
                outbox_done(session, event.outbox_id)
            else:
                outbox_failed(session, event.outbox_id, problem, now())
    return bool(events)


def _try(channel: Channel | None, event: OutboxEvent) -> str | None:
    """Why the delivery failed, without addresses (they may hold a key or be personal), or None."""
    if channel is None:
        return "this channel is not set up"
    try:
        channel.deliver(event)
    except urllib.error.HTTPError as error:
        return f"answer {error.code}"
    except NotTaken as error:
        return str(error)
    except smtplib.SMTPResponseException as error:
        return f"answer {error.smtp_code}"
    except (OSError, smtplib.SMTPException) as error:
        return type(error).__name__
    return None
