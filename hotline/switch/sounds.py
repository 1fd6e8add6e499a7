"""Sounds that need no words: the comfort sound of queue and hold, the beep before a message, a blink of silence.

They are computed, so no file and no licence has to be shipped: slow chords of soft sine tones, each swelling
and fading, quiet enough to speak over.
"""

from __future__ import annotations

import wave
from pathlib import Path

RATE = 8000  # Hz; what the telephone network carries
_CHORD_SECONDS = 4.0
_LOUDNESS = 0.16  # of full scale, about -22 dBFS with the chords' tones added: well below speech
# I - vi - IV - V in C, one low and three middle tones each (Hz); no tone near 450 Hz, which means "busy" here.
_CHORDS = (
    (130.81, 261.63, 329.63, 392.00),
    (110.00, 261.63, 329.63, 523.25),
    (174.61, 261.63, 349.23, 523.25),
    (196.00, 246.94, 293.66, 392.00),
)


def ensure(data: Path) -> None:
    """Writes the comfort sound, the beep, the ringing tone and the silence below ``data`` where they do not exist."""
    music, beep = data / "moh" / "comfort.wav", data / "sounds" / "beep.wav"
    if not any((data / "moh").iterdir()):
        _write(music, _comfort())
    if not beep.exists():
        _write(beep, _tone(950.0, 0.4, 0.25))
    hush = data / "sounds" / "hush.wav"
    if not hush.exists():
        _write(hush, [0.0] * (RATE // 25))  # two packets; the dialplan says what they are for
    ringing = data / "ringing" / "ringing.wav"
    if not ringing.exists():
        _write(ringing, _tone(450.0, 1.0, 0.1) + [0.0] * (4 * RATE))  # GF 002-9002.1: 450 Hz, 1 s on, 4 s off


def _comfort() -> list[float]:
    """Two rounds of the chords, each tone with a weak octave above; ends where it starts, so it loops unheard."""
    import numpy as np

    length = int(_CHORD_SECONDS * RATE)
    time = np.arange(2 * length) / RATE
    # Each chord lasts twice its share: it swells while the one before fades.
    swell = np.sin(np.pi * time / (2 * _CHORD_SECONDS)) ** 2
    rounds = _CHORDS * 2
    whole = np.zeros(length * len(rounds))
    for number, chord in enumerate(rounds):
        tone = sum(np.sin(2 * np.pi * hertz * time) + 0.2 * np.sin(4 * np.pi * hertz * time) for hertz in chord)
        place = (np.arange(2 * length) + number * length) % len(whole)
        whole[place] += swell * tone
    result: list[float] = (whole / np.abs(whole).max() * _LOUDNESS * 2).tolist()
    return result


def _tone(hertz: float, seconds: float, loudness: float) -> list[float]:
    import numpy as np

    time = np.arange(int(seconds * RATE)) / RATE
    edge = np.minimum(1.0, np.minimum(time, time[::-1]) * 100)  # 10 ms up and down: no click
    result: list[float] = (loudness * edge * np.sin(2 * np.pi * hertz * time)).tolist()
    return result


def _write(path: Path, samples: list[float]) -> None:
    """16 bit mono WAV; complete before it takes the name."""
    import numpy as np

    path.parent.mkdir(exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    with wave.open(str(fresh), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.array(samples) * 32767).astype("<i2").tobytes())
    fresh.replace(path)
