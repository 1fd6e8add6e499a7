"""What users of other call centres complain about, R01 to R55: each has a test with its number, or a line that says why
not.  The numbers are explained in docs/known-limits.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

TOP = Path(__file__).parents[2]
LIMITS = TOP / "docs" / "known-limits.md"
NUMBERS = {f"R{number:02}" for number in range(1, 56)}
_NUMBER = re.compile(r"(?:\b|_)[Rr](\d\d)(?=\b|_)")


def numbers_in(text: str) -> set[str]:
    return {f"R{digits}" for digits in _NUMBER.findall(text)}


def _tests_by_number() -> dict[str, set[str]]:
    """Number → the test files that name it."""
    here = Path(__file__)
    files = [*(TOP / "tests").rglob("*.py"), *(TOP / "agent_desktop" / "web" / "tests").glob("*.ts")]
    found: dict[str, set[str]] = {}
    for file in files:
        for number in numbers_in(file.read_text("utf-8")) if file != here else ():
            found.setdefault(number, set()).add(str(file.relative_to(TOP)))
    return found


def _lines_by_number() -> dict[str, str]:
    """Number → its line in the page of limits."""
    rows = [line.split("|") for line in LIMITS.read_text("utf-8").splitlines() if line.startswith("| R")]
    return {number: row[3].strip() for row in rows for number in numbers_in(row[1])}


def test_every_complaint_has_a_test_or_a_line() -> None:
    assert sorted(NUMBERS - _tests_by_number().keys() - _lines_by_number().keys()) == []


def test_every_line_says_something() -> None:
    assert [number for number, why in _lines_by_number().items() if len(why) < 20] == []


def test_a_number_without_a_test_is_not_taken_for_one() -> None:
    assert numbers_in("R29, r44_and test_x_r50_r54 (R05)") == {"R29", "R44", "R50", "R54", "R05"}
    assert numbers_in("PR1736 CR12x r123") == set()
