"""Reads a city's ``tickets.toml``: its regulation in versions, or every fault of the file with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ticketing.dictionary import Dictionary, read_dictionary
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
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        return [Problem(str(path), 1, f"cannot be read: {problem.strerror}")]
    except UnicodeDecodeError as problem:
        return [Problem(str(path), 1, f"is not UTF-8: {problem.reason} at byte {problem.start}")]
    return read_rulepack(text, str(path))


def read_rulepack(text: str, file: str) -> RulePack | list[Problem]:
    """The pack written in ``text``, or every fault found; ``file`` is only named in them."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        return [Problem.of_syntax(file, problem, text)]
    reader = Reader(file, text)
    reader.only((), content, {"schema", "id", "name", "source", "version", "kind", "category", "unit"})
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
        elif name in table:
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
    if reader.problems:
        return None
    rules = Rules(**given)
    _check_rules(reader, at, rules, table)
    return Version(version_id, _effective(reader, at, table), src, rules)


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


def _check_rules(reader: Reader, at: tuple[str | int, ...], rules: Rules, table: Mapping[str, Any]) -> None:
    """What no single field can say about itself."""
    _check_counting(reader, at, rules)
    if rules.hours is not None and not re.fullmatch(r"24h|\d\d:\d\d-\d\d:\d\d", rules.hours.manned):
        reader.fault((*at, "hours", "manned"), "'manned' must be '24h' or 'HH:MM-HH:MM'")
    if "limit" in table:
        _check_limits(reader, at, rules)
    for name, key in (("not_accept", "code"), ("consequence", "id"), ("ground", "code")):
        seen: set[str] = set()
        for position, entry in enumerate(getattr(rules, name)):
            code = getattr(entry, key)
            if code in seen and name in table:
                reader.fault((*at, name, position), f"{key} {code!r} stands twice")
            seen.add(code)
    for position, consequence in enumerate(rules.consequence):
        place = (*at, "consequence", position)
        if consequence.at_least < 1:
            reader.fault((*place, "at_least"), "'at_least' must be 1 or more")
        if not consequence.must and not consequence.may:
            reader.fault(place, "needs 'must' or 'may'")
        if consequence.judged == "after_limit" and consequence.counts != "supervise_orders":
            reader.fault((*place, "judged"), "only a supervise order has a limit of its own")


def _check_counting(reader: Reader, at: tuple[str | int, ...], rules: Rules) -> None:
    counting = rules.counting
    place = (*at, "counting")
    try:
        ZoneInfo(counting.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        reader.fault((*place, "time_zone"), f"there is no time zone {counting.time_zone!r}")
    if counting.cutoff != "24:00":
        try:
            time.fromisoformat(counting.cutoff)
        except ValueError:
            reader.fault((*place, "cutoff"), "'cutoff' must be '24:00' or a time like '17:30'")
    if not 0 <= counting.yellow_within <= 30:
        reader.fault((*place, "yellow_within"), "'yellow_within' must be 0 to 30 working days")
    if not 0 <= counting.yellow_share <= 100:
        reader.fault((*place, "yellow_share"), "'yellow_share' must be 0 to 100 percent")
    if not 0 <= counting.percent_decimals <= 6:
        reader.fault((*place, "percent_decimals"), "'percent_decimals' must be 0 to 6")


def _check_limits(reader: Reader, at: tuple[str | int, ...], rules: Rules) -> None:
    for position, limit in enumerate(rules.limit):
        place = (*at, "limit", position)
        if (limit.amount is not None) != (limit.rule == "fixed"):
            need = "needs" if limit.rule == "fixed" else "cannot have"
            reader.fault((*place, "amount"), f"a limit of rule {limit.rule!r} {need} an 'amount'")
        elif limit.amount is not None and not 1 <= limit.amount <= 3660:
            reader.fault((*place, "amount"), "'amount' must be 1 to 3660")
        if limit.target is not None and (limit.amount is None or not 1 <= limit.target < limit.amount):
            reader.fault((*place, "target"), "'target' must be smaller than 'amount'")
        for other in rules.limit[:position]:
            if _covers(other, limit):
                reader.fault(place, "can never hold: an earlier limit fits everything this one does")


def _covers(earlier: Any, later: Any) -> bool:
    """Whether everything ``later`` fits is already taken by ``earlier``."""
    if earlier.step != later.step:
        return False
    wide = ((getattr(earlier, name), getattr(later, name)) for name in ("mode", "kind", "origin"))
    return all(not first or (second and set(second) <= set(first)) for first, second in wide)
