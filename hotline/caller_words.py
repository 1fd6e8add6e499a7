"""What callers leave behind without a person: voice messages and answers to the survey.  Joins the rooms for both."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

import cti
import recordings
import ticketing

log = logging.getLogger("hotline.worker")

_MOST = 200
"""Answers taken in by one step."""


def message_stored(office: Callable[[Session], ticketing.Office]) -> recordings.Stored:
    """Makes a piece of work of every voice message, in the transaction that makes its recording ready."""

    def stored(session: Session, done: recordings.Finished) -> None:
        if done.kind == "voicemail":
            ticketing.take_in_voicemail(
                session,
                office(session),
                done.recording_id,
                done.contact_id,
                done.started_at,
                round(done.seconds, 1),
                silent=done.silent,
            )

    return stored


def reminding(
    sessions: sessionmaker[Session], now: Callable[[], datetime], limit: Callable[[Session], timedelta]
) -> Callable[[], bool]:
    """A worker's step: tells of voice messages that wait too long."""

    def step() -> bool:
        with sessions.begin() as session:
            told = ticketing.remind_voicemail(session, now(), limit(session))
        if told:
            log.warning("%d voice messages have waited longer than allowed", told)
        return False

    return step


@dataclass(frozen=True, slots=True)
class Answer:
    """One file of the voice menu about a caller who was asked how the call was."""

    contact_id: str
    asked_at: datetime
    score: int | None
    answered_at: datetime | None


def survey_intake(sessions: sessionmaker[Session], folder: Path) -> Callable[[], bool]:
    """A worker's step: the answers that the voice menu has put into ``folder`` go into the database.

    A file goes only after its answer is committed and if it is still the one that was read; told twice an answer
    counts once.
    """

    def step() -> bool:
        try:
            files = sorted(folder.glob("*.json"))[:_MOST]
        except FileNotFoundError:
            return False
        for file in files:
            _take_in(sessions, file)
        return len(files) == _MOST

    return step


def _take_in(sessions: sessionmaker[Session], file: Path) -> None:
    try:
        before = file.stat()
        answer = read_answer(file)
    except FileNotFoundError:
        return  # another worker has taken it
    except ValueError:
        log.error("an answer to the survey cannot be read: %s is set aside", file.name)
        file.rename(file.with_suffix(".bad"))
        return
    with sessions.begin() as session:
        asked_at = cti.record_survey(session, answer.contact_id, answer.asked_at, answer.score, answer.answered_at)
        recordings.mark(session, answer.contact_id, asked_at, "survey")
    try:
        after = file.stat()
        if (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns):
            file.unlink()  # a newer one took its name in between and is read next time
    except FileNotFoundError:
        pass


def read_answer(file: Path) -> Answer:
    """What a file says.  Raises ValueError for anything the voice menu would not have written."""
    try:
        said = json.loads(file.read_text("utf-8"))
        answered_at = said["answered_at"]
        answer = Answer(
            file.stem,
            datetime.fromisoformat(said["asked_at"]),
            said["score"],
            None if answered_at is None else datetime.fromisoformat(answered_at),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("not an answer") from error
    moments = [answer.asked_at, answer.answered_at or answer.asked_at]
    valid = answer.score is None or answer.score in (1, 2, 3, 4, 5)
    if not recordings.is_contact_id(answer.contact_id) or not valid or any(one.tzinfo is None for one in moments):
        raise ValueError("not an answer")
    return answer
