"""What callers said of their calls by key, bound to the call and through it to the agent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cti.tables import CallRow
from cti.tables_survey import SurveyRow

SCORES = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Survey:
    """What one caller answered."""

    contact_id: str
    asked_at: datetime
    score: int | None
    """1 to 5; None: asked, and not answered."""
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class AgentSurvey:
    """What callers said of one agent."""

    agent_id: str
    asked: int
    answered: int
    average: float | None
    """Of the answers; None without any."""
    scores: tuple[int, int, int, int, int]
    """How often 1, 2, 3, 4 and 5 were given."""


def record_survey(
    session: Session, contact_id: str, asked_at: datetime, score: int | None, answered_at: datetime | None
) -> datetime:
    """Notes that a caller was asked, and what was answered; returns when that was.  Told again, the first stands.

    The talk of the call ends with the question; its own end may be recorded before or after.  ValueError for a score
    that no key gives.
    """
    if score is not None and score not in SCORES:
        raise ValueError("a score is 1 to 5")
    row = session.get(SurveyRow, contact_id)
    if row is None:
        row = SurveyRow(contact_id=contact_id, asked_at=asked_at)
        session.add(row)
    if row.score is None and score is not None:
        row.score, row.answered_at = score, answered_at
    call = session.get(CallRow, contact_id)
    if call is not None:
        end_talk(call, row)
    session.flush()
    return row.asked_at


def talk_ends_with_survey(session: Session, call: CallRow) -> None:
    """The call has ended: what came after the question was not talk with the agent."""
    row = session.get(SurveyRow, call.contact_id)
    if row is not None:
        end_talk(call, row)


def end_talk(call: CallRow, row: SurveyRow) -> None:
    """Cuts the talk of an ended call at the question."""
    if call.ended_at is not None and call.answered_at is not None:
        call.talk_seconds = max(0.0, (min(call.ended_at, row.asked_at) - call.answered_at).total_seconds())


def surveys_of(session: Session, contact_ids: Sequence[str]) -> dict[str, Survey]:
    """What the callers of these contacts answered; contacts that were not asked are absent."""
    rows = session.scalars(select(SurveyRow).where(SurveyRow.contact_id.in_(contact_ids)))
    return {row.contact_id: Survey(row.contact_id, row.asked_at, row.score, row.answered_at) for row in rows}


def survey_by_agent(session: Session, since: datetime, until: datetime) -> list[AgentSurvey]:
    """The results of each agent for callers asked from ``since`` up to, not including, ``until``."""
    agent = func.coalesce(CallRow.agent_id, "")
    rows = session.execute(
        select(agent, SurveyRow.score, func.count())
        .join(CallRow, CallRow.contact_id == SurveyRow.contact_id)
        .where(SurveyRow.asked_at >= since, SurveyRow.asked_at < until)
        .group_by(agent, SurveyRow.score)
    ).all()
    counts: dict[str, dict[int | None, int]] = {}
    for agent_id, score, count in rows:
        counts.setdefault(agent_id, {})[score] = count
    return [_results(agent_id, found) for agent_id, found in sorted(counts.items())]


def _results(agent_id: str, counts: dict[int | None, int]) -> AgentSurvey:
    given = [counts.get(score, 0) for score in SCORES]
    answered = sum(given)
    total = sum(score * count for score, count in zip(SCORES, given, strict=True))
    average = round(total / answered, 2) if answered else None
    one, two, three, four, five = given
    return AgentSurvey(agent_id, sum(counts.values()), answered, average, (one, two, three, four, five))
