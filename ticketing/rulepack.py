"""Reads a city's ``tickets.toml``: its regulation in versions, or every fault of the file with its line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from ticketing.dictionary import WORDS, Dictionary, read_dictionary
from ticketing.pack_checks import check_rules
from ticketing.pack_reader import Problem, Reader, toml_name
from ticketing.rules import Rules

FILE = "tickets.toml"
SCHEMA = 1
CONVENTION = "convention"
NOT_STATED = "not stated"
"""What stands for the date of a version whose source names none."""

TOPICS = tuple(toml_name(field.name) for field in fields(Rules))
"""Topics by their TOML names."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document the rules were taken from."""

    id: str
    title: str
    articles: int | None
    in_force: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """The regulation as it stood from one date on."""

    id: str
    effective: date | None
    """None when the source does not say; such a version is in force only where it is the only one."""
    src: tuple[str, ...]
    rules: Rules


@dataclass(frozen=True, slots=True)
class RulePack:
    """A city's regulation, all versions of it, and the office's words."""

    city: str
    name: str
    sources: tuple[Source, ...]
    versions: tuple[Version, ...]
    dictionary: Dictionary

    def in_force(self, on: date) -> Version:
        """The version a matter accepted on this day is handled by (C14); before the first one, the first."""
        dated = [version for version in self.versions if version.effective is not None]
        if not dated:
            return self.versions[0]
        begun = [version for version in dated if version.effective is not None and version.effective <= on]
        return begun[-1] if begun else dated[0]

    def version(self, version_id: str) -> Version | None:
        """The version of this name, for a ticket that keeps it."""
        return next((version for version in self.versions if version.id == version_id), None)

    def cite(self, src: Sequence[str]) -> str:
        """Articles as people cite them."""
        return "; ".join(self._cite_one(article) for article in src)

    def _cite_one(self, article: str) -> str:
        source, _, place = article.partition(":")
        title = next((known.title for known in self.sources if known.id == source), None)
        return article if title is None else f"《{title}》 {place}"


def load_rulepack(folder: Path) -> RulePack | list[Problem]:
    """The pack in ``folder``, or every fault found."""
    path = folder / FILE
    text = _text(path)
    return [text] if isinstance(text, Problem) else read_rulepack(text, str(path))


def _text(path: Path) -> str | Problem:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as problem:
        return Problem(str(path), 1, f"cannot be read: {problem.strerror}")
    except UnicodeDecodeError as problem:
        return Problem(str(path), 1, f"is not UTF-8: {problem.reason} at byte {problem.start}")


def read_rulepack(text: str, file: str) -> RulePack | list[Problem]:
    """The pack written in ``text``, or every fault found; ``file`` is only named in them."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        return [Problem.of_syntax(file, problem, text)]
    reader = Reader(file, text)
    reader.only((), content, {"schema", "id", "name", "source", "version", *WORDS})
    if content.get("schema") != SCHEMA:
        reader.fault(("schema",), f"'schema' must be {SCHEMA}")
    city = reader.text((), content, "id", pattern=r"[a-z][a-z0-9_]*")
    name = reader.text((), content, "name")
    sources = _sources(reader, content)
    reader.articles = {source.id: source.articles for source in sources} | {CONVENTION: None}
    versions = _versions(reader, content)
    dictionary = read_dictionary(reader, content)
    if reader.problems:
        return sorted(reader.problems, key=lambda problem: (problem.line, problem.message))
    return RulePack(city, name, sources, versions, dictionary)


def _sources(reader: Reader, content: Mapping[str, Any]) -> tuple[Source, ...]:
    found: list[Source] = []
    for position, table in reader.tables((), content, "source"):
        at = ("source", position)
        reader.only(at, table, {"id", "title", "articles", "in_force"})
        source = Source(
            reader.text(at, table, "id", pattern=r"[^\s:]+"),
            reader.text(at, table, "title"),
            reader.number(at, table, "articles", optional=True),
            reader.text(at, table, "in_force", optional=True) or None,
        )
        if any(known.id == source.id for known in found):
            reader.fault((*at, "id"), f"source {source.id!r} stands twice")
        found.append(source)
    return tuple(found)


def _versions(reader: Reader, content: Mapping[str, Any]) -> tuple[Version, ...]:
    found: list[Version] = []
    for position, table in reader.tables((), content, "version"):
        version = _version(reader, position, table, found)
        if version is not None:
            found.append(version)
    if not content.get("version"):
        reader.fault((), "needs at least one [[version]]")
    dated = [version.effective for version in found if version.effective is not None]
    if dated != sorted(set(dated)):
        reader.fault(("version", 0), "versions must stand in the order of their dates, each date once")
    return tuple(found)


def _version(reader: Reader, position: int, table: Mapping[str, Any], earlier: list[Version]) -> Version | None:
    at = ("version", position)
    reader.only(at, table, {"id", "effective", "src", "extends", "silent", *TOPICS})
    version_id = reader.text(at, table, "id", pattern=r"\S+")
    if any(version.id == version_id for version in earlier):
        reader.fault((*at, "id"), f"version {version_id!r} stands twice")
    src = reader.src(at, table)
    given: dict[str, Any] = {}
    base = _base(reader, at, table, earlier)
    silent = reader.words(at, table, "silent")
    for topic in fields(Rules):
        name = toml_name(topic.name)
        if name in table and name in silent:
            reader.fault((*at, "silent"), f"topic {name!r} is regulated below, it cannot be silent too")
        if name in table:
            given[topic.name] = reader.topic((*at, name), topic.name, table[name])
        elif name not in silent and base is not None:
            given[topic.name] = getattr(base, topic.name)
        elif name not in silent:
            reader.fault(at, f"topic {name!r} is neither regulated nor named in 'silent'")
    for name in silent:
        if name not in TOPICS:
            reader.fault((*at, "silent"), f"there is no topic {name!r}{reader.near(name, TOPICS)}")
    if "counting" in silent:
        reader.fault((*at, "silent"), "'counting' cannot be silent: the ways of counting must be chosen")
    check_rules(reader, at, {name: value for name, value in given.items() if toml_name(name) in table})
    effective = _effective(reader, at, table)
    return None if reader.problems else Version(version_id, effective, src, Rules(**given))


def _base(reader: Reader, at: tuple[str | int, ...], table: Mapping[str, Any], earlier: list[Version]) -> Rules | None:
    if "extends" not in table:
        return None
    for version in earlier:
        if version.id == table["extends"]:
            return version.rules
    reader.fault((*at, "extends"), f"there is no version {table['extends']!r} before this one")
    return None


def _effective(reader: Reader, at: tuple[str | int, ...], table: Mapping[str, Any]) -> date | None:
    value = table.get("effective")
    if type(value) is date:
        return value
    if value != NOT_STATED:
        reader.fault((*at, "effective"), f"'effective' must be a date like 2021-12-15, or {NOT_STATED!r}")
    return None
