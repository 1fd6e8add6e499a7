"""An office full of tickets, on SQLite and on PostgreSQL, for measuring."""

from __future__ import annotations

import json
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine, Table, insert, text

import ticketing as t
from hotline.database import build_engine
from tests.kit.postgres import postgres, tools_folder
from tests.kit.tickets import pack_of
from ticketing.tables import TicketRow
from ticketing.tables_work import WorkRow

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PACK = pack_of("demo")
BATCH = 5_000
_UNITS = ("bureau", "county", "company")


def say(line: str) -> None:
    """Progress, for people."""
    print(line, file=sys.stderr, flush=True)


def report(name: str, value: float, unit: str, must: float, ok: bool, detail: dict[str, Any]) -> None:
    """The last line, for programs."""
    print(json.dumps({"name": name, "value": value, "unit": unit, "must": must, "ok": ok, "detail": detail}))


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Addresses of two empty databases with the room's tables."""
    tools = tools_folder()
    if tools is None:
        raise SystemExit("needs PostgreSQL's server: apt-get install -y postgresql")
    with tempfile.TemporaryDirectory(prefix="hl-bench-") as folder, postgres(tools) as server:
        urls = {"sqlite": f"sqlite:///{Path(folder) / 'b.sqlite'}", "postgresql": server.url}
        for url in urls.values():
            engine = build_engine(url)
            t.Base.metadata.create_all(engine)
            engine.dispose()
        yield urls


def fill(engine: Engine, count: int, *, first: int = 0, due: int = 0) -> None:
    """Adds dispatched tickets straight into the tables; the first ``due`` of them ran out just before NOW."""
    began = time.perf_counter()
    for start in range(first, first + count, BATCH):
        numbers = range(start, min(start + BATCH, first + count))
        tickets, works = zip(*(_rows(number, number < due) for number in numbers), strict=True)
        with engine.begin() as connection:
            connection.execute(insert(cast(Table, TicketRow.__table__)), tickets)
            connection.execute(insert(cast(Table, WorkRow.__table__)), works)
        if (start - first) % 100_000 == 0:
            say(f"  {engine.dialect.name}: {start + len(tickets):,} tickets, {time.perf_counter() - began:.0f} s")
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _rows(number: int, due: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    created = NOW - timedelta(seconds=number % 2_000_000)
    ends = NOW - timedelta(seconds=5) if due else NOW + timedelta(minutes=1 + number % 14_000)
    unit = _UNITS[number % 3] if number % 10_000 else "village"  # one small unit among large ones
    ticket_id = str(uuid.UUID(int=number + 1))
    begun = created.isoformat()
    clock = {
        "status": "fixed",
        "note": None,
        "src": ["demo:7"],
        "limit": {"amount": 10, "unit": "wd", "target": None, "article": "demo:7"},
        "start": begun,
        "extensions": [],
        "pauses": [],
        "version": "2020",
    }
    ticket = {
        "ticket_id": ticket_id,
        "number": f"X-{number:09d}",
        "status": "handling",
        "phase": "dispatched",
        "city": "demo",
        "pack_version": "2020",
        "kind": "complaint",
        "category": "environment/noise",
        "title": f"第{number}号工地夜间施工",
        "text": "夜里十一点以后仍在施工,影响休息,请有关部门处理。",
        "place": f"人民路{number % 5000}号",
        "caller_name": "",
        "caller_number": "",
        "caller_key": f"86138{number % 300_000:08d}",
        "contact_id": None,
        "confidential": False,
        "created_by": "op1",
        "created_at": created,
        "updated_at": created,
        "version": 3,
        "unit": unit,
        "due_at": ends,
        "yellow_from": ends - timedelta(days=1),
    }
    work = {
        "work_id": ticket_id,
        "serial": 1,
        "ticket_id": ticket_id,
        "parent_id": None,
        "unit_id": unit,
        "role": "lead",
        "depth": 1,
        "status": "handling",
        "items": [],
        "attachments": [],
        "delivered_at": created,
        "delivered_by": "op1",
        "due_at": ends,
        "yellow_from": ends - timedelta(days=1),
        "clock": clock,
        "warned": True,
        "next_check": ends + timedelta(seconds=1),
    }
    return ticket, work
