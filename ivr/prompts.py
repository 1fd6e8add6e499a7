"""Makes a city's WAVs from its texts, or from recordings an office brings; says what is missing, stale or wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ivr import sound
from ivr.prompt_book import RATES, RECORDED, PromptBook, PromptText
from ivr.speech_rules import PAUSE, PAUSE_SECONDS

_LOUDNESS_SLACK = 1.0  # LU; more is heard as a jump between two prompts


class Voice(Protocol):
    """A speech engine with one voice."""

    def speak(self, text: str, speed: float) -> Any:
        """Mono samples between -1 and 1."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one prompt."""

    prompt: str
    line: int
    words: str


def due(book: PromptBook, *, everything: bool = False) -> list[PromptText]:
    """The prompts to render: missing, stale and broken ones, or all that are not recorded by a person."""
    return [
        text
        for text in book.texts.values()
        if book.state(text) != "ok" or (everything and book.manifest.get(text.id, {}).get("voice") != RECORDED)
    ]


def build(
    book: PromptBook,
    texts: list[PromptText],
    voice: Voice,
    rate: int,
    engine: str,
    done: Callable[[PromptText, float], None],
) -> None:
    """Renders ``texts``; the manifest is written after each, so that a stopped run loses nothing.

    ``done`` is told each prompt and its seconds.
    """
    for text in texts:
        if text.id == PAUSE:
            samples = np.zeros(int(PAUSE_SECONDS * rate))
        else:
            samples = sound.trim(np.asarray(voice.speak(text.text, book.speed), np.float64), rate)
        done(text, _store(book, text, samples, rate, book.voice, engine))


def import_recording(book: PromptBook, text: PromptText, file: Path) -> float:
    """Takes a person's recording (16 bit mono WAV of any rate) for a prompt; returns its seconds.

    Raises:
        OSError, EOFError, wave.Error: not such a file.
    """
    samples, rate = sound.read_wav(file)
    return _store(book, text, sound.trim(samples, rate), rate, RECORDED, RECORDED)


def check(book: PromptBook) -> list[Finding]:
    """Everything that is wrong with the WAVs, measured on the files themselves; empty when all is well."""
    findings = []
    for text in book.texts.values():
        state = book.state(text)
        words = {
            "missing": "has no WAV",
            "stale": "its WAV was made from another text or voice",
            "broken": "its WAV cannot be played",
        }.get(state) or _faults(book, text)
        if words:
            findings.append(Finding(text.id, text.line, words))
    known = {book.file(text, ending) for text in book.texts for ending in RATES}
    stray = sorted(path for path in book.sounds.rglob("*.wav*") if path not in known)
    return findings + [Finding(str(path.relative_to(book.sounds)), 1, "a WAV that no text names") for path in stray]


def _faults(book: PromptBook, text: PromptText) -> str:
    """What a listener would notice."""
    if text.id == PAUSE:
        return ""
    for ending in RATES:
        samples, rate = sound.read_wav(book.file(text.id, ending))
        loud = sound.loudness(samples, rate)
        if abs(loud - sound.TARGET_LUFS) > _LOUDNESS_SLACK:
            return f"{ending} is at {loud:.1f} LUFS instead of {sound.TARGET_LUFS:g}"
        if np.abs(samples).max() > 0.99:
            return f"{ending} touches full scale"
    return ""


def _store(book: PromptBook, text: PromptText, samples: sound.Samples, rate: int, voice: str, engine: str) -> float:
    """Writes both WAVs and the prompt's manifest entry."""
    loudness, sums = {}, {}
    for ending, wanted in RATES.items():
        made = sound.resample(samples, rate, wanted)
        if np.any(made):
            made = sound.normalise(made, wanted)
            loudness[ending] = round(sound.loudness(made, wanted), 1)
        path = book.file(text.id, ending)
        sound.write_wav(path, made, wanted)
        sums[ending] = hashlib.sha256(path.read_bytes()).hexdigest()
    seconds = len(samples) / rate
    book.manifest[text.id] = {
        "text": text.text,
        "text_sha256": text.hash,
        "voice": voice,
        "engine": engine,
        "speed": book.speed,
        "seconds": round(seconds, 2),
        "lufs": loudness,
        "sha256": sums,
    }
    _write_manifest(book)
    return seconds


def _write_manifest(book: PromptBook) -> None:
    """Only prompts that still have a text, in the table's order; complete before it takes its name."""
    kept = {name: book.manifest[name] for name in book.texts if name in book.manifest}
    path = book.folder / "manifest.json"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"prompts": kept}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    fresh.replace(path)
