"""Whether a period's figures agree: each check with its two sums, and the tickets that make a difference."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

import ticketing
from agent_desktop.access import StatisticsReader, TheDoors
from agent_desktop.api.indicators import Since, Until, period_asked
from agent_desktop.api.tickets import TicketPage, refused, shown, viewer_of
from agent_desktop.errors import responses
from agent_desktop.texts import Cursor, Id, Limit

router = APIRouter(tags=["indicators"])


class CheckOut(BaseModel):
    """Two ways to count the same tickets."""

    code: str
    whole: int
    parts: int
    differing: int = Field(description="Tickets that stand on one side only.")
    balanced: bool


class StockOut(BaseModel):
    """Open matters at the beginning and at the end, by the history."""

    opening: int
    registered: int
    reopened: int
    closed: int
    closing: int
    balanced: bool = Field(description="opening + registered + reopened - closed = closing")


class BalanceAnswer(BaseModel):
    """A period's check, over the tickets that the visitor may count."""

    balanced: bool
    stock: StockOut
    checks: list[CheckOut]


@router.get(
    "/balance", response_model=BalanceAnswer, responses=responses("not_logged_in", "forbidden", "invalid_request")
)
def check(visitor: StatisticsReader, doors: TheDoors, since: Since, until: Until) -> BalanceAnswer:
    """Whether the figures of [since, until) agree: tickets with their history, parts with the whole."""
    with doors.read() as session:
        asked, viewer = period_asked(doors, since, until), viewer_of(session, doors, visitor)
        found = ticketing.check_balance(session, doors.office(session), viewer, asked)
    return BalanceAnswer(
        balanced=found.balanced,
        stock=StockOut.model_validate(found.stock, from_attributes=True),
        checks=[CheckOut.model_validate(one, from_attributes=True) for one in found.checks],
    )


@router.get(
    "/balance/{code}/tickets",
    response_model=TicketPage,
    responses=responses("not_logged_in", "forbidden", "invalid_request", "not_found"),
)
def tickets(
    code: Id,
    visitor: StatisticsReader,
    doors: TheDoors,
    since: Since,
    until: Until,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> TicketPage:
    """The tickets that stand on one side of a check only, as far as the visitor may see them, newest first."""
    with doors.read() as session:
        asked, viewer = period_asked(doors, since, until), viewer_of(session, doors, visitor)
        found = ticketing.unbalanced_tickets(session, doors.office(session), viewer, asked, code, cursor, limit)
        if isinstance(found, ticketing.Refused):
            raise refused(found)
        return TicketPage(tickets=shown(session, found.tickets, visitor), next_cursor=found.next_cursor)
