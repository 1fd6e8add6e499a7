"""The outbox relay against a real HTTP receiver: signed, repeated until taken, given up visibly."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from hotline import database, relay
from ticketing import Base, outbox_counts
from ticketing.outbox import MAX_ATTEMPTS, put_all

pytestmark = pytest.mark.wire

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


class Receiver(ThreadingHTTPServer):
    """Keeps what was posted; answers ``status``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.posted: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/events?key=hidden"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def sessions(tmp_path: Any) -> sessionmaker[Session]:
    engine = database.build_engine(f"sqlite:///{tmp_path}/t.sqlite")
    Base.metadata.create_all(engine)
    made = database.sessions(engine)
    with made.begin() as session:
        put_all(session, [("ticket.created", {"ticket_id": "t-1"})], NOON)
    return made


def counts(sessions: sessionmaker[Session]) -> dict[str, int]:
    with sessions() as session:
        return outbox_counts(session)


def test_an_event_is_posted_once_with_a_signature_the_receiver_can_check(
    sessions: sessionmaker[Session], receiver: Receiver
) -> None:
    deliver = relay.webhook(receiver.url, "secret")
    assert relay.relay_step(sessions, deliver, lambda: NOON)
    assert not relay.relay_step(sessions, deliver, lambda: NOON)
    [(headers, body)] = receiver.posted
    expected = "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert headers["X-Hotline-Signature"] == expected
    assert json.loads(body)["body"] == {"ticket_id": "t-1"}
    assert counts(sessions)["done"] == 1


def test_a_refused_event_is_repeated_with_the_same_id(sessions: sessionmaker[Session], receiver: Receiver) -> None:
    deliver = relay.webhook(receiver.url, "secret")
    receiver.status = 503
    relay.relay_step(sessions, deliver, lambda: NOON)
    receiver.status = 200
    relay.relay_step(sessions, deliver, lambda: NOON + timedelta(minutes=5))
    ids = [headers["X-Hotline-Event-Id"] for headers, _ in receiver.posted]
    assert len(ids) == 2
    assert ids[0] == ids[1]
    assert counts(sessions) == {"waiting": 0, "done": 1, "dead": 0}


def test_a_receiver_that_is_never_there_leaves_the_event_dead_and_visible(sessions: sessionmaker[Session]) -> None:
    closed = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    url = f"http://127.0.0.1:{closed.server_port}/"
    closed.server_close()
    for day in range(MAX_ATTEMPTS):
        relay.relay_step(sessions, relay.webhook(url, "secret"), lambda day=day: NOON + timedelta(days=day))
    assert counts(sessions) == {"waiting": 0, "done": 0, "dead": 1}


def test_with_no_listener_nothing_piles_up(sessions: sessionmaker[Session]) -> None:
    relay.relay_step(sessions, relay.nobody_listens, lambda: NOON)
    assert counts(sessions)["done"] == 1
