"""A search index over a million made-up tickets: built once, kept like the databases of :mod:`bench.kit.offices`."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from bench.kit.tickets import described, say
from ticketing.search_index import SearchDocument, SearchIndex

_BATCH = 10_000
"""The same as :data:`bench.kit.offices.BATCH`: texts are made batch by batch."""


def index_of(home: Path, count: int) -> tuple[Path, float]:
    """The folder of the index over ``count`` :func:`~bench.kit.tickets.described` tickets, and tickets indexed a
    second when it was built."""
    folder = home / f"index_{count}"
    note = folder / "built.json"
    if not note.exists():
        shutil.rmtree(folder, ignore_errors=True)
        seconds = put(SearchIndex(folder), _documents(count), count)
        note.write_text(json.dumps({"per_second": round(count / seconds)}), "utf-8")
    return folder, float(json.loads(note.read_text("utf-8"))["per_second"])


def put(index: SearchIndex, documents: Iterable[SearchDocument], count: int) -> float:
    """Writes documents; returns how many seconds it took."""
    began = time.perf_counter()
    with index.writing(256_000_000) as writer:
        for number, document in enumerate(documents, 1):
            writer.put(document)
            if number % 100_000 == 0:
                say(f"  indexed {number:,} of {count:,}, {time.perf_counter() - began:.0f} s")
    return time.perf_counter() - began


def _documents(count: int) -> Iterable[SearchDocument]:
    for start in range(0, count, _BATCH):
        for row in described(range(start, min(start + _BATCH, count)))[0]:
            yield SearchDocument(
                ticket_id=row["ticket_id"],
                number=row["number"],
                title=row["title"],
                text=row["text"],
                created_at=row["created_at"],
                place=row["place"],
                status=row["status"],
                kind=row["kind"],
                category=row["category"],
                caller_key=row["caller_key"],
            )
