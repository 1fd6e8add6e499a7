"""Properties of the workflow's table: nothing is unreachable, nothing is a trap, nothing is without a handler."""

from __future__ import annotations

from pathlib import Path

import pytest

from ticketing.case import ENDED_WORK, OPEN_WORK
from ticketing.effects import EFFECTS
from ticketing.guards import GUARDS
from ticketing.life import CLOSED_PHASES, OPEN_PHASES, TABLE, VERBS, BrokenTable, read_table
from ticketing.lifedoc import life_markdown
from ticketing.office import shipped_roles
from ticketing.words import labels

pytestmark = pytest.mark.unit
TOP = Path(__file__).parents[2]
MACHINES = ("ticket", "work")
FINAL = {"ticket": {"archived"}, "work": ENDED_WORK}


def statuses(machine: str) -> set[str]:
    rows = [row for row in TABLE if row.machine == machine]
    return {row.frm for row in rows} | {row.to for row in rows if row.to}


def reachable(machine: str) -> set[str]:
    found, edge = {"new"}, {"new"}
    while edge:
        edge = {row.to for row in TABLE if row.machine == machine and row.frm in edge and row.to} - found
        found |= edge
    return found


@pytest.mark.parametrize("machine", MACHINES)
def test_every_status_is_reachable(machine: str) -> None:
    assert reachable(machine) == statuses(machine)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_open_status_has_an_exit(machine: str) -> None:
    open_ones = OPEN_PHASES if machine == "ticket" else OPEN_WORK
    assert open_ones <= statuses(machine)
    for status in statuses(machine) - FINAL[machine]:
        exits = [row for row in TABLE if (row.machine, row.frm) == (machine, status) and row.to not in (None, status)]
        assert exits, status


@pytest.mark.parametrize("machine", MACHINES)
def test_from_every_status_the_end_can_be_reached(machine: str) -> None:
    ends = FINAL[machine] | ({"accepted"} if machine == "work" else set())
    done, grown = set(ends), True
    while grown:
        before = len(done)
        done |= {row.frm for row in TABLE if row.machine == machine and row.to in done}
        grown = len(done) > before
    assert done == statuses(machine)


def test_an_open_status_never_waits_for_the_system_alone() -> None:
    for machine, open_ones in (("ticket", OPEN_PHASES), ("work", OPEN_WORK)):
        for status in open_ones:
            rows = [row for row in TABLE if (row.machine, row.frm) == (machine, status)]
            assert any(row.actors - {"system"} for row in rows), status


def test_open_and_closed_do_not_overlap() -> None:
    assert not OPEN_PHASES & CLOSED_PHASES
    assert not OPEN_WORK & ENDED_WORK


def test_every_verb_has_a_handler_and_every_handler_a_verb() -> None:
    assert set(EFFECTS) == set(VERBS)


def test_every_rule_named_exists_and_every_rule_is_named() -> None:
    assert {name for row in TABLE for name in row.guards} == set(GUARDS)


def test_a_verb_belongs_to_one_machine() -> None:
    for verb in VERBS:
        assert len({row.machine for row in TABLE if row.verb == verb}) == 1, verb


def test_every_verb_somebody_may_do_is_somebodys() -> None:
    roles = shipped_roles()
    given = {verb for role in roles.values() for verb in role.verbs}
    assert given == set(VERBS)
    people = {verb for name, role in roles.items() if name != "system" for verb in role.verbs}
    for row in TABLE:
        if row.actors - {"system"} and row.verb != "deliver":
            assert row.verb in people, row.verb


def test_there_is_a_role_for_everybody_in_the_office() -> None:
    assert set(shipped_roles()) >= {
        "operator", "dispatcher", "supervisor", "duty_leader", "unit_handler", "unit_leader", "upper_reviewer",
        "inspector", "auditor", "statistics", "admin",
    }  # fmt: skip


def test_every_status_and_verb_has_its_words() -> None:
    named = {label.code for label in labels("status")}
    assert named == (statuses("ticket") | statuses("work")) - {"new"}
    assert {label.code for label in labels("verb")} == set(VERBS)


def test_every_change_sends_an_event() -> None:
    assert [row.verb for row in TABLE if not row.emits] == []


def test_the_documents_diagram_is_the_table() -> None:
    assert (TOP / "docs" / "ticket-life.md").read_text("utf-8").endswith(life_markdown())


@pytest.mark.parametrize(
    "text", ["a | b", "[ticket]\na | b | c | nobody | - | - | - | - | -", "a | b | c | unit | - | - | - | - | -"]
)
def test_a_broken_table_is_refused(text: str) -> None:
    with pytest.raises(BrokenTable):
        read_table(text)


def test_two_rows_that_contradict_each_other_are_refused() -> None:
    from ticketing.transitions import index

    with pytest.raises(ValueError, match="two rows"):
        index((*TABLE, TABLE[0]))
