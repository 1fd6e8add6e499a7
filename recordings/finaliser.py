"""From spool files to a stored, hashed recording; a kill at any point loses nothing and doubles nothing.

The order makes it so: read → join → encode → hash → store (durable) → read back and compare → one transaction that
makes the row ``ready`` → drop the spool.  Before that transaction the spool is complete and the row is taken up
again when its lease runs out; after it the store is complete and only the dropping is repeated.  Every attempt
stores under names of its own (the attempt's number is in them); the transaction decides which names count, and the
names of earlier attempts are removed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from recordings import alarms, audio, ledger, making, metrics, spool, work
from recordings.config import StoreConfig
from recordings.legs import NoAudio, Take, read_take
from recordings.store import StoreUnavailable, sha256_of, trouble
from recordings.tables import Recording, StoredFile, Transcript, new_id
from recordings.wav import UnsupportedAudio

log = logging.getLogger(__name__)

NowFn = Callable[[], datetime]
OnStep = Callable[[str], None]

STEPS = ("claimed", "read", "joined", "encoded", "stored", "compared", "committed", "dropped", "done")
"""Every point a recording passes, in order; a crash after any of them is mended by the next try."""

NO_FILE_AFTER = timedelta(seconds=60)
"""A call that left no spool file within this time was not recorded (it ended before it was answered)."""

RECORDED_AFTER = 10.0
"""Seconds a call must have lasted before a missing recording raises an alarm."""


class LeaseLost(Exception):
    """Another worker has taken the recording over meanwhile."""


def process_next(
    sessions: sessionmaker[Session], config: StoreConfig, now_fn: NowFn, on_step: OnStep | None = None
) -> bool:
    """Takes one recording that is due and brings it as far as it goes; False when none is due.

    Expected trouble (file still growing, no ffmpeg, disk full, store away) puts the row back with its reason and a
    pause; anything unexpected is raised after the row was put back as ``internal``.
    """
    with sessions.begin() as session:
        row = work.claim(session, now_fn())
    if row is None:
        return False
    job = _Job(sessions, config, now_fn, row, on_step or (lambda _step: None))
    with _put_back_on_surprise(job), _heartbeat(job):
        job.run()
    return True


@contextmanager
def _put_back_on_surprise(job: _Job) -> Iterator[None]:
    expected = False
    try:
        yield
        expected = True
    finally:
        if not expected:
            job.put_back("internal")


@contextmanager
def _heartbeat(job: _Job) -> Iterator[None]:
    """Renews the lease in the background: encoding a long call takes longer than the lease."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(work.BEAT):
            try:
                job.renew()
            except (LeaseLost, SQLAlchemyError):
                return  # the next step finds out, in the thread that can act on it

    thread = threading.Thread(target=beat, name="recording-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class _Job:
    """One claimed recording on its way."""

    def __init__(
        self, sessions: sessionmaker[Session], config: StoreConfig, now_fn: NowFn, row: Recording, on_step: OnStep
    ) -> None:
        self.sessions, self.config, self.now_fn, self.row, self.on_step = sessions, config, now_fn, row, on_step
        self.folder = config.voicemail_spool if row.kind == "voicemail" else config.spool
        self.attempt = making.Attempt(row.recording_id, row.created_at, row.attempts)

    def run(self) -> None:
        """Finishes the recording, or puts it back with the reason."""
        try:
            self._step("claimed")
            if self.row.state != "ready":
                files = self._complete_files()
                if files is None:
                    return
                self._finish(files)
            self._drop_spool()
        except LeaseLost:
            log.warning("recording %s: another worker took over", self.row.recording_id)
        except NoAudio:
            self._fail("empty", drop=True)
        except UnsupportedAudio:
            self._fail("unsupported_audio", drop=False)
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

    def _step(self, name: str) -> None:
        """Notes a point that was passed, after making sure that the recording is still ours."""
        self.renew()
        log.debug("recording %s: %s", self.row.recording_id, name)
        self.on_step(name)

    def _complete_files(self) -> dict[str, Path] | None:
        """The spool files when their writer has finished; else puts the row back and gives None."""
        now = self.now_fn()
        files = spool.files_of(self.row.contact_id, cast(spool.Kind, self.row.kind), self.folder)
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
        over = self.row.call_over
        if not over and self.config.call_over is not None:
            with self.sessions() as session:
                over = self.config.call_over(session, self.row.contact_id) is True
        writers = spool.open_files(self.folder)
        facts = [spool.look(path, now.timestamp(), writers) for path in files.values()]
        if all(spool.is_complete(fact, over) for fact in facts):
            return files
        self.put_back(None, min(30.0, max(1.0, age / 4)))
        return None

    def _finish(self, files: dict[str, Path]) -> None:
        seen = {path.name: spool.identity(path) for path in files.values()}
        take = read_take(files, self.row.expected_seconds)
        self._step("read")
        with making.work_folder(self.config, self.attempt) as folder:
            making.join(take, folder)
            self._step("joined")
            made = making.encode(self.config, self.attempt, folder)
            self._step("encoded")
            key_ids = [self.config.store.put(file.path, file.source) for file in made]
            made = [replace(file, key_id=key_id) for file, key_id in zip(made, key_ids, strict=True)]
            self._step("stored")
            for file in made:
                if sha256_of(self.config.store, file.path) != file.sha256:
                    raise StoreUnavailable("store_differs")
            self._step("compared")
            self._commit(take, made, seen)
        self.on_step("committed")
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
            self._note_files(session, take, made, started_at, now)
            if self.config.transcribe:
                session.add(
                    Transcript(transcript_id=new_id(), recording_id=self.row.recording_id, created_at=now, figures={})
                )
            for alarm in take.alarms:
                metrics.ALARMS.labels(alarm).inc()
                if alarm not in alarms.QUIET:
                    alarms.raise_alarm(session, alarm, now, self.row.recording_id)
            alarms.trouble_is_over(session, now)
        self.row.state, self.row.spool_files = "ready", seen

    def _note_files(
        self, session: Session, take: Take, made: list[making.Made], started_at: datetime, now: datetime
    ) -> None:
        """The files' rows, and the entry in the ledger that fixes their hashes."""
        for file in made:
            session.add(
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
            )
        body = {
            "contact_id": self.row.contact_id,
            "kind": self.row.kind,
            "part": self.row.part,
            "started_at": started_at.isoformat(),
            "seconds": round(take.seconds, 3),
            "alarms": take.alarms,
            "files": {
                file.role: {"sha256": file.sha256, "bytes": file.bytes, "format": file.form, "path": file.path}
                for file in made
            },
        }
        ledger.append(session, "stored", now, recording_id=self.row.recording_id, body=body)

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
        self._step("dropped")
        with self.sessions.begin() as session:
            work.finish(session, self.row, {"spool_dropped": True, "problem": None})
        self.on_step("done")

    def _remove_earlier_attempts(self) -> None:
        with self.sessions() as session:
            rows = session.scalars(select(StoredFile.path).where(StoredFile.recording_id == self.row.recording_id))
            keep = set(rows)
        for number in range(1, self.row.attempts + 1):
            earlier = making.Attempt(self.row.recording_id, self.row.created_at, number)
            for role, form in making.forms(self.config).items():
                if earlier.path(role, form) not in keep:
                    self.config.store.delete(earlier.path(role, form))

    def _fail(self, problem: str, drop: bool, alarm: bool = True) -> None:
        """No recording can be made of this; ``drop`` removes spool files that hold no sound at all."""
        if drop:
            kind = cast(spool.Kind, self.row.kind)
            for path in spool.files_of(self.row.contact_id, kind, self.folder).values():
                path.unlink(missing_ok=True)
        metrics.FAILURES.labels(problem).inc()
        log.warning("recording %s: %s", self.row.recording_id, problem)
        with self.sessions.begin() as session:
            work.finish(session, self.row, {"state": "failed", "problem": problem, "spool_dropped": drop})
            if alarm:
                alarms.raise_alarm(session, problem, self.now_fn(), self.row.recording_id)

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
