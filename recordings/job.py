"""A claimed recording in the hands of a worker: the lease is held, trouble is noted, surprises are put back."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from recordings import alarms, audio, making, metrics, work
from recordings.config import StoreConfig
from recordings.store import StoreUnavailable, trouble
from recordings.tables import Recording, StoredFile

log = logging.getLogger(__name__)

NowFn = Callable[[], datetime]
OnStep = Callable[[str], None]


class LeaseLost(Exception):
    """Another worker has taken the recording over meanwhile."""


class Job(ABC):
    """One claimed row.  ``perform`` does the work; expected trouble puts the row back with its reason and a pause."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        config: StoreConfig,
        now_fn: NowFn,
        row: Recording,
        on_step: OnStep | None,
    ) -> None:
        self.sessions, self.config, self.now_fn, self.row = sessions, config, now_fn, row
        self._on_step = on_step
        self.attempt = making.Attempt(row.recording_id, row.created_at, row.attempts)

    @abstractmethod
    def perform(self) -> None:
        """Does the work, calling passed() at every point that is passed."""

    def run(self) -> None:
        """Performs; anything unexpected is raised after the row was put back as ``internal``."""
        with self._put_back_on_surprise(), self._heartbeat():
            try:
                self.perform()
            except LeaseLost:
                log.warning("recording %s: another worker took over", self.row.recording_id)
            except audio.EncoderMissing:
                self.put_back("ffmpeg_missing")
            except audio.EncoderFailed as error:
                log.error("recording %s: encoder: %s", self.row.recording_id, error)
                self.put_back("encoder_failed")
            except StoreUnavailable as error:
                self.put_back(error.code)
            except OSError as error:  # on the spool's side: the store translates its own
                code = trouble(error).code
                self.put_back("spool_unreadable" if code == "store_unreachable" else code)

    def renew(self) -> None:
        """Holds the lease longer.  Raises LeaseLost."""
        with self.sessions.begin() as session:
            if not work.renew(session, self.row, self.now_fn()):
                raise LeaseLost

    def passed(self, name: str) -> None:
        """Notes a point that was passed.  Whether the recording is still ours, its last transaction finds out."""
        log.debug("recording %s: %s", self.row.recording_id, name)
        if self._on_step is not None:
            self._on_step(name)

    def put_back(self, problem: str | None, pause: float | None = None) -> None:
        """Gives the row back for a later try: in ``pause`` seconds, or after a pause that grows with the failures."""
        pause = work.pause_after(self.row.failures) if pause is None else pause
        if problem is not None:
            metrics.FAILURES.labels(problem).inc()
            log.error("recording %s: %s, next try in %.0f s", self.row.recording_id, problem, pause)
        with self.sessions.begin() as session:
            work.put_back(session, self.row, self.now_fn(), problem, pause)
            if problem is not None:
                about = None if problem in alarms.GENERAL else self.row.recording_id
                alarms.raise_alarm(session, problem, self.now_fn(), about)

    def add_files(self, session: Session, made: list[making.Made], now: datetime) -> None:
        """The rows of stored files."""
        session.add_all(
            StoredFile(
                recording_id=self.row.recording_id,
                role=file.role,
                path=file.path,
                format=file.form,
                bytes=file.bytes,
                sha256=file.sha256,
                stored_at=now,
                key_id=file.key_id,
            )
            for file in made
        )

    @contextmanager
    def _put_back_on_surprise(self) -> Iterator[None]:
        expected = False
        try:
            yield
            expected = True
        finally:
            if not expected:
                self.put_back("internal")

    @contextmanager
    def _heartbeat(self) -> Iterator[None]:
        """Renews the lease in the background: a long call takes longer than the lease."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(work.BEAT):
                try:
                    self.renew()
                except (LeaseLost, SQLAlchemyError):
                    return  # the last transaction finds out, in the thread that can act on it

        thread = threading.Thread(target=beat, name="recording-lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
