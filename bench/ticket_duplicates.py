"""Finding the same matter while a ticket is typed: index, caller's tickets and comparer together, at a million tickets.

The tickets are made up (``bench.texts``) and lie in an SQLite database and its search index; what is timed is what one
pause in typing costs the server (``Intake.alike``), asked by operators who may see everything.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session, sessionmaker

import ticketing
from agent_desktop import Intake
from bench.texts import requests
from hotline.database import build_engine, read_only, sessions
from ticketing.search_feed import Feed
from ticketing.tables import TicketRow

MUST_MS = 100.0
QUERIES = 300
BATCH = 5_000
START = datetime(2026, 1, 1, tzinfo=UTC)
CITY = Path(__file__).parent.parent / "cities" / "demo"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _rows(count: int) -> list[dict[str, Any]]:
    at = START
    rows = []
    for number, one in enumerate(requests(count)):
        at = START + timedelta(seconds=number)
        rows.append(
            {
                "ticket_id": f"t{number:07d}",
                "number": f"2026-{number:07d}",
                "status": "registered",
                "phase": "registered",
                "kind": "complaint",
                "category": one.category,
                "title": one.title,
                "text": one.text,
                "place": one.place,
                "caller_name": "",
                "caller_number": "",
                "caller_key": f"138{number % 200_000:08d}",
                "confidential": False,
                "created_by": "bench",
                "created_at": at,
                "updated_at": at,
                "version": 1,
            }
        )
    return rows


def fill(db: sessionmaker[Session], folder: Path, count: int) -> None:
    """``count`` made-up tickets in the database and in the index."""
    rows = _rows(count)
    for start in range(0, count, BATCH):
        with db.begin() as session:
            session.execute(insert(TicketRow), rows[start : start + BATCH])
        if start % 100_000 == 0:
            _say(f"  {start:,} of {count:,} tickets written")
    Feed(db, folder).rebuild(lambda done, everything: done % 100_000 or _say(f"  {done:,} of {everything:,} indexed"))


def measure(db: sessionmaker[Session], intake: Intake) -> dict[str, float]:
    """Milliseconds of one look for the same matter, and how often something was found."""
    viewer = ticketing.Viewer("op", sees="all")
    took, found = [], 0
    for number, one in enumerate(requests(QUERIES, seed=9)):
        started = time.perf_counter()
        with db() as session:
            alike = intake.alike(
                session,
                viewer,
                one.title,
                one.text,
                one.place,
                f"138{number:08d}",
            )
        took.append((time.perf_counter() - started) * 1000)
        found += bool(alike)
    took.sort()
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(took[int(len(took) * 0.95)], 1),
        "found": found / QUERIES,
    }


def main() -> None:
    """Print the result as one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    count = parser.parse_args().tickets
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as home:
        engine = build_engine(f"sqlite:///{home}/bench.sqlite")
        ticketing.Base.metadata.create_all(engine)
        db, folder = sessions(engine), Path(home) / "index"
        reading = sessions(read_only(engine))
        fill(db, folder, count)
        intake = Intake(folder, CITY / "keywords.toml")
        intake.warm()
        detail = measure(reading, intake) | {"tickets": count}
        engine.dispose()
    print(
        json.dumps(
            {
                "name": "ticket_duplicates",
                "value": detail["p95_ms"],
                "unit": "ms",
                "must": f"p95 <= {MUST_MS} ms",
                "ok": detail["p95_ms"] <= MUST_MS,
                "detail": detail,
            }
        )
    )


if __name__ == "__main__":
    main()
