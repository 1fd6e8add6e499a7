"""Reports of one's own: figures by rows that the reader chooses, seen, kept under a name, taken out as a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

import ticketing
from agent_desktop.access import StatisticsReader, TheDoors, Visitor
from agent_desktop.api.indicators import FILE, RateOut, Since, Until, period_asked, rate_out
from agent_desktop.api.tickets import TicketPage, names_of, refused, shown, viewer_of
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.saved_reports import MOST, Conflict, Wish, change, drop, keep, kept
from agent_desktop.tables import SavedReportRow
from agent_desktop.texts import Cursor, Id, Key, Limit, Line, Version, own_id
from ticketing.exchange import FORMATS, written

router = APIRouter(tags=["reports"])

LINES_MOST = 2_000
"""Lines on a page; a sheet has them all."""

Rows = Annotated[
    list[ticketing.Dimension], Query(min_length=1, max_length=3, description="What the lines are by; no two alike.")
]
Code = Annotated[Id, Query(description="`registered`, or an indicator.")]
PeriodKind = Literal["day", "noon_day", "week", "month", "assessed_month"]


class ReportLineOut(BaseModel):
    """What the tickets that share these values come to."""

    values: list[str] = Field(description="In the order of the rows asked for; empty where a ticket has none.")
    rates: dict[str, RateOut] = Field(description="By figure; `registered` counts what came in.")


class ReportAnswer(BaseModel):
    """A report's lines."""

    figures: list[str] = Field(description="Every figure there is, in the order in which they are shown.")
    lines: list[ReportLineOut]
    cut: bool = Field(description="Whether there are more lines than a page holds; a sheet has them all.")


class ReportIn(BaseModel):
    """A report as it is kept."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(min_length=1, max_length=60, pattern=r"\S")]
    shared: bool = Field(default=False, description="Whether everybody who reads statistics sees it.")
    period: PeriodKind = "month"
    rows: Annotated[list[ticketing.Dimension], Field(min_length=1, max_length=3)]
    figures: Annotated[list[Id], Field(min_length=1, max_length=8)]


class ReportChange(ReportIn):
    """A report as it shall be, and the version it was made from."""

    version: Version


class ReportOut(ReportIn):
    """The same with its id and version, and whose it is."""

    report_id: str
    version: int
    own: bool = Field(description="Only whoever made it changes it.")
    by_name: str


class ReportPage(BaseModel):
    """Reports by name."""

    reports: list[ReportOut]
    next_cursor: str | None


@router.get(
    "/reports/lines", response_model=ReportAnswer, responses=responses("not_logged_in", "forbidden", "invalid_request")
)
def lines(visitor: StatisticsReader, doors: TheDoors, since: Since, until: Until, row: Rows) -> ReportAnswer:
    """The figures of [since, until) by these rows, over the tickets that the visitor may count."""
    with doors.read() as session:
        found, decimals = _report(session, doors, visitor, since, until, row)
    by_values: dict[tuple[str, ...], dict[str, RateOut]] = {}
    for one in found:
        by_values.setdefault(one.values, {})[one.code] = rate_out(one.rate, decimals)
    all_lines = [ReportLineOut(values=list(values), rates=rates) for values, rates in sorted(by_values.items())]
    figures = [ticketing.REGISTERED, *ticketing.INDICATORS]
    return ReportAnswer(figures=figures, lines=all_lines[:LINES_MOST], cut=len(all_lines) > LINES_MOST)


@router.get(
    "/reports/lines/tickets",
    response_model=TicketPage,
    responses=responses("not_logged_in", "forbidden", "invalid_request", "not_found"),
)
def tickets(
    visitor: StatisticsReader,
    doors: TheDoors,
    since: Since,
    until: Until,
    row: Rows,
    value: Annotated[list[Annotated[Line, Field(max_length=100)]], Query(max_length=3, description="One a row.")],
    code: Code = ticketing.REGISTERED,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> TicketPage:
    """The tickets behind one figure of a line, newest first, as far as the visitor may see them."""
    if len(set(row)) != len(row) or len(value) != len(row):
        raise DeskError("invalid_request", field="value")
    with doors.read() as session:
        asked, office = period_asked(doors, since, until), doors.office(session)
        viewer = viewer_of(session, doors, visitor)
        where = dict(zip(row, value, strict=True))
        found = ticketing.reported_tickets(session, office, viewer, asked, code, where, cursor, limit)
        if isinstance(found, ticketing.Refused):
            raise refused(found)
        return TicketPage(tickets=shown(session, found.tickets, visitor), next_cursor=found.next_cursor)


@router.get(
    "/exports/report.{form}",
    response_class=StreamingResponse,
    responses=responses("not_logged_in", "forbidden", "invalid_request") | FILE,
)
def export(
    form: Literal["csv", "xlsx"],
    visitor: StatisticsReader,
    doors: TheDoors,
    since: Since,
    until: Until,
    row: Rows,
    code: Annotated[list[Id], Query(max_length=30, description="Only these figures; none: all.")] = [],  # noqa: B006
) -> StreamingResponse:
    """The same as a sheet: a line for each figure of these tickets."""
    with doors.read() as session:
        found, decimals = _report(session, doors, visitor, since, until, row)
    sheet = (
        {
            **dict(zip(row, one.values, strict=True)),
            "indicator": one.code,
            "numerator": float(one.rate.numerator),
            "denominator": one.rate.denominator,
            "percent": float(one.rate.shown(decimals)),
        }
        for one in found
        if not code or one.code in code
    )
    columns = (*row, "indicator", "numerator", "denominator", "percent")
    headers = {"content-disposition": f'attachment; filename="report.{form}"'}
    return StreamingResponse(written(form, columns, sheet), media_type=FORMATS[form], headers=headers)


@router.get("/reports", response_model=ReportPage, responses=responses("not_logged_in", "forbidden"))
def saved(visitor: StatisticsReader, doors: TheDoors, cursor: Cursor | None = None, limit: Limit = 50) -> ReportPage:
    """The visitor's own reports and those shared with everybody, by name."""
    with doors.read() as session:
        found = kept(session, visitor.user.user_id, cursor, limit)
        names = names_of(session, {one.owner for one in found.reports})
        shown_now = [_out(one, visitor, names) for one in found.reports]
        return ReportPage(reports=shown_now, next_cursor=found.next_cursor)


@router.post(
    "/reports", response_model=ReportOut, responses=responses("not_logged_in", "forbidden", "csrf", "too_many_reports")
)
def add(report: ReportIn, idempotency_key: Key, visitor: StatisticsReader, doors: TheDoors) -> ReportOut:
    """Keeps a report under a name.  The same key sent again answers with the same report."""
    user = visitor.user.user_id
    with doors.write.begin() as session:
        row = keep(session, own_id(user, "report", idempotency_key), user, _wish(report), doors.now())
        if row is None:
            raise DeskError("too_many_reports", most=MOST)
        return _out(row, visitor, names_of(session, {user}))


@router.put(
    "/reports/{report_id}",
    response_model=ReportOut,
    responses=responses("not_logged_in", "forbidden", "csrf", "not_found", "report_conflict"),
)
def alter(report_id: Id, report: ReportChange, visitor: StatisticsReader, doors: TheDoors) -> ReportOut:
    """Changes one's own report if nobody did since ``version``; else 409 with ``current``."""
    user = visitor.user.user_id
    with doors.write.begin() as session:
        found = change(session, report_id, user, _wish(report), report.version, doors.now())
        names = names_of(session, {user})
        if found is None:
            raise DeskError("not_found")
        if isinstance(found, Conflict):
            raise DeskError("report_conflict", current=_out(found.current, visitor, names).model_dump(mode="json"))
        return _out(found, visitor, names)


@router.delete(
    "/reports/{report_id}", status_code=204, responses=responses("not_logged_in", "forbidden", "csrf", "not_found")
)
def remove(report_id: Id, visitor: StatisticsReader, doors: TheDoors) -> None:
    """Takes one's own report away."""
    with doors.write.begin() as session:
        if not drop(session, report_id, visitor.user.user_id):
            raise DeskError("not_found")


def _report(
    session: Session, doors: Doors, visitor: Visitor, since: Any, until: Any, row: Sequence[ticketing.Dimension]
) -> tuple[list[ticketing.ReportLine], int]:
    if len(set(row)) != len(row):
        raise DeskError("invalid_request", field="row")
    asked, office = period_asked(doors, since, until), doors.office(session)
    found = list(ticketing.report(session, office, viewer_of(session, doors, visitor), asked, row))
    return found, office.version_of("", until).rules.counting.percent_decimals


def _wish(report: ReportIn) -> Wish:
    if len(set(report.rows)) != len(report.rows):
        raise DeskError("invalid_request", field="rows")
    known = {ticketing.REGISTERED, *ticketing.INDICATORS}
    if not known.issuperset(report.figures):
        raise DeskError("invalid_request", field="figures")
    return Wish(report.name.strip(), report.shared, report.period, list(report.rows), list(report.figures))


def _out(row: SavedReportRow, visitor: Visitor, names: dict[str, str]) -> ReportOut:
    return ReportOut(
        report_id=row.report_id,
        name=row.name,
        shared=row.shared,
        period=row.period,  # type: ignore[arg-type]
        rows=row.rows,  # type: ignore[arg-type]
        figures=row.figures,
        version=row.version,
        own=row.owner == visitor.user.user_id,
        by_name=names.get(row.owner, ""),
    )
