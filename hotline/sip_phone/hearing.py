"""What a phone hears: silence, tones with their pitch, or a voice; from its recording while that grows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FULL_SCALE = 32767.0
_AUDIBLE = 150.0  # of 32767: a quiet room on a telephone line stays below
_MOST_PITCHES = 10
_PEAK_WIDTH = 6  # Hz to either side; a Hann window over half a second needs 4
_STEADY_SHARE = 0.97  # of the energy in so few narrow peaks: nobody speaks like that


@dataclass(frozen=True)
class Sound:
    """One kind of sound over a stretch of time; ``music`` is three or more steady pitches at once."""

    kind: Literal["silence", "tone", "music", "voice"]
    hertz: tuple[int, ...] = ()
    """The pitches of a ``tone``, loudest first, to 10 Hz."""

    def __str__(self) -> str:
        return f"{self.kind} {' + '.join(f'{pitch} Hz' for pitch in self.hertz)}".strip()


@dataclass(frozen=True)
class Heard:
    """Samples of one channel, -32768 … 32767."""

    samples: NDArray[np.float64]
    rate: int

    @classmethod
    def nothing(cls) -> Heard:
        return cls(np.zeros(0), 8000)

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def last(self, seconds: float) -> Heard:
        wanted = int(seconds * self.rate)
        return Heard(self.samples[-wanted:] if wanted else self.samples[:0], self.rate)

    def between(self, start: float, end: float) -> Heard:
        return Heard(self.samples[int(start * self.rate) : int(end * self.rate)], self.rate)

    def windows(self, seconds: float) -> Iterable[Heard]:
        """Consecutive stretches of equal length; a shorter rest at the end is left out."""
        size = int(seconds * self.rate)
        for start in range(0, len(self.samples) - size + 1, size):
            yield Heard(self.samples[start : start + size], self.rate)


def read_growing_wav(path: Path) -> Heard:
    """The first channel of a 16 bit WAV whose header may not know its length yet (the file is still written)."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Heard.nothing()
    data = content.find(b"data")
    if data < 0:
        return Heard.nothing()
    channels = int.from_bytes(content[22:24], "little") or 1
    rate = int.from_bytes(content[24:28], "little") or 8000
    body = content[data + 8 :]
    whole = len(body) // (2 * channels) * 2 * channels
    samples = np.frombuffer(body[:whole], "<i2").reshape(-1, channels)[:, 0]
    return Heard(samples.astype(np.float64), rate)


def spectrum(heard: Heard) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies (Hz) and amplitudes (of 32767) of a stretch, by FFT under a Hann window."""
    window = np.hanning(len(heard.samples))
    amplitudes = np.abs(np.fft.rfft(heard.samples * window)) * 2 / max(window.sum(), 1.0)
    frequencies = np.fft.rfftfreq(len(heard.samples), 1 / heard.rate)
    return frequencies.astype(np.float64), amplitudes.astype(np.float64)


def tones_in(heard: Heard, wanted: Iterable[int], threshold: float = _AUDIBLE) -> dict[int, float]:
    """Which of the ``wanted`` pitches (Hz) are audible, and how loud (of 32767)."""
    if heard.seconds < 0.1:
        return {}
    frequencies, amplitudes = spectrum(heard)
    found = {hertz: float(amplitudes[np.abs(frequencies - hertz) <= 12].max(initial=0.0)) for hertz in wanted}
    return {hertz: loudness for hertz, loudness in found.items() if loudness > threshold}


def describe(heard: Heard) -> Sound:
    """Silence, a steady tone or two, music of several, or a voice (whose pitch never rests)."""
    if heard.seconds < 0.05 or float(np.abs(heard.samples).max()) < _AUDIBLE:
        return Sound("silence")
    frequencies, amplitudes = spectrum(heard)
    rest = amplitudes**2
    whole, loudest = float(rest.sum()), float(rest.max())
    peaks: list[int] = []
    while len(peaks) < _MOST_PITCHES and rest.max() > 0.01 * loudest:
        top = int(rest.argmax())
        peaks.append(round(float(frequencies[top]) / 10) * 10)
        rest[np.abs(frequencies - frequencies[top]) <= _PEAK_WIDTH] = 0
    if 1 - float(rest.sum()) / whole < _STEADY_SHARE:
        return Sound("voice")
    return Sound("tone", tuple(peaks)) if len(peaks) <= 2 else Sound("music")
