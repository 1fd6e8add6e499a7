"""Trouble of the outside world: the reason is stated, the spool is kept, work resumes by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from recordings import RecordingView, StoreConfig, enqueue, get_recording, process_next
from recordings.work import pause_after
from tests.kit.recordings import contact, lay_call, make_config, make_database, now, tone, wav_bytes

pytestmark = pytest.mark.wire

TOP = Path(__file__).parents[2]


@pytest.fixture
def config(tmp_path: Path) -> StoreConfig:
    return make_config(tmp_path)


@pytest.fixture
def db(tmp_path: Path) -> sessionmaker[Session]:
    return make_database(f"sqlite:///{tmp_path / 'rec.sqlite'}")


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


def test_without_ffmpeg_it_says_so_and_waits(
    db: sessionmaker[Session], config: StoreConfig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recording = recorded(db, config)
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path))
        view = after(db, config, recording, now())
        assert (view.state, view.problem) == ("waiting", "ffmpeg_missing")
        assert len(list(config.spool.iterdir())) == 2
        assert not process_next(db, config, now)  # a pause first
        view = after(db, config, recording, now() + timedelta(minutes=1))
        assert view.problem == "ffmpeg_missing"
    view = after(db, config, recording, now() + timedelta(hours=1))
    assert (view.state, view.problem) == ("ready", None)
    assert list(config.spool.iterdir()) == []


def test_an_encoder_that_fails_or_is_killed_is_tried_again(
    db: sessionmaker[Session], config: StoreConfig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recording = recorded(db, config)
    for day, script in enumerate(("echo 'Invalid argument' >&2; exit 1", "kill -9 $$")):
        fake = tmp_path / "ffmpeg"
        fake.write_text(f"#!/bin/sh\n{script}\n")
        fake.chmod(0o755)
        with monkeypatch.context() as bare:
            bare.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
            view = after(db, config, recording, now() + timedelta(days=day))
        assert (view.state, view.problem) == ("waiting", "encoder_failed")
    assert after(db, config, recording, now() + timedelta(days=2)).state == "ready"


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
    assert said["stored"] == 3


def test_the_pause_between_tries_grows_and_has_an_end() -> None:
    assert [pause_after(failures) for failures in (0, 1, 2, 7, 50)] == [5, 10, 20, 600, 600]


def test_a_surprise_is_raised_and_the_row_is_not_lost(db: sessionmaker[Session], config: StoreConfig) -> None:
    recording = recorded(db, config)

    def surprise(step: str) -> None:
        if step == "joined":
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        process_next(db, config, now, surprise)
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    assert (view.state, view.problem) == ("waiting", "internal")
    assert after(db, config, recording, now() + timedelta(minutes=5)).state == "ready"
