"""Tickets registered a second, each with its history line and its outbox event, among 10,000 and among a million.

On PostgreSQL two processes with four threads each register at once, as two desks would; on SQLite one does.
"""

from __future__ import annotations

import argparse
import multiprocessing
import threading
import time
from datetime import UTC, datetime

import ticketing as t
from bench.kit.offices import measuring, offices
from bench.kit.tickets import PACK, report, say
from hotline.database import build_engine, sessions

MUST = {"postgresql": 300, "sqlite": 200}
DESKS = {"postgresql": (2, 4), "sqlite": (1, 1)}
"""Processes and threads: SQLite lets one write at a time, whoever else wants to only waits."""
SECONDS = 8.0


def desk(url: str, count: int, seconds: float, made: multiprocessing.Queue[int]) -> None:
    """One desk: registers tickets in its threads until the time is over."""
    db, office = sessions(build_engine(url)), t.OfficeDesk(PACK)
    counts = [0] * count
    ends = time.perf_counter() + seconds

    def work(thread: int) -> None:
        while time.perf_counter() < ends:
            now = datetime.now(UTC)
            command = t.CreateTicket(
                idempotency_key=f"{multiprocessing.current_process().name}-{thread}-{counts[thread]}-{ends}",
                created_by="op1",
                title="路灯不亮",
                text="东桥街道建设路口的路灯已经三天不亮,晚上看不清路。",
                caller_key=f"86139{counts[thread]:08d}",
            )
            with db.begin() as session:
                answer = t.create_ticket(session, command, now, office=office.current(session))
            assert isinstance(answer, t.Ticket), answer
            counts[thread] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made.put(sum(counts))


def rate(url: str, seconds: float) -> float:
    """Tickets a second of all desks together."""
    made: multiprocessing.Queue[int] = multiprocessing.Queue()
    processes, threads = DESKS[url.split(":")[0].split("+")[0]]
    desks = [multiprocessing.Process(target=desk, args=(url, threads, seconds, made)) for _ in range(processes)]
    for one in desks:
        one.start()
    total = sum(made.get() for _ in desks)
    for one in desks:
        one.join()
    return total / seconds


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--tickets", type=int, default=1_000_000, help="how many there are at the end")
    options.add_argument("--seconds", type=float, default=SECONDS)
    given = options.parse_args()
    detail: dict[str, float] = {}
    with offices(10_000, given.tickets) as urls:
        for name, by_count in urls.items():
            for count, url in by_count.items():
                with measuring():
                    detail[f"{name}_at_{count}"] = round(rate(url, given.seconds), 1)
                say(f"{name}: {detail[f'{name}_at_{count}']} tickets/s among {count:,}")
    slowest = {name: min(value for key, value in detail.items() if key.startswith(name)) for name in MUST}
    ok = all(slowest[name] >= must for name, must in MUST.items())
    report("ticket_create", slowest["postgresql"], "tickets/s", MUST["postgresql"], ok, detail | {"must_sqlite": 200})


if __name__ == "__main__":
    main()
