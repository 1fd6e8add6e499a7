"""The caller card: who is calling, read while the citizen still waits so that it is there at the first ring."""

from __future__ import annotations

import asyncio
import itertools
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import cti
import recordings
import ticketing
from agent_desktop import marks
from agent_desktop.doors import Doors
from agent_desktop.messages import Card, CardTicket, EarlierCall, MenuLabel, NearbyTicket
from agent_desktop.metrics import CARDS
from agent_desktop.secrecy import Looker, kept_from, secret_calls

log = logging.getLogger(__name__)

EARLIER_CALLS = 8
TICKETS = 10
REPEATS_WITHIN = timedelta(days=30)
KEPT = 2000
"""Cards kept at most; far more than can wait at once."""

CLOSED = frozenset({"closed", "archived"})
OFFICE = ticketing.Viewer("caller-card", frozenset({"operator"}))
"""The card is read before it is known who will be rung."""
THREADS = 4
"""So many cards are read at once."""
NOBODY = "10000000000"
"""A number of no caller: in an empty office there is nothing else to read a card of."""
WARM_PATIENCE = 5.0
"""Seconds that a thread waits for the others before it reads its first card."""
NEARBY_OF = 2
"""Of how many of the caller's open tickets the neighbourhood is searched."""


@dataclass(frozen=True)
class CallFacts:
    """What the switch tells about a waiting call."""

    contact_id: str
    number: str
    menu_path: str = ""
    queue: str | None = None
    queued_at: datetime | None = None


@dataclass(frozen=True)
class MadeCard:
    """A card as it was read; what one person may see of it is :meth:`shown_to`."""

    card: Card
    secrets: tuple[ticketing.Ticket, ...] = ()
    """The caller's confidential tickets."""

    @property
    def incomplete(self) -> bool:
        """Whether the database could not be read."""
        return self.card.incomplete

    def shown_to(self, looker: Looker) -> Card:
        """Without the tickets whose caller is kept from this person, and without the calls they came from."""
        hidden = [ticket for ticket in self.secrets if kept_from(looker, ticket)]
        if not hidden:
            return self.card
        tickets, contacts = {one.ticket_id for one in hidden}, {one.contact_id for one in hidden}
        return self.card.model_copy(
            update={
                "tickets": [one for one in self.card.tickets if one.ticket_id not in tickets],
                "earlier_calls": [one for one in self.card.earlier_calls if one.contact_id not in contacts],
                "hidden_tickets": len(hidden),
            }
        )


class Cards:
    """Cards being made and made, by contact.  Lives on the event loop; reading happens in its own few threads, so
    that a card never queues behind somebody's long list."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="card")
        self._made: dict[str, asyncio.Future[MadeCard]] = {}

    def prepare(self, facts: CallFacts) -> asyncio.Future[MadeCard]:
        """Starts reading the card, unless that is under way or done."""
        job = self._made.get(facts.contact_id)
        if job is None or (job.done() and job.result().incomplete):
            loop = asyncio.get_running_loop()
            job = loop.run_in_executor(self._threads, make_card, self._doors, facts)
            self._made[facts.contact_id] = job
            while len(self._made) > KEPT:
                del self._made[next(iter(self._made))]
        return job

    async def get(self, facts: CallFacts, patience: float | None) -> MadeCard:
        """The card; when it is not there within ``patience`` seconds, an incomplete one with the number alone."""
        try:
            return await asyncio.wait_for(asyncio.shield(self.prepare(facts)), patience)
        except TimeoutError:
            CARDS.labels("late").inc()
            return MadeCard(bare_card(self._doors, facts))

    async def fresh(self, facts: CallFacts) -> MadeCard:
        """The card read anew: what has been written since the first ring is on it."""
        self._made.pop(facts.contact_id, None)
        return await asyncio.shield(self.prepare(facts))

    def warm_up(self) -> None:
        """Reads the cards of the latest callers, one in each thread at the same time, so that the first citizens of the
        day do not wait: every thread has its connection, and what looks for tickets nearby has read its index."""
        numbers = itertools.cycle([*_latest_callers(self._doors), NOBODY])
        together = threading.Barrier(THREADS)

        def one(number: str) -> None:
            with suppress(threading.BrokenBarrierError):
                together.wait(WARM_PATIENCE)
            make_card(self._doors, CallFacts("", number))

        list(self._threads.map(one, itertools.islice(numbers, THREADS)))

    def close(self) -> None:
        """Ends the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _latest_callers(doors: Doors) -> list[str]:
    """Numbers of the newest tickets; none where the database does not answer, which the first card will say."""
    try:
        with doors.read() as session:
            found = ticketing.list_tickets(session, ticketing.TicketFilter(), OFFICE, limit=THREADS)
    except SQLAlchemyError:
        return []
    return (
        [ticket.caller_number for ticket in found.tickets if ticket.caller_number]
        if isinstance(found, ticketing.Page)
        else []
    )


def make_card(doors: Doors, facts: CallFacts) -> MadeCard:
    """Reads a card; a database that does not answer leaves an incomplete one, never an error: a citizen waits."""
    card = bare_card(doors, facts)
    try:
        with doors.read() as session:
            found = _read(session, doors, card)
    except SQLAlchemyError:
        CARDS.labels("failed").inc()
        log.exception("a caller card could not be read")
        return MadeCard(card)
    CARDS.labels("made").inc()
    return found


def bare_card(doors: Doors, facts: CallFacts) -> Card:
    """What is known without the database."""
    number = cti.normalise(facts.number)
    return Card(
        contact_id=facts.contact_id,
        number=number.key,
        number_masked=number.masked,
        number_shown=number.shown,
        number_kind=number.kind,
        place=number.place or None,
        name=None,
        menu_path=facts.menu_path,
        menu_labels=[MenuLabel(**one) for one in doors.menu_labels(facts.menu_path)],
        waited_seconds=None,
        queue=facts.queue,
        queued_at=facts.queued_at,
        earlier_calls=[],
        tickets=[],
        repeat_count=0,
        repeat_warning=False,
        confidential=False,
        hidden_tickets=0,
        nearby=[],
        marks=[],
        incomplete=True,
    )


def _read(session: Session, doors: Doors, card: Card) -> MadeCard:
    if not card.number:
        return MadeCard(card.model_copy(update={"incomplete": False}))
    now = doors.now()
    calls = [
        call
        for call in cti.calls_of_number(session, card.number, EARLIER_CALLS + 1)
        if call.contact_id != card.contact_id
    ][:EARLIER_CALLS]
    tickets = ticketing.tickets_of_number(session, card.number, OFFICE, TICKETS)
    repeats = _repeats(session, card, now)
    read = card.model_copy(
        update={
            "name": next((t.caller_name for t in _newest(tickets) if t.caller_name and not t.confidential), None),
            "earlier_calls": _earlier(session, calls),
            "tickets": [_card_ticket(ticket) for ticket in tickets],
            "repeat_count": repeats,
            "repeat_warning": repeats + 1 >= doors.form.repeat_warning,
            "confidential": any(ticket.confidential for ticket in tickets),
            "nearby": _nearby(session, doors, tickets),
            "marks": marks.on_card(session, doors.form, card.number, now),
            "incomplete": False,
        }
    )
    secrets = _secret_tickets(session, tickets, calls)
    return MadeCard(read, secrets)


def _secret_tickets(
    session: Session, tickets: Sequence[ticketing.Ticket], calls: Sequence[cti.CallRow]
) -> tuple[ticketing.Ticket, ...]:
    """The caller's confidential tickets, those written for another number during one of these calls included."""
    found = {one.ticket_id: one for one in tickets if one.confidential}
    for contact_id in secret_calls(session, [call.contact_id for call in calls]):
        written = ticketing.tickets_of_contact(session, contact_id, OFFICE)
        found |= {one.ticket_id: one for one in written if one.confidential}
    return tuple(found.values())


def _nearby(session: Session, doors: Doors, tickets: Sequence[ticketing.Ticket]) -> list[NearbyTicket]:
    """Other people's tickets at the places of the caller's own open matters.  A broken index costs only these."""
    own = {ticket.ticket_id for ticket in tickets}
    asked = [ticket for ticket in tickets if ticket.status not in CLOSED and ticket.place and not ticket.confidential]
    found: dict[str, NearbyTicket] = {}
    for ticket in asked[:NEARBY_OF]:
        try:
            alike = doors.intake.alike(session, OFFICE, ticket.title, ticket.text, ticket.place, "")
        except (OSError, ValueError):  # what the search engine raises
            log.warning("tickets nearby could not be looked for", exc_info=True)
            break
        for one in alike:
            if one.ticket.ticket_id not in own and one.ticket.status not in CLOSED:
                found[one.ticket.ticket_id] = NearbyTicket(
                    ticket_id=one.ticket.ticket_id,
                    number=one.ticket.number,
                    title=one.ticket.title,
                    status=one.ticket.status,
                    place=one.likeness.shared_place,
                    created_at=one.ticket.created_at,
                )
    return list(found.values())


def _newest(tickets: Sequence[ticketing.Ticket]) -> list[ticketing.Ticket]:
    return sorted(tickets, key=lambda ticket: ticket.created_at, reverse=True)


def _repeats(session: Session, card: Card, now: datetime) -> int:
    calls = select(func.count()).where(
        cti.CallRow.caller_key == card.number,
        cti.CallRow.arrived_at > now - REPEATS_WITHIN,
        cti.CallRow.contact_id != card.contact_id,
        cti.CallRow.merged_into.is_(None),
    )
    return session.scalar(calls) or 0


def _earlier(session: Session, calls: Sequence[cti.CallRow]) -> list[EarlierCall]:
    names = agent_names(session)
    recorded = recordings.find_for_contacts(session, [call.contact_id for call in calls])
    return [
        EarlierCall(
            contact_id=call.contact_id,
            arrived_at=call.arrived_at,
            agent_name=names.get(call.agent_id or ""),
            end_reason=call.end_reason,
            seconds=call.talk_seconds,
            has_recording=any(recording.state == "ready" for recording in recorded.get(call.contact_id, [])),
        )
        for call in calls
    ]


def _card_ticket(ticket: ticketing.Ticket) -> CardTicket:
    return CardTicket(
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        title=ticket.title,
        status=ticket.status,
        open=ticket.status not in CLOSED,
        category=ticket.category or None,
        created_at=ticket.created_at,
    )


def agent_names(session: Session) -> dict[str, str]:
    """Display names of all agents; an office has some hundreds at most."""
    return {agent.agent_id: agent.display_name for agent in cti.list_agents(session)}
