"""Quality checks: the scorecard, claiming and judging recordings, calibration, results over time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

import recordings
from agent_desktop.access import Reviewer, TheDoors, Visitor
from agent_desktop.accounts import list_users
from agent_desktop.cards import agent_names
from agent_desktop.errors import DeskError, responses
from agent_desktop.ledger import kept_voice
from agent_desktop.paging import Position, after
from agent_desktop.texts import Id, Limit, Line, Version

from .tickets import names_of

router = APIRouter(prefix="/quality", tags=["quality"])

COMMON = ("not_logged_in", "forbidden", "not_found", "confidential", "review_refused")
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class PointOut(BaseModel):
    id: str
    zh: str
    en: str
    most: int
    finding: Literal["forbidden", "opening", "closing"] | None


class SectionOut(BaseModel):
    id: str
    zh: str
    en: str
    points: list[PointOut]


class FatalOut(BaseModel):
    id: str
    zh: str
    en: str


class FormOut(BaseModel):
    """A version of the scorecard."""

    version: str
    digest: str
    pass_mark: int
    sections: list[SectionOut]
    fatal: list[FatalOut]


class FindingOut(BaseModel):
    """What the transcript says: a forbidden phrase and where it was said, or whether a courtesy was there."""

    kind: Literal["forbidden", "opening", "closing"]
    present: bool
    phrase: str | None
    start: float | None
    text: str | None


class ReviewOut(BaseModel):
    """One scorecard."""

    review_id: str
    recording_id: str
    contact_id: str
    calibration_id: str | None
    agent_id: str
    agent_name: str
    reviewer: str
    reviewer_name: str
    mine: bool
    state: str = Field(description="claimed, done or released")
    version: int
    claimed_at: datetime
    done_at: datetime | None
    points: dict[str, int]
    failed: list[str]
    comment: str
    score: float | None
    passed: bool | None


class ReviewAnswer(BaseModel):
    """A scorecard with the form it is made with and what the transcript finds."""

    review: ReviewOut
    form: FormOut
    findings: list[FindingOut]
    heard: bool = Field(description="False: there is no transcript, so nothing could be found.")


class ReviewsOut(BaseModel):
    reviews: list[ReviewOut]
    next_cursor: str | None


class ClaimIn(BaseModel):
    recording_id: Id
    agent_id: Id | None = Field(default=None, description="Needed where more than one agent spoke.")


class SaveIn(BaseModel):
    version: Version
    points: dict[Code, Annotated[int, Field(ge=0, le=100)]] = Field(max_length=200)
    failed: list[Code] = Field(default=[], max_length=100)
    comment: Annotated[Line, Field(max_length=4000)] = ""
    done: bool = False


class ReviewerOut(BaseModel):
    user_id: str
    name: str


class ReviewersOut(BaseModel):
    reviewers: list[ReviewerOut]


class WeekOut(BaseModel):
    """What was judged of an agent in the week that begins on ``week``."""

    agent_id: str
    agent_name: str
    week: date
    reviews: int
    mean_score: float
    failed: int


class ResultsOut(BaseModel):
    pass_mark: int
    weeks: list[WeekOut]


@router.get("/form", response_model=FormOut, responses=responses("not_logged_in", "forbidden"))
def form(_visitor: Reviewer, doors: TheDoors) -> FormOut:
    """The scorecard that new reviews are made with."""
    return form_shown(doors.archive.scorecard)


@router.get("/reviewers", response_model=ReviewersOut, responses=responses("not_logged_in", "forbidden"))
def reviewers(_visitor: Reviewer, doors: TheDoors) -> ReviewersOut:
    """Who may judge recordings."""
    rules = doors.config.house_rules
    with doors.read() as session:
        people = [one for one in list_users(session) if "recording.review" in rules.permissions(one.roles)]
    return ReviewersOut(reviewers=[ReviewerOut(user_id=one.user_id, name=one.display_name) for one in people])


@router.post("/reviews", response_model=ReviewAnswer, responses=responses(*COMMON))
def claim(asked: ClaimIn, visitor: Reviewer, doors: TheDoors) -> ReviewAnswer:
    """Takes a recording to judge; claiming one's own again gives it back as far as it is filled in."""
    try:
        with doors.write.begin() as session:
            review_id = recordings.claim_review(
                session,
                doors.archive.scorecard,
                asked.recording_id,
                visitor.user.user_id,
                doors.now(),
                agent_id=asked.agent_id,
                own_agent=visitor.user.agent_id,
            )
            return _answer(session, visitor, review_id)
    except recordings.ReviewRefused as error:
        if error.code == "confidential":
            raise kept_voice(doors, visitor.user.user_id, "review", asked.recording_id) from error
        raise refused(error) from error


@router.get("/reviews", response_model=ReviewsOut, responses=responses("not_logged_in", "forbidden"))
def reviews(
    visitor: Reviewer,
    doors: TheDoors,
    mine: bool = False,
    state: Literal["claimed", "done"] | None = None,
    agent: Id | None = None,
    recording: Id | None = None,
    start: Position = 0,
    limit: Limit = 100,
) -> ReviewsOut:
    """Reviews outside calibrations, newest first."""
    with doors.read() as session:
        found = recordings.list_reviews(
            session,
            reviewer=visitor.user.user_id if mine else None,
            agent_id=agent,
            recording_id=recording,
            state=state,
            offset=start,
            limit=limit + 1,
        )
        shown = reviews_shown(session, visitor, found[:limit])
        return ReviewsOut(reviews=shown, next_cursor=after(start, limit, found))


@router.get("/reviews/{review_id}", response_model=ReviewAnswer, responses=responses(*COMMON))
def review(review_id: Id, visitor: Reviewer, doors: TheDoors) -> ReviewAnswer:
    """One scorecard.  While a calibration is open, only one's own."""
    with doors.read() as session:
        return _answer(session, visitor, review_id)


@router.put("/reviews/{review_id}", response_model=ReviewAnswer, responses=responses(*COMMON))
def save(review_id: Id, asked: SaveIn, visitor: Reviewer, doors: TheDoors) -> ReviewAnswer:
    """Stores a scorecard as far as it is filled in; ``done``: for good."""
    try:
        with doors.write.begin() as session:
            recordings.save_review(
                session,
                review_id,
                visitor.user.user_id,
                asked.version,
                asked.points,
                asked.failed,
                asked.comment,
                doors.now(),
                done=asked.done,
            )
            return _answer(session, visitor, review_id)
    except recordings.ReviewRefused as error:
        raise refused(error) from error


@router.post("/reviews/{review_id}/release", status_code=204, response_class=Response, responses=responses(*COMMON))
def release(review_id: Id, visitor: Reviewer, doors: TheDoors) -> None:
    """Gives a claimed recording back for others."""
    try:
        with doors.write.begin() as session:
            recordings.release_review(session, review_id, visitor.user.user_id)
    except recordings.ReviewRefused as error:
        raise refused(error) from error


@router.get("/results", response_model=ResultsOut, responses=responses("not_logged_in", "forbidden"))
def results(_visitor: Reviewer, doors: TheDoors, weeks: Annotated[int, Query(ge=1, le=104)] = 13) -> ResultsOut:
    """Results of agents week by week."""
    now = doors.now()
    with doors.read() as session:
        found = recordings.results(
            session, now - timedelta(weeks=weeks), now + timedelta(seconds=1), doors.archive.zone
        )
        names = agent_names(session)
    return ResultsOut(
        pass_mark=doors.archive.scorecard.pass_mark,
        weeks=[
            WeekOut.model_validate(
                {
                    **{name: getattr(one, name) for name in one.__slots__},
                    "agent_name": names.get(one.agent_id, one.agent_id),
                }
            )
            for one in found
        ],
    )


def form_shown(card: recordings.Scorecard) -> FormOut:
    """A form as this API says it."""
    return FormOut.model_validate({**card.model_dump(mode="json"), "digest": card.digest})


def reviews_shown(session: Session, visitor: Visitor, found: list[recordings.ReviewView]) -> list[ReviewOut]:
    """Reviews as this API says them."""
    people, agents = names_of(session, {one.reviewer for one in found}), agent_names(session)
    me = visitor.user.user_id
    return [
        ReviewOut.model_validate(
            {
                **{name: getattr(one, name) for name in one.__slots__},
                "failed": list(one.failed),
                "agent_name": agents.get(one.agent_id, one.agent_id),
                "reviewer_name": people.get(one.reviewer, one.reviewer),
                "mine": one.reviewer == me,
            }
        )
        for one in found
    ]


def refused(error: recordings.ReviewRefused) -> DeskError:
    """A refusal of the recordings room as this API says it."""
    if error.code in ("not_found", "confidential"):
        return DeskError(error.code)
    return DeskError("review_refused", reason=error.code, **error.detail)


def _answer(session: Session, visitor: Visitor, review_id: str) -> ReviewAnswer:
    found = recordings.get_review(session, review_id, visitor.user.user_id)
    if found is None:
        raise DeskError("not_found")
    card = recordings.form_of(session, found.form_digest)
    said: dict[str, Any] = recordings.transcript(session, found.recording_id) or {"version": None, "segments": []}
    findings = recordings.find_phrases(
        card, recordings.mask_numbers(said["segments"]), recordings.judged_parts(session, found.recording_id)
    )
    return ReviewAnswer(
        review=reviews_shown(session, visitor, [found])[0],
        form=form_shown(card),
        findings=[FindingOut.model_validate(one, from_attributes=True) for one in findings],
        heard=said["version"] is not None,
    )
