"""Voice messages: what waits, who takes it, what became of it.  Their sound is played by the recordings' routes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

import cti
import recordings
import ticketing
from agent_desktop.access import TheDoors, Visitor, VoicemailClerk
from agent_desktop.api.agent import acknowledged
from agent_desktop.api.calls import CallTicket
from agent_desktop.api.tickets import TicketFields, names_of, viewer_of
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.ledger import add_access
from agent_desktop.paging import Position, after
from agent_desktop.secrecy import hides_number, secret_calls
from agent_desktop.texts import Id, Limit, Line
from agent_desktop.working_rules import in_force

router = APIRouter(prefix="/voicemail", tags=["voicemail"])

LONGEST_TITLE = 40
"""Characters of the transcript that are suggested as the ticket's title."""

COMMON = ("not_logged_in", "forbidden", "not_found")


class VoicemailOut(BaseModel):
    """One voice message; its id is also its recording's."""

    voicemail_id: str
    contact_id: str
    number_masked: str = Field(description="Empty for a hidden number.")
    place: str | None
    left_at: datetime
    seconds: float
    silent: bool = Field(description="Nothing can be heard on it.")
    section: str = Field(description="Whose turn it was; empty where the pack names no sections.")
    light: Literal["green", "yellow", "red"] | None = Field(description="How long it waits; null when it is done.")
    claimed_by: str | None
    claimed_by_name: str | None
    mine: bool = Field(description="The visitor has taken it.")
    done_at: datetime | None
    done_by_name: str | None
    outcome: Literal["ticket", "called_back", "no_action"] | None
    ticket_id: str | None
    reason: str


class VoicemailPage(BaseModel):
    """``oldest`` is when the oldest open message was left."""

    voicemail: list[VoicemailOut]
    next_cursor: str | None
    open: int
    claimed: int
    oldest: datetime | None
    limit_minutes: int
    untold: list[str] = Field(
        description="Sections of which nobody is told when messages wait too long, for want of a number or address; "
        "an empty name is the office as a whole."
    )


class VoicemailDetail(BaseModel):
    """A message with all that is known for dealing with it."""

    voicemail: VoicemailOut
    number: str = Field(description="As it can be dialled; empty when it was withheld or is not for the visitor.")
    transcript_state: str
    text: str = Field(description="What was said, as far as it was recognised.")
    category_reasons: list[str] = Field(description="The words that speak for the suggested category.")
    prefill: TicketFields
    tickets: list[CallTicket] = Field(description="Written for this contact.")


class VoicemailAnswer(BaseModel):
    voicemail: VoicemailOut


class Done(BaseModel):
    """Why the message needs nothing more.  ``no_action`` needs a reason."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["called_back", "no_action"]
    reason: Annotated[Line, Field(max_length=500)] = ""


@router.get("", response_model=VoicemailPage, responses=responses("not_logged_in", "forbidden"))
def page(
    visitor: VoicemailClerk,
    doors: TheDoors,
    state: Literal["open", "done"] = "open",
    section: Annotated[Line, Field(max_length=80)] | None = None,
    start: Position = 0,
    limit: Limit = 50,
) -> VoicemailPage:
    """Open messages, the oldest first, or done ones, the newest first."""
    with doors.read() as session:
        found = ticketing.list_voicemail(session, state, section=section or None, offset=start, limit=limit + 1)
        waiting = ticketing.voicemail_waiting(session)
        limit_minutes = _limit_minutes(session, doors)
        shown = _shown(session, doors, visitor, found[:limit])
        untold = ticketing.sections_untold(doors.office(session), doors.now())
    return VoicemailPage(
        voicemail=shown,
        next_cursor=after(start, limit, found),
        open=waiting.open,
        claimed=waiting.claimed,
        oldest=waiting.oldest,
        limit_minutes=limit_minutes,
        untold=list(untold),
    )


@router.get("/{voicemail_id}", response_model=VoicemailDetail, responses=responses(*COMMON))
def one(voicemail_id: Id, visitor: VoicemailClerk, doors: TheDoors) -> VoicemailDetail:
    """One message with its text, a suggested ticket, and the caller's number.  The look is written down.

    Of a confidential caller only those who may know are told the number, and only the named what was said."""
    with doors.read() as session:
        found = _known(session, voicemail_id)
        call = cti.get_call(session, found.contact_id)
        secret = secret_calls(session, [found.contact_id])
        number = cti.normalise(call.caller_number if call else "")
        told = call is not None and number.key and not hides_number(visitor.looker, call, secret)
        may_hear = recordings.may_hear(session, voicemail_id, visitor.user.user_id)
        said = recordings.transcript(session, voicemail_id) if may_hear else None
        written = ticketing.tickets_of_contact(session, found.contact_id, viewer_of(session, doors, visitor))
        shown = _shown(session, doors, visitor, [found])[0]
    text = " ".join(segment["text"] for segment in said["segments"]) if said else ""
    suggested = doors.intake.suggest("category", text)[:1] if text else []
    with doors.write.begin() as session:
        add_access(session, doors, visitor.user.user_id, visitor.session, "voicemail", voicemail_id)
    return VoicemailDetail(
        voicemail=shown,
        number=number.shown if told else "",
        transcript_state=said["state"] if said else "none",
        text=text,
        category_reasons=list(suggested[0].reasons) if suggested else [],
        prefill=TicketFields(
            title=text[:LONGEST_TITLE],
            text=text[:20_000],
            category=suggested[0].label if suggested else "",
            channel="voicemail",
            caller_number=number.shown if told else "",
        ),
        tickets=[CallTicket.model_validate(ticket, from_attributes=True) for ticket in written],
    )


@router.post("/{voicemail_id}/claim", response_model=VoicemailAnswer, responses=responses(*COMMON, "voicemail_refused"))
def claim(voicemail_id: Id, visitor: VoicemailClerk, doors: TheDoors) -> VoicemailAnswer:
    """The visitor takes the message; refused when somebody else has it."""
    with doors.write.begin() as session:
        result = ticketing.claim_voicemail(session, voicemail_id, visitor.user.user_id, doors.now())
        return _answer(session, doors, visitor, result)


@router.post(
    "/{voicemail_id}/release", response_model=VoicemailAnswer, responses=responses(*COMMON, "voicemail_refused")
)
def release(voicemail_id: Id, visitor: VoicemailClerk, doors: TheDoors) -> VoicemailAnswer:
    """Gives the message back to all; whoever watches over the floor may do that with a colleague's."""
    with doors.write.begin() as session:
        result = ticketing.release_voicemail(
            session, voicemail_id, visitor.user.user_id, anybodys=visitor.may("floor.read")
        )
        return _answer(session, doors, visitor, result)


@router.post("/{voicemail_id}/done", response_model=VoicemailAnswer, responses=responses(*COMMON, "voicemail_refused"))
def done(voicemail_id: Id, what: Done, visitor: VoicemailClerk, doors: TheDoors) -> VoicemailAnswer:
    """The message is dealt with without a ticket; one that is registered for its contact ends it by itself."""
    with doors.write.begin() as session:
        result = ticketing.finish_voicemail(
            session, voicemail_id, visitor.user.user_id, what.outcome, what.reason, doors.now()
        )
        return _answer(session, doors, visitor, result)


@router.post(
    "/{voicemail_id}/call-back",
    status_code=202,
    responses=responses(*COMMON, "not_an_agent", "voicemail_refused", "refused_by_switch", "switch_down"),
)
async def call_back(voicemail_id: Id, visitor: VoicemailClerk, doors: TheDoors) -> None:
    """Rings the visitor's own phone, then the caller's.  The number is looked up here, never sent by the page."""
    number = await _number_of(doors, voicemail_id)
    if not number:
        raise DeskError("voicemail_refused", reason="number_withheld")
    await acknowledged(doors.bridge.call_out(visitor.agent_id, number))


async def _number_of(doors: Doors, voicemail_id: str) -> str:
    def read() -> str:
        with doors.read() as session:
            call = cti.get_call(session, _known(session, voicemail_id).contact_id)
            number = cti.normalise(call.caller_number if call else "")
            return number.shown if number.key else ""

    return await run_in_threadpool(read)


def _known(session: Session, voicemail_id: str) -> ticketing.Voicemail:
    found = ticketing.get_voicemail(session, voicemail_id)
    if found is None:
        raise DeskError("not_found")
    return found


def _answer(
    session: Session, doors: Doors, visitor: Visitor, result: ticketing.Voicemail | ticketing.Refused | None
) -> VoicemailAnswer:
    if result is None:
        raise DeskError("not_found")
    if isinstance(result, ticketing.Refused):
        by = result.detail.get("by")
        name = names_of(session, {str(by)}).get(str(by)) if by else None
        raise DeskError("voicemail_refused", reason=result.reason, by_name=name)
    return VoicemailAnswer(voicemail=_shown(session, doors, visitor, [result])[0])


def _shown(
    session: Session, doors: Doors, visitor: Visitor, found: Sequence[ticketing.Voicemail]
) -> list[VoicemailOut]:
    people = {who for one in found for who in (one.claimed_by, one.done_by) if who}
    names = names_of(session, people) if people else {}
    return [_out(session, one, names, doors, visitor) for one in found]


def _out(
    session: Session, one: ticketing.Voicemail, names: dict[str, str], doors: Doors, visitor: Visitor
) -> VoicemailOut:
    call = cti.get_call(session, one.contact_id)
    number = cti.normalise(call.caller_number if call else "")
    return VoicemailOut(
        voicemail_id=one.voicemail_id,
        contact_id=one.contact_id,
        number_masked=number.masked if number.key else "",
        place=number.place or None,
        left_at=one.left_at,
        seconds=one.seconds,
        silent=one.silent,
        section=one.section,
        light=None if one.done_at else light_of(doors.now() - one.left_at, _limit_minutes(session, doors)),
        claimed_by=one.claimed_by,
        claimed_by_name=names.get(one.claimed_by or ""),
        mine=one.claimed_by == visitor.user.user_id,
        done_at=one.done_at,
        done_by_name=names.get(one.done_by or ""),
        outcome=one.outcome,  # type: ignore[arg-type]  # the column holds these three words
        ticket_id=one.ticket_id,
        reason=one.reason,
    )


def _limit_minutes(session: Session, doors: Doors) -> int:
    return in_force(doors.config.rules, doors.office(session)).voicemail_limit_minutes


def light_of(waits: timedelta, limit_minutes: int) -> Literal["green", "yellow", "red"]:
    """Yellow from half the limit on, red from the limit on."""
    limit = timedelta(minutes=limit_minutes)
    if waits >= limit:
        return "red"
    return "yellow" if waits >= limit / 2 else "green"
