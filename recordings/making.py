"""From the samples of a take to the files that go into the store."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from recordings import audio
from recordings.config import StoreConfig
from recordings.legs import Take

_TAIL = {"original": "orig.", "listening": "", "peaks": "peaks."}


@dataclass(frozen=True, slots=True)
class Made:
    """One file, ready to be stored."""

    role: str
    form: str
    source: Path
    path: str
    """Where it goes in the store."""
    sha256: str
    bytes: int
    key_id: str | None = None
    """The key it was encrypted with when it was stored."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Whose files these are; the number keeps the attempts' names apart."""

    recording_id: str
    created_at: datetime
    number: int

    def path(self, role: str, form: str) -> str:
        """The name in the store: dates and our own ids only."""
        tail = _TAIL[role] + audio.EXTENSION.get(form, form)
        return f"{self.created_at:%Y/%m/%d}/{self.recording_id}-{self.number}.{tail}"


def forms(config: StoreConfig) -> dict[str, str]:
    """Role → format of everything that is stored of a recording."""
    return {"original": config.original_format, "listening": config.listening_format, "peaks": "json"}


@contextmanager
def work_folder(config: StoreConfig, attempt: Attempt) -> Iterator[Path]:
    """A private folder for this attempt; what earlier attempts of the same recording left behind goes first."""
    for old in config.work.glob(f"{attempt.recording_id}-*"):
        shutil.rmtree(old, ignore_errors=True)
    folder = config.work / f"{attempt.recording_id}-{attempt.number}"
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def join(take: Take, folder: Path) -> None:
    """Writes both copies as WAV, the original's legs as they are and the listening copy's levelled, and the waveform.

    Raises OSError.
    """
    audio.write_wav(folder / "original.wav", take.samples, take.rate)
    audio.write_wav(folder / "listening.wav", [audio.levelled(leg, take.rate) for leg in take.samples], take.rate)
    take.write_waveform(folder / "peaks.json")


def encode(config: StoreConfig, attempt: Attempt, folder: Path) -> list[Made]:
    """Encodes what join() wrote and hashes it.  Raises EncoderMissing, EncoderFailed, OSError."""
    made = []
    for role, form in forms(config).items():
        source = folder / f"{role}.{'json' if role == 'peaks' else 'wav'}"
        if form not in ("wav", "json"):
            target = folder / f"{role}.{audio.EXTENSION[form]}"
            audio.encode(source, target, form)
            source = target
        made.append(_described(attempt, role, form, source))
    return made


def _described(attempt: Attempt, role: str, form: str, source: Path) -> Made:
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Made(role, form, source, attempt.path(role, form), digest, source.stat().st_size)
