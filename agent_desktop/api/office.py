"""The office itself: its regulation, its settings, and the proof that its ledgers are whole."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

import cti
import ticketing
from agent_desktop import working_rules
from agent_desktop.access import LedgerReader, OfficeReader, OfficeWriter, TheDoors, TicketReader, Visitor, desk_of
from agent_desktop.api.tickets import names_of, refused, viewer_of
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.floor_day import Formula
from agent_desktop.house_rules import PERMISSIONS
from agent_desktop.paging import LineCursor
from agent_desktop.texts import FormBody, Id, Version

router = APIRouter(tags=["office"])

SettingName = Annotated[str, Path(pattern=r"^(units|categories|roles|parameters|messages|desk|calendar-[0-9]{4})$")]


class RulePackAnswer(BaseModel):
    """The regulation in force, every value with its article; a silent regulation shows ``null``."""

    pack: dict[str, Any]


class SettingAnswer(BaseModel):
    """A setting as it was last changed; version 0: never, what ships is in force.

    ``in_force`` is what holds now, in the form in which it is changed; ``choices`` what its fields may hold.
    """

    name: str
    value: dict[str, Any] | None
    in_force: dict[str, Any] | None
    choices: dict[str, list[str]]
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


@router.get("/rulepack", response_model=RulePackAnswer, responses=responses("not_logged_in", "forbidden"))
def rule_pack(_visitor: TicketReader, doors: TheDoors) -> RulePackAnswer:
    """The city's regulation as the system applies it."""
    with doors.read() as session:
        return RulePackAnswer(pack=ticketing.pack_json(doors.office(session).pack))


@router.get(
    "/settings/{name}", response_model=SettingAnswer, responses=responses("not_logged_in", "forbidden", "not_found")
)
def setting(name: SettingName, _visitor: OfficeReader, doors: TheDoors) -> SettingAnswer:
    """Units, categories, roles, parameters, messages, the desk's rules or a year's calendar, as changed at run time."""
    with doors.read() as session:
        return _setting(session, doors, name)


@router.put(
    "/settings/{name}",
    response_model=SettingAnswer,
    responses=responses("not_logged_in", "forbidden", "ticket_refused", "setting_conflict"),
)
async def change_setting(
    name: SettingName, wanted: SettingIn, visitor: OfficeWriter, request: Request, doors: TheDoors
) -> SettingAnswer:
    """Changes a setting; it holds for the next command and the next call.  Faulty values are refused whole."""
    answer = await run_in_threadpool(_change, name, wanted, visitor, doors)
    if name == working_rules.NAME:
        await desk_of(request).follow_rules()
    return answer


def _change(name: str, wanted: SettingIn, visitor: Visitor, doors: Doors) -> SettingAnswer:
    now = doors.now()
    problem = None
    if name == "roles":
        problem = doors.config.house_rules.fault_of_made(wanted.value.get("roles"))
    elif name == working_rules.NAME:
        problem = working_rules.fault(wanted.value)
    if problem is not None:
        raise DeskError("ticket_refused", reason="invalid_setting", name=name, problem=problem)
    with doors.write.begin() as session:
        result = ticketing.change_setting(
            session, name.replace("-", "/"), wanted.value, wanted.version, visitor.user.user_id, now
        )
        if isinstance(result, ticketing.Refused):
            if result.reason == "setting_conflict":
                raise DeskError("setting_conflict", **dict(result.detail))
            raise refused(result)
        return _setting(session, doors, name)


@router.get("/settings/{name}/history", response_model=LedgerPage, responses=responses("not_logged_in", "forbidden"))
def setting_history(
    name: SettingName,
    visitor: OfficeReader,
    doors: TheDoors,
    cursor: LineCursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> LedgerPage:
    """Every change of a setting, newest first: who, when, what stood before and what after."""
    return _lines(doors, visitor, "settings", f"setting:{name.replace('-', '/')}", cursor, limit)


@router.get("/ledger", response_model=LedgerPage, responses=responses("not_logged_in", "forbidden"))
def ledger(
    visitor: LedgerReader,
    doors: TheDoors,
    name: Literal["history", "urge", "redo", "supervise", "access", "settings", "papers"] | None = None,
    ticket_id: Id | None = None,
    cursor: LineCursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> LedgerPage:
    """Lines of the ledgers, newest first, without those about matters that are kept from the visitor."""
    return _lines(doors, visitor, name, ticket_id, cursor, limit)


def _lines(
    doors: Doors, visitor: Visitor, name: str | None, ticket_id: str | None, cursor: int | None, limit: int
) -> LedgerPage:
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


def _desks_choices(doors: Doors, name: str) -> dict[str, list[str]]:
    """The permissions a role made at run time may have, and the roles that have theirs from the desk's file; the modes
    of wrap-up."""
    if name == working_rules.NAME:
        return {"wrap_up_mode": [str(mode) for mode in cti.WrapUp], "service_formula": [str(one) for one in Formula]}
    if name != "roles":
        return {}
    return {"permissions": list(PERMISSIONS), "fixed": sorted(doors.config.house_rules.roles)}


def _in_force(session: Session, doors: Doors, name: str) -> dict[str, Any] | None:
    office = doors.office(session)
    if name == working_rules.NAME:
        return working_rules.in_force(doors.config.rules, office).model_dump(mode="json")
    return ticketing.setting_in_force(office, name)


def _setting(session: Session, doors: Doors, name: str) -> SettingAnswer:
    own = name.replace("-", "/")
    found = ticketing.get_setting(session, own)
    names = names_of(session, {found.changed_by}) if found is not None else {}
    return SettingAnswer(
        name=name,
        value=dict(found.value) if found is not None else None,
        in_force=_in_force(session, doors, own),
        choices=ticketing.setting_choices(own) | _desks_choices(doors, own),
        version=found.version if found is not None else 0,
        changed_at=found.changed_at if found is not None else None,
        changed_by_name=names.get(found.changed_by, found.changed_by) if found is not None else None,
    )
