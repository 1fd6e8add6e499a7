"""The outbox relay against a real HTTP receiver: signed, repeated until taken, given up visibly."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from hotline import database, relay
from hotline.channels import Channel
from hotline.channels.webhook import Webhook
from tests.kit.http_receiver import Receiver, receiver  # noqa: F401
from tests.kit.tickets import engine  # noqa: F401
from ticketing import outbox_counts, outbox_page, outbox_retry
from ticketing.outbox import MAX_ATTEMPTS, put_all

pytestmark = pytest.mark.wire

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:  # noqa: F811
    made = database.sessions(engine)
    with made.begin() as session:
        put_all(session, [("ticket.created", {"ticket_id": "t-1"})], NOON)
    return made


def counts(sessions: sessionmaker[Session]) -> dict[str, int]:
    with sessions() as session:
        return outbox_counts(session)


def test_an_event_is_posted_once_with_a_signature_the_receiver_can_check(
    sessions: sessionmaker[Session],
    receiver: Receiver,  # noqa: F811
) -> None:
    channels: dict[str, Channel] = {"webhook": Webhook(receiver.url, "secret")}
    assert relay.relay_step(sessions, channels, lambda: NOON), "given to its channel"
    assert relay.relay_step(sessions, channels, lambda: NOON), "delivered"
    assert not relay.relay_step(sessions, channels, lambda: NOON)
    [(headers, body)] = receiver.posted
    expected = "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert headers["X-Hotline-Signature"] == expected
    assert json.loads(body)["body"] == {"ticket_id": "t-1"}
    assert counts(sessions) == {"waiting": 0, "done": 2, "dead": 0}, "what happened, and its delivery"


def test_a_refused_event_is_repeated_with_the_same_id(
    sessions: sessionmaker[Session],
    receiver: Receiver,  # noqa: F811
) -> None:
    channels: dict[str, Channel] = {"webhook": Webhook(receiver.url, "secret")}
    receiver.status = 503
    relay.relay_step(sessions, channels, lambda: NOON)
    relay.relay_step(sessions, channels, lambda: NOON)
    receiver.status = 200
    relay.relay_step(sessions, channels, lambda: NOON + timedelta(minutes=5))
    ids = [headers["X-Hotline-Event-Id"] for headers, _ in receiver.posted]
    assert len(ids) == 2
    assert ids[0] == ids[1]
    assert counts(sessions) == {"waiting": 0, "done": 2, "dead": 0}


def test_a_receiver_that_is_never_there_leaves_the_event_dead_and_visible(sessions: sessionmaker[Session]) -> None:
    closed = Receiver()
    closed.server_close()
    channels: dict[str, Channel] = {"webhook": Webhook(closed.url, "secret")}
    for day in range(MAX_ATTEMPTS + 1):
        relay.relay_step(sessions, channels, lambda day=day: NOON + timedelta(days=day))
    assert counts(sessions) == {"waiting": 0, "done": 1, "dead": 1}
    with sessions.begin() as session:
        [dead] = outbox_page(session, "dead", None, 10)
        assert (dead.event.channel, dead.event.attempts) == ("webhook", MAX_ATTEMPTS)
        assert dead.problem is not None
        assert "hidden" not in dead.problem
        assert outbox_retry(session, dead.event.outbox_id, NOON)
        assert not outbox_retry(session, dead.event.outbox_id, NOON)
    assert counts(sessions)["waiting"] == 1


def test_with_no_listener_nothing_piles_up(sessions: sessionmaker[Session]) -> None:
    relay.relay_step(sessions, {}, lambda: NOON)
    assert counts(sessions)["done"] == 1
