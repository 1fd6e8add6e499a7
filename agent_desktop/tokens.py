"""Tokens of other programs: a website, an app or a mailbox hands matters in without a person's log-in.

A token is 256 random bits, told once; the database knows its SHA-256, so that a stolen copy lets nobody in.  What it
may do is data: its rights, who the matters come from (``origin``), by which way, how often a minute, and until when.
One that was revoked, has run out or never was is the same answer, so that nobody learns which.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

import ticketing
from agent_desktop.tables import TokenRow

Right = Literal["tickets.create", "tickets.read_own"]
RIGHTS: tuple[Right, ...] = get_args(Right)
PREFIX = "hlt_"
"""By which scanners of source code find a token that was left lying about."""
LONGEST_LIFE = timedelta(days=366 * 2)
MOST_PER_MINUTE = 6000
MINUTE = timedelta(minutes=1)


class BadToken(ValueError):
    """A token cannot be made or ended like this; the text says why."""


@dataclass(frozen=True)
class Token:
    """A token as it may be shown to whoever keeps them."""

    token_id: str
    name: str
    rights: tuple[str, ...]
    origin: str
    channel: str
    per_minute: int
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None

    def state(self, now: datetime) -> Literal["valid", "expired", "revoked"]:
        """Whether it lets anybody in."""
        if self.revoked_at is not None:
            return "revoked"
        return "valid" if now < self.expires_at else "expired"


@dataclass(frozen=True)
class TooOften:
    """The token was used as often as it may be in this minute; ``wait`` is how long until the next one begins."""

    wait: timedelta


def make_token(
    session: Session,
    *,
    name: str,
    rights: Sequence[str],
    origin: str,
    channel: str,
    per_minute: int,
    expires_at: datetime,
    made_by: str,
    now: datetime,
) -> tuple[Token, str]:
    """The token and its secret, which is kept nowhere; raises BadToken."""
    problem = _fault(name, rights, origin, channel, per_minute, expires_at, now)
    if problem is not None:
        raise BadToken(problem)
    secret = PREFIX + secrets.token_urlsafe(32)
    row = TokenRow(
        token_id=str(uuid.uuid4()),
        name=name.strip(),
        token_hash=_hash(secret),
        rights=sorted(set(rights)),
        origin=origin,
        channel=channel,
        per_minute=per_minute,
        made_by=made_by,
        made_at=now,
        expires_at=expires_at,
        minute_uses=0,
    )
    session.add(row)
    session.flush()
    return _shown(row), secret


def list_tokens(session: Session, after: str | None = None, limit: int = 200) -> list[Token]:
    """The newest first, also those that let nobody in any more; ``after`` is the last token of the page before."""
    statement = select(TokenRow).order_by(TokenRow.made_at.desc(), TokenRow.token_id.desc())
    last = session.get(TokenRow, after) if after is not None else None
    if last is not None:
        same = (TokenRow.made_at == last.made_at) & (TokenRow.token_id < last.token_id)
        statement = statement.where((TokenRow.made_at < last.made_at) | same)
    return [_shown(row) for row in session.scalars(statement.limit(limit))]


def revoke_token(session: Session, token_id: str, by: str, now: datetime) -> Token:
    """Ends a token for good, from the next request on; raises BadToken when there is none.  Twice is once."""
    row = session.get(TokenRow, token_id, with_for_update=True)
    if row is None:
        raise BadToken(f"there is no token {token_id}")
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = now, by
    return _shown(row)


def use_token(session: Session, secret: str, now: datetime) -> Token | TooOften | None:
    """Whose token it is, counted as one use; None for one that lets nobody in."""
    wanted = select(TokenRow).where(TokenRow.token_hash == _hash(secret)).with_for_update()
    row = session.scalars(wanted).one_or_none()
    if row is None or _shown(row).state(now) != "valid":
        return None
    if row.minute_began is None or not row.minute_began <= now < row.minute_began + MINUTE:
        row.minute_began, row.minute_uses = now, 0
    if row.minute_uses >= row.per_minute:
        return TooOften(row.minute_began + MINUTE - now)
    row.minute_uses += 1
    row.used_at = now
    return _shown(row)


def _fault(
    name: str,
    rights: Sequence[str],
    origin: str,
    channel: str,
    per_minute: int,
    expires_at: datetime,
    now: datetime,
) -> str | None:
    if not 1 <= len(name.strip()) <= 64 or not ticketing.storable(name):
        return "a name has 1 to 64 characters"
    if not rights or set(rights) - set(RIGHTS):
        return f"rights are one or more of {', '.join(RIGHTS)}"
    if origin not in get_args(ticketing.Origin):
        return f"the origin is one of {', '.join(get_args(ticketing.Origin))}"
    if channel not in get_args(ticketing.Channel):
        return f"the channel is one of {', '.join(get_args(ticketing.Channel))}"
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        return f"requests a minute are 1 to {MOST_PER_MINUTE}"
    if not now < expires_at <= now + LONGEST_LIFE:
        return "it runs out in the future, two years from now at most"
    return None


def _shown(row: TokenRow) -> Token:
    return Token(
        token_id=row.token_id,
        name=row.name,
        rights=tuple(row.rights),
        origin=row.origin,
        channel=row.channel,
        per_minute=row.per_minute,
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
