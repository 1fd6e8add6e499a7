"""Calibration: two or more reviewers judge the same recording blind; then their differences are shown.  And results
of agents over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from recordings import reviews
from recordings.reviews import ReviewRefused, ReviewView
from recordings.scorecard import Scorecard
from recordings.spool import ID
from recordings.tables_replay import Calibration, Review


@dataclass(frozen=True, slots=True)
class Difference:
    """A point on which reviewers do not agree: reviewer → points given (instant-fail points: 1 met, 0 not)."""

    point: str
    given: dict[str, int]


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """A calibration as one person may see it."""

    calibration_id: str
    recording_id: str
    asked_by: str
    asked_at: datetime
    reviewers: tuple[str, ...]
    finished: tuple[str, ...]
    """Who has judged already."""
    reviews: tuple[ReviewView, ...]
    """All of them once everybody has finished; before that, only the person's own."""
    differences: tuple[Difference, ...] | None
    """None until everybody has finished."""
    spread: float | None
    """Highest score minus lowest."""


def start_calibration(
    session: Session,
    form: Scorecard,
    calibration_id: str,
    recording_id: str,
    person: str,
    reviewers: Sequence[str],
    now: datetime,
    *,
    agent_id: str | None = None,
) -> str:
    """Gives the same recording to two or more reviewers; returns the calibration's id.  Under a ``calibration_id`` that
    is there already nothing is done again.

    Raises ReviewRefused ("two_reviewers" when there are fewer).
    """
    people = sorted(set(reviewers))
    if len(people) < 2:
        raise ReviewRefused("two_reviewers")
    if not ID.fullmatch(recording_id):
        raise ReviewRefused("not_found")
    if session.get(Calibration, calibration_id) is not None:
        return calibration_id
    row = Calibration(calibration_id=calibration_id, recording_id=recording_id, asked_by=person, asked_at=now)
    with session.begin_nested():
        session.add(row)
    for reviewer in people:
        reviews.claim(session, form, recording_id, reviewer, now, agent_id=agent_id, calibration_id=row.calibration_id)
    return row.calibration_id


def get_calibration(session: Session, calibration_id: str, person: str) -> CalibrationView | None:
    """One calibration as ``person`` may see it; None when there is no such one."""
    row = session.get(Calibration, calibration_id) if ID.fullmatch(calibration_id) else None
    return None if row is None else _view(session, row, person)


def list_calibrations(session: Session, person: str, offset: int = 0, limit: int = 50) -> list[CalibrationView]:
    """All calibrations, newest first, as ``person`` may see them."""
    newest = select(Calibration).order_by(Calibration.asked_at.desc(), Calibration.calibration_id)
    return [_view(session, row, person) for row in session.scalars(newest.offset(offset).limit(limit))]


def _view(session: Session, row: Calibration, person: str) -> CalibrationView:
    found = session.scalars(
        select(Review).where(Review.calibration_id == row.calibration_id).order_by(Review.reviewer)
    ).all()
    over = all(one.state == "done" for one in found)
    seen = [reviews.view_of(session, one) for one in found if over or one.reviewer == person]
    scores = [one.score for one in seen if one.score is not None]
    return CalibrationView(
        calibration_id=row.calibration_id,
        recording_id=row.recording_id,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        reviewers=tuple(one.reviewer for one in found),
        finished=tuple(one.reviewer for one in found if one.state == "done"),
        reviews=tuple(seen),
        differences=tuple(differences(seen)) if over else None,
        spread=round(max(scores) - min(scores), 1) if over and scores else None,
    )


def differences(judged: Sequence[ReviewView]) -> list[Difference]:
    """The points on which these reviews do not agree, instant-fail points included."""
    points = sorted({point for one in judged for point in one.points})
    failed = sorted({point for one in judged for point in one.failed})
    given = [(point, {one.reviewer: one.points.get(point, 0) for one in judged}) for point in points]
    given += [(point, {one.reviewer: int(point in one.failed) for one in judged}) for point in failed]
    return [Difference(point, scores) for point, scores in given if len(set(scores.values())) > 1]


@dataclass(frozen=True, slots=True)
class WeekOfAgent:
    """What was judged of one agent in the week that begins on ``week`` (a Monday of the office's calendar)."""

    agent_id: str
    week: date
    reviews: int
    mean_score: float
    failed: int
    """How many did not pass."""


def results(session: Session, since: datetime, until: datetime, zone: ZoneInfo) -> list[WeekOfAgent]:
    """Results of finished reviews by agent and week, in order; calibrations do not count."""
    rows = session.execute(
        select(Review.agent_id, Review.done_at, Review.score, Review.passed).where(
            Review.state == "done",
            Review.calibration_id.is_(None),
            Review.done_at >= since,
            Review.done_at < until,
        )
    )
    weeks: dict[tuple[str, date], list[tuple[float, bool]]] = defaultdict(list)
    for agent_id, done_at, reached, passed in rows:
        if done_at is None or reached is None:
            continue
        day = done_at.astimezone(zone).date()
        weeks[agent_id, day - timedelta(days=day.weekday())].append((reached, bool(passed)))
    return [
        WeekOfAgent(
            agent_id,
            week,
            len(given),
            round(sum(reached for reached, _ in given) / len(given), 1),
            sum(not passed for _, passed in given),
        )
        for (agent_id, week), given in sorted(weeks.items())
    ]
