"""Many at once, and the process killed in the middle: every acknowledged command is there once, none half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

import ticketing as t
from tests.kit.tickets import CENTRE, House, engine  # noqa: F401
from ticketing.tables import IdempotencyRow, LedgerRow, OutboxRow, TicketRow
from ticketing.tables_work import WorkRow

pytestmark = pytest.mark.wire
COMMANDS = 1000


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "demo")


def at_once(count: int, what: Callable[[int], object]) -> list[object]:
    """Does it in so many threads that start together; an exception in one of them fails the test."""
    gate, answers = threading.Barrier(count), [None] * count
    problems: list[BaseException] = []

    def run(number: int) -> None:
        try:
            gate.wait()
            answers[number] = what(number)  # type: ignore[call-overload]
        except BaseException as problem:  # handed to the test below
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return list(answers)


def test_of_two_who_save_one_wins_and_the_other_is_told(house: House) -> None:
    ticket = house.create()

    def save(number: int) -> object:
        actor = t.Actor(f"op{number}", frozenset({"supervisor"}))
        changes = {"place": f"{number}号"}
        return house.attempt(ticket, "amend", actor, changes=changes, version=ticket.version)

    answers = at_once(2, save)
    (won,) = (one for one in answers if isinstance(one, t.Ticket))
    (lost,) = (one for one in answers if isinstance(one, t.Conflict))
    assert (won.version, lost.current.place) == (2, won.place)
    assert lost.yours["changes"]["place"] != won.place
    assert house.ledger(ticket) == ["register", "amend"]


def test_the_same_key_from_many_sides_registers_once(house: House) -> None:
    made = at_once(8, lambda _number: house.try_create(idempotency_key="same"))
    assert len({one.ticket_id for one in made if isinstance(one, t.Ticket)}) == 1
    with house.db() as session:
        assert session.scalar(select(func.count()).select_from(TicketRow)) == 1


def test_one_key_for_two_tickets_does_one_of_them(house: House) -> None:
    tickets = [house.create(), house.create()]
    answers = at_once(2, lambda number: house.attempt(tickets[number], "mark_urgent", key="same"))
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Ticket"]
    assert sum(house.matter(ticket)["ticket"]["urgent"] for ticket in tickets) == 1


def test_a_refused_command_leaves_its_key_free(house: House) -> None:
    ticket = house.create()
    assert isinstance(house.attempt(ticket, "answer", key="k"), t.Refused)
    assert isinstance(house.attempt(ticket, "answer", key="k", reply="好"), t.Ticket)


def test_many_who_work_on_one_protected_ticket_do_not_lock_each_other_out(house: House) -> None:
    ticket = house.create(accused_person="op99")
    at_once(6, lambda number: [house.do(ticket, "add_item", text=f"{number}") for _ in range(3)])
    assert len(house.matter(ticket)["items"]) == 18
    assert house.breaks() == []


def test_numbers_are_given_once_each(house: House) -> None:
    made = at_once(8, lambda _number: [house.create().number for _ in range(10)])
    numbers = [number for some in made for number in some]  # type: ignore[attr-defined]
    assert len(set(numbers)) == 80
    assert house.breaks() == []


def test_a_threshold_reached_by_two_at_once_brings_its_duties_once(house: House) -> None:
    ticket = house.dispatched("bureau")
    work = house.work(ticket, "bureau")["work_id"]
    house.clock("2025-06-30T09:00")
    at_once(4, lambda _number: house.do(ticket, "urge", work=work))
    assert house.ledger(ticket, "urge") == ["urge"] * 4
    assert [duty["act"] for duty in house.matter(ticket)["duties"]] == ["circular_criticism"]


def test_two_who_merge_crosswise_do_not_wait_for_each_other(house: House) -> None:
    one, other = house.create(), house.create()
    pairs = [(one, other), (other, one)]
    answers = at_once(2, lambda number: house.attempt(pairs[number][0], "merge", into=pairs[number][1].ticket_id))
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Ticket"]


def test_two_sweepers_do_everything_once(house: House) -> None:
    tickets = [house.dispatched("bureau") for _ in range(12)]
    house.clock("2025-06-30T09:00")
    swept = at_once(3, lambda _number: house.sweep().overdue)
    while found := house.sweep().overdue:  # rows another sweeper had locked were left for the next time
        swept.append(found)
    assert sum(swept) == 12  # type: ignore[arg-type]
    assert [house.ledger(ticket, "overdue") for ticket in tickets] == [["becomes_overdue"]] * 12
    assert house.breaks() == []


def test_two_relays_never_hold_the_same_event(house: House) -> None:
    for _ in range(20):
        house.create()

    def claim(_number: int) -> list[int]:
        with house.db.begin() as session:
            return [event.outbox_id for event in t.outbox_due(session, house.now, 8)]

    claimed = [outbox_id for some in at_once(4, claim) for outbox_id in some]  # type: ignore[attr-defined]
    assert max(Counter(claimed).values()) == 1


def test_killed_in_the_middle_of_a_thousand_commands(house: House) -> None:
    url = house.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.kit.ticket_hammer", url, "8"]
    said: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if len(said) > COMMANDS:
                os.kill(process.pid, signal.SIGKILL)
                break
        said += process.stdout.readlines()
    whole = [line.split() for line in said if line.endswith("\n") and line != "READY\n"]
    assert len(whole) >= COMMANDS
    with house.db() as session:
        keys = {key: ticket for key, ticket in session.execute(select(IdempotencyRow.key, IdempotencyRow.ticket_id))}  # noqa: C416
        tickets = set(session.scalars(select(TicketRow.ticket_id)))
        lines = Counter((one, verb) for one, verb in session.execute(select(LedgerRow.ticket_id, LedgerRow.verb)))
        works = Counter(session.scalars(select(WorkRow.ticket_id)))
        events = Counter((row.event, row.body["ticket_id"]) for row in session.scalars(select(OutboxRow)))
    for what, key, ticket_id in whole:
        assert keys[key] == ticket_id
        assert lines[(ticket_id, "register" if what == "created" else "dispatch")] == 1
    dispatched = {ticket_id for key, ticket_id in keys.items() if key.endswith("-d")}
    assert set(keys.values()) == tickets
    assert set(works) == dispatched
    assert set(works.values()) == {1}
    assert {ticket_id for name, ticket_id in events if name == "ticket_created"} == tickets
    assert {ticket_id for name, ticket_id in events if name == "ticket_dispatched"} == dispatched
    assert set(events.values()) == {1}
    assert house.breaks() == []
