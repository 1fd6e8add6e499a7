"""One handler per command: load → step → save → history → outbox, inside the caller's transaction.

Expected refusals are values (:class:`~ticketing.model.Refused`, :class:`~ticketing.model.Conflict`); nothing is
written when one is returned.  A command with an idempotency key that was carried out before answers the same again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from ticketing import ledger, outbox
from ticketing.idempotency import carried_out, claim
from ticketing.model import (
    KINDS,
    TEXT_LIMITS,
    Conflict,
    CreateTicket,
    Refused,
    Ticket,
    UpdateTicket,
    check_text,
    storable,
)
from ticketing.numbers import next_number
from ticketing.store import locked_row, ticket_of
from ticketing.tables import TicketRow
from ticketing.workflow import Actor, find, step

AMENDABLE = (*TEXT_LIMITS, "kind", "confidential")
"""What an amendment may change."""

ZONE = ZoneInfo("Asia/Shanghai")
"""All of China keeps one time; the day in a ticket's number is this zone's."""


def create_ticket(
    session: Session, command: CreateTicket, now: datetime, roles: frozenset[str] = frozenset({"operator"})
) -> Ticket | Refused:
    """Registers a ticket and gives it its number."""
    said = asdict(command)
    refused = _check(said)
    if refused is not None:
        return refused
    earlier = carried_out(session, command.idempotency_key, said)
    if earlier is not None:
        return _again(session, earlier)
    values = {name: value for name, value in said.items() if name != "idempotency_key"}
    row = TicketRow(
        **values, ticket_id=str(uuid4()), number="", status="new", created_at=now, updated_at=now, version=1
    )
    stepped = step(ticket_of(row), "register", Actor(command.created_by, roles), said)
    if isinstance(stepped, Refused):
        return stepped
    if not claim(session, command.idempotency_key, said, row.ticket_id, now):
        return _again(session, carried_out(session, command.idempotency_key, said))
    row.status, row.number = stepped.status, next_number(session, now, ZONE)
    session.add(row)
    _record(session, row, "new", "register", command.created_by, {"number": row.number}, now)
    return ticket_of(row)


def update_ticket(
    session: Session, command: UpdateTicket, now: datetime, roles: frozenset[str] = frozenset({"operator"})
) -> Ticket | Conflict | Refused:
    """Changes what the ticket says, if nobody changed it since ``expected_version``."""
    said = asdict(command)
    refused = _check(command.changes, AMENDABLE)
    if refused is not None:
        return refused
    row = locked_row(session, command.ticket_id)
    if row is None:
        return Refused("not_found")
    earlier = carried_out(session, command.idempotency_key, said)
    if earlier is not None:
        return _again(session, earlier)
    if row.version != command.expected_version:
        return Conflict(ticket_of(row), command.changes)
    stepped = step(ticket_of(row), "amend", Actor(command.by, roles), {"changes": command.changes})
    if isinstance(stepped, Refused):
        return stepped
    claim(session, command.idempotency_key, said, row.ticket_id, now)
    changed = {
        name: [getattr(row, name), value] for name, value in command.changes.items() if getattr(row, name) != value
    }
    for name, (_before, after) in changed.items():
        setattr(row, name, after)
    row.version, row.updated_at = row.version + 1, now
    _record(session, row, row.status, "amend", command.by, {"changed": changed}, now)
    return ticket_of(row)


def _again(session: Session, earlier: str | Refused | None) -> Ticket | Refused:
    """The answer to a repeated command: the ticket as it stands now."""
    if isinstance(earlier, Refused):
        return earlier
    row = None if earlier is None else session.get(TicketRow, earlier)
    return Refused("not_found") if row is None else ticket_of(row)


def _record(
    session: Session, row: TicketRow, status: str, verb: str, by: str, body: Mapping[str, Any], now: datetime
) -> None:
    """History line and outbox events of a transition, in the same transaction as the change itself."""
    for event in _events(status, verb):
        about = {"ticket_id": row.ticket_id, "number": row.number, "status": row.status, "version": row.version}
        outbox.put(session, event, about, now)
    session.flush()
    ledger.append(session, "history", row.ticket_id, verb, body, by=by, now=now)


def _events(status: str, verb: str) -> tuple[str, ...]:
    transition = find(status, verb)
    return () if transition is None else transition.emits


def _check(said: Mapping[str, Any], allowed: tuple[str, ...] | None = None) -> Refused | None:
    """Refuses values that no ticket can hold."""
    for name, value in said.items():
        if allowed is not None and name not in allowed:
            return Refused("invalid_field", {"field": name, "problem": "unknown_field"})
        if name in TEXT_LIMITS:
            refused = check_text(name, value)
            if refused is not None:
                return refused
        elif name == "kind" and value not in KINDS:
            return Refused("invalid_field", {"field": "kind", "problem": "unknown_value"})
        elif name == "confidential" and not isinstance(value, bool):
            return Refused("invalid_field", {"field": name, "problem": "not_boolean"})
        elif not storable(value):
            return Refused("invalid_field", {"field": name, "problem": "bad_character"})
    return None


HANDLERS = {"register": create_ticket, "amend": update_ticket}
