"""Trouble of the outside world: the reason is stated, the spool is kept, work resumes by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from recordings import (
    RecordingView,
    StoreConfig,
    copy_next,
    enqueue,
    get_recording,
    open_alarms,
    open_audio,
    process_next,
)
from recordings.listening import MOST_FAILURES
from recordings.spool_room import look_for_room
from recordings.work import pause_after
from tests.kit.recordings import contact, lay_call, now, tone, wav_bytes

pytestmark = pytest.mark.wire

TOP = Path(__file__).parents[2]


def recorded(db: sessionmaker[Session], config: StoreConfig) -> str:
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 2)), wav_bytes(tone(900, 2)))
    with db.begin() as session:
        return enqueue(session, one, "call", now())


def after(db: sessionmaker[Session], config: StoreConfig, recording: str, when: datetime) -> RecordingView:
    assert process_next(db, config, lambda: when)
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    return view


def copied(db: sessionmaker[Session], config: StoreConfig, recording: str, when: datetime) -> RecordingView:
    assert copy_next(db, config, lambda: when)
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    return view


def test_without_ffmpeg_the_original_is_safe_and_played_and_the_copy_waits(
    db: sessionmaker[Session], config: StoreConfig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recording = recorded(db, config)
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path))
        view = after(db, config, recording, now())
        assert (view.state, view.problem, view.format) == ("ready", None, "flac")
        assert list(config.spool.iterdir()) == []
        view = copied(db, config, recording, now())
        assert (view.state, view.problem, view.format) == ("ready", "ffmpeg_missing", "flac")
        assert not copy_next(db, config, now)  # a pause first
        assert copied(db, config, recording, now() + timedelta(minutes=1)).problem == "ffmpeg_missing"
        with db() as session:
            assert open_audio(session, config.store, recording) is not None
    view = copied(db, config, recording, now() + timedelta(hours=1))
    assert (view.state, view.problem, view.format) == ("ready", None, "webm")


def test_an_encoder_that_fails_or_is_killed_is_tried_again(
    db: sessionmaker[Session], config: StoreConfig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recording = recorded(db, config)
    after(db, config, recording, now())
    for day, script in enumerate(("echo 'Invalid argument' >&2; exit 1", "kill -9 $$")):
        fake = tmp_path / "ffmpeg"
        fake.write_text(f"#!/bin/sh\n{script}\n")
        fake.chmod(0o755)
        with monkeypatch.context() as bare:
            bare.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
            view = copied(db, config, recording, now() + timedelta(days=day))
        assert (view.state, view.problem) == ("ready", "encoder_failed")
    assert copied(db, config, recording, now() + timedelta(days=2)).format == "webm"


def test_an_encoder_that_never_works_is_given_up_at_last_and_the_original_stays(
    db: sessionmaker[Session], config: StoreConfig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recording = recorded(db, config)
    after(db, config, recording, now())
    monkeypatch.setenv("PATH", str(tmp_path))
    day = 0
    while copy_next(db, config, lambda: now() + timedelta(days=day)):  # noqa: B023
        day += 1
    assert day == MOST_FAILURES + 1
    with db() as session:
        assert open_audio(session, config.store, recording) is not None


def test_an_original_that_is_gone_gives_no_copy(db: sessionmaker[Session], config: StoreConfig) -> None:
    recording = recorded(db, config)
    after(db, config, recording, now())
    for path in config.store.root.rglob("*.flac"):  # type: ignore[attr-defined]
        path.unlink()
    assert copy_next(db, config, now)
    assert not copy_next(db, config, lambda: now() + timedelta(days=9))
    with db() as session:
        assert [(alarm.kind, alarm.recording_id) for alarm in open_alarms(session)] == [("original_missing", recording)]


def test_a_store_that_is_away(db: sessionmaker[Session], config: StoreConfig, tmp_path: Path) -> None:
    recording = recorded(db, config)
    (tmp_path / "store").write_text("a file where the folder should be")
    view = after(db, config, recording, now())
    assert (view.state, view.problem) == ("waiting", "store_unreachable")
    assert len(list(config.spool.iterdir())) == 2
    (tmp_path / "store").unlink()
    assert after(db, config, recording, now() + timedelta(hours=1)).state == "ready"


def test_a_store_that_gives_back_something_else_does_not_cost_the_spool(
    db: sessionmaker[Session], config: StoreConfig
) -> None:
    recording = recorded(db, config)

    def rot(step: str) -> None:
        if step == "stored":
            for path in config.store.root.rglob("*.flac"):  # type: ignore[attr-defined]
                path.write_bytes(path.read_bytes()[:-1] + b"?")

    assert process_next(db, config, now, rot)
    assert len(list(config.spool.iterdir())) == 2
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    assert (view.state, view.problem) == ("waiting", "store_differs")
    assert after(db, config, recording, now() + timedelta(hours=1)).state == "ready"


@pytest.mark.parametrize("full", ["store", "work"])
def test_a_full_and_a_read_only_disk(tmp_path: Path, full: str) -> None:
    command = ["unshare", "-rm", sys.executable, "-W", "ignore", "-m", "tests.kit.small_disk", str(tmp_path), full]
    if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", str(tmp_path)], check=False).returncode:
        pytest.skip("this machine lets no ordinary user mount a small disk")
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["full"] == ["waiting", "disk_full", 2]
    assert said["left behind"] == 0
    assert said["read-only"] == ["waiting", "no_permission", 2]
    assert said["mended"] == ["ready", None, 0]
    assert said["stored"] == 2


def test_little_room_in_the_spool_is_said_before_it_is_full(db: sessionmaker[Session], config: StoreConfig) -> None:
    def said(least: int) -> list[tuple[str, int]]:
        with db.begin() as session:
            look_for_room(session, config.folders().values(), now(), least)
            return [(alarm.kind, alarm.times) for alarm in open_alarms(session)]

    assert said(0) == []
    assert said(10**18) == [("spool_full", 1)]
    assert said(10**18) == [("spool_full", 2)], "one alarm, however long it lasts"
    after(db, config, recorded(db, config), now())
    assert said(10**18) == [("spool_full", 3)], "what is stored meanwhile makes no room on every disk"
    assert said(0) == []


def test_the_pause_between_tries_grows_and_has_an_end() -> None:
    assert [pause_after(failures) for failures in (0, 1, 2, 7, 50)] == [5, 10, 20, 600, 600]


def test_a_surprise_is_raised_and_the_row_is_not_lost(db: sessionmaker[Session], config: StoreConfig) -> None:
    recording = recorded(db, config)

    def surprise(step: str) -> None:
        if step == "made":
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        process_next(db, config, now, surprise)
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    assert (view.state, view.problem) == ("waiting", "internal")
    assert after(db, config, recording, now() + timedelta(minutes=5)).state == "ready"
