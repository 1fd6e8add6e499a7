"""Roles and reasons as data."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from agent_desktop.house_rules import BadHouseRules, Permission, load_house_rules

pytestmark = pytest.mark.unit


def test_the_shipped_rules_use_every_permission() -> None:
    rules = load_house_rules()
    assert set().union(*(role.permissions for role in rules.roles.values())) == set(get_args(Permission))


def test_nobody_but_agents_takes_calls_and_administrators_read_no_tickets() -> None:
    rules = load_house_rules()
    assert [name for name, role in rules.roles.items() if "call.take" in role.permissions] == ["agent"]
    assert not rules.permissions(("admin",)) & {"ticket.read", "card.read", "recording.read"}


def test_roles_add_up_and_unknown_ones_allow_nothing() -> None:
    rules = load_house_rules()
    assert rules.permissions(("gone",)) == frozenset()
    both = rules.permissions(("agent", "supervisor", "gone"))
    assert {"call.take", "ticket.confidential"} <= both
    assert rules.ticket_roles(("agent", "gone")) == {"operator"}


def test_the_systems_own_reasons_cannot_be_chosen() -> None:
    rules = load_house_rules()
    assert rules.choosable("meal")
    for code in ("wrap_up", "signed_in", "missed_calls", "screen_lost", "unheard_of"):
        assert not rules.choosable(code)


def test_the_switchs_own_reasons_have_words() -> None:
    from agent_desktop.presence import SCREEN_LOST
    from cti.agents import WRAP_UP
    from cti.wishes import MISSED_CALLS, SIGNED_IN

    known = {reason.code for reason in load_house_rules().reasons}
    assert {WRAP_UP, SIGNED_IN, MISSED_CALLS, SCREEN_LOST} <= known


def test_every_problem_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    path.write_text(
        """
        [roles.agent]
        zh = "a"
        en = "a"
        ticket_role = "operator"
        permissions = ["call.take", "fly"]

        [[reasons]]
        code = "Bad Code"
        zh = "x"
        """,
        "utf-8",
    )
    with pytest.raises(BadHouseRules) as refused:
        load_house_rules(path)
    text = str(refused.value)
    assert all(str(path) in line for line in text.splitlines())
    for place in ("roles.agent.permissions", "reasons.0.code", "reasons.0.en"):
        assert place in text


@pytest.mark.parametrize("content", [b"roles = [", b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "desk.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadHouseRules, match=r"desk\.toml"):
        load_house_rules(path)
