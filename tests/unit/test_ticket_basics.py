"""Registering, changing, listing: what the desk does with tickets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

import ticketing as t
from hotline.database import build_engine, sessions

pytestmark = pytest.mark.unit
NOW = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
CENTRE = t.Viewer("op1")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sessionmaker[Session]]:
    engine = build_engine(f"sqlite:///{tmp_path / 't.sqlite'}")
    t.Base.metadata.create_all(engine)
    yield sessions(engine)
    engine.dispose()


def command(key: str = "k1", **values: object) -> t.CreateTicket:
    return t.CreateTicket(**({"idempotency_key": key, "created_by": "op1", "title": "路灯不亮"} | values))  # type: ignore[arg-type]


def create(db: sessionmaker[Session], key: str = "k1", now: datetime = NOW, **values: object) -> t.Ticket:
    with db.begin() as session:
        made = t.create_ticket(session, command(key, **values), now)
    assert isinstance(made, t.Ticket)
    return made


def test_a_ticket_gets_the_local_days_next_number(db: sessionmaker[Session]) -> None:
    assert create(db, "a").number == "20260303-000001"  # 00:30 in China is the next day already
    assert create(db, "b").number == "20260303-000002"
    assert create(db, "c", NOW + timedelta(days=1)).number == "20260304-000001"


def test_the_same_key_registers_once(db: sessionmaker[Session]) -> None:
    first, second = create(db), create(db)
    assert first == second
    with db() as session:
        assert len(t.history(session, first.ticket_id)) == 1
        assert t.outbox_counts(session)["waiting"] == 1


def test_a_key_used_for_something_else_is_refused(db: sessionmaker[Session]) -> None:
    create(db)
    with db.begin() as session:
        answer = t.create_ticket(session, command(title="别的"), NOW)
    assert answer == t.Refused("idempotency_key_reused")


@pytest.mark.parametrize("text", ["𠮷野家'; DROP TABLE tkt_ticket;--", "a\u202eb\u0301\n\t🙂", "<script>"])
def test_any_text_comes_back_unchanged(db: sessionmaker[Session], text: str) -> None:
    made = create(db, title=text, text=text, place=text)
    with db() as session:
        again = t.get_ticket(session, made.ticket_id, CENTRE)
    assert again == made
    assert again is not None
    assert (again.title, again.text, again.place) == (text, text, text)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"title": " "}, "empty"),
        ({"title": "长" * 201}, "too_long"),
        ({"text": "a\x00b"}, "bad_character"),
        ({"text": "\ud800"}, "bad_character"),
        ({"kind": "riddle"}, "unknown_value"),
    ],
)
def test_what_cannot_be_kept_is_refused(db: sessionmaker[Session], values: dict[str, str], problem: str) -> None:
    with db.begin() as session:
        answer = t.create_ticket(session, command(**values), NOW)
    assert isinstance(answer, t.Refused)
    assert answer.detail["problem"] == problem


def test_the_second_of_two_savers_gets_both_versions(db: sessionmaker[Session]) -> None:
    made = create(db)
    with db.begin() as session:
        won = t.update_ticket(session, t.UpdateTicket(made.ticket_id, "op1", 1, {"place": "人民路"}), NOW)
    with db.begin() as session:
        lost = t.update_ticket(session, t.UpdateTicket(made.ticket_id, "op2", 1, {"place": "解放路"}), NOW)
    assert isinstance(won, t.Ticket)
    assert isinstance(lost, t.Conflict)
    assert (lost.current.place, lost.yours["place"], lost.current.version) == ("人民路", "解放路", 2)
    with db() as session:
        assert t.history(session, made.ticket_id)[-1].body["changed"] == {"place": ["", "人民路"]}


def test_pages_meet_without_gap_or_overlap(db: sessionmaker[Session]) -> None:
    made = [create(db, str(n), NOW + timedelta(seconds=n // 3)).ticket_id for n in range(10)]
    seen, cursor = [], None
    with db() as session:
        while True:
            page = t.list_tickets(session, t.TicketFilter(), CENTRE, cursor, limit=3)
            assert isinstance(page, t.Page)
            seen += [ticket.ticket_id for ticket in page.tickets]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert t.list_tickets(session, t.TicketFilter(), CENTRE, "garbage") == t.Refused("invalid_cursor")
    assert sorted(seen) == sorted(made)


def test_a_list_is_filtered(db: sessionmaker[Session]) -> None:
    create(db, "a", kind="inquiry", text="100%确定")
    create(db, "b", kind="help")
    with db() as session:
        found = t.list_tickets(session, t.TicketFilter(kind=("inquiry",)), CENTRE)
        percent = t.list_tickets(session, t.TicketFilter(q="0%确"), CENTRE)
        nothing = t.list_tickets(session, t.TicketFilter(status=("closed",)), CENTRE)
    assert [len(page.tickets) for page in (found, percent, nothing) if isinstance(page, t.Page)] == [1, 1, 0]


def test_a_caller_is_known_by_the_number(db: sessionmaker[Session]) -> None:
    made = create(db, caller_key="8613800138000", contact_id="call-1")
    create(db, "b")
    with db() as session:
        assert t.tickets_of_number(session, "8613800138000", CENTRE) == [made]
        assert t.tickets_of_number(session, "", CENTRE) == []
        assert t.tickets_of_contact(session, "call-1", CENTRE) == [made]


def test_a_draft_is_kept_and_guarded(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        first = t.save_draft(session, "a1", "c1", {"title": "路"}, 0, NOW)
        assert isinstance(first, t.Draft)
        second = t.save_draft(session, "a1", "c1", {"title": "路灯"}, first.version, NOW)
        late = t.save_draft(session, "a1", "c1", {"title": "别"}, first.version, NOW)
        assert isinstance(late, t.DraftConflict)
        assert late.current == second == t.get_draft(session, "a1", "c1")
        t.drop_draft(session, "a1", "c1")
        assert t.get_draft(session, "a1", "c1") is None


def test_an_event_goes_out_until_it_is_delivered(db: sessionmaker[Session]) -> None:
    create(db)
    with db.begin() as session:
        (event,) = t.outbox_due(session, NOW)
        assert t.outbox_due(session, NOW) == []
        t.outbox_failed(session, event.outbox_id, "no route", NOW)
        assert t.outbox_due(session, NOW + timedelta(seconds=9)) == []
        (again,) = t.outbox_due(session, NOW + timedelta(seconds=10))
        assert again.attempts == 2
        t.outbox_done(session, again.outbox_id)
        assert t.outbox_counts(session) == {"waiting": 0, "done": 1, "dead": 0}


def test_an_event_nobody_takes_is_seen_as_dead(db: sessionmaker[Session]) -> None:
    create(db)
    now = NOW
    with db.begin() as session:
        for _ in range(12):
            (event,) = t.outbox_due(session, now)
            t.outbox_failed(session, event.outbox_id, "refused", now)
            now += timedelta(hours=2)
        assert t.outbox_counts(session)["dead"] == 1


def test_the_demo_citys_words() -> None:
    words = t.load_dictionary(Path("cities/demo/tickets.toml"))
    assert {kind.code for kind in words.kinds} == set(t.KINDS)
    assert any(child.code == "construction/municipal/lights" for child in words.categories[0].children[0].children)
    assert {unit.parent for unit in words.units} - {None} <= {unit.unit_id for unit in words.units}
