"""What the office and its units are measured by: rates, spans, points, and the tickets behind each figure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.orm import Session

import ticketing
from agent_desktop.access import StatisticsReader, TheDoors, Visitor
from agent_desktop.api.tickets import TicketPage, refused, shown, viewer_of
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.texts import Cursor, Id, Limit
from ticketing.exchange import FORMATS, written

router = APIRouter(tags=["indicators"])

LONGEST = timedelta(days=400)
"""Between ``since`` and ``until``."""

Since = Annotated[AwareDatetime, Query(description="The first moment that counts.")]
Until = Annotated[AwareDatetime, Query(description="The first moment that does not count any more.")]


class RateOut(BaseModel):
    """A share of tickets."""

    numerator: float = Field(description="A fraction where something counts partly.")
    denominator: int
    percent: float | None = Field(description="Rounded half up as the regulation says; null without a base.")


class SpansOut(BaseModel):
    """How long matters took that were closed in the period."""

    tickets: int
    mean_days: float | None = Field(description="Working days from acceptance to the final reply.")
    median_days: float | None
    mean_hours: float | None = Field(description="The same on the wall clock.")
    median_hours: float | None


class FiguresOut(BaseModel):
    """Figures of the office or of a unit."""

    rates: dict[str, RateOut]
    spans: SpansOut
    points: float | None = Field(description="By the regulation's curves; null where nothing could be measured.")
    place: int | None = Field(description="Among the units of its group.")


class UnitFiguresOut(FiguresOut):
    """Figures of a unit."""

    unit_id: str
    zh: str
    en: str
    group: str | None


class IndicatorOut(BaseModel):
    """An indicator and what is good about it."""

    code: str
    better: Literal["more", "less"]


class IndicatorsAnswer(BaseModel):
    """A period's figures; a unit's people get those of their own units."""

    indicators: list[IndicatorOut]
    not_regulated: list[str] = Field(description="Indicators whose weighing the regulation does not tell.")
    scored: bool = Field(description="Whether the regulation gives points.")
    office: FiguresOut
    units: list[UnitFiguresOut]


class PeriodOut(BaseModel):
    """A reporting period."""

    since: AwareDatetime
    until: AwareDatetime


@router.get(
    "/indicators/period", response_model=PeriodOut, responses=responses("not_logged_in", "forbidden", "invalid_request")
)
def period(
    kind: Literal["day", "noon_day", "week", "month", "assessed_month"],
    on: date,
    _visitor: StatisticsReader,
    doors: TheDoors,
) -> PeriodOut:
    """The reporting period around a day, in the city's time: noon to noon, and from the 19th to the 19th, as well."""
    if not 1950 <= on.year <= 2200:
        raise DeskError("invalid_request", field="on")
    with doors.read() as session:
        zone = ZoneInfo(doors.office(session).pack.versions[0].rules.counting.time_zone)
    since, until = ticketing.PERIODS[kind](on, zone)
    return PeriodOut(since=since, until=until)


@router.get(
    "/indicators", response_model=IndicatorsAnswer, responses=responses("not_logged_in", "forbidden", "invalid_request")
)
def figures(visitor: StatisticsReader, doors: TheDoors, since: Since, until: Until) -> IndicatorsAnswer:
    """Every indicator of [since, until), for the office and each unit, over the tickets that the visitor may count."""
    with doors.read() as session:
        return _figures(session, doors, visitor, since, until)


@router.get(
    "/indicators/{code}/tickets",
    response_model=TicketPage,
    responses=responses("not_logged_in", "forbidden", "invalid_request", "not_found"),
)
def tickets(
    code: Id,
    visitor: StatisticsReader,
    doors: TheDoors,
    since: Since,
    until: Until,
    unit: Annotated[Id | None, Query(description="None: the office's own figure.")] = None,
    counts: Annotated[bool | None, Query(description="Only those in the numerator, or only the others.")] = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> TicketPage:
    """The tickets behind a figure, newest first: those of them that the visitor may see, which may be none."""
    with doors.read() as session:
        asked = period_asked(doors, since, until)
        viewer = viewer_of(session, doors, visitor)
        office = doors.office(session)
        found = ticketing.measured_tickets(session, office, viewer, asked, code, unit, counts, cursor, limit)
        if isinstance(found, ticketing.Refused):
            raise refused(found)
        return TicketPage(tickets=shown(session, found.tickets, visitor), next_cursor=found.next_cursor)


FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {FORMATS[form].partition(";")[0]: {} for form in ("csv", "xlsx")}, "description": "The file."}
}


@router.get(
    "/exports/indicators.{form}",
    response_class=StreamingResponse,
    responses=responses("not_logged_in", "forbidden", "invalid_request") | FILE,
)
def export(
    form: Literal["csv", "xlsx"], visitor: StatisticsReader, doors: TheDoors, since: Since, until: Until
) -> StreamingResponse:
    """The figures as a sheet: a line an indicator, with numerator, denominator and percent of each unit."""
    with doors.read() as session:
        found = _figures(session, doors, visitor, since, until)
    columns = ("indicator", "unit", "numerator", "denominator", "percent")
    headers = {"content-disposition": f'attachment; filename="indicators.{form}"'}
    return StreamingResponse(written(form, columns, _lines(found)), media_type=FORMATS[form], headers=headers)


def _lines(found: IndicatorsAnswer) -> Iterator[dict[str, Any]]:
    for name, one in (("", found.office), *((unit.zh, unit) for unit in found.units)):
        for code, rate in one.rates.items():
            yield {"indicator": code, "unit": name, **rate.model_dump()}
        for span, value in one.spans.model_dump().items():
            yield {"indicator": span, "unit": name, "numerator": value, "denominator": "", "percent": ""}
        yield {"indicator": "points", "unit": name, "numerator": one.points, "denominator": "", "percent": ""}


def _figures(
    session: Session, doors: Doors, visitor: Visitor, since: AwareDatetime, until: AwareDatetime
) -> IndicatorsAnswer:
    asked, office = period_asked(doors, since, until), doors.office(session)
    found = ticketing.measure(session, office, viewer_of(session, doors, visitor), asked)
    units = [
        UnitFiguresOut(
            unit_id=unit.unit_id,
            zh=unit.zh,
            en=unit.en,
            group=unit.group,
            **_out(found.units[unit.unit_id], found.decimals),
        )
        for unit in office.dictionary.units
        if unit.unit_id in found.units
    ]
    better = {code: one.better for code, one in ticketing.INDICATORS.items()} | {ticketing.COMPOSITE: "more"}
    return IndicatorsAnswer(
        indicators=[IndicatorOut(code=code, better=better[code]) for code in found.office.rates],
        not_regulated=list(found.not_regulated),
        scored=any(unit.points is not None for unit in units),
        office=FiguresOut(**_out(found.office, found.decimals)),
        units=units,
    )


def _out(figures: ticketing.Figures, decimals: int) -> dict[str, Any]:
    points = figures.scored.points
    return {
        "rates": {code: rate_out(rate, decimals) for code, rate in figures.rates.items()},
        "spans": SpansOut.model_validate(figures.spans, from_attributes=True),
        "points": None if points is None else float(round(points, 2)),
        "place": figures.scored.place,
    }


def rate_out(rate: ticketing.Rate, decimals: int) -> RateOut:
    """A share as the page has it, rounded as the regulation says."""
    return RateOut(
        numerator=float(rate.numerator),
        denominator=rate.denominator,
        percent=None if rate.percent is None else float(rate.shown(decimals)),
    )


def period_asked(doors: Doors, since: AwareDatetime, until: AwareDatetime) -> ticketing.Period:
    """The period of a question; refuses one that is empty or too long."""
    if not since < until or until - since > LONGEST:
        raise DeskError("invalid_request", field="until")
    return ticketing.Period(since, until, doors.now())
