"""Turning stored recordings into text, leg by leg, behind everything else."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from recordings import audio, metrics, search_feed
from recordings.config import StoreConfig
from recordings.hotwords import Hotwords
from recordings.listening import read_legs
from recordings.recogniser import Recogniser, RecogniserFailed, Utterance
from recordings.store import NotInStore, StoreUnavailable
from recordings.tables import Recording, Segment, StoredFile, Transcript, new_id
from recordings.wav import Samples

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=30)
PAUSE = 0.5
"""Seconds between two looks whether the machine is free again."""
MOST_TRIES = 5
TELEPHONE_RATE = 8000
LEGS = ("citizen", "other")

TODAY, RERUN = 10, 50
"""Priorities: calls as they come, then runs over old recordings."""


Busy = Callable[[], bool]
"""Whether calls need the machine now, so that transcripts must wait."""


class _NotNow(Exception):
    """The audio cannot be had at the moment; the reason is a stable code."""


def queue_missing(session: Session, now: datetime, limit: int = 1000) -> int:
    """Puts recordings that were finished without a model into the queue, newest first; how many it were."""
    rows = session.scalars(
        select(Recording)
        .where(Recording.state == "ready", Recording.transcript_state.in_(("no_model", "none")))
        .order_by(Recording.created_at.desc())
        .limit(limit)
    ).all()
    for row in rows:
        _queue(session, row, now, RERUN)
    return len(rows)


def queue_older_models(session: Session, engine: str, model: str, now: datetime, limit: int = 1000) -> int:
    """A better model came: asks again for transcripts that another one made, newest first; how many it were.

    Recordings that wait for a run already are left alone.
    """
    newest = select(Transcript.recording_id, func.max(Transcript.version).label("version")).group_by(
        Transcript.recording_id
    )
    newest_run = newest.subquery()
    rows = session.execute(
        select(Recording)
        .join(newest_run, newest_run.c.recording_id == Recording.recording_id)
        .join(
            Transcript,
            and_(Transcript.recording_id == Recording.recording_id, Transcript.version == newest_run.c.version),
        )
        .where(
            Recording.state == "ready",
            Transcript.state == "done",
            or_(Transcript.engine != engine, Transcript.model != model),
        )
        .order_by(Recording.created_at.desc())
        .limit(limit)
    ).scalars()
    found = list(rows)
    for row in found:
        _queue(session, row, now, RERUN)
    return len(found)


def anything_waiting(session: Session) -> bool:
    """Whether a recogniser would find work."""
    found = select(Transcript.transcript_id).where(Transcript.state.in_(("waiting", "processing"))).limit(1)
    return session.scalars(found).first() is not None


def queue_again(session: Session, recording_id: str, now: datetime, priority: int = RERUN) -> str | None:
    """Asks for one more transcript of a recording (a better model came); old versions stay.

    Returns the transcript's id; None when there is no such ready recording.
    """
    row = session.get(Recording, recording_id)
    if row is None or row.state != "ready":
        return None
    return _queue(session, row, now, priority)


def _queue(session: Session, row: Recording, now: datetime, priority: int) -> str:
    versions = session.scalars(select(Transcript.version).where(Transcript.recording_id == row.recording_id)).all()
    job = Transcript(
        transcript_id=new_id(),
        recording_id=row.recording_id,
        version=max(versions, default=0) + 1,
        priority=priority,
        created_at=now,
        figures={},
    )
    session.add(job)
    if row.transcript_state != "done":
        row.transcript_state = "waiting"
    session.flush()
    return job.transcript_id


def transcribe_next(
    sessions: sessionmaker[Session],
    config: StoreConfig,
    recogniser: Recogniser,
    now_fn: Callable[[], datetime],
    *,
    hotwords: Hotwords | None = None,
    busy: Busy | None = None,
) -> bool:
    """Transcribes the most urgent waiting recording; False when none is due, or while ``busy`` says so.

    ``busy`` is asked again after every utterance, and the run pauses as long as it holds.
    """
    if busy is not None and busy():
        return False
    with sessions.begin() as session:
        job = _claim(session, now_fn())
    if job is None:
        return False
    try:
        began = time.monotonic()
        legs = _legs_of(sessions, config, job.recording_id)
        hearing = _Hearing(sessions, job, recogniser, now_fn, hotwords, busy)
        heard = {name: hearing.leg(leg) for name, leg in zip(LEGS, legs, strict=False)}
        took = time.monotonic() - began - hearing.paused
    except LostTranscript:
        log.warning("transcript %s: another worker took over", job.transcript_id)
        return True
    except (_NotNow, RecogniserFailed, audio.EncoderFailed, audio.EncoderMissing, StoreUnavailable) as error:
        _put_back(sessions, job, now_fn(), _reason(error))
        return True
    seconds = max((len(leg) for leg in legs), default=0) / TELEPHONE_RATE
    _save(sessions, job, recogniser, heard, seconds, took, now_fn())
    return True


class LostTranscript(Exception):
    """Another worker has taken the transcript over meanwhile."""


class _Hearing:
    """One run over the legs of a recording, giving way to what is more urgent."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        job: Transcript,
        recogniser: Recogniser,
        now_fn: Callable[[], datetime],
        hotwords: Hotwords | None,
        busy: Busy | None,
    ) -> None:
        self._sessions, self._job, self._recogniser, self._now_fn = sessions, job, recogniser, now_fn
        self._hotwords, self._busy = hotwords, busy
        self._renew_after = now_fn() + LEASE / 4
        self.paused = 0.0
        """Seconds spent waiting."""

    def leg(self, samples: Samples) -> list[Utterance]:
        """What is said on one leg.  Raises RecogniserFailed, LostTranscript."""
        found = []
        for said in self._recogniser.transcribe(samples, TELEPHONE_RATE):
            found.append(self._hotwords.corrected(said) if self._hotwords else said)
            self._give_way()
        return found

    def _give_way(self) -> None:
        began = time.monotonic()
        while self._busy is not None and self._busy():
            self._renew()
            time.sleep(PAUSE)
        self.paused += time.monotonic() - began
        self._renew()

    def _renew(self) -> None:
        now = self._now_fn()
        if now < self._renew_after:
            return
        self._renew_after = now + LEASE / 4
        with self._sessions.begin() as session:
            done = session.execute(
                update(Transcript)
                .where(
                    Transcript.transcript_id == self._job.transcript_id,
                    Transcript.claim_token == self._job.claim_token,
                )
                .values(claimed_until=now + LEASE)
            )
            if not done.rowcount:  # type: ignore[attr-defined]
                raise LostTranscript


def _claim(session: Session, now: datetime) -> Transcript | None:
    job = session.scalars(
        select(Transcript)
        .where(
            Transcript.state.in_(("waiting", "processing")),
            or_(Transcript.claimed_until.is_(None), Transcript.claimed_until < now),
            or_(Transcript.next_try_at.is_(None), Transcript.next_try_at <= now),
        )
        .order_by(Transcript.priority, Transcript.created_at.desc())
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if job is None:
        return None
    job.state, job.claim_token, job.claimed_until = "processing", new_id(), now + LEASE
    job.attempts += 1
    session.flush()
    return job


def _legs_of(sessions: sessionmaker[Session], config: StoreConfig, recording_id: str) -> list[Samples]:
    with sessions() as session:
        row = session.get(Recording, recording_id)
        file = session.get(StoredFile, (recording_id, "original"))
    if row is None or file is None or row.channels is None:
        raise _NotNow("recording_missing")
    try:
        legs, _ = read_legs(config.store, file, config.work, TELEPHONE_RATE)
    except NotInStore as error:
        raise _NotNow("file_missing") from error
    except OSError as error:
        raise _NotNow("disk_full" if error.errno == errno.ENOSPC else "work_unwritable") from error
    return legs


def _reason(error: Exception) -> str:
    if isinstance(error, StoreUnavailable):
        return error.code
    if isinstance(error, audio.EncoderMissing):
        return "ffmpeg_missing"
    if isinstance(error, _NotNow):
        return str(error)
    return "recogniser_failed" if isinstance(error, RecogniserFailed) else "decoder_failed"


def _put_back(sessions: sessionmaker[Session], job: Transcript, now: datetime, problem: str) -> None:
    gave_up = job.attempts >= MOST_TRIES
    metrics.FAILURES.labels(f"transcript_{problem}").inc()
    log.error("transcript %s: %s%s", job.transcript_id, problem, ", given up" if gave_up else "")
    with sessions.begin() as session:
        values = {
            "state": "failed" if gave_up else "waiting",
            "problem": problem,
            "next_try_at": now + timedelta(seconds=30 * 4 ** min(job.attempts, 4)),
        }
        if _write_mine(session, job, values) and gave_up:
            session.execute(
                update(Recording)
                .where(Recording.recording_id == job.recording_id, Recording.transcript_state == "waiting")
                .values(transcript_state="failed")
            )


def _write_mine(session: Session, job: Transcript, values: dict[str, Any]) -> bool:
    done = session.execute(
        update(Transcript)
        .where(Transcript.transcript_id == job.transcript_id, Transcript.claim_token == job.claim_token)
        .values(**values, claim_token=None, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _save(
    sessions: sessionmaker[Session],
    job: Transcript,
    recogniser: Recogniser,
    heard: dict[str, list[Utterance]],
    seconds: float,
    took: float,
    now: datetime,
) -> None:
    """Stores the text in one transaction, replacing nothing but an unfinished try of the same version."""
    spoken = [(leg, said) for leg, utterances in heard.items() for said in utterances]
    confidences = [said.conf for _, said in spoken if said.conf is not None]
    figures = {
        "audio_seconds": round(seconds, 2),
        "processing_seconds": round(took, 2),
        "real_time_factor": round(took / seconds, 3) if seconds else None,
        "utterances": len(spoken),
        "mean_confidence": round(sum(confidences) / len(confidences), 3) if confidences else None,
    }
    with sessions.begin() as session:
        done = {"state": "done", "problem": None, "engine": recogniser.engine, "model": recogniser.model}
        if not _write_mine(session, job, {**done, "done_at": now, "figures": figures}):
            log.warning("transcript %s: another worker took over", job.transcript_id)
            return
        session.execute(delete(Segment).where(Segment.transcript_id == job.transcript_id))
        session.add_all(
            Segment(
                transcript_id=job.transcript_id,
                recording_id=job.recording_id,
                leg=leg,
                start=said.start,
                end=said.end,
                text=said.text,
                conf=said.conf,
                words=[[word.text, word.start, word.end, word.conf] for word in said.words],
            )
            for leg, said in spoken
        )
        session.execute(
            update(Recording).where(Recording.recording_id == job.recording_id).values(transcript_state="done")
        )
        search_feed.ask(session, job.recording_id)
    metrics.TRANSCRIBED.labels(recogniser.engine).inc()
    metrics.TRANSCRIBED_SECONDS.labels(recogniser.engine).inc(seconds)
    metrics.TRANSCRIBING_SECONDS.labels(recogniser.engine).inc(took)
    log.info("transcript %s: done, %.1f s of audio in %.1f s", job.transcript_id, seconds, took)
