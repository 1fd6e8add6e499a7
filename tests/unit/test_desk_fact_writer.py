"""Facts into the call log: in order, none lost while the database is away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

import agent_desktop
import cti
import recordings
from cti.facts import CallAnswered, CallArrived, CallEnded, Fact
from hotline import fact_writer
from hotline.database import build_engine, sessions
from hotline.fact_writer import FactWriter
from recordings.tables import ContactNote

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def contact(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def story(number: int) -> list[Fact]:
    base = {"call_id": f"c{number}", "contact_id": contact(number)}
    at = NOW.timestamp() + number
    return [
        CallArrived(at=at, **base, channel="PJSIP/trunk-1", caller_number="13800138000"),  # type: ignore[arg-type]
        CallAnswered(at=at + 2, **base, channel="PJSIP/trunk-1", by="PJSIP/8001-1", agent_id="8001"),  # type: ignore[arg-type]
        CallEnded(at=at + 9, **base, reason="completed", answered=True, duration=9.0),  # type: ignore[arg-type]
    ]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    built = build_engine(f"sqlite:///{tmp_path / 'facts.sqlite'}")
    cti.Base.metadata.create_all(built)
    recordings.Base.metadata.create_all(built)
    agent_desktop.Base.metadata.create_all(built)
    yield built
    built.dispose()


@pytest.fixture
def database(engine: Engine) -> sessionmaker[Session]:
    return sessions(engine)


def names(database: sessionmaker[Session]) -> list[str]:
    with database() as session:
        return list(session.scalars(select(cti.FactRow.name).order_by(cti.FactRow.fact_id)))


def test_a_call_becomes_a_row_and_asks_for_its_recording(database: sessionmaker[Session]) -> None:
    writer = FactWriter(database, lambda: NOW)
    writer.start()
    for fact in story(1):
        writer.put(fact)
    assert writer.stop()
    with database() as session:
        row = cti.get_call(session, contact(1))
        assert row is not None
        assert (row.agent_id, row.talk_seconds, row.end_reason) == ("8001", 7.0, "completed")
        recording = recordings.find_for_contact(session, contact(1))
        assert session.get_one(ContactNote, contact(1)).result == "answered", "what retention rules ask for"
    assert [(one.state, one.started_at) for one in recording] == [
        ("waiting", datetime(2026, 3, 2, 4, 0, 1, tzinfo=UTC))
    ]


def test_calls_without_a_contact_of_ours_have_no_recording(database: sessionmaker[Session]) -> None:
    writer = FactWriter(database, lambda: NOW)
    writer.start()
    writer.put(CallArrived(at=1.0, call_id="x", channel="PJSIP/8001-1", caller_number="8001"))
    writer.put(CallEnded(at=2.0, call_id="x", contact_id="not-a-uuid", reason="completed", answered=True))
    writer.put(CallEnded(at=2.0, call_id="x", reason="completed", answered=True))
    assert writer.stop()
    assert names(database) == ["call_arrived", "call_ended", "call_ended"]


def test_order_is_kept_over_many_batches(database: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fact_writer, "BATCH", 7)
    writer = FactWriter(database, lambda: NOW)
    told = [fact for number in range(50) for fact in story(number)]
    for fact in told:
        writer.put(fact)
    writer.start()
    assert writer.stop(30)
    assert names(database) == [fact.name for fact in told]


def test_nothing_is_lost_or_doubled_while_the_database_is_away(
    engine: Engine, database: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fact_writer, "LONGEST_PAUSE", 0.01)
    tries, enough = 0, threading.Event()

    @event.listens_for(engine, "before_cursor_execute")
    def away(*_: object) -> None:
        nonlocal tries
        if not enough.is_set():
            tries += 1
            if tries == 5:
                enough.set()
            raise OperationalError("INSERT", None, Exception("away"))

    writer = FactWriter(database, lambda: NOW)
    writer.start()
    for fact in story(1):
        writer.put(fact)
    assert enough.wait(10)
    assert writer.stop()
    assert names(database) == ["call_arrived", "call_answered", "call_ended"]


def test_a_fact_the_database_refuses_does_not_stop_the_others(
    database: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = cti.record

    def refusing(session: Session, fact: Fact, now: datetime) -> bool:
        if isinstance(fact, CallAnswered):
            raise ValueError("no database takes this")
        return real(session, fact, now)

    monkeypatch.setattr(cti, "record", refusing)
    writer = FactWriter(database, lambda: NOW)
    for fact in [*story(1), *story(2)]:
        writer.put(fact)
    writer.start()
    assert writer.stop()
    assert names(database) == ["call_arrived", "call_ended"] * 2


def test_stopping_with_the_database_away_gives_up_in_time(engine: Engine, database: sessionmaker[Session]) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def away(*_: object) -> None:
        raise OperationalError("INSERT", None, Exception("away"))

    writer = FactWriter(database, lambda: NOW)
    writer.start()
    writer.put(story(1)[0])
    assert writer.stop(0.3) is False


def test_memory_has_an_end(database: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fact_writer, "ROOM", 2)
    writer = FactWriter(database, lambda: NOW)
    for fact in story(1):
        writer.put(fact)
    writer.start()
    assert writer.stop()
    assert names(database) == ["call_arrived", "call_answered"]
