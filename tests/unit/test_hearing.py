"""The ear: silence, tones, music and voices told apart; a file that is still written is read."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from hotline.sip_phone import Heard, describe, read_growing_wav, tones_in
from hotline.switch import sounds
from tests.kit.tones import PITCHES, speakers, story, tone_file

pytestmark = pytest.mark.unit


def sine(*hertz: int, seconds: float = 1.0, rate: int = 8000, loudness: float = 8000) -> Heard:
    time = np.arange(int(seconds * rate)) / rate
    return Heard(sum(np.sin(2 * np.pi * pitch * time) for pitch in hertz) * loudness / len(hertz), rate)


def speech(seconds: float = 1.0) -> Heard:
    """A gliding pitch with many harmonics and a syllable rhythm, as vowels have."""
    time = np.arange(int(seconds * 8000)) / 8000
    pitch = 180 + 60 * np.sin(2 * np.pi * 1.7 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / 8000
    voiced = sum(np.sin(number * phase) / number for number in range(1, 12))
    return Heard(np.asarray(4000 * voiced * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time))), 8000)


def test_silence() -> None:
    assert describe(Heard(np.zeros(4000), 8000)).kind == "silence"
    assert describe(sine(440, loudness=50)).kind == "silence"
    assert describe(Heard.nothing()).kind == "silence"


@pytest.mark.parametrize("hertz", [(450,), (1190,), (350, 620)])
def test_tones_have_their_pitch(hertz: tuple[int, ...]) -> None:
    sound = describe(sine(*hertz, seconds=0.5))
    assert (sound.kind, set(sound.hertz)) == ("tone", set(hertz))
    assert all(f"{pitch} Hz" in str(sound) for pitch in hertz)


def test_the_comfort_sound_is_music_and_speech_is_a_voice(tmp_path: Path) -> None:
    (tmp_path / "moh").mkdir()
    (tmp_path / "sounds").mkdir()
    sounds.ensure(tmp_path)
    music = read_growing_wav(tmp_path / "moh/comfort.wav")
    kinds = [describe(window).kind for window in music.windows(0.5)]
    assert kinds.count("music") > 0.9 * len(kinds)
    assert {describe(window).kind for window in speech(4).windows(0.5)} == {"voice"}


def test_the_comfort_sound_is_soft_and_loops_without_a_click(tmp_path: Path) -> None:
    (tmp_path / "moh").mkdir()
    (tmp_path / "sounds").mkdir()
    sounds.ensure(tmp_path)
    samples = read_growing_wav(tmp_path / "moh/comfort.wav").samples
    steps = np.abs(np.diff(np.append(samples, samples[0])))
    assert np.abs(samples).max() < 0.35 * 32767
    assert steps[-1] <= steps[:-1].max()
    assert not speakers(Heard(samples, 8000)), "no party's pitch, so that tests can tell music from people"


def test_each_party_is_recognised_alone_and_together(tmp_path: Path) -> None:
    for who in PITCHES:
        assert speakers(read_growing_wav(Path(tone_file(tmp_path, who)))) == {who}
    assert speakers(sine(PITCHES["agent"], PITCHES["unit"])) == {"agent", "unit"}
    assert tones_in(sine(1000), [1000, 1100]).keys() == {1000}


def test_a_story_names_each_change_once() -> None:
    silence = Heard(np.zeros(8000), 8000)
    parts = [silence, sine(PITCHES["agent"]), sine(PITCHES["agent"], PITCHES["unit"])]
    whole = Heard(np.concatenate([part.samples for part in parts]), 8000)
    assert story(whole) == [(), ("agent",), ("agent", "unit")]


def test_a_file_that_is_still_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(np.array([[1, 9], [2, 9], [3, 9]], "<i2").tobytes())
    content = bytearray(path.read_bytes())
    content[40:44] = b"\0\0\0\0"  # as long as the writer has not closed it
    path.write_bytes(content + b"\x04")  # and half a sample
    heard = read_growing_wav(path)
    assert (list(heard.samples), heard.rate) == ([1, 2, 3], 16000)
    assert read_growing_wav(tmp_path / "none.wav").seconds == 0
    path.write_bytes(b"RIFF")
    assert read_growing_wav(path).seconds == 0
