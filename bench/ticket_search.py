"""Search among tickets: how often the right one comes first, and how long it takes at a million.

Ranking is a known-item search (subject asked, its own text wanted): mean reciprocal rank in the first ten.  Real
messages (``--texts FILE``, a CSV with a column ``text`` whose first sentence is the subject) show it best; without a
file made-up ones are used.  Time is measured on made-up tickets, queries of two kinds alternating: a whole subject
and a place with the first words of a text.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.kit.offices import kept_folder, measuring
from bench.kit.search import index_of, put
from bench.kit.tickets import say
from bench.texts import requests
from ticketing.search_index import SearchDocument, SearchIndex, Sight

MUST_RANK, MUST_MS = 0.82, 50.0
QUERIES = 500
SOMEONE = Sight("someone")
START = datetime(2026, 1, 1, tzinfo=UTC)


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
    put(index, (SearchDocument(str(n), f"N{n}", "", body, START) for n, (_, body) in enumerate(items)), len(items))
    ranks = []
    for number, (subject, _) in enumerate(items):
        found = [hit.ticket_id for hit in index.search(subject, SOMEONE, limit=10).hits]
        ranks.append(1 / (found.index(str(number)) + 1) if str(number) in found else 0.0)
    return statistics.fmean(ranks), len(items)


def speed(folder: Path) -> dict[str, float]:
    """Milliseconds of searches."""
    index = SearchIndex(folder)
    rng = random.Random(3)
    took = []
    for one in requests(QUERIES, seed=4):
        words = one.title if rng.random() < 0.5 else one.place + one.text[len(one.place) : len(one.place) + 6]
        started = time.perf_counter()
        index.search(words, SOMEONE, limit=20)
        took.append((time.perf_counter() - started) * 1000)
    return {"p50_ms": round(statistics.median(took), 2), "p95_ms": round(statistics.quantiles(took, n=20)[-1], 2)}


def main() -> None:
    """Print the result as one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--texts", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hlb-") as folder:
        rank, items = ranking(Path(folder) / "rank", asked.texts)
    say(f"ranking: {rank:.3f} over {items} items")
    with kept_folder() as home:
        index, per_second = index_of(home, asked.tickets)
        with measuring():
            detail = speed(index)
    ok = rank >= MUST_RANK and detail["p95_ms"] <= MUST_MS
    detail |= {"mrr_at_10": round(rank, 3), "items": items, "tickets": asked.tickets, "indexed_per_second": per_second}
    must = f"p95 <= {MUST_MS} ms and MRR@10 >= {MUST_RANK}"
    print(json.dumps({"name": "ticket_search", "value": detail["p95_ms"], "unit": "ms", "must": must, "ok": ok,
                      "detail": detail}))  # fmt: skip


if __name__ == "__main__":
    main()
