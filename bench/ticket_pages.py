"""The pages people wait for: a ticket with everything on it, and the lists, among 10,000 and a million tickets.

A page must cost the same however many tickets there are: ``flat`` is the middle (median) page among the million over
the middle page among 10,000, for the page where that ratio is worst.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

import ticketing as t
from bench.kit.offices import measuring, offices
from bench.kit.tickets import NOW, PACK, dispatched, report, say, ticket_id
from hotline.database import build_engine, read_only, sessions

MUST_TICKET, MUST_LIST, MUST_FLAT = 30.0, 80.0, 2.0
ROUNDS = 200
OFFICE = t.Viewer("op1")
FEW = 10_000
FILTER = "filter_"

Pages = dict[str, tuple[float, float]]
"""Page → (median, p95) in milliseconds."""


def worked_on(numbers: Iterable[int]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Dispatched tickets of which some were late, marked, handed in by a leader, assisted with, or are closed."""
    tickets, works = dispatched(numbers)
    for ticket, work in zip(tickets, works, strict=True):
        number = int(ticket["number"].removeprefix("X-"))
        closed = number % 50 == 0
        ticket |= {
            "urgent": number % 400 == 1,
            "major": number % 4000 == 2,
            "origin": "city_leader" if number % 300 == 3 else "citizen",
            "channel": "web" if number % 9 == 0 else "phone",
            "satisfaction": "satisfied" if closed else None,
            "closed_at": ticket["created_at"] + timedelta(days=2) if closed else None,
            "due_at": None if closed else ticket["due_at"],
            "yellow_from": None if closed else ticket["yellow_from"],
        }
        work |= {"overdue": number % 150 == 4, "role": "assist" if number % 120 == 5 else "lead"}
    return tickets, works


def _days(first: int, last: int) -> t.Span:
    return t.Span(NOW + timedelta(days=first), NOW + timedelta(days=last))


def timed(what: Callable[[int], object]) -> tuple[float, float]:
    """Milliseconds that half of all calls stay below, and 95 of 100."""
    times = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        what(number)
        times.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(times), 2), round(statistics.quantiles(times, n=20)[-1], 2)


def measure(engine: Engine, tickets: int) -> Pages:
    """Every page among so many tickets."""
    write, read = sessions(engine), sessions(read_only(engine))
    desk = t.OfficeDesk(PACK)
    actor = t.Actor("op1", frozenset({"supervisor"}))
    with read() as session:
        office = desk.current(session)
        large, small = (
            t.viewer_of(office, t.Actor("u1", frozenset({"unit_handler"}), unit)) for unit in ("bureau", "village")
        )

    def page(number: int) -> None:
        with write.begin() as session:
            wanted = ticket_id(number * 7919 % tickets)
            assert t.matter(session, desk.current(session), wanted, actor, NOW) is not None

    def listed(viewer: t.Viewer, oldest: bool = False, **wanted: object) -> Callable[[int], None]:
        filtered = t.TicketFilter(**wanted)  # type: ignore[arg-type]
        cursors: list[str | None] = [None]
        with read() as session:
            for _ in range(4):
                found = t.list_tickets(session, filtered, viewer, cursors[-1], 50, oldest=oldest)
                assert isinstance(found, t.Page)
                cursors += [found.next_cursor] if found.next_cursor else []

        def look(number: int) -> None:
            with read() as session:
                cursor = cursors[number % len(cursors)]
                assert isinstance(t.list_tickets(session, filtered, viewer, cursor, 50, oldest=oldest), t.Page)

        return look

    def inbox(viewer: t.Viewer) -> Callable[[int], None]:
        def look(number: int) -> None:
            with read() as session:
                assert t.works_of(session, viewer, NOW, offset=number % 4 * 50, limit=50) is not None

        return look

    def caller(number: int) -> None:
        with read() as session:
            t.tickets_of_number(session, f"86138{number * 31 % 300_000:08d}", OFFICE)

    return {
        "ticket": timed(page),
        "list": timed(listed(OFFICE)),
        "list_by_status": timed(listed(OFFICE, status=("handling",))),
        "list_by_two_statuses": timed(listed(OFFICE, status=("handling", "registered"))),
        "list_by_kind": timed(listed(OFFICE, kind=("thanks",))),
        "list_by_unit": timed(listed(OFFICE, unit="county")),
        "list_by_words": timed(listed(OFFICE, q="施工")),
        "list_by_number": timed(listed(OFFICE, q=f"X-{tickets // 2:09d}")),
        "filter_red_few": timed(listed(OFFICE, light="red", at=NOW + timedelta(minutes=10))),
        "filter_red_many": timed(listed(OFFICE, light="red", at=NOW + timedelta(days=3))),
        "filter_yellow": timed(listed(OFFICE, light="yellow", at=NOW)),
        "filter_green": timed(listed(OFFICE, light="green", at=NOW)),
        "filter_red_of_unit": timed(listed(OFFICE, light="red", at=NOW + timedelta(days=3), unit="county")),
        "filter_overdue": timed(listed(OFFICE, overdue=True)),
        "filter_never_overdue": timed(listed(OFFICE, overdue=False)),
        "filter_assisted": timed(listed(OFFICE, assisting="bureau")),
        "filter_category": timed(listed(OFFICE, category=("environment/noise",))),
        "filter_tree": timed(listed(OFFICE, category=("environment/noise", "environment/air"))),
        "filter_other_tree": timed(listed(OFFICE, category=PACK.dictionary.subtree("construction"))),
        "filter_origin": timed(listed(OFFICE, origin="city_leader")),
        "filter_channel": timed(listed(OFFICE, channel="web")),
        "filter_accepted_between": timed(listed(OFFICE, accepted=_days(-9, -8))),
        "filter_due_between": timed(listed(OFFICE, due=_days(4, 5))),
        "filter_closed_between": timed(listed(OFFICE, closed=_days(-5, -4))),
        "filter_urgent": timed(listed(OFFICE, urgency="urgent")),
        "filter_ordinary": timed(listed(OFFICE, urgency="ordinary")),
        "filter_evaluated": timed(listed(OFFICE, evaluated=True)),
        "filter_not_evaluated": timed(listed(OFFICE, evaluated=False)),
        "list_oldest_first": timed(listed(OFFICE, oldest=True)),
        "list_of_a_large_unit": timed(listed(large)),
        "list_of_a_small_unit": timed(listed(small)),
        "inbox_of_the_office": timed(inbox(OFFICE)),
        "inbox_of_a_large_unit": timed(inbox(large)),
        "inbox_of_a_small_unit": timed(inbox(small)),
        "tickets_of_a_caller": timed(caller),
    }


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--tickets", type=int, default=1_000_000)
    given = options.parse_args()
    among: dict[str, Pages] = {}
    flat: dict[str, float] = {}
    with offices(FEW, given.tickets, rows=worked_on) as urls:
        for name, by_count in urls.items():
            for count, url in by_count.items():
                engine = build_engine(url)
                with measuring():
                    among[f"{name}_at_{count}"] = measure(engine, count)
                engine.dispose()
                say(f"{name} among {count:,}: {among[f'{name}_at_{count}']}")
            few, many = (among[f"{name}_at_{count}"] for count in by_count)
            steady = [page for page in many if not page.startswith(FILTER)]
            flat[name] = round(max(many[page][0] / few[page][0] for page in steady), 2)
    ticket = max(pages["ticket"][1] for pages in among.values())
    lists = max(value for pages in among.values() for page, (_, value) in pages.items() if page != "ticket")
    ok = ticket <= MUST_TICKET and lists <= MUST_LIST and max(flat.values()) <= MUST_FLAT
    detail = {"list_ms": lists, "must_list_ms": MUST_LIST, "flat": flat, "must_flat": MUST_FLAT, **among}
    report("ticket_pages", ticket, "ms", MUST_TICKET, ok, detail)


if __name__ == "__main__":
    main()
