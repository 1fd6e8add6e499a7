"""Who speaks when, from the waveform alone: talk-over, silence, each side's share.  Pure functions.

Works without any recogniser.  The waveform has 50 points a second in a call of up to 160 seconds and fewer in longer
ones (8,000 a leg, see ``measure.waveform``), so that in a two-hour call nothing shorter than a second is told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recordings.parts import Part

QUIET = 0.012
"""Of full scale (-38 dBFS); below nobody speaks, however loud the rest of the leg is."""
SHARE_OF_LOUD = 0.12
"""Speech reaches this share of what the leg's loud moments reach; a quiet line has quiet speech."""
JOINED = 0.4
"""Seconds: a pause inside a sentence."""
SHORTEST_VOICE = 0.1
"""Seconds; a click is no voice."""
SHORTEST_TALK_OVER = 0.5
"""Seconds; a nod ("嗯") while the other speaks is no interruption."""
SHORTEST_SILENCE = 3.0
"""Seconds in which nobody says anything before it is called silence."""
WITH_A_PERSON = frozenset({"agent", "three_way", "unit"})
"""Parts of a call in which the other leg is a person: music and announcements talk over nobody."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TalkMeasure:
    """What the waveform says about a conversation, in seconds."""

    citizen_seconds: float
    other_seconds: float
    talk_overs: tuple[Span, ...]
    silences: tuple[Span, ...]

    @property
    def talk_over_seconds(self) -> float:
        return round(sum(end - start for start, end in self.talk_overs), 2)

    @property
    def longest_silence(self) -> float:
        return round(max((end - start for start, end in self.silences), default=0.0), 2)


def measure_talk(waveform: dict[str, Any], parts: Sequence[Part] = ()) -> TalkMeasure:
    """The measure of a stored waveform (``{"seconds", "points_per_second", "peaks"}``).

    Talk-over, and silence, count only in parts in which citizen and somebody of ours speak; where no parts are
    known, everywhere.
    """
    rate, seconds = float(waveform["points_per_second"]), float(waveform["seconds"])
    citizen, other = (voice(waveform["peaks"].get(leg, []), rate) for leg in ("citizen", "other"))
    talking = [(part.start, part.end) for part in parts if part.label in WITH_A_PERSON]
    within = talking if parts else [(0.0, seconds)]
    both = [span for span in _common(_common(citizen, other), within) if _length(span) >= SHORTEST_TALK_OVER]
    quiet = _gaps(_merged([*citizen, *other], 0.0), seconds)
    silent = [span for span in _common(quiet, within) if _length(span) >= SHORTEST_SILENCE]
    return TalkMeasure(_total(citizen), _total(_common(other, within)), _rounded(both), _rounded(silent))


def voice(peaks: Sequence[float], rate: float) -> list[Span]:
    """The stretches in which somebody speaks on one leg; ``rate`` in points a second."""
    if not len(peaks):
        return []
    levels = np.asarray(peaks, dtype=np.float64)
    loud = float(np.quantile(levels[levels > QUIET], 0.9)) if (levels > QUIET).any() else 0.0
    heard = levels > max(QUIET, SHARE_OF_LOUD * loud)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], heard, [False])).astype(np.int8)))
    spans = [(float(a) / rate, float(b) / rate) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [span for span in _merged(spans, JOINED) if _length(span) >= SHORTEST_VOICE]


def _merged(spans: Sequence[Span], gap: float) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + gap:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _common(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """Where both are; each in order and without overlaps of its own."""
    found, i, j = [], 0, 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if end > start:
            found.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return found


def _gaps(spans: Sequence[Span], seconds: float) -> list[Span]:
    edges = [0.0, *(edge for span in spans for edge in span), seconds]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end > start]


def _length(span: Span) -> float:
    return span[1] - span[0]


def _total(spans: Sequence[Span]) -> float:
    return round(sum(map(_length, spans)), 2)


def _rounded(spans: Sequence[Span]) -> tuple[Span, ...]:
    return tuple((round(start, 2), round(end, 2)) for start, end in spans)
