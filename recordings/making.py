"""From the samples of a take to the files that go into the store."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from recordings import audio
from recordings.config import StoreConfig
from recordings.legs import Take
from recordings.store import Store, StoreUnavailable, sha256_of
from recordings.wav import Samples

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

    def described(self) -> dict[str, object]:
        """What the ledger says about it."""
        return {"sha256": self.sha256, "bytes": self.bytes, "format": self.form, "path": self.path}


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


def original(config: StoreConfig, attempt: Attempt, take: Take, folder: Path) -> list[Made]:
    """The untouched legs in one file, and the waveform.  Raises OSError."""
    form = config.original_format
    whole, peaks = folder / f"original.{form}", folder / "peaks.json"
    audio.write_lossless(whole, take.samples, take.rate, form)
    take.write_waveform(peaks)
    return [_described(attempt, "original", form, whole), _described(attempt, "peaks", "json", peaks)]


def listening(config: StoreConfig, attempt: Attempt, legs: list[Samples], rate: int, folder: Path) -> Made:
    """The levelled copy.  Raises EncoderMissing, EncoderFailed, OSError."""
    form, wav = config.listening_format, folder / "listening.wav"
    audio.write_wav(wav, [audio.levelled(leg, rate) for leg in legs], rate)
    if form == "wav":
        return _described(attempt, "listening", form, wav)
    target = folder / f"listening.{audio.EXTENSION[form]}"
    audio.encode(wav, target, form)
    return _described(attempt, "listening", form, target)


def put(store: Store, made: list[Made]) -> list[Made]:
    """Stores the files; they come back with the keys they were encrypted with.  Raises StoreUnavailable."""
    return [replace(file, key_id=store.put(file.path, file.source)) for file in made]


def remove(store: Store, made: list[Made]) -> None:
    """Takes back what was stored.  Raises StoreUnavailable."""
    for file in made:
        store.delete(file.path)


def compare(store: Store, made: list[Made]) -> None:
    """Reads the files back; raises StoreUnavailable ("store_differs") when one is not what was written."""
    for file in made:
        if sha256_of(store, file.path) != file.sha256:
            raise StoreUnavailable("store_differs")


def _described(attempt: Attempt, role: str, form: str, source: Path) -> Made:
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Made(role, form, source, attempt.path(role, form), digest, source.stat().st_size)
