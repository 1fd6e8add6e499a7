"""What callers said of their calls: of one call, and of each agent."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

import cti
import recordings
from agent_desktop.access import CallReader, TheDoors
from agent_desktop.cards import agent_names
from agent_desktop.errors import DeskError, responses
from agent_desktop.texts import Id

router = APIRouter(prefix="/survey", tags=["survey"])

LONGEST = timedelta(days=400)
"""Between ``since`` and ``until``."""


class SurveyOut(BaseModel):
    """What one caller answered after a call."""

    contact_id: str
    asked_at: datetime
    score: int | None = Field(description="1 (very dissatisfied) to 5 (very satisfied); null: asked, not answered.")
    answered_at: datetime | None
    comment_recording_id: str | None = Field(description="What the caller said besides, where there is something.")


class SurveyAnswer(BaseModel):
    survey: SurveyOut | None = Field(description="null: the caller was not asked.")


class AgentSurveyOut(BaseModel):
    """What callers said of one agent."""

    agent_id: str
    agent_name: str | None
    asked: int
    answered: int
    average: float | None
    scores: list[int] = Field(description="How often 1, 2, 3, 4 and 5 were given.")


class AgentsAnswer(BaseModel):
    agents: list[AgentSurveyOut]


@router.get("/calls/{contact_id}", response_model=SurveyAnswer, responses=responses("not_logged_in", "forbidden"))
def of_call(contact_id: Id, _visitor: CallReader, doors: TheDoors) -> SurveyAnswer:
    """What the caller of one call answered."""
    with doors.read() as session:
        found = cti.surveys_of(session, [contact_id]).get(contact_id)
        if found is None:
            return SurveyAnswer(survey=None)
        said = [one for one in recordings.find_for_contact(session, contact_id) if one.kind == "survey"]
    ready = [one.recording_id for one in said if one.state == "ready"]
    return SurveyAnswer(
        survey=SurveyOut(
            contact_id=found.contact_id,
            asked_at=found.asked_at,
            score=found.score,
            answered_at=found.answered_at,
            comment_recording_id=ready[0] if ready else None,
        )
    )


@router.get("/agents", response_model=AgentsAnswer, responses=responses("not_logged_in", "forbidden"))
def by_agent(visitor: CallReader, doors: TheDoors, since: AwareDatetime, until: AwareDatetime) -> AgentsAnswer:
    """The results of each agent; without the right to watch over the floor only one's own."""
    if not since < until or until - since > LONGEST:
        raise DeskError("invalid_request", field="until")
    with doors.read() as session:
        found = cti.survey_by_agent(session, since, until)
        names = agent_names(session)
    if not visitor.may("floor.read"):
        found = [one for one in found if one.agent_id == visitor.user.agent_id]
    return AgentsAnswer(
        agents=[
            AgentSurveyOut(
                agent_id=one.agent_id,
                agent_name=names.get(one.agent_id),
                asked=one.asked,
                answered=one.answered,
                average=one.average,
                scores=list(one.scores),
            )
            for one in found
        ]
    )
