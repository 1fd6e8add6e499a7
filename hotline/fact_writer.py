"""Facts of the switch into the call log: in order, off the event loop, none lost while the database is away."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from prometheus_client import Counter, Gauge
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

import agent_desktop
import cti
import recordings
from cti.facts import CallEnded, Fact
from hotline import recording_notes

log = logging.getLogger(__name__)

BATCH = 200
"""Facts written in one transaction at most."""
LONGEST_PAUSE = 5.0
"""Seconds between two tries while the database is away."""
ROOM = 500_000
"""Facts kept in memory at most (hours of a busy city); what comes after is left out, counted."""

WAITING = Gauge("hotline_facts_waiting", "Facts not yet in the call log")
WRITTEN = Counter("hotline_facts_written", "Facts written into the call log")
REFUSED = Counter("hotline_facts_refused", "Facts that the database would not take and that were left out")
OVERFLOWN = Counter("hotline_facts_overflown", "Facts dropped because the database was away for too long")


class FactWriter:
    """One thread that writes what :meth:`put` is given."""

    def __init__(self, sessions: sessionmaker[Session], now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now
        self._waiting: deque[tuple[Fact, datetime]] = deque()
        self._something = threading.Event()
        self._stopping = threading.Event()
        self._give_up_at = math.inf
        self._thread = threading.Thread(target=self._work, name="fact-writer", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def put(self, fact: Fact) -> None:
        """Takes one fact; returns at once.  To be called from one thread."""
        if len(self._waiting) >= ROOM:
            OVERFLOWN.inc()
            return
        self._waiting.append((fact, self._now()))
        WAITING.set(len(self._waiting))
        self._something.set()

    def stop(self, patience: float = 5.0) -> bool:
        """Writes what waits, for at most ``patience`` seconds; False when something could not be written.

        What is lost here the next start learns from the switch itself (:meth:`cti.Bridge.start`).
        """
        self._give_up_at = time.monotonic() + patience
        self._stopping.set()
        self._something.set()
        self._thread.join(patience + LONGEST_PAUSE)
        return not self._waiting

    def _work(self) -> None:
        pause = 0.0
        while self._waiting or not self._stopping.is_set():
            if not self._waiting:
                self._something.wait()
                self._something.clear()
                continue
            batch = list(islice(self._waiting, BATCH))
            try:
                self._write(batch)
            except (OperationalError, InterfaceError):
                pause = min(LONGEST_PAUSE, max(0.1, 2 * pause))
                log.warning("the call log cannot be written; next try in %.1f s", pause, exc_info=pause <= 0.1)
                if time.monotonic() + pause > self._give_up_at:
                    return
                time.sleep(pause)
                continue
            pause = 0.0
            for _ in batch:
                self._waiting.popleft()
            WAITING.set(len(self._waiting))

    def _write(self, batch: Sequence[tuple[Fact, datetime]]) -> None:
        """Writes a batch in one transaction; one that is refused is written fact by fact, without the bad ones."""
        try:
            with self._sessions.begin() as session:
                for fact, told_at in batch:
                    write(session, fact, told_at)
            WRITTEN.inc(len(batch))
        except (OperationalError, InterfaceError):
            raise
        except (SQLAlchemyError, ValueError) as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise OperationalError("connection lost", None, error) from error
            if len(batch) == 1:
                REFUSED.inc()
                log.exception("a fact of kind %s was refused by the database", batch[0][0].name)
                return
            for one in batch:
                self._write([one])


def write(session: Session, fact: Fact, told_at: datetime) -> None:
    """One fact into the log; the end of a call asks for its recording to be finished."""
    cti.record(session, fact, told_at)
    recording_notes.note(session, fact, told_at)
    agent_desktop.note_hand_over(session, fact, told_at)
    if isinstance(fact, CallEnded) and fact.contact_id:
        ended_at = datetime.fromtimestamp(fact.at, UTC) if fact.at is not None else told_at
        started_at = ended_at - timedelta(seconds=fact.duration) if fact.duration is not None else None
        try:
            recordings.enqueue(
                session, fact.contact_id, "call", told_at, started_at=started_at, expected_seconds=fact.duration
            )
            recordings.note_contact(session, fact.contact_id, recordings.ContactFacts(result=result_of(fact)))
        except recordings.InvalidContact:
            log.info("a call without a contact id of ours has no recording")


def result_of(ended: CallEnded) -> str:
    """How a call ended, in the words of retention rules: ``answered``, ``abandoned``, or the switch's reason."""
    if ended.answered:
        return "answered"
    return "abandoned" if ended.abandoned else ended.reason
