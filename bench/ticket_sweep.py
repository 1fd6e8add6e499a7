"""Deadlines of a million open tickets: one round of the sweep at a moment when some of them ran out.

Out of a million open works ``--due`` run out at the same moment; measured is the time until all of them are noted
(ledger lines, history, events) and the sweep finds nothing more.
"""

from __future__ import annotations

import argparse
import time
from datetime import timedelta

from sqlalchemy import Engine, update

import ticketing as t
from bench.kit.offices import measuring, offices, settle
from bench.kit.tickets import NOW, PACK, report, say, ticket_id
from hotline.database import build_engine, sessions
from ticketing.tables import TicketRow
from ticketing.tables_work import WorkRow

MUST = 5.0


def run_out(engine: Engine, count: int) -> None:
    """Lets so many works run out just before NOW, which the first minute of the next hour would bring about."""
    with engine.begin() as connection:
        for table in (TicketRow, WorkRow):
            dates = {"due_at": NOW - timedelta(seconds=5), "yellow_from": NOW - timedelta(days=1)}
            if table is WorkRow:
                dates["next_check"] = NOW - timedelta(seconds=4)
            connection.execute(update(table).where(table.ticket_id < ticket_id(count)).values(dates))
    settle(engine)


def measure(engine: Engine, due: int) -> tuple[float, float]:
    """Seconds until everything that ran out is noted, and milliseconds of a sweep that finds nothing."""
    db, office, found = sessions(engine), t.OfficeDesk(PACK), 0
    began = time.perf_counter()
    while True:
        with db.begin() as session:
            swept = t.sweep(session, office.current(session), NOW, limit=1_000)
        if not swept:
            break
        found += swept.overdue
    took = time.perf_counter() - began
    assert found == due, found
    began = time.perf_counter()
    with db.begin() as session:
        t.sweep(session, office.current(session), NOW, limit=1_000)
    return round(took, 2), round((time.perf_counter() - began) * 1000, 1)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--tickets", type=int, default=1_000_000)
    options.add_argument("--due", type=int, default=5_000)
    given = options.parse_args()
    detail: dict[str, float] = {"tickets": given.tickets, "ran_out": given.due}
    with offices(given.tickets) as urls:
        for name, by_count in urls.items():
            engine = build_engine(by_count[given.tickets])
            run_out(engine, given.due)
            with measuring():
                detail[f"{name}_seconds"], detail[f"{name}_idle_milliseconds"] = measure(engine, given.due)
            engine.dispose()
            say(f"{name}: {given.due:,} noted in {detail[f'{name}_seconds']} s")
    slowest = max(detail["sqlite_seconds"], detail["postgresql_seconds"])
    report("ticket_sweep", slowest, "s", MUST, slowest <= MUST, detail)


if __name__ == "__main__":
    main()
