"""From the spool to the store: what is joined, stored, served and dropped."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session, sessionmaker

from recordings import (
    NotInStore,
    StoreConfig,
    enqueue,
    file_path,
    get_recording,
    open_alarms,
    open_audio,
    peaks,
)
from recordings.audio import decode
from tests.kit.recordings import (
    RATE,
    Samples,
    contact,
    finished,
    lay,
    lay_call,
    loudest,
    make_config,
    now,
    silence,
    stored_files,
    tone,
    wav_bytes,
)

pytestmark = pytest.mark.wire

Sessions = sessionmaker[Session]


def asked(db: Sessions, contact_id: str, kind: str = "call", **more: object) -> str:
    with db.begin() as session:
        return enqueue(session, contact_id, kind, now(), **more)  # type: ignore[arg-type]


def test_both_legs_end_in_one_stereo_file_citizen_left(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    citizen = np.concatenate([tone(400, 3), silence(3)])
    other = np.concatenate([silence(2), tone(900, 4)])
    lay_call(config, one, wav_bytes(citizen), wav_bytes(other))
    recording = asked(db, one)
    assert finished(db, config) == 2
    assert finished(db, config) == 0

    with db() as session:
        view = get_recording(session, recording)
        assert view is not None
        assert (view.state, view.problem, view.alarms, view.channels) == ("ready", None, (), 2)
        assert (view.seconds, view.format, view.transcript_state) == (6.0, "webm", "no_model")
        original = open_audio(session, config.store, recording, "original")
        listening = file_path(session, config.store, recording)
        drawn = peaks(session, config.store, recording)
    assert original is not None
    assert listening is not None
    content = b"".join(original.read())
    assert hashlib.sha256(content).hexdigest() == view.sha256

    kept = config.work / "kept.flac"
    kept.write_bytes(content)
    (left, right), _ = decode(kept, "flac")  # lossless: every sample as it was in the spool
    assert np.array_equal(left, citizen)
    assert np.array_equal(right, other)
    (left, right), _ = decode(listening, "webm", RATE)
    assert loudest(left[RATE : 2 * RATE]) == pytest.approx(400, abs=5)
    assert loudest(right[3 * RATE : 5 * RATE]) == pytest.approx(900, abs=5)
    assert loudest(right[: int(1.8 * RATE)]) == 0
    assert loudest(left[int(3.3 * RATE) : 5 * RATE]) == 0
    assert drawn is not None
    assert drawn["peaks"]["citizen"][10] == pytest.approx(0.25, abs=0.01)
    assert drawn["peaks"]["other"][10] == 0
    assert list(config.spool.iterdir()) == []
    assert list(config.work.glob("*-*")) == []
    assert len(stored_files(config)) == 3


@pytest.mark.parametrize(("form", "extension"), [("mp3", "mp3"), ("wav", "wav")])
def test_other_formats_by_setting(db: Sessions, tmp_path: Path, form: str, extension: str) -> None:
    config = make_config(tmp_path, listening_format=form, original_format="wav")
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 3)), wav_bytes(tone(900, 3)))
    recording = asked(db, one)
    finished(db, config)
    with db() as session:
        path = file_path(session, config.store, recording)
    assert path is not None
    assert path.suffix == f".{extension}"
    (left, right), _ = decode(path, form, RATE)
    assert loudest(left[RATE : 2 * RATE]) == pytest.approx(400, abs=5)
    assert loudest(right[RATE : 2 * RATE]) == pytest.approx(900, abs=5)


def test_a_killed_asterisk_leaves_a_header_without_length(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 4), declared=0), wav_bytes(tone(900, 4), declared=0))
    recording = asked(db, one)
    finished(db, config)
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    assert (view.state, view.seconds, view.alarms) == ("ready", 4.0, ("header_repaired",))


@pytest.mark.parametrize(
    ("citizen", "other", "alarms", "seconds"),
    [
        (tone(400, 6), None, ["leg_missing_other", "one_sided_other_missing", "legs_differ"], 6.0),
        (None, tone(900, 6), ["leg_missing_citizen", "one_sided_citizen_missing", "legs_differ"], 6.0),
        (silence(0), tone(900, 6), ["leg_missing_citizen", "one_sided_citizen_missing", "legs_differ"], 6.0),
        (tone(400, 4), tone(900, 6), ["legs_differ"], 6.0),
        (silence(6), silence(6), ["silent"], 6.0),
        (tone(400, 0.02), tone(900, 0.02), [], 0.02),
    ],
)
def test_odd_legs_are_stored_and_named(
    db: Sessions,
    config: StoreConfig,
    citizen: np.ndarray | None,
    other: np.ndarray | None,
    alarms: list[str],
    seconds: float,
) -> None:
    one = contact()
    lay_call(
        config,
        one,
        None if citizen is None else wav_bytes(citizen),
        None if other is None else wav_bytes(other),
    )
    recording = asked(db, one)
    finished(db, config)
    with db() as session:
        view = get_recording(session, recording)
        audio = open_audio(session, config.store, recording)
    assert view is not None
    assert (view.state, list(view.alarms), view.seconds) == ("ready", alarms, seconds)
    assert audio is not None
    assert audio.size > 0


@pytest.mark.parametrize("content", [b"", wav_bytes(silence(0)), wav_bytes(silence(0))[:30]])
def test_files_without_a_sample_are_said_to_be_empty(db: Sessions, config: StoreConfig, content: bytes) -> None:
    one = contact()
    lay_call(config, one, content, content)
    recording = asked(db, one)
    finished(db, config)
    with db() as session:
        view = get_recording(session, recording)
        assert view is not None
        assert (view.state, view.problem) == ("failed", "empty")
        assert open_audio(session, config.store, recording) is None
        assert peaks(session, config.store, recording) is None
    assert list(config.spool.iterdir()) == []
    assert not finished(db, config)


def test_an_unknown_codec_is_kept_in_the_spool(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 1), codec=85), None)
    recording = asked(db, one)
    finished(db, config)
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    assert (view.state, view.problem) == ("failed", "unsupported_audio")
    assert len(list(config.spool.iterdir())) == 1


def test_voicemail_has_one_leg(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    lay(config.voicemail_spool, f"{one}.wav", wav_bytes(tone(400, 3)))
    recording = asked(db, one, "voicemail")
    finished(db, config)
    with db() as session:
        view = get_recording(session, recording)
        drawn = peaks(session, config.store, recording)
    assert view is not None
    assert (view.kind, view.channels, view.state) == ("voicemail", 1, "ready")
    assert drawn is not None
    assert set(drawn["peaks"]) == {"citizen"}


@pytest.mark.parametrize(
    ("takes", "counts"),
    [
        ({"-1": tone(400, 3)}, 400),
        ({"-1": tone(400, 3), "-2": tone(700, 2)}, 700),
        ({"-1": tone(400, 3), "-2": silence(2)}, 400),  # began anew and said nothing
        ({"-1": tone(400, 3), "-2": silence(0)}, 400),  # began anew and hung up
        ({"-1": tone(400, 3), "": tone(900, 2)}, 900),  # the menu died, the dialplan asked again
        ({"-1": silence(1), "-2": silence(2)}, 0),
    ],
)
def test_the_take_that_counts(db: Sessions, config: StoreConfig, takes: dict[str, Samples], counts: int) -> None:
    one = contact()
    for suffix, said in takes.items():
        lay(config.voicemail_spool, f"{one}{suffix}.wav", wav_bytes(said))
    recording = asked(db, one, "voicemail")
    finished(db, config)
    with db() as session:
        view = get_recording(session, recording)
        original = open_audio(session, config.store, recording, "original")
    assert view is not None
    assert original is not None
    file = config.work / "taken.flac"
    file.write_bytes(b"".join(original.read()))
    assert loudest(decode(file, "flac", RATE)[0][0]) == pytest.approx(counts, abs=5)
    assert ("silent" in view.alarms) is (counts == 0)
    assert list(config.voicemail_spool.iterdir()) == []


def test_a_caller_who_was_asked_and_said_nothing_leaves_no_recording(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    lay(config.survey_spool, f"{one}.wav", wav_bytes(silence(2)))
    recording = asked(db, one, "survey")
    finished(db, config)
    with db() as session:
        view = get_recording(session, recording)
        assert open_alarms(session) == []
    assert view is not None
    assert (view.state, view.problem) == ("failed", "empty")
    assert list(config.survey_spool.iterdir()) == []


def test_any_range_of_the_file_is_served(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 3)), wav_bytes(tone(900, 3)))
    recording = asked(db, one)
    finished(db, config)
    with db() as session:
        audio = open_audio(session, config.store, recording)
    assert audio is not None
    whole = b"".join(audio.read())
    assert len(whole) == audio.size
    assert audio.media_type == "audio/webm"
    for start, stop in ((0, 1), (5, 100), (audio.size - 3, audio.size), (0, None), (100, None), (7, 7)):
        assert b"".join(audio.read(start, stop)) == whole[start:stop]


def test_a_file_that_somebody_deleted_is_told_apart_from_no_recording(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 1)), None)
    recording = asked(db, one)
    finished(db, config)
    with db() as session:
        path = file_path(session, config.store, recording)
        assert path is not None
        path.unlink()
        assert file_path(session, config.store, recording) is None
        with pytest.raises(NotInStore):
            open_audio(session, config.store, recording)


def test_recordings_are_filed_by_date_and_not_readable_by_others(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 1)), None)
    started = datetime.fromisoformat("2026-03-01T08:00:00+08:00")
    recording = asked(db, one, started_at=started)
    finished(db, config)
    with db() as session:
        view = get_recording(session, recording)
        path = file_path(session, config.store, recording)
    assert view is not None
    assert path is not None
    assert view.started_at == started
    assert view.path == f"{view.created_at:%Y/%m/%d}/{recording}-2.webm"
    assert os.stat(path).st_mode & 0o007 == 0
