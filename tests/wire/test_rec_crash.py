"""The table of crash points: kill -9 after every step, in the middle of a write, twice in a row, and the database too.

After recovery every recording is there exactly once, its bytes have the hash that the row gives, and nothing is
left in the spool, the work folder or the store that does not belong there.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

import ticketing
from hotline import migrations, resources
from hotline.caller_words import message_stored
from hotline.database import build_engine, sessions
from recordings import (
    LocalStore,
    StoreConfig,
    StoreUnavailable,
    copy_next,
    enqueue,
    find_for_contact,
    listening,
    open_audio,
    process_next,
)
from recordings.finaliser import STEPS
from recordings.store import sha256_of
from tests.kit.postgres import Postgres, postgres, tools_folder
from tests.kit.recordings import (
    contact,
    finished,
    lay,
    lay_call,
    make_config,
    make_database,
    now,
    stored_files,
    tone,
    wav_bytes,
)

pytestmark = pytest.mark.wire

Work = Callable[..., bool]
FORK = multiprocessing.get_context("fork")


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


class PowerCutStore(LocalStore):
    """Dies in the middle of writing one of the files."""

    def __init__(self, root: Path, victim: str) -> None:
        super().__init__(root)
        self.victim = victim

    def put(self, path: str, source: Path) -> str | None:
        if self.victim in path:
            target = self.local_path(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            content = source.read_bytes()
            target.with_name(target.name + ".partial").write_bytes(content[: len(content) // 2])
            die()
        return super().put(path, source)


def worker_that_dies(url: str, config: StoreConfig, at: str, hours: int, work: Work = process_next) -> None:
    """One worker in a process of its own, killed when it has passed the step ``at``."""

    def run() -> None:
        work(
            sessions(build_engine(url)),
            config,
            lambda: now() + timedelta(hours=hours),
            lambda step: die() if step == at else None,
        )

    process = FORK.Process(target=run)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def recover(db: sessionmaker[Session], config: StoreConfig) -> None:
    """A worker that comes later, when the leases of the dead have run out."""
    later = now() + timedelta(days=1)
    assert finished(db, config, lambda: later)


def assert_once_and_whole(db: sessionmaker[Session], config: StoreConfig, contact_id: str) -> None:
    with db() as session:
        (view,) = find_for_contact(session, contact_id)
        assert (view.state, view.problem, view.seconds) == ("ready", None, 1.0)
        original = open_audio(session, config.store, view.recording_id, "original")
        played = open_audio(session, config.store, view.recording_id)
    assert original is not None
    assert played is not None
    assert played.path.endswith(".webm")
    assert sha256_of(config.store, original.path) == original.sha256 == view.sha256
    assert sha256_of(config.store, played.path) == played.sha256
    assert len(stored_files(config)) == 3
    assert list(config.spool.iterdir()) == []
    assert list(config.work.iterdir()) == []


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    tools = tools_folder()
    if tools is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres(tools) as running:
        yield running


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'rec.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def either_url(request: pytest.FixtureRequest) -> str:
    """Of both kinds of database."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("url"))
    return str(request.getfixturevalue("server").url)


def recorded(db: sessionmaker[Session], config: StoreConfig) -> str:
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 1)), wav_bytes(tone(900, 1)))
    with db.begin() as session:
        enqueue(session, one, "call", now())
    return one


@pytest.mark.parametrize("step", STEPS)
def test_killed_after_each_step(either_url: str, config: StoreConfig, step: str) -> None:
    db = make_database(either_url)
    one = recorded(db, config)
    db.kw["bind"].dispose()
    worker_that_dies(either_url, config, step, 0)
    recover(db, config)
    assert_once_and_whole(db, config, one)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("stored", "stored"),
        ("stored", "committed"),
        ("committed", "dropped"),
        ("compared", "made"),
        ("read", "dropped"),
    ],
)
def test_killed_twice(either_url: str, config: StoreConfig, first: str, second: str) -> None:
    db = make_database(either_url)
    one = recorded(db, config)
    db.kw["bind"].dispose()
    worker_that_dies(either_url, config, first, 0)
    worker_that_dies(either_url, config, second, 12)
    recover(db, config)
    assert_once_and_whole(db, config, one)


@pytest.mark.parametrize("step", listening.STEPS)
def test_killed_while_the_listening_copy_is_made(either_url: str, config: StoreConfig, step: str) -> None:
    db = make_database(either_url)
    one = recorded(db, config)
    assert process_next(db, config, now)
    db.kw["bind"].dispose()
    worker_that_dies(either_url, config, step, 0, copy_next)
    if step != "done":
        finished(db, config, lambda: now() + timedelta(days=1))
    assert_once_and_whole(db, config, one)


@pytest.mark.parametrize("victim", ["orig.flac", ".webm", "peaks.json"])
def test_killed_in_the_middle_of_a_write(url: str, config: StoreConfig, tmp_path: Path, victim: str) -> None:
    db = make_database(url)
    one = recorded(db, config)
    db.kw["bind"].dispose()
    dying = make_config(tmp_path, store=PowerCutStore(tmp_path / "store", victim))
    if victim == ".webm":
        assert process_next(db, config, now)
        db.kw["bind"].dispose()
    worker_that_dies(url, dying, "never reached", 0, copy_next if victim == ".webm" else process_next)
    recover(db, config)
    assert_once_and_whole(db, config, one)


class AwayStore(LocalStore):
    """A store that is gone after a number of its own operations, as a share whose server was killed."""

    def __init__(self, root: Path, operations: int) -> None:
        super().__init__(root)
        self.left = operations

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise StoreUnavailable("store_unreachable")

    def put(self, path: str, source: Path) -> str | None:
        self._count()
        return super().put(path, source)

    def read(self, path: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        self._count()
        return super().read(path, start, length)

    def delete(self, path: str) -> None:
        self._count()
        super().delete(path)


@pytest.mark.parametrize("operations", range(8))
def test_the_store_is_killed_at_each_of_its_operations(
    url: str, config: StoreConfig, tmp_path: Path, operations: int
) -> None:
    """Two writes, two reads, deletions of earlier attempts: the spool stays until all of it has been done."""
    db = make_database(url)
    one = recorded(db, config)
    away = make_config(tmp_path, store=AwayStore(tmp_path / "store", operations))
    process_next(db, away, now)
    with db() as session:
        (view,) = find_for_contact(session, one)
    assert (view.state == "ready") is (operations >= 4)
    if view.state != "ready":
        assert view.problem == "store_unreachable"
        assert len(list(config.spool.iterdir())) == 2
    recover(db, config)
    assert_once_and_whole(db, config, one)


def message(db: sessionmaker[Session], config: StoreConfig) -> str:
    """A voice message of two takes, whose call is over."""
    one = contact()
    for take, pitch in ((1, 400), (2, 700)):
        lay(config.voicemail_spool, f"{one}-{take}.wav", wav_bytes(tone(pitch, take)))
    with db.begin() as session:
        enqueue(session, one, "voicemail", now())
    return one


@pytest.mark.parametrize("step", STEPS)
def test_a_voice_message_becomes_work_once_whenever_the_worker_is_killed(url: str, tmp_path: Path, step: str) -> None:
    """The piece of work is written in the transaction that makes the recording: both are there, or neither."""
    engine = build_engine(url)
    migrations.upgrade(engine)
    db = sessions(engine)
    pack = ticketing.load_rulepack(resources.cities() / "demo")
    assert isinstance(pack, ticketing.RulePack)
    config = make_config(tmp_path, stored=message_stored(ticketing.OfficeDesk(pack).current))
    one = message(db, config)
    engine.dispose()
    worker_that_dies(url, config, step, 0)
    with db() as session:
        (view,) = find_for_contact(session, one)
        assert len(ticketing.list_voicemail(session)) == (view.state == "ready")
    if step != "done":
        recover(db, config)
    with db() as session:
        (view,) = find_for_contact(session, one)
        (work,) = ticketing.list_voicemail(session)
    assert (work.voicemail_id, work.contact_id, view.seconds) == (view.recording_id, one, 2.0)
    assert list(config.voicemail_spool.iterdir()) == []


@pytest.mark.parametrize("step", STEPS)
def test_the_database_is_killed_after_each_step(server: Postgres, config: StoreConfig, step: str) -> None:
    db = make_database(server.url)
    one = recorded(db, config)

    def cut(passed: str) -> None:
        if passed == step:
            server.kill()

    try:
        process_next(db, config, now, cut)
    except OperationalError:
        assert step != "done"
    server.start()
    db.kw["bind"].dispose()
    recover(db, config)
    assert_once_and_whole(db, config, one)
