"""Makes spoken samples fit for the telephone: trims silence, resamples, brings to one loudness without clipping.

Loudness is the integrated loudness of ITU-R BS.1770-4 in LUFS for one channel.  Only numpy is needed.
"""

from __future__ import annotations

import math
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

TARGET_LUFS = -16.0
PEAK = 10 ** (-1 / 20)
"""No sample goes above -1 dBFS."""

_TRIM_DB = -42.0  # below the loudest moment; quieter beginnings and ends are silence
_KEEP_SECONDS = 0.03  # left before the first and after the last sound, so that no consonant is cut
_FADE_SECONDS = 0.005
_BLOCK_SECONDS = 0.4
_LIMIT_SECONDS = 0.004


def trim(samples: Samples, rate: int) -> Samples:
    """Without the silence at both ends, the cuts faded."""
    window = max(1, int(0.01 * rate))
    level = np.sqrt(np.convolve(samples**2, np.ones(window) / window, "same"))
    loud = np.flatnonzero(level > level.max() * 10 ** (_TRIM_DB / 20)) if samples.size else np.array([])
    if not loud.size:
        return samples
    keep = int(_KEEP_SECONDS * rate)
    cut = samples[max(0, loud[0] - keep) : loud[-1] + keep].copy()
    fade = np.linspace(0, 1, min(int(_FADE_SECONDS * rate), len(cut)))
    cut[: len(fade)] *= fade
    cut[len(cut) - len(fade) :] *= fade[::-1]
    return cut


def resample(samples: Samples, rate: int, wanted: int) -> Samples:
    """Band-limited resampling by the Fourier transform, with a soft edge below the new Nyquist frequency."""
    if rate == wanted:
        return samples
    step = rate // math.gcd(rate, wanted)
    size = -(-(len(samples) + rate // 10) // step) * step  # a tenth of a second of silence keeps the ends apart
    length = size * wanted // rate
    bins = min(size, length) // 2 + 1
    edge = np.clip((1 - np.arange(bins) / (bins - 1)) / 0.06, 0, 1)
    spectrum = np.fft.rfft(samples, size)[:bins] * np.sin(edge * np.pi / 2) ** 2
    return (np.fft.irfft(spectrum, length) * (length / size))[: -(-len(samples) * wanted // rate)]


def loudness(samples: Samples, rate: int) -> float:
    """Integrated loudness in LUFS; -inf for silence.  Sounds shorter than a block of 0.4 s are one block."""
    if not np.any(samples):
        return float("-inf")
    weighted = _k_weighted(samples, rate)
    block = min(int(_BLOCK_SECONDS * rate), len(weighted))
    energy = np.concatenate([[0.0], np.cumsum(weighted**2)])
    starts = np.arange(0, len(weighted) - block + 1, max(1, block // 4))
    power = (energy[starts + block] - energy[starts]) / block
    blocks = -0.691 + 10 * np.log10(np.maximum(power, 1e-20))
    kept = power[blocks > -70]
    if not kept.size:
        return float("-inf")
    gate = -0.691 + 10 * np.log10(kept.mean()) - 10
    kept = power[blocks > max(-70.0, gate)]
    return float(-0.691 + 10 * np.log10(kept.mean()))


def normalise(samples: Samples, rate: int, target: float = TARGET_LUFS) -> Samples:
    """At the target loudness within 0.2 LU, peaks limited to :data:`PEAK`."""
    result = samples
    gain = 1.0
    for _ in range(12):
        result = _limited(samples * gain, rate)
        off = target - loudness(result, rate)
        if not np.isfinite(off) or abs(off) < 0.05:
            break
        gain *= 10 ** (off / 20)
    return result


def write_wav(path: Path, samples: Samples, rate: int) -> None:
    """16 bit mono PCM; the file takes its name when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with wave.open(str(fresh), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes())
    fresh.replace(path)


def read_wav(path: Path) -> tuple[Samples, int]:
    """Samples between -1 and 1 of a 16 bit mono WAV, and its rate.

    Raises:
        OSError, EOFError, wave.Error: not such a file.
    """
    with wave.open(str(path), "rb") as file:
        if (file.getnchannels(), file.getsampwidth()) != (1, 2):
            raise wave.Error("not 16 bit mono")
        frames = file.readframes(file.getnframes())
        return np.frombuffer(frames, "<i2").astype(np.float64) / 32768, file.getframerate()


def _limited(samples: Samples, rate: int) -> Samples:
    """Gain turned down smoothly around every peak: the least gain of the window, averaged over the same window."""
    over = np.maximum(np.abs(samples) / PEAK, 1.0)
    if over.max() <= 1.0:
        return samples
    window = max(1, int(_LIMIT_SECONDS * rate)) * 2 + 1
    half = window // 2
    padded = np.pad(1 / over, half * 2, constant_values=1.0)
    least = np.lib.stride_tricks.sliding_window_view(padded, window).min(axis=1)
    return samples * np.convolve(least, np.ones(window) / window, "valid")


def _k_weighted(samples: Samples, rate: int) -> Samples:
    """The two filters of BS.1770 (head shelf, high pass), applied to the spectrum of the zero-padded sound."""
    size = 1 << (len(samples) + rate // 4).bit_length()  # a power of two is the quick length
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    response = _shelf(z, rate) * _high_pass(z, rate)
    return np.fft.irfft(np.fft.rfft(samples, size) * response, size)[: len(samples)]


def _shelf(z: NDArray[np.complex128], rate: int) -> NDArray[np.complex128]:
    k = np.tan(np.pi * 1681.974450955533 / rate)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    above = high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k
    below = 1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k
    return np.asarray((above[0] + above[1] * z + above[2] * z**2) / (below[0] + below[1] * z + below[2] * z**2))


def _high_pass(z: NDArray[np.complex128], rate: int) -> NDArray[np.complex128]:
    k = np.tan(np.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    scale = 1 + k / q + k * k
    return np.asarray((1 - 2 * z + z**2) / (1 + 2 * (k * k - 1) / scale * z + (1 - k / q + k * k) / scale * z**2))
