"""How far a request is, for the voice menu: the caller's own query, within the tries that the page has, too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session, sessionmaker

import cti
import ticketing
from agent_desktop import TooManyTries, within_tries
from hotline import database, resources
from hotline.settings import Settings
from ivr.flows.status import NOTHING, THROTTLED, UNAVAILABLE

DUE_TOLD = ("accepted", "handling")
"""Stages in which the caller is told until when the unit owes an answer."""


@dataclass
class StatusQuery:
    """The look-up ``status``: ``code|tail|number`` → stage and due day (``handling 2026-12-03``), or why none."""

    write: sessionmaker[Session]
    office: Callable[[Session], ticketing.Office]
    now: Callable[[], datetime]
    zone: ZoneInfo
    default: str = field(default=UNAVAILABLE, init=False)

    def __call__(self, argument: str) -> str:
        """Never tells a confidential matter from a wrong code.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is not there; the caller comes to a person.
        """
        code, tail, number = argument.split("|", 2)
        now = self.now()

        def ask(session: Session) -> ticketing.Progress | None:
            return ticketing.progress(session, self.office(session), code, tail, now)

        try:
            found = within_tries(self.write, now, cti.normalise(number).key, code, ask)
        except TooManyTries:
            return THROTTLED
        if found is None:
            return NOTHING
        if found.due_at is None or found.due_at <= now or found.stage not in DUE_TOLD:
            return found.stage
        return f"{found.stage} {found.due_at.astimezone(self.zone):%Y-%m-%d}"


def status_query(settings: Settings) -> StatusQuery:
    """For this installation.

    Raises:
        ValueError: the city's rules cannot be read.
    """
    pack = ticketing.load_rulepack(resources.city_dir(settings))
    if isinstance(pack, list):
        raise ValueError("\n".join(str(problem) for problem in pack))
    engine = database.build_engine(settings.sqlalchemy_url)
    office = ticketing.OfficeDesk(pack).current
    return StatusQuery(database.sessions(engine), office, lambda: datetime.now(UTC), ZoneInfo(settings.time_zone))
