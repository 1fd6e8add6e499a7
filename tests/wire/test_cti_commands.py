"""``hotline capture`` and ``hotline replay`` as programs."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hotline.secrets_file import SecretsFile
from tests.kit.call_stories import CAPTURES, events, expected, meaning, names
from tests.kit.fake_ami import FakeAsterisk
from tests.kit.waiting import until

pytestmark = pytest.mark.wire

HOTLINE = (sys.executable, "-m", "hotline.cli.main")


def environment(home: Path, port: int) -> dict[str, str]:
    return {**os.environ, "HOTLINE_HOME": str(home), "HOTLINE_AMI_PORT": str(port)}


async def test_what_is_captured_is_masked_and_can_be_replayed(tmp_path: Path) -> None:
    SecretsFile(tmp_path).put("ami", "right")
    out = tmp_path / "calls.ami"
    async with FakeAsterisk() as asterisk:
        program = await asyncio.create_subprocess_exec(
            *(*HOTLINE, "capture", str(out), "--seconds", "3600"), env=environment(tmp_path, asterisk.port)
        )
        await until(lambda: asterisk.logins, "the log-in", 30)
        asterisk.emit(*events("queue_answered"))
        await until(lambda: out.read_bytes().count(b"Event: Hangup\r\n") == 2, "everything written")
        program.send_signal(2)
        assert await program.wait() == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert b"13900000001" not in out.read_bytes()
    assert b"right" not in out.read_bytes()
    done = subprocess.run([*HOTLINE, "replay", str(out)], capture_output=True, text=True, check=True)
    told = meaning(json.loads(line) for line in done.stdout.splitlines())
    truth = expected("queue_answered")
    assert told["caller"]["channel"] == truth["caller"]["channel"]
    assert told["answered_by"] == truth["answered_by"]


def test_nothing_to_capture_is_said_plainly(tmp_path: Path) -> None:
    SecretsFile(tmp_path).put("ami", "right")
    out = tmp_path / "calls.ami"
    command = [*HOTLINE, "capture", str(out), "--seconds", "1"]
    done = subprocess.run(command, env=environment(tmp_path, 9), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "hotline up" in done.stderr
    assert not out.exists()
    out.write_text("precious")
    done = subprocess.run(command, env=environment(tmp_path, 9), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert out.read_text() == "precious"


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    big = tmp_path / "big.ami"
    big.write_bytes(b"".join((CAPTURES / name / "events.ami").read_bytes() for name in names() if "/" not in name))
    command = f"{sys.executable} -m hotline.cli.main replay {big} | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["fact"] == "call_arrived"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"no capture at all\n", 1, "neither AMI text nor JSON"),
        (b'[{"Event": "Newchannel"', 1, "broken or cut off"),
        (b"[]", 0, "no event"),
        (b"Event: X\r\n\r\n", 0, ""),
    ],
)
def test_broken_files_end_with_a_word_on_stderr(tmp_path: Path, content: bytes, status: int, words: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    done = subprocess.run([*HOTLINE, "replay", str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (status, "")
    assert words in done.stderr
    missing = subprocess.run([*HOTLINE, "replay", str(tmp_path / "no")], capture_output=True, text=True, check=False)
    assert missing.returncode == 2
