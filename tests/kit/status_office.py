"""A small office of the demo city in a home folder: tickets with query codes, for processes that look them up."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

import ticketing
from hotline import database, migrations, resources

NUMBER, TAIL = "13800138000", "8000"
"""The caller's."""


class Office:
    """The demo office in the home of the process."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = database.build_engine(f"sqlite:///{home}/hotline.sqlite")
        migrations.upgrade(self.engine)
        self.db: sessionmaker[Session] = database.sessions(self.engine)
        pack = ticketing.load_rulepack(resources.cities() / "demo")
        assert not isinstance(pack, list)
        self.desk = ticketing.OfficeDesk(pack)
        self._keys = itertools.count()

    def code(self, *, secret: bool = False) -> str:
        """The query code of a new ticket."""
        now = datetime.now(UTC)
        with self.db.begin() as session:
            office = self.desk.current(session)
            command = ticketing.CreateTicket(f"k{next(self._keys)}", "op1", "路灯不亮", caller_number=NUMBER)
            made = ticketing.create_ticket(session, command, now, frozenset({"operator"}), office)
            assert isinstance(made, ticketing.Ticket)
            actor = ticketing.Actor("chief", frozenset({"supervisor", "operator", "dispatcher"}))
            told = ticketing.query_code(session, made.ticket_id, ticketing.viewer_of(office, actor), now)
            assert told is not None
            if secret:
                act = ticketing.Act(ticket_id=made.ticket_id, verb="keep_secret", actor=actor)
                assert isinstance(ticketing.perform(session, office, act, now), ticketing.Ticket)
        return told[0]
