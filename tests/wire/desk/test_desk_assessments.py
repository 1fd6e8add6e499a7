"""Assessments on the desk: seen before they are run, what follows written down once, listed and decided."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import ticketing
from tests.kit.tickets import pack_of
from tests.wire.desk import house as houses
from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, browser_at, error_id, new_ticket

pytestmark = pytest.mark.wire

MARK = "closure_rate"


def measured() -> ticketing.RulePack:
    """The demo city's regulation with another city's marks; every unit is measured from its first ticket on."""
    pack, other = houses._pack(), pack_of("luhe_assessment").versions[0].rules.assessment
    assert other is not None
    marks = tuple(
        replace(one, group="all", leads_to=("circular_criticism",)) for one in other.thresholds if one.indicator == MARK
    )
    versions = tuple(
        replace(one, rules=replace(one.rules, assessment=replace(other, thresholds=marks))) for one in pack.versions
    )
    return replace(pack, versions=versions)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    pack = measured()
    monkeypatch.setattr(houses, "_pack", lambda: pack)
    built = House(tmp_path)
    built.agent(1)
    built.person("chief", "supervisor")
    built.person("mayor", "duty_leader")
    return built


@pytest.fixture
async def leader(house: House) -> AsyncIterator[Browser]:
    async with browser_at(house) as browser:
        await browser.log_in("chief")
        yield browser


@pytest.fixture
def period(house: House) -> dict[str, Any]:
    now = house.clock()
    return {"since": (now - timedelta(days=1)).isoformat(), "until": (now + timedelta(days=1)).isoformat()}


async def given_to_a_unit(leader: Browser) -> str:
    """A ticket that a unit has and nobody has closed; its id."""
    async with Browser(leader.port) as agent:
        await agent.log_in("agent1")
        made = (await new_ticket(agent)).json()["ticket"]
    address = f"/api/v1/tickets/{made['ticket_id']}/acts"
    act = {"verb": "dispatch", "given": {"units": ["u1"]}}
    answer = await leader.post(address, json=act, headers={"Idempotency-Key": "d1"})
    assert answer.status_code == 200, answer.text
    return str(made["ticket_id"])


async def test_seen_run_listed_and_decided(leader: Browser, period: dict[str, Any]) -> None:
    await given_to_a_unit(leader)
    seen = (await leader.get("/api/v1/assessments/results", params=period)).json()
    [unit] = seen["units"]
    assert (unit["unit_id"], unit["tickets"], unit["rates"][MARK]["percent"]) == ("u1", 1, 0)
    assert seen["marks"][0]["at_least"] == 95
    assert (await leader.get("/api/v1/assessments")).json() == {"assessments": [], "next_cursor": None}
    wanted = {**period, "campaign": "年终", "ranking": ["u1"]}
    run = (await leader.post("/api/v1/assessments", json=wanted)).json()
    assert (run["findings"][0]["unit"], run["findings"][0]["acts"]) == ("u1", ["circular_criticism"])
    again = (await leader.post("/api/v1/assessments", json=wanted)).json()
    assert again["findings"] == run["findings"]
    first = (await leader.get("/api/v1/assessments", params={"limit": 1})).json()
    [listed] = first["assessments"]
    assert (listed["assessment_id"], listed["campaign"]) == (again["assessment_id"], "年终")
    rest = (await leader.get("/api/v1/assessments", params={"cursor": first["next_cursor"]})).json()
    assert [one["assessment_id"] for one in rest["assessments"]] == [run["assessment_id"]]

    duties = (await leader.get("/api/v1/duties")).json()["duties"]
    assert {one["act"] for one in duties} == {"circular_criticism", "discipline_accountability"}
    assert all((one["unit_id"], one["ticket_id"]) == ("u1", None) for one in duties)
    circular = next(one for one in duties if one["act"] == "circular_criticism")
    address = f"/api/v1/duties/{circular['duty_id']}/decision"
    bare = await leader.post(address, json={"done": False})
    assert (bare.status_code, error_id(bare)) == (422, "ticket_refused")
    decided = await leader.post(address, json={"done": True, "note": "已发"})
    assert (decided.json()["status"], decided.json()["note"]) == ("done", "已发")
    assert error_id(await leader.post(address, json={"done": True})) == "ticket_refused"
    assert len((await leader.get("/api/v1/duties")).json()["duties"]) == 1
    assert len((await leader.get("/api/v1/duties", params={"status": "done", "unit": "u1"})).json()["duties"]) == 1
    page = (await leader.get("/api/v1/duties", params={"limit": 1})).json()
    assert (len(page["duties"]), page["next_cursor"]) == (1, None)


async def test_who_may_not(house: House, leader: Browser, period: dict[str, Any]) -> None:
    house.person("handler", "unit_handler", "u1")
    async with Browser(leader.port) as mayor, Browser(leader.port) as unit:
        await mayor.log_in("mayor")
        assert (await mayor.get("/api/v1/assessments/results", params=period)).status_code == 200
        assert (await mayor.post("/api/v1/assessments", json=period)).status_code == 403
        await unit.log_in("handler")
        assert (await unit.get("/api/v1/duties")).json() == {"duties": [], "next_cursor": None}
        assert (await unit.get("/api/v1/assessments", params=period)).status_code == 403
    for wrong in ({"ranking": ["nowhere"]}, {"ranking": ["u1", "u1"]}, {"until": period["since"]}):
        assert error_id(await leader.post("/api/v1/assessments", json={**period, **wrong})) == "invalid_request"
