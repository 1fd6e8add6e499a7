"""From the database into the search index: changes, everything anew, interruption, and who may find what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

import ticketing as t
from hotline.database import build_engine, sessions
from ticketing import search_feed
from ticketing.search_feed import Feed, sight_of
from ticketing.search_index import SearchIndex

pytestmark = pytest.mark.unit
NOW = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
CENTRE = t.Viewer("op1")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sessionmaker[Session]]:
    engine = build_engine(f"sqlite:///{tmp_path / 't.sqlite'}")
    t.Base.metadata.create_all(engine)
    yield sessions(engine)
    engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "search" / "tickets"


def _create(db: sessionmaker[Session], title: str, **values: object) -> t.Ticket:
    with db.begin() as session:
        command = t.CreateTicket(idempotency_key=title, created_by="op1", title=title, **values)  # type: ignore[arg-type]
        made = t.create_ticket(session, command, NOW)
    assert isinstance(made, t.Ticket)
    return made


def _found(db: sessionmaker[Session], folder: Path, words: str, viewer: t.Viewer = CENTRE) -> list[str]:
    with db() as session:
        sight = sight_of(session, viewer)
    return [hit.ticket_id for hit in SearchIndex(folder).search(words, sight).hits]


def test_a_new_ticket_is_found_after_a_step_and_then_there_is_nothing_to_do(
    db: sessionmaker[Session], folder: Path
) -> None:
    ticket, feed = _create(db, "东湖路灯不亮"), Feed(db, folder)
    assert feed.step()
    assert not feed.step()
    assert _found(db, folder, "路灯") == [ticket.ticket_id]


def test_a_changed_ticket_is_found_by_its_new_words_only(db: sessionmaker[Session], folder: Path) -> None:
    ticket, feed = _create(db, "东湖路灯不亮"), Feed(db, folder)
    feed.step()
    with db.begin() as session:
        change = t.UpdateTicket(ticket.ticket_id, "op1", ticket.version, {"title": "东湖井盖丢失"})
        assert isinstance(t.update_ticket(session, change, NOW), t.Ticket)
    assert feed.step()
    assert _found(db, folder, "路灯") == []
    assert _found(db, folder, "井盖") == [ticket.ticket_id]


def test_a_worker_started_again_misses_nothing(db: sessionmaker[Session], folder: Path) -> None:
    _create(db, "东湖路灯不亮")
    Feed(db, folder).step()
    later = _create(db, "滨江停水")
    assert Feed(db, folder).step()
    assert _found(db, folder, "停水") == [later.ticket_id]


def test_what_was_said_in_the_call_is_searched(db: sessionmaker[Session], folder: Path) -> None:
    ticket = _create(db, "停水", contact_id="c1")
    Feed(db, folder, lambda _session, contacts: dict.fromkeys(contacts, "我家住在向阳花园")).step()
    assert _found(db, folder, "向阳花园") == [ticket.ticket_id]


def test_the_callers_name_and_number_are_not_searchable(db: sessionmaker[Session], folder: Path) -> None:
    _create(db, "停水", caller_name="欧阳某", caller_number="13800138000")
    Feed(db, folder).step()
    assert _found(db, folder, "欧阳某") == []
    assert _found(db, folder, "13800138000") == []


def test_a_declared_interest_holds_at_once(db: sessionmaker[Session], folder: Path) -> None:
    ticket = _create(db, "停水")
    Feed(db, folder).step()
    with db.begin() as session:
        t.declare_recusal(session, "op1", "ticket", ticket.ticket_id, "亲属", by="op1", now=NOW)
    assert _found(db, folder, "停水") == []
    assert _found(db, folder, "停水", t.Viewer("op2")) == [ticket.ticket_id]


def test_rebuilding_goes_on_where_it_was_stopped(
    db: sessionmaker[Session], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = [_create(db, f"停水{n}") for n in range(5)]
    monkeypatch.setattr(search_feed, "REBUILD_COMMIT", 2)
    told: list[tuple[int, int]] = []

    def stop_after_two(done: int, everything: int) -> None:
        told.append((done, everything))
        if done > 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Feed(db, folder).rebuild(stop_after_two)
    assert Feed(db, folder).rebuild(lambda *at: told.append(at)) == 5
    assert told == [(2, 5), (4, 5), (4, 5), (5, 5)]
    assert set(_found(db, folder, "停水")) == {ticket.ticket_id for ticket in tickets}
    assert Feed(db, folder).step()  # looks back a little way, and then is done
    assert len(SearchIndex(folder)) == 5


def test_an_office_without_tickets_gets_an_empty_index(db: sessionmaker[Session], folder: Path) -> None:
    assert Feed(db, folder).rebuild(lambda *_: None) == 0
    assert _found(db, folder, "停水") == []
