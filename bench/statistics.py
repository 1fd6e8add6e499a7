"""What leaders read, over a million tickets: the indicators of a day and of everything.

The regulations set no time for it; a leader who waits longer than ten seconds for a day's figures asks somebody else.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ticketing as t
from bench.kit.offices import measuring, offices
from bench.kit.tickets import NOW, PACK, report, say
from hotline.database import build_engine, sessions
from ticketing.tables import TicketRow

MUST = 10.0


def seconds(question: Callable[[], object]) -> float:
    """The better of two, so that the first reading of the file is not counted."""
    taken = []
    for _ in range(2):
        began = time.perf_counter()
        question()
        taken.append(time.perf_counter() - began)
    return round(min(taken), 2)


def measure(session: Session) -> dict[str, float]:
    """Seconds for the newest whole day and for everything, and how many tickets those are."""
    office = t.OfficeDesk(PACK).current(session)
    viewer = t.viewer_of(office, t.Actor("bench", frozenset({"statistics"})))
    newest, oldest = session.execute(select(func.max(TicketRow.created_at), func.min(TicketRow.created_at))).one()
    end = newest + timedelta(seconds=1)
    day = t.Period(end - timedelta(days=1), end, NOW)
    everything = t.Period(oldest, end, NOW)
    tickets = select(func.count()).select_from(TicketRow).where(day.holds(TicketRow.created_at))
    return {
        "tickets_of_the_day": session.scalar(tickets) or 0,
        "day_seconds": seconds(lambda: t.measure(session, office, viewer, day)),
        "everything_seconds": seconds(lambda: t.measure(session, office, viewer, everything)),
    }


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--tickets", type=int, default=1_000_000)
    given = options.parse_args()
    detail: dict[str, float] = {"tickets": given.tickets}
    with offices(given.tickets) as urls:
        for name, by_count in urls.items():
            engine = build_engine(by_count[given.tickets])
            with measuring(), sessions(engine)() as session:
                found = measure(session)
            detail |= {f"{name}_{what}": value for what, value in found.items()}
            engine.dispose()
            say(f"{name}: {found}")
    slowest = max(detail["sqlite_day_seconds"], detail["postgresql_day_seconds"])
    report("statistics", slowest, "s for a day's indicators", MUST, slowest <= MUST, detail)


if __name__ == "__main__":
    main()
