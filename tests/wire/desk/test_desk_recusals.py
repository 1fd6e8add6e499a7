"""Declared interests over HTTP: for oneself, for others by who may, and their end; what is hidden meanwhile (N1)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from hotline.database import sessions
from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, error_id, new_ticket
from ticketing.search_feed import Feed

pytestmark = pytest.mark.wire
URL = "/api/v1/recusals"
NUMBER = "13800138000"


@pytest.fixture
async def clerk(house: House, stranger: Browser) -> Browser:
    """A dispatcher, who may look at everything and write files."""
    house.person("clerk", "dispatcher")
    assert (await stranger.log_in("clerk")).status_code == 200
    return stranger


@pytest.fixture
async def chief(clerk: Browser) -> AsyncIterator[Browser]:
    async with Browser(clerk.port) as opened:
        assert (await opened.log_in("chief")).status_code == 200
        yield opened


async def shown(house: House, browser: Browser, ticket_id: str) -> list[bool]:
    """Whether the ticket is in the list, the search, the file, behind a figure, and at its own address."""
    Feed(sessions(house.engine), house.doors.intake.index_folder).step()
    listed = (await browser.get("/api/v1/tickets")).text
    found = (await browser.get("/api/v1/search", params={"q": "补课收费"})).text
    written = (await browser.get("/api/v1/exports/tickets.jsonl")).text
    one = await browser.get(f"/api/v1/tickets/{ticket_id}")
    return [ticket_id in listed, ticket_id in found, "补课收费" in written, one.status_code == 200]


@pytest.mark.parametrize("scope", ["ticket", "unit", "caller"])
async def test_nothing_is_shown_meanwhile_and_everything_afterwards(
    house: House, clerk: Browser, chief: Browser, scope: str
) -> None:
    made = await new_ticket(clerk, "k1", title="学校补课收费", kind="complaint", caller_number=NUMBER)
    ticket = made.json()["ticket"]
    body = {"verb": "dispatch", "given": {"units": ["education"]}}
    address = f"/api/v1/tickets/{ticket['ticket_id']}"
    assert (await clerk.post(f"{address}/acts", json=body, headers={"idempotency-key": "a"})).status_code == 200
    assert await shown(house, clerk, ticket["ticket_id"]) == [True] * 4
    about = {"ticket": ticket["number"], "unit": "education", "caller": NUMBER}[scope]
    wish = {"scope": scope, "scope_id": about, "reason": "亲属"}
    declared = await clerk.post(URL, json=wish)
    assert declared.status_code == 201, declared.text
    assert await shown(house, clerk, ticket["ticket_id"]) == [False] * 4
    [own] = (await clerk.get(URL)).json()["recusals"]
    assert (own["own"], own["scope"], own["reason"]) == (True, scope, "亲属")
    assert NUMBER not in own["about"]
    assert own["about"] != ticket["number"], "to the person it does not exist"
    address = f"{URL}/{own['recusal_id']}/end"
    assert (await clerk.post(address, json={"reason": "x"})).status_code == 403
    assert (await chief.post(address, json={"reason": "已调离"})).status_code == 200
    assert error_id(await chief.post(address, json={"reason": "已调离"})) == "not_found"
    assert await shown(house, clerk, ticket["ticket_id"]) == [True] * 4
    assert (await clerk.get(URL)).json()["recusals"] == []
    assert len((await clerk.get(URL, params={"state": "ended"})).json()["recusals"]) == 1


async def test_a_supervisor_declares_it_for_others_and_nobody_ends_the_own(clerk: Browser, chief: Browser) -> None:
    wish = {"scope": "unit", "scope_id": "education", "reason": "配偶任职"}
    assert (await clerk.post(URL, json=wish | {"person": "chief"})).status_code == 403
    assert (await chief.post(URL, json=wish | {"person": "clerk"})).status_code == 201
    assert (await chief.post(URL, json=wish)).status_code == 201
    [mine, theirs] = sorted((await chief.get(URL)).json()["recusals"], key=lambda one: not one["own"])
    assert (theirs["about"], theirs["own"], mine["own"]) == ("education", False, True)
    assert len((await clerk.get(URL)).json()["recusals"]) == 1
    refused = await chief.post(f"{URL}/{mine['recusal_id']}/end", json={"reason": "x"})
    assert refused.json()["error"]["detail"]["reason"] == "own_recusal"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [({"person": "nobody"}, "unknown_person"), ({"scope_id": "none"}, "unknown_unit"), ({"scope": "ticket"}, None)],
)
async def test_what_is_not_there_is_refused(chief: Browser, changed: dict[str, str], reason: str | None) -> None:
    wish = {"scope": "unit", "scope_id": "education", "reason": "亲属", "person": "clerk"} | changed
    answer = await chief.post(URL, json=wish)
    detail = answer.json()["error"]["detail"]
    assert (answer.status_code, detail.get("reason")) == (422 if reason else 404, reason)
