"""Every obligation of the regulations stands in docs/obligations.md once, with tests that exist or a reason."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "obligations.md"
HOW_MANY = {"A": 7, "B": 11, "C-": 8, "D": 5, "E": 6, "F": 4, "H": 6, "J": 7, "K": 7, "L": 5, "M": 4, "N": 4, "R": 5}
WHOLE = ("G", "I", "O", "P", "Q", "S")
"""Themes without numbers of their own."""
IDS = [
    *(f"C{number}" for number in range(1, 17)),
    *(f"{theme}{number}" for theme, last in HOW_MANY.items() for number in range(1, last + 1)),
    *WHOLE,
    *(f"X{number}" for number in range(1, 16)),
]
_ROW = re.compile(r"^\| ((?:[A-Z]-?\d+|[A-Z])) \| (.+) \| (.+) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows() -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = _ROW.findall(PAGE.read_text("utf-8"))
    return found


@cache
def functions_of(file: str) -> frozenset[str]:
    path = TOP / file
    return frozenset(re.findall(r"def (test_\w+)\(", path.read_text("utf-8"))) if path.is_file() else frozenset()


def test_every_obligation_stands_there_once() -> None:
    assert sorted(name for name, _what, _how in rows()) == sorted(IDS)


def test_every_test_that_is_named_exists() -> None:
    named = [(name, file, test) for name, _what, how in rows() for file, test in _TEST.findall(how)]
    assert [(name, test) for name, file, test in named if test not in functions_of(file)] == []
    assert len(named) > len(IDS)


def test_what_has_no_test_says_why() -> None:
    assert [name for name, _what, how in rows() if not _TEST.search(how) and not re.search(r"— \w.{30,}", how)] == []
