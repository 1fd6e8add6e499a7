"""A citizen who says a word again and again, in the language of the speech model that the tests have."""

from __future__ import annotations

import wave
from pathlib import Path

WORD = "대한민국"
_SPOKEN = Path(__file__).parent / "audio" / "daehanminguk-8k.wav"
_PAUSE_SECONDS = 1.2


def spoken_file(folder: Path) -> str:
    """A WAV with the word and a pause after it, so that played in a loop each repetition is a sentence of its own."""
    path = folder / "spoken.wav"
    with wave.open(str(_SPOKEN)) as source, wave.open(str(path), "wb") as target:
        target.setparams(source.getparams())
        target.writeframes(source.readframes(source.getnframes()))
        target.writeframes(bytes(2 * int(source.getframerate() * _PAUSE_SECONDS)))
    return str(path)
