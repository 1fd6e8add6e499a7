"""Indicators over HTTP: figures, the tickets behind them, files; each person counts what they may."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from tests.wire.desk.databases import url  # noqa: F401
from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, browser_at, error_id, new_ticket

pytestmark = pytest.mark.wire

ALWAYS = {"since": "2020-01-01T00:00:00+08:00", "until": "2021-01-01T00:00:00+08:00"}


@pytest.fixture
def period(house: House) -> dict[str, str]:
    now = house.clock()
    return {"since": (now - timedelta(days=1)).isoformat(), "until": (now + timedelta(days=1)).isoformat()}


@pytest.fixture
async def leader(house: House) -> AsyncIterator[Browser]:
    house.person("mayor", "duty_leader")
    house.person("numbers", "statistics")
    async with browser_at(house) as browser:
        await browser.log_in("mayor")
        yield browser


async def test_a_leader_reads_figures_and_opens_what_stands_behind_them(
    house: House, leader: Browser, period: dict[str, str]
) -> None:
    async with Browser(leader.port) as agent:
        await agent.log_in("agent1")
        ticket = (await new_ticket(agent)).json()["ticket"]
        assert (await agent.get("/api/v1/indicators", params=period)).status_code == 403
    found = (await leader.get("/api/v1/indicators", params=period)).json()
    assert found["office"]["rates"]["closure_rate"] == {"numerator": 0, "denominator": 1, "percent": 0}
    assert found["office"]["rates"]["on_time"]["percent"] is None
    assert [one["code"] for one in found["indicators"]] == list(found["office"]["rates"])
    missed = await leader.get("/api/v1/indicators/closure_rate/tickets", params={**period, "counts": "false"})
    assert [one["number"] for one in missed.json()["tickets"]] == [ticket["number"]]
    hit = await leader.get("/api/v1/indicators/closure_rate/tickets", params={**period, "counts": "true"})
    assert hit.json()["tickets"] == []


async def test_who_sees_numbers_only_gets_numbers_only(leader: Browser, period: dict[str, str]) -> None:
    async with Browser(leader.port) as agent, Browser(leader.port) as numbers:
        await agent.log_in("agent1")
        await new_ticket(agent)
        await numbers.log_in("numbers")
        found = (await numbers.get("/api/v1/indicators", params=period)).json()
        assert found["office"]["rates"]["closure_rate"]["denominator"] == 1
        behind = await numbers.get("/api/v1/indicators/closure_rate/tickets", params=period)
        assert behind.json() == {"tickets": [], "next_cursor": None}


async def test_files_say_the_same(leader: Browser, period: dict[str, str]) -> None:
    async with Browser(leader.port) as agent:
        await agent.log_in("agent1")
        await new_ticket(agent)
    text = (await leader.get("/api/v1/exports/indicators.csv", params=period)).content.decode("utf-8-sig")
    assert "closure_rate,,0.0,1,0.0" in text.splitlines()
    sheet = load_workbook(
        io.BytesIO((await leader.get("/api/v1/exports/indicators.xlsx", params=period)).content)
    ).active
    assert sheet is not None
    assert ("closure_rate", None, 0, 1, 0) in list(sheet.iter_rows(values_only=True))


async def test_a_sheet_of_ones_own_choice(leader: Browser, period: dict[str, str]) -> None:
    async with Browser(leader.port) as agent:
        await agent.log_in("agent1")
        ticket = (await new_ticket(agent)).json()["ticket"]
        address, rows = "/api/v1/exports/report.csv", ["channel", "kind"]
        assert (await agent.get(address, params={**period, "row": rows})).status_code == 403
    text = (await leader.get(address, params={**period, "row": rows})).content.decode("utf-8-sig")
    head, *lines = text.splitlines()
    assert head == "channel,kind,indicator,numerator,denominator,percent"
    assert f"phone,{ticket['kind']},closure_rate,0.0,1,0.0" in lines
    for wrong in ([], ["kind", "kind"], ["caller_number"]):
        assert error_id(await leader.get(address, params={**period, "row": wrong})) == "invalid_request"


async def test_a_period_that_is_none(leader: Browser) -> None:
    backwards = {"since": ALWAYS["until"], "until": ALWAYS["since"]}
    assert error_id(await leader.get("/api/v1/indicators", params=backwards)) == "invalid_request"
    endless = {**ALWAYS, "until": "2030-01-01T00:00:00+08:00"}
    assert error_id(await leader.get("/api/v1/indicators", params=endless)) == "invalid_request"
    assert error_id(await leader.get("/api/v1/indicators/none/tickets", params=ALWAYS)) == "not_found"
    noon = await leader.get("/api/v1/indicators/period", params={"kind": "noon_day", "on": "2026-11-28"})
    assert noon.json() == {"since": "2026-11-27T12:00:00+08:00", "until": "2026-11-28T12:00:00+08:00"}
    assert error_id(await leader.get("/api/v1/indicators/period", params={"kind": "day", "on": "9999-12-31"})) == (
        "invalid_request"
    )


async def test_the_balance_check_names_what_does_not_agree(
    house: House, leader: Browser, period: dict[str, str]
) -> None:
    async with Browser(leader.port) as agent:
        await agent.log_in("agent1")
        ticket = (await new_ticket(agent)).json()["ticket"]
        assert (await agent.get("/api/v1/balance", params=period)).status_code == 403
    found = (await leader.get("/api/v1/balance", params=period)).json()
    assert found["balanced"] is True
    assert found["stock"] == {
        "opening": 0, "registered": 1, "reopened": 0, "closed": 0, "closing": 1, "balanced": True,
    }  # fmt: skip
    with house.write.begin() as session:
        session.execute(text("UPDATE tkt_ticket SET channel = 'pigeon'"))
    found = (await leader.get("/api/v1/balance", params=period)).json()
    assert [one["code"] for one in found["checks"] if not one["balanced"]] == ["by_channel"]
    assert found["balanced"] is False
    behind = await leader.get("/api/v1/balance/by_channel/tickets", params=period)
    assert [one["number"] for one in behind.json()["tickets"]] == [ticket["number"]]
    assert (await leader.get("/api/v1/balance/weather/tickets", params=period)).status_code == 404
    wrong = await leader.get("/api/v1/balance", params={"since": period["until"], "until": period["since"]})
    assert error_id(wrong) == "invalid_request"


async def test_hot_spots_by_places_and_categories(house: House, leader: Browser, period: dict[str, str]) -> None:
    async with Browser(leader.port) as agent:
        await agent.log_in("agent1")
        ticket = (await new_ticket(agent, place="某处", category="environment/noise")).json()["ticket"]
        assert (await agent.get("/api/v1/hotspots", params=period)).status_code == 403
    found = (await leader.get("/api/v1/hotspots", params=period)).json()
    assert found["cells"] == [{"place": "-", "category": "environment", "now": 1, "before": 0, "rising": False}]
    assert [one["code"] for one in found["places"]] == [*(one.code for one in house.doors.form.places), "-"]
    one = {**period, "place": "-", "category": "environment"}
    behind = (await leader.get("/api/v1/hotspots/tickets", params=one)).json()
    assert [each["number"] for each in behind["tickets"]] == [ticket["number"]]
    deeper = (await leader.get("/api/v1/hotspots", params={**period, "above": "environment"})).json()
    assert [cell["category"] for cell in deeper["cells"]] == ["environment/noise"]
    said = (await leader.get("/api/v1/exports/hotspots.csv", params=period)).content.decode("utf-8-sig")
    assert said.splitlines()[0] == "place,category,now,before,rising"
    assert len(said.splitlines()) == 2
    for wrong, error in (({"within": "no/such"}, "not_found"), ({"above": "no/such"}, "not_found")):
        assert error_id(await leader.get("/api/v1/hotspots", params={**period, **wrong})) == error
    assert error_id(await leader.get("/api/v1/hotspots", params={**period, "within": "-"})) == "invalid_request"


async def test_a_report_of_ones_own_is_seen_opened_kept_and_shared(
    house: House, leader: Browser, period: dict[str, str]
) -> None:
    async with Browser(leader.port) as agent:
        await agent.log_in("agent1")
        ticket = (await new_ticket(agent, category="environment/noise")).json()["ticket"]
        assert (await agent.get("/api/v1/reports")).status_code == 403
    asked = {**period, "row": ["category", "unit"]}
    answer = (await leader.get("/api/v1/reports/lines", params=asked)).json()
    [line] = answer["lines"]
    assert line["values"] == ["environment/noise", ""]
    assert line["rates"]["registered"] == {"numerator": 1.0, "denominator": 1, "percent": 100.0}
    assert (answer["cut"], answer["figures"][0]) == (False, "registered")
    behind = {**asked, "value": line["values"], "code": "closure_rate"}
    found = (await leader.get("/api/v1/reports/lines/tickets", params=behind)).json()
    assert [one["number"] for one in found["tickets"]] == [ticket["number"]]
    for wrong, error in (({"value": ["x"]}, "invalid_request"), ({"code": "none"}, "not_found")):
        refused = await leader.get("/api/v1/reports/lines/tickets", params={**behind, **wrong})
        assert error_id(refused) == error
    text_of = (await leader.get("/api/v1/exports/report.csv", params={**asked, "code": "registered"})).text
    assert len(text_of.splitlines()) == 2

    body = {
        "name": "噪音月报",
        "period": "month",
        "rows": ["category", "unit"],
        "figures": ["registered", "closure_rate"],
    }
    made = (await leader.post("/api/v1/reports", json=body, headers={"Idempotency-Key": "r1"})).json()
    assert (await leader.post("/api/v1/reports", json=body, headers={"Idempotency-Key": "r1"})).json() == made
    assert (made["version"], made["own"], made["shared"]) == (1, True, False)
    for wrong_body in ({"rows": ["kind", "kind"]}, {"rows": ["caller_number"]}, {"figures": ["none"]}, {"name": " "}):
        refused = await leader.post("/api/v1/reports", json=body | wrong_body, headers={"Idempotency-Key": "r2"})
        assert error_id(refused) in ("invalid_request", "bad_body"), wrong_body
    address = f"/api/v1/reports/{made['report_id']}"
    async with Browser(leader.port) as other:
        await other.log_in("numbers")
        assert (await other.get("/api/v1/reports")).json()["reports"] == []
        changed = await leader.put(address, json=body | {"shared": True, "version": 1})
        assert changed.json()["version"] == 2
        late = await leader.put(address, json=body | {"version": 1})
        assert (late.status_code, error_id(late)) == (409, "report_conflict")
        [seen] = (await other.get("/api/v1/reports")).json()["reports"]
        assert (seen["name"], seen["own"], seen["by_name"] != "") == ("噪音月报", False, True)
        assert (await other.put(address, json=body | {"version": 2})).status_code == 404
        assert (await other.delete(address)).status_code == 404
    second = (
        await leader.post("/api/v1/reports", json=body | {"name": "周报"}, headers={"Idempotency-Key": "r3"})
    ).json()
    first = (await leader.get("/api/v1/reports", params={"limit": 1})).json()
    rest = (await leader.get("/api/v1/reports", params={"limit": 1, "cursor": first["next_cursor"]})).json()
    assert {first["reports"][0]["report_id"], rest["reports"][0]["report_id"]} == {
        made["report_id"],
        second["report_id"],
    }
    assert rest["next_cursor"] is None
    assert (await leader.delete(address)).status_code == 204
    assert (await leader.delete(address)).status_code == 404
