"""The queue of recordings, on both databases: asked for, found, waited for, shared, taken over; and hostile ids."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from recordings import (
    InvalidContact,
    NotInStore,
    StoreConfig,
    enqueue,
    file_path,
    find_for_contact,
    find_for_contacts,
    get_recording,
    open_audio,
    peaks,
    process_next,
    sweep_spool,
    transcript,
    work,
)
from tests.kit.postgres import shared_postgres
from tests.kit.recordings import (
    contact,
    lay,
    lay_call,
    make_database,
    now,
    stored_files,
    tone,
    wav_bytes,
)

pytestmark = pytest.mark.wire

Sessions = sessionmaker[Session]


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Sessions:
    if request.param == "sqlite":
        return make_database(f"sqlite:///{tmp_path / 'rec.sqlite'}")
    return make_database(shared_postgres().database("recordings"))


def asked(db: Sessions, contact_id: str, kind: str = "call", **more: object) -> str:
    with db.begin() as session:
        return enqueue(session, contact_id, kind, now(), **more)  # type: ignore[arg-type]


def test_a_file_that_still_grows_is_waited_for(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    path = config.spool / f"{one}-rx.wav"
    with path.open("wb") as writer:
        writer.write(wav_bytes(tone(400, 2), declared=0))
        writer.flush()
        recording = asked(db, one)
        assert process_next(db, config, now)
        assert not process_next(db, config, now)  # not due before its pause is over
        with db() as session:
            view = get_recording(session, recording)
        assert view is not None
        assert (view.state, view.problem) == ("waiting", None)
    lay_call(config, one, wav_bytes(tone(400, 3)), None)
    assert process_next(db, config, lambda: now() + timedelta(seconds=5))
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    assert (view.state, view.seconds) == ("ready", 3.0)


def test_a_call_that_was_never_recorded_is_said_so_and_taken_up_when_the_file_comes(
    db: Sessions, config: StoreConfig
) -> None:
    one = contact()
    recording = asked(db, one)
    process_next(db, config, now)
    process_next(db, config, lambda: now() + timedelta(seconds=90))
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    assert (view.state, view.problem) == ("failed", "no_audio")
    lay_call(config, one, wav_bytes(tone(400, 3)), wav_bytes(tone(900, 3)))
    with db.begin() as session:
        assert sweep_spool(session, config.folders(), now()) == [recording]
    process_next(db, config, now)
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    assert view.state == "ready"


def test_a_spool_that_is_not_mounted_is_no_reason_to_give_up(db: Sessions, config: StoreConfig) -> None:
    recording = asked(db, contact())
    config.spool.rmdir()
    process_next(db, config, lambda: now() + timedelta(minutes=5))
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    assert (view.state, view.problem) == ("waiting", "spool_missing")


def test_asking_twice_gives_one_recording(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 3)), wav_bytes(tone(900, 3)))
    first = asked(db, one, call_over=False)
    assert asked(db, one, expected_seconds=60.0) == first
    process_next(db, config, now)
    assert asked(db, one) == first
    assert not process_next(db, config, now)
    with db() as session:
        (view,) = find_for_contact(session, one)
        assert view.alarms == ("shorter_than_call",)
        assert find_for_contacts(session, [one, contact()]) == {one: [view]}


def test_the_sweep_finds_what_nobody_asked_for(db: Sessions, config: StoreConfig) -> None:
    ended, orphan, live, letter = (contact() for _ in range(4))
    lay_call(config, ended, wav_bytes(tone(400, 2)), wav_bytes(tone(900, 2)))
    lay_call(config, orphan, wav_bytes(tone(400, 2), declared=0), None, rested=3600)
    lay_call(config, live, wav_bytes(tone(400, 2), declared=0), None, rested=60)
    lay(config.voicemail_spool, f"{letter}-1.wav", wav_bytes(tone(400, 2)), rested=3600)
    lay(config.spool, "; rm -rf ~.wav", b"x")
    with db.begin() as session:
        assert len(sweep_spool(session, config.folders(), now())) == 3
    with db.begin() as session:
        assert sweep_spool(session, config.folders(), now()) == []
        assert find_for_contact(session, live) == []
        assert find_for_contact(session, letter)[0].kind == "voicemail"
    with db.begin() as session:  # whoever knows the calls says that this one is over
        found = sweep_spool(session, config.folders(), now(), lambda _s, one: one == live)
        assert len(found) == 1
    while process_next(db, config, now):
        pass
    assert [path.name for path in config.spool.iterdir()] == ["; rm -rf ~.wav"]


def test_a_second_recording_of_the_same_call_becomes_part_two(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    for _ in range(2):
        lay_call(config, one, wav_bytes(tone(400, 2)), wav_bytes(tone(900, 2)))
        with db.begin() as session:
            assert len(sweep_spool(session, config.folders(), now())) == 1
        process_next(db, config, now)
    with db() as session:
        views = find_for_contact(session, one)
    assert [(view.part, view.state) for view in views] == [(1, "ready"), (2, "ready")]
    assert len(stored_files(config)) == 4


def test_a_spool_file_that_changed_after_it_was_stored_is_not_dropped(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 2)), wav_bytes(tone(900, 2)))
    asked(db, one)

    def write_on(step: str) -> None:
        if step == "committed":
            lay_call(config, one, wav_bytes(tone(400, 9)), None)

    process_next(db, config, now, write_on)
    assert [path.name for path in config.spool.iterdir()] == [f"{one}-rx.wav"]
    with db.begin() as session:
        assert len(sweep_spool(session, config.folders(), now())) == 1
    process_next(db, config, now)
    with db() as session:
        assert [view.seconds for view in find_for_contact(session, one)] == [2.0, 9.0]


def test_four_workers_share_the_work_and_do_everything_once(db: Sessions, config: StoreConfig) -> None:
    for _ in range(6):
        one = contact()
        lay_call(config, one, wav_bytes(tone(400, 0.5)), wav_bytes(tone(900, 0.5)))
        asked(db, one)
    done: list[str] = []

    def work() -> None:
        while process_next(db, config, now, lambda step: done.append(step)):
            pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done.count("committed") == 6
    assert done.count("done") == 6
    assert len(stored_files(config)) == 12


def test_a_worker_that_lost_its_lease_changes_nothing(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 1)), wav_bytes(tone(900, 1)))
    recording = asked(db, one)
    steps: list[str] = []

    def another_worker(step: str) -> None:
        steps.append(step)
        if step == "made":
            assert process_next(db, config, lambda: now() + timedelta(hours=1))

    process_next(db, config, now, another_worker)
    assert "committed" not in steps
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    assert view.path is not None
    assert view.path.endswith("-2.orig.flac")
    assert len(stored_files(config)) == 2


@pytest.mark.parametrize(
    "hostile",
    [
        "../../etc/passwd",
        "",
        "x",
        "a" * 5000,
        "通话",
        "%2e%2e%2f",
        "' OR 1=1 --",
        "\0",
        "00000000-0000-0000-0000-00000000000\n",
    ],
)
def test_hostile_ids_are_simply_not_found(db: Sessions, config: StoreConfig, hostile: str) -> None:
    with db() as session:
        assert get_recording(session, hostile) is None
        assert open_audio(session, config.store, hostile) is None
        assert open_audio(session, config.store, hostile, "../original") is None
        assert file_path(session, config.store, hostile) is None
        assert peaks(session, config.store, hostile) is None
        assert transcript(session, hostile) is None
        assert find_for_contact(session, hostile) == []
        with pytest.raises(InvalidContact):
            enqueue(session, hostile, "call", now())
    with pytest.raises(NotInStore):
        config.store.size(hostile)
    with pytest.raises(NotInStore):
        config.store.read(hostile)


def test_a_sweep_beside_a_finaliser_invents_no_second_part(
    db: Sessions, config: StoreConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the sweep's look into the folder and its look at the row the recording is stored and dropped."""
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 1)), wav_bytes(tone(900, 1)))
    asked(db, one)
    assert process_next(db, config, now)
    monkeypatch.setattr(work, "contacts_in", lambda folder: [one] if folder == config.spool else [])
    with db.begin() as session:
        assert sweep_spool(session, config.folders(), now()) == []
        assert [view.part for view in find_for_contact(session, one)] == [1]
