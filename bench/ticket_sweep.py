"""Deadlines of a million open tickets: one round of the sweep at a moment when some of them ran out.

Out of a million open works ``--due`` run out at the same moment, in equal shares under each regulation; measured is the
time until all of them are noted (ledger lines, history, events, duties that follow) and the sweep finds nothing more.
"""

from __future__ import annotations

import argparse
import time
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, update

import ticketing as t
from bench.kit.offices import measuring, offices, settle
from bench.kit.tickets import NOW, report, say, ticket_id
from hotline.database import build_engine, sessions
from tests.kit.tickets import pack_of
from ticketing.rulepack import RulePack
from ticketing.tables import TicketRow
from ticketing.tables_work import WorkRow

MUST = 5.0
CITIES = ("demo", "heyuan", "kunming", "mudanjiang", "platform", "weifang")


def run_out(engine: Engine, pack: RulePack, first: int, count: int) -> None:
    """Lets so many works run out under a regulation just before NOW, which an hour's first minute would bring about."""
    ids = ticket_id(first), ticket_id(first + count)
    dates = {"due_at": NOW - timedelta(seconds=5), "yellow_from": NOW - timedelta(days=1)}
    ruled = {"city": pack.city, "pack_version": pack.versions[-1].id}
    tables: tuple[tuple[type[TicketRow | WorkRow], dict[str, Any]], ...] = (
        (TicketRow, dates | ruled),
        (WorkRow, dates | {"next_check": NOW - timedelta(seconds=4)}),
    )
    with engine.begin() as connection:
        for table, values in tables:
            share = table.ticket_id >= ids[0], table.ticket_id < ids[1]
            connection.execute(update(table).where(*share).values(values))
    settle(engine)


def measure(engine: Engine, pack: RulePack, due: int) -> tuple[float, float]:
    """Seconds until everything that ran out is noted, and milliseconds of a sweep that finds nothing."""
    db, office, found = sessions(engine), t.OfficeDesk(pack), 0
    began = time.perf_counter()
    while True:
        with db.begin() as session:
            swept = t.sweep(session, office.current(session), NOW, limit=1_000)
        if not swept:
            break
        found += swept.overdue
    took = time.perf_counter() - began
    assert found == due, (pack.city, found)
    began = time.perf_counter()
    with db.begin() as session:
        t.sweep(session, office.current(session), NOW, limit=1_000)
    return took, (time.perf_counter() - began) * 1000


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--tickets", type=int, default=1_000_000)
    options.add_argument("--due", type=int, default=5_000)
    given = options.parse_args()
    share = given.due // len(CITIES)
    detail: dict[str, float] = {"tickets": given.tickets, "ran_out": share * len(CITIES)}
    with offices(given.tickets) as urls:
        for name, by_count in urls.items():
            engine = build_engine(by_count[given.tickets])
            took, idle = 0.0, 0.0
            for number, city in enumerate(CITIES):
                pack = pack_of(city)
                run_out(engine, pack, number * share, share)
                with measuring():
                    seconds, milliseconds = measure(engine, pack, share)
                detail[f"{name}_{city}_seconds"] = round(seconds, 2)
                took, idle = took + seconds, max(idle, milliseconds)
            detail |= {f"{name}_seconds": round(took, 2), f"{name}_idle_milliseconds": round(idle, 1)}
            engine.dispose()
            say(f"{name}: {share * len(CITIES):,} noted in {took:.2f} s")
    slowest = max(detail["sqlite_seconds"], detail["postgresql_seconds"])
    report("ticket_sweep", slowest, "s", MUST, slowest <= MUST, detail)


if __name__ == "__main__":
    main()
