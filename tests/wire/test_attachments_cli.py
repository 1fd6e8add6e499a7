"""``hotline attachments verify`` reads every file again; ``hotline doctor`` looks whether the store can be written."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import ticketing as t
from agent_desktop import AttachmentFiles
from hotline import attachment_room, doctor, settings
from hotline.cli.main import app
from hotline.database import build_engine, sessions

pytestmark = pytest.mark.wire

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
CONTENT = "路灯不亮，已三天。\n".encode() * 9000
OFFICE = t.Actor("op1", frozenset({"operator"}))


async def pieces() -> AsyncIterator[bytes]:
    yield CONTENT[:100_000]
    yield CONTENT[100_000:]


@pytest.fixture
async def stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A ticket with one file; the file as it lies in the store."""
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    engine = build_engine(f"sqlite:///{tmp_path / 'hotline.sqlite'}")
    t.Base.metadata.create_all(engine)
    files: AttachmentFiles = attachment_room.files(settings.load())
    received = await files.receive(pieces())
    kept = files.keep(received, NOW)
    with sessions(engine).begin() as session:
        ticket = t.create_ticket(session, t.CreateTicket("k", "op1", "路灯不亮"), NOW)
        assert isinstance(ticket, t.Ticket)
        file = t.NewFile("a-1", "说明.txt", "text/plain", received.size, received.sha256, kept)
        added = t.add_attachment(session, t.office.bare_office(), OFFICE, ticket.ticket_id, file, NOW)
        assert isinstance(added, t.Attachment)
    files.drop(received)
    engine.dispose()
    return tmp_path / "attachments" / kept


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["attachments", "verify", *arguments])


def problem() -> str:
    result = run("--json")
    assert result.exit_code == 1
    return str(json.loads(result.stdout)["bad"][0]["problem"])


async def test_whole_files_are_proved(stored: Path) -> None:
    assert stored.read_bytes()[:4] == b"HLR1", "encrypted"
    result = run("--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"ok": True, "files": 1, "bad": []})
    assert "1 files" in run().stdout


async def test_a_changed_file_a_lost_one_and_a_lost_key_are_told_apart(stored: Path, tmp_path: Path) -> None:
    whole = stored.read_bytes()
    stored.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert problem() == "tampered"
    assert "was changed" in run().stderr
    stored.write_bytes(whole)
    keys = tmp_path / "attachment-keys.json"
    keys.rename(tmp_path / "away.json")
    assert problem() == "key_missing"
    (tmp_path / "away.json").rename(keys)
    stored.unlink()
    assert problem() == "file_missing"


async def test_the_doctor_says_whether_files_can_be_stored(stored: Path, tmp_path: Path) -> None:
    def said() -> doctor.Check:
        return next(one for one in doctor.examine(settings.load()) if one.name == "ticket files")

    assert said().state == "ok"
    folder = tmp_path / "attachments"
    folder.rename(tmp_path / "elsewhere")
    folder.write_text("no folder")
    assert (said().state, said().mend) == ("failed", f"install -d -m 0750 {folder}")
