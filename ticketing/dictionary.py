"""The office's words: kinds, the category tree and the handling units, from the city's ``tickets.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from ticketing.pack_reader import Reader
from ticketing.rules.words import Kind, UnitKind
from ticketing.words import Label, labels

TomlPath = tuple[str | int, ...]
WORDS = ("kind", "category", "unit")
"""The arrays of tables that hold words."""


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
    kind: str = "department"
    """What sort of body it is; some consequences hold only for some."""
    parent: str | None = None
    """The unit one level up; None for a unit the centre dispatches to directly."""
    enabled: bool = True
    """A unit that no longer works keeps its past matters and gets no new ones."""
    group: str | None = None
    """The group it is assessed in, by the assessment's own name for it."""
    mobile: str = ""
    """Where text messages about its work go: the handler or the leader in charge."""
    email: str = ""


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

    def subtree(self, code: str) -> tuple[str, ...]:
        """The category and all below it; a code that is no longer in the tree is itself."""
        return (code, *(one for one in _codes(self.categories) if one.startswith(f"{code}/")))

    def path_of(self, unit_id: str) -> str:
        """The unit and those above it, ``/upper/lower/``."""
        by_id = {unit.unit_id: unit for unit in self.units}
        path, unit = "/", by_id.get(unit_id)
        while unit is not None:
            path = f"/{unit.unit_id}{path}"
            unit = by_id.get(unit.parent) if unit.parent else None
        return path


def _codes(nodes: tuple[Category, ...]) -> Iterator[str]:
    for node in nodes:
        yield node.code
        yield from _codes(node.children)


def load_dictionary(folder_or_file: Path) -> Dictionary:
    """The words of a city's ``tickets.toml``; raises ``ValueError`` that names every fault with its line."""
    from ticketing.rulepack import FILE, load_rulepack  # rulepack reads dictionaries through this module

    folder = folder_or_file.parent if folder_or_file.name == FILE else folder_or_file
    pack = load_rulepack(folder)
    if isinstance(pack, list):
        raise ValueError("\n".join(str(problem) for problem in pack))
    return pack.dictionary


def read_dictionary(reader: Reader, content: Mapping[str, Any]) -> Dictionary:
    """Kinds, categories and units; a pack without categories starts with the shipped tree.  Faults go to the reader."""
    kinds = tuple(_kind(reader, ("kind", n), table) for n, table in reader.tables((), content, "kind"))
    categories = _categories(reader, (), content, "")
    units = _units(reader, content)
    _once(reader, "kind", [kind.code for kind in kinds])
    return Dictionary(kinds, labels("status"), categories or shipped_categories(), units)


@cache
def shipped_categories() -> tuple[Category, ...]:
    """The category tree an office starts with (``categories.toml`` beside this file)."""
    text = files("ticketing").joinpath("categories.toml").read_text(encoding="utf-8")
    return _categories(Reader("categories.toml", text), (), tomllib.loads(text), "")


def _kind(reader: Reader, at: TomlPath, table: Mapping[str, Any]) -> Label:
    reader.only(at, table, {"code", "zh", "en"})
    label = Label(reader.text(at, table, "code"), reader.text(at, table, "zh"), reader.text(at, table, "en"))
    if label.code and label.code not in get_args(Kind):
        reader.fault((*at, "code"), f"there is no kind {label.code!r}{reader.near(label.code, get_args(Kind))}")
    return label


def _categories(reader: Reader, at: TomlPath, table: Mapping[str, Any], above: str) -> tuple[Category, ...]:
    found: list[Category] = []
    for position, entry in reader.tables(at, table, "category"):
        place = (*at, "category", position)
        reader.only(place, entry, {"code", "zh", "en", "category"})
        code = above + reader.text(place, entry, "code", pattern=r"[a-z0-9][a-z0-9_-]*")
        if any(known.code == code for known in found):
            reader.fault((*place, "code"), f"category {code!r} stands twice")
        zh, en = reader.text(place, entry, "zh"), reader.text(place, entry, "en")
        found.append(Category(code, zh, en, _categories(reader, place, entry, f"{code}/")))
    return tuple(found)


def _units(reader: Reader, content: Mapping[str, Any]) -> tuple[Unit, ...]:
    found: list[Unit] = []
    for position, table in reader.tables((), content, "unit"):
        at = ("unit", position)
        reader.only(at, table, {"id", "zh", "en", "kind", "parent", "group"})
        unit = Unit(
            reader.text(at, table, "id", pattern=r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"),
            reader.text(at, table, "zh"),
            reader.text(at, table, "en"),
            reader.text(at, table, "kind"),
            reader.text(at, table, "parent", optional=True) or None,
            group=reader.text(at, table, "group", optional=True) or None,
        )
        if unit.kind and unit.kind not in get_args(UnitKind):
            reader.fault((*at, "kind"), f"'kind' cannot be {unit.kind!r}{reader.near(unit.kind, get_args(UnitKind))}")
        if unit.parent is not None and all(unit.parent != known.unit_id for known in found):
            reader.fault((*at, "parent"), f"there is no unit {unit.parent!r} above this line")
        found.append(unit)
    _once(reader, "unit", [unit.unit_id for unit in found])
    return tuple(found)


def _once(reader: Reader, key: str, codes: list[str]) -> None:
    for position, code in enumerate(codes):
        if code and code in codes[:position]:
            reader.fault((key, position), f"{key} {code!r} stands twice")
