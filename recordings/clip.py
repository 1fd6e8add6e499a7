"""Cutting a piece out of a recording for somebody outside: masked where numbers are said, marked as a copy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from recordings import audio
from recordings.spoken import SpokenNumber
from recordings.wav import Samples

RATE = 8000
PIP_EVERY = 15.0
"""Seconds between two pairs of pips of the audible mark."""
PIP_HERTZ = 1400.0
PIP_LEVEL = 0.04
"""Of full scale: heard, and no hindrance."""
MASK_HERTZ = 1000.0
MASK_LEVEL = 0.03


def cut(legs: Sequence[Samples], rate: int, start: float, end: float) -> list[Samples]:
    """The stretch from ``start`` to ``end`` seconds of each leg (a copy)."""
    first, last = round(start * rate), round(end * rate)
    return [leg[first:last].copy() for leg in legs]


def mask(legs: list[Samples], rate: int, numbers: Sequence[SpokenNumber], start: float) -> None:
    """Overwrites each spoken number on its own leg with a quiet tone; ``start``: where the clip begins."""
    for number in numbers:
        leg = 1 if number.leg == "other" and len(legs) > 1 else 0
        first = max(0, round((number.start - start) * rate))
        last = min(len(legs[leg]), round((number.end - start) * rate))
        if last > first:
            legs[leg][first:last] = _tone(MASK_HERTZ, MASK_LEVEL, last - first, rate)


def pips(legs: list[Samples], rate: int) -> None:
    """Adds the audible mark of a copy: two short pips at the beginning and every PIP_EVERY seconds."""
    pip = _tone(PIP_HERTZ, PIP_LEVEL, round(0.08 * rate), rate).astype(np.int32)
    step = round(PIP_EVERY * rate)
    for leg in legs:
        for at in range(0, len(leg), step):
            for offset in (0, round(0.16 * rate)):
                place = slice(at + offset, min(len(leg), at + offset + len(pip)))
                mixed = leg[place].astype(np.int32) + pip[: max(0, place.stop - place.start)]
                leg[place] = np.clip(mixed, -32768, 32767).astype(np.int16)


def write(folder: Path, legs: list[Samples], rate: int, form: str, remark: str) -> Path:
    """Writes the clip as ``recording.<ext>`` with ``remark`` in its tags; raises what audio.encode() raises."""
    plain = folder / "recording.wav"
    audio.write_wav(plain, legs, rate)
    if form == "wav":
        return plain
    target = folder / f"recording.{audio.EXTENSION[form]}"
    audio.encode(plain, target, form, remark)
    plain.unlink()
    return target


def _tone(hertz: float, level: float, count: int, rate: int) -> Samples:
    return (np.sin(2 * np.pi * hertz * np.arange(count) / rate) * level * 32767).astype(np.int16)
