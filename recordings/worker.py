"""What ``hotline worker`` does for recordings, as small steps that it calls in turn."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from recordings.config import StoreConfig
from recordings.finaliser import process_next
from recordings.recogniser import Recogniser
from recordings.transcriber import anything_waiting, queue_missing, transcribe_next
from recordings.work import sweep_spool

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


def recording_steps(
    sessions: sessionmaker[Session],
    config: StoreConfig,
    now_fn: Callable[[], datetime],
    recogniser: Callable[[], Recogniser] | None = None,
) -> tuple[Step, ...]:
    """The steps of this room.

    ``recogniser`` is called once, in the background thread, when there is something to transcribe (loading a model
    takes seconds and hundreds of megabytes); None when no model is configured.
    """

    def sweep() -> bool:
        with sessions.begin() as session:
            found = sweep_spool(session, config.spool, config.voicemail_spool, now_fn(), config.call_over)
        if found:
            log.info("spool: %d recordings nobody had asked for", len(found))
        return False

    def finalise() -> bool:
        return process_next(sessions, config, now_fn)

    steps = [Step("recordings.finalise", finalise, 1.0), Step("recordings.sweep", sweep, 15.0)]
    if recogniser is not None:
        steps.append(Step("recordings.transcribe", _Transcribing(sessions, config, now_fn, recogniser), 5.0, True))
    return tuple(steps)


class _Transcribing:
    """Loads the recogniser at first need and keeps it."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        config: StoreConfig,
        now_fn: Callable[[], datetime],
        make: Callable[[], Recogniser],
    ) -> None:
        self._sessions, self._config, self._now_fn, self._make = sessions, config, now_fn, make
        self._recogniser: Recogniser | None = None

    def __call__(self) -> bool:
        if self._recogniser is None:
            with self._sessions.begin() as session:
                queue_missing(session, self._now_fn())
                if not anything_waiting(session):
                    return False
            lower_priority()
            self._recogniser = self._make()
        return transcribe_next(self._sessions, self._config, self._recogniser, self._now_fn)


def lower_priority() -> None:
    """Puts the calling thread last in line for the processor (on Linux priorities belong to threads)."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
