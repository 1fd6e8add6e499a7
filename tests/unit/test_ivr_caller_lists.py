"""Lists of numbers: spellings, beginnings, changes while running."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import cti
from ivr.caller_lists import CallerClasses, NumberList, parse_list

pytestmark = pytest.mark.unit


def listed(path: Path, text: str) -> NumberList:
    path.write_text(text, "utf-8")
    return NumberList(path, lambda raw: cti.normalise(raw).key)


@pytest.mark.parametrize(
    ("entry", "caller", "expected"),
    [
        ("13800138000", "13800138000", True),
        ("13800138000", "+8613800138000", True),
        ("+86 138-0013-8000", "013800138000", True),
        ("13800138000", "13800138001", False),
        ("0871-63132012", "087163132012", True),
        ("0871*", "087163132012", True),
        ("0871*", "+8687163132012", True),
        ("0871*", "08816313201", False),
        ("010*", "10086", False),
        ("138*", "13800138000", True),
        ("+85*", "0085212345678", True),
        ("13800138000", "", False),
        ("0*", "", False),
        ("13800138000", "anonymous", False),
    ],
)
def test_spellings(tmp_path: Path, entry: str, caller: str, expected: bool) -> None:
    assert (caller in listed(tmp_path / "list", f"# a comment\n\n{entry}  # why\n")) is expected


def test_a_changed_file_counts_at_once(tmp_path: Path) -> None:
    numbers = listed(tmp_path / "list", "13800138000\n")
    assert "13800138000" in numbers
    (tmp_path / "list").write_text("13800138001\n", "utf-8")
    os.utime(tmp_path / "list", ns=(1, 1))  # the same size: only the time tells
    assert "13800138000" not in numbers
    assert "13800138001" in numbers


def test_the_priority_list_wins_and_no_list_blocks_nobody(tmp_path: Path) -> None:
    both = listed(tmp_path / "a", "138*\n"), listed(tmp_path / "b", "13800138000\n")
    classes = CallerClasses(*both)
    assert [classes(number) for number in ("13800138000", "13800138001", "13900000000", "")] == [
        "priority", "blocked", "normal", "normal",
    ]  # fmt: skip
    assert CallerClasses()("13800138000") == "normal"


def test_a_list_that_is_gone_says_so(tmp_path: Path) -> None:
    numbers = listed(tmp_path / "list", "138*\n")
    (tmp_path / "list").unlink()
    with pytest.raises(OSError, match="list"):
        assert "13800138000" in numbers


def test_lines_that_are_no_numbers() -> None:
    entries, wrong = parse_list("138\nMr Li\n*\n 0871 * \n138*1\n+\n（138）\n")
    assert entries == ["138", "0871 *"]
    assert [line for line, _ in wrong] == [2, 3, 5, 6, 7]
