"""Lists come in pages: an answer's ``next_cursor`` is given back as ``cursor`` for what follows; none at the end.

A list whose order follows from something else than a column (rank of a search, urgency) goes on by position: what
is written between two pages may move a line, it never repeats a whole page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query

MOST = 10_000
"""How far a list by position goes; who has read as many lines narrows the search instead."""

Position = Annotated[
    int, Query(alias="cursor", ge=0, le=MOST, description="`next_cursor` of the page before; none for the first.")
]

LineCursor = Annotated[int | None, Query(ge=1, le=2**53)]
"""For a ledger, newest first: the number of the last line of the page before."""


def after(start: int, limit: int, found: Sequence[Any]) -> str | None:
    """The cursor of the next page, where ``found`` was asked for with one line more than ``limit``."""
    end = start + limit
    return str(end) if len(found) > limit and end <= MOST else None
