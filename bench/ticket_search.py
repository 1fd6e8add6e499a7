"""Search among tickets: how often the right one comes first, and how long it takes at a million.

Ranking is a known-item search (subject asked, its own text wanted): mean reciprocal rank in the first ten.  Real
messages (``--texts FILE``, a CSV with a column ``text`` whose first sentence is the subject) show it best; without a
file made-up ones are used.  Time is measured on made-up tickets, queries of two kinds alternating: a whole subject
and two words of one.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.texts import requests
from ticketing.search_index import SearchDocument, SearchIndex, Sight

MUST_RANK, MUST_MS = 0.82, 50.0
QUERIES = 500
SOMEONE = Sight("someone")
START = datetime(2026, 1, 1, tzinfo=UTC)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _fill(index: SearchIndex, documents: Iterable[SearchDocument], count: int) -> float:
    started = time.perf_counter()
    with index.writing(256_000_000) as writer:
        for number, document in enumerate(documents, 1):
            writer.put(document)
            if number % 50_000 == 0:
                _say(f"  indexed {number:,} of {count:,}")
    return time.perf_counter() - started


def _subjects(texts: Path | None) -> list[tuple[str, str]]:
    if texts is None:
        return [(one.title, one.text) for one in requests(5_000, seed=2)]
    with texts.open(encoding="utf-8-sig", newline="") as lines:
        parts = [row["text"].partition("。") for row in csv.DictReader(lines)]
    return [(subject, body) for subject, _, body in parts if body.strip()]


def ranking(folder: Path, texts: Path | None) -> tuple[float, int]:
    """Mean reciprocal rank in the first ten, and over how many items."""
    items = _subjects(texts)
    index = SearchIndex(folder)
    documents = (SearchDocument(str(n), f"N{n}", "", body, START) for n, (_, body) in enumerate(items))
    _fill(index, documents, len(items))
    ranks = []
    for number, (subject, _) in enumerate(items):
        found = [hit.ticket_id for hit in index.search(subject, SOMEONE, limit=10).hits]
        ranks.append(1 / (found.index(str(number)) + 1) if str(number) in found else 0.0)
    return statistics.fmean(ranks), len(items)


def speed(folder: Path, tickets: int) -> dict[str, float]:
    """Milliseconds of searches over ``tickets`` made-up tickets, and tickets indexed per second."""
    index = SearchIndex(folder)
    documents = (
        SearchDocument(str(n), f"N{n}", one.title, one.text, START + timedelta(seconds=n), place=one.place,
                       category=one.category)
        for n, one in enumerate(requests(tickets))
    )  # fmt: skip
    seconds = _fill(index, documents, tickets)
    rng = random.Random(3)
    took = []
    for one in requests(QUERIES, seed=4):
        words = one.title if rng.random() < 0.5 else one.place + one.text[len(one.place) : len(one.place) + 6]
        started = time.perf_counter()
        index.search(words, SOMEONE, limit=20)
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    return {
        "p50_ms": round(statistics.median(took), 2),
        "p95_ms": round(took[int(len(took) * 0.95)], 2),
        "indexed_per_second": round(tickets / seconds),
    }


def main() -> None:
    """Print the result as one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--texts", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        _say("ranking …")
        rank, items = ranking(Path(folder) / "rank", asked.texts)
        _say(f"speed over {asked.tickets:,} tickets …")
        detail = speed(Path(folder) / "speed", asked.tickets)
    ok = rank >= MUST_RANK and detail["p95_ms"] <= MUST_MS
    detail |= {"mrr_at_10": round(rank, 3), "items": items, "tickets": asked.tickets}
    must = f"p95 <= {MUST_MS} ms and MRR@10 >= {MUST_RANK}"
    print(json.dumps({"name": "ticket_search", "value": detail["p95_ms"], "unit": "ms", "must": must, "ok": ok,
                      "detail": detail}))  # fmt: skip


if __name__ == "__main__":
    main()
