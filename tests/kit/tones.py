"""One pitch for each party of a call, so that an FFT tells who was heard by whom."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from hotline.sip_phone import Heard, tones_in

# Far apart, no harmonics of each other, away from the 450 Hz of busy and ring and from the comfort sound's chords.
PITCHES = {
    "citizen": 910,
    "agent": 1190,
    "unit": 1490,
    "supervisor": 1850,
    "second citizen": 2210,
    "browser": 2570,
    "service": 2890,
}
_LOUDNESS = 8000  # of 32767


def tone_file(folder: Path, who: str, seconds: float = 4.0, rate: int = 8000) -> str:
    """A WAV with the pitch of ``who``; loops without a click because whole periods fit."""
    path = folder / f"{who.replace(' ', '-')}-{rate}.wav"
    if not path.exists():
        time = np.arange(int(seconds * rate)) / rate
        samples = (_LOUDNESS * np.sin(2 * np.pi * PITCHES[who] * time)).astype("<i2")
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(samples.tobytes())
    return str(path)


def speakers(heard: Heard) -> set[str]:
    """The parties whose pitch is audible in a stretch of sound."""
    present = tones_in(heard, PITCHES.values())
    return {who for who, pitch in PITCHES.items() if pitch in present}


def story(heard: Heard, step: float = 0.25) -> list[tuple[str, ...]]:
    """Who was audible one after the other, each combination once."""
    told: list[tuple[str, ...]] = []
    for window in heard.windows(step):
        now = tuple(sorted(speakers(window)))
        if not told or told[-1] != now:
            told.append(now)
    return told
