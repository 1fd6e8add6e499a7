"""Assessments of the units and what follows from them, and every duty of the office in one list."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

import ticketing
from agent_desktop.access import StatisticsReader, TheDoors, TicketReader, Visitor
from agent_desktop.api.indicators import RateOut, Since, Until, period_asked, rate_out
from agent_desktop.api.tickets import actor_of, names_of, refused, viewer_of
from agent_desktop.errors import DeskError, responses
from agent_desktop.paging import LineCursor
from agent_desktop.texts import Cursor, Id, Limit, Line

router = APIRouter(tags=["assessments"])

Campaign = Annotated[Line, Field(max_length=60)]


class OfficeDuty(BaseModel):
    """An act that follows from a threshold, a finding or an assessment."""

    duty_id: str
    act: str
    mandatory: bool = Field(description="False: offered, not demanded.")
    status: str = Field(description="`open`, `done` or `waived`.")
    unit_id: str | None
    ticket_id: str | None = Field(description="Null for what an assessment led to.")
    number: str | None
    title: str | None
    confirm: list[str] = Field(description="What a person must confirm first.")
    src: list[str]
    why: str
    created_at: datetime
    decided_at: datetime | None
    decided_by_name: str | None
    note: str | None


class OfficeDuties(BaseModel):
    """Duties: the oldest of the open first, others the newest first."""

    duties: list[OfficeDuty]
    next_cursor: str | None


class DecisionIn(BaseModel):
    """What became of it."""

    model_config = ConfigDict(extra="forbid")

    done: bool = Field(description="False: it is not done, for the reason given.")
    note: Annotated[Line, Field(max_length=500)] = ""


class AssessedMark(BaseModel):
    """A mark of the regulation."""

    group: str = Field(description="A group of units, or `all`.")
    indicator: str
    at_least: float
    min_tickets: int | None = Field(description="Units with fewer are not measured by it.")
    after: str | None = Field(description="It holds only after this campaign.")
    leads_to: list[str]
    src: list[str]


class UnitResultOut(BaseModel):
    """What a unit is measured by."""

    unit_id: str
    group: str | None
    tickets: int
    rates: dict[str, RateOut]


class ResultsAnswer(BaseModel):
    """A period as an assessment would find it; nothing is written down."""

    marks: list[AssessedMark]
    units: list[UnitResultOut]


class AssessedFinding(BaseModel):
    """What was found about a unit, and the acts it leads to."""

    unit: str
    why: str
    acts: list[str]


class AssessmentOut(BaseModel):
    """An assessment that was run."""

    assessment_id: int
    at: datetime
    by_name: str
    since: AwareDatetime
    until: AwareDatetime
    campaign: str | None
    findings: list[AssessedFinding]


class AssessmentPage(BaseModel):
    """Assessments, newest first."""

    assessments: list[AssessmentOut]
    next_cursor: int | None


class AssessmentIn(BaseModel):
    """Which period, and what the office adds to the figures."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime
    until: AwareDatetime
    campaign: Campaign | None = Field(default=None, description="The campaign that has just ended.")
    ranking: Annotated[list[Id], Field(max_length=500)] = Field(
        default=[], description="Units from best to worst by the office's own scores."
    )


@router.get("/duties", response_model=OfficeDuties, responses=responses("not_logged_in", "forbidden"))
def duties(
    visitor: TicketReader,
    doors: TheDoors,
    status: ticketing.DutyState = "open",
    unit: Id | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> OfficeDuties:
    """What the office must do, is offered to do, or has decided, over all tickets and assessments."""
    with doors.read() as session:
        viewer = viewer_of(session, doors, visitor)
        found = ticketing.list_duties(session, viewer, status=status, unit=unit, cursor=cursor, limit=limit)
        names = names_of(session, {one.decided_by for one in found.duties if one.decided_by})
        return OfficeDuties(duties=[_duty(one, names) for one in found.duties], next_cursor=found.next_cursor)


@router.post(
    "/duties/{duty_id}/decision",
    response_model=OfficeDuty,
    responses=responses("not_logged_in", "forbidden", "csrf", "not_found", "ticket_refused"),
)
def decide(duty_id: Id, decision: DecisionIn, visitor: TicketReader, doors: TheDoors) -> OfficeDuty:
    """Decides what an assessment led to.  A ticket's own duty is decided on its ticket."""
    with doors.write.begin() as session:
        office, actor = doors.office(session), actor_of(visitor)
        found = ticketing.decide_duty(session, office, actor, duty_id, decision.done, decision.note, doors.now())
        if isinstance(found, ticketing.Refused):
            raise refused(found)
        return _duty(found, names_of(session, {actor.user_id}))


@router.get(
    "/assessments/results",
    response_model=ResultsAnswer,
    responses=responses("not_logged_in", "forbidden", "invalid_request"),
)
def results(visitor: StatisticsReader, doors: TheDoors, since: Since, until: Until) -> ResultsAnswer:
    """What each unit of a period would be assessed by, and the regulation's marks; none where it has none."""
    with doors.read() as session:
        _office_only(visitor)
        period_asked(doors, since, until)
        office = doors.office(session)
        version = office.version_of("", until)
        rule, decimals = version.rules.assessment, version.rules.counting.percent_decimals
        found = ticketing.unit_results(session, office, since, until) if rule is not None else []
        marks = [_mark(one) for one in rule.thresholds] if rule is not None else []
        units = [_unit(one, decimals) for one in found if one.tickets > 0]
        return ResultsAnswer(marks=marks, units=units)


@router.get("/assessments", response_model=AssessmentPage, responses=responses("not_logged_in", "forbidden"))
def assessments(
    visitor: StatisticsReader,
    doors: TheDoors,
    cursor: LineCursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> AssessmentPage:
    """The assessments that were run, newest first."""
    with doors.read() as session:
        _office_only(visitor)
        viewer = viewer_of(session, doors, visitor)
        found = ticketing.read_ledgers(
            session, viewer, name="assessment", verb="assess", before=cursor, limit=limit + 1
        )
        names = names_of(session, {one.by for one in found})
        shown = [_assessment(one, names) for one in found[:limit]]
        return AssessmentPage(assessments=shown, next_cursor=shown[-1].assessment_id if len(found) > limit else None)


@router.post(
    "/assessments",
    response_model=AssessmentOut,
    responses=responses("not_logged_in", "forbidden", "csrf", "invalid_request", "ticket_refused"),
)
def run(wanted: AssessmentIn, visitor: StatisticsReader, doors: TheDoors) -> AssessmentOut:
    """Assesses all units over a period; what follows is written down once, however often the period is assessed.

    For whoever may carry out duties."""
    period_asked(doors, wanted.since, wanted.until)
    with doors.write.begin() as session:
        office, actor = doors.office(session), actor_of(visitor)
        if not office.may(actor, "carry_out_duty"):
            raise DeskError("forbidden", permission="carry_out_duty")
        known = {unit.unit_id for unit in office.dictionary.units}
        if not known.issuperset(wanted.ranking) or len(set(wanted.ranking)) != len(wanted.ranking):
            raise DeskError("invalid_request", field="ranking")
        found = ticketing.run_assessment(
            session,
            office,
            wanted.since,
            wanted.until,
            by=actor.user_id,
            now=doors.now(),
            campaign=(wanted.campaign or "").strip() or None,
            ranking=wanted.ranking,
        )
        if isinstance(found, ticketing.Refused):
            raise refused(found)
        [line] = ticketing.read_ledgers(
            session, viewer_of(session, doors, visitor), name="assessment", verb="assess", limit=1
        )
        return _assessment(line, names_of(session, {actor.user_id}))


def _office_only(visitor: Visitor) -> None:
    """How all units stand is the office's to see; a unit reads its own figures in the statistics."""
    if visitor.user.unit_id is not None:
        raise DeskError("forbidden", permission="statistics.read")


def _duty(one: ticketing.Duty, names: dict[str, str]) -> OfficeDuty:
    return OfficeDuty(
        duty_id=one.duty_id,
        act=one.act,
        mandatory=one.mandatory,
        status=one.status,
        unit_id=one.unit_id,
        ticket_id=one.ticket_id,
        number=one.number,
        title=one.title,
        confirm=list(one.confirm),
        src=list(one.src),
        why=one.why,
        created_at=one.created_at,
        decided_at=one.decided_at,
        decided_by_name=names.get(one.decided_by, one.decided_by) if one.decided_by else None,
        note=one.note,
    )


def _mark(one: Any) -> AssessedMark:
    return AssessedMark(
        group=one.group,
        indicator=one.indicator,
        at_least=one.at_least,
        min_tickets=one.min_tickets,
        after=one.after,
        leads_to=list(one.leads_to),
        src=list(one.src),
    )


def _unit(one: ticketing.UnitResult, decimals: int) -> UnitResultOut:
    rates = {name: rate_out(rate, decimals) for name, rate in one.rates.items()}
    return UnitResultOut(unit_id=one.unit_id, group=one.group, tickets=one.tickets, rates=rates)


def _assessment(line: ticketing.LedgerLine, names: dict[str, str]) -> AssessmentOut:
    body = line.body
    return AssessmentOut(
        assessment_id=line.entry_id,
        at=line.at,
        by_name=names.get(line.by, line.by),
        since=body["since"],
        until=body["until"],
        campaign=body["campaign"],
        findings=[AssessedFinding(unit=one["unit"], why=one["why"], acts=one["acts"]) for one in body["findings"]],
    )
