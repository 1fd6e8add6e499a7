"""The command line around tickets: the ledger's proof, loading a year's calendar, dates that follow from it."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

import ticketing as t
from agent_desktop import tables as desk_tables
from hotline.cli.main import app
from hotline.database import build_engine, sessions

pytestmark = pytest.mark.wire


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    engine = build_engine(f"sqlite:///{tmp_path / 'hotline.sqlite'}")
    t.Base.metadata.create_all(engine)
    with sessions(engine).begin() as session:
        for number in range(20):
            command = t.CreateTicket(idempotency_key=str(number), created_by="op1", title="路灯不亮")
            assert isinstance(t.create_ticket(session, command, datetime.now(UTC)), t.Ticket)
    engine.dispose()
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def change(home: Path, statement: str) -> None:
    engine = build_engine(f"sqlite:///{home / 'hotline.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_whole_ledger_is_proved(home: Path) -> None:
    result = run("ledger", "verify", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"ok": True, "lines": 20, "breaks": [], "lost": []})


def test_a_changed_line_is_named(home: Path) -> None:
    change(home, "UPDATE tkt_ledger SET by = 'somebody' WHERE entry_id = 7")
    result = run("ledger", "verify", "--json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["ok"], said["breaks"][0]["entry_id"]) == (1, False, 7)
    assert "a line was changed" in run("ledger", "verify").stderr


def test_a_ledger_written_anew_does_not_hold_an_old_head(home: Path) -> None:
    head = run("ledger", "heads").stdout.split()[0]
    assert run("ledger", "verify", "--known", head).exit_code == 0
    change(home, "DELETE FROM tkt_ledger")
    change(home, "DELETE FROM tkt_chain")
    result = run("ledger", "verify", "--known", head, "--json")
    assert (result.exit_code, json.loads(result.stdout)["lost"]) == (1, [head])


def test_a_loaded_year_changes_the_dates(home: Path, tmp_path: Path) -> None:
    options = ("due", "--json", "--city", "weifang", "--start", "2031-01-06")
    assert json.loads(run(*options).stdout)["provisional"] is True
    table = tmp_path / "2031.json"
    table.write_text(json.dumps({"year": 2031, "days": [{"name": "假", "date": "2031-01-08", "isOffDay": True}]}))
    loaded = run("calendar", "load", str(table), "--json")
    assert json.loads(loaded.stdout) == {"year": 2031, "version": 1, "tickets_moved": 0}
    said = json.loads(run(*options).stdout)
    assert (said["due"], said["provisional"]) == ("2031-01-14T23:59:59+08:00", False)
    shown = json.loads(run("calendar", "show", "2031", "--json").stdout)
    assert shown["days"] == [{"date": "2031-01-08", "working": False, "holiday": "假", "differs": True}]


def test_a_broken_table_is_not_loaded(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "x.json"
    table.write_text('{"year": 2031, "days": [{"date": "soon"}]}')
    result = run("calendar", "load", str(table))
    assert result.exit_code == 1
    assert "day 1: needs 'date' as YYYY-MM-DD" in result.stderr


def test_indicators_of_a_month_for_programs_and_for_people(home: Path) -> None:
    said = json.loads(run("indicators", "--json").stdout)
    assert said["office"]["rates"]["closure_rate"] == {"numerator": 0, "denominator": 20, "percent": 0.0}
    assert said["office"]["rates"]["on_time"]["percent"] is None
    assert said["units"] == {}
    assert "closure_rate" in run("indicators").stdout
    assert json.loads(run("indicators", "--on", "2001-01-31", "--json").stdout)["office"]["rates"]["closure_rate"] == {
        "numerator": 0,
        "denominator": 0,
        "percent": None,
    }


def test_the_balance_ends_with_one_when_something_does_not_agree(home: Path) -> None:
    said = json.loads(run("balance", "--json").stdout)
    assert said["balanced"] is True
    assert (said["stock"]["registered"], said["checks"][0]) == (
        20,
        {"code": "registered", "whole": 20, "parts": 20, "differing": 0, "balanced": True},
    )
    with sqlite3.connect(home / "hotline.sqlite") as database:
        database.execute("UPDATE tkt_ticket SET kind = 'petition' WHERE number IN (SELECT min(number) FROM tkt_ticket)")
    result = run("balance")
    assert result.exit_code == 1
    assert "by_kind" in result.stdout


def test_units_are_assessed_and_what_follows_is_written_down_once(home: Path) -> None:
    said = json.loads(
        run("assess", "--campaign", "清零行动", "--rank", "water-company,city-management", "--json").stdout
    )
    assert said["findings"] == []  # nobody was given anything in earnest: no unit has a base
    assert "reached its marks" in run("assess").stdout
    verified = json.loads(run("ledger", "verify", "--json").stdout)
    assert (verified["ok"], verified["lines"]) == (True, 22)
    assert run("assess", "--rank", "nowhere").exit_code == 2
    assert run("assess", "--on", "2025-02-30").exit_code == 2


@pytest.mark.parametrize("wrong", [("--on", "2025-02-30"), ("--on", "0001-01-01"), ("--unit", "nobody")])
def test_indicators_refuse_what_they_cannot_count(home: Path, wrong: tuple[str, str]) -> None:
    assert run("indicators", *wrong).exit_code == 2


def test_recusals_are_listed_and_ended(home: Path) -> None:
    engine = build_engine(f"sqlite:///{home / 'hotline.sqlite'}")
    desk_tables.Base.metadata.create_all(engine)
    with sessions(engine).begin() as session:
        t.declare_recusal(session, "op3", "caller", "+8613800138000", "亲属", by="op3", now=datetime.now(UTC))
    engine.dispose()
    [line] = json.loads(run("recusal", "list", "--json").stdout)
    assert (line["user"], line["scope"], line["ended_at"]) == ("op3", "caller", None)
    assert "13800138000" not in line["about"]
    assert run("recusal", "end", line["recusal_id"], "--reason", "已调离").exit_code == 0
    assert run("recusal", "end", line["recusal_id"], "--reason", "已调离").exit_code == 1
    assert json.loads(run("recusal", "list", "--json").stdout) == []
    [over] = json.loads(run("recusal", "list", "--all", "--json").stdout)
    assert over["ended_at"] is not None
