"""Roles and not-ready reasons: data from a ``desk.toml``, checked whole at start."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Permission = Literal[
    "call.take",
    "call.barge",
    "call.listen",
    "call.whisper",
    "call.read",
    "card.read",
    "caller.mark",
    "caller.review",
    "knowledge.read",
    "knowledge.write",
    "knowledge.review",
    "ticket.read",
    "ticket.write",
    "ticket.confidential",
    "ticket.export",
    "recusal.manage",
    "statistics.read",
    "ledger.read",
    "office.read",
    "office.write",
    "recording.read",
    "voicemail.handle",
    "recording.search",
    "recording.export",
    "recording.review",
    "recording.keep",
    "floor.read",
    "floor.act",
    "system.read",
]
"""What a role may allow.  The routes name the permission they need."""
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

SHIPPED = Path(__file__).parent / "data" / "desk.toml"


class Role(BaseModel):
    """A named set of permissions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    en: str
    ticket_role: str
    """What this role is called in the ticket workflow's table."""
    permissions: frozenset[Permission]


class Reason(BaseModel):
    """Why an agent is not ready.  ``system`` reasons are set by the desk itself, never chosen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    zh: str
    en: str
    system: bool = False
    minutes: int | None = Field(default=None, ge=1, le=24 * 60)
    """How long a break for this reason may last; it is shown when it is over, never ended by itself."""


class HouseRules(BaseModel):
    """A ``desk.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    roles: dict[str, Role]
    reasons: tuple[Reason, ...]

    def permissions(self, roles: tuple[str, ...]) -> frozenset[Permission]:
        """What somebody with these roles may do; a role that is no longer in the file allows nothing."""
        return frozenset[Permission]().union(*(self.roles[role].permissions for role in roles if role in self.roles))

    def ticket_roles(self, roles: tuple[str, ...]) -> frozenset[str]:
        """The names of these roles in the ticket workflow's table."""
        return frozenset(self.roles[role].ticket_role for role in roles if role in self.roles)

    def fault_of_made(self, roles: Any) -> str | None:
        """Why these roles cannot be made at run time, as far as the desk is concerned; None when they can.

        A role of the file keeps the permissions it has there, so that nobody locks the office out of itself.
        """
        for code, said in roles.items() if isinstance(roles, dict) else ():
            wanted = said.get("permissions", []) if isinstance(said, dict) else []
            if not isinstance(wanted, list):
                return f"{code}: 'permissions' is a list"
            strange = [str(one) for one in wanted if one not in PERMISSIONS]
            if strange:
                return f"{code}: no permission {min(strange)!r}"
            if wanted and code in self.roles:
                return f"{code}: its permissions stand in desk.toml"
        return None

    def limit(self, code: str) -> timedelta | None:
        """How long somebody may be not ready for this reason."""
        minutes = next((reason.minutes for reason in self.reasons if reason.code == code), None)
        return timedelta(minutes=minutes) if minutes is not None else None

    def choosable(self, code: str) -> bool:
        """Whether an agent may give ``code`` as a reason."""
        return any(reason.code == code and not reason.system for reason in self.reasons)


class BadHouseRules(ValueError):
    """A ``desk.toml`` that cannot be used; the text lists every problem."""


def load_house_rules(path: Path = SHIPPED) -> HouseRules:
    """Reads and checks a ``desk.toml``; raises BadHouseRules naming the file and every problem in it."""
    try:
        return HouseRules.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadHouseRules(f"{path}: {error}") from error
    except ValidationError as error:
        problems = [f"{path}: {'.'.join(map(str, p['loc']))}: {p['msg']}" for p in error.errors()]
        raise BadHouseRules("\n".join(problems)) from error
