"""``hotline tokens``: made once, listed without the secret, ended for good; on both databases."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import Result
from sqlalchemy import Engine
from typer.testing import CliRunner

import agent_desktop
from agent_desktop.tokens import TooOften, use_token
from hotline.cli.main import app
from hotline.database import sessions
from tests.kit.installation import installed  # noqa: F401

pytestmark = pytest.mark.wire


@pytest.fixture
def engine(installed: Engine) -> Engine:  # noqa: F811
    agent_desktop.Base.metadata.create_all(installed)
    return installed


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["tokens", *arguments])


def test_made_listed_used_and_revoked(engine: Engine) -> None:
    made = run("create", "市民网站", "--channel", "web", "--right", "tickets.create", "--per-minute", "1", "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    [listed] = json.loads(run("list", "--json").stdout)
    assert (listed["token_id"], listed["state"], listed["rights"]) == (told["token_id"], "valid", ["tickets.create"])
    assert told["secret"] not in run("list").stdout + run("list", "--json").stdout
    now = datetime.now(UTC)
    with sessions(engine).begin() as session:
        used = use_token(session, told["secret"], now)
        assert isinstance(used, agent_desktop.Token)
        assert isinstance(use_token(session, told["secret"], now + timedelta(seconds=59)), TooOften)
    assert run("revoke", told["token_id"]).stdout.strip() == "Revoked 市民网站."
    with sessions(engine).begin() as session:
        assert use_token(session, told["secret"], now + timedelta(minutes=5)) is None
    assert json.loads(run("list", "--json").stdout)[0]["state"] == "revoked"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("create", "x", "--channel", "web", "--right", "everything"), "rights are one or more of"),
        (("create", "x", "--channel", "pigeon", "--right", "tickets.create"), "the channel is one of"),
        (("create", "x", "--channel", "web", "--right", "tickets.create", "--days", "9999"), "two years"),
        (("revoke", "nothing"), "there is no token nothing"),
    ],
)
def test_what_cannot_be_is_said(engine: Engine, said: tuple[str, ...], why: str) -> None:
    result = run(*said)
    assert result.exit_code in (1, 2)
    assert why in result.stderr
    assert run("list", "--json").stdout.strip() == "[]"
