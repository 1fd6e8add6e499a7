"""The office's words: kinds, the category tree and the handling units, from the city's ``tickets.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Label:
    """A code of the program with the words people read."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the category tree; ``code`` is the path, e.g. ``urban/lights``."""

    code: str
    zh: str
    en: str
    children: tuple[Category, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A handling unit."""

    unit_id: str
    zh: str
    en: str
    parent: str | None = None
    """The unit one level up; None for a unit the centre dispatches to directly."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """All of an office's words."""

    kinds: tuple[Label, ...]
    statuses: tuple[Label, ...]
    categories: tuple[Category, ...]
    units: tuple[Unit, ...]

    def as_json(self) -> dict[str, Any]:
        """Ready for a JSON writer."""
        return asdict(self)


def load_dictionary(path: Path) -> Dictionary:
    """Reads the words from a city's ``tickets.toml``.

    Raises ``OSError`` for an unreadable file, ``tomllib.TOMLDecodeError`` or ``KeyError`` for a broken one.
    """
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return Dictionary(
        kinds=tuple(_label(entry) for entry in content.get("kind", [])),
        statuses=tuple(_label(entry) for entry in content.get("status", [])),
        categories=tuple(_category(entry, "") for entry in content.get("category", [])),
        units=tuple(
            Unit(entry["id"], entry["zh"], entry.get("en", entry["zh"]), entry.get("parent"))
            for entry in content.get("unit", [])
        ),
    )


def _label(entry: dict[str, Any]) -> Label:
    return Label(entry["code"], entry["zh"], entry.get("en", entry["zh"]))


def _category(entry: dict[str, Any], above: str) -> Category:
    code = f"{above}{entry['code']}"
    children = tuple(_category(child, f"{code}/") for child in entry.get("category", []))
    return Category(code, entry["zh"], entry.get("en", entry["zh"]), children)
