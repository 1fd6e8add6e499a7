"""Judging recordings: a reviewer claims one, fills in the scorecard, and the result stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from recordings import scorecard
from recordings.contacts import kept_from, note_of
from recordings.scorecard import BadAnswers, Scorecard
from recordings.spool import ID
from recordings.tables import ContactNote, Recording, new_id
from recordings.tables_replay import Review, ScorecardForm


class ReviewRefused(Exception):
    """``code``: not_found, not_ready, no_agent, not_of_agent, own_call, claimed, not_yours, not_open, conflict,
    bad_answers, confidential."""

    def __init__(self, code: str, **detail: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One scorecard as a page shows it."""

    review_id: str
    recording_id: str
    contact_id: str
    calibration_id: str | None
    agent_id: str
    reviewer: str
    state: str
    version: int
    claimed_at: datetime
    done_at: datetime | None
    points: dict[str, int]
    failed: tuple[str, ...]
    comment: str
    score: float | None
    passed: bool | None
    form_digest: str


def claim(
    session: Session,
    form: Scorecard,
    recording_id: str,
    person: str,
    now: datetime,
    *,
    agent_id: str | None = None,
    own_agent: str | None = None,
    calibration_id: str | None = None,
) -> str:
    """``person`` takes a recording to judge; returns the review's id, the same again for one already claimed.

    ``agent_id``: whose work is judged; may be left out where only one agent spoke.  ``own_agent``: the agent's place
    of the reviewer, whose own calls are for others to judge.  Raises ReviewRefused ("claimed" when somebody else has
    it).
    """
    row = session.get(Recording, recording_id) if ID.fullmatch(recording_id) else None
    if row is None:
        raise ReviewRefused("not_found")
    if row.state != "ready":
        raise ReviewRefused("not_ready")
    note = note_of(session, row.contact_id)
    agent = _judged(note, agent_id)
    if agent == own_agent:
        raise ReviewRefused("own_call")
    if kept_from(session, row.contact_id, person):
        raise ReviewRefused("confidential")
    before = _under_way(session, recording_id, calibration_id, person)
    if before is not None:
        if before.reviewer != person:
            raise ReviewRefused("claimed", by=before.reviewer)
        return before.review_id
    _keep_form(session, form, now)
    review = Review(
        review_id=new_id(),
        recording_id=recording_id,
        calibration_id=calibration_id,
        agent_id=agent,
        reviewer=person,
        form=form.digest,
        claimed_at=now,
        points={},
        failed=[],
    )
    try:
        with session.begin_nested():
            session.add(review)
    except IntegrityError as error:  # somebody else was quicker by a moment
        raise ReviewRefused("claimed") from error
    return review.review_id


def save(
    session: Session,
    review_id: str,
    person: str,
    version: int,
    points: Mapping[str, int],
    failed: Sequence[str],
    comment: str,
    now: datetime,
    *,
    done: bool,
) -> ReviewView:
    """Stores a form as far as it is filled in; ``done``: for good.  Raises ReviewRefused."""
    review = _open_one(session, review_id, person)
    if review.version != version:
        raise ReviewRefused("conflict", version=review.version)
    form = form_of(session, review.form)
    try:
        scorecard.check_answers(form, points, failed, whole=done)
    except BadAnswers as error:
        raise ReviewRefused("bad_answers", where=error.where) from error
    review.points, review.failed, review.comment = dict(points), sorted(set(failed)), comment
    review.version += 1
    if done:
        result = scorecard.score(form, points, failed)
        review.state, review.done_at = "done", now
        review.score, review.passed = result.score, result.passed
    session.flush()
    return view_of(session, review)


def release(session: Session, review_id: str, person: str) -> None:
    """Gives a claimed recording back for others.  Raises ReviewRefused."""
    review = _open_one(session, review_id, person)
    if review.calibration_id is not None:
        raise ReviewRefused("not_open")
    review.state = "released"
    session.flush()


def get_review(session: Session, review_id: str, person: str) -> ReviewView | None:
    """One review.  While a calibration is open everybody sees only the own one: they judge blind."""
    review = session.get(Review, review_id) if ID.fullmatch(review_id) else None
    if review is None or (review.reviewer != person and blind(session, review, person)):
        return None
    return view_of(session, review)


def blind(session: Session, review: Review, person: str) -> bool:
    """Whether this review must not be seen by ``person`` yet: a calibration is open until all have finished."""
    if review.calibration_id is None or review.reviewer == person:
        return False
    open_ones = select(Review.review_id).where(Review.calibration_id == review.calibration_id, Review.state != "done")
    return session.scalars(open_ones.limit(1)).first() is not None


def list_reviews(
    session: Session,
    *,
    reviewer: str | None = None,
    agent_id: str | None = None,
    recording_id: str | None = None,
    state: str | None = None,
    offset: int = 0,
    limit: int = 100,
) -> list[ReviewView]:
    """Reviews outside calibrations, newest first."""
    query = select(Review).where(Review.calibration_id.is_(None), Review.state != "released")
    for column, value in (
        (Review.reviewer, reviewer),
        (Review.agent_id, agent_id),
        (Review.recording_id, recording_id),
        (Review.state, state),
    ):
        if value is not None:
            query = query.where(column == value)
    newest = query.order_by(Review.claimed_at.desc(), Review.review_id).offset(offset).limit(limit)
    return [view_of(session, one) for one in session.scalars(newest)]


def form_of(session: Session, digest: str) -> Scorecard:
    """The form by which a review was made."""
    return Scorecard.model_validate(session.get_one(ScorecardForm, digest).form)


def _judged(note: ContactNote | None, agent_id: str | None) -> str:
    spoke = note.agent_ids if note is not None else []
    if agent_id is not None:
        if agent_id not in spoke:
            raise ReviewRefused("not_of_agent")
        return agent_id
    if len(spoke) != 1:
        raise ReviewRefused("no_agent", agents=list(spoke))
    return spoke[0]


def _under_way(session: Session, recording_id: str, calibration_id: str | None, person: str) -> Review | None:
    query = select(Review).where(Review.recording_id == recording_id, Review.state != "released")
    if calibration_id is None:
        return session.scalars(query.where(Review.calibration_id.is_(None)).limit(1)).first()
    mine = query.where(Review.calibration_id == calibration_id, Review.reviewer == person)
    return session.scalars(mine.limit(1)).first()


def _keep_form(session: Session, form: Scorecard, now: datetime) -> None:
    if session.get(ScorecardForm, form.digest) is None:
        try:
            with session.begin_nested():
                session.add(
                    ScorecardForm(
                        digest=form.digest,
                        version=form.version,
                        form=form.model_dump(mode="json"),
                        first_used_at=now,
                    )
                )
        except IntegrityError:
            return  # kept by somebody else a moment ago


def _open_one(session: Session, review_id: str, person: str) -> Review:
    found = select(Review).where(Review.review_id == review_id).with_for_update()
    review = session.scalars(found).one_or_none() if ID.fullmatch(review_id) else None
    if review is None:
        raise ReviewRefused("not_found")
    if review.reviewer != person:
        raise ReviewRefused("not_yours")
    if review.state != "claimed":
        raise ReviewRefused("not_open")
    return review


def view_of(session: Session, review: Review) -> ReviewView:
    """A review as it is shown; whoever asks has looked at :func:`blind`."""
    recording = session.get(Recording, review.recording_id)
    return ReviewView(
        review_id=review.review_id,
        recording_id=review.recording_id,
        contact_id=recording.contact_id if recording else "",
        calibration_id=review.calibration_id,
        agent_id=review.agent_id,
        reviewer=review.reviewer,
        state=review.state,
        version=review.version,
        claimed_at=review.claimed_at,
        done_at=review.done_at,
        points=dict(review.points),
        failed=tuple(review.failed),
        comment=review.comment,
        score=review.score,
        passed=review.passed,
        form_digest=review.form,
    )
