"""Spool files as Asterisk leaves them, a store in a temporary folder, and ears made of an FFT."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session, sessionmaker

from hotline.database import build_engine, sessions
from recordings import Base, LocalStore, StoreConfig, copy_next, enqueue, process_next

RATE = 8000
Samples = NDArray[np.int16]


def now() -> datetime:
    return datetime.now(UTC)


def tone(hertz: float, seconds: float, amplitude: float = 0.25) -> Samples:
    at = np.arange(int(seconds * RATE)) / RATE
    return (np.sin(2 * np.pi * hertz * at) * amplitude * 32767).astype(np.int16)


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE), dtype=np.int16)


def wav_bytes(samples: Samples, declared: int | None = None, rate: int = RATE, codec: int = 1, width: int = 2) -> bytes:
    """A mono WAV; ``declared`` replaces the size that the header gives for the audio."""
    raw = samples.tobytes()
    size = len(raw) if declared is None else declared
    head = b"RIFF" + struct.pack("<I", (size + 36) & 0xFFFFFFFF) + b"WAVEfmt "
    head += struct.pack("<IHHIIHH", 16, codec, 1, rate, rate * width, width, width * 8)
    return head + b"data" + struct.pack("<I", size) + raw


def lay(folder: Path, name: str, content: bytes, rested: float = 60.0) -> Path:
    """Writes a spool file that nobody has touched for ``rested`` seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    then = time.time() - rested
    os.utime(path, (then, then))
    return path


def lay_call(
    config: StoreConfig, contact_id: str, citizen: bytes | None, other: bytes | None, rested: float = 60.0
) -> None:
    for suffix, content in (("rx", citizen), ("tx", other)):
        if content is not None:
            lay(config.spool, f"{contact_id}-{suffix}.wav", content, rested)


def contact() -> str:
    return str(uuid4())


def make_config(folder: Path, **changes: object) -> StoreConfig:
    values: dict[str, object] = {
        "store": LocalStore(folder / "store"),
        "spool": folder / "spool",
        "voicemail_spool": folder / "voicemail",
        "survey_spool": folder / "survey",
        "consult_spool": folder / "consult",
        "work": folder / "work",
    }
    values["spool"].mkdir(parents=True, exist_ok=True)  # type: ignore[attr-defined]
    values["consult_spool"].mkdir(parents=True, exist_ok=True)  # type: ignore[attr-defined]
    values["survey_spool"].mkdir(parents=True, exist_ok=True)  # type: ignore[attr-defined]
    values["voicemail_spool"].mkdir(parents=True, exist_ok=True)  # type: ignore[attr-defined]
    return StoreConfig(**{**values, **changes})  # type: ignore[arg-type]


def make_database(url: str) -> sessionmaker[Session]:
    engine = build_engine(url)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    return sessions(engine)


def stored_files(config: StoreConfig) -> list[str]:
    """Every file in the local store, relative."""
    root = config.store.root  # type: ignore[attr-defined]
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def loudest(samples: NDArray[np.generic], rate: int = RATE) -> float:
    """The frequency that stands out, in Hz; 0 for silence."""
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64) * np.hanning(len(samples))))
    if spectrum.max() < 100 * len(samples) ** 0.5:
        return 0.0
    return float(np.argmax(spectrum) * rate / len(samples))


def store_call(
    db: sessionmaker[Session], config: StoreConfig, citizen: Samples, other: Samples, contact_id: str | None = None
) -> str:
    """A finished recording of a call with its listening copy; returns its id."""
    one = contact_id or contact()
    lay_call(config, one, wav_bytes(citizen), wav_bytes(other))
    with db.begin() as session:
        recording = enqueue(session, one, "call", now())
    assert finished(db, config)
    return recording


def finished(db: sessionmaker[Session], config: StoreConfig, clock: Callable[[], datetime] = now) -> int:
    """Does whatever is due, listening copies included; how many pieces of work it was."""
    pieces = 0
    while process_next(db, config, clock) or copy_next(db, config, clock):
        pieces += 1
    return pieces
