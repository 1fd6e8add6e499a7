"""Logging in and out over HTTP; who I am; the demo's open doors."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wire.desk.house import PASSWORD, House
from tests.wire.desk.server import Browser, browser_at, error_id, serving

pytestmark = pytest.mark.wire


async def test_me_after_login(agent: Browser) -> None:
    me = (await agent.get("/api/v1/me")).json()
    assert me["user"]["username"] == "agent1"
    assert me["agent"] == {"agent_id": "a1", "extension": "8001", "display_name": "Agent 1", "kind": "web"}
    assert me["sip"]["uri"] == "sip:8001@desk.invalid"
    assert me["sip"]["password"] == "secret-of-8001-x"
    assert {"code": "break", "zh": "小休", "en": "Break", "system": False} in me["reasons"]


async def test_the_cookie_is_hidden_from_scripts_and_other_sites(stranger: Browser) -> None:
    cookie = (await stranger.log_in()).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Secure" not in cookie, "plain HTTP on this machine"


async def test_over_tls_the_cookie_is_secure(house: House) -> None:
    async with serving(house) as port, Browser(port) as browser:
        browser.headers["X-Forwarded-Proto"] = "https"
        answer = await browser.log_in()
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


async def test_a_supervisor_has_no_phone(stranger: Browser) -> None:
    await stranger.log_in("chief")
    me = (await stranger.get("/api/v1/me")).json()
    assert me["agent"] is None
    assert me["sip"] is None


async def test_failed_logins_say_nothing_and_are_throttled(stranger: Browser) -> None:
    for _ in range(5):
        assert error_id(await stranger.log_in(password="wrong")) == "login_failed"
    answer = await stranger.log_in(password="wrong")
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


async def test_the_log_in_page_is_told_the_demo_log_ins_only_in_the_demo(tmp_path: Path) -> None:
    async with browser_at(House(tmp_path)) as browser:
        assert (await browser.get("/api/v1/welcome")).json()["logins"][0]["password"] == PASSWORD
    (tmp_path / "real").mkdir()
    async with browser_at(House(tmp_path / "real", demo=False)) as browser:
        assert (await browser.get("/api/v1/welcome")).json()["logins"] == []
        assert error_id(await browser.post("/api/v1/demo/citizen")) == "not_found"


async def test_a_demo_phone_is_lent_to_one_browser(house: House, stranger: Browser) -> None:
    mine = (await stranger.post("/api/v1/demo/citizen")).json()
    assert mine["sip"]["extension"] == "9001"
    assert (await stranger.post("/api/v1/demo/citizen")).json() == mine, "the same after a reload"
    async with Browser(stranger.port) as other:
        assert error_id(await other.post("/api/v1/demo/citizen")) == "no_free_phone"
        house.clock.forward(seconds=61)
        assert (await other.post("/api/v1/demo/citizen")).status_code == 200
