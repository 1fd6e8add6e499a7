"""What guides an agent through a call, and what is noted at its end: the guide, dispositions, additions to tickets."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

import cti
import ticketing
from agent_desktop.access import CallTaker, TheDoors, TicketReader, TicketWriter
from agent_desktop.api.tickets import TicketAnswer, actor_of, refused, shown
from agent_desktop.errors import DeskError, responses
from agent_desktop.form_guide import FormGuide
from agent_desktop.secrecy import keep_voices
from agent_desktop.tables import DispositionRow
from agent_desktop.texts import Id, Key, Line

router = APIRouter(tags=["form"])


class GuideAnswer(BaseModel):
    """The city's guide; ``kinds`` are the kinds of request its regulation knows, ``ask`` what the caller is asked."""

    guide: FormGuide
    kinds: list[str]
    ask: list[str]


class DispositionIn(BaseModel):
    """A code at the end of a branch of the guide's tree."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_/-]{0,63}$")]
    note: Annotated[Line, Field(max_length=500)] = ""


class DispositionOut(BaseModel):
    contact_id: str
    code: str
    note: str
    at: datetime


class DispositionAnswer(BaseModel):
    disposition: DispositionOut


class AdditionIn(BaseModel):
    """What this caller adds to a ticket that is there already."""

    model_config = ConfigDict(extra="forbid")

    ticket_id: Id
    text: Annotated[Line, Field(min_length=1, max_length=20_000)]


@router.get("/form-guide", response_model=GuideAnswer, responses=responses("not_logged_in", "forbidden"))
def guide(_visitor: TicketReader, doors: TheDoors) -> GuideAnswer:
    """What guides an agent through a call in this city."""
    with doors.read() as session:
        intake: Any = doors.office(session).version_of("", doors.now()).rules.intake
    kinds = list(intake.kinds) if intake is not None and intake.kinds else list(ticketing.KINDS)
    return GuideAnswer(guide=doors.form, kinds=kinds, ask=list(intake.caller_gives) if intake is not None else [])


@router.put(
    "/calls/{contact_id}/disposition",
    response_model=DispositionAnswer,
    responses=responses("not_logged_in", "forbidden", "not_an_agent", "not_found", "unknown_disposition"),
)
def dispose(contact_id: Id, said: DispositionIn, visitor: CallTaker, doors: TheDoors) -> DispositionAnswer:
    """Says how one's own call turned out; saying it again replaces what was said."""
    if said.code not in doors.form.ends():
        raise DeskError("unknown_disposition")
    with doors.write.begin() as session:
        call = cti.get_call(session, contact_id)
        if call is None:
            raise DeskError("not_found")
        if call.agent_id not in (None, visitor.agent_id):
            raise DeskError("forbidden")
        row = session.get(DispositionRow, contact_id, with_for_update=True)
        if row is None:
            row = DispositionRow(contact_id=contact_id)
            session.add(row)
        row.code, row.note, row.by, row.at = said.code, said.note, visitor.user.user_id, doors.now()
        return DispositionAnswer(
            disposition=DispositionOut(contact_id=contact_id, code=row.code, note=row.note, at=row.at)
        )


@router.post(
    "/calls/{contact_id}/additions",
    response_model=TicketAnswer,
    responses=responses("not_logged_in", "forbidden", "ticket_refused"),
)
def add_to_ticket(
    contact_id: Id,
    addition: AdditionIn,
    idempotency_key: Key,
    visitor: TicketWriter,
    doors: TheDoors,
) -> TicketAnswer:
    """Adds what the caller says to a ticket that is there, as one more demand in it, instead of writing a second
    ticket about the same matter.  The same key sent again adds nothing twice.  The draft of the call goes."""
    now = doors.now()
    wish = ticketing.Act(
        ticket_id=addition.ticket_id,
        verb="add_item",
        actor=actor_of(visitor),
        given={"text": addition.text},
        idempotency_key=hashlib.sha256(f"{visitor.user.user_id} {idempotency_key}".encode()).hexdigest(),
    )
    with doors.write.begin() as session:
        result = ticketing.perform(session, doors.office(session), wish, now)
        if isinstance(result, ticketing.Ticket):
            ticketing.add_call(session, contact_id, result.ticket_id, visitor.user.user_id, now)
            if result.confidential:
                keep_voices(session, result, visitor.user.user_id, now)
            ticketing.became_ticket(session, contact_id, result.ticket_id, visitor.user.user_id, now)
            if visitor.user.agent_id:
                ticketing.drop_draft(session, visitor.user.agent_id, contact_id)
            return TicketAnswer(ticket=shown(session, [result], visitor)[0])
    assert isinstance(result, ticketing.Refused)  # no version was named, so there is no conflict
    if result.reason == "not_found":
        raise DeskError("ticket_refused", reason="not_found")  # the address is right, the ticket named in it is not
    raise refused(result)  # after the commit: who was refused a protected ticket stands in the access ledger
