"""Who may see what: every read and every command starts here, so that nothing has to remember to hide.

A ticket is kept from the unit complained about and everything below it, from the person complained about, and from
whoever declared an interest.  To them it does not exist: lists, counts and errors are as if it were missing.  Each
refusal, and each view of a protected ticket, is a line in the access ledger.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from ticketing import ledger
from ticketing.case import Actor
from ticketing.model import Viewer
from ticketing.office import SEES, Office
from ticketing.tables import TicketRow
from ticketing.tables_work import RecusalRow, WorkRow

FEW = 2_000
"""Works that are quickly looked through."""


def viewer_of(office: Office, actor: Actor) -> Viewer:
    """The actor as somebody who looks: with the units above and below, and with what the roles let see."""
    known = office.relations.above
    unit = actor.unit_id
    below = frozenset(one for one, line in known.items() if unit in line) if unit is not None else frozenset()
    sees = next((what for what in SEES if office.sees(actor, what)), "numbers")
    line = frozenset(known.get(unit, (unit,))) if unit is not None else frozenset()
    return Viewer(actor.user_id, actor.roles, unit, line, below | ({unit} if unit is not None else frozenset()), sees)


def visible(viewer: Viewer, few: bool = False) -> Select[TicketRow]:
    """All tickets this viewer may see: the start of every read.

    ``few`` says that the viewer's units have had little work: then it is quicker to start from that work.
    """
    return select(TicketRow).where(may_see(viewer, few))


def may_see(viewer: Viewer, few: bool = False) -> ColumnElement[bool]:
    """The condition under which a ticket exists for this viewer."""
    if viewer.sees == "numbers":
        return false()
    return and_(*_shared(viewer, few), ~hidden_from(viewer))


def has_few(session: Session, viewer: Viewer) -> bool:
    """Whether all the work the viewer's units ever had is quickly looked through."""
    if viewer.unit_id is None:
        return False
    works = select(WorkRow.unit_id).where(WorkRow.unit_id.in_(_units(viewer))).limit(FEW + 1)
    return (session.scalar(select(func.count()).select_from(works.subquery())) or 0) <= FEW


def counted(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which a ticket counts in this viewer's statistics: all that is not hidden from the person."""
    return and_(*(_shared(viewer) if viewer.sees != "numbers" else ()), ~hidden_from(viewer))


def hidden_from(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which a ticket is kept from this viewer."""
    accused = TicketRow.accused_person.is_not_distinct_from(viewer.user_id)
    if viewer.unit_id is not None:
        line = viewer.unit_line or frozenset({viewer.unit_id})
        accused = or_(accused, and_(TicketRow.accused_unit.is_not(None), TicketRow.accused_unit.in_(line)))
    involved = aliased(WorkRow)  # lead, assisting, and however far it was passed down
    at_work = and_(involved.ticket_id == TicketRow.ticket_id, involved.unit_id == RecusalRow.scope_id)
    works = exists().where(at_work).correlate(TicketRow, RecusalRow)
    own_line = or_(
        and_(RecusalRow.scope == "ticket", RecusalRow.scope_id == TicketRow.ticket_id),
        and_(RecusalRow.scope == "unit", or_(RecusalRow.scope_id == TicketRow.accused_unit, works)),
        and_(RecusalRow.scope == "caller", TicketRow.caller_key != "", RecusalRow.scope_id == TicketRow.caller_key),
    )
    recused = exists().where(RecusalRow.user_id == viewer.user_id, RecusalRow.ended_at.is_(None), own_line)
    return or_(accused, recused)


def is_protected(row: TicketRow) -> bool:
    """Whether looking at it is recorded."""
    return row.confidential or row.accused_unit is not None or row.accused_person is not None


def seen(session: Session, ticket_id: str, viewer: Viewer, now: datetime, how: str) -> TicketRow | None:
    """The row for somebody who wants to see or change it, or None; both outcomes go into the access ledger."""
    row = session.scalars(visible(viewer).where(TicketRow.ticket_id == ticket_id)).one_or_none()
    if row is not None:
        if is_protected(row):
            ledger.append(session, "access", ticket_id, "view", {"how": how}, by=viewer.user_id, now=now)
    elif session.scalar(select(TicketRow.ticket_id).where(TicketRow.ticket_id == ticket_id)) is not None:
        ledger.append(session, "access", ticket_id, "refuse", {"how": how}, by=viewer.user_id, now=now)
    return row


def note_refusal(session: Session, object_id: str, how: str, *, by: str, now: datetime) -> None:
    """Writes down that something beside the tickets was kept from somebody; ``object_id`` says what (``recording:…``),
    ``how`` what was tried."""
    ledger.append(session, "access", object_id, "refuse", {"how": how}, by=by, now=now)


def _shared(viewer: Viewer, few: bool = False) -> list[ColumnElement[bool]]:
    """A unit shares in what it or a unit below it works on; the office shares in everything."""
    if viewer.unit_id is None:
        return []
    units = _units(viewer)
    if few:
        return [TicketRow.ticket_id.in_(select(WorkRow.ticket_id).where(WorkRow.unit_id.in_(units)))]
    shared = aliased(WorkRow)  # the statement around it may be about works itself
    return [exists().where(shared.ticket_id == TicketRow.ticket_id, shared.unit_id.in_(units))]


def _units(viewer: Viewer) -> frozenset[str]:
    return viewer.units_below or frozenset({viewer.unit_id or ""})
