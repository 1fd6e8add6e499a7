"""What surrounds every request: same origin, headers, sizes, wrong addresses and bodies, health, the web app."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser, browser_at, error_id

pytestmark = pytest.mark.wire


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


async def test_every_answer_carries_the_security_headers(stranger: Browser) -> None:
    for answer in (
        await stranger.get("/api/v1/me"),
        await stranger.get("/nowhere"),
        await stranger.get("/healthz"),
        await stranger.post("/api/v1/login", json={}, headers={"X-Requested-With": ""}),
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


async def test_health_and_metrics(house: House, stranger: Browser) -> None:
    assert (await stranger.get("/healthz")).json() == {"status": "ok", "database": True, "switch": True}
    house.bridge.healthy = False
    assert (await stranger.get("/healthz")).json()["status"] == "degraded"
    metrics = (await stranger.get("/metrics")).text
    assert "hotline_desk_ami_up 0.0" in metrics
    assert 'hotline_desk_request_seconds_count{method="GET",route="/healthz",status="200"}' in metrics
    outside = {"X-Forwarded-For": "203.0.113.5"}
    assert error_id(await stranger.get("/metrics", headers=outside)) == "forbidden"


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


async def test_the_web_app_is_sent_packed_and_the_desk_is_told_what_comes_next(tmp_path: Path) -> None:
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html>")
    (static / "assets" / "desk-1.js").write_text("export {}")
    squeezed = gzip.compress(b"export {}")
    (static / "assets" / "desk-1.js.gz").write_bytes(squeezed)
    (static / "assets" / "desk-1.js.br").write_bytes(b"packed by the build")
    (static / "assets" / "page-1.js").write_text("export {}")
    chunks = {
        "index.html": {"file": "assets/index-1.js", "imports": ["_common.js"], "css": ["assets/index-1.css"]},
        "_common.js": {"file": "assets/common-1.js", "name": "common"},
        "_desk.js": {"file": "assets/desk-1.js", "name": "desk", "imports": ["_common.js"]},
        "src/pages/CallsPage.vue": {"file": "assets/CallsPage-1.js", "name": "CallsPage"},
    }
    (static / "manifest.json").write_text(json.dumps(chunks))
    async with browser_at(House(tmp_path, static_dir=static)) as browser:

        async def asset(name: str, accepted: str) -> tuple[str | None, bytes]:
            headers = {"accept-encoding": accepted}
            async with browser.stream("GET", f"/assets/{name}", headers=headers) as answer:
                assert answer.headers["content-type"].startswith("text/javascript")
                assert answer.headers["vary"] == "accept-encoding"
                assert "immutable" in answer.headers["cache-control"]
                return answer.headers.get("content-encoding"), b"".join([part async for part in answer.aiter_raw()])

        assert await asset("desk-1.js", "gzip, deflate, br") == ("br", b"packed by the build")
        assert await asset("desk-1.js", "gzip, br;q=0") == ("gzip", squeezed)
        assert await asset("desk-1.js", "identity") == (None, b"export {}")
        assert await asset("page-1.js", "gzip, br") == (None, b"export {}")
        link = (await browser.get("/desk")).headers["link"]
        assert {one.split(">")[0].strip(" <") for one in link.split(",")} == {
            *("/assets/desk-1.js", "/assets/common-1.js", "/assets/index-1.js", "/assets/index-1.css")
        }
        assert (await browser.get("/manifest.json")).status_code == 404
        for page in ("/login", "/phone", "/progress"):
            assert "link" not in (await browser.get(page)).headers
