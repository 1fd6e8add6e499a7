"""Nothing of a confidential call comes out of any route: each is asked, from the list of all, by everybody who need not
know.  What is looked for are words and numbers that only this call has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

import ticketing
from agent_desktop.house_rules import load_house_rules
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser, browser_at, new_ticket
from tests.wire.desk.test_desk_form import finished_call
from tests.wire.desk.test_desk_rules import RULES
from tests.wire.desk.told import Told
from ticketing.search_feed import Feed

pytestmark = pytest.mark.wire

NUMBER, NAME = "13800138000", "何先生"
WHO = (NUMBER, "138 0013 8000", NAME)
"""How the caller would be known."""
SAID, REMARK, CLIP = "罗盘仪在阁楼上", "旁人不该看的批注", "旁人不该听的片段"
VOICE = (SAID, "罗盘仪", REMARK, CLIP)
"""What was said in the call, and what was written beside it."""
LINES = (("citizen", 1.0, 4.0, "罗盘仪 在 阁楼 上"), ("other", 5.0, 7.0, "好的"))
ELSEWHERE = {"name": "units", "form": "csv", "agent_id": "a1", "code": "closure_rate"}
"""Parameters of routes that name nothing of the call."""

YEAR = {"since": "2026-01-01T00:00:00+08:00", "until": "2027-01-01T00:00:00+08:00"}
ROWS = ("category", "kind", "channel", "origin", "unit")
ROUTES = sorted(path for method, path in RULES if method == "GET" and path.startswith("/api/v1/"))
ASKED: dict[str, tuple[dict[str, str], ...]] = {
    "/api/v1/calls": ({"q": NUMBER},),
    "/api/v1/tickets": ({"q": NUMBER}, {"q": NAME}),
    "/api/v1/search": ({"q": SAID}, {"q": NUMBER}, {"q": NAME}),
    "/api/v1/recordings": ({"words": SAID}, {"number": NUMBER}),
    "/api/v1/exports/search.{form}": ({"q": SAID}, {"q": NUMBER}),
    "/api/v1/indicators/{code}/tickets": (YEAR,),
    "/api/v1/indicators": (YEAR,),
    "/api/v1/balance": (YEAR,),
    "/api/v1/hotspots": (YEAR,),
    "/api/v1/hotspots/tickets": (YEAR,),
    "/api/v1/exports/hotspots.{form}": (YEAR,),
    "/api/v1/balance/{code}/tickets": (YEAR,),
    "/api/v1/exports/report.{form}": tuple({**YEAR, "row": row} for row in ROWS),
    "/api/v1/assessments/results": (YEAR,),
    "/api/v1/duties": ({"status": "done"},),
    "/api/v1/reports/lines": tuple({**YEAR, "row": row} for row in ROWS),
    "/api/v1/reports/lines/tickets": ({**YEAR, "row": "kind", "value": "complaint"},),
}
"""Questions besides the bare one."""


@dataclass
class Secret:
    """What there is of the call, by the names of the routes' parameters."""

    ids: dict[str, str]

    def address(self, path: str) -> str:
        for name, value in (ELSEWHERE | self.ids).items():
            path = path.replace(f"{{{name}}}", value)
        return path


OTHERS = sorted(set(load_house_rules().roles) - {"agent"})
"""Roles; somebody of each asks, and so does an agent who did not take the call."""


@pytest.fixture
def house(house: House) -> House:
    for role in OTHERS:
        house.person(f"one-{role}", role, unit="u1" if role.startswith("unit") else None)
    return house


@pytest.fixture
async def port(house: House) -> AsyncIterator[int]:
    async with browser_at(house) as browser:
        yield browser.port


@pytest.fixture(params=["kept from the beginning", "kept later"])
async def secret(house: House, port: int, request: pytest.FixtureRequest) -> Secret:
    """A call with its ticket, recording, message, remark, clip and review, which agent 1 took and keeps secret."""
    finished_call(house, number=NUMBER)
    told = Told(house, LINES)
    fields: dict[str, Any] = {"contact_id": CONTACT, "caller_number": NUMBER, "caller_name": NAME, "title": "路灯不亮"}
    async with Browser(port) as agent, Browser(port) as auditor:
        await agent.log_in("agent1")
        await auditor.log_in("one-auditor")
        made = (await new_ticket(agent, **fields, confidential=request.param == "kept from the beginning")).json()
        ticket = made["ticket"]
        listener = agent if request.param == "kept from the beginning" else auditor
        done = [
            await listener.make(f"{told.url}/comments", {"start": 1, "text": REMARK}),
            await listener.make(f"{told.url}/clips", {"ticket": ticket["number"], "start": 1, "end": 4, "title": CLIP}),
        ]
        if request.param == "kept later":
            act = {"verb": "keep_secret", "version": ticket["version"], "given": {}}
            url = f"/api/v1/tickets/{ticket['ticket_id']}/acts"
            done.append(await agent.post(url, json=act, headers={"Idempotency-Key": "k2"}))
        assert [one.status_code for one in done if one.status_code >= 300] == [], [one.text for one in done]
    with house.write.begin() as session:
        office = house.doors.office(session)
        ticketing.take_in_voicemail(session, office, told.recording_id, CONTACT, house.clock(), 20.0, silent=False)
    told.index()
    Feed(house.read, house.doors.intake.index_folder).step()
    named = ("ticket_id", "recording_id", "voicemail_id", "contact_id")
    return Secret(dict(zip(named, (ticket["ticket_id"], told.recording_id, told.recording_id, CONTACT), strict=True)))


async def answers(browser: Browser, secret: Secret) -> AsyncIterator[tuple[str, httpx.Response]]:
    """What every route says about this call, or in general."""
    for path in ROUTES:
        if "{" in secret.address(path):
            continue  # about something that does not come from the call
        for asked in ({}, *ASKED.get(path, ())):
            yield f"{path} {asked}", await browser.get(secret.address(path), params=asked)


@pytest.mark.parametrize("username", ["agent2", *(f"one-{role}" for role in OTHERS)])
async def test_no_route_gives_it_away(house: House, port: int, secret: Secret, username: str) -> None:
    async with Browser(port) as browser:
        assert (await browser.log_in(username)).status_code == 200
        may_know = "ticket.confidential" in (await browser.get("/api/v1/me")).json()["user"]["permissions"]
        hidden = VOICE if may_know else (*VOICE, *WHO)
        seen, given_away = 0, []
        async for asked, answer in answers(browser, secret):
            seen += answer.status_code == 200
            given_away += [(asked, word) for word in hidden if word in answer.text]
    assert given_away == []
    assert seen > 0


async def test_whoever_took_it_knows_it_all(house: House, port: int, secret: Secret) -> None:
    """The same look finds every word where it may be found."""
    async with Browser(port) as browser:
        await browser.log_in("agent1")
        everything = "".join([answer.text async for _asked, answer in answers(browser, secret)])
    assert [word for word in (NUMBER, NAME, REMARK, CLIP) if word not in everything] == []
