"""The copy that is played: levelled and small, made behind everything urgent.

A recording is safe, provable and playable (from its original) before this begins; encoding costs several times what
storing does, and with many calls at once it waits for a quieter hour.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from recordings import alarms, audio, ledger, making, metrics, work
from recordings.config import StoreConfig
from recordings.job import Job, LeaseLost, NowFn, OnStep
from recordings.store import NotInStore, Store
from recordings.tables import Recording, StoredFile
from recordings.wav import Samples

log = logging.getLogger(__name__)

STEPS = ("claimed", "read", "made", "stored", "compared", "done")
MOST_FAILURES = 20
"""After so many failed tries the original is played for good, and somebody is told."""


def copy_next(
    sessions: sessionmaker[Session],
    config: StoreConfig,
    now_fn: NowFn,
    on_step: OnStep | None = None,
    busy: Callable[[], bool] | None = None,
) -> bool:
    """Makes the listening copy of one recording, newest first; False when none is due or while ``busy`` says so."""
    if busy is not None and busy():
        return False
    with sessions.begin() as session:
        row = work.claim_for_copy(session, now_fn())
    if row is None:
        return False
    _Copying(sessions, config, now_fn, row, on_step).run()
    return True


class _Copying(Job):
    """One recording that gets its listening copy."""

    def perform(self) -> None:
        """Makes and stores the copy; a lost original or too many failures end it."""
        self.passed("claimed")
        try:
            legs, rate = self._legs()
        except NotInStore:
            self._give_up("original_missing")
            return
        except audio.EncoderFailed:
            self._give_up("original_unreadable")
            return
        self.passed("read")
        with making.work_folder(self.config, self.attempt) as folder:
            made = [making.listening(self.config, self.attempt, legs, rate, folder)]
            self.passed("made")
            made = making.put(self.config.store, made)
            self.passed("stored")
            making.compare(self.config.store, made)
            self.passed("compared")
            self._commit(made)
        self._remove_earlier_attempts(made[0].path)
        self.passed("done")
        metrics.COPIED.inc()

    def put_back(self, problem: str | None, pause: float | None = None) -> None:
        """See Job.put_back; in the end it stays as it is."""
        if self.row.failures >= MOST_FAILURES and problem is not None:
            self._give_up(problem)
        else:
            super().put_back(problem, pause)

    def _legs(self) -> tuple[list[Samples], int]:
        with self.sessions() as session:
            original = session.get(StoredFile, (self.row.recording_id, "original"))
        if original is None:
            raise NotInStore("original")
        return read_legs(self.config.store, original, self.config.work)

    def _commit(self, made: list[making.Made]) -> None:
        now = self.now_fn()
        with self.sessions.begin() as session:
            row = session.get(Recording, self.row.recording_id, with_for_update=True)
            if row is None or row.state != "ready" or row.claim_token != self.row.claim_token:
                self.config.store.delete(made[0].path)  # deleted meanwhile, or somebody else's by now
                raise LeaseLost
            work.finish(session, self.row, {"listening": "ready", "problem": None, "failures": 0})
            self.add_files(session, made, now)
            body = {"files": {file.role: file.described() for file in made}}
            ledger.append(session, "copied", now, recording_id=self.row.recording_id, body=body)
            alarms.trouble_is_over(session, now, alarms.ENCODING)

    def _remove_earlier_attempts(self, keep: str) -> None:
        for number in range(1, self.row.attempts):
            earlier = making.Attempt(self.row.recording_id, self.row.created_at, number)
            path = earlier.path("listening", self.config.listening_format)
            if path != keep:
                self.config.store.delete(path)

    def _give_up(self, problem: str) -> None:
        metrics.FAILURES.labels(problem).inc()
        log.error("recording %s: no listening copy: %s", self.row.recording_id, problem)
        with self.sessions.begin() as session:
            work.finish(session, self.row, {"listening": "failed"})
            alarms.raise_alarm(session, problem, self.now_fn(), self.row.recording_id)


def read_legs(store: Store, original: StoredFile, scratch: Path, rate: int | None = None) -> tuple[list[Samples], int]:
    """The legs of a stored original, at its own rate or at ``rate``, and the rate.

    Raises NotInStore, StoreUnavailable, EncoderFailed, OSError.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch, prefix="read-") as folder:
        copy = Path(folder) / f"original.{original.format}"
        with copy.open("wb") as target:
            for piece in store.read(original.path):
                target.write(piece)
        return audio.decode(copy, original.format, rate)
