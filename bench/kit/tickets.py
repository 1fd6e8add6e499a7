"""Made-up dispatched tickets for measuring, and what every bench prints."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table

from bench.texts import requests
from tests.kit.tickets import pack_of
from ticketing.tables import TicketRow
from ticketing.tables_work import WorkRow

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PACK = pack_of("demo")
_UNITS = ("bureau", "county", "company")
_NOTHING: list[str] = []


def say(line: str) -> None:
    """Progress, for people."""
    print(line, file=sys.stderr, flush=True)


def report(name: str, value: float, unit: str, must: float, ok: bool, detail: dict[str, Any]) -> None:
    """The last line, for programs."""
    print(json.dumps({"name": name, "value": value, "unit": unit, "must": must, "ok": ok, "detail": detail}))


def tables() -> tuple[Table, Table]:
    """The tables that rows of tickets are for."""
    return cast(Table, TicketRow.__table__), cast(Table, WorkRow.__table__)


def dispatched(numbers: Iterable[int]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Tickets and the work of the one unit that has each of them; all of it runs out after NOW."""
    made = [_row(number) for number in numbers]
    return [ticket for ticket, _ in made], [work for _, work in made]


def described(numbers: range) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Registered tickets with made-up texts that are all different, for searching."""
    tickets = [
        _row(number)[0]
        | {"status": "registered", "phase": "registered", "unit": None, "due_at": None, "yellow_from": None}
        | {"title": one.title, "text": one.text, "place": one.place, "category": one.category}
        for number, one in zip(numbers, requests(len(numbers), seed=numbers.start + 1), strict=True)
    ]
    return tickets, []


def ticket_id(number: int) -> str:
    """The id of the ticket of this number."""
    return str(uuid.UUID(int=number + 1))


def _row(number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    created = NOW - timedelta(seconds=number % 2_000_000)
    ends = NOW + timedelta(minutes=1 + number % 14_000)
    # One small unit among large ones: with pages as full among 10,000 as among a million, and then far between.
    unit = _UNITS[number % 3] if number % (100 if number < 10_000 else 10_000) else "village"
    one = ticket_id(number)
    dates = {"due_at": ends, "yellow_from": ends - timedelta(days=1)}
    ticket = _TICKET | dates | {
        "ticket_id": one,
        "number": f"X-{number:09d}",
        "title": f"第{number}号工地夜间施工",
        "place": f"人民路{number % 5000}号",
        "caller_key": f"86138{number % 300_000:08d}",
        "created_at": created,
        "updated_at": created,
        "unit": unit,
    }  # fmt: skip
    work = _WORK | dates | {
        "work_id": one,
        "ticket_id": one,
        "unit_id": unit,
        "delivered_at": created,
        "next_check": ends + timedelta(seconds=1),
    }  # fmt: skip
    return ticket, work


_TICKET: dict[str, Any] = {
    "status": "handling",
    "phase": "dispatched",
    "city": "demo",
    "pack_version": "2020",
    "kind": "complaint",
    "category": "environment/noise",
    "text": "夜里十一点以后仍在施工,影响休息,请有关部门处理。",
    "caller_name": "",
    "caller_number": "",
    "contact_id": None,
    "confidential": False,
    "created_by": "op1",
    "version": 3,
}
_CLOCK = {
    "status": "fixed",
    "note": None,
    "src": ["demo:7"],
    "limit": {"amount": 10, "unit": "wd", "target": None, "article": "demo:7"},
    "start": NOW.isoformat(),
    "extensions": [],
    "pauses": [],
    "version": "2020",
}
_WORK: dict[str, Any] = {
    "serial": 1,
    "parent_id": None,
    "role": "lead",
    "depth": 1,
    "status": "handling",
    "items": _NOTHING,
    "attachments": _NOTHING,
    "delivered_by": "op1",
    "clock": _CLOCK,
    "warned": True,
}
