"""``hotline user`` and ``hotline agent`` on a machine whose switch does not run."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

import ticketing
from hotline import migrations
from hotline.cli.main import app
from hotline.database import build_engine, sessions
from hotline.secrets_file import SecretsFile
from hotline.settings import Settings

pytestmark = pytest.mark.wire

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path))
    monkeypatch.setenv("HOTLINE_AMI_PORT", "1")
    migrations.upgrade(build_engine(Settings(home=tmp_path).sqlalchemy_url))
    return tmp_path


@pytest.fixture
def run(home: Path) -> Run:
    def run(*words: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, words, input=stdin)

    return run


def said(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_user_is_added_listed_and_given_a_new_password(run: Run) -> None:
    added = said(run("user", "add", "li.qiang", "--name", "李强", "--role", "supervisor", "--json"))
    assert added["username"] == "li.qiang"
    assert len(added["password"]) == 19
    listed = said(run("user", "list", "--json"))
    assert [(user["username"], user["roles"]) for user in listed] == [("li.qiang", ["supervisor"])]
    assert "password" not in json.dumps(listed)
    changed = said(run("user", "passwd", "li.qiang", "--json"))
    assert changed["password"] != added["password"]
    assert "李强" in run("user", "list").stdout


def test_a_role_made_at_run_time_is_given_like_any_other(run: Run, home: Path) -> None:
    night = {"zh": "夜班长", "en": "Night lead", "sees": "all", "verbs": [], "permissions": ["ticket.read"]}
    idle = night | {"permissions": []}
    with sessions(build_engine(Settings(home=home).sqlalchemy_url)).begin() as session:
        value = {"roles": {"night_lead": night, "nothing": idle}}
        assert ticketing.change_setting(session, "roles", value, 0, "root", datetime.now(UTC)) == 1
    assert said(run("user", "add", "owl", "--role", "night_lead", "--json"))["roles"] == ["night_lead"]
    assert "There is no role nothing" in run("user", "add", "li", "--role", "nothing").stderr


def test_a_password_can_be_given_by_a_pipe_and_is_then_not_printed(run: Run) -> None:
    added = run("user", "add", "wang", "--password", stdin="a-long-password\n")
    assert added.exit_code == 0
    assert "a-long-password" not in added.output
    assert run("user", "add", "zhou", "--password", stdin="short\n").exit_code == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("user", "add", "two words"), "a user name has"),
        (("user", "add", "li", "--role", "king"), "There is no role king"),
        (("user", "add", "li", "--agent", "9999"), "there is no agent 9999"),
        (("user", "passwd", "nobody"), "there is no such user"),
        (("agent", "add", "abc"), "an extension"),
        (("agent", "add", "1"), "an extension has 2 to 8 digits"),
        (("agent", "add", "8300", "--kind", "fax"), "web or phone"),
        (("agent", "remove", "8300"), "there is no place 8300"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(run: Run, words: tuple[str, ...], why: str) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert why in result.stderr
    assert said(run("user", "list", "--json")) == []
    assert said(run("agent", "list", "--json")) == []


def test_a_place_comes_with_its_phone_and_goes_with_it(run: Run, home: Path) -> None:
    added = said(run("agent", "add", "8300", "--kind", "phone", "--username", "newcomer", "--json"))
    assert added["switch_told"] is False
    assert added["password"]
    phone = home / "asterisk" / "etc" / "pjsip.d" / "8300.conf"
    assert added["sip_password"] in phone.read_text()
    assert phone.stat().st_mode & 0o077 == 0
    assert said(run("agent", "list", "--json")) == [
        {"extension": "8300", "name": "8300", "kind": "phone", "queues": ["citizens"], "username": "newcomer"}
    ]
    assert "there is a place 8300 already" in run("agent", "add", "8300").stderr
    said(run("agent", "remove", "8300", "--json"))
    assert not phone.exists()
    assert "sip.8300" not in SecretsFile(home).names()
    users = said(run("user", "list", "--json"))
    assert [(user["username"], user["agent_id"]) for user in users] == [("newcomer", None)], "the person stays"


def test_somebody_known_takes_a_free_seat_only(run: Run) -> None:
    said(run("user", "add", "li", "--json"))
    first = said(
        run("agent", "add", "8300", "--username", "li", "--queue", "citizens", "--queue", "priority", "--json")
    )
    assert first["password"] == ""
    assert first["sip_password"] == "", "a browser's phone is set up by the page"
    assert "li sits at 8300 already" in run("agent", "add", "8301", "--username", "li").stderr
    assert "li sits at 8300 already" in run("user", "add", "wang", "--agent", "8300").stderr
    assert [place["queues"] for place in said(run("agent", "list", "--json"))] == [["citizens", "priority"]]


def test_a_database_without_tables_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path))
    result = CliRunner().invoke(app, ["user", "list"])
    assert result.exit_code == 1
    assert "hotline migrate" in result.stderr
