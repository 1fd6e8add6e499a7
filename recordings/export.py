"""Giving a recording, or a piece of one, out of the house: with a reason, marked, masked, and provable."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from recordings import audio, clip, ledger, manifest, seals
from recordings.config import StoreConfig
from recordings.crypto import Signer
from recordings.evidence import check_file
from recordings.listening import read_legs
from recordings.plays import open_play
from recordings.reading import transcript
from recordings.spoken import SpokenNumber, find_numbers, mask_numbers
from recordings.tables import LedgerEntry, Recording, StoredFile, new_id


class ExportRefused(Exception):
    """``code``: no_transcript (numbers cannot be masked unheard), empty_clip, not_in_ledger, file_changed (the original
    is not what was stored, so that a manifest would vouch for something else)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is wanted, by whom, why."""

    recording_id: str
    person: str
    reason: str
    start: float = 0.0
    end: float | None = None
    """Seconds; None: to the end."""
    form: Literal["opus", "mp3", "wav", "flac"] = "opus"
    mask: bool = True
    """Overwrite spoken phone and identity numbers, in audio and text."""
    watermark: Literal["audible", "written"] = "written"
    """``written``: in the file's tags and the manifest; ``audible``: pips besides."""
    untouched: bool = False
    """The whole original, byte for byte; nothing is masked, marked only in the manifest."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What the database says about the recording."""

    row: Recording
    original: StoredFile
    stored_entry: str
    text: dict[str, Any] | None


def export_clip(
    sessions: sessionmaker[Session],
    config: StoreConfig,
    signer: Signer,
    order: ExportOrder,
    now_fn: Callable[[], datetime],
    zone: ZoneInfo,
    target: Path,
) -> str:
    """Writes the export as a ZIP to ``target``; returns the export's id.

    It is in the ledger before the file appears.  Raises PlayRefused, ExportRefused, NotInStore, StoreUnavailable,
    EncoderMissing, EncoderFailed, OSError.
    """
    source = _find(sessions, order, now_fn())
    if check_file(config.store, source.original.path, source.original.sha256) == "file_changed":
        raise ExportRefused("file_changed")
    config.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=config.work, prefix="export-") as work:
        folder = Path(work)
        export_id = new_id()
        numbers = [] if order.untouched or not order.mask else find_numbers((source.text or {}).get("segments", []))
        made = _audio(config, source, order, numbers, folder, export_id)
        files = [made, *_texts(source, order, folder)]
        digests = {file.name: _sha256(file) for file in files}
        entry = _enter(
            sessions, signer, order, now_fn(), zone, {"export_id": export_id, "audio_sha256": digests[made.name]}
        )
        with sessions() as session:
            proofs = {
                "stored": seals.proof_of(session, source.stored_entry),
                "exported": seals.proof_of(session, entry),
            }
        content = _content(source, order, numbers, export_id, made.name, digests, proofs, now_fn())
        (folder / manifest.NAME).write_text(
            json.dumps(manifest.signed(content, signer), ensure_ascii=False, indent=1), "utf-8"
        )
        packed = folder / "export.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for file in [*files, folder / manifest.NAME]:
                archive.write(file, file.name)
        shutil.move(packed, target)
    return export_id


def _find(sessions: sessionmaker[Session], order: ExportOrder, now: datetime) -> _Source:
    with sessions.begin() as session:
        open_play(session, order.recording_id, order.person, order.reason, now, "export")
        row = session.get_one(Recording, order.recording_id)
        original = session.get_one(StoredFile, (order.recording_id, "original"))
        entry = session.scalars(
            select(LedgerEntry.entry_id).where(
                LedgerEntry.recording_id == order.recording_id, LedgerEntry.kind == "stored"
            )
        ).first()
        text = transcript(session, order.recording_id)
    if entry is None:
        raise ExportRefused("not_in_ledger")
    if order.mask and not order.untouched and (text is None or text["version"] is None):
        raise ExportRefused("no_transcript")
    return _Source(row, original, entry, text)


def _audio(
    config: StoreConfig,
    source: _Source,
    order: ExportOrder,
    numbers: list[SpokenNumber],
    folder: Path,
    export_id: str,
) -> Path:
    if order.untouched:
        copy = folder / f"recording.{audio.EXTENSION[source.original.format]}"
        with copy.open("wb") as file:
            for piece in config.store.read(source.original.path):
                file.write(piece)
        return copy
    legs, _ = read_legs(config.store, source.original, folder, clip.RATE)
    end = len(legs[0]) / clip.RATE if order.end is None else order.end
    legs = clip.cut(legs, clip.RATE, max(0.0, order.start), end)
    if not len(legs[0]):
        raise ExportRefused("empty_clip")
    legs = [audio.levelled(leg, clip.RATE) for leg in legs]
    clip.mask(legs, clip.RATE, numbers, max(0.0, order.start))
    if order.watermark == "audible":
        clip.pips(legs, clip.RATE)
    return clip.write(folder, legs, clip.RATE, order.form, f"copy {export_id} for {order.person}")


def _texts(source: _Source, order: ExportOrder, folder: Path) -> list[Path]:
    """The transcript of the stretch as a text file, if there is one."""
    segments = (source.text or {}).get("segments", [])
    if not segments:
        return []
    if order.mask and not order.untouched:
        segments = mask_numbers(segments)
    end = order.end if order.end is not None else float("inf")
    lines = [
        f"{said['start']:8.1f}  {said['leg']:8}{said['text']}"
        for said in segments
        if said["end"] > order.start and said["start"] < end
    ]
    path = folder / "transcript.txt"
    path.write_text("\n".join([*lines, ""]), "utf-8")
    return [path]


def _enter(
    sessions: sessionmaker[Session],
    signer: Signer,
    order: ExportOrder,
    now: datetime,
    zone: ZoneInfo,
    body: dict[str, Any],
) -> str:
    """The ledger's entry about this export, sealed at once so that its proof can go with it."""
    body = {**body, "reason": order.reason, "from": order.start, "to": order.end, "masked": order.mask}
    with sessions.begin() as session:
        entry = ledger.append(session, "exported", now, recording_id=order.recording_id, person=order.person, body=body)
    while True:  # another process may be sealing right now, and then has taken the entry along
        with sessions.begin() as session:
            seals.seal_everything(session, signer, now, zone)
        with sessions() as session:
            if seals.proof_of(session, entry) is not None:
                return entry


def _content(
    source: _Source,
    order: ExportOrder,
    numbers: list[SpokenNumber],
    export_id: str,
    audio_name: str,
    digests: dict[str, str],
    proofs: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    row = source.row
    changes = [] if order.untouched else ["levelled", order.watermark + " mark"]
    if order.mask and not order.untouched:
        changes.append(f"{len(numbers)} spoken numbers masked")
    return {
        "export": {"export_id": export_id, "at": now.isoformat(), "by": order.person, "reason": order.reason},
        "source": {
            "recording_id": row.recording_id,
            "contact_id": row.contact_id,
            "kind": row.kind,
            "started_at": row.started_at.isoformat() if row.started_at else None,
            "seconds": row.seconds,
            "original_sha256": source.original.sha256,
        },
        "cut": {"from": order.start, "to": order.end},
        "changes": changes,
        "audio": audio_name,
        "files": digests,
        "proofs": proofs,
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
