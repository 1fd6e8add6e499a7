"""Deadlines of a million open tickets: one round of the sweep at a moment when some of them ran out.

Out of a million open works ``--due`` run out at the same moment; measured is the time until all of them are noted
(ledger lines, history, events) and the sweep finds nothing more.
"""

from __future__ import annotations

import argparse
import time

import ticketing as t
from bench.kit.tickets import NOW, PACK, databases, fill, report, say
from hotline.database import build_engine, sessions

MUST = 5.0


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--tickets", type=int, default=1_000_000)
    options.add_argument("--due", type=int, default=5_000)
    given = options.parse_args()
    detail: dict[str, float] = {"tickets": given.tickets, "ran_out": given.due}
    with databases() as urls:
        for name, url in urls.items():
            engine = build_engine(url)
            fill(engine, given.tickets, due=given.due)
            db, office = sessions(engine), t.OfficeDesk(PACK)
            began, found = time.perf_counter(), 0
            while True:
                with db.begin() as session:
                    swept = t.sweep(session, office.current(session), NOW, limit=1_000)
                if not swept:
                    break
                found += swept.overdue
            detail[f"{name}_seconds"] = round(time.perf_counter() - began, 2)
            began = time.perf_counter()
            with db.begin() as session:
                t.sweep(session, office.current(session), NOW, limit=1_000)
            detail[f"{name}_idle_milliseconds"] = round((time.perf_counter() - began) * 1000, 1)
            say(f"{name}: {found:,} noted in {detail[f'{name}_seconds']} s")
            assert found == given.due, found
            engine.dispose()
    slowest = max(detail["sqlite_seconds"], detail["postgresql_seconds"])
    report("ticket_sweep", slowest, "s", MUST, slowest <= MUST, detail)


if __name__ == "__main__":
    main()
