"""Tokens of other programs, as the office keeps them: made, listed and ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

import ticketing
from agent_desktop.access import OfficeReader, OfficeWriter, TheDoors
from agent_desktop.api.tickets import names_of
from agent_desktop.errors import DeskError, responses
from agent_desktop.texts import Id, Limit, Line
from agent_desktop.tokens import (
    MOST_PER_MINUTE,
    BadToken,
    Right,
    Token,
    list_tokens,
    make_token,
    revoke_token,
)

router = APIRouter(tags=["tokens"])


class TokenIn(BaseModel):
    """What a token may do, for whom, and until when."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(min_length=1, max_length=64)]
    rights: Annotated[list[Right], Field(min_length=1, max_length=10)]
    origin: ticketing.Origin = "citizen"
    channel: ticketing.Channel
    per_minute: Annotated[int, Field(ge=1, le=MOST_PER_MINUTE)] = 60
    expires_at: AwareDatetime


class TokenOut(BaseModel):
    token_id: str
    name: str
    rights: list[str]
    origin: str
    channel: str
    per_minute: int
    state: Literal["valid", "expired", "revoked"]
    made_by_name: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None


class TokenAnswer(BaseModel):
    token: TokenOut


class NewTokenAnswer(BaseModel):
    """``secret`` is what the other program shows; it is told this once."""

    token: TokenOut
    secret: str


class TokenPage(BaseModel):
    tokens: list[TokenOut]
    next_cursor: str | None


@router.get("/tokens", response_model=TokenPage, responses=responses("not_logged_in", "forbidden"))
def tokens(_visitor: OfficeReader, doors: TheDoors, cursor: Id | None = None, limit: Limit = 50) -> TokenPage:
    """All tokens, the newest first; those that were ended stay on record."""
    with doors.read() as session:
        found = list_tokens(session, cursor, limit + 1)
        more = found[limit - 1].token_id if len(found) > limit else None
        return TokenPage(tokens=_shown(session, found[:limit], doors.now()), next_cursor=more)


@router.post(
    "/tokens",
    status_code=201,
    response_model=NewTokenAnswer,
    responses=responses("not_logged_in", "forbidden", "token_refused"),
)
def create(wanted: TokenIn, visitor: OfficeWriter, doors: TheDoors) -> NewTokenAnswer:
    """Makes a token.  Its secret is in this answer and nowhere else."""
    with doors.write.begin() as session:
        try:
            made, secret = make_token(session, made_by=visitor.user.user_id, now=doors.now(), **wanted.model_dump())
        except BadToken as error:
            raise DeskError("token_refused", problem=str(error)) from None
        return NewTokenAnswer(token=_shown(session, [made], doors.now())[0], secret=secret)


@router.post(
    "/tokens/{token_id}/revoke",
    response_model=TokenAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found"),
)
def revoke(token_id: Id, visitor: OfficeWriter, doors: TheDoors) -> TokenAnswer:
    """Ends a token for good; its next request is refused."""
    with doors.write.begin() as session:
        try:
            ended = revoke_token(session, token_id, visitor.user.user_id, doors.now())
        except BadToken:
            raise DeskError("not_found") from None
        return TokenAnswer(token=_shown(session, [ended], doors.now())[0])


def _shown(session: Session, tokens: Iterable[Token], now: datetime) -> list[TokenOut]:
    tokens = list(tokens)
    names = names_of(session, {one.made_by for one in tokens})
    return [
        TokenOut(
            token_id=one.token_id,
            name=one.name,
            rights=list(one.rights),
            origin=one.origin,
            channel=one.channel,
            per_minute=one.per_minute,
            state=one.state(now),
            made_by_name=names.get(one.made_by, one.made_by),
            made_at=one.made_at,
            expires_at=one.expires_at,
            revoked_at=one.revoked_at,
            used_at=one.used_at,
        )
        for one in tokens
    ]
