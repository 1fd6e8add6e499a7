"""A ticket's life: the whole matter for its page, every verb of the workflow, the units' inbox, papers."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

import cti
import ticketing
from agent_desktop import hand_overs
from agent_desktop.access import TheDoors, TicketReader, TicketWriter, Visitor
from agent_desktop.accounts import accounts_named
from agent_desktop.api.tickets import TicketOut, actor_of, hides_caller, names_of, refused, shown, viewer_of
from agent_desktop.errors import DeskError, responses
from agent_desktop.paging import Position, after
from agent_desktop.papers import FORMATS, content_of, pictures_in, printed
from agent_desktop.secrecy import keep_voices
from agent_desktop.texts import FormBody, Id, Key, Limit, Version

if TYPE_CHECKING:
    from ticketing.documents import Issued

router = APIRouter(tags=["matters"])

Verb = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


class ActIn(BaseModel):
    """A verb of the workflow with what it needs; ``work_id`` names the unit's work for the verbs of a work."""

    model_config = ConfigDict(extra="forbid")

    verb: Verb
    given: FormBody = {}
    work_id: Id | None = None
    version: Version | None = None


class MatterAnswer(BaseModel):
    """The ticket with the work of its units, demands, requests, orders, duties, and the verbs open to the visitor."""

    matter: dict[str, Any]


class InboxWork(BaseModel):
    """One piece of a unit's work and the ticket it belongs to."""

    work_id: str
    status: str
    role: str
    unit_id: str
    delivered_at: datetime
    due_at: datetime | None
    sign_due_at: datetime | None
    light: str | None
    account_asked: bool
    supervised: bool
    ticket: TicketOut


class InboxPage(BaseModel):
    works: list[InboxWork]
    next_cursor: str | None


class PaperIn(BaseModel):
    """Which kind of paper."""

    model_config = ConfigDict(extra="forbid")

    kind: Id


class PaperOut(BaseModel):
    """An issued paper; fetch it at ``/papers/<paper_id>.docx`` or ``.pdf``."""

    paper_id: int
    kind: str
    zh: str
    en: str
    number: str
    at: datetime
    by_name: str


class PaperAnswer(BaseModel):
    paper: PaperOut


class PapersAnswer(BaseModel):
    papers: list[PaperOut]


@router.get(
    "/tickets/{ticket_id}/matter",
    response_model=MatterAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def whole(ticket_id: Id, visitor: TicketReader, doors: TheDoors) -> MatterAnswer:
    """Everything about a matter that the visitor may see.  Looking at a protected one is recorded."""
    with doors.write.begin() as session:
        found = _matter(session, doors.office(session), ticket_id, visitor, doors.now())
    if found is None:
        raise DeskError("not_found")
    return MatterAnswer(matter=found)


@router.post(
    "/tickets/{ticket_id}/acts",
    response_model=MatterAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "ticket_conflict", "ticket_refused"),
)
def act(
    ticket_id: Id,
    wanted: ActIn,
    idempotency_key: Key,
    visitor: TicketReader,
    doors: TheDoors,
) -> MatterAnswer:
    """Does something about a ticket.  Who may do what stands in the workflow and the office's roles; a refusal names
    the rule and its article.  The same key sent again does nothing twice."""
    key = hashlib.sha256(f"{visitor.user.user_id} {idempotency_key}".encode()).hexdigest()
    actor, now = actor_of(visitor), doors.now()
    if wanted.verb == "lift_secrecy" and not visitor.may("ticket.confidential"):
        raise DeskError("forbidden", permission="ticket.confidential")
    with doors.write.begin() as session:
        wish = ticketing.Act(
            ticket_id=ticket_id,
            verb=wanted.verb,
            actor=actor,
            given=_with_account(session, wanted),
            work_id=wanted.work_id,
            expected_version=wanted.version,
            idempotency_key=key,
        )
        office = doors.office(session)
        result = ticketing.perform(session, office, wish, now)
        if isinstance(result, ticketing.Refused):
            refusal = refused(result)
        elif isinstance(result, ticketing.Conflict):
            current = shown(session, [result.current], visitor)[0]
            raise DeskError("ticket_conflict", current=current.model_dump(mode="json"), yours=wanted.given)
        else:
            if wanted.verb == "keep_secret" and result.confidential:
                keep_voices(session, result, visitor.user.user_id, now)
            return MatterAnswer(matter=_matter(session, office, ticket_id, visitor, now) or {})
    raise refusal  # after the commit: who was refused a protected ticket stands in the access ledger


@router.get("/inbox", response_model=InboxPage, responses=responses("not_logged_in", "forbidden", "ticket_refused"))
def inbox(
    visitor: TicketReader,
    doors: TheDoors,
    state: Literal["open", "asked", "ended", "all"] = "open",
    start: Position = 0,
    limit: Limit = 50,
) -> InboxPage:
    """The work of the visitor's unit and the units below it: open work as it falls due, other work newest first;
    ``asked``: work about which the caller or the office waits for the unit's word."""
    with doors.read() as session:
        viewer = viewer_of(session, doors, visitor)
        found = ticketing.works_of(session, viewer, doors.now(), state=state, offset=start, limit=limit + 1)
        tickets = {one.ticket_id: one for one in shown(session, [work.ticket for work in found[:limit]], visitor)}
        works = [
            InboxWork(
                work_id=one.work_id,
                status=one.status,
                role=one.role,
                unit_id=one.unit_id,
                delivered_at=one.delivered_at,
                due_at=one.due_at,
                sign_due_at=one.sign_due_at,
                light=one.light,
                account_asked=one.account_asked,
                supervised=one.supervised,
                ticket=tickets[one.ticket.ticket_id],
            )
            for one in found[:limit]
        ]
    return InboxPage(works=works, next_cursor=after(start, limit, found))


@router.get(
    "/tickets/{ticket_id}/papers",
    response_model=PapersAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def papers(ticket_id: Id, visitor: TicketReader, doors: TheDoors) -> PapersAnswer:
    """The papers issued about a ticket, oldest first."""
    from ticketing.documents import issued

    with doors.read() as session:
        if ticketing.get_ticket(session, ticket_id, viewer_of(session, doors, visitor)) is None:
            raise DeskError("not_found")
        found = issued(session, ticket_id)
        names = names_of(session, {one.by for one in found})
        return PapersAnswer(papers=[_paper(one, names) for one in found])


@router.post(
    "/tickets/{ticket_id}/papers",
    status_code=201,
    response_model=PaperAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "unknown_paper"),
)
def issue_paper(
    ticket_id: Id,
    wanted: PaperIn,
    idempotency_key: Key,
    visitor: TicketWriter,
    doors: TheDoors,
) -> PaperAnswer:
    """Issues a paper: it gets the next number of its series, and says for ever what it says now.  The same key sent
    again answers with the same paper."""
    from ticketing.documents import KINDS, issue

    if wanted.kind not in KINDS:
        raise DeskError("unknown_paper", kinds=list(KINDS))
    now = doors.now()
    key = hashlib.sha256(f"{visitor.user.user_id} {wanted.kind} {idempotency_key}".encode()).hexdigest()
    with doors.write.begin() as session:
        office = doors.office(session)
        found = _matter(session, office, ticket_id, visitor, now)
        if found is None:
            raise DeskError("not_found")
        handed = hand_overs.of_call(session, found["ticket"]["contact_id"])
        lines = ticketing.history(session, ticket_id)
        deciders = {one["decided_by"] for one in found["requests"] if one["decided_by"]}
        names = names_of(session, {line.by for line in lines} | deciders)
        content = content_of(wanted.kind, found, lines, names, handed, office, doors, visitor)
        made = issue(session, ticket_id, KINDS[wanted.kind], content, by=visitor.user.user_id, now=now, key=key)
        return PaperAnswer(paper=_paper(made, names_of(session, {made.by})))


@router.get(
    "/papers/{paper_id}.{form}",
    response_class=Response,
    responses=responses("not_logged_in", "forbidden", "not_found", "paper_failed", "attachment_lost", "storage_away")
    | {200: {"content": {media: {} for media in FORMATS.values()}, "description": "The paper."}},
)
def print_paper(
    paper_id: Annotated[int, Path(ge=1, le=2**31 - 1)],
    form: Literal["docx", "pdf"],
    visitor: TicketReader,
    doors: TheDoors,
) -> Response:
    """An issued paper, as Word or PDF."""
    from ticketing.documents import find

    with doors.read() as session:
        paper = find(session, paper_id)
        viewer = viewer_of(session, doors, visitor)
        if paper is None or ticketing.get_ticket(session, paper.ticket_id, viewer) is None:
            raise DeskError("not_found")
    name, content = printed(paper, form, doors.paper_templates, pictures_in(paper, doors, visitor))
    return Response(
        content, media_type=FORMATS[form], headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def _matter(
    session: Session, office: ticketing.Office, ticket_id: str, visitor: Visitor, now: datetime
) -> dict[str, Any] | None:
    """The matter as this person may see it; who asked to stay unknown does, as on the ticket itself."""
    found = ticketing.matter(session, office, ticket_id, actor_of(visitor), now)
    if found is not None and hides_caller(found["ticket"]["confidential"], found["ticket"]["created_by"], visitor):
        number = cti.normalise(found["ticket"]["caller_number"]).masked
        found["ticket"] |= {"caller_name": "", "caller_number": number, "contact_id": None}
    if found is not None and found["ticket"]["accused_person"]:
        person = found["ticket"]["accused_person"]
        found["ticket"] |= {"accused_person": names_of(session, [person]).get(person, person)}
    return found


def _with_account(session: Session, wanted: ActIn) -> FormBody:
    """A person complained about is written down by name; it is the account that the matter is kept from."""
    name = wanted.given.get("person")
    if wanted.verb != "name_accused" or not isinstance(name, str) or not name.strip():
        return wanted.given
    accounts = accounts_named(session, name.strip())
    if len(accounts) > 1:
        raise DeskError("ticket_refused", reason="several_people", usernames=[one.username for one in accounts])
    return wanted.given | {"person": accounts[0].user_id if accounts else name.strip()}


def _paper(one: Issued, names: dict[str, str]) -> PaperOut:
    from ticketing.documents import KINDS, document_number

    kind = KINDS[one.kind]
    number = document_number(kind, one.content)
    return PaperOut(
        paper_id=one.paper_id,
        kind=one.kind,
        zh=kind.zh,
        en=kind.en,
        number=number,
        at=one.at,
        by_name=names.get(one.by, one.by),
    )
