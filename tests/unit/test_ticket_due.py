"""``hotline due``: the options, the JSON it prints, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from hotline.cli.main import app

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def no_installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path))


def run(*options: str) -> Result:
    return CliRunner().invoke(app, ["due", "--json", *options])


def said(*options: str) -> dict[str, Any]:
    result = run(*options)
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_a_date_argues_its_case_day_by_day() -> None:
    answer = said("--city", "kunming", "--start", "2025-09-26T16:00:00+08:00", "--mode", "written")
    assert answer["due"] == "2025-10-13T23:59:59+08:00"
    assert (answer["target"], answer["provisional"], answer["article"]) == (None, False, "000:13")
    first = answer["trace"][0]
    assert (first["date"], first["day"], first["why"]) == ("2025-09-28", 1, "make-up working day")
    assert [day["day"] for day in answer["trace"]] == [1, 2, 3, 4, 5, 6, 7]
    assert {day["date"] for day in answer["skipped"]} >= {"2025-09-27", "2025-10-01", "2025-10-08", "2025-10-12"}
    assert answer["conventions"]["C3"] == "excluded"


def test_a_start_in_utc_is_read_in_the_citys_zone() -> None:
    assert said("--city", "weifang", "--start", "2025-06-02T17:00:00Z")["due"].startswith("2025-06-10")


def test_an_unknown_year_is_provisional_until_a_table_is_given(tmp_path: Path) -> None:
    options = ("--city", "mudanjiang", "--start", "2033-01-03", "--days", "2")
    assert said(*options)["provisional"] is True
    table = tmp_path / "2033.json"
    table.write_text(json.dumps({"year": 2033, "days": [{"name": "假", "date": "2033-01-05", "isOffDay": True}]}))
    known = said(*options, "--calendar", str(table))
    assert (known["due"], known["provisional"]) == ("2033-01-06T23:59:59+08:00", False)


@pytest.mark.parametrize(
    "options",
    [
        ("--city", "nowhere", "--start", "2025-01-01"),
        ("--city", "../demo", "--start", "2025-01-01"),
        ("--city", "weifang", "--start", "yesterday"),
        ("--city", "weifang", "--start", "0001-01-01"),
        ("--city", "weifang"),
        ("--city", "weifang", "--start", "2025-01-01", "--days", "0"),
        ("--city", "weifang", "--start", "2025-01-01", "--extend", "3"),
        ("--city", "kunming", "--start", "2025-01-01"),
        ("--city", "heyuan", "--start", "2025-01-01"),
        ("--city", "mudanjiang", "--start", "2025-01-01"),
        ("--city", "weifang", "--start", "2025-01-01", "--mode", "pigeon"),
    ],
)
def test_what_cannot_be_answered_says_so(options: tuple[str, ...]) -> None:
    result = run(*options)
    assert result.exit_code == 2
    assert result.stderr.strip()
    assert "Traceback" not in result.output


def test_for_people_it_prints_the_days(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["due", "--city", "heyuan", "--start", "2025-09-30T09:00", "--category", "help"])
    assert "due 2025-10-14T23:59:59+08:00" in result.stdout
    assert "target 2025-10-11T23:59:59+08:00" in result.stdout
    assert "2025-10-01        –  holiday 国庆节" in result.stdout
