"""Stores: a folder, an S3 service, either of them encrypted; all keep the same promises."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from recordings import (
    KeyRing,
    NotInStore,
    Store,
    StoreUnavailable,
    check_recording,
    enqueue,
    find_for_contact,
    get_recording,
    open_alarms,
    open_audio,
    open_store,
    process_next,
)
from recordings.encrypted_store import PIECE, EncryptedStore, KeyAway, Tampered
from recordings.s3_store import S3Options
from recordings.store import LocalStore, sha256_of
from tests.kit.ivr_process import free_port
from tests.kit.recordings import contact, finished, lay_call, make_config, make_database, now, tone, wav_bytes
from tests.kit.s3_server import BUCKET, S3Server, s3_process, s3_server

pytestmark = pytest.mark.wire


@pytest.fixture(scope="module")
def service() -> Iterator[S3Server]:
    with s3_server() as running:
        yield running


@pytest.fixture(params=["folder", "s3", "folder encrypted", "s3 encrypted"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    ring = KeyRing(tmp_path / "keys.json") if "encrypted" in request.param else None
    if request.param.startswith("folder"):
        return open_store(tmp_path / "store", ring)
    server = request.getfixturevalue("service")
    return open_store(server.location, ring, server.options)


def path() -> str:
    return f"2026/11/21/{uuid4()}-1.ogg"


def put(store: Store, folder: Path, content: bytes) -> str:
    source, name = folder / "source", path()
    source.write_bytes(content)
    store.put(name, source)
    return name


SIZES = (0, 1, 100, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE + 17)


@pytest.mark.parametrize("size", SIZES)
def test_what_goes_in_comes_out_whole_and_in_parts(store: Store, tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    name = put(store, tmp_path, content)
    assert store.size(name) == size
    assert b"".join(store.read(name)) == content
    for start in (0, 1, PIECE - 1, PIECE, size - 1, size, size + 5):
        for length in (0, 1, PIECE, 3 * PIECE, None):
            if start >= 0:
                stop = None if length is None else start + length
                assert b"".join(store.read(name, start, length)) == content[start:stop], (start, length)
    assert sorted(entry.name for entry in tmp_path.iterdir() if entry.is_file()) in (
        ["source"],
        ["keys.json", "keys.lock", "source"],
    )


def test_a_second_write_replaces_and_deleting_is_repeatable(store: Store, tmp_path: Path) -> None:
    name = put(store, tmp_path, b"one")
    (tmp_path / "source").write_bytes(b"two, longer")
    store.put(name, tmp_path / "source")
    assert b"".join(store.read(name)) == b"two, longer"
    store.delete(name)
    store.delete(name)
    for look in (store.size, store.read):
        with pytest.raises(NotInStore):
            look(name)  # type: ignore[operator]


@pytest.mark.parametrize("hostile", ["../x", "/etc/passwd", "2026/11/21/../../x.ogg", "", "a\0b", "通话.ogg"])
def test_no_name_leads_outside(store: Store, tmp_path: Path, hostile: str) -> None:
    (tmp_path / "source").write_bytes(b"x")
    for attempt in (store.size, store.read, store.delete, lambda name: store.put(name, tmp_path / "source")):
        with pytest.raises(NotInStore):
            attempt(hostile)  # type: ignore[operator]


def test_a_whole_recording_goes_through_every_store(store: Store, tmp_path: Path) -> None:
    config = make_config(tmp_path, store=store)
    db = make_database(f"sqlite:///{tmp_path / 'rec.sqlite'}")
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 20)), wav_bytes(tone(900, 20)))
    with db.begin() as session:
        recording = enqueue(session, one, "call", now())
    assert finished(db, config) == 2
    with db() as session:
        audio = open_audio(session, store, recording)
        original = open_audio(session, store, recording, "original")
    assert audio is not None
    assert original is not None
    assert b"".join(audio.read())[:4] == b"\x1aE\xdf\xa3", "WebM begins with an EBML head (RFC 8794, section 8.1)"
    assert sha256_of(store, original.path) == original.sha256


# ---- S3 ----


def test_a_service_that_is_away_refuses_or_forbids_costs_nothing(service: S3Server, tmp_path: Path) -> None:
    config = make_config(tmp_path, store=open_store(service.location, None, service.options))
    db = make_database(f"sqlite:///{tmp_path / 'rec.sqlite'}")
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 2)), wav_bytes(tone(900, 2)))
    with db.begin() as session:
        recording = enqueue(session, one, "call", now())
    gone = make_config(
        tmp_path, store=open_store(service.location, None, S3Options("http://127.0.0.1:1", "x", "x", "x"))
    )
    said = []
    for day, (used, attribute) in enumerate(((gone, ""), (config, "down"), (config, "forbidden"), (config, ""))):
        if attribute:
            setattr(service, attribute, True)
        process_next(db, used, lambda day=day: now() + timedelta(days=day))  # type: ignore[misc]
        if attribute:
            setattr(service, attribute, False)
        with db() as session:
            view = get_recording(session, recording)
        assert view is not None
        said.append((view.state, view.problem, len(list(config.spool.iterdir()))))
    assert said == [
        ("waiting", "store_unreachable", 2),
        ("waiting", "store_unreachable", 2),
        ("waiting", "no_permission", 2),
        ("ready", None, 0),
    ]


@pytest.mark.parametrize("victim", ["orig.flac", "peaks.json"])
def test_the_service_is_killed_in_the_middle_of_an_upload(tmp_path: Path, victim: str) -> None:
    """The spool stays; when the service is there again, with nothing of the past, everything is uploaded anew."""
    port = free_port()
    options = S3Options(f"http://127.0.0.1:{port}", "us-east-1", "test", "test", timeout=5)
    config = make_config(tmp_path, store=open_store(f"s3://{BUCKET}/calls", KeyRing(tmp_path / "keys.json"), options))
    db = make_database(f"sqlite:///{tmp_path / 'rec.sqlite'}")
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 20)), wav_bytes(tone(900, 20)))
    with db.begin() as session:
        recording = enqueue(session, one, "call", now())
    with s3_process(port, victim) as service:
        process_next(db, config, now)
        assert service.wait(10) == -signal.SIGKILL
    with db() as session:
        (view,) = find_for_contact(session, one)
        assert (view.state, view.problem) == ("waiting", "store_unreachable")
        assert [(alarm.kind, alarm.cleared_at) for alarm in open_alarms(session)] == [("store_unreachable", None)]
    assert len(list(config.spool.iterdir())) == 2
    with s3_process(port):
        assert finished(db, config, lambda: now() + timedelta(hours=1)) == 2
        with db() as session:
            assert open_alarms(session) == []
            (view,) = find_for_contact(session, one)
            assert (view.state, view.problem) == ("ready", None)
            assert check_recording(session, config.store, recording).sound
    assert list(config.spool.iterdir()) == []


def test_a_bucket_that_does_not_exist_is_no_lost_file(service: S3Server, tmp_path: Path) -> None:
    store = open_store("s3://nowhere/x", None, service.options)
    (tmp_path / "source").write_bytes(b"x")
    with pytest.raises((StoreUnavailable, NotInStore)):
        store.put(path(), tmp_path / "source")


# ---- encryption ----


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys.json")


@pytest.fixture
def plain(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "store")


@pytest.fixture
def encrypted(plain: LocalStore, ring: KeyRing) -> EncryptedStore:
    return EncryptedStore(plain, ring)


CONTENT = bytes(range(256)) * 1000


def test_nothing_of_the_voice_is_readable_on_disk(encrypted: EncryptedStore, plain: LocalStore, tmp_path: Path) -> None:
    name = put(encrypted, tmp_path, CONTENT)
    raw = plain.local_path(name).read_bytes()
    assert bytes(range(32)) not in raw
    again = put(encrypted, tmp_path, CONTENT)
    assert plain.local_path(again).read_bytes()[80:] != raw[80:]
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("where", [0, 5, 30, 75, 80, 5000, 70_000, -1])
def test_one_changed_byte_is_noticed(encrypted: EncryptedStore, plain: LocalStore, tmp_path: Path, where: int) -> None:
    name = put(encrypted, tmp_path, CONTENT)
    raw = bytearray(plain.local_path(name).read_bytes())
    raw[where] ^= 1
    plain.local_path(name).write_bytes(raw)
    if where == 0:  # no longer an encrypted file at all: the hash in the database tells
        assert b"".join(encrypted.read(name)) != CONTENT
        return
    with pytest.raises((Tampered, KeyAway)):
        b"".join(encrypted.read(name))


def test_cut_longer_swapped_and_renamed_files_are_noticed(
    encrypted: EncryptedStore, plain: LocalStore, tmp_path: Path
) -> None:
    one, two = put(encrypted, tmp_path, CONTENT), put(encrypted, tmp_path, CONTENT)
    raw = plain.local_path(one).read_bytes()
    plain.local_path(two).write_bytes(raw)  # another recording's file under this one's name
    with pytest.raises(Tampered):
        b"".join(encrypted.read(two))
    piece = PIECE + 16
    head, pieces = raw[:80], [raw[80 + n * piece : 80 + (n + 1) * piece] for n in range(4)]
    for changed in (
        raw[:-20],
        raw[:40],
        head + b"".join(pieces[:3]),
        head + pieces[1] + pieces[0] + pieces[2] + pieces[3],
    ):
        plain.local_path(one).write_bytes(changed)
        with pytest.raises(Tampered):
            b"".join(encrypted.read(one))


def test_keys_rotate_and_old_files_stay_readable(
    encrypted: EncryptedStore, plain: LocalStore, ring: KeyRing, tmp_path: Path
) -> None:
    old = put(encrypted, tmp_path, CONTENT)
    first = ring.active
    second = ring.rotate()
    assert ring.active == second != first
    new = put(encrypted, tmp_path, CONTENT)
    assert b"".join(encrypted.read(old)) == b"".join(encrypted.read(new)) == CONTENT
    assert first.encode() in plain.local_path(old).read_bytes()[:20]
    assert encrypted.rewrap(old, tmp_path) == second
    assert encrypted.rewrap(old, tmp_path) == second
    assert b"".join(encrypted.read(old)) == CONTENT
    with pytest.raises(ValueError, match="active"):
        ring.forget(second)
    ring.forget(first)
    assert ring.key_ids() == [second]
    assert b"".join(encrypted.read(old, 100, 5)) == CONTENT[100:105]


def test_without_its_key_a_file_says_so(encrypted: EncryptedStore, plain: LocalStore, tmp_path: Path) -> None:
    name = put(encrypted, tmp_path, CONTENT)
    stranger = EncryptedStore(plain, KeyRing(tmp_path / "other.json"))
    with pytest.raises(KeyAway) as caught:
        stranger.read(name)
    assert caught.value.code == "key_missing"


def test_files_from_before_encryption_are_still_read(
    encrypted: EncryptedStore, plain: LocalStore, tmp_path: Path
) -> None:
    name = put(plain, tmp_path, b"OggS and so on")
    assert b"".join(encrypted.read(name, 5)) == b"and so on"
    assert encrypted.size(name) == 14
    assert encrypted.rewrap(name, tmp_path) is None


def test_two_processes_agree_on_one_key_file(tmp_path: Path) -> None:
    rings = [KeyRing(tmp_path / "keys.json") for _ in range(2)]
    assert rings[0].active == rings[1].active
    assert rings[0].signer().public == rings[1].signer().public
