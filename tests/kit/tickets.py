"""An office to try tickets in: on SQLite and on PostgreSQL, with a clock that is set by hand."""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

import ticketing as t
from hotline import migrations
from hotline.database import build_engine, sessions
from tests.kit.postgres import shared_postgres
from ticketing.rulepack import RulePack

TOP = Path(__file__).parents[2]
SHANGHAI = ZoneInfo("Asia/Shanghai")
UNITS = (
    t.Unit("bureau", "局", "Bureau", "department"),
    t.Unit("bureau-office", "处", "Section", "public_institution", "bureau"),
    t.Unit("county", "县", "County", "county"),
    t.Unit("township", "镇", "Township", "township", "county"),
    t.Unit("village", "村", "Village", "community", "township"),
    t.Unit("company", "公司", "Company", "enterprise"),
)


@cache
def _shared(dialect: str) -> Engine:
    """A migrated database for all tests of a process: connections stay warm, statements compiled."""
    if dialect == "sqlite":
        url = f"sqlite:///{_folder.name}/tickets.sqlite"
    else:
        url = shared_postgres().database("tickets")
        with build_engine(shared_postgres().url).begin() as connection:
            connection.execute(text("ALTER DATABASE tickets SET synchronous_commit = off"))
    made = build_engine(url)
    migrations.upgrade(made)
    return made


_folder = tempfile.TemporaryDirectory(prefix="hlt-")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """An empty database with the tables of every room, as an office gets them."""
    made = _shared(request.param)
    connection = made.raw_connection()
    cursor = connection.cursor()
    emptied = "; ".join(f"DELETE FROM {table}" for table in t.Base.metadata.tables)
    if request.param == "sqlite":
        cursor.executescript(emptied)  # type: ignore[attr-defined]
    else:
        cursor.execute(emptied)
    connection.commit()
    connection.close()
    return made


@cache
def pack_of(city: str) -> RulePack:
    """A shipped city's pack with the try-out units."""
    folder = TOP / "cities" / city
    pack = t.load_rulepack(folder if folder.is_dir() else TOP / "tests" / "data" / "cities" / city)
    assert not isinstance(pack, list), pack
    return replace(pack, dictionary=replace(pack.dictionary, units=UNITS))


class House:
    """Does things to tickets in one city, at the time it is told."""

    def __init__(self, engine: Engine, city: str) -> None:
        self.engine = engine
        self.db: sessionmaker[Session] = sessions(engine)
        self.desk = t.OfficeDesk(pack_of(city))
        self.now = at("2025-06-03T09:00")
        self._keys = itertools.count()

    def office(self) -> t.Office:
        with self.db() as session:
            return self.desk.current(session)

    def create(self, *, by: str = "op1", **values: Any) -> t.Ticket:
        made = self.try_create(by=by, **values)
        assert isinstance(made, t.Ticket), made
        return made

    def try_create(self, *, by: str = "op1", **values: Any) -> t.Ticket | t.Refused:
        said = {"idempotency_key": f"k{next(self._keys)}", "created_by": by, "title": "路灯不亮", "kind": "complaint"}
        with self.db.begin() as session:
            office = self.desk.current(session)
            return t.create_ticket(session, t.CreateTicket(**said | values), self.now, frozenset({"operator"}), office)

    def do(self, ticket: t.Ticket, verb: str, actor: t.Actor | None = None, **given: Any) -> t.Ticket:
        """Does it and insists that it was done."""
        answer = self.attempt(ticket, verb, actor, **given)
        assert isinstance(answer, t.Ticket), (verb, answer)
        return answer

    def attempt(
        self, ticket: t.Ticket, verb: str, actor: t.Actor | None = None, **given: Any
    ) -> t.Ticket | t.Conflict | t.Refused:
        """Does it, or gets the refusal.  ``work`` names the work, ``version`` the expected version."""
        act = t.Act(
            ticket_id=ticket.ticket_id,
            verb=verb,
            actor=actor or CENTRE,
            work_id=given.pop("work", None),
            expected_version=given.pop("version", None),
            idempotency_key=given.pop("key", None),
            given=given,
        )
        with self.db.begin() as session:
            return t.perform(session, self.desk.current(session), act, self.now)

    def refused(self, ticket: t.Ticket, verb: str, actor: t.Actor | None = None, **given: Any) -> t.Refused:
        """Insists that it is refused, and that nothing changed."""
        before = self.matter(ticket)
        answer = self.attempt(ticket, verb, actor, **given)
        assert isinstance(answer, t.Refused), answer
        assert self.matter(ticket) == before
        return answer

    def dispatched(self, *units: str, **values: Any) -> t.Ticket:
        """A ticket that was dispatched to the units and signed by the first."""
        given = {name: values.pop(name) for name in ("mode", "days", "basis") if name in values}
        ticket = self.create(**values)
        ticket = self.do(ticket, "dispatch", units=list(units or ("bureau",)), **given)
        return self.do(ticket, "sign", handler((units or ("bureau",))[0]))

    def report(self, ticket: t.Ticket, unit: str = "bureau", **given: Any) -> t.Ticket:
        """A report that has everything any city asks for."""
        whole = {
            "result": "已修好",
            "public_reply": "路灯已修复",
            "resolved": True,
            "items": [item["ordinal"] for item in self.matter(ticket)["items"]],
            "attachments_covered": list(ticket.attachments),
            "answered_via": "told_by_phone",
            "satisfaction": "satisfied",
            "signature": "张三",
            "seal": "seal-1",
            "leader": "李四",
            "closing_report": "结案报告",
        }
        return self.do(ticket, "report", leader(unit), **whole | given)

    def passed(self, ticket: t.Ticket) -> t.Ticket:
        """The centre is content, and answers the caller itself where that is its part."""
        return self.do(ticket, "pass_review", public_reply="路灯已修复")

    def closed(self, ticket: t.Ticket) -> t.Ticket:
        """Through review and call-back to the end."""
        ticket = self.passed(ticket)
        ticket = self.do(ticket, "call_back", outcome="satisfied")
        return self.do(ticket, "close")

    def matter(self, ticket: t.Ticket, actor: t.Actor | None = None) -> dict[str, Any]:
        with self.db.begin() as session:
            found = t.matter(session, self.desk.current(session), ticket.ticket_id, actor or INSIGHT, self.now)
        assert found is not None
        return found

    def work(self, ticket: t.Ticket, unit: str) -> dict[str, Any]:
        """The newest work of a unit."""
        return [work for work in self.matter(ticket)["works"] if work["unit_id"] == unit][-1]

    def duties(self, ticket: t.Ticket) -> dict[str, bool]:
        """Acts that arose, and whether each is mandatory."""
        return {duty["act"]: duty["mandatory"] for duty in self.matter(ticket)["duties"]}

    def due(self, ticket: t.Ticket, unit: str = "bureau") -> str:
        """The local date and time a unit's work is due."""
        return local(self.work(ticket, unit)["due_at"])

    def sweep(self) -> t.Swept:
        """Sweeps until nothing is due; returns the sum."""
        total = t.Swept()
        while True:
            with self.db.begin() as session:
                found = t.sweep(session, self.desk.current(session), self.now)
            if not found:
                return total
            total = t.Swept(
                total.yellow + found.yellow,
                total.overdue + found.overdue,
                total.expired + found.expired,
                total.woken + found.woken,
            )

    def ledger(self, ticket: t.Ticket, name: str = "history") -> list[str]:
        """The verbs of one ledger of a ticket."""
        with self.db() as session:
            return [line.verb for line in t.history(session, ticket.ticket_id, name)]

    def breaks(self) -> list[Any]:
        with self.db() as session:
            return list(t.verify(session))

    def clock(self, text: str) -> None:
        """Sets the clock to a local time."""
        self.now = at(text)

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def local(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(SHANGHAI).isoformat()[:19]


CENTRE = t.Actor("sup1", frozenset({"supervisor", "dispatcher", "operator"}))
INSIGHT = t.Actor("insp1", frozenset({"inspector"}))
DUTY_LEADER = t.Actor("mayor", frozenset({"duty_leader"}))


def handler(unit: str) -> t.Actor:
    return t.Actor(f"{unit}-handler", frozenset({"unit_handler"}), unit)


def leader(unit: str) -> t.Actor:
    return t.Actor(f"{unit}-leader", frozenset({"unit_leader", "upper_reviewer"}), unit)
