"""What can be heard in a leg, in numbers; pure functions of the samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from recordings.wav import Samples

DEAD_BELOW = 64
"""A leg whose loudest sample stays below this (-54 dBFS) carried no sound: µ-law's own noise is ±8."""
VOICE_ABOVE = 330
"""RMS (-40 dBFS) above which a 20 ms frame counts as sound."""
CLIP_AT = 32_700
CLIP_RUN = 4
"""Samples in a row at full scale that make one clipped place; a single touch is not heard."""
ONE_SIDED_AFTER = 5.0
"""Seconds of sound on one leg that make a dead other leg suspicious (shorter: somebody just hung up)."""
LEGS_MAY_DIFFER = 1.0
"""Seconds the two legs may differ in length."""
CALL_MAY_EXCEED = 3.0
"""Seconds a call may be longer than its audio."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One leg in numbers."""

    seconds: float
    peak: int
    sound_seconds: float
    clipped_places: int

    @property
    def dead(self) -> bool:
        return self.peak < DEAD_BELOW


def measure(samples: Samples, rate: int) -> Measure:
    """Length, peak, seconds with sound, clipped places of a leg at ``rate`` Hz."""
    if not len(samples):
        return Measure(0.0, 0, 0.0, 0)
    peak = int(max(int(samples.max()), -int(samples.min())))
    frames = frame_levels(samples, rate)
    return Measure(len(samples) / rate, peak, round(float((frames > VOICE_ABOVE).sum()) * 0.02, 2), _clipped(samples))


def frame_levels(samples: Samples, rate: int) -> Any:
    """RMS of each 20 ms frame."""
    width = max(1, rate // 50)
    count = len(samples) // width
    frames = samples[: count * width].reshape(count, width).astype(np.float32)
    return np.sqrt((frames * frames).mean(axis=1)) if count else np.zeros(0, dtype=np.float32)


def _clipped(samples: Samples) -> int:
    full = (samples >= CLIP_AT) | (samples <= -CLIP_AT)
    if not full.any():
        return 0
    edges = np.flatnonzero(np.diff(np.concatenate(([False], full, [False])).astype(np.int8)))
    return int(((edges[1::2] - edges[0::2]) >= CLIP_RUN).sum())


def alarms(citizen: Measure, other: Measure | None, expected_seconds: float | None) -> list[str]:
    """What is odd, as stable codes; ``other`` is None for voicemail, which has one leg."""
    found = []
    legs = [citizen] if other is None else [citizen, other]
    seconds = max(leg.seconds for leg in legs)
    if all(leg.dead for leg in legs):
        found.append("silent")
    elif other is not None:
        if citizen.dead and other.sound_seconds >= ONE_SIDED_AFTER:
            found.append("one_sided_citizen_missing")
        if other.dead and citizen.sound_seconds >= ONE_SIDED_AFTER:
            found.append("one_sided_other_missing")
    if any(leg.clipped_places > 5 for leg in legs):
        found.append("clipped")
    if other is not None and abs(citizen.seconds - other.seconds) > LEGS_MAY_DIFFER:
        found.append("legs_differ")
    if expected_seconds is not None and expected_seconds - seconds > CALL_MAY_EXCEED:
        found.append("shorter_than_call")
    return found


def waveform(legs: dict[str, Samples], rate: int, most_points: int = 8000) -> dict[str, Any]:
    """Peaks for drawing: ``{"seconds", "points_per_second", "peaks": {leg: [0…1, …]}}``.

    At most 50 points a second and ``most_points`` a leg, so that a two-hour call still is a small file.
    """
    longest = max((len(samples) for samples in legs.values()), default=0)
    width = max(rate // 50, -(-longest // most_points), 1)
    return {
        "seconds": round(longest / rate, 3),
        "points_per_second": rate / width,
        "peaks": {leg: _peaks(samples, width, longest) for leg, samples in legs.items()},
    }


def _peaks(samples: Samples, width: int, longest: int) -> list[float]:
    count = -(-longest // width)
    if not count:
        return []
    padded = np.zeros(count * width, dtype=np.int16)
    padded[: len(samples)] = samples
    buckets = padded.reshape(count, width)
    peaks = np.maximum(buckets.max(axis=1).astype(np.int32), -buckets.min(axis=1).astype(np.int32))
    found: list[float] = np.round(peaks / 32768, 3).tolist()
    return found
