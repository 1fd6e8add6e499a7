"""What ``hotline worker`` does for recordings, as small steps that it calls in turn."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session, sessionmaker

from recordings.config import StoreConfig
from recordings.crypto import Signer
from recordings.finaliser import process_next
from recordings.hotwords import Hotwords
from recordings.listening import copy_next
from recordings.plays import close_idle_plays
from recordings.recogniser import Recogniser
from recordings.retention import Categories, RetentionRule, delete_expired, resume_deletions
from recordings.seals import seal_finished_days
from recordings.spool_room import look_for_room
from recordings.transcriber import anything_waiting, queue_missing, transcribe_next
from recordings.work import finaliser_is_behind, sweep_spool

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of work.  ``run`` does one piece and returns True when there may be more right now."""

    name: str
    run: Callable[[], bool]
    every: float
    """Seconds to wait after a run that found nothing."""
    background: bool = False
    """Long and never urgent: runs in a thread of its own at the lowest priority."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What transcribing needs."""

    make: Callable[[], Recogniser]
    """Called once, in the background thread, when there is something to transcribe: loading a model takes seconds
    and hundreds of megabytes."""
    hotwords: Hotwords | None = None
    """Names of the city's places and offices, written right whatever the engine made of them."""
    busy: Callable[[Session], bool] | None = None
    """Whether so many calls are going on that transcripts must wait."""


@dataclass(frozen=True, slots=True)
class Care:
    """What keeping recordings needs: who signs, which day it is, how long what is kept."""

    signer: Callable[[], Signer]
    zone: ZoneInfo
    rules: tuple[RetentionRule, ...] = ()
    """In the order in which they are asked; none: everything is kept for ever."""
    categories: Categories | None = None
    """Knows the categories of the tickets that came of calls; without it a rule that asks for one never fits."""


def recording_steps(
    sessions: sessionmaker[Session],
    config: StoreConfig,
    now_fn: Callable[[], datetime],
    hearing: Hearing | None = None,
    care: Care | None = None,
) -> tuple[Step, ...]:
    """The steps of this room.

    Without ``hearing`` nothing is transcribed; without ``care`` nothing is sealed and nothing is ever deleted.
    """

    def sweep() -> bool:
        with sessions.begin() as session:
            found = sweep_spool(session, config.folders(), now_fn(), config.call_over)
            look_for_room(session, config.folders().values(), now_fn())
        if found:
            log.info("spool: %d recordings nobody had asked for", len(found))
        return False

    def finalise() -> bool:
        return process_next(sessions, config, now_fn)

    steps = [
        Step("recordings.finalise", finalise, 1.0),
        Step("recordings.sweep", sweep, 15.0),
        Step("recordings.listening", _Copying(sessions, config, now_fn), 3.0, background=True),
    ]
    if hearing is not None:
        steps.append(Step("recordings.transcribe", _Transcribing(sessions, config, now_fn, hearing), 5.0, True))
    if care is not None:
        steps += _care_steps(sessions, config, now_fn, care)
    return tuple(steps)


def _care_steps(
    sessions: sessionmaker[Session], config: StoreConfig, now_fn: Callable[[], datetime], care: Care
) -> list[Step]:
    def look_after() -> bool:
        with sessions.begin() as session:
            close_idle_plays(session, now_fn())
            seal = seal_finished_days(session, care.signer(), now_fn(), care.zone)
        if seal is not None:
            log.info("ledger: seal %d", seal)
        resume_deletions(sessions, config, now_fn())
        return False

    def let_go() -> bool:
        gone = delete_expired(sessions, config, care.rules, now_fn(), care.categories)
        if gone:
            log.info("retention: %d recordings deleted", gone)
        return False

    return [Step("recordings.care", look_after, 60.0), Step("recordings.retention", let_go, 3600.0)]


class _Copying:
    """Listening copies, whenever the finaliser keeps up."""

    def __init__(self, sessions: sessionmaker[Session], config: StoreConfig, now_fn: Callable[[], datetime]) -> None:
        self._sessions, self._config, self._now_fn = sessions, config, now_fn
        self._lowered = False

    def __call__(self) -> bool:
        if not self._lowered:
            lower_priority()
            self._lowered = True
        return copy_next(self._sessions, self._config, self._now_fn, busy=self._busy)

    def _busy(self) -> bool:
        with self._sessions() as session:
            return finaliser_is_behind(session, self._now_fn())


class _Transcribing:
    """Loads the recogniser at first need and keeps it."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        config: StoreConfig,
        now_fn: Callable[[], datetime],
        hearing: Hearing,
    ) -> None:
        self._sessions, self._config, self._now_fn, self._hearing = sessions, config, now_fn, hearing
        self._recogniser: Recogniser | None = None

    def __call__(self) -> bool:
        if self._recogniser is None:
            with self._sessions.begin() as session:
                queue_missing(session, self._now_fn())
                if not anything_waiting(session):
                    return False
            lower_priority()
            self._recogniser = self._hearing.make()
        return transcribe_next(
            self._sessions,
            self._config,
            self._recogniser,
            self._now_fn,
            hotwords=self._hearing.hotwords,
            busy=self._busy,
        )

    def _busy(self) -> bool:
        """Recordings that still lie in the spool come first, then whatever the house says."""
        with self._sessions() as session:
            if finaliser_is_behind(session, self._now_fn()):
                return True
            return self._hearing.busy is not None and self._hearing.busy(session)


def lower_priority() -> None:
    """Puts the calling thread last in line for the processor (on Linux priorities belong to threads)."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
