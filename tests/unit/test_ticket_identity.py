"""Which numbers of identity documents are taken, and what is shown of them."""

from __future__ import annotations

import pytest

from ticketing.identity import identity_tail, masked_identity, read_identity
from ticketing.model import Refused

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("11010519491231002X", "11010519491231002X"),
        (" 440524 18800101 0014 ", "440524188001010014"),
        ("110105-19491231-002x", "11010519491231002X"),
        ("护照  E12345678", "护照 E12345678"),
        ("110105491231002", "110105491231002"),
    ],
)
def test_what_is_taken(typed: str, kept: str) -> None:
    assert read_identity(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "110105194912310021",
        "11010519491331002X",
        "1101051949123100",
        "11010519491231002",
        "1101051949123100211",
    ],
)
def test_a_slip_is_noticed(typed: str) -> None:
    assert read_identity(typed) == Refused("invalid_field", {"field": "caller_identity", "problem": "bad_check"})


def test_every_wrong_figure_is_noticed() -> None:
    right = "440524188001010014"
    for place in range(18):
        for figure in "0123456789":
            slip = right[:place] + figure + right[place + 1 :]
            assert (read_identity(slip) == slip) == (slip == right)


@pytest.mark.parametrize("typed", ["x" * 41, "\x00", "\ud800"])
def test_what_no_database_keeps_is_refused(typed: str) -> None:
    assert isinstance(read_identity(typed), Refused)


def test_masks_and_tails() -> None:
    assert masked_identity("11010519491231002X") == "110***************"
    assert masked_identity("E12345678") == "********"
    assert (identity_tail("11010519491231002X"), identity_tail("护照 E12345678"), identity_tail("A1")) == (
        "002X",
        "5678",
        "",
    )
