"""The desk's HTTP interface over a real socket: log-in, errors, text of every kind, tickets, drafts, calls."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from agent_desktop.tables import AccessRow
from tests.wire.desk_house import CONTACT, PASSWORD, House
from tests.wire.desk_server import Browser, browser_at, serving

pytestmark = pytest.mark.wire

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


@pytest.fixture
def house(tmp_path: Path) -> House:
    built = House(tmp_path)
    built.agent()
    built.person("chief", "supervisor")
    built.person("root", "admin")
    return built


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    async with browser_at(house) as opened:
        yield opened


@pytest.fixture
async def agent(browser: Browser) -> Browser:
    assert (await browser.log_in()).status_code == 200
    return browser


def error_id(answer: httpx.Response) -> str:
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"error_id", "message", "detail"}
    return str(body["error"]["error_id"])


async def new_ticket(agent: Browser, key: str = "k1", **fields: Any) -> httpx.Response:
    return await agent.post("/api/v1/tickets", json={"title": "路灯不亮"} | fields, headers={"Idempotency-Key": key})


# --- log-in ---


async def test_me_after_login(agent: Browser) -> None:
    me = (await agent.get("/api/v1/me")).json()
    assert me["user"]["username"] == "agent1"
    assert me["agent"] == {"agent_id": "a1", "extension": "8001", "display_name": "Agent 1", "kind": "web"}
    assert me["sip"]["uri"] == "sip:8001@desk.invalid"
    assert me["sip"]["password"] == "secret-of-8001-x"
    assert {"code": "break", "zh": "小休", "en": "Break", "system": False} in me["reasons"]


async def test_the_cookie_is_hidden_from_scripts_and_other_sites(browser: Browser) -> None:
    cookie = (await browser.log_in()).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Secure" not in cookie, "plain HTTP on this machine"


async def test_over_tls_the_cookie_is_secure(house: House) -> None:
    async with serving(house) as port, Browser(port) as browser:
        browser.headers["X-Forwarded-Proto"] = "https"
        answer = await browser.log_in()
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


async def test_a_supervisor_has_no_phone(browser: Browser) -> None:
    await browser.log_in("chief")
    me = (await browser.get("/api/v1/me")).json()
    assert me["agent"] is None
    assert me["sip"] is None


async def test_failed_logins_say_nothing_and_are_throttled(browser: Browser) -> None:
    for _ in range(5):
        assert error_id(await browser.log_in(password="wrong")) == "login_failed"
    answer = await browser.log_in(password="wrong")
    assert (answer.status_code, error_id(answer)) == (429, "login_throttled")
    assert int(answer.headers["retry-after"]) >= 1


async def test_logout_ends_the_session_everywhere(house: House, agent: Browser) -> None:
    stolen = dict(agent.cookies)
    assert (await agent.post("/api/v1/logout")).status_code == 204
    assert ("agent_logout", "a1") in house.bridge.asked
    agent.cookies.update(stolen)
    assert error_id(await agent.get("/api/v1/me")) == "not_logged_in"


async def test_a_forged_cookie_opens_nothing(agent: Browser) -> None:
    real = agent.cookies["hotline_session"]
    token, _, signature = real.partition(".")
    wrong = ("A" if signature[0] != "A" else "B") + signature[1:]
    for forged in (f"{token}.{wrong}", f"x{real}", real.split(".")[0], "x.y", "", "é"):
        answer = await agent.get("/api/v1/me", headers={"Cookie": f"hotline_session={forged}".encode()})
        assert error_id(answer) == "not_logged_in"


async def test_a_session_not_used_for_two_hours_is_over(house: House, agent: Browser) -> None:
    house.clock.forward(hours=1, minutes=59)
    assert (await agent.get("/api/v1/me")).status_code == 200
    house.clock.forward(hours=1, minutes=59)
    assert (await agent.get("/api/v1/me")).status_code == 200
    house.clock.forward(hours=2, seconds=1)
    assert error_id(await agent.get("/api/v1/me")) == "not_logged_in"


# --- what surrounds every request ---


async def test_changes_need_the_header_of_our_own_page(agent: Browser) -> None:
    del agent.headers["X-Requested-With"]
    for method, path in (("POST", "/api/v1/logout"), ("PUT", f"/api/v1/drafts/{CONTACT}"), ("POST", "/api/v1/login")):
        assert error_id(await agent.request(method, path, json={})) == "csrf"
    assert (await agent.get("/api/v1/me")).status_code == 200


async def test_changes_from_another_site_are_refused(agent: Browser) -> None:
    answer = await agent.post("/api/v1/agent/ready", headers={"Origin": "https://evil.invalid"})
    assert error_id(answer) == "csrf"
    own = {"Origin": f"http://127.0.0.1:{agent.port}"}
    assert (await agent.post("/api/v1/agent/ready", headers=own)).status_code == 200


async def test_every_answer_carries_the_security_headers(browser: Browser) -> None:
    for answer in (
        await browser.get("/api/v1/me"),
        await browser.get("/nowhere"),
        await browser.get("/healthz"),
        await browser.post("/api/v1/login", json={}, headers={"X-Requested-With": ""}),
    ):
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nowhere", "not_found"),
        ("GET", "/api/v1/nowhere", "not_found"),
        ("PATCH", "/api/v1/me", "method_not_allowed"),
        ("GET", "/api/v1/tickets/" + "x" * 65, "invalid_request"),
        ("GET", "/api/v1/tickets/%00", "invalid_request"),
        ("GET", "/api/v1/tickets/%ff%fe", "invalid_request"),
        ("GET", "/api/v1/tickets/no-such", "not_found"),
        ("GET", "/api/v1/tickets?limit=0", "invalid_request"),
        ("GET", "/api/v1/tickets?limit=99999999999999999999", "invalid_request"),
        ("GET", "/api/v1/tickets?limit=" + "9" * 5000, "invalid_request"),
        ("GET", "/api/v1/tickets?cursor=!", "invalid_request"),
        ("GET", "/api/v1/tickets?cursor=abcd", "ticket_refused"),
        ("GET", "/api/v1/tickets?q=%00", "invalid_request"),
        ("GET", "/api/v1/calls?cursor=2026-01-01T00:00:00", "invalid_request"),
        ("GET", "/api/v1/calls?cursor=9999-99-99", "invalid_request"),
        ("GET", "/api/v1/calls/no-such", "not_found"),
        ("GET", "/api/v1/card/no-such", "not_found"),
        ("GET", "/api/v1/recordings/no-such", "not_found"),
        ("GET", "/api/v1/recordings/no-such/audio", "not_found"),
        ("GET", f"/api/v1/drafts/{CONTACT}", "not_found"),
    ],
)
async def test_wrong_addresses(agent: Browser, method: str, path: str, expected: str) -> None:
    assert error_id(await agent.request(method, path)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", "bad_body"),
        (b"[" * 100_000, "bad_body"),
        (b'{"title": "\xff"}', "bad_body"),
        (b'{"title": "\\ud800"}', "invalid_request"),
        (b'{"\\ud800": "x", "title": "t"}', "invalid_request"),
        (b'{"title": "a\\u0000b"}', "invalid_request"),
        (b'{"title": 1}', "invalid_request"),
        (b'{"title": "t", "unknown": 1}', "invalid_request"),
        (b'{"title": "t", "confidential": ' + b"9" * 5000 + b"}", "bad_body"),
        (b'{"title": NaN}', "invalid_request"),
        (b'"text"', "invalid_request"),
        (b"", "invalid_request"),
        (json.dumps({"title": "t", "text": "x" * 20_001}).encode(), "invalid_request"),
        (json.dumps({"title": ""}).encode(), "ticket_refused"),
        (b'{"title": "' + b"x" * 300_000 + b'"}', "too_large"),
    ],
)
async def test_unusable_bodies(agent: Browser, body: bytes, expected: str) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    answer = await agent.post("/api/v1/tickets", content=body, headers=headers)
    assert error_id(answer) == expected
    assert answer.status_code < 500


async def test_a_body_that_grows_without_end_is_cut_off(agent: Browser) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 50_000_000:
            sent += 65536
            yield b"x" * 65536

    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    try:
        answer = await agent.post("/api/v1/tickets", content=endless(), headers=headers)
        assert error_id(answer) == "too_large"
    except httpx.TransportError:
        pass  # cut off while still sending: as good
    assert sent < 10_000_000


# --- tickets ---


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
    assert [line["verb"] for line in history] == ["register", "amend"]
    assert history[0]["by_name"] == "Agent 1"


async def test_a_confidential_caller_is_hidden_from_those_who_need_not_know(house: House, agent: Browser) -> None:
    house.agent(2)
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


# --- drafts ---


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
    house.agent(2)
    await agent.put(f"/api/v1/drafts/{CONTACT}", json={"body": {"title": "mine"}, "version": 0})
    async with Browser(agent.port) as other:
        await other.log_in("agent2")
        assert error_id(await other.get(f"/api/v1/drafts/{CONTACT}")) == "not_found"


# --- calls and the card ---


async def test_recent_calls_and_their_pages(house: House, agent: Browser) -> None:
    for number in range(5):
        house.queued(f"{number}" * 8 + "-0000-4000-8000-000000000000", number=f"1380013800{number}")
        house.clock.forward(minutes=1)
    first = (await agent.get("/api/v1/calls?limit=3")).json()
    assert [call["number_shown"][-1] for call in first["calls"]] == ["4", "3", "2"]
    rest = (await agent.get("/api/v1/calls", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [call["number_shown"][-1] for call in rest["calls"]] == ["1", "0"]
    assert rest["next_cursor"] is None
    found = (await agent.get("/api/v1/calls", params={"q": "+86 138 0013 8002"})).json()["calls"]
    assert [call["number"] for call in found] == ["+8613800138002"]
    assert found[0]["menu_labels"] == ["item 2", "item 1"]


async def test_the_card_tells_the_callers_story_and_the_look_is_written_down(house: House, agent: Browser) -> None:
    earlier = "11111111-0000-4000-8000-000000000000"
    house.queued(earlier)
    house.answers("a1", earlier)
    house.clock.forward(minutes=2)
    house.call_ends("a1", earlier)
    await new_ticket(agent, contact_id=earlier, caller_name="王女士", caller_number="138-0013-8000")
    house.clock.forward(days=1)
    await agent.log_in()
    house.queued()
    card = (await agent.get(f"/api/v1/card/{CONTACT}")).json()["card"]
    assert card["name"] == "王女士"
    assert card["repeat_count"] == 1
    assert [(call["contact_id"], call["agent_name"], call["seconds"]) for call in card["earlier_calls"]] == [
        (earlier, "Agent 1", 120.0)
    ]
    assert [(ticket["title"], ticket["open"]) for ticket in card["tickets"]] == [("路灯不亮", True)]
    await agent.get(f"/api/v1/card/{CONTACT}")
    with house.read() as session:
        looks = session.scalars(select(AccessRow)).all()
    assert [(look.what, look.object_id) for look in looks] == [("card", CONTACT)], "one look, however often it is read"
    detail = (await agent.get(f"/api/v1/calls/{earlier}")).json()
    assert [ticket["title"] for ticket in detail["tickets"]] == ["路灯不亮"]


@pytest.mark.parametrize("number", ["anonymous", "", "<script>", "+", "sip:x@y"])
async def test_a_caller_without_a_usable_number_has_a_card_too(house: House, agent: Browser, number: str) -> None:
    house.queued("22222222-0000-4000-8000-000000000000", number=number)
    house.queued(number=number)
    answer = await agent.get(f"/api/v1/card/{CONTACT}")
    assert answer.status_code == 200
    assert answer.json()["card"]["earlier_calls"] == [], "strangers have no common past"


# --- the rest ---


async def test_agent_control_reaches_the_switch_and_comes_back(house: House, agent: Browser) -> None:
    assert (await agent.post("/api/v1/agent/ready")).json()["agent"]["state"] == "ready"
    answer = await agent.post("/api/v1/agent/not-ready", json={"reason": "meal"})
    assert answer.json()["agent"]["reason"] == "meal"
    for reason in ("wrap_up", "screen_lost", "unheard_of"):
        assert error_id(await agent.post("/api/v1/agent/not-ready", json={"reason": reason})) == "unknown_reason"
    assert error_id(await agent.post("/api/v1/agent/hangup")) == "refused_by_switch"
    house.bridge.show("a1", state="talking", channel="PJSIP/8001-1", call_id="c")
    assert (await agent.post("/api/v1/agent/hangup")).status_code == 200
    assert house.bridge.asked[-1] == ("hangup", "PJSIP/8001-1")


async def test_a_person_without_a_place_controls_no_phone(browser: Browser) -> None:
    await browser.log_in("chief")
    assert error_id(await browser.post("/api/v1/agent/ready")) == "forbidden"


async def test_an_administrator_sees_no_citizens_matters(browser: Browser) -> None:
    await browser.log_in("root")
    assert error_id(await browser.get("/api/v1/tickets")) == "forbidden"


async def test_the_log_in_page_is_told_the_demo_log_ins_only_in_the_demo(tmp_path: Path) -> None:
    async with browser_at(House(tmp_path)) as browser:
        assert (await browser.get("/api/v1/welcome")).json()["logins"][0]["password"] == PASSWORD
    (tmp_path / "real").mkdir()
    async with browser_at(House(tmp_path / "real", demo=False)) as browser:
        assert (await browser.get("/api/v1/welcome")).json()["logins"] == []
        assert error_id(await browser.post("/api/v1/demo/citizen")) == "not_found"


async def test_a_demo_phone_is_lent_to_one_browser(house: House, browser: Browser) -> None:
    mine = (await browser.post("/api/v1/demo/citizen")).json()
    assert mine["sip"]["extension"] == "9001"
    assert (await browser.post("/api/v1/demo/citizen")).json() == mine, "the same after a reload"
    async with Browser(browser.port) as other:
        assert error_id(await other.post("/api/v1/demo/citizen")) == "no_free_phone"
        house.clock.forward(seconds=61)
        assert (await other.post("/api/v1/demo/citizen")).status_code == 200


async def test_health_and_metrics(house: House, browser: Browser) -> None:
    assert (await browser.get("/healthz")).json() == {"status": "ok", "database": True, "switch": True}
    house.bridge.healthy = False
    assert (await browser.get("/healthz")).json()["status"] == "degraded"
    metrics = (await browser.get("/metrics")).text
    assert "hotline_desk_ami_up 0.0" in metrics
    assert 'hotline_desk_request_seconds_count{method="GET",route="/healthz",status="200"}' in metrics
    outside = {"X-Forwarded-For": "203.0.113.5"}
    assert error_id(await browser.get("/metrics", headers=outside)) == "forbidden"


async def test_the_web_app_is_served_with_the_right_caching(tmp_path: Path) -> None:
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html><title>desk</title>")
    (static / "assets" / "app-abc123.js").write_text("export {}")
    (static / "favicon.svg").write_text("<svg/>")
    async with browser_at(House(tmp_path, static_dir=static)) as browser:
        for path in ("/", "/login", "/desk", "/calls", "/calls/abc", "/tickets", "/tickets/x/y", "/phone"):
            page = await browser.get(path)
            assert page.text.startswith("<!doctype html>"), path
            assert page.headers["cache-control"] == "no-cache"
            assert (await browser.get(path, headers={"If-None-Match": page.headers["etag"]})).status_code == 304
        asset = await browser.get("/assets/app-abc123.js")
        assert "immutable" in asset.headers["cache-control"]
        assert asset.headers["content-type"].startswith("text/javascript")
        assert (await browser.get("/favicon.svg")).headers["cache-control"] == "no-cache"
        lost = await browser.get("/assets/app-old.js")
        assert (lost.status_code, error_id(lost)) == (404, "not_found")
        assert lost.headers["cache-control"] == "no-store"
        for path in ("/assets/..%2findex.html", "/assets/../../desk.sqlite", "/..%2f..%2fetc/passwd", "/unknown"):
            assert (await browser.get(path)).status_code == 404
