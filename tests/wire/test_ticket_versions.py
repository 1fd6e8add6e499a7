"""The version of a regulation a ticket keeps, and the ways of counting a pack may choose otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

import ticketing as t
from tests.kit.tickets import House, engine, handler, pack_of  # noqa: F401

pytestmark = pytest.mark.wire


def counting(house: House, **choices: Any) -> House:
    """The same house with other conventions."""
    pack = pack_of("demo")
    version = pack.versions[0]
    rules = replace(version.rules, counting=replace(version.rules.counting, **choices))
    house.desk = t.OfficeDesk(replace(pack, versions=(replace(version, rules=rules),)))
    return house


def test_c14_a_ticket_keeps_the_version_of_its_acceptance(engine: Engine) -> None:  # noqa: F811
    house = House(engine, "qinghe")
    house.clock("2024-05-31T23:00")
    old = house.create(kind="inquiry")
    house.clock("2024-06-01T00:00")
    new = house.create(kind="inquiry")
    assert (old.pack_version, new.pack_version) == ("trial", "law")
    for ticket in (old, new):
        house.do(ticket, "dispatch", units=["bureau"])
        house.do(ticket, "sign", handler("bureau"), work=house.work(ticket, "bureau")["work_id"])
    assert (house.due(old), house.due(new)) == ("2024-06-11T17:30:00", "2024-06-02T00:00:00")


def test_c14_rebasing_is_a_decision_on_record(engine: Engine) -> None:  # noqa: F811
    house = House(engine, "qinghe")
    house.clock("2024-05-31T23:00")
    ticket = house.dispatched("bureau", kind="complaint")
    assert house.refused(ticket, "rebase", edition="none", reason="x").reason == "invalid_field"
    assert house.refused(ticket, "rebase", edition="trial", reason="x").reason == "invalid_field"
    house.clock("2024-06-02T09:00")
    ticket = house.do(ticket, "rebase", edition="law", reason="新条例施行")
    assert (ticket.pack_version, house.due(ticket)) == ("law", "2024-06-05T17:30:00")
    assert house.work(ticket, "bureau")["explanation"]["version"] == "law"
    with house.db() as session:
        said = t.history(session, ticket.ticket_id)[-1].body
    assert (said["from"], said["edition"], len(said["works"])) == ("trial", "law", 1)


def test_c5_a_pack_may_start_the_clock_at_the_signature(engine: Engine) -> None:  # noqa: F811
    house = counting(House(engine, "demo"), unit_clock_from="signature")
    ticket = house.do(house.create(), "dispatch", units=["bureau"])
    assert house.work(ticket, "bureau")["due_at"] is None
    house.clock("2025-06-05T09:00")
    ticket = house.do(ticket, "sign", handler("bureau"))
    assert house.due(ticket) == "2025-06-19T23:59:59"


def test_c6_a_pack_may_count_twice_as_more_than_twice(engine: Engine) -> None:  # noqa: F811
    house = counting(House(engine, "demo"), thresholds="exclusive")
    ticket = house.dispatched("bureau")
    work = house.work(ticket, "bureau")["work_id"]
    house.clock("2025-06-30T09:00")
    for expected in ({}, {}, {"circular_criticism": True}):
        house.do(ticket, "urge", work=work)
        assert house.duties(ticket) == expected


def test_c8_a_pack_may_count_an_extension_from_its_approval(engine: Engine) -> None:  # noqa: F811
    house = counting(House(engine, "demo"), extension_from="approval")
    ticket = house.dispatched("bureau")
    house.do(ticket, "request_extension", handler("bureau"), days=10, reason="难")
    house.clock("2025-06-12T09:00")
    house.do(ticket, "approve_extension", work=house.work(ticket, "bureau")["work_id"])
    assert house.due(ticket) == "2025-06-26T23:59:59"


def test_c9_a_pack_may_leave_the_next_unit_only_the_rest(engine: Engine) -> None:  # noqa: F811
    house = counting(House(engine, "demo"), redispatch="remaining")
    ticket = house.dispatched("bureau")
    house.do(ticket, "request_return", handler("bureau"), reason="不归我")
    house.clock("2025-06-06T10:00")
    ticket = house.do(ticket, "approve_return", work=house.work(ticket, "bureau")["work_id"])
    ticket = house.do(ticket, "dispatch", units=["company"])
    assert house.due(ticket, "company") == "2025-06-17T23:59:59"
