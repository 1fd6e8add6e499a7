"""Conversations as the desk's interface offers them: what the switch is asked for, what the page is shown, the duty
roster, and what is written into the ticket afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import ticketing
from agent_desktop import WorkingRules
from cti import DutyRow, Kind, Party, Phase, Place, Target, WrapUp, on_duty
from cti.facts import ConversationChanged, PartyCalled, PartyJoined, PartyLeft
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser, Page, browser_at, error_id, new_ticket

pytestmark = pytest.mark.wire

CALL = f"call-{CONTACT[:4]}"
UNIT = "5550201"
KEY = {"Idempotency-Key": "roster-1"}
LINE = {
    "unit_id": "water-company",
    "unit_name": "自来水公司",
    "person": "抢修调度",
    "number": UNIT,
    "days": [1, 2, 3, 4, 5, 6, 7],
}


def party(kind: Kind, place: Place, number: str = "", agent_id: str = "") -> Party:
    return Party(f"third-{number}" if number else kind.value, f"PJSIP/{kind}", kind, number, place, "r", agent_id)


async def talking(house: House, page: Page) -> None:
    await page.register()
    await page.state("not_ready")
    house.queued()
    house.rings("a1")
    await page.state("ringing")
    house.answers("a1")
    await page.state("talking")


def stands(house: House, phase: Phase, *others: Party) -> None:
    """The switch shows the call like this."""
    together = Place.MUSIC if phase in (Phase.CONSULTING, Phase.CALLING, Phase.HELD) else Place.TOGETHER
    parties = (party(Kind.CITIZEN, together), party(Kind.AGENT, Place.TOGETHER, agent_id="a1"), *others)
    house.bridge.call_views[CALL] = replace(house.bridge.call_views[CALL], phase=phase, parties=parties)
    house.tell(
        ConversationChanged(at=house.at(), call_id=CALL, contact_id=CONTACT, phase=phase.value, agent_id="a1"),
    )


@asynccontextmanager
async def root(agent: Browser) -> AsyncIterator[Browser]:
    """The administrator's browser."""
    async with Browser(agent.port) as opened:
        assert (await opened.log_in("root")).status_code == 200
        yield opened


async def test_who_is_on_the_line_and_what_may_be_done(house: House, agent: Browser) -> None:
    async with root(agent) as admin:
        assert (await admin.post("/api/v1/duty", json=LINE, headers=KEY)).status_code == 200
    async with agent.page() as page:
        await talking(house, page)
        stands(house, Phase.CONSULTING, party(Kind.UNIT, Place.TOGETHER, UNIT))
        call: dict[str, Any] = {}
        while call.get("phase") != "consulting":
            call = (await page.next("call"))["call"]
        assert [(one["kind"], one["place"], one["name"]) for one in call["parties"]] == [
            ("citizen", "music", ""),
            ("agent", "together", "Agent 1"),
            ("unit", "together", "自来水公司 · 抢修调度"),
        ]
        assert call["verbs"] == ["cancel", "merge", "transfer", "drop"]
        gone = {"channel": "PJSIP/units-1", "number": UNIT, "kind": "unit", "reason": "busy"}
        house.tell(PartyLeft(at=house.at(), call_id=CALL, contact_id=CONTACT, **gone))
        stands(house, Phase.HELD)
        while call.get("phase") != "held":
            call = (await page.next("call"))["call"]
        assert (call["gone"]["name"], call["gone"]["reason"]) == ("自来水公司 · 抢修调度", "busy")
        assert call["verbs"] == ["resume", "consult", "blind"]


async def test_nothing_is_offered_for_a_call_that_has_ended(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        await talking(house, page)
        stands(house, Phase.TALKING)
        call: dict[str, Any] = {}
        while "hold" not in call.get("verbs", []):
            call = (await page.next("call"))["call"]
        house.call_ends("a1")
        while call["state"] != "ended":
            call = (await page.next("call"))["call"]
        assert call["verbs"] == []


async def test_commands_reach_the_switch(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        await talking(house, page)
        for verb in ("hold", "resume", "cancel", "merge", "transfer", "leave"):
            answer = await agent.post(f"/api/v1/call/{verb}")
            assert answer.status_code == 200, verb
            assert answer.json()["call"]["contact_id"] == CONTACT
            assert house.bridge.asked[-1] == (verb, "a1")
        await agent.post("/api/v1/call/consult", json={"number": UNIT, "brief": False})
        assert house.bridge.asked[-1] == ("consult", "a1", Target(UNIT))
        await agent.post("/api/v1/call/transfer-blind", json={"number": "8002", "colleague": True})
        assert house.bridge.asked[-1] == ("transfer_blind", "a1", Target("8002", colleague=True))
        await agent.post("/api/v1/call/drop", json={"party": "third-1"})
        assert house.bridge.asked[-1] == ("drop", "a1", "third-1")
        for bad in ("5559876@elsewhere", "1&PJSIP/2", "", "not a number"):
            assert (await agent.post("/api/v1/call/consult", json={"number": bad})).status_code == 422


async def test_the_duty_roster_is_kept_by_the_administrator(house: House, agent: Browser) -> None:
    async with root(agent) as admin:
        day = LINE | {"begins": "08:30", "ends": "17:30"}
        made = await admin.post("/api/v1/duty", json=day, headers=KEY)
        assert (await admin.post("/api/v1/duty", json=day, headers=KEY)).json() == made.json(), "sent twice is one"
        duty_id = made.json()["duty_id"]
        assert made.json()["on_duty"] is True, "noon in the office"
        night = LINE | {"begins": "17:30", "ends": "08:30", "version": made.json()["version"]}
        changed = await admin.put(f"/api/v1/duty/{duty_id}", json=night)
        assert (changed.json()["on_duty"], changed.json()["version"]) == (False, 2)
        late = await admin.put(f"/api/v1/duty/{duty_id}", json=night | {"person": "后来的人"})
        assert (late.status_code, error_id(late)) == (409, "duty_conflict")
        assert late.json()["error"]["detail"]["current"] == changed.json()
        assert (await admin.get("/api/v1/duty/all")).json()["duty"][0]["person"] == "抢修调度"
        assert (await admin.put("/api/v1/duty/nobody", json=LINE | {"version": 1})).status_code == 404
        assert (await admin.post("/api/v1/duty", json=LINE | {"days": [8]}, headers=KEY)).status_code == 422
        assert (await admin.post("/api/v1/duty", json=LINE | {"begins": "25:00"}, headers=KEY)).status_code == 422
        assert error_id(await agent.post("/api/v1/duty", json=LINE, headers=KEY)) == "forbidden"
        assert [row["number"] for row in (await agent.get("/api/v1/duty")).json()["duty"]] == [UNIT]
        assert (await admin.delete(f"/api/v1/duty/{duty_id}")).status_code == 204
        assert (await admin.delete(f"/api/v1/duty/{duty_id}")).status_code == 404


def test_a_night_duty_belongs_to_the_day_it_begins_on() -> None:
    night = DutyRow(days=[5], begins="17:30", ends="08:30")  # Friday
    assert on_duty(night, datetime(2026, 3, 6, 23, 0))
    assert on_duty(night, datetime(2026, 3, 7, 8, 0)), "Saturday morning"
    assert not on_duty(night, datetime(2026, 3, 6, 8, 0)), "Friday morning is Thursday's"
    assert on_duty(DutyRow(days=[1], begins="00:00", ends="00:00"), datetime(2026, 3, 2, 3, 0))


async def test_the_outcome_is_written_into_the_ticket(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        await talking(house, page)
        ticket = (await new_ticket(agent, contact_id=CONTACT, kind="complaint")).json()["ticket"]
        wanted = {
            "ticket_id": ticket["ticket_id"],
            "outcome": "answered_by_unit",
            "note": "已派人抢修，两小时内恢复供水。",
        }
        address = f"/api/v1/calls/{CONTACT}/outcome"
        assert (await agent.post(address, json=wanted)).status_code == 404, "nobody was called in addition"
        about = {"call_id": CALL, "contact_id": CONTACT, "channel": "PJSIP/units-1", "number": UNIT, "kind": "unit"}
        for kind in (PartyCalled, PartyJoined):
            house.clock.forward(seconds=5)
            house.tell(kind(at=house.at(), **about))  # type: ignore[arg-type]
        stands(house, Phase.THREE_WAY, party(Kind.UNIT, Place.TOGETHER, UNIT))
        house.clock.forward(seconds=60)
        house.tell(PartyLeft(at=house.at(), reason="completed", **about))  # type: ignore[arg-type]
        answer = await agent.post(address, json=wanted)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["moved"], answer.json()["status"]) == (True, "answered")
        [who] = answer.json()["conference"]["participants"]
        assert (who["number"], who["reason"]) == (UNIT, "completed")
        assert who["called_at"] < who["joined_at"] < who["left_at"]
        assert "three_way" in [one["phase"] for one in answer.json()["conference"]["phases"]]
        with house.read() as session:
            lines = ticketing.history(session, ticket["ticket_id"])
        verbs = [line.verb for line in lines]
        assert verbs[-2:] == ["record_conference", "answer"]


async def test_a_dispatch_that_the_agent_may_not_make_is_prepared(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        await talking(house, page)
        ticket = (await new_ticket(agent, contact_id=CONTACT, kind="complaint")).json()["ticket"]
        about = {"call_id": CALL, "contact_id": CONTACT, "channel": "PJSIP/units-1", "number": UNIT, "kind": "unit"}
        house.tell(PartyCalled(at=house.at(), **about))  # type: ignore[arg-type]
        wanted = {
            "ticket_id": ticket["ticket_id"],
            "outcome": "phone_dispatch",
            "unit_id": "u1",
            "deadline": "2026-03-03T10:00:00+08:00",
        }
        answer = await agent.post(f"/api/v1/calls/{CONTACT}/outcome", json=wanted)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["moved"], answer.json()["why_not"]) == (False, "not_allowed")
        assert answer.json()["conference"]["deadline"] == "2026-03-03T10:00:00+08:00"


@pytest.mark.parametrize("mode", ["time_boxed", "timed", "discretionary"])
async def test_wrap_up_shows_what_its_mode_allows(tmp_path: Path, mode: str) -> None:
    house = House(tmp_path, rules=WorkingRules(wrap_up_mode=WrapUp(mode)))
    house.agent()
    async with browser_at(house) as agent:
        await agent.log_in()
        async with agent.page() as page:
            await talking(house, page)
            house.call_ends("a1")
            shown = (await page.state("wrap_up"))["agent"]
            assert (shown["until"] is None) == (mode == "discretionary")
            assert shown["ends_early"] == (mode != "timed")


@pytest.mark.parametrize("mode", list(WrapUp))
async def test_wrap_up_is_asked_for_where_nobody_has_it_otherwise(tmp_path: Path, mode: WrapUp) -> None:
    house = House(tmp_path, rules=WorkingRules(wrap_up_mode=mode))
    house.agent()
    async with browser_at(house) as agent:
        await agent.log_in()
        async with agent.page() as page:
            await talking(house, page)
            answer = await agent.post("/api/v1/agent/wrap-up")
    asked = [one for one in house.bridge.asked if one[0] == "ask_wrap_up"]
    if mode is WrapUp.OPTIONAL:
        assert answer.status_code == 200
        assert asked == [("ask_wrap_up", "a1")]
    else:
        assert answer.status_code == 409
        assert error_id(answer) == "refused_by_switch"
        assert asked == []
