"""Users, passwords, throttled log-in, sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from agent_desktop import accounts, throttle
from agent_desktop.accounts import BadAccount, LoggedIn, LoginRefused
from agent_desktop.tables import Base, SessionRow, UserRow
from hotline.database import build_engine, sessions

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PASSWORD = "correct-horse-battery"
HERE = "198.51.100.7"


@pytest.fixture(autouse=True)
def _quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real cost would make these tests last a minute; it is a number, not logic."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", quick)
    monkeypatch.setattr(accounts, "_nobody", quick.hash("nobody"))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sessionmaker[Session]]:
    engine = build_engine(f"sqlite:///{tmp_path / 'users.sqlite'}")
    Base.metadata.create_all(engine)
    made = sessions(engine)
    with made.begin() as session:
        accounts.add_user(
            session, username="Wang.Min", password=PASSWORD, display_name="王敏", roles=["agent"], now=NOW
        )
    yield made
    engine.dispose()


def log_in(
    database: sessionmaker[Session], password: str = PASSWORD, *, at: datetime = NOW, name: str = "wang.min"
) -> LoggedIn | LoginRefused:
    return accounts.log_in(database, name, password, HERE, at)


def test_a_right_password_opens_a_session(database: sessionmaker[Session]) -> None:
    result = log_in(database)
    assert isinstance(result, LoggedIn)
    with database() as session:
        found = accounts.who_is(session, accounts.hash_token(result.token), NOW)
    assert found is not None
    assert found[0].display_name == "王敏"


@pytest.mark.parametrize("name", ["WANG.MIN", " wang.min ", "ｗａｎｇ．ｍｉｎ"])
def test_a_name_is_the_same_however_it_is_typed(database: sessionmaker[Session], name: str) -> None:
    assert isinstance(log_in(database, name=name), LoggedIn)


@pytest.mark.parametrize(
    ("name", "password"),
    [("wang.min", "wrong"), ("nobody", PASSWORD), ("", ""), ("a b", "x"), ("wang.min", "\ud800"), ("\ud800", "x")],
)
def test_a_wrong_log_in_is_refused_without_a_reason(database: sessionmaker[Session], name: str, password: str) -> None:
    assert log_in(database, password, name=name) == LoginRefused()


def test_neither_password_nor_token_is_stored(database: sessionmaker[Session]) -> None:
    result = log_in(database)
    assert isinstance(result, LoggedIn)
    with database() as session:
        password_hash = session.scalars(select(UserRow.password_hash)).one()
        token_hash = session.scalars(select(SessionRow.token_hash)).one()
    assert PASSWORD not in password_hash
    assert result.token not in token_hash


def test_failures_cost_more_and_more_waiting(database: sessionmaker[Session]) -> None:
    for _ in range(accounts.FREE_FAILURES):
        assert log_in(database, "wrong") == LoginRefused()
    waits = []
    at = NOW
    for _ in range(4):
        refused = log_in(database, "wrong", at=at)
        assert isinstance(refused, LoginRefused)
        assert refused.retry_after is not None
        waits.append(refused.retry_after)
        at += refused.retry_after
        assert log_in(database, "wrong", at=at) == LoginRefused()
    assert waits == [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8)]


def test_waiting_ends_at_a_quarter_of_an_hour_and_a_right_password_forgives(database: sessionmaker[Session]) -> None:
    at = NOW
    for _ in range(40):
        refused = log_in(database, "wrong", at=at)
        assert isinstance(refused, LoginRefused)
        assert (refused.retry_after or timedelta(0)) <= throttle.LONGEST_WAIT
        at += refused.retry_after or timedelta(0)
        if refused.retry_after == throttle.LONGEST_WAIT:
            break
    else:
        pytest.fail("the wait never reached its limit")
    assert isinstance(log_in(database, at=at), LoggedIn)
    assert log_in(database, "wrong", at=at) == LoginRefused()


def test_a_stranger_elsewhere_does_not_lock_anybody_out(database: sessionmaker[Session]) -> None:
    for _ in range(accounts.FREE_FAILURES + 1):
        accounts.log_in(database, "wang.min", "wrong", "203.0.113.9", NOW)
    assert isinstance(log_in(database), LoggedIn)


def test_one_address_cannot_try_many_names(database: sessionmaker[Session]) -> None:
    for number in range(10 * accounts.FREE_FAILURES):
        assert log_in(database, "wrong", name=f"user{number}") == LoginRefused()
    refused = log_in(database, name="wang.min")
    assert isinstance(refused, LoginRefused)
    assert refused.retry_after


@pytest.mark.parametrize(
    ("after", "alive"),
    [
        (accounts.SESSION_IDLE - timedelta(seconds=1), True),
        (accounts.SESSION_IDLE + timedelta(seconds=1), False),
    ],
)
def test_an_unused_session_ends(database: sessionmaker[Session], after: timedelta, alive: bool) -> None:
    result = log_in(database)
    assert isinstance(result, LoggedIn)
    with database() as session:
        assert (accounts.who_is(session, accounts.hash_token(result.token), NOW + after) is not None) is alive


def test_no_use_keeps_a_session_beyond_its_life(database: sessionmaker[Session]) -> None:
    result = log_in(database)
    assert isinstance(result, LoggedIn)
    token_hash = accounts.hash_token(result.token)
    at = NOW
    while at < NOW + accounts.SESSION_LIFE - timedelta(hours=1):
        at += timedelta(hours=1)
        with database.begin() as session:
            assert accounts.who_is(session, token_hash, at) is not None
            accounts.note_use(session, token_hash, at)
    with database() as session:
        assert accounts.who_is(session, token_hash, NOW + accounts.SESSION_LIFE) is None


def test_a_new_password_ends_all_sessions(database: sessionmaker[Session]) -> None:
    result = log_in(database)
    assert isinstance(result, LoggedIn)
    with database.begin() as session:
        accounts.set_password(session, "wang.min", "another-password")
    with database() as session:
        assert accounts.who_is(session, accounts.hash_token(result.token), NOW) is None
    assert log_in(database) == LoginRefused()
    assert isinstance(log_in(database, "another-password"), LoggedIn)


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("wang.min", PASSWORD),
        ("WANG.min", PASSWORD),
        ("two words", PASSWORD),
        ("", PASSWORD),
        ("x" * 65, PASSWORD),
        ("li", "short"),
        ("li", "x" * 257),
        ("li", "\ud800" * 9),
    ],
)
def test_an_unusable_account_is_refused(database: sessionmaker[Session], username: str, password: str) -> None:
    with pytest.raises(BadAccount), database.begin() as session:
        accounts.add_user(session, username=username, password=password, display_name="", roles=[], now=NOW)


def test_generated_passwords_can_be_read_aloud() -> None:
    made = {accounts.generate_password() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("01ilo")
    assert all(len(password) == 19 for password in made)
