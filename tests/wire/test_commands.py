"""The house's commands as programs: their JSON, their exit status, and what they refuse."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hotline import resources
from hotline.cli import reference

pytestmark = pytest.mark.wire


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def hotline(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "DATABASE"))}
    return subprocess.run(
        [sys.executable, "-m", "hotline", *words],
        env=clean | {"HOTLINE_HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(done.stdout)


def broken_pack(folder: Path) -> Path:
    shutil.copytree(resources.cities() / "demo", folder, ignore=shutil.ignore_patterns("*.wav"))
    menu = (folder / "ivr.toml").read_text("utf-8")
    (folder / "ivr.toml").write_text(f"nonsense = 1\n{menu}", "utf-8")
    tickets = (folder / "tickets.toml").read_text("utf-8")
    (folder / "tickets.toml").write_text(f"{tickets}\n[[kind]]\nzh = 3\n", "utf-8")
    return folder


def test_status_of_nothing_is_said_plainly(home: Path) -> None:
    done = hotline(home, "status", "--json")
    assert done.returncode == 3
    assert [one["ready"] for one in said(done)["programs"]] == [False] * 4
    assert said(done)["supervisor"] is None


def test_down_of_nothing_is_no_error(home: Path) -> None:
    done = hotline(home, "down", "--json")
    assert (done.returncode, said(done)) == (0, {"stopped": []})


def test_migrate_then_seed_then_both_again(home: Path) -> None:
    assert said(hotline(home, "migrate", "--json"))["ran"][0] == "0001"
    first = said(hotline(home, "seed", "--json"))
    assert first["added"]["agents"] == 4
    assert {"admin", "8001"} <= {login["username"] for login in first["logins"]}
    assert said(hotline(home, "migrate", "--json"))["ran"] == []
    assert set(said(hotline(home, "seed", "--json"))["added"].values()) == {0}
    reminders = next(
        one for one in said(hotline(home, "doctor", "--json"))["checks"] if one["name"].startswith("voice")
    )
    assert (reminders["name"], reminders["state"]) == ("voicemail reminders", "note")
    assert "nobody is told when voice messages wait too long for the office" in reminders["detail"]


def test_up_refuses_a_broken_pack_and_lists_everything_with_its_line(home: Path, tmp_path: Path) -> None:
    pack = broken_pack(tmp_path / "pack")
    done = hotline(home, "up", "--json", HOTLINE_CITY_DIR=str(pack))
    assert done.returncode == 1
    problems = json.loads(done.stdout.splitlines()[-1])["problems"]
    assert any(problem.startswith(f"{pack}/ivr.toml:1: ") for problem in problems)
    assert any(f"{pack}/tickets.toml:" in problem for problem in problems)


def test_bad_settings_are_refused_by_every_command_with_status_2(home: Path) -> None:
    home.mkdir()
    (home / "hotline.toml").write_text("sip_port = 0\nnonsense = 1\n")
    for command in ("up", "status", "doctor", "migrate", "worker", "desk", "ivr"):
        done = hotline(home, command)
        assert done.returncode == 2, command
        assert f"{home}/hotline.toml:1: sip_port: " in done.stderr
        assert f"{home}/hotline.toml:2: nonsense: there is no such setting" in done.stderr


def test_an_unreachable_database_is_named_without_its_password(home: Path) -> None:
    done = hotline(home, "migrate", DATABASE_URL="postgresql+psycopg://hotline:hush@127.0.0.1:1/x")
    assert done.returncode == 1
    assert "The database cannot be used" in done.stderr
    assert "hush" not in done.stderr + done.stdout


def test_doctor_tells_a_command_for_everything_that_failed(home: Path) -> None:
    home.mkdir()
    (home / "secrets.toml").write_text('ami = "x"\n')
    (home / "secrets.toml").chmod(0o644)
    done = hotline(home, "doctor", "--json", HOTLINE_VOSK_MODEL=str(home / "none"))
    failed = {check["name"]: check for check in said(done)["checks"] if check["state"] == "failed"}
    assert done.returncode == 1
    assert {"secrets", "speech model"} <= failed.keys()
    assert failed["secrets"]["mend"] == f"chmod 600 {home / 'secrets.toml'}"
    assert all(check["mend"] for check in failed.values())


def test_the_doctors_mends_are_commands_that_exist_and_fit_the_file(home: Path, tmp_path: Path) -> None:
    pack, gone = tmp_path / "pack", tmp_path / "no-model"
    shutil.copytree(resources.cities() / "demo", pack)
    for name in ("ivr.toml", "tickets.toml", "keywords.toml"):
        (pack / name).write_text("this is no key\n")
    done = hotline(
        home,
        "doctor",
        "--json",
        HOTLINE_CITY_DIR=str(pack),
        HOTLINE_TRANSCRIBER="whisper",
        HOTLINE_WHISPER_MODEL=str(gone),
    )
    checks = said(done)["checks"]
    mends = {check["mend"] for check in checks if check["name"] == "city pack"}
    expected = {f"hotline ivr check {pack}", f"hotline rulepack check {pack}", f"editor +1 {pack}/keywords.toml"}
    assert mends == expected
    (model,) = [check for check in checks if check["name"] == "speech model"]
    assert (model["state"], str(gone) in model["detail"]) == ("failed", True)
    known = reference.commands()
    tools = {"apt-get", "chmod", "du", "editor", "export", "ip", "ls", "make", "systemctl", "tail", "timedatectl"}
    for check in checks:
        if check["mend"].startswith("hotline "):
            assert any(f"{check['mend']} ".startswith(f"hotline {name} ") for name in known), check
        elif check["mend"]:
            assert check["mend"].split()[0] in tools, check
