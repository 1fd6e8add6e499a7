"""The office itself: its regulation, its settings, declared interests, and the proof that its ledgers are whole."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

import ticketing
from agent_desktop.access import LedgerReader, OfficeReader, OfficeWriter, TheDoors, TicketReader
from agent_desktop.api.tickets import names_of, refused
from agent_desktop.errors import DeskError, responses
from agent_desktop.texts import FormBody, Id, Line, Version

router = APIRouter(tags=["office"])

SettingName = Annotated[str, Path(pattern=r"^(units|categories|roles|calendar-[0-9]{4})$")]


class RulePackAnswer(BaseModel):
    """The regulation in force, every value with its article; a silent regulation shows ``null``."""

    pack: dict[str, Any]


class SettingAnswer(BaseModel):
    """A setting as it was last changed; version 0: never, what ships is in force."""

    name: str
    value: dict[str, Any] | None
    version: int
    changed_at: datetime | None
    changed_by_name: str | None


class SettingIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Version
    value: FormBody


class LedgerLine(BaseModel):
    """One line of a ledger; ``hash`` covers the line and the hash of the one before."""

    entry_id: int
    ledger: str
    ticket_id: str
    at: datetime
    by: str
    by_name: str
    verb: str
    body: dict[str, Any]
    hash: str


class LedgerPage(BaseModel):
    lines: list[LedgerLine]
    next_cursor: str | None


class BreakOut(BaseModel):
    """A place where a chain does not hold."""

    chain: int
    position: int
    entry_id: int | None
    problem: str


class ProofAnswer(BaseModel):
    """Whole when there are no breaks."""

    breaks: list[BreakOut]


class RecusalIn(BaseModel):
    """An interest: in one ticket, in everything about a unit, or in everything of a caller."""

    model_config = ConfigDict(extra="forbid")

    scope: Literal["ticket", "unit", "caller"]
    scope_id: Id
    reason: Annotated[Line, Field(min_length=1, max_length=500)]


class RecusalAnswer(BaseModel):
    recusal_id: str


@router.get("/rulepack", response_model=RulePackAnswer, responses=responses("not_logged_in", "forbidden"))
def rule_pack(_visitor: TicketReader, doors: TheDoors) -> RulePackAnswer:
    """The city's regulation as the system applies it."""
    with doors.read() as session:
        return RulePackAnswer(pack=ticketing.pack_json(doors.office(session).pack))


@router.get(
    "/settings/{name}", response_model=SettingAnswer, responses=responses("not_logged_in", "forbidden", "not_found")
)
def setting(name: SettingName, _visitor: OfficeReader, doors: TheDoors) -> SettingAnswer:
    """Units, categories, roles or a year's calendar, as changed at run time."""
    with doors.read() as session:
        found = ticketing.get_setting(session, name.replace("-", "/"))
        if found is None:
            return SettingAnswer(name=name, value=None, version=0, changed_at=None, changed_by_name=None)
        names = names_of(session, {found.changed_by})
        return SettingAnswer(
            name=name,
            value=dict(found.value),
            version=found.version,
            changed_at=found.changed_at,
            changed_by_name=names.get(found.changed_by, found.changed_by),
        )


@router.put(
    "/settings/{name}",
    response_model=SettingAnswer,
    responses=responses("not_logged_in", "forbidden", "ticket_refused", "setting_conflict"),
)
def change_setting(name: SettingName, wanted: SettingIn, visitor: OfficeWriter, doors: TheDoors) -> SettingAnswer:
    """Changes a setting; it holds for the next command everywhere.  Faulty values are refused whole."""
    now = doors.now()
    with doors.write.begin() as session:
        result = ticketing.change_setting(
            session, name.replace("-", "/"), wanted.value, wanted.version, visitor.user.user_id, now
        )
        if isinstance(result, ticketing.Refused):
            if result.reason == "setting_conflict":
                raise DeskError("setting_conflict", **dict(result.detail))
            raise refused(result)
    return SettingAnswer(
        name=name,
        value=wanted.value,
        version=result,
        changed_at=now,
        changed_by_name=visitor.user.display_name,
    )


@router.get("/ledger", response_model=LedgerPage, responses=responses("not_logged_in", "forbidden"))
def ledger(
    visitor: LedgerReader,
    doors: TheDoors,
    name: Literal["history", "urge", "redo", "supervise", "access", "settings", "papers"] | None = None,
    ticket_id: Id | None = None,
    cursor: Annotated[int | None, Field(ge=1, le=2**53)] = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> LedgerPage:
    """Lines of the ledgers, newest first, without those about matters that are kept from the visitor."""
    from agent_desktop.api.tickets import viewer_of

    with doors.read() as session:
        viewer = viewer_of(session, doors, visitor)
        found = ticketing.read_ledgers(session, viewer, name=name, ticket_id=ticket_id, before=cursor, limit=limit + 1)
        names = names_of(session, {line.by for line in found})
        lines = [
            LedgerLine(
                entry_id=line.entry_id,
                ledger=line.ledger,
                ticket_id=line.ticket_id,
                at=line.at,
                by=line.by,
                by_name=names.get(line.by, line.by),
                verb=line.verb,
                body=dict(line.body),
                hash=line.hash,
            )
            for line in found[:limit]
        ]
    return LedgerPage(lines=lines, next_cursor=str(lines[-1].entry_id) if len(found) > limit else None)


@router.get("/ledger/proof", response_model=ProofAnswer, responses=responses("not_logged_in", "forbidden"))
def proof(_visitor: LedgerReader, doors: TheDoors) -> ProofAnswer:
    """Checks every line of every ledger against its hash and the one before; takes a while on a large office."""
    with doors.read() as session:
        return ProofAnswer(
            breaks=[
                BreakOut(chain=one.chain, position=one.position, entry_id=one.entry_id, problem=one.problem)
                for one in ticketing.verify(session)
            ]
        )


@router.post(
    "/recusals",
    status_code=201,
    response_model=RecusalAnswer,
    responses=responses("not_logged_in", "forbidden", "ticket_refused"),
)
def recuse(wanted: RecusalIn, visitor: TicketReader, doors: TheDoors) -> RecusalAnswer:
    """Declares an interest of the visitor's own: from now on those matters do not exist for the visitor."""
    user = visitor.user.user_id
    with doors.write.begin() as session:
        result = ticketing.declare_recusal(
            session, user, wanted.scope, wanted.scope_id, wanted.reason, by=user, now=doors.now()
        )
        if isinstance(result, ticketing.Refused):
            raise refused(result)
    return RecusalAnswer(recusal_id=result)
