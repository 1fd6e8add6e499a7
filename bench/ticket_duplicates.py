"""Finding the same matter while a ticket is typed: index, caller's tickets and comparer together, at a million tickets.

The tickets are made up; what is timed is what one pause in typing costs the server (``Intake.alike``), asked by
operators who may see everything.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path

import ticketing
from agent_desktop import Intake
from bench.kit.offices import kept_folder, measuring, offices
from bench.kit.search import index_of
from bench.kit.tickets import described, say
from bench.texts import requests
from hotline.database import build_engine, read_only, sessions

MUST_MS = 100.0
QUERIES = 300
CITY = Path(__file__).parent.parent / "cities" / "demo"


def measure(url: str, intake: Intake) -> dict[str, float]:
    """Milliseconds of one look for the same matter, and how often something was found."""
    engine = build_engine(url)
    db = sessions(read_only(engine))
    viewer = ticketing.Viewer("op", sees="all")
    took, found = [], 0
    for number, one in enumerate(requests(QUERIES, seed=9)):
        caller = f"86138{number:08d}"
        started = time.perf_counter()
        with db() as session:
            alike = intake.alike(session, viewer, one.title, one.text, one.place, caller)
        took.append((time.perf_counter() - started) * 1000)
        found += bool(alike)
    engine.dispose()
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(statistics.quantiles(took, n=20)[-1], 1),
        "found": found / QUERIES,
    }


def main() -> None:
    """Print the result as one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    count = parser.parse_args().tickets
    detail: dict[str, dict[str, float]] = {}
    with kept_folder() as home, offices(count, rows=described) as urls:
        intake = Intake(index_of(home, count)[0], CITY / "keywords.toml")
        intake.warm()
        for name, by_count in urls.items():
            with measuring():
                detail[name] = measure(by_count[count], intake)
            say(f"{name}: {detail[name]}")
    value = max(one["p95_ms"] for one in detail.values())
    must = f"p95 <= {MUST_MS} ms"
    print(json.dumps({"name": "ticket_duplicates", "value": value, "unit": "ms", "must": must, "ok": value <= MUST_MS,
                      "detail": detail | {"tickets": count}}))  # fmt: skip


if __name__ == "__main__":
    main()
