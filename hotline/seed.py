"""A city's ``seed.toml``: sample people, agents' places, phones and calls, and the log-ins of the demo's people.

:mod:`hotline.seeding` writes it into the database.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline.secrets_file import SecretsFile


@dataclass(frozen=True)
class Seed:
    """The content of a ``seed.toml``."""

    users: tuple[dict[str, Any], ...]
    agents: tuple[dict[str, Any], ...]
    citizen_phones: tuple[dict[str, str], ...]
    calls: tuple[dict[str, Any], ...]
    duty: tuple[dict[str, Any], ...] = ()
    articles: tuple[dict[str, Any], ...] = ()
    """Of the knowledge base, from ``knowledge.toml``."""
    matters: tuple[dict[str, Any], ...] = ()
    courses: tuple[dict[str, Any], ...] = ()
    """What the office did in the weeks before, from ``history.toml`` (:mod:`hotline.seed_history`)."""


@dataclass(frozen=True)
class Login:
    """A log-in of the demo, shown to whoever starts it."""

    username: str
    password: str
    display_name: str


_FILES = ("seed.toml", "knowledge.toml", "history.toml")
_KEYS = ("user", "agent", "citizen_phone", "call", "duty", "article", "matter", "course")
"""The arrays of tables, in the order of the fields of :class:`Seed`."""


def read(city_dir: Path) -> Seed:
    """The seed of a city; one without ``seed.toml`` has none."""
    found = {key: value for name in _FILES for key, value in _toml(city_dir / name).items()}
    return Seed(*(tuple(found.get(key, ())) for key in _KEYS))


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def logins(seed: Seed, secrets: SecretsFile) -> list[Login]:
    """Everybody who can log in, in the order of the file: agents last."""
    return [Login(one["username"], password(one, secrets), one["name"]) for one in (*seed.users, *seed.agents)]


def password(one: dict[str, Any], secrets: SecretsFile) -> str:
    """The generated password of one of the seed's people."""
    return secrets.get(f"login.{one['username']}", _drawn)


def _drawn() -> str:
    from agent_desktop import generate_password  # here, because reading the file must not load the whole desk

    return generate_password()
