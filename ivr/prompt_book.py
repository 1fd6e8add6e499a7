"""The prompts of a city: their texts (``prompts.toml``), what was rendered from them (``manifest.json``), the WAVs.

Files of a prompt ``greeting`` lie in ``prompts/zh/``: ``greeting.wav`` (8 kHz) and ``greeting.wav16`` (16 kHz, the
name under which Asterisk looks for wide-band WAV; it chooses between the two by the caller's codec).
"""

from __future__ import annotations

import hashlib
import json
import re
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ivr import toml_lines
from ivr.speech_rules import WORDS

LANGUAGE = "zh"
RATES = {".wav": 8000, ".wav16": 16000}
"""File ending → samples per second."""
RECORDED = "recorded"
"""The voice of a prompt that a person spoke."""
_SECONDS_A_SIGN = 0.25  # Mandarin is read at about four syllables a second; used only where no WAV exists yet
_ID = re.compile(r"(word/)?[a-z0-9]+(-[a-z0-9]+)*")  # it becomes a file name
_TABLE_KEYS = {"voice", "speed", "prompt", "word"}
_ENTRY_KEYS = {"text", "purpose"}


@dataclass(frozen=True, slots=True)
class PromptText:
    """One line of the table."""

    id: str
    text: str
    purpose: str
    line: int

    @property
    def hash(self) -> str:
        """SHA-256 of the text: tells whether a WAV was made from it."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class PromptBook:
    """The prompts of one city, read once."""

    folder: Path
    voice: str
    speed: float
    texts: dict[str, PromptText]
    manifest: dict[str, dict[str, Any]]

    @property
    def table(self) -> Path:
        return self.folder / "prompts.toml"

    @property
    def sounds(self) -> Path:
        """The folder of the WAVs."""
        return self.folder / LANGUAGE

    def file(self, prompt: str, ending: str = ".wav") -> Path:
        return self.sounds / f"{prompt}{ending}"

    def seconds(self, prompt: str) -> float:
        """How long the prompt takes: from its WAV, else guessed from its text, 0 when there is neither."""
        if measured := self.measured_seconds(prompt):
            return measured
        text = self.texts.get(prompt)
        return len(text.text) * _SECONDS_A_SIGN if text else 0.0

    def measured_seconds(self, prompt: str) -> float:
        """How long the prompt's WAV is, 0 when there is none that can be played."""
        try:
            with wave.open(str(self.file(prompt)), "rb") as sound:
                return sound.getnframes() / sound.getframerate()
        except (OSError, EOFError, wave.Error, ZeroDivisionError):
            return 0.0

    def state(self, prompt: PromptText) -> str:
        """``ok``, ``missing`` (no WAV of some rate), ``stale`` (made from another text or voice) or ``broken``."""
        for ending, rate in RATES.items():
            path = self.file(prompt.id, ending)
            if not path.is_file():
                return "missing"
            if not _is_mono_wav(path, rate):
                return "broken"
        made = self.manifest.get(prompt.id, {})
        fresh = made.get("text_sha256") == prompt.hash and made.get("voice") in (self.voice, RECORDED)
        return "ok" if fresh else "stale"


def _is_mono_wav(path: Path, rate: int) -> bool:
    try:
        with wave.open(str(path), "rb") as sound:
            shape = (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
            return shape == (1, 2, rate) and sound.getnframes() > 0
    except (OSError, EOFError, wave.Error):
        return False


def open_book(folder: Path) -> tuple[PromptBook, list[tuple[int, str]]]:
    """The book of ``folder`` and what is wrong with its ``prompts.toml`` (line, message)."""
    try:
        toml = toml_lines.read((folder / "prompts.toml").read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return PromptBook(folder, "", 1.0, {}, {}), [(1, f"cannot be read: {error}")]
    texts, problems = _texts(toml)
    problems += toml.errors
    problems += [(toml.line_of((name,)), f"{name}: no such key") for name in toml.values.keys() - _TABLE_KEYS]
    problems += [
        (toml.line_of(("word",)), f"{word}: no text; the spoken numbers need it (usually “{usual}”)")
        for word, usual in WORDS.items()
        if word not in texts
    ]
    voice, speed = toml.values.get("voice"), toml.values.get("speed", 1.0)
    if not isinstance(voice, str):
        problems.append((toml.line_of(("voice",)), 'voice: needs the name of a voice, voice = "…"'))
    if not isinstance(speed, (int, float)) or not 0.5 <= speed <= 2:
        problems.append((toml.line_of(("speed",)), "speed: needs a number between 0.5 and 2"))
        speed = 1.0
    return PromptBook(folder, str(voice or ""), float(speed), texts, read_manifest(folder)), sorted(problems)


def _texts(toml: toml_lines.TomlText) -> tuple[dict[str, PromptText], list[tuple[int, str]]]:
    """The texts that can be used, and what is wrong with the others."""
    texts: dict[str, PromptText] = {}
    problems: list[tuple[int, str]] = []
    for section, prefix in (("prompt", ""), ("word", "word/")):
        entries = toml.values.get(section, {})
        for name, entry in (entries if isinstance(entries, dict) else {}).items():
            line, key = toml.line_of((section, name)), prefix + name
            if not _ID.fullmatch(key):
                problems.append((line, f"{key}: an id is small letters and digits, joined by single - signs"))
            elif not isinstance(entry, dict) or not isinstance(entry.get("text"), str) or not entry["text"].strip():
                problems.append((line, f'{key}: needs text = "…"'))
            else:
                unknown = sorted(entry.keys() - _ENTRY_KEYS)
                problems += [(line, f"{key}: unknown key {one}") for one in unknown]
                texts[key] = PromptText(key, entry["text"], str(entry.get("purpose", "")), line)
    return texts, problems


def read_manifest(folder: Path) -> dict[str, dict[str, Any]]:
    """What was rendered last; empty when there is no manifest or it cannot be read (everything is stale then)."""
    try:
        prompts = json.loads((folder / "manifest.json").read_text("utf-8"))["prompts"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {name: entry for name, entry in prompts if isinstance(entry, dict)}
