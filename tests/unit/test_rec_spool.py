"""When a spool file counts as complete, and which names in the spool are ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from recordings.spool import SpoolFacts, all_complete, contacts_in, files_of, identity, is_complete, look, open_files
from tests.kit.recordings import contact, lay, tone, wav_bytes

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("rested", "closed", "open_elsewhere", "call_over", "complete"),
    [
        (1.0, True, False, False, True),  # the usual end: Asterisk wrote the header and let go
        (0.1, True, False, True, False),  # this very moment: wait for the other leg's header
        (60.0, False, False, True, True),  # killed; the call is known to be over
        (1.0, False, False, True, False),
        (60.0, False, False, False, False),  # a live call on hold may rest this long
        (601.0, False, False, False, True),  # an orphan
        (601.0, False, True, False, False),
    ],
)
def test_completeness_is_a_matter_of_facts(
    rested: float, closed: bool, open_elsewhere: bool, call_over: bool, complete: bool
) -> None:
    writers = frozenset({(1, 2)}) if open_elsewhere else frozenset()
    assert is_complete(SpoolFacts(1000, rested, closed, (1, 2)), call_over, lambda: writers) is complete


def test_a_file_that_is_held_open_for_writing_is_seen(tmp_path: Path) -> None:
    path = lay(tmp_path, "a.wav", b"x")
    with path.open("ab"):
        facts = look(path, path.stat().st_mtime + 5)
        assert open_files(tmp_path) == {facts.identity}
        assert facts.rested == pytest.approx(5)
        assert not all_complete([path], tmp_path, path.stat().st_mtime + 9999, call_over=True)
    with path.open("rb"):  # a listener is no writer
        assert open_files(tmp_path) == frozenset()
        assert all_complete([path], tmp_path, path.stat().st_mtime + 9999, call_over=True)
    assert not all_complete([tmp_path / "gone"], tmp_path, 0, call_over=True)


def test_only_names_made_of_a_contact_id_are_ours(tmp_path: Path) -> None:
    one = contact()
    lay(tmp_path, f"{one}-rx.wav", b"")
    for name in ("x.wav", f"{one}-rx.wav.partial", f"{one.upper()}-rx.wav", f"{one}-zz.wav", "a b\n.wav", "通话.wav"):
        lay(tmp_path, name, b"")
    (tmp_path / f"{contact()}-rx.wav").mkdir()
    (tmp_path / f"{contact()}-tx.wav").symlink_to("/etc/passwd")
    assert contacts_in(tmp_path) == [one]
    assert contacts_in(tmp_path / "absent") == []


def test_the_files_of_a_contact_by_role(tmp_path: Path) -> None:
    one = contact()
    for suffix in ("-rx", "-tx", ""):
        lay(tmp_path, f"{one}{suffix}.wav", wav_bytes(tone(400, 0.1)))
    assert set(files_of(one, "call", tmp_path)) == {"rx", "tx", "mix"}
    assert set(files_of(one, "voicemail", tmp_path)) == {"voice"}


def test_a_message_that_may_be_spoken_anew_waits_for_the_end_of_the_call(tmp_path: Path) -> None:
    one = contact()
    for take in (1, 2):
        lay(tmp_path, f"{one}-{take}.wav", wav_bytes(tone(400, 0.1)), rested=60)
    files = files_of(one, "voicemail", tmp_path)
    assert list(files) == ["take1", "take2"]
    at = files["take2"].stat().st_mtime
    assert not all_complete(files.values(), tmp_path, at + 60, call_over=False, kind="voicemail")
    assert all_complete(files.values(), tmp_path, at + 60, call_over=True, kind="voicemail")
    assert all_complete(files.values(), tmp_path, at + 601, call_over=False, kind="voicemail"), "nobody knows the call"


def test_identity_changes_with_every_write(tmp_path: Path) -> None:
    path = lay(tmp_path, "a.wav", b"one")
    before = identity(path)
    assert identity(path) == before
    lay(tmp_path, "a.wav", b"two!", rested=60)
    assert identity(path) != before
