"""From spool files to a stored, hashed recording; a kill at any point loses nothing and doubles nothing.

The order makes it so: read → make → store (durable) → read back and compare → one transaction that makes the row
``ready`` → drop the spool.  Before that transaction the spool is complete and the row is taken up again when its
lease runs out; after it the store is complete and only the dropping is repeated.  Every attempt stores under names of
its own (the attempt's number is in them); the transaction decides which names count, and the names of earlier
attempts are removed.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from recordings import alarms, ledger, making, metrics, search_feed, spool, work
from recordings.config import Finished, StoreConfig
from recordings.job import Job, LeaseLost, NowFn, OnStep
from recordings.legs import NoAudio, Take, read_take
from recordings.tables import StoredFile, Transcript, new_id
from recordings.wav import UnsupportedAudio

log = logging.getLogger(__name__)

STEPS = ("claimed", "read", "made", "stored", "compared", "committed", "dropped", "done")
"""Every point a recording passes, in order; a crash after any of them is mended by the next try."""

NO_FILE_AFTER = timedelta(seconds=60)
"""A call that left no spool file within this time was not recorded (it ended before it was answered)."""
RECORDED_AFTER = 10.0
"""Seconds a call must have lasted before a missing recording raises an alarm."""


def process_next(
    sessions: sessionmaker[Session], config: StoreConfig, now_fn: NowFn, on_step: OnStep | None = None
) -> bool:
    """Takes one recording that is due and brings it as far as it goes; False when none is due.

    Expected trouble (file still growing, disk full, store away) puts the row back with its reason and a pause;
    anything unexpected is raised after the row was put back as ``internal``.
    """
    with sessions.begin() as session:
        row = work.claim(session, now_fn())
    if row is None:
        return False
    _Finalising(sessions, config, now_fn, row, on_step).run()
    return True


class _Finalising(Job):
    """One recording on its way from the spool to the store."""

    @property
    def folder(self) -> Path:
        """Where its spool files lie."""
        return self.config.folders()[self.kind]

    @property
    def kind(self) -> spool.Kind:
        return cast(spool.Kind, self.row.kind)

    def perform(self) -> None:
        """Finishes the recording, or puts it back with the reason."""
        self.passed("claimed")
        try:
            if self.row.state != "ready":
                files = self._complete_files()
                if files is None:
                    return
                self._finish(files)
        except NoAudio:
            self._fail("empty", drop=True, alarm=self.kind == "call")
            return
        except UnsupportedAudio:
            self._fail("unsupported_audio", drop=False)
            return
        self._drop_spool()

    def _complete_files(self) -> dict[str, Path] | None:
        """The spool files when their writer has finished; else puts the row back and gives None."""
        now = self.now_fn()
        files = spool.files_of(self.row.contact_id, self.kind, self.folder)
        age = (now - self.row.created_at).total_seconds()
        if not self.folder.is_dir():  # a disk that is not mounted is no reason to give a recording up
            self.put_back("spool_missing")
            return None
        if not files:
            if now - self.row.created_at >= NO_FILE_AFTER:
                self._fail("no_audio", drop=False, alarm=(self.row.expected_seconds or 0) > RECORDED_AFTER)
            else:
                self.put_back(None, max(1.0, age / 4))
            return None
        if spool.all_complete(files.values(), self.folder, now.timestamp(), self._call_is_over(), self.kind):
            return files
        self.put_back(None, min(30.0, max(1.0, age / 4)))
        return None

    def _call_is_over(self) -> bool:
        if self.row.call_over or self.config.call_over is None:
            return self.row.call_over
        with self.sessions() as session:
            return self.config.call_over(session, self.row.contact_id) is True

    def _finish(self, files: dict[str, Path]) -> None:
        seen = {path.name: spool.identity(path) for path in files.values()}
        take = read_take(files, self.row.expected_seconds)
        if self.kind == "survey" and "silent" in take.alarms:
            raise NoAudio  # asked for a comment, had none
        self.passed("read")
        with making.work_folder(self.config, self.attempt) as folder:
            made = making.original(self.config, self.attempt, take, folder)
            self.passed("made")
            made = making.put(self.config.store, made)
            self.passed("stored")
            making.compare(self.config.store, made)
            self.passed("compared")
            try:
                self._commit(take, made, seen)
            except LeaseLost:
                making.remove(self.config.store, made)
                raise
        self.passed("committed")
        metrics.FINALISED.labels(self.row.kind).inc()
        metrics.SECONDS.inc(take.seconds)
        log.info("recording %s: ready, %.1f s, alarms %s", self.row.recording_id, take.seconds, take.alarms or "none")

    def _commit(self, take: Take, made: list[making.Made], seen: dict[str, list[int]]) -> None:
        """The one transaction that decides: from here on the recording is the stored one."""
        now = self.now_fn()
        started_at = self.row.started_at or take.written_at - timedelta(seconds=take.seconds)
        values: dict[str, Any] = {
            "state": "ready",
            "problem": None,
            "failures": 0,
            "alarms": take.alarms,
            "ready_at": now,
            "started_at": started_at,
            "seconds": round(take.seconds, 3),
            "channels": len(take.samples),
            "spool_files": seen,
            "transcript_state": "waiting" if self.config.transcribe else "no_model",
            "claimed_until": now + work.LEASE,
        }
        with self.sessions.begin() as session:
            if not work.write_mine(session, self.row, values):
                raise LeaseLost
            self.add_files(session, made, now)
            search_feed.ask(session, self.row.recording_id)
            ledger.append(
                session, "stored", now, recording_id=self.row.recording_id, body=self._entry(take, made, started_at)
            )
            if self.config.transcribe:
                session.add(
                    Transcript(transcript_id=new_id(), recording_id=self.row.recording_id, created_at=now, figures={})
                )
            for alarm in take.alarms:
                metrics.ALARMS.labels(alarm).inc()
                if alarm not in alarms.QUIET:
                    alarms.raise_alarm(session, alarm, now, self.row.recording_id)
            alarms.trouble_is_over(session, now, alarms.STORING)
            if self.config.stored is not None:
                silent = "silent" in take.alarms
                self.config.stored(
                    session,
                    Finished(self.row.recording_id, self.row.contact_id, self.kind, started_at, take.seconds, silent),
                )
        self.row.state, self.row.spool_files = "ready", seen

    def _entry(self, take: Take, made: list[making.Made], started_at: datetime) -> dict[str, object]:
        """What the ledger says about the recording: above all the hashes."""
        return {
            "contact_id": self.row.contact_id,
            "kind": self.row.kind,
            "part": self.row.part,
            "started_at": started_at.isoformat(),
            "seconds": round(take.seconds, 3),
            "alarms": take.alarms,
            "files": {file.role: file.described() for file in made},
        }

    def _drop_spool(self) -> None:
        """Removes the spool files that were stored, and only those, then gives the row back."""
        self._remove_earlier_attempts()
        for name, identity in self.row.spool_files.items():
            path = self.folder / name
            try:
                if spool.identity(path) == identity:
                    path.unlink()
                else:  # somebody wrote on after the call's end: kept, and taken up by the sweep as another part
                    log.warning("recording %s: spool file changed after it was stored", self.row.recording_id)
            except FileNotFoundError:
                continue
        self.passed("dropped")
        with self.sessions.begin() as session:
            work.finish(session, self.row, {"spool_dropped": True, "problem": None})
        self.passed("done")

    def _remove_earlier_attempts(self) -> None:
        with self.sessions() as session:
            rows = session.scalars(select(StoredFile.path).where(StoredFile.recording_id == self.row.recording_id))
            keep = set(rows)
        for number in range(1, self.row.attempts + 1):
            earlier = making.Attempt(self.row.recording_id, self.row.created_at, number)
            for role, form in (("original", self.config.original_format), ("peaks", "json")):
                if earlier.path(role, form) not in keep:
                    self.config.store.delete(earlier.path(role, form))

    def _fail(self, problem: str, drop: bool, alarm: bool = True) -> None:
        """No recording can be made of this; ``drop`` removes spool files that hold no sound at all."""
        if drop:
            for path in spool.files_of(self.row.contact_id, self.kind, self.folder).values():
                path.unlink(missing_ok=True)
        metrics.FAILURES.labels(problem).inc()
        log.warning("recording %s: %s", self.row.recording_id, problem)
        with self.sessions.begin() as session:
            work.finish(session, self.row, {"state": "failed", "problem": problem, "spool_dropped": drop})
            if alarm:
                alarms.raise_alarm(session, problem, self.now_fn(), self.row.recording_id)
