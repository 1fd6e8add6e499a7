"""Tickets and drafts over HTTP: any text, idempotency, conflicts, confidential callers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import get_args

import pytest

import ticketing
from agent_desktop.api.tickets import NewTicket
from tests.wire.desk.databases import url  # noqa: F401
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser, error_id, new_ticket

pytestmark = pytest.mark.wire
CITIES = Path(__file__).parents[3] / "cities"


STRANGE = {
    "chinese": "路灯不亮😀𠮷",
    "zalgo": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́",
    "rtl": "مرحبا \u202e עברית",
    "controls": "a\x01\x07\x1b[31m\x7f\u0085\u2028b",
    "line_ends": "a\r\nb\nc\rd",
    "markup": "<script>alert(1)</script>'; DROP TABLE tkt_ticket;--",
    "normal_forms": "é é",
    "noncharacters": "\ufffe\uffff\U0010ffff\ufeff",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
async def test_any_text_comes_back_unchanged(agent: Browser, text: str) -> None:
    fields = {"title": text, "text": text, "place": text, "caller_name": text}
    made = await new_ticket(agent, **fields)
    assert made.status_code == 201, made.text
    read = (await agent.get(f"/api/v1/tickets/{made.json()['ticket']['ticket_id']}")).json()["ticket"]
    assert {name: read[name] for name in fields} == fields
    found = await agent.get("/api/v1/tickets", params={"q": text})
    assert found.status_code == 200
    draft = {"body": {"form": {"text": text, text or "k": [text]}}, "version": 0}
    saved = await agent.put(f"/api/v1/drafts/{CONTACT}", json=draft)
    assert saved.status_code == 200, saved.text
    assert (await agent.get(f"/api/v1/drafts/{CONTACT}")).json()["draft"]["body"] == draft["body"]


async def test_the_same_key_makes_one_ticket(agent: Browser) -> None:
    first, second = await asyncio.gather(new_ticket(agent, "same"), new_ticket(agent, "same"))
    assert first.json()["ticket"]["ticket_id"] == second.json()["ticket"]["ticket_id"]
    assert len((await agent.get("/api/v1/tickets")).json()["tickets"]) == 1
    other = await new_ticket(agent, "same", title="another matter")
    assert error_id(other) == "ticket_refused"
    assert other.json()["error"]["detail"]["reason"] == "idempotency_key_reused"


async def test_two_people_may_use_the_same_key(house: House, agent: Browser) -> None:
    await new_ticket(agent, "same")
    async with Browser(agent.port) as chief:
        await chief.log_in("chief")
        assert (await new_ticket(chief, "same")).status_code == 201
    assert len((await agent.get("/api/v1/tickets")).json()["tickets"]) == 2


async def test_a_ticket_needs_a_key(agent: Browser) -> None:
    answer = await agent.post("/api/v1/tickets", json={"title": "t"})
    assert error_id(answer) == "invalid_request"


async def test_who_saves_second_sees_both_versions(agent: Browser) -> None:
    ticket = (await new_ticket(agent)).json()["ticket"]
    path = f"/api/v1/tickets/{ticket['ticket_id']}"
    assert (await agent.put(path, json={"version": ticket["version"], "place": "here"})).status_code == 200
    answer = await agent.put(path, json={"version": ticket["version"], "place": "there"})
    assert (answer.status_code, error_id(answer)) == (409, "ticket_conflict")
    detail = answer.json()["error"]["detail"]
    assert detail["yours"] == {"place": "there"}
    assert detail["current"]["place"] == "here"
    history = (await agent.get(f"{path}/history")).json()["history"]
    assert [line["verb"] for line in history] == ["amend", "register"]
    assert history[0]["by_name"] == "Agent 1"


async def test_a_long_history_comes_in_pages_newest_first(agent: Browser) -> None:
    ticket = (await new_ticket(agent)).json()["ticket"]
    path = f"/api/v1/tickets/{ticket['ticket_id']}"
    for version, place in enumerate("abcd", ticket["version"]):
        assert (await agent.put(path, json={"version": version, "place": place})).status_code == 200
    seen, cursor = [], None
    while True:
        given = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await agent.get(f"{path}/history", params=given)).json()
        seen += [line["body"].get("changed", {}).get("place", ["", ""])[1] for line in page["history"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["d", "c", "b", "a", ""], "each line once, registering last"


async def test_a_confidential_caller_is_hidden_from_those_who_need_not_know(house: House, agent: Browser) -> None:
    number = "13800138000"
    made = (await new_ticket(agent, confidential=True, caller_name="李四", caller_number=number)).json()["ticket"]
    path = f"/api/v1/tickets/{made['ticket_id']}"
    assert made["caller_name"] == "李四", "the writer knows anyway"
    async with Browser(agent.port) as other, Browser(agent.port) as chief:
        await other.log_in("agent2")
        await chief.log_in("chief")
        shown = (await other.get(path)).json()["ticket"]
        assert (shown["caller_masked"], shown["caller_name"], shown["caller_number"]) == (True, "", "138****8000")
        assert error_id(await other.put(path, json={"version": 1, "caller_number": "1"})) == "forbidden"
        assert error_id(await other.put(path, json={"version": 1, "confidential": False})) == "forbidden"
        assert (await other.put(path, json={"version": 1, "place": "somewhere"})).status_code == 200
        assert number not in (await other.get("/api/v1/tickets")).text
        assert number not in (await other.get(f"{path}/history")).text
        assert (await chief.get(path)).json()["ticket"]["caller_number"] == number


async def test_pages_of_tickets(agent: Browser) -> None:
    for number in range(5):
        await new_ticket(agent, f"k{number}", title=f"matter {number}")
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await agent.get("/api/v1/tickets", params=params)).json()
        seen += [ticket["title"] for ticket in page["tickets"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == [f"matter {number}" for number in range(5)]


async def test_a_draft_is_kept_replaced_and_dropped_with_its_ticket(agent: Browser) -> None:
    path = f"/api/v1/drafts/{CONTACT}"
    first = (await agent.put(path, json={"body": {"title": "a"}, "version": 0})).json()["draft"]
    second = (await agent.put(path, json={"body": {"title": "ab"}, "version": first["version"]})).json()["draft"]
    assert (await agent.get(path)).json()["draft"] == second
    stale = await agent.put(path, json={"body": {"title": "ax"}, "version": first["version"]})
    assert (stale.status_code, error_id(stale)) == (409, "draft_conflict")
    assert stale.json()["error"]["detail"]["current"]["body"] == {"title": "ab"}
    await new_ticket(agent, contact_id=CONTACT)
    assert error_id(await agent.get(path)) == "not_found"


@pytest.mark.parametrize(
    "body",
    [
        b'{"body": {"a": "\\ud800"}, "version": 0}',
        b'{"body": {"\\ud800": 1}, "version": 0}',
        b'{"body": {"a": "\\u0000"}, "version": 0}',
        b'{"body": {"a": NaN}, "version": 0}',
        b'{"body": {"a": Infinity}, "version": 0}',
        b'{"body": {"a": ' + b"[" * 50 + b"]" * 50 + b'}, "version": 0}',
        b'{"body": [], "version": 0}',
        b'{"body": {}, "version": -1}',
        b'{"body": {}, "version": 99999999999}',
        b'{"body": {}}',
    ],
)
async def test_drafts_that_could_not_be_given_back_are_refused(agent: Browser, body: bytes) -> None:
    answer = await agent.put(f"/api/v1/drafts/{CONTACT}", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert error_id(answer) in ("invalid_request", "ticket_refused")


async def test_everybody_has_drafts_of_their_own(house: House, agent: Browser) -> None:
    await agent.put(f"/api/v1/drafts/{CONTACT}", json={"body": {"title": "mine"}, "version": 0})
    async with Browser(agent.port) as other:
        await other.log_in("agent2")
        assert error_id(await other.get(f"/api/v1/drafts/{CONTACT}")) == "not_found"


async def test_by_which_way_it_came_in_is_kept_changed_and_looked_for(agent: Browser) -> None:
    called = (await new_ticket(agent)).json()["ticket"]
    written = (await new_ticket(agent, "k2", channel="mailbox")).json()["ticket"]
    assert (called["channel"], written["channel"]) == ("phone", "mailbox")
    assert error_id(await new_ticket(agent, "k3", channel="pigeon")) == "invalid_request"
    found = (await agent.get("/api/v1/tickets", params={"channel": "mailbox"})).json()["tickets"]
    assert [one["ticket_id"] for one in found] == [written["ticket_id"]]
    change = {"version": called["version"], "channel": "visit"}
    changed = (await agent.put(f"/api/v1/tickets/{called['ticket_id']}", json=change)).json()["ticket"]
    assert changed["channel"] == "visit"
    assert (await agent.get("/api/v1/dictionary")).json()["channels"] == [
        "phone",
        "voicemail",
        "mailbox",
        "email",
        "visit",
        "web",
        "wechat",
        "other",
    ]


def test_every_kind_of_every_regulation_can_be_told() -> None:
    told = set(get_args(NewTicket.model_fields["kind"].annotation))
    for pack in CITIES.glob("*/tickets.toml"):
        known = ticketing.load_rulepack(pack.parent)
        assert not isinstance(known, list)
        assert {kind.code for kind in known.dictionary.kinds} <= told, pack.parent.name


async def test_who_hands_it_in_and_that_no_answer_is_wanted(agent: Browser) -> None:
    made = (await new_ticket(agent, origin="city_leader", no_reply=True)).json()["ticket"]
    assert made["no_reply"] is True
    address = f"/api/v1/tickets/{made['ticket_id']}"
    assert (await agent.get(f"{address}/matter")).json()["matter"]["ticket"]["origin"] == "city_leader"
    changed = await agent.put(address, json={"version": made["version"], "no_reply": False})
    assert changed.json()["ticket"]["no_reply"] is False
    assert (await new_ticket(agent, key="k2", origin="the moon")).status_code == 422
