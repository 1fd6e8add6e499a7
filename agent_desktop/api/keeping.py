"""What is kept, for how long, what is held, what is gone, what is wrong, and whether the chain of seals holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

import recordings
from agent_desktop.access import RecordingKeeper, TheDoors
from agent_desktop.errors import DeskError, responses
from agent_desktop.paging import LineCursor
from agent_desktop.texts import Id, Key, Limit, own_id

from .plays import Reason
from .story import TombstoneOut
from .tickets import names_of

router = APIRouter(prefix="/keeping", tags=["recordings"])


class RuleOut(BaseModel):
    """The first rule that fits decides; ``days`` null: for ever."""

    days: int | None
    kind: str | None
    queue: str | None
    category: str | None
    result: str | None


class HoldOut(BaseModel):
    hold_id: str
    contact_id: str
    reason: str
    placed_by_name: str
    placed_at: datetime
    recordings: int


class AlarmOut(BaseModel):
    """``recording_id`` null: about all recordings (a full disk, no encoder)."""

    alarm_id: str
    kind: str
    recording_id: str | None
    raised_at: datetime
    last_at: datetime
    times: int


class TroubleOut(BaseModel):
    """A recording that cannot be played (yet), and why."""

    recording_id: str
    contact_id: str
    state: str
    problem: str
    created_at: datetime
    failures: int


class SealOut(BaseModel):
    """The newest seal: to be written down elsewhere, so that a chain cut short is noticed."""

    number: int
    digest: str
    unsealed: int


class KeepingOut(BaseModel):
    rules: list[RuleOut]
    holds: list[HoldOut]
    alarms: list[AlarmOut]
    troubles: list[TroubleOut]
    recordings: dict[str, int] = Field(description="State → how many.")
    transcripts: dict[str, int]
    bytes: int
    seconds: float
    seal: SealOut | None
    key: str = Field(description="The public key that signs, hexadecimal.")


class ChainOut(BaseModel):
    """``broken`` null: the whole chain holds; otherwise what does not, and at which seal."""

    broken: str | None
    seal: int | None


class HoldIn(BaseModel):
    contact_id: Id
    reason: Reason


class LiftIn(BaseModel):
    reason: Reason


class HoldAnswer(BaseModel):
    hold_id: str


class TombstonesOut(BaseModel):
    tombstones: list[TombstoneOut]
    names: dict[str, str] = Field(description="User id → name of those who deleted.")
    next_cursor: str | None


@router.get("", response_model=KeepingOut, responses=responses("not_logged_in", "forbidden"))
def overview(_visitor: RecordingKeeper, doors: TheDoors) -> KeepingOut:
    """Everything but the tombstones."""
    with doors.read() as session:
        there = recordings.holdings(session)
        seal = recordings.newest_seal(session)
        return KeepingOut(
            rules=[RuleOut.model_validate(rule, from_attributes=True) for rule in doors.archive.rules],
            holds=_holds(session, recordings.held(session)),
            alarms=[AlarmOut.model_validate(one, from_attributes=True) for one in recordings.open_alarms(session)],
            troubles=[TroubleOut.model_validate(one, from_attributes=True) for one in recordings.troubles(session)],
            recordings=there.recordings,
            transcripts=there.transcripts,
            bytes=there.bytes,
            seconds=there.seconds,
            seal=SealOut.model_validate(seal, from_attributes=True) if seal else None,
            key=doors.archive.signing_key(),
        )


@router.get("/chain", response_model=ChainOut, responses=responses("not_logged_in", "forbidden"))
def chain(_visitor: RecordingKeeper, doors: TheDoors) -> ChainOut:
    """Checks every seal and entry of the ledger."""
    with doors.read() as session:
        broken = doors.archive.check_chain(session)
    return ChainOut(broken=broken.what if broken else None, seal=broken.seal if broken else None)


@router.get("/tombstones", response_model=TombstonesOut, responses=responses("not_logged_in", "forbidden"))
def tombstones(
    _visitor: RecordingKeeper, doors: TheDoors, cursor: LineCursor = None, limit: Limit = 50
) -> TombstonesOut:
    """What was deleted, newest first."""
    with doors.read() as session:
        found = recordings.tombstones(session, limit + 1, cursor)
        names = names_of(session, {one.person for one in found if one.person})
    return TombstonesOut(
        tombstones=[TombstoneOut.model_validate(one, from_attributes=True) for one in found[:limit]],
        names=names,
        next_cursor=str(found[limit - 1].number) if len(found) > limit else None,
    )


@router.post("/holds", response_model=HoldAnswer, responses=responses("not_logged_in", "forbidden", "hold_refused"))
def place(asked: HoldIn, idempotency_key: Key, visitor: RecordingKeeper, doors: TheDoors) -> HoldAnswer:
    """Puts everything recorded of a contact under legal hold: nothing of it is deleted, by no rule and by nobody.  The
    same key sent again answers with the same hold."""
    me = visitor.user.user_id
    try:
        with doors.write.begin() as session:
            hold_id = recordings.place_hold(
                session,
                asked.contact_id,
                me,
                asked.reason.strip(),
                doors.now(),
                own_id(me, "hold", asked.contact_id, idempotency_key),
            )
    except recordings.HoldRefused as error:
        raise DeskError("hold_refused", reason=error.code) from error
    return HoldAnswer(hold_id=hold_id)


@router.post(
    "/holds/{hold_id}/lift",
    status_code=204,
    response_class=Response,
    responses=responses("not_logged_in", "forbidden", "hold_refused"),
)
def lift(hold_id: Id, asked: LiftIn, visitor: RecordingKeeper, doors: TheDoors) -> None:
    """Ends one hold."""
    try:
        with doors.write.begin() as session:
            recordings.lift_hold(session, hold_id, visitor.user.user_id, asked.reason.strip(), doors.now())
    except recordings.HoldRefused as error:
        raise DeskError("hold_refused", reason=error.code) from error


@router.post(
    "/alarms/{alarm_id}/clear",
    status_code=204,
    response_class=Response,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def clear(alarm_id: Id, visitor: RecordingKeeper, doors: TheDoors) -> None:
    """Somebody has seen to it."""
    with doors.write.begin() as session:
        if not recordings.clear_alarm(session, alarm_id, visitor.user.user_id, doors.now()):
            raise DeskError("not_found")


def _holds(session: Session, holds: Iterable[recordings.HoldView]) -> list[HoldOut]:
    found = list(holds)
    names = names_of(session, {one.placed_by for one in found})
    return [
        HoldOut.model_validate(
            {
                **{name: getattr(one, name) for name in one.__slots__},
                "placed_by_name": names.get(one.placed_by, one.placed_by),
            }
        )
        for one in found
    ]
