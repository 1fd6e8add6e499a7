"""Proof: what somebody changes by hand afterwards is found and named, in files, rows, ledger and chain."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from recordings import EncryptedStore, KeyRing, StoreConfig, open_store
from recordings.crypto import Signer
from recordings.evidence import check_all, check_recording, local_root
from recordings.ledger import append
from recordings.seals import (
    Break,
    check_chain,
    check_proof,
    newest,
    proof_of,
    seal_everything,
    seal_finished_days,
    unsealed,
)
from recordings.tables import LedgerEntry, Recording, Seal, StoredFile
from tests.kit.recordings import contact, make_config, now, store_call, tone

pytestmark = pytest.mark.wire

ZONE = ZoneInfo("Asia/Shanghai")
Sessions = sessionmaker[Session]


@pytest.fixture(params=["plain", "encrypted"])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> StoreConfig:
    ring = KeyRing(tmp_path / "keys.json") if request.param == "encrypted" else None
    return make_config(tmp_path, store=open_store(tmp_path / "store", ring))


@pytest.fixture
def signer() -> Signer:
    return Signer(b"k" * 32)


def stored(db: Sessions, config: StoreConfig, hertz: float = 400) -> tuple[str, Path]:
    """A recording and its original's file."""
    recording = store_call(db, config, tone(hertz, 1), tone(900, 1))
    root = local_root(config.store)
    assert root is not None
    (path,) = root.rglob(f"{recording}*.orig.flac")
    return recording, path


def code(db: Sessions, config: StoreConfig, recording: str) -> str:
    with db() as session:
        return check_recording(session, config.store, recording).code


def test_what_nobody_touched_is_sound(db: Sessions, config: StoreConfig) -> None:
    recording, _ = stored(db, config)
    assert code(db, config, recording) == "sound"
    assert code(db, config, contact()) == "unknown"
    assert code(db, config, "../x") == "unknown"
    with db() as session:
        assert [finding.code for finding in check_all(session, config.store)] == ["sound"]


def test_files_deleted_cut_changed_swapped_and_renamed_by_hand(db: Sessions, config: StoreConfig) -> None:
    encrypted = isinstance(config.store, EncryptedStore)
    changed = {"tampered"} if encrypted else {"file_changed"}
    recording, path = stored(db, config)
    whole = path.read_bytes()

    path.write_bytes(whole[:-100])
    assert code(db, config, recording) in changed
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    assert code(db, config, recording) in changed
    path.write_bytes(b"")
    assert code(db, config, recording) in changed | {"file_changed"}
    path.unlink()
    assert code(db, config, recording) == "file_missing"
    path.write_bytes(whole)
    assert code(db, config, recording) == "sound"

    other, other_path = stored(db, config, 500)
    shutil.copy(other_path, path)
    assert code(db, config, recording) in changed
    path.rename(path.with_name("renamed.flac"))
    with db() as session:
        findings = {(finding.recording_id, finding.code) for finding in check_all(session, config.store)}
    assert findings == {(recording, "file_missing"), (other, "sound"), (None, "unknown_file")}


def test_a_changed_row_is_told_from_a_changed_file(db: Sessions, config: StoreConfig) -> None:
    recording, _ = stored(db, config)
    with db.begin() as session:
        session.execute(update(StoredFile).where(StoredFile.role == "original").values(sha256="0" * 64))
    assert code(db, config, recording) == "row_changed"
    with db.begin() as session:
        session.execute(delete(LedgerEntry))
    assert code(db, config, recording) == "not_in_ledger"
    with db.begin() as session:
        session.execute(update(Recording).values(state="deleted"))
    assert code(db, config, recording) == "deleted_without_entry"


# ---- the chain ----


def days_of_entries(db: Sessions, signer: Signer, days: int = 4, each: int = 5) -> datetime:
    """Entries on several days, sealed each morning; returns the last moment."""
    moment = datetime(2026, 11, 1, 9, tzinfo=ZONE)
    for _ in range(days):
        for number in range(each):
            with db.begin() as session:
                append(session, "opened", moment, recording_id=contact(), person="u1", body={"number": number})
        moment += timedelta(days=1)
        with db.begin() as session:
            assert seal_finished_days(session, signer, moment, ZONE) is not None
            assert seal_finished_days(session, signer, moment, ZONE) is None
    return moment


def broken(db: Sessions, signer: Signer, known: tuple[int, str] | None = None) -> Break | None:
    with db() as session:
        return check_chain(session, {signer.public.hex()}, known)


def test_a_seal_a_day_and_the_chain_holds(db: Sessions, signer: Signer) -> None:
    moment = days_of_entries(db, signer)
    with db.begin() as session:
        assert [seal.number for seal in session.scalars(select(Seal).order_by(Seal.number))] == [1, 2, 3, 4]
        append(session, "opened", moment, person="u1", body={})
        assert seal_finished_days(session, signer, moment, ZONE) is None  # today is not over
        assert unsealed(session) == 1
        assert seal_everything(session, signer, moment, ZONE) == 5
    assert broken(db, signer) is None


def tampering(session: Session) -> dict[str, object]:
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.seal_number == 2).limit(1)).one()
    return {
        "text": update(LedgerEntry).where(LedgerEntry.seq == entry.seq).values(text=entry.text.replace("u1", "u2")),
        "column": update(LedgerEntry).where(LedgerEntry.seq == entry.seq).values(person="u2"),
        "removed": delete(LedgerEntry).where(LedgerEntry.seq == entry.seq),
        "moved": update(LedgerEntry).where(LedgerEntry.seq == entry.seq).values(seal_number=3),
        "unsealed": update(LedgerEntry).where(LedgerEntry.seq == entry.seq).values(seal_number=None),
        "seal": update(Seal)
        .where(Seal.number == 2)
        .values(text=session.get_one(Seal, 2).text.replace("11-03", "11-04")),
        "signature": update(Seal).where(Seal.number == 2).values(signature="00" * 64),
        "no signature": update(Seal).where(Seal.number == 2).values(signature="通话"),
        "seal removed": delete(Seal).where(Seal.number == 2),
    }


@pytest.mark.parametrize(
    ("how", "seal", "what"),
    [
        ("text", 2, "entry_changed"),
        ("column", 2, "entry_changed"),
        ("removed", 2, "entries_added_or_removed"),
        ("moved", 2, "entries_added_or_removed"),
        ("unsealed", 2, "entries_added_or_removed"),
        ("seal", 2, "seal_changed"),
        ("signature", 2, "signature_wrong"),
        ("no signature", 2, "seal_changed"),
        ("seal removed", 2, "link_broken"),
    ],
)
def test_the_first_broken_link_is_named(db: Sessions, signer: Signer, how: str, seal: int, what: str) -> None:
    days_of_entries(db, signer)
    with db.begin() as session:
        session.execute(tampering(session)[how])  # type: ignore[call-overload]
    found = broken(db, signer)
    assert found is not None
    assert (found.seal, found.what) == (seal, what)


def test_an_entry_that_is_not_sealed_yet_is_checked_too(db: Sessions, signer: Signer) -> None:
    with db.begin() as session:
        entry = append(session, "opened", now(), person="u1", body={})
        session.execute(update(LedgerEntry).values(person="u2"))
    assert broken(db, signer) == Break(None, "entry_changed", entry)


def test_a_chain_signed_anew_by_somebody_else_is_refused(db: Sessions, signer: Signer) -> None:
    days_of_entries(db, Signer(b"x" * 32))
    assert broken(db, signer) == Break(1, "unknown_key")


def test_a_chain_that_was_cut_is_noticed_by_whoever_wrote_a_digest_down(db: Sessions, signer: Signer) -> None:
    days_of_entries(db, signer)
    with db() as session:
        known = newest(session)
    assert known is not None
    with db.begin() as session:
        session.execute(delete(Seal).where(Seal.number == 4))
        session.execute(delete(LedgerEntry).where(LedgerEntry.seal_number == 4))
    assert broken(db, signer) is None
    assert broken(db, signer, known) == Break(4, "chain_cut")
    assert broken(db, signer, (2, "0" * 64)) == Break(2, "seal_changed")


def test_a_proof_stands_without_the_database(db: Sessions, signer: Signer) -> None:
    moment = datetime(2026, 11, 1, 9, tzinfo=ZONE)
    with db.begin() as session:
        entries = [append(session, "opened", moment, person="u1", body={"n": number}) for number in range(7)]
        assert proof_of(session, entries[3]) is None
        seal_everything(session, signer, moment, ZONE)
        proofs = [proof_of(session, entry) for entry in entries]
    keys = {signer.public.hex()}
    for proof in proofs:
        assert proof is not None
        assert check_proof(json.loads(json.dumps(proof)), keys) is None
        assert check_proof({**proof, "entry": proof["entry"].replace("u1", "u2")}, keys) == "entry_not_in_seal"
        assert check_proof({**proof, "index": 99}, keys) == "entry_not_in_seal"
        assert check_proof({**proof, "path": proof["path"][1:]}, keys) == "entry_not_in_seal"
        assert check_proof(proof, set()) == "unknown_key"
        for field in ("entry", "index", "path", "seal"):
            assert check_proof({**proof, field: None}, keys) == "proof_unreadable"
