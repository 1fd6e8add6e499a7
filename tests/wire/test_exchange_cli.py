"""``hotline import tickets`` and ``hotline export tickets`` in an installation of their own."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine
from typer.testing import CliRunner

import agent_desktop
import ticketing as t
from hotline.cli.main import app
from hotline.database import sessions
from tests.kit.installation import installed  # noqa: F401

pytestmark = pytest.mark.wire


@pytest.fixture
def home(installed: Engine, tmp_path: Path) -> Path:  # noqa: F811
    for room in (t, agent_desktop):
        room.Base.metadata.create_all(installed)
    with sessions(installed).begin() as session:
        for name, role in (("clerk", "agent"), ("chief", "supervisor"), ("look", "inspector")):
            agent_desktop.add_user(
                session, username=name, password="a-password", display_name=name, roles=[role], now=datetime.now(UTC)
            )
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_in_and_out_again(home: Path) -> None:
    old = home / "old.csv"
    old.write_text("external_number,title,kind\nA1,路灯,求助\nA2,,求助\n", "utf-8")
    result = run("import", "tickets", old, "--as", "clerk")
    assert result.exit_code == 1
    assert "line 3: title: empty" in result.stderr
    assert "1 imported, 0 known already, 1 bad" in result.stdout
    old.write_text("external_number,title,kind\nA1,路灯,求助\nA2,停水,求助\n", "utf-8")
    result = run("import", "tickets", old, "--as", "clerk", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"imported": 1, "known": 1, "bad": 0})
    out = home / "out.csv"
    assert json.loads(run("export", "tickets", out, "--as", "chief", "--json").stdout)["tickets"] == 2
    with out.open(encoding="utf-8-sig") as file:
        assert {row["external_number"] for row in csv.DictReader(file)} == {"A1", "A2"}
    assert run("export", "tickets", out, "--as", "chief").exit_code == 2, "a file is never overwritten"
    none = run("export", "tickets", home / "none.jsonl", "--as", "chief", "--accepted-to", "2020-01-01", "--json")
    assert json.loads(none.stdout)["tickets"] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "tickets", "x.csv", "--as", "nobody"), "there is no user nobody"),
        (("export", "tickets", "x.pdf", "--as", "chief"), "the ending is one of .csv, .xlsx, .jsonl"),
        (("export", "tickets", "x.csv", "--as", "chief", "--due-from", "yesterday"), "--due-from yesterday: "),
        (("export", "tickets", "x.csv", "--as", "chief", "--light", "blue"), "--light blue: "),
    ],
)
def test_what_cannot_be_done_is_said(home: Path, arguments: tuple[str, ...], said: str) -> None:
    result = run(*(str(home / one) if one.startswith("x.") else one for one in arguments))
    assert result.exit_code == 2
    assert said in result.stderr


def test_who_may_not_register_imports_nothing(home: Path) -> None:
    old = home / "old.jsonl"
    old.write_text('{"external_number": "A1", "title": "x", "kind": "help"}')
    result = run("import", "tickets", old, "--as", "look")
    assert result.exit_code == 1
    assert "line 1: not allowed" in result.stderr
