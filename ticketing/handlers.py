"""Registering a ticket and changing what it says; every other verb goes through :mod:`ticketing.commands`.

Expected refusals are values (:class:`~ticketing.model.Refused`, :class:`~ticketing.model.Conflict`); nothing is
written when one is returned.  A command with an idempotency key that was carried out before answers the same again.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from ticketing.case import Actor
from ticketing.checks import check_fields
from ticketing.citizen import new_code
from ticketing.commands import Act, perform
from ticketing.doing import Doing, ticket_value
from ticketing.duties import check_matter
from ticketing.idempotency import carried_out, check_key, claim
from ticketing.identity import keep_identity, read_identity
from ticketing.looking_up import same_matter
from ticketing.model import Conflict, CreateTicket, Refused, Ticket, UpdateTicket, json_ready
from ticketing.numbers import next_number
from ticketing.office import Office, bare_office, local_date
from ticketing.tables import TicketRow
from ticketing.tables_work import ItemRow
from ticketing.voicemail import became_ticket

OPERATOR = frozenset({"operator"})


def create_ticket(
    session: Session,
    command: CreateTicket,
    now: datetime,
    roles: frozenset[str] = OPERATOR,
    office: Office | None = None,
) -> Ticket | Refused:
    """Registers a ticket and gives it its number; it keeps the version of the regulation that is in force now."""
    said = asdict(command)
    refused = check_fields(said) or check_key(command.idempotency_key)
    if refused is not None:
        return refused
    identity = read_identity(command.caller_identity)
    if isinstance(identity, Refused):
        return identity
    office = office or bare_office()
    refused = _received(command, office, now)
    if refused is not None:
        return refused
    actor = Actor(command.created_by, roles)
    if not office.may(actor, "register"):
        return Refused("not_allowed", {"verb": "register"})
    unknown = command.accused_unit is not None and command.accused_unit not in office.relations.above
    if unknown:
        return Refused("unknown_unit", {"units": [command.accused_unit]})
    row = _new_row(office, command, now)
    doing = Doing(session, office, row, actor, now, new=True)
    transition = doing.advance(None, "register", "citizen" if "citizen" in roles else "centre", said)
    if isinstance(transition, Refused):
        return transition
    if not claim(session, command.idempotency_key, said, row.ticket_id, now):
        return _again(session, carried_out(session, command.idempotency_key, said))
    row.number = next_number(session, now, ZoneInfo(office.pack.versions[0].rules.counting.time_zone))
    session.add(row)
    keep_identity(session, row.ticket_id, identity, command.created_by, now)
    doing.items = [
        ItemRow(ticket_id=row.ticket_id, ordinal=ordinal, text=text) for ordinal, text in enumerate(command.items, 1)
    ]
    session.add_all(doing.items)
    if command.same_matter_as is not None:
        same_matter(doing, command.same_matter_as)
    doing.record(transition, json_ready({"number": row.number} | _letter(command)))
    check_matter(doing)
    doing.finish()
    if command.contact_id is not None:
        became_ticket(session, command.contact_id, row.ticket_id, command.created_by, now)
    return ticket_value(row)


def update_ticket(
    session: Session,
    command: UpdateTicket,
    now: datetime,
    roles: frozenset[str] = OPERATOR,
    office: Office | None = None,
) -> Ticket | Conflict | Refused:
    """Changes what the ticket says, if nobody changed it since ``expected_version``."""
    act = Act(
        ticket_id=command.ticket_id,
        verb="amend",
        actor=Actor(command.by, roles),
        given={"changes": dict(command.changes)} if command.changes else {},
        expected_version=command.expected_version,
        idempotency_key=command.idempotency_key,
    )
    answer = perform(session, office or bare_office(), act, now)
    return Conflict(answer.current, command.changes) if isinstance(answer, Conflict) else answer


def _letter(command: CreateTicket) -> dict[str, Any]:
    """What stands in the history of a matter that did not come by telephone."""
    return {} if command.received_on is None else {"came_by": command.channel, "received_on": command.received_on}


LONGEST_UNREGISTERED = timedelta(days=366)
"""A letter that lay for longer is a slip of the pen."""


def _received(command: CreateTicket, office: Office, now: datetime) -> Refused | None:
    today = local_date(now, office.pack.versions[0].rules.counting.time_zone)
    if command.received_on is None or today - LONGEST_UNREGISTERED <= command.received_on <= today:
        return None
    return Refused("invalid_field", {"field": "received_on", "problem": "out_of_range"})


def _again(session: Session, earlier: str | Refused | None) -> Ticket | Refused:
    """The answer to a repeated command: the ticket as it stands now."""
    if isinstance(earlier, Refused):
        return earlier
    row = None if earlier is None else session.get(TicketRow, earlier)
    return Refused("not_found") if row is None else ticket_value(row)


def _new_row(office: Office, command: CreateTicket, now: datetime) -> TicketRow:
    """The row before it is registered; it draws its number when nothing can refuse it any more."""
    return TicketRow(
        ticket_id=str(uuid4()),
        number="",
        status="new",
        phase="new",
        city=office.pack.city,
        pack_version=office.version_of("", now).id,
        kind=command.kind,
        category=command.category,
        title=command.title,
        text=command.text,
        place=command.place,
        caller_name=command.caller_name,
        caller_number=command.caller_number,
        caller_key=command.caller_key,
        contact_id=command.contact_id,
        confidential=command.confidential,
        origin=command.origin,
        channel=command.channel,
        received_on=command.received_on,
        urgent=command.urgent,
        no_reply=command.no_reply,
        accused_unit=command.accused_unit,
        accused_person=command.accused_person,
        attachments=list(command.attachments),
        created_by=command.created_by,
        created_at=now,
        updated_at=now,
        version=1,
        provisional=False,
        major=False,
        leader_assigned=False,
        public_reply="",
        reviews=0,
        query_code=new_code(),
        external_number=command.external_number,
    )
