"""What text messages and e-mail share: a template makes a delivery, the text is put together when it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

import ticketing
from ticketing import Notice, OutboxEvent

TEMPLATE = "template"
"""Where a delivery's row says which text it is."""

Send = Callable[[Notice, int], None]
"""Sends a text; the number is the same when it is sent again."""


def accounts_called(session: Session, name: str) -> frozenset[str]:
    """User ids of everybody with this log-in or name."""
    from agent_desktop import accounts_named

    return frozenset(one.user_id for one in accounts_named(session, name))


class NoticeChannel:
    """Texts of one channel's templates, sent by ``send``; ``fits`` says to whom this channel can get through."""

    def __init__(
        self,
        name: str,
        sessions: sessionmaker[Session],
        office: Callable[[Session], ticketing.Office],
        send: Send,
        fits: Callable[[str], bool],
        people: ticketing.People = accounts_called,
    ) -> None:
        self._name, self._sessions, self._office, self._send, self._fits = name, sessions, office, send, fits
        self._people = people

    def deliveries(self, session: Session, event: OutboxEvent) -> Sequence[Mapping[str, Any]]:
        """One for each template that this event sets off and that reaches somebody."""
        office = self._office(session)
        wanted = [one.id for one in ticketing.wanted_by(office, self._name, event)]
        return [{TEMPLATE: one} for one in wanted if self._notice(session, one, event) is not None]

    def deliver(self, event: OutboxEvent) -> None:
        """Puts the text together as things stand now and sends it; done when nobody may get it any more."""
        with self._sessions.begin() as session:
            found = self._notice(session, str(event.body.get(TEMPLATE)), event)
        if found is not None:
            self._send(found, event.outbox_id)

    def _notice(self, session: Session, template: str, event: OutboxEvent) -> Notice | None:
        found = ticketing.notice(session, self._office(session), template, event.body, self._people)
        return found if found is not None and self._fits(found.to) else None
