"""Calibration: two or more reviewers judge the same recording without seeing each other's scores."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

import recordings
from agent_desktop.access import Reviewer, TheDoors, Visitor
from agent_desktop.accounts import list_users
from agent_desktop.errors import DeskError, responses
from agent_desktop.paging import Position, after
from agent_desktop.texts import Id, Key, Limit, own_id

from .quality import COMMON, FormOut, ReviewOut, form_shown, refused, reviews_shown
from .tickets import names_of

router = APIRouter(prefix="/quality/calibrations", tags=["quality"])


class CalibrateIn(BaseModel):
    recording_id: Id
    reviewers: list[Id] = Field(min_length=2, max_length=10)
    agent_id: Id | None = None


class DifferenceOut(BaseModel):
    """A point on which the reviewers do not agree: user id → points (instant-fail points: 1 met, 0 not)."""

    point: str
    given: dict[str, int]


class CalibrationOut(BaseModel):
    """A calibration as the person may see it: differences and others' scores once everybody has finished."""

    calibration_id: str
    recording_id: str
    asked_by_name: str
    asked_at: datetime
    reviewers: dict[str, str] = Field(description="User id → name.")
    finished: list[str]
    reviews: list[ReviewOut]
    differences: list[DifferenceOut] | None
    spread: float | None
    form: FormOut | None


class CalibrationsOut(BaseModel):
    calibrations: list[CalibrationOut]
    next_cursor: str | None


@router.post("", response_model=CalibrationOut, responses=responses(*COMMON))
def start(asked: CalibrateIn, idempotency_key: Key, visitor: Reviewer, doors: TheDoors) -> CalibrationOut:
    """Gives the same recording to several reviewers.  The same key sent again answers with the same calibration."""
    rules = doors.config.house_rules
    with doors.read() as session:
        able = {one.user_id for one in list_users(session) if "recording.review" in rules.permissions(one.roles)}
    strangers = sorted(set(asked.reviewers) - able)
    if strangers:
        raise DeskError("review_refused", reason="no_reviewer", who=strangers)
    try:
        with doors.write.begin() as session:
            made = recordings.start_calibration(
                session,
                doors.archive.scorecard,
                own_id(visitor.user.user_id, "calibration", asked.recording_id, idempotency_key),
                asked.recording_id,
                visitor.user.user_id,
                asked.reviewers,
                doors.now(),
                agent_id=asked.agent_id,
            )
            return _one(session, visitor, made)
    except recordings.ReviewRefused as error:
        raise refused(error) from error


@router.get("", response_model=CalibrationsOut, responses=responses("not_logged_in", "forbidden"))
def every(visitor: Reviewer, doors: TheDoors, start: Position = 0, limit: Limit = 50) -> CalibrationsOut:
    """Calibrations, newest first."""
    with doors.read() as session:
        found = recordings.list_calibrations(session, visitor.user.user_id, start, limit + 1)
        shown = [_shown(session, visitor, one) for one in found[:limit]]
        return CalibrationsOut(calibrations=shown, next_cursor=after(start, limit, found))


@router.get("/{calibration_id}", response_model=CalibrationOut, responses=responses(*COMMON))
def one(calibration_id: Id, visitor: Reviewer, doors: TheDoors) -> CalibrationOut:
    """One calibration."""
    with doors.read() as session:
        return _one(session, visitor, calibration_id)


def _one(session: Session, visitor: Visitor, calibration_id: str) -> CalibrationOut:
    found = recordings.get_calibration(session, calibration_id, visitor.user.user_id)
    if found is None:
        raise DeskError("not_found")
    return _shown(session, visitor, found)


def _shown(session: Session, visitor: Visitor, found: recordings.CalibrationView) -> CalibrationOut:
    names = names_of(session, {*found.reviewers, found.asked_by})
    form = recordings.form_of(session, found.reviews[0].form_digest) if found.reviews else None
    return CalibrationOut(
        calibration_id=found.calibration_id,
        recording_id=found.recording_id,
        asked_by_name=names.get(found.asked_by, found.asked_by),
        asked_at=found.asked_at,
        reviewers={one: names.get(one, one) for one in found.reviewers},
        finished=list(found.finished),
        reviews=reviews_shown(session, visitor, list(found.reviews)),
        differences=None
        if found.differences is None
        else [DifferenceOut(point=one.point, given=one.given) for one in found.differences],
        spread=found.spread,
        form=form_shown(form) if form else None,
    )
