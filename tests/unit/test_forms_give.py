"""No guard asks for what no form can give: every verb's form on the page against the guards, under every city's pack.

The guards run on a table of what was given that writes down every name they ask for.  The page's forms are read from
``forms.ts``, with the conditions under which a field is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import ticketing as t
from tests.kit.tickets import pack_of
from ticketing.calendar import WorkCalendar
from ticketing.case import Case, Relations, Request, Work
from ticketing.facts import Facts
from ticketing.guards import GUARDS
from ticketing.life import TABLE
from ticketing.rulepack import Version
from ticketing.transitions import Transition

pytestmark = pytest.mark.unit
TOP = Path(__file__).parents[2]
FORMS_TS = (TOP / "agent_desktop/web/src/tickets/act/forms.ts").read_text("utf-8")
CITIES = sorted(
    folder.name
    for place in (TOP / "cities", TOP / "tests/data/cities")
    for folder in place.iterdir()
    if (folder / "tickets.toml").is_file()
)
NOW = datetime(2025, 6, 3, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
SHORT = {"reason": "reason", "ruling": "ruling", "days": "days", "mode": "mode", "files": "attachments"}
SHORT |= {"orderUnits": "units"}
"""Fields that have a name of their own in the file."""


def parts(text: str) -> Iterator[str]:
    """The elements of a list in TypeScript."""
    depth, begin = 0, 0
    for position, letter in enumerate(text):
        depth += (letter in "[{(") - (letter in "]})")
        if letter == "," and depth == 0:
            yield text[begin:position].strip()
            begin = position + 1
    if text[begin:].strip():
        yield text[begin:].strip()


def forms() -> dict[str, list[tuple[str, tuple[str, ...], str]]]:
    """By verb: each field's name, the statuses it is asked in (none: any) and the check it belongs to."""
    inside = FORMS_TS.split("export const FORMS", 1)[1].split("= {\n", 1)[1].split("\n}\n", 1)[0]
    found = {}
    for entry in parts(inside):
        verb, said = entry.split(":", 1)
        fields = []
        for field in parts(said.strip()[1:-1]):
            named = re.search(r"name: '(\w+)'|(?:line|text|choice)\('(\w+)'", field)
            short = re.search(r"\w+", field)
            assert short is not None
            name = (named[1] or named[2]) if named else SHORT[short[0]]
            phases = re.search(r"phases: \[(.*?)\]", field)
            check = re.search(r"check: '(\w+)'", field)
            statuses = tuple(re.findall(r"\w+", phases[1])) if phases else ()
            fields.append((name, statuses, check[1] if check else ""))
        found[verb.strip()] = fields
    return found


FORMS = forms()
ELSEWHERE = re.findall(r"'(\w+)'", FORMS_TS.split("export const ELSEWHERE", 1)[1].split("]\n", 1)[0])


def shown(row: Transition, version: Version) -> set[str]:
    """The names a person can give for this row of the table, as ``fieldsOf`` and ``checksOf`` decide it."""
    report, reply = version.rules.report, version.rules.reply
    checks = {"", *(report.checks if report is not None else ())}
    if reply is not None and reply.by == "unit":
        checks.add("caller_answered")
    return {name for name, phases, check in FORMS[row.verb] if (not phases or row.frm in phases) and check in checks}


class Asked(dict[str, Any]):
    """What was given, with the names that were asked for."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)


WORK = Work(
    work_id="w",
    ticket_id="t",
    parent_id=None,
    unit_id="county",
    role="lead",
    depth=1,
    status="handling",
    mode="phone",
    items=(),
    attachments=(),
    delivered_at=NOW,
)
RELATIONS = Relations(
    {"county": ("county",), "township": ("township", "county"), "village": ("village", "township", "county")},
    {"county": "county", "township": "township", "village": "community"},
)
REQUEST = Request("r", "w", "extension", "", None, "pending", NOW)
NOTHING: dict[Any, Any] = {"str": "", "bool": False, "int": 0, "datetime": NOW, "tuple[str, ...]": ()}
"""A ticket of which nothing is known, by the types of its fields."""
DEPEND_ON_THE_CITY = (
    *(("report", name) for name in ("signature", "seal", "leader", "satisfaction_note", "answered_via")),
    *(("explain", "plan"), ("close", "explanation"), ("close", "closing_report"), ("pass_review", "public_reply")),
    *(("not_accept", "channel"), ("not_accept", "reason"), ("request_extension", "reason"), ("supervise", "days")),
    *(("sub_dispatch", "duty_list"), ("dispatch", "skip_reason"), ("dispatch", "mode")),
)
CHECKED_BY_ITEMS = {"all_items_answered"}
"""A check of a report that is given item by item, wherever there are items."""
BY_PROGRAMS = {"sub_dispatch": {"days", "basis"}, "report": {"items"}}
"""Names that a guard reads and no form gives: each unit's line has days and basis of its own, and a list of items
without their results comes from programs."""
FOUND = {"duty": "d", "duty_act": "circular_criticism", "duty_confirm": (), "stages": (), "meeting_units": ("county",)}
VALUES: dict[str, Any] = {
    "attendance": {"county": "came"},
    "changes": {"title": "x"},
    "wake_at": NOW + timedelta(days=1),
    "item": 1,
    "how": "decided",
    "outcome": "satisfied",
    "party": "accused_unit",
    "stage": "first",
}


def wishes(row: Transition, version: Version) -> Iterator[dict[str, Any]]:
    """What must not be missing, with every ground and code that this city knows."""
    base = {name: VALUES.get(name, "x") for name in row.needs}
    rules = version.rules
    several: dict[str, list[Any]] = {
        "units": [["county"], ["township"], ["village"]],
        "ground": list(rules.terminate.grounds) if rules.terminate is not None else [],
        "body": list(rules.unsolvable.then) if rules.unsolvable is not None else [],
        "code": [one.code for one in (*rules.not_accept, *rules.ground)] + ["REPEAT", "EMERGENCY"],
    }
    choices = [(name, value) for name in row.needs for value in several.get(name, ())]
    yield from ({**base, name: value} for name, value in choices) if choices else (base,)


TICKET = t.Ticket(**{name: NOTHING.get(field.type) for name, field in t.Ticket.__dataclass_fields__.items()})


def facts_of(row: Transition, version: Version, given: Asked) -> tuple[t.Ticket | Work, Facts]:
    """A matter that stands where the row starts, and what a guard is told of it."""
    ticket, work = TICKET, WORK
    if row.machine == "work":
        work = replace(WORK, status=row.frm)
    else:
        ticket = replace(TICKET, phase=row.frm)
    facts = Facts(
        given=given,
        rules=version.rules,
        now=NOW,
        case=Case(ticket, (work,), requests=(REQUEST,)),
        actor=t.Actor("op1", frozenset({"supervisor"})),
        relations=RELATIONS,
        calendar=WorkCalendar([]),
        found=FOUND | {"settled": "REPEAT" in given.values()},
    )
    return (work if row.machine == "work" else ticket), facts


def test_every_form_is_read() -> None:
    people = {row.verb for row in TABLE if row.actors != {"system"}}
    assert set(FORMS) == people - set(ELSEWHERE)
    assert ("explanation", ("terminated",), "") in FORMS["close"]
    assert ("signature", (), "handler_signature") in FORMS["report"]


def faults(version: Version, row: Transition) -> Iterator[str]:
    """What a guard of this row asks for and nobody can give."""
    every, can_give = {name for name, _, _ in FORMS[row.verb]}, shown(row, version)
    for wish in wishes(row, version):
        given = Asked(wish)
        subject, facts = facts_of(row, version, given)
        refusals = [refused for name in row.guards if (refused := GUARDS[name](subject, facts)) is not None]
        needs = {name for refused in refusals for name in refused.detail.get("needs", ())}
        checks = {name for refused in refusals for name in refused.detail.get("missing", ())}
        without = checks - {check for _, _, check in FORMS[row.verb]} - CHECKED_BY_ITEMS
        read = given.names - every - BY_PROGRAMS.get(row.verb, set())
        yield from (
            f"{version.id} {row.frm} {row.verb}: {name}" for name in sorted((needs - can_give) | without | read)
        )


@pytest.mark.parametrize("city", CITIES)
def test_no_guard_asks_for_what_no_form_can_give(city: str) -> None:
    rows = [row for row in TABLE if row.verb in FORMS and row.actors != {"system"}]
    assert [fault for version in pack_of(city).versions for row in rows for fault in faults(version, row)] == []


def test_a_form_that_lacks_a_field_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test itself: of each field that some regulation makes a condition the loss is seen."""
    lost = []
    versions = [version for city in CITIES for version in pack_of(city).versions]
    for verb, name in DEPEND_ON_THE_CITY:
        fields = [field for field in FORMS[verb] if field[0] != name]
        monkeypatch.setitem(FORMS, verb, fields)
        rows = [row for row in TABLE if row.verb == verb]
        if not [fault for version in versions for row in rows for fault in faults(version, row)]:
            lost.append((verb, name))
        monkeypatch.undo()
    assert lost == []
