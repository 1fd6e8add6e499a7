"""WAV files in every state a killed writer can leave them in."""

from __future__ import annotations

import audioop
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings.wav import UnsupportedAudio, parse_header, read_audio, read_header
from tests.kit.recordings import tone, wav_bytes

pytestmark = pytest.mark.unit

VOICE = tone(440, 1)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "leg.wav"
    path.write_bytes(content)
    return path


def test_a_finished_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, wav_bytes(VOICE))
    audio, header = read_audio(path), read_header(path)
    assert header is not None
    assert header.closed
    assert not audio.repaired
    assert (audio.rate, audio.seconds) == (8000, 1.0)
    assert np.array_equal(audio.samples, VOICE)


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        (0, "killed before the header was updated"),
        (400, "header of an earlier moment"),
        (10**6, "cut short afterwards"),
    ],
)
def test_a_header_that_lies_is_corrected_by_the_size_of_the_file(tmp_path: Path, declared: int, why: str) -> None:
    path = written(tmp_path, wav_bytes(VOICE, declared))
    audio, header = read_audio(path), read_header(path)
    assert header is not None
    assert not header.closed, why
    assert audio.repaired
    assert np.array_equal(audio.samples, VOICE)


def test_tags_after_the_audio_are_not_played(tmp_path: Path) -> None:
    tags = b"LIST" + (12).to_bytes(4, "little") + b"INFOISFT\0\0\0\0"
    audio = read_audio(written(tmp_path, wav_bytes(VOICE) + tags))
    assert np.array_equal(audio.samples, VOICE)
    short = read_audio(written(tmp_path, wav_bytes(VOICE[:100]) + tags))
    assert np.array_equal(short.samples, VOICE[:100])
    assert not short.repaired


def test_half_a_sample_at_the_end_is_dropped(tmp_path: Path) -> None:
    audio = read_audio(written(tmp_path, wav_bytes(VOICE, 0) + b"\x01"))
    assert np.array_equal(audio.samples, VOICE)


def test_a_destroyed_header_is_taken_for_asterisks_own(tmp_path: Path) -> None:
    audio = read_audio(written(tmp_path, bytes(44) + VOICE.tobytes()))
    assert audio.repaired
    assert np.array_equal(audio.samples, VOICE)


@pytest.mark.parametrize("size", [0, 1, 11, 12, 20, 43, 44])
def test_a_file_without_audio_is_empty_and_not_closed(tmp_path: Path, size: int) -> None:
    path = written(tmp_path, wav_bytes(VOICE[:0])[:size])
    header = read_header(path)
    assert header is None or not header.closed
    assert len(read_audio(path).samples) == 0


def test_telephone_codecs_keep_their_fourteen_bits(tmp_path: Path) -> None:
    packed = audioop.lin2ulaw(VOICE.tobytes(), 2)
    path = written(tmp_path, wav_bytes(np.frombuffer(packed, dtype=np.uint8), codec=7, width=1))  # type: ignore[arg-type]
    noise = read_audio(path).samples.astype(float) - VOICE
    assert 10 * np.log10((VOICE.astype(float) ** 2).mean() / (noise**2).mean()) > 35
    packed = audioop.lin2alaw(VOICE.tobytes(), 2)
    path = written(tmp_path, wav_bytes(np.frombuffer(packed, dtype=np.uint8), codec=6, width=1))  # type: ignore[arg-type]
    assert len(read_audio(path).samples) == len(VOICE)


def test_what_no_telephone_writes_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedAudio):
        read_audio(written(tmp_path, wav_bytes(VOICE, codec=85)))
    with pytest.raises(UnsupportedAudio):
        read_audio(written(tmp_path, wav_bytes(VOICE, rate=0)))


@settings(deadline=None)
@given(head=st.binary(max_size=200), size=st.integers(0, 2**33))
def test_any_bytes_are_a_header_or_none(head: bytes, size: int) -> None:
    for start in (b"", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt "):
        header = parse_header(start + head, size)
        assert header is None or 0 <= header.present <= size
