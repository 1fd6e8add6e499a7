"""The caller asks after a matter, by its query code and the end of the telephone number or of the identity document,
and says what the result is worth.

A wrong code, a wrong number, a ticket that is confidential and one that does not exist are the same answer after the
same statements: whoever tries codes learns nothing.  Nobody is named in an answer.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.access import seen
from ticketing.case import CITIZEN
from ticketing.commands import Act, perform
from ticketing.dictionary import Unit
from ticketing.doing import work_value
from ticketing.guards.time import account_step
from ticketing.identity import identity_tail
from ticketing.model import Conflict, Refused, Ticket, Viewer
from ticketing.office import Office
from ticketing.tables import TicketRow
from ticketing.tables_identity import IdentityRow
from ticketing.tables_work import WorkRow
from ticketing.workflow import find

CODE_DIGITS = 10
"""Digits alone, so that a code can be typed on a telephone; with the tail 14 of them stand against guessing."""
TAIL_DIGITS = 4
"""The end of an identity document may have an X among them."""
NOBODY = "00000000-0000-0000-0000-000000000000"
"""The id that is looked up when there is nothing to show."""

STAGES = {
    "registered": "accepted",
    "escalated": "accepted",
    "instructed": "accepted",
    "dispatched": "handling",
    "centre_review": "checking",
    "callback": "checking",
    "promised": "promised",
    "review_requested": "reviewing",
    "answered": "answered",
    "guided": "answered",
    "referred": "answered",
    "not_accepted": "not_accepted",
    "terminated": "ended",
    "merged": "accepted",
    "closed": "closed",
    "upheld": "closed",
    "archived": "closed",
}
"""A ticket's own status → what its caller is told."""
REPLY_SHOWN = frozenset({"checking", "answered", "not_accepted", "closed", "reviewing", "promised"})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a matter is, as its caller may know it."""

    number: str
    stage: str
    """One of the values of :data:`STAGES`."""
    accepted_at: datetime
    delivered_at: datetime | None
    """When the unit got it; with several units, the lead unit."""
    reported_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    """The caller's own limit, which never restarts."""
    unit: Unit | None
    public_reply: str
    satisfaction: str | None
    may_evaluate: bool
    may_demand: str | None
    """Why the caller may demand an account of the unit now: ``overdue`` or ``objection``."""
    account_asked_at: datetime | None
    account: str | None
    """What the unit answered."""


def new_code() -> str:
    """A code that cannot be guessed from others."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def tail_of(caller_number: str, number: str) -> str:
    """What is asked for beside the code: the end of the caller's number, of the ticket's where it was withheld."""
    digits = "".join(one for one in caller_number if one in "0123456789")
    if len(digits) < TAIL_DIGITS:
        digits = number
    return digits[-TAIL_DIGITS:]


def query_code(session: Session, ticket_id: str, viewer: Viewer, now: datetime) -> tuple[str, str] | None:
    """Code and tail of a ticket, for the operator to tell its caller; drawn now if it has none yet.

    None when this viewer sees no such ticket, or it is kept from everybody who asks by code.
    """
    row = seen(session, ticket_id, viewer, now, "query_code")
    if row is None or row.confidential or viewer.unit_id is not None:
        return None
    if row.query_code is None:
        row.query_code = new_code()
    return row.query_code, tail_of(row.caller_number, row.number)


def progress(session: Session, office: Office, code: str, tail: str, now: datetime) -> Progress | None:
    """How far the matter of this code is; None for all reasons there are."""
    return _told(session, office, _open_to(session, code, tail), now)


def evaluate(
    session: Session, office: Office, code: str, tail: str, outcome: str, note: str, key: str, now: datetime
) -> Progress | Refused | None:
    """The caller's opinion of the result, through the workflow's own verb.  Who is not content says why."""
    ticket_id = _open_to(session, code, tail)
    if ticket_id != NOBODY:
        if outcome == "dissatisfied" and not note.strip():
            return Refused("missing", {"needs": ["note"]})
        given = {"outcome": outcome, "note": note.strip()}
        act = Act(ticket_id=ticket_id, verb="evaluate", actor=CITIZEN, given=given, idempotency_key=key)
        done = perform(session, office, act, now)
        if isinstance(done, Refused):
            return done
        assert not isinstance(done, Conflict)
    return _told(session, office, ticket_id, now)


def demand_account(
    session: Session, office: Office, code: str, tail: str, text: str, key: str, now: datetime
) -> Progress | Refused | None:
    """The caller demands that the unit accounts for itself, where the regulation gives that right, once per step."""
    ticket_id = _open_to(session, code, tail)
    work = _lead(_works(session, ticket_id)) if ticket_id != NOBODY else None
    if work is not None:
        act = Act(
            ticket_id=ticket_id,
            verb="demand_account",
            actor=CITIZEN,
            work_id=work.work_id,
            given={"text": text.strip()},
            idempotency_key=key,
        )
        done = perform(session, office, act, now)
        if isinstance(done, Refused):
            return done
        assert not isinstance(done, Conflict)
    elif ticket_id != NOBODY:
        return Refused("no_account_owed")
    return _told(session, office, ticket_id, now)


def _open_to(session: Session, code: str, tail: str) -> str:
    """The ticket this code opens, :data:`NOBODY` when it opens none.  A merged one is answered for by the other."""
    columns = (
        IdentityRow.number,
        TicketRow.ticket_id,
        TicketRow.merged_into,
        TicketRow.number,
        TicketRow.caller_number,
        TicketRow.confidential,
    )
    found = NOBODY
    identity = TicketRow.ticket_id == IdentityRow.ticket_id
    for document, ticket_id, merged_into, number, caller_number, confidential in session.execute(
        select(*columns).outerjoin_from(TicketRow, IdentityRow, identity).where(TicketRow.query_code == code).limit(3)
    ):
        ends = (tail_of(caller_number, number), identity_tail(document or ""))
        right = [hmac.compare_digest(end.encode(), tail.upper().encode()) and end != "" for end in ends]
        if any(right) and not confidential:
            found = merged_into or ticket_id
    hidden = session.scalar(select(TicketRow.confidential).where(TicketRow.ticket_id == found))
    return found if hidden is False else NOBODY


def _works(session: Session, ticket_id: str) -> Sequence[WorkRow]:
    """The works of the units that the centre dispatched to, the newest first."""
    here = (WorkRow.ticket_id == ticket_id, WorkRow.parent_id.is_(None))
    return session.scalars(select(WorkRow).where(*here).order_by(WorkRow.serial.desc())).all()


def _lead(works: Sequence[WorkRow]) -> WorkRow | None:
    """Whoever answers to the caller."""
    return next((work for work in works if work.role == "lead"), None)


def told_of(ticket: Ticket) -> tuple[str, str]:
    """How far a ticket is and what was answered, in the words in which its caller is told."""
    stage = STAGES[ticket.phase]
    return stage, ticket.public_reply if stage in REPLY_SHOWN else ""


def _may_demand(office: Office, row: TicketRow, lead: WorkRow | None, now: datetime) -> str | None:
    if lead is None or find("work", lead.status, "demand_account") is None:
        return None
    return account_step(work_value(lead), row.phase, office.version_of(row.pack_version, row.created_at).rules, now)


def _told(session: Session, office: Office, ticket_id: str, now: datetime) -> Progress | None:
    row = session.scalars(select(TicketRow).where(TicketRow.ticket_id == ticket_id)).one_or_none()
    works = _works(session, ticket_id)
    if row is None:
        return None
    lead = _lead([work for work in works if work.unit_id == row.unit])
    stage = STAGES[row.phase]
    return Progress(
        number=row.number,
        stage=stage,
        accepted_at=row.created_at,
        delivered_at=lead.delivered_at if lead else None,
        reported_at=lead.reported_at if lead else None,
        closed_at=row.closed_at,
        due_at=row.citizen_due_at if stage in ("accepted", "handling", "checking") else None,
        unit=next((unit for unit in office.dictionary.units if unit.unit_id == row.unit), None),
        public_reply=row.public_reply if stage in REPLY_SHOWN else "",
        satisfaction=row.satisfaction,
        may_evaluate=find("ticket", row.phase, "evaluate") is not None,
        may_demand=_may_demand(office, row, lead, now),
        account_asked_at=lead.account_asked_at if lead else None,
        account=lead.account if lead else None,
    )
