"""People who log in: passwords, log-in with throttling, server-side sessions.

Passwords are stored as argon2id with OWASP's smaller parameter set (19 MiB, 2 passes), which keeps twenty people
logging in at a shift change from filling the memory.  A session is a random 256-bit token in a cookie; the database
knows only its SHA-256.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, sessionmaker

from agent_desktop.tables import SessionRow, UserRow
from agent_desktop.throttle import count_try, forget_tries, throttle_key

SESSION_LIFE = timedelta(hours=12)
"""A log-in never lasts longer than this, whatever happens: one shift with its edges."""
SESSION_IDLE = timedelta(hours=2)
"""A log-in not used for this long is over.  An open desk page counts as use."""
SEEN_STEP = timedelta(minutes=1)
"""The last use is written down no more often than this."""

FREE_FAILURES = 5
"""Failed log-ins in a row that cost no waiting."""

USERNAME = re.compile(r"[\w.@+-]{1,64}")
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_nobody = _hasher.hash("no such user: checked all the same so that the answer takes as long")
_few_at_once = threading.BoundedSemaphore(2)


class BadAccount(ValueError):
    """A user cannot be made like this; the text says why."""


@dataclass(frozen=True)
class User:
    """One person who may log in."""

    user_id: str
    username: str
    display_name: str
    roles: tuple[str, ...]
    agent_id: str | None
    enabled: bool
    unit_id: str | None = None
    """The handling unit the person works for; None for the hotline office itself."""


@dataclass(frozen=True)
class LoggedIn:
    """A successful log-in: ``token`` goes into the cookie and is kept nowhere else."""

    user: User
    token: str


@dataclass(frozen=True)
class LoginRefused:
    """No log-in; ``retry_after`` is how long the next try must wait, None when it need not."""

    retry_after: timedelta | None = None


def clean_username(raw: str) -> str:
    """The stored form of a user name: NFKC, lower case, no blanks around.  Raises BadAccount."""
    name = unicodedata.normalize("NFKC", raw).strip().casefold()
    if not USERNAME.fullmatch(name):
        raise BadAccount("a user name has 1 to 64 letters, digits or . _ @ + -")
    return name


def generate_password() -> str:
    """A random password that can be read over a telephone: four groups of four, no look-alikes (77 bits)."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def hash_password(password: str) -> str:
    """argon2id hash; raises BadAccount for a password too short, too long or not encodable."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadAccount(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    try:
        return _hasher.hash(password)
    except UnicodeEncodeError as error:
        raise BadAccount("the password has characters that cannot be encoded") from error


def add_user(
    session: Session,
    *,
    username: str,
    password: str,
    display_name: str,
    roles: Sequence[str],
    now: datetime,
    agent_id: str | None = None,
    unit_id: str | None = None,
) -> User:
    """Adds a user; raises BadAccount when the name is taken or a value cannot be used."""
    name = clean_username(username)
    if _row_by_name(session, name) is not None:
        raise BadAccount(f"there is a user {name} already")
    row = UserRow(
        user_id=str(uuid.uuid4()),
        username=name,
        display_name=display_name.strip() or name,
        password_hash=hash_password(password),
        roles=list(roles),
        agent_id=agent_id,
        unit_id=unit_id,
        enabled=True,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return _user(row)


def list_users(session: Session) -> list[User]:
    """All users by name."""
    return [_user(row) for row in session.scalars(select(UserRow).order_by(UserRow.username))]


def find_user(session: Session, username: str) -> User | None:
    """The user of that name."""
    row = _row_by_name(session, clean_username(username))
    return _user(row) if row else None


def accounts_named(session: Session, name: str) -> list[User]:
    """Whose log-in this is, or else everybody who is called so."""
    rows = session.scalars(select(UserRow).where(or_(UserRow.username == name, UserRow.display_name == name)))
    found = [_user(row) for row in rows.all()]
    return [one for one in found if one.username == name] or found


def set_password(session: Session, username: str, password: str) -> User:
    """Changes a password and ends every session of that user.  Raises BadAccount."""
    row = _row_by_name(session, clean_username(username))
    if row is None:
        raise BadAccount("there is no such user")
    row.password_hash = hash_password(password)
    session.execute(delete(SessionRow).where(SessionRow.user_id == row.user_id))
    return _user(row)


def link_agent(session: Session, username: str, agent_id: str | None) -> User:
    """Gives a user an agent's place, or takes it away with None.  Raises BadAccount."""
    row = _row_by_name(session, clean_username(username))
    if row is None:
        raise BadAccount("there is no such user")
    row.agent_id = agent_id
    return _user(row)


def remove_user(session: Session, user_id: str) -> None:
    """Removes a user and the user's sessions; what the user did stays in the ledgers."""
    session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))
    session.execute(delete(UserRow).where(UserRow.user_id == user_id))


def user_of_agent(session: Session, agent_id: str) -> User | None:
    """The user who sits at that agent's place."""
    row = session.scalar(select(UserRow).where(UserRow.agent_id == agent_id))
    return _user(row) if row else None


def log_in(
    sessions: sessionmaker[Session], username: str, password: str, address: str, now: datetime
) -> LoggedIn | LoginRefused:
    """Checks a password and opens a session, in three short transactions with the slow hash outside of them.

    Every try is counted before the password is looked at, so guesses sent side by side gain nothing.  Tries are
    counted for the name together with the address, and for the address alone with ten times the allowance; a
    stranger can therefore not lock an agent out from elsewhere.  An unknown name costs as long as a known one.
    """
    keys = {_throttle_key(username, address): FREE_FAILURES, _throttle_key("", address): 10 * FREE_FAILURES}
    with sessions.begin() as session:
        wait = count_try(session, keys, now)
        row = _row_by_name(session, _clean_or_empty(username))
    if wait:
        return LoginRefused(wait)
    usable = row is not None and row.enabled
    if not _matches(row.password_hash if row and usable else _nobody, password) or row is None or not usable:
        return LoginRefused()
    token = secrets.token_urlsafe(32)
    with sessions.begin() as session:
        forget_tries(session, *keys)
        session.execute(delete(SessionRow).where(SessionRow.expires_at < now))
        session.add(
            SessionRow(
                token_hash=hash_token(token),
                user_id=row.user_id,
                created_at=now,
                seen_at=now,
                expires_at=now + SESSION_LIFE,
            )
        )
    return LoggedIn(_user(row), token)


def who_is(session: Session, token_hash: str, now: datetime) -> tuple[User, datetime] | None:
    """The user of a live session, with the time of its last noted use; None when it is over."""
    found = session.execute(
        select(UserRow, SessionRow)
        .join(SessionRow, SessionRow.user_id == UserRow.user_id)
        .where(SessionRow.token_hash == token_hash, SessionRow.expires_at > now, UserRow.enabled)
    ).first()
    if found is None or now - found[1].seen_at > SESSION_IDLE:
        return None
    return _user(found[0]), found[1].seen_at


def note_use(session: Session, token_hash: str, now: datetime) -> None:
    """Writes down that a session is in use."""
    row = session.get(SessionRow, token_hash)
    if row is not None:
        row.seen_at = now


def log_out(session: Session, token_hash: str) -> None:
    """Ends one session."""
    session.execute(delete(SessionRow).where(SessionRow.token_hash == token_hash))


def hash_token(token: str) -> str:
    """What the database keeps of a session's token (the token is random: no salt is needed)."""
    return hashlib.sha256(token.encode()).hexdigest()


def _clean_or_empty(username: str) -> str:
    try:
        return clean_username(username)
    except BadAccount:
        return ""


def _matches(stored: str, password: str) -> bool:
    with _few_at_once:
        try:
            return _hasher.verify(stored, password)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False


def _throttle_key(username: str, address: str) -> str:
    return throttle_key(unicodedata.normalize("NFKC", username).strip().casefold(), address)


def _row_by_name(session: Session, name: str) -> UserRow | None:
    return session.scalar(select(UserRow).where(UserRow.username == name))


def _user(row: UserRow) -> User:
    return User(row.user_id, row.username, row.display_name, tuple(row.roles), row.agent_id, row.enabled, row.unit_id)
