"""Random people doing random things with random input: refused or done, never an exception, never a broken ledger."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import Engine, select

import ticketing as t
from tests.kit.tickets import CENTRE, DUTY_LEADER, House, at, engine, handler, leader  # noqa: F401
from ticketing.life import CLOSED_PHASES, VERBS
from ticketing.tables import TicketRow

pytestmark = pytest.mark.wire
STEPS = 250
ACTORS = (
    *(CENTRE,) * 5, DUTY_LEADER, t.CITIZEN, t.SYSTEM, t.Actor("nobody", frozenset()),
    *(handler(unit) for unit in ("bureau", "county", "township")),
    *(leader(unit) for unit in ("bureau", "county", "township", "company")),
)  # fmt: skip
GOOD: dict[str, tuple[Any, ...]] = {
    "reply": ("好",), "channel": ("法院",), "to": ("bureau",), "code": ("D1", "D2", "D25"), "reason": ("因为",),
    "proposal": ("拟",), "instruction": ("同意",), "changes": ({"place": "路"}, {"title": "灯"}), "text": ("灯",),
    "condition": ("条件",), "wake_at": ("2025-12-01T00:00:00+08:00",), "outcome": ("satisfied", "dissatisfied"),
    "conclusion": ("维持",), "kind": ("险情",), "place": ("现场",), "at": ("2025-06-05T09:00:00+08:00",),
    "attendance": ({"bureau": "came"}, {"bureau": "absent"}), "units": (["bureau"], ["county", "company"]),
    "unit": ("county", "bureau"), "note": ("已联系",), "item": (1, 2), "result": ("修好了",), "days": (None, None, 3),
    "ground": ("caller_refuses", "overdue", "other"), "ruling": ("不同意",), "opinion": ("属实",), "how": ("decided",),
    "evaluation": ("好",), "form": (None, "daily"), "explanation": ("已说明",), "items": ([1, 2],),
    "attachments_covered": (["a"],), "mode": ("phone", None), "basis": (None,), "resolved": (True, False, None),
}  # fmt: skip
BAD: dict[str, tuple[Any, ...]] = {
    "to": (7, "none"), "code": ("?", 3), "reason": ("", " ", 3), "changes": ({"x": 1}, {}, [], {"title": ""}),
    "text": ("\x00", ["x"]), "wake_at": ("soon", "2000-01-01", 5), "outcome": ("?", {}), "at": (5, "x"),
    "units": ("x", [None], [], [{"unit": 3}], [{"unit": "bureau", "items": [9]}]), "unit": ("?", 1), "item": ("1", 99),
    "days": (0, -1, 99_999, "3"), "ground": ("?",), "how": ("?",), "form": ("?" * 99,), "items": ([9], ["x"], 1),
    "item_results": ([{}], [1], [{"item": 1, "result": "好"}]), "resolved": ("yes",), "mode": ("pigeon",),
    "attendance": (1, {"bureau": "?"}, {}), "duty": ("?",), "order": ("?",), "meeting": ("?",), "edition": ("?", 2),
    "person": ("x" * 200,), "kind": ("y" * 500,), "place": ("z" * 900,),
}  # fmt: skip


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "demo")


def given(dice: random.Random, house: House, ticket: t.Ticket) -> dict[str, Any]:
    """Something of everything a verb might want."""
    said = {name: dice.choice(values) for name, values in GOOD.items()}
    if dice.random() < 0.2:
        for name in dice.sample(sorted(BAD), 3):
            said[name] = dice.choice(BAD[name])
    if dice.random() < 0.5:
        said["into"] = said["to"] = ticket.ticket_id
    seen = house.matter(ticket)
    for name, rows, key in (
        ("order", "orders", "order_id"),
        ("duty", "duties", "duty_id"),
        ("meeting", "meetings", "meeting_id"),
    ):
        if seen[rows]:
            said[name] = dice.choice(seen[rows])[key]
    if seen["works"] and dice.random() < 0.8:
        said["work"] = dice.choice(seen["works"])["work_id"]
    return said


@pytest.mark.parametrize("seed", [1])
def test_nothing_breaks_it(house: House, seed: int) -> None:
    dice = random.Random(seed)
    tickets = [house.create(items=("灯", "路"), kind=kind) for kind in ("complaint", "help", "inquiry")]
    done = 0
    for _ in range(STEPS):
        ticket, other = dice.choice(tickets), dice.choice(tickets)
        actor = dice.choice(ACTORS)
        verb = dice.choice(VERBS)
        if dice.random() < 0.7:
            open_to = [one for verbs in house.matter(ticket, CENTRE)["verbs"].values() for one in verbs]
            verb, actor = (dice.choice(open_to), CENTRE) if open_to else (verb, actor)
        answer = house.attempt(ticket, verb, actor, **given(dice, house, other))
        assert isinstance(answer, (t.Ticket, t.Refused)), answer
        done += isinstance(answer, t.Ticket)
        if dice.random() < 0.1:
            house.later(days=dice.choice((0.1, 1, 4)))
            house.sweep()
    assert done > STEPS / 10
    assert house.breaks() == []
    with house.db() as session:
        for row in session.scalars(select(TicketRow)):
            assert row.status == row.phase or row.phase == "dispatched"
            assert row.phase not in CLOSED_PHASES or row.due_at is None
