"""``hotline reindex``: killed with -9 it goes on where it was, and nobody waits for it meanwhile."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert
from typer.testing import CliRunner

import ticketing as t
from hotline import migrations, worker_jobs
from hotline.cli.main import app
from hotline.database import build_engine, sessions
from hotline.settings import Settings
from tests.kit.installation import installed  # noqa: F401
from ticketing import search_feed
from ticketing.search_index import SearchIndex, Sight
from ticketing.tables import TicketRow

pytestmark = pytest.mark.wire

TICKETS, STEP = 1_500, 100
NOW = datetime(2026, 3, 2, tzinfo=UTC)
SLOWLY = f"""
import sys
from hotline import database, worker_jobs
from hotline.settings import Settings
from ticketing import search_feed
search_feed.REBUILD_COMMIT = search_feed.BATCH = {STEP}
settings = Settings()
feed = worker_jobs.search_feed(settings, database.build_engine(settings.sqlalchemy_url))
feed.rebuild(lambda done, everything: print(done, flush=True))
"""


@pytest.fixture
def home(installed: Engine, tmp_path: Path) -> Path:  # noqa: F811
    """An office with many tickets and no index."""
    migrations.upgrade(installed)
    with installed.begin() as connection:
        connection.execute(insert(TicketRow), [_ticket(number) for number in range(TICKETS)])
    return tmp_path


def _ticket(number: int) -> dict[str, object]:
    texts = dict.fromkeys(("category", "text", "place", "caller_name", "caller_number", "caller_key"), "")
    return texts | {
        "ticket_id": f"t{number:05d}",
        "number": f"N{number:05d}",
        "status": "registered",
        "kind": "help",
        "title": f"路灯不亮{number}",
        "confidential": False,
        "created_by": "op1",
        "created_at": NOW,
        "updated_at": NOW,
        "version": 1,
    }


def test_killed_it_goes_on_where_it_was(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", SLOWLY], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= 5 * STEP:
                os.kill(process.pid, signal.SIGKILL)
                break
    unfinished = Settings().search_index.with_name(Settings().search_index.name + ".new")
    state = json.loads((unfinished / "from.json").read_text("utf-8"))
    assert 4 * STEP <= state["done"] < TICKETS
    told: list[int] = []
    before = search_feed.Feed.rebuild

    def rebuild(feed: search_feed.Feed, progress: object) -> int:
        return before(feed, lambda done, everything: told.append(done))

    monkeypatch.setattr(search_feed.Feed, "rebuild", rebuild)
    result = CliRunner().invoke(app, ["reindex", "--json"])
    assert json.loads(result.stdout)["tickets"] == TICKETS
    assert told[0] > state["done"]
    index = SearchIndex(Settings().search_index)
    assert len(index) == TICKETS
    assert index.search("路灯不亮", Sight("op1")).total == TICKETS


def test_tickets_are_written_while_it_reads(home: Path) -> None:
    engine = build_engine(Settings().sqlalchemy_url)
    made: list[object] = []

    def register(done: int, everything: int) -> None:
        with sessions(engine).begin() as session:
            command = t.CreateTicket(idempotency_key=str(done), created_by="op1", title="井盖缺失")
            made.append(t.create_ticket(session, command, NOW))

    assert worker_jobs.search_feed(Settings(), engine).rebuild(register) >= TICKETS
    assert {type(one) for one in made} == {t.Ticket}
    engine.dispose()
