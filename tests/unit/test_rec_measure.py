"""What can be heard in a leg: dead, one-sided, clipped, too short; and its picture."""

from __future__ import annotations

import numpy as np
import pytest

from recordings.audio import LEVEL_TARGET, levelled
from recordings.measure import alarms, measure, waveform
from tests.kit.recordings import RATE, Samples, silence, tone

pytestmark = pytest.mark.unit


def said(citizen: Samples, other: Samples | None, call: float | None = None) -> list[str]:
    return alarms(measure(citizen, RATE), None if other is None else measure(other, RATE), call)


def comfort_noise(seconds: float) -> Samples:
    return np.random.default_rng(1).integers(-8, 9, int(seconds * RATE)).astype(np.int16)


def test_a_usual_call_raises_nothing() -> None:
    assert said(tone(400, 20), tone(900, 20), 20.4) == []


def test_a_dead_leg_is_told_apart_from_a_quiet_person() -> None:
    assert said(comfort_noise(20), tone(900, 20)) == ["one_sided_citizen_missing"]
    assert said(tone(400, 20), silence(20)) == ["one_sided_other_missing"]
    assert said(tone(400, 20, amplitude=0.005), tone(900, 20)) == []


def test_somebody_who_hangs_up_at_once_raises_nothing() -> None:
    assert said(silence(3), tone(900, 3)) == []


def test_silence_on_both_sides_is_one_alarm() -> None:
    assert said(silence(20), comfort_noise(20)) == ["silent"]
    assert said(silence(20), None) == ["silent"]


def test_clipping_needs_more_than_a_touch_of_full_scale() -> None:
    square = np.clip(tone(400, 20).astype(np.int32) * 20, -32768, 32767).astype(np.int16)
    assert "clipped" in said(square, tone(900, 20))
    touched = tone(400, 20)
    touched[::4000] = 32767
    assert said(touched, tone(900, 20)) == []


def test_lengths_are_compared_with_each_other_and_with_the_call() -> None:
    assert said(tone(400, 20), tone(900, 18)) == ["legs_differ"]
    assert said(tone(400, 20), tone(900, 20), call=40) == ["shorter_than_call"]
    assert said(tone(400, 20), None, call=22) == []


def test_the_waveform_has_both_legs_on_one_scale() -> None:
    drawn = waveform({"citizen": tone(400, 2, 0.5), "other": np.concatenate([silence(1), tone(900, 0.5)])}, RATE)
    assert drawn["seconds"] == 2.0
    assert drawn["points_per_second"] == 50
    citizen, other = drawn["peaks"]["citizen"], drawn["peaks"]["other"]
    assert len(citizen) == len(other) == 100
    assert min(citizen) == pytest.approx(0.5, abs=0.01)
    assert max(other[:50]) == 0
    assert min(other[51:74]) == pytest.approx(0.25, abs=0.01)
    assert max(other[76:]) == 0


def test_the_waveform_of_a_long_call_stays_small() -> None:
    drawn = waveform({"citizen": np.full(2 * 3600 * RATE, -32768, dtype=np.int16)}, RATE)
    assert len(drawn["peaks"]["citizen"]) <= 8000
    assert set(drawn["peaks"]["citizen"]) == {1.0}
    assert waveform({"citizen": silence(0)}, RATE)["peaks"] == {"citizen": []}


def rms(samples: Samples) -> float:
    return float(np.sqrt((samples.astype(float) ** 2).mean())) / 32768


def test_levelling_lifts_the_quiet_and_lowers_the_loud() -> None:
    quiet, loud = levelled(tone(400, 5, 0.02), RATE), levelled(tone(400, 5, 0.95), RATE)
    assert rms(quiet) == pytest.approx(LEVEL_TARGET, rel=0.1)
    assert rms(loud) == pytest.approx(LEVEL_TARGET, rel=0.1)


def test_levelling_never_clips_and_leaves_silence_alone() -> None:
    shout = np.concatenate([tone(400, 5, 0.02), tone(400, 0.2, 0.9)])
    assert np.abs(levelled(shout, RATE).astype(int)).max() < 32_700
    assert np.array_equal(levelled(comfort_noise(5), RATE), comfort_noise(5))
    assert len(levelled(silence(0), RATE)) == 0
