"""The pages people wait for: a ticket with everything on it, and the lists, among 10,000 and a million tickets."""

from __future__ import annotations

import argparse
import statistics
import time
import uuid
from collections.abc import Callable

from sqlalchemy import Engine

import ticketing as t
from bench.kit.tickets import NOW, PACK, databases, fill, report, say
from hotline.database import build_engine, read_only, sessions

MUST_TICKET, MUST_LIST = 30.0, 80.0
ROUNDS = 200
OFFICE = t.Viewer("op1")


def p95(what: Callable[[int], object]) -> float:
    """Milliseconds that 95 of 100 calls stay below."""
    times = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        what(number)
        times.append((time.perf_counter() - began) * 1000)
    return round(statistics.quantiles(times, n=20)[-1], 1)


def measure(engine: Engine, tickets: int) -> dict[str, float]:
    """The pages' p95 in milliseconds."""
    write, read = sessions(engine), sessions(read_only(engine))
    desk = t.OfficeDesk(PACK)
    actor = t.Actor("op1", frozenset({"supervisor"}))
    with read() as session:
        office = desk.current(session)
        large, small = (
            t.viewer_of(office, t.Actor("u1", frozenset({"unit_handler"}), unit)) for unit in ("bureau", "village")
        )

    def page(number: int) -> None:
        ticket_id = str(uuid.UUID(int=number * 7919 % tickets + 1))
        with write.begin() as session:
            assert t.matter(session, desk.current(session), ticket_id, actor, NOW) is not None

    def listed(viewer: t.Viewer, **wanted: object) -> Callable[[int], None]:
        filtered = t.TicketFilter(**wanted)  # type: ignore[arg-type]
        cursors: list[str | None] = [None]
        with read() as session:
            for _ in range(4):
                found = t.list_tickets(session, filtered, viewer, cursors[-1], 50)
                assert isinstance(found, t.Page)
                cursors += [found.next_cursor] if found.next_cursor else []

        def look(number: int) -> None:
            with read() as session:
                assert isinstance(t.list_tickets(session, filtered, viewer, cursors[number % len(cursors)], 50), t.Page)

        return look

    def caller(number: int) -> None:
        with read() as session:
            t.tickets_of_number(session, f"86138{number * 31 % 300_000:08d}", OFFICE)

    return {
        "ticket": p95(page),
        "list": p95(listed(OFFICE)),
        "list_by_status": p95(listed(OFFICE, status=("handling",))),
        "list_by_unit": p95(listed(OFFICE, unit="county")),
        "list_of_a_large_unit": p95(listed(large)),
        "list_of_a_small_unit": p95(listed(small)),
        "tickets_of_a_caller": p95(caller),
    }


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--tickets", type=int, default=1_000_000)
    given = options.parse_args()
    detail: dict[str, dict[str, float]] = {}
    with databases() as urls:
        for name, url in urls.items():
            engine = build_engine(url)
            fill(engine, 10_000)
            detail[f"{name}_at_10000"] = measure(engine, 10_000)
            fill(engine, given.tickets - 10_000, first=10_000)
            detail[f"{name}_at_{given.tickets}"] = measure(engine, given.tickets)
            say(f"{name}: {detail[f'{name}_at_{given.tickets}']}")
            engine.dispose()
    ticket = max(pages["ticket"] for pages in detail.values())
    lists = max(value for pages in detail.values() for page, value in pages.items() if page != "ticket")
    ok = ticket <= MUST_TICKET and lists <= MUST_LIST
    report("ticket_pages", ticket, "ms", MUST_TICKET, ok, {"list_ms": lists, "must_list_ms": MUST_LIST, **detail})


if __name__ == "__main__":
    main()
