"""Other programs hand matters in with a token: what one may do, and that one without power learns nothing."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from agent_desktop.tables import AccessRow, TokenRow
from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, error_id

pytestmark = pytest.mark.wire
DOCS = Path(__file__).parents[3] / "docs" / "api.md"
MATTER = {"title": "路灯不亮", "text": "小区门口两盏路灯不亮", "caller_number": "13800138000", "caller_name": "何先生"}


@pytest.fixture
async def admin(house: House, agent: Browser) -> AsyncIterator[Browser]:
    house.person("keeper", "admin")
    async with Browser(agent.port) as opened:
        assert (await opened.log_in("keeper")).status_code == 200
        yield opened


async def made(admin: Browser, house: House, **said: Any) -> dict[str, Any]:
    wanted = {
        "name": "市民网站",
        "rights": ["tickets.create", "tickets.read_own"],
        "channel": "web",
        "expires_at": (house.clock() + timedelta(days=30)).isoformat(),
    }
    answer = await admin.post("/api/v1/tokens", json=wanted | said)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


class Machine(httpx.AsyncClient):
    """Another program: no cookies, no header of ours."""

    def __init__(self, port: int, secret: str) -> None:
        bearer = {"Authorization": f"Bearer {secret}"}
        super().__init__(base_url=f"http://127.0.0.1:{port}/api/v1", headers=bearer, timeout=30, trust_env=False)

    async def hand_in(self, key: str = "k1", **said: Any) -> httpx.Response:
        return await self.post("/machine/tickets", json=MATTER | said, headers={"Idempotency-Key": key})


async def test_what_is_handed_in_is_a_ticket_of_the_tokens_origin_and_channel(
    house: House, agent: Browser, admin: Browser
) -> None:
    told = await made(admin, house, origin="other_platform")
    async with Machine(agent.port, told["secret"]) as machine:
        first, again = await machine.hand_in(), await machine.hand_in()
        assert first.status_code == again.status_code == 201, first.text
        assert first.json() == again.json()
        assert (await machine.hand_in("k2", origin="city_leader")).status_code == 422, "the token says who hands it in"
        assert error_id(await machine.hand_in("k1", title="别的事")) == "ticket_refused"
        matter = first.json()["matter"]
        assert matter["stage"] == "accepted"
        assert not {"caller_name", "caller_number", "text"} & matter.keys(), "it asks after the matter, not the caller"
    [row] = (await agent.get("/api/v1/tickets", params={"origin": "other_platform", "channel": "web"})).json()[
        "tickets"
    ]
    assert (row["number"], row["created_by_name"]) == (matter["number"], "市民网站")


async def test_a_token_sees_its_own_matters_alone(house: House, agent: Browser, admin: Browser) -> None:
    one, other = await made(admin, house), await made(admin, house, name="另一网站")
    async with Machine(agent.port, one["secret"]) as mine, Machine(agent.port, other["secret"]) as theirs:
        handed_in = [(await mine.hand_in(f"k{number}")).json()["matter"]["ticket_id"] for number in range(3)]
        found = (await mine.get("/machine/tickets", params={"limit": 2})).json()
        assert found["next_cursor"]
        rest = (await mine.get("/machine/tickets", params={"cursor": found["next_cursor"]})).json()
        assert {each["ticket_id"] for each in found["matters"] + rest["matters"]} == set(handed_in)
        assert (await mine.get(f"/machine/tickets/{handed_in[0]}")).status_code == 200
        assert (await theirs.get("/machine/tickets")).json()["matters"] == []
        assert error_id(await theirs.get(f"/machine/tickets/{handed_in[0]}")) == "not_found"


async def test_a_token_does_only_what_it_may(house: House, agent: Browser, admin: Browser) -> None:
    writes = await made(admin, house, rights=["tickets.create"])
    reads = await made(admin, house, rights=["tickets.read_own"])
    async with Machine(agent.port, writes["secret"]) as machine:
        assert (await machine.hand_in()).status_code == 201
        assert error_id(await machine.get("/machine/tickets")) == "forbidden"
        for path in ("/tickets", "/search", "/calls", "/tokens", "/me"):
            assert error_id(await machine.get(path)) == "not_logged_in", path
    async with Machine(agent.port, reads["secret"]) as machine:
        assert error_id(await machine.hand_in()) == "forbidden"
    assert error_id(await admin.get("/api/v1/machine/tickets")) == "bad_token", "a log-in opens no machine's route"


async def test_ended_run_out_and_unknown_tokens_are_the_same_answer(
    house: House, agent: Browser, admin: Browser
) -> None:
    ended = await made(admin, house)
    brief = await made(admin, house, expires_at=(house.clock() + timedelta(seconds=1)).isoformat())
    revoke = f"/api/v1/tokens/{ended['token']['token_id']}/revoke"
    assert (await admin.post(revoke)).json()["token"]["state"] == "revoked"
    assert (await admin.post(revoke)).status_code == 200
    house.clock.forward(seconds=1)
    answers = []
    for secret in (ended["secret"], brief["secret"], "hlt_unknown", "!"):
        async with Machine(agent.port, secret) as machine:
            answers.append(await machine.hand_in())
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{agent.port}/api/v1", trust_env=False) as nobody:
        answers.append(await nobody.post("/machine/tickets", json=MATTER, headers={"Idempotency-Key": "k"}))
    assert {(answer.status_code, answer.text, answer.headers["www-authenticate"]) for answer in answers} == {
        (401, answers[0].text, "Bearer")
    }
    assert error_id(answers[0]) == "bad_token"
    states = [one["state"] for one in (await admin.get("/api/v1/tokens")).json()["tokens"]]
    assert sorted(states) == ["expired", "revoked"]


async def test_a_token_is_used_so_often_a_minute(house: House, agent: Browser, admin: Browser) -> None:
    told = await made(admin, house, per_minute=2)
    async with Machine(agent.port, told["secret"]) as machine:
        assert [(await machine.get("/machine/tickets")).status_code for _ in range(3)] == [200, 200, 429]
        refused = await machine.get("/machine/tickets")
        assert (error_id(refused), refused.headers["retry-after"]) == ("token_throttled", "60")
        house.clock.forward(seconds=60)
        assert (await machine.get("/machine/tickets")).status_code == 200


async def test_every_use_is_on_record_and_no_secret_is_kept(
    house: House, agent: Browser, admin: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    told = await made(admin, house)
    async with Machine(agent.port, told["secret"]) as machine:
        ticket = (await machine.hand_in()).json()["matter"]["ticket_id"]
        await machine.get(f"/machine/tickets/{ticket}")
        await machine.get(f"/machine/tickets/{ticket}")
    with house.read() as session:
        uses = session.scalars(select(AccessRow).where(AccessRow.what == "token")).all()
        [row] = session.scalars(select(TokenRow)).all()
    assert sorted(one.object_id for one in uses) == sorted(["tickets.create", ticket, ticket])
    assert {one.user_id for one in uses} == {row.token_id}
    assert told["secret"] not in repr(vars(row)) + caplog.text
    assert MATTER["caller_number"] not in caplog.text
    assert row.used_at == house.clock()
    listed = await admin.get("/api/v1/tokens")
    assert told["secret"] not in listed.text
    assert row.token_hash not in listed.text


@pytest.mark.parametrize(
    "wrong",
    [{"expires_at": "2020-01-01T00:00:00+08:00"}, {"expires_at": "2099-01-01T00:00:00+08:00"}, {"name": "   "}],
)
async def test_what_no_token_can_be(house: House, admin: Browser, wrong: dict[str, Any]) -> None:
    said = {"name": "n", "rights": ["tickets.create"], "channel": "web", "expires_at": "2026-04-01T00:00:00+08:00"}
    assert error_id(await admin.post("/api/v1/tokens", json=said | wrong)) == "token_refused"
    assert (await admin.get("/api/v1/tokens")).json()["tokens"] == []


async def test_the_example_in_the_docs_runs(house: House, agent: Browser, admin: Browser) -> None:
    told = await made(admin, house)
    [example] = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    code = example.replace("https://hotline.example", f"http://127.0.0.1:{agent.port}").replace("hlt_…", told["secret"])
    ran = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    [row] = (await agent.get("/api/v1/tickets")).json()["tickets"]
    assert ran.stdout.split() == [row["number"], "accepted"]


def test_the_description_names_the_way_in(house: House) -> None:
    said = house.app.openapi()
    assert said["components"]["securitySchemes"]["token"] | {"description": ""} == {
        "type": "http",
        "scheme": "bearer",
        "description": "",
    }
    assert said["paths"]["/api/v1/machine/tickets"]["post"]["security"] == [{"token": []}]
