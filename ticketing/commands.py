"""Carrying out a verb: load → step → save → history → outbox, inside the caller's transaction.

Expected refusals are values; nothing is written when one is returned, except who was refused a protected ticket.
What follows by itself (the last unit has reported, everything was given back) happens in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.access import seen, viewer_of
from ticketing.carrying import BY_ANY_SECTION, carry_out, permitted, refusal
from ticketing.case import Actor
from ticketing.checks import check_given
from ticketing.doing import Doing, ticket_value
from ticketing.idempotency import carried_out, claim, give_up
from ticketing.lateness import catch_up, is_behind
from ticketing.life import MACHINE_OF
from ticketing.model import Conflict, Refused, Ticket
from ticketing.office import Office
from ticketing.tables import TicketRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Somebody wants to do something about a ticket."""

    ticket_id: str
    verb: str
    actor: Actor
    given: Mapping[str, Any] = field(default_factory=dict)
    """What the verb needs: texts, numbers, lists, and times as aware datetimes or ISO 8601."""
    work_id: str | None = None
    """The unit's work, for the verbs of a work; not needed where the actor's unit has only one."""
    expected_version: int | None = None
    """The version the person looked at; None does it whatever changed meanwhile."""
    idempotency_key: str | None = None


def perform(session: Session, office: Office, act: Act, now: datetime) -> Ticket | Conflict | Refused:
    """Does it, or says why not."""
    said = asdict(act)
    given = check_given(act.given, act.verb)
    if isinstance(given, Refused):
        return given
    if act.verb not in MACHINE_OF or act.verb in ("register", "deliver"):
        return Refused("unknown_verb", {"verb": act.verb})
    if not office.may(act.actor, act.verb) and act.verb not in BY_ANY_SECTION:
        return Refused("not_allowed", {"verb": act.verb})
    row = lock_for(session, office, act, now)
    if row is None:
        return Refused("not_found")
    if not permitted(office, office.version_of(row.pack_version, row.created_at), act.actor, act.verb):
        return Refused("not_allowed", {"verb": act.verb})
    earlier = carried_out(session, act.idempotency_key, said)
    if earlier is not None:
        return earlier if isinstance(earlier, Refused) else ticket_value(row)
    if act.expected_version is not None and row.version != act.expected_version:
        return Conflict(ticket_value(row), dict(act.given))
    if not claim(session, act.idempotency_key, said, row.ticket_id, now):
        return Refused("idempotency_key_reused")
    doing = Doing(session, office, row, act.actor, now)
    if is_behind(doing) and refusal(doing, act.verb, act.work_id, given) is None:
        catch_up(session, office, row, now)
        doing = Doing(session, office, row, act.actor, now)
    refused = carry_out(doing, act.verb, act.work_id, given)
    if refused is not None:
        give_up(session, act.idempotency_key)
        return refused
    return ticket_value(row)


def lock_for(session: Session, office: Office, act: Act, now: datetime) -> TicketRow | None:
    """The ticket's row, locked, if it exists for the actor.

    The ticket is always locked before a ledger's chain is; two who do it the other way round would wait for each other.
    """
    row = locked(session, act.ticket_id, act.given.get("into" if act.verb == "merge" else "to"))
    person = not {"system", "citizen"} & act.actor.roles
    if person and seen(session, act.ticket_id, viewer_of(office, act.actor), now, act.verb) is None:
        return None
    return row


def locked(session: Session, ticket_id: str, other: object = None) -> TicketRow | None:
    """The row as it stands now, locked until the transaction ends; a second one in the same order everywhere."""
    ids = {ticket_id, other} if isinstance(other, str) else {ticket_id}
    statement = select(TicketRow).where(TicketRow.ticket_id.in_(ids)).order_by(TicketRow.ticket_id).with_for_update()
    rows = session.scalars(statement.execution_options(populate_existing=True)).all()
    return next((row for row in rows if row.ticket_id == ticket_id), None)
