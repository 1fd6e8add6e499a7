"""Exports: cut, masked, marked, signed; and checked by somebody who has only the file."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from recordings import KeyRing, NotInStore, StoreConfig, get_recording, open_store
from recordings.audio import decode
from recordings.contacts import ContactFacts, note_contact
from recordings.crypto import Signer
from recordings.export import ExportOrder, ExportRefused, export_clip
from recordings.manifest import check_export
from recordings.plays import PlayRefused
from recordings.seals import check_chain
from recordings.tables import LedgerEntry, Recording, Segment, StoredFile, Transcript
from tests.kit.recordings import RATE, contact, loudest, make_config, now, store_call, tone

pytestmark = pytest.mark.wire

ZONE = ZoneInfo("Asia/Shanghai")
Sessions = sessionmaker[Session]


@pytest.fixture
def config(tmp_path: Path) -> StoreConfig:
    return make_config(tmp_path, store=open_store(tmp_path / "store", KeyRing(tmp_path / "keys.json")))


@pytest.fixture
def signer() -> Signer:
    return Signer(b"k" * 32)


Export = Callable[..., Path]


@pytest.fixture
def export(db: Sessions, config: StoreConfig, signer: Signer, tmp_path: Path) -> Export:
    def run(recording: str, **changes: object) -> Path:
        order = ExportOrder(**{"recording_id": recording, "person": "u1", "reason": "dispute 7", **changes})  # type: ignore[arg-type]
        target = tmp_path / "out.zip"
        export_clip(db, config, signer, order, now, ZONE, target)
        return target

    return run


def with_number(db: Sessions, config: StoreConfig) -> str:
    """A call of 40 s in which the citizen says a telephone number from 10 s to 16 s."""
    recording = store_call(db, config, tone(400, 40), tone(900, 40))
    with db.begin() as session:
        run = Transcript(recording_id=recording, state="done", created_at=now(), engine="fake", model="m", figures={})
        session.add(run)
        session.flush()
        for leg, start, end, text in (
            ("other", 1.0, 3.0, "请问您的电话"),
            ("citizen", 10.0, 16.0, "幺三八零零幺三八零零零"),
            ("other", 30.0, 31.0, "再见"),
        ):
            words = [[text, start, end, 0.9]]
            session.add(
                Segment(
                    transcript_id=run.transcript_id,
                    recording_id=recording,
                    leg=leg,
                    start=start,
                    end=end,
                    text=text,
                    words=words,
                )
            )
    return recording


def legs(path: Path, folder: Path) -> list[np.ndarray]:
    with zipfile.ZipFile(path) as archive:
        (name,) = (name for name in archive.namelist() if name.startswith("recording"))
        archive.extract(name, folder)
    return list(decode(folder / name, "wav", RATE)[0])


def test_a_clip_is_cut_masked_and_says_what_was_done(
    db: Sessions, config: StoreConfig, export: Export, tmp_path: Path
) -> None:
    recording = with_number(db, config)
    path = export(recording, start=5.0, end=25.0, form="wav")
    citizen, other = legs(path, tmp_path)
    assert len(citizen) == 20 * RATE
    assert loudest(citizen[RATE : 4 * RATE]) == pytest.approx(400, abs=2)
    assert loudest(citizen[6 * RATE : 10 * RATE]) == pytest.approx(1000, abs=2)  # the number is gone
    assert loudest(citizen[12 * RATE :]) == pytest.approx(400, abs=2)
    assert loudest(other[6 * RATE : 10 * RATE]) == pytest.approx(900, abs=2)
    verdict = check_export(path)
    assert verdict.broken is None
    assert not verdict.untouched_original
    assert verdict.manifest is not None
    assert verdict.manifest["changes"] == ["levelled", "written mark", "1 spoken numbers masked"]
    assert verdict.manifest["cut"] == {"from": 5.0, "to": 25.0}
    assert verdict.manifest["export"]["by"] == "u1"
    with zipfile.ZipFile(path) as archive:
        text = archive.read("transcript.txt").decode()
    assert "＊" * 11 in text
    assert "再见" not in text
    assert list(config.work.iterdir()) == []


def test_the_audible_mark_is_heard_on_both_legs(
    db: Sessions, config: StoreConfig, export: Export, tmp_path: Path
) -> None:
    recording = store_call(db, config, np.zeros(20 * RATE, np.int16), np.zeros(20 * RATE, np.int16))
    for leg in legs(export(recording, mask=False, watermark="audible", form="wav"), tmp_path):
        assert loudest(leg[: RATE // 4]) == pytest.approx(1400, abs=10)
        assert loudest(leg[15 * RATE : 15 * RATE + RATE // 4]) == pytest.approx(1400, abs=10)
        assert loudest(leg[RATE : 14 * RATE]) == 0


@pytest.mark.parametrize("form", ["opus", "mp3", "flac"])
def test_the_written_mark_names_the_copy(db: Sessions, config: StoreConfig, export: Export, form: str) -> None:
    recording = store_call(db, config, tone(400, 2), tone(900, 2))
    path = export(recording, mask=False, form=form)
    with zipfile.ZipFile(path) as archive:
        (name,) = (name for name in archive.namelist() if name.startswith("recording"))
        assert b"for u1" in archive.read(name)


def test_the_untouched_original_is_the_stored_file(db: Sessions, config: StoreConfig, export: Export) -> None:
    recording = store_call(db, config, tone(400, 2), tone(900, 2))
    path = export(recording, untouched=True)
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    verdict = check_export(path)
    assert verdict.untouched_original
    assert verdict.manifest is not None
    assert verdict.manifest["files"] == {"recording.flac": view.sha256}


def test_without_a_transcript_nothing_can_be_masked(db: Sessions, config: StoreConfig, export: Export) -> None:
    recording = store_call(db, config, tone(400, 2), tone(900, 2))
    with pytest.raises(ExportRefused) as caught:
        export(recording)
    assert caught.value.code == "no_transcript"
    with pytest.raises(ExportRefused) as caught:
        export(recording, mask=False, start=50.0)
    assert caught.value.code == "empty_clip"


def test_every_export_is_in_the_ledger_and_sealed(
    db: Sessions, config: StoreConfig, export: Export, signer: Signer
) -> None:
    recording = store_call(db, config, tone(400, 2), tone(900, 2))
    export(recording, mask=False)
    with db() as session:
        kinds = [entry.kind for entry in session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq))]
        assert kinds == ["stored", "copied", "opened", "exported"]
        assert all(entry.seal_number for entry in session.scalars(select(LedgerEntry)))
        assert check_chain(session, {signer.public.hex()}) is None


def test_refusals_write_no_file(db: Sessions, config: StoreConfig, export: Export, tmp_path: Path) -> None:
    one = contact()
    recording = store_call(db, config, tone(400, 2), tone(900, 2), one)
    with db.begin() as session:
        note_contact(session, one, ContactFacts(confidential=True, named=["u9"]))
    for changes, code in (
        ({}, "confidential"),
        ({"reason": " "}, "no_reason"),
        ({"recording_id": contact()}, "not_found"),
    ):
        with pytest.raises(PlayRefused) as caught:
            export(recording, mask=False, **changes)
        assert caught.value.code == code
    assert not (tmp_path / "out.zip").exists()
    export(recording, mask=False, person="u9")
    assert (tmp_path / "out.zip").exists()


def test_a_lost_original_gives_no_export(db: Sessions, config: StoreConfig, export: Export) -> None:
    recording = store_call(db, config, tone(400, 2), tone(900, 2))
    with db() as session:
        file = session.get_one(StoredFile, (recording, "original"))
    config.store.delete(file.path)
    with pytest.raises(NotInStore):
        export(recording, untouched=True)


# ---- somebody has only the file ----


@pytest.fixture
def exported(db: Sessions, config: StoreConfig, export: Export) -> Path:
    return export(with_number(db, config), form="opus")


def repacked(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    change(content)
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return target


def edited(**changes: object) -> Callable[[dict[str, bytes]], None]:
    def change(content: dict[str, bytes]) -> None:
        manifest = json.loads(content["manifest.json"])
        content["manifest.json"] = json.dumps({**manifest, **changes}).encode()

    return change


def test_an_honest_export_holds_and_its_key_can_be_compared(exported: Path, signer: Signer) -> None:
    verdict = check_export(exported, {signer.public.hex()})
    assert (verdict.broken, verdict.key) == (None, signer.public.hex())
    assert check_export(exported, {"00" * 32}).broken == "unknown_key"
    assert check_export(repacked(exported, lambda content: None)).broken is None


@pytest.mark.parametrize(
    ("change", "broken", "where"),
    [
        (
            lambda content: content.update({"recording.ogg": content["recording.ogg"] + b"x"}),
            "file_changed",
            "recording.ogg",
        ),
        (lambda content: content.update({"transcript.txt": b"x"}), "file_changed", "transcript.txt"),
        (lambda content: content.pop("recording.ogg"), "file_missing", "recording.ogg"),
        (lambda content: content.pop("manifest.json"), "unreadable", "changed.zip"),
        (lambda content: content.update({"manifest.json": b"{"}), "not_ours", "manifest.json"),
        (lambda content: content.update({"manifest.json": b"[]"}), "not_ours", "manifest.json"),
        (edited(format="x"), "not_ours", "manifest.json"),
        (edited(changes=[]), "manifest_changed", "manifest.json"),
        (edited(signature="00" * 64), "manifest_changed", "manifest.json"),
        (edited(signature="zz"), "not_ours", "manifest.json"),
        (edited(key="zz"), "manifest_changed", "manifest.json"),
    ],
)
def test_what_was_changed_is_named(
    exported: Path, change: Callable[[dict[str, bytes]], None], broken: str, where: str
) -> None:
    verdict = check_export(repacked(exported, change))
    assert (verdict.broken, verdict.where) == (broken, where)


def test_a_manifest_signed_by_the_office_needs_the_ledger_on_its_side(exported: Path, signer: Signer) -> None:
    """Even with the key, other audio than the sealed entry speaks of is refused."""
    from recordings.manifest import signed

    def forge(content: dict[str, bytes]) -> None:
        manifest = json.loads(content["manifest.json"])
        for name in ("signature", "format", "key"):
            manifest.pop(name)
        content["recording.ogg"] = b"other audio"
        import hashlib

        manifest["files"]["recording.ogg"] = hashlib.sha256(b"other audio").hexdigest()
        content["manifest.json"] = json.dumps(signed(manifest, signer)).encode()

    verdict = check_export(repacked(exported, forge))
    assert (verdict.broken, verdict.where) == ("proof_of_other_clip", "proof of exported")


def test_unpacked_files_are_checked_side_by_side(exported: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(exported) as archive:
        archive.extractall(folder)
    assert check_export(folder / "recording.ogg").broken is None
    (folder / "recording.ogg").rename(folder / "证据.ogg")
    assert check_export(folder / "证据.ogg").broken is None
    (folder / "证据.ogg").write_bytes(b"x")
    assert check_export(folder / "证据.ogg").broken == "file_changed"
    assert check_export(tmp_path / "absent.zip").broken == "unreadable"
    (tmp_path / "lonely.ogg").write_bytes(b"x")
    assert check_export(tmp_path / "lonely.ogg").broken == "unreadable"


def test_a_recording_that_is_gone_is_refused(db: Sessions, config: StoreConfig, export: Export) -> None:
    recording = store_call(db, config, tone(400, 1), tone(900, 1))
    with db.begin() as session:
        session.get_one(Recording, recording).state = "deleted"
    with pytest.raises(PlayRefused):
        export(recording, untouched=True)
