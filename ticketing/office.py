"""The office as it works now: its regulation, calendar, units, words and roles, with what was changed at run time."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from ticketing import ledger
from ticketing.calendar import WorkCalendar, YearTable, read_table
from ticketing.case import Actor, Relations
from ticketing.dictionary import Category, Dictionary, Unit
from ticketing.life import EVENTS, VERBS
from ticketing.messages import Template, read_templates, shipped_templates
from ticketing.model import Refused
from ticketing.rulepack import RulePack, Version
from ticketing.rules import Counting, Rules
from ticketing.rules.words import UnitKind
from ticketing.tables_work import SettingChangeRow, SettingRow


@dataclass(frozen=True, slots=True)
class Role:
    """What a role may do and see."""

    zh: str
    en: str
    sees: str
    """``all``, ``unit``, ``numbers`` or ``own``."""
    verbs: frozenset[str]
    reads: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    """What the desk allows whoever has it, in the desk's own words; empty for a role the desk has from its file."""


@dataclass(frozen=True, slots=True)
class Office:
    """Everything a command needs to know about where it runs."""

    pack: RulePack
    calendar: WorkCalendar
    dictionary: Dictionary
    relations: Relations
    roles: Mapping[str, Role]
    messages: tuple[Template, ...] = ()
    desk: Mapping[str, Any] = field(default_factory=dict)
    """The desk's own rules that were changed, in the desk's words; only the desk knows what they mean."""

    def version_of(self, version_id: str, accepted: datetime) -> Version:
        """The version a ticket keeps (C14); by its date of acceptance when it names none this pack has."""
        kept = self.pack.version(version_id)
        zone = self.pack.versions[0].rules.counting.time_zone
        return kept or self.pack.in_force(local_date(accepted, zone))

    def may(self, actor: Actor, verb: str) -> bool:
        """Whether one of the person's roles has the verb."""
        return any(verb in self.roles[role].verbs for role in actor.roles if role in self.roles)

    def sees(self, actor: Actor, what: str) -> bool:
        """Whether one of the person's roles sees this much."""
        return any(self.roles[role].sees == what for role in actor.roles if role in self.roles)


SEES = ("all", "unit", "own", "numbers")
"""How much a role sees, the most first."""

_LAST_CHANGE = select(func.max(cast(Table, SettingChangeRow.__table__).c.change_id))


class OfficeDesk:
    """Gives the office as it is now; reads the settings again only when one was changed."""

    def __init__(self, pack: RulePack) -> None:
        self._pack = pack
        self._seen = -1
        self._office: Office | None = None

    def current(self, session: Session) -> Office:
        """The office with every change that was committed so far."""
        last = session.connection().execute(_LAST_CHANGE).scalar() or 0
        if self._office is None or last != self._seen:
            settings = {row.name: row.value for row in session.scalars(select(SettingRow))}
            self._office, self._seen = build_office(self._pack, settings), last
        return self._office


def build_office(pack: RulePack, settings: Mapping[str, Any] | None = None) -> Office:
    """The office of a pack with its changed settings laid over."""
    settings = settings or {}
    dictionary = pack.dictionary
    if "units" in settings:
        dictionary = replace(dictionary, units=tuple(Unit(**unit) for unit in settings["units"]["units"]))
    if "categories" in settings:
        dictionary = replace(dictionary, categories=_categories(settings["categories"]["categories"]))
    roles = shipped_roles() | {name: _role(said) for name, said in settings.get("roles", {}).get("roles", {}).items()}
    pack = _with_parameters(pack, settings.get("parameters", {}))
    tables = [_table(value) for name, value in settings.items() if name.startswith("calendar/")]
    said = settings.get("messages")
    messages = read_templates(said, EVENTS) if said is not None else shipped_templates(EVENTS)
    desk = settings.get("desk", {})
    return Office(pack, WorkCalendar(tables), dictionary, relations_of(dictionary), roles, messages, desk)


@cache
def bare_office() -> Office:
    """An office without a regulation: for registering where no city is known."""
    rules = Rules(counting=Counting(src=("convention",)))
    pack = RulePack("", "", (), (Version("", None, (), rules),), Dictionary((), (), (), ()))
    return build_office(pack)


def relations_of(dictionary: Dictionary) -> Relations:
    """Lines of units from the list of units."""
    by_id = {unit.unit_id: unit for unit in dictionary.units}
    above: dict[str, tuple[str, ...]] = {}
    for unit in dictionary.units:
        line, current = [unit.unit_id], unit.parent
        while current is not None and current in by_id and current not in line:
            line.append(current)
            current = by_id[current].parent
        above[unit.unit_id] = tuple(line)
    disabled = frozenset(unit.unit_id for unit in dictionary.units if not unit.enabled)
    return Relations(above, {unit.unit_id: unit.kind for unit in dictionary.units}, disabled)


def shipped_roles() -> dict[str, Role]:
    """The roles an office starts with."""
    content = tomllib.loads(files("ticketing").joinpath("roles.toml").read_text(encoding="utf-8"))
    return {name: _role(said) for name, said in content.items()}


@dataclass(frozen=True, slots=True)
class Setting:
    """Something the office changed at run time."""

    value: Mapping[str, Any]
    version: int
    changed_at: datetime
    changed_by: str


def get_setting(session: Session, name: str) -> Setting | None:
    """A setting as it was last changed; None when what ships is in force."""
    row = session.get(SettingRow, name)
    return None if row is None else Setting(row.value, row.version, row.changed_at, row.changed_by)


def change_setting(
    session: Session, name: str, value: Mapping[str, Any], expected_version: int, by: str, now: datetime
) -> int | Refused:
    """Changes a setting at run time, effective for the next command everywhere; returns its new version.

    Names: ``units``, ``categories``, ``roles``, ``parameters``, ``messages``, ``desk``, ``calendar/<year>``.
    Faulty values are refused whole.
    """
    problem = _fault(name, value)
    if problem is not None:
        return Refused("invalid_setting", {"name": name, "problem": problem})
    row = session.get(SettingRow, name, with_for_update=True, populate_existing=True)
    if (row.version if row is not None else 0) != expected_version:
        return Refused("setting_conflict", {"version": row.version if row is not None else 0})
    before = row.value if row is not None else None
    if row is None:
        row = SettingRow(name=name, version=0)
        session.add(row)
    row.value, row.version, row.changed_at, row.changed_by = dict(value), row.version + 1, now, by
    session.add(SettingChangeRow(name=name))
    session.flush()
    ledger.append(session, "settings", f"setting:{name}", "change", {"before": before, "after": value}, by=by, now=now)
    return row.version


def loaded_tables(session: Session) -> list[YearTable]:
    """The years' tables the office has loaded over the built-in calendar."""
    rows = session.scalars(select(SettingRow).where(SettingRow.name.startswith("calendar/")).order_by(SettingRow.name))
    return [_table(row.value) for row in rows]


def setting_version(session: Session, name: str) -> int:
    """The version a change of this setting must name; 0 where it was never changed."""
    row = session.get(SettingRow, name, populate_existing=True)
    return row.version if row is not None else 0


def local_date(moment: datetime, zone: str) -> date:
    """The date of a moment in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


_LISTS = {"units": "units", "categories": "categories", "messages": "message"}
"""Settings that are one list, under this key."""


def _fault(name: str, value: Mapping[str, Any]) -> str | None:
    """Why a setting cannot be used; whatever an office could not be built with is refused before it is stored."""
    if name not in (*_LISTS, "roles", "parameters", "desk") and not name.startswith("calendar/"):
        return "no such setting"
    key = _LISTS.get(name)
    if key is not None and not isinstance(value.get(key), list):
        return f"{key!r} is a list"
    try:
        problem = _units_fault([Unit(**unit) for unit in value["units"]]) if name == "units" else None
        if problem is None:
            build_office(bare_office().pack, {name: value})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"
    return problem


LIGHTS = {"yellow_within": 30, "yellow_share": 100}
"""Parameters of the traffic lights an office may change at run time, and the most each may be."""


def _with_parameters(pack: RulePack, parameters: Mapping[str, Any]) -> RulePack:
    """The pack with the office's own lights in every version; dates themselves are the regulation's alone."""
    if not parameters:
        return pack
    for name, value in parameters.items():
        if name not in LIGHTS or type(value) is not int or not 0 <= value <= LIGHTS[name]:
            raise ValueError(f"{name} cannot be {value!r}")
    versions = []
    for version in pack.versions:
        counting = replace(version.rules.counting, **parameters)
        versions.append(replace(version, rules=replace(version.rules, counting=counting)))
    return replace(pack, versions=tuple(versions))


def _units_fault(units: list[Unit]) -> str | None:
    for unit in units:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", str(unit.unit_id)):
            return f"{unit.unit_id!r} cannot be a unit's id"
        for name in ("zh", "en"):
            _word(asdict(unit), name)
        if not isinstance(unit.mobile, str) or not isinstance(unit.email, str) or not isinstance(unit.enabled, bool):
            return f"{unit.unit_id}: 'mobile' and 'email' are texts, 'enabled' is true or false"
    ids = [unit.unit_id for unit in units]
    if len(set(ids)) != len(ids):
        return "a unit stands twice"
    strange = {unit.kind for unit in units} - set(get_args(UnitKind))
    if strange:
        return f"no kind {min(strange)!r}"
    missing = {unit.parent for unit in units if unit.parent} - set(ids)
    if missing:
        return f"no unit {min(missing)!r}"
    by_id = {unit.unit_id: unit for unit in units}
    for unit in units:
        seen, current = set(), unit
        while current.parent is not None:
            if current.unit_id in seen:
                return f"unit {unit.unit_id!r} stands above itself"
            seen.add(current.unit_id)
            current = by_id[current.parent]
    return None


def _role(said: Mapping[str, Any]) -> Role:
    unknown = set(said["verbs"]) - set(VERBS)
    if unknown:
        raise ValueError(f"no verb {min(unknown)!r}")
    if said["sees"] not in SEES:
        raise ValueError(f"'sees' cannot be {said['sees']!r}")
    reads, permissions = (frozenset(map(str, said.get(name, ()))) for name in ("reads", "permissions"))
    return Role(_word(said, "zh"), _word(said, "en"), said["sees"], frozenset(said["verbs"]), reads, permissions)


def _categories(nodes: list[Mapping[str, Any]], above: str = "") -> tuple[Category, ...]:
    """A category's code is the path to it; no two have the same."""
    found: list[Category] = []
    for node in nodes:
        code, name = str(node["code"]), str(node["code"]).removeprefix(above)
        if not (code.startswith(above) and re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name)):
            raise ValueError(f"code {code!r}: small letters, digits, - and _ below {above or 'the top'!r}")
        if any(one.code == code for one in found):
            raise ValueError(f"category {code!r} stands twice")
        below = _categories(node.get("children", []), f"{code}/")
        found.append(Category(code, _word(node, "zh"), _word(node, "en"), below))
    return tuple(found)


def _word(said: Mapping[str, Any], name: str) -> str:
    """A name that people read."""
    value = said[name]
    if not isinstance(value, str) or not value.strip() or len(value) > 200:
        raise ValueError(f"{name!r} is a text of 1 to 200 characters, not {value!r}")
    return value


def _table(value: Mapping[str, Any]) -> YearTable:
    table = read_table(value["text"], value["source"])
    if isinstance(table, list):
        raise ValueError("; ".join(table))
    return table
