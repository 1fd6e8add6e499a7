"""Files of a ticket: put in, listed, read.  Who sees the ticket sees them, and each look is in the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

import recordings
import ticketing
from agent_desktop.access import TheDoors, TicketReader, Visitor
from agent_desktop.api.tickets import actor_of, hides_caller, names_of, refused, viewer_of
from agent_desktop.attachment_files import LONGEST_NAME, Received, clean_name
from agent_desktop.attachment_types import ALLOWED, SHOWN
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.ledger import add_access
from agent_desktop.metrics import FILE_BYTES, FILES
from agent_desktop.texts import Id, Key, Line, own_id

router = APIRouter(tags=["attachments"])

ALONE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""A file that is opened by its address runs nothing and loads nothing."""

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}

CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, in the type found when it was put in.",
        "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in sorted({*ALLOWED.values()})},
    }
}


class AttachmentOut(BaseModel):
    """A file; its bytes are at ``/attachments/<attachment_id>``."""

    attachment_id: str
    ticket_id: str
    name: str
    media: str = Field(description="Its type, found from its content.")
    size: int = Field(description="Bytes.")
    sha256: str
    added_by_name: str
    added_at: datetime
    unit_id: str | None = Field(description="The handling unit that added it; null: the office.")
    shown: bool = Field(description="May be shown in a page; others are saved.")


class AttachmentAnswer(BaseModel):
    attachment: AttachmentOut


class AttachmentsAnswer(BaseModel):
    attachments: list[AttachmentOut]
    may_add: bool = Field(description="The visitor may add one now.")


@router.post(
    "/tickets/{ticket_id}/attachments",
    status_code=201,
    response_model=AttachmentAnswer,
    responses=responses(
        *("not_logged_in", "forbidden", "not_found", "ticket_refused"),
        *("too_large", "type_refused", "storage_full", "storage_away", "bad_body"),
    ),
    openapi_extra=BODY,
)
async def add(
    ticket_id: Id,
    name: Annotated[Line, Query(min_length=1, max_length=LONGEST_NAME)],
    idempotency_key: Key,
    request: Request,
    visitor: TicketReader,
    doors: TheDoors,
) -> AttachmentAnswer:
    """Puts a file to a ticket; the body is the file.  Its type is found from its content.  It stays: nobody takes a
    file away again.  The same key sent again answers with the same file."""
    try:
        return await _add(ticket_id, name, idempotency_key, request, visitor, doors)
    except DeskError as error:
        FILES.labels(error.error_id).inc()
        raise


async def _add(
    ticket_id: str, name: str, idempotency_key: str, request: Request, visitor: Visitor, doors: Doors
) -> AttachmentAnswer:
    attachment_id = own_id(visitor.user.user_id, "attachment", ticket_id, idempotency_key)
    await run_in_threadpool(_admit, doors, visitor, ticket_id, attachment_id)
    try:
        received = await doors.attachments.receive(request.stream())
    except ClientDisconnect as error:
        raise DeskError("bad_body") from error
    except recordings.StoreUnavailable as error:
        raise _storage(error) from error
    try:
        return await run_in_threadpool(_keep, doors, visitor, ticket_id, attachment_id, name, received)
    finally:
        await run_in_threadpool(doors.attachments.drop, received)


@router.get(
    "/tickets/{ticket_id}/attachments",
    response_model=AttachmentsAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def listed(ticket_id: Id, visitor: TicketReader, doors: TheDoors) -> AttachmentsAnswer:
    """The files of a ticket, oldest first."""
    with doors.read() as session:
        found = _of_ticket(session, doors, visitor, ticket_id)
        may_add = ticketing.may_attach(session, doors.office(session), actor_of(visitor), ticket_id)
        return AttachmentsAnswer(attachments=_shown(session, found), may_add=may_add)


@router.get(
    "/attachments/{attachment_id}",
    response_class=StreamingResponse,
    responses=responses("not_logged_in", "forbidden", "not_found", "attachment_lost", "storage_away") | CONTENT,
)
def fetch(attachment_id: Id, visitor: TicketReader, doors: TheDoors, inline: bool = False) -> StreamingResponse:
    """A file's bytes, to be saved; with ``inline`` an image to be shown.  The look is written down."""
    with doors.write.begin() as session:
        viewer = viewer_of(session, doors, visitor)
        one = ticketing.open_attachment(session, attachment_id, viewer, doors.now())
        if one is not None and one not in _of_ticket(session, doors, visitor, one.ticket_id):
            one = None
        if one is not None:
            add_access(session, doors, visitor.user.user_id, visitor.session, "attachment", attachment_id)
    if one is None:
        raise DeskError("not_found")  # after the commit: a refusal stands in the access ledger
    try:
        pieces = doors.attachments.read(one.stored)
    except recordings.NotInStore as error:
        raise DeskError("attachment_lost") from error
    except recordings.StoreUnavailable as error:
        raise _storage(error) from error
    headers = {
        "content-length": str(one.size),
        "content-disposition": f"{'inline' if inline and one.media in SHOWN else 'attachment'}; "
        f"filename*=UTF-8''{quote(one.name, safe='')}",
        "content-security-policy": ALONE,
    }
    return StreamingResponse(pieces, media_type=one.media, headers=headers)


def _admit(doors: Doors, visitor: Visitor, ticket_id: str, attachment_id: str) -> None:
    actor, now = actor_of(visitor), doors.now()
    with doors.write.begin() as session:
        why = ticketing.check_attach(session, doors.office(session), actor, ticket_id, attachment_id, now)
    if why is not None:
        raise refused(why)  # after the commit: who was refused a protected ticket stands in the access ledger


def _keep(
    doors: Doors, visitor: Visitor, ticket_id: str, attachment_id: str, name: str, received: Received
) -> AttachmentAnswer:
    """Stores the file, then writes the row; a file without a row goes again."""
    clean, media = clean_name(name), doors.attachments.media_of(received)
    if not clean:
        raise DeskError("ticket_refused", reason="invalid_field", field="name", problem="empty")
    if media is None:
        raise DeskError("type_refused", allowed=sorted({*ALLOWED.values()}))
    now = doors.now()
    try:
        stored = doors.attachments.keep(received, now)
    except recordings.StoreUnavailable as error:
        raise _storage(error) from error
    file = ticketing.NewFile(attachment_id, clean, media, received.size, received.sha256, stored)
    used = False
    try:
        with doors.write.begin() as session:
            made = ticketing.add_attachment(session, doors.office(session), actor_of(visitor), ticket_id, file, now)
            if isinstance(made, ticketing.Refused):
                raise refused(made)
            answer = AttachmentAnswer(attachment=_shown(session, [made])[0])
        used = made.stored == stored
        if used:
            FILES.labels("kept").inc()
            FILE_BYTES.inc(made.size)
    finally:
        if not used:
            doors.attachments.remove(stored)
    return answer


def _of_ticket(session: Session, doors: Doors, visitor: Visitor, ticket_id: str) -> list[ticketing.Attachment]:
    """The files that this person may see; refuses with ``not_found``."""
    viewer = viewer_of(session, doors, visitor)
    ticket = ticketing.get_ticket(session, ticket_id, viewer)
    if ticket is None:
        raise DeskError("not_found")
    hides = hides_caller(ticket.confidential, ticket.created_by, visitor)
    hides = hides or (ticket.confidential and viewer.unit_id is not None)
    return ticketing.attachments_of(session, ticket_id, visitor.user.user_id, hides_caller=hides)


def _shown(session: Session, found: list[ticketing.Attachment]) -> list[AttachmentOut]:
    names = names_of(session, {one.added_by for one in found})
    return [
        AttachmentOut(
            attachment_id=one.attachment_id,
            ticket_id=one.ticket_id,
            name=one.name,
            media=one.media,
            size=one.size,
            sha256=one.sha256,
            added_by_name=names.get(one.added_by, one.added_by),
            added_at=one.added_at,
            unit_id=one.unit_id,
            shown=one.media in SHOWN,
        )
        for one in found
    ]


def _storage(error: recordings.StoreUnavailable) -> DeskError:
    known = {"disk_full": "storage_full", "tampered": "attachment_lost"}
    return DeskError(known.get(error.code, "storage_away"))
