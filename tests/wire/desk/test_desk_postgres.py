"""The desk on PostgreSQL: what differs there is text, concurrency and a database that goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.kit.postgres import Postgres, postgres, tools_folder
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser, browser_at, error_id, new_ticket
from tests.wire.desk.test_desk_attachments import NAME, PHOTO, names, on_disk, put
from tests.wire.desk.test_desk_tickets import STRANGE

pytestmark = pytest.mark.wire


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    tools = tools_folder()
    if tools is None:
        pytest.skip("PostgreSQL's server is not installed")
    with postgres(tools) as started:
        yield started


@pytest.fixture
def house(server: Postgres, tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path, url=server.url)
    built.agent()
    yield built
    with built.engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    built.engine.dispose()


@pytest.fixture
async def agent(house: House) -> AsyncIterator[Browser]:
    async with browser_at(house) as opened:
        assert (await opened.log_in()).status_code == 200
        yield opened


async def test_any_text_comes_back_unchanged(agent: Browser) -> None:
    for number, text in enumerate(STRANGE.values()):
        made = await new_ticket(agent, f"k{number}", title=text, text=text, place=text, caller_name=text)
        assert made.status_code == 201, made.text
        read = (await agent.get(f"/api/v1/tickets/{made.json()['ticket']['ticket_id']}")).json()["ticket"]
        assert {read["title"], read["text"], read["place"], read["caller_name"]} == {text}
        body = {"form": {"text": text, text: [text]}}
        saved = await agent.put(f"/api/v1/drafts/c{number}", json={"body": body, "version": 0})
        assert saved.status_code == 200, saved.text
        assert (await agent.get(f"/api/v1/drafts/c{number}")).json()["draft"]["body"] == body
        for query in ("tickets", "calls"):
            found = await agent.get(f"/api/v1/{query}", params={"q": text[:40]})
            assert found.status_code == 200, found.text


async def test_one_key_sent_many_times_at_once_makes_one_ticket(agent: Browser) -> None:
    answers = await asyncio.gather(*(new_ticket(agent, "same") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["ticket"]["ticket_id"] for answer in answers}) == 1


async def test_a_call_from_ring_to_card(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        house.queued()
        house.rings("a1")
        pop = await page.next("pop")
        while pop["card"]["incomplete"]:
            pop = await page.next("pop")
        house.answers("a1")
        house.call_ends("a1")
        await page.state("wrap_up")
    assert (await agent.get(f"/api/v1/card/{CONTACT}")).status_code == 200
    assert len((await agent.get("/api/v1/calls?mine=true")).json()["calls"]) == 1


async def test_a_database_that_is_killed_is_said_and_comes_back(server: Postgres, house: House, agent: Browser) -> None:
    async with agent.page() as page:
        server.kill()
        try:
            answer = await agent.get("/api/v1/tickets")
            assert (answer.status_code, error_id(answer)) == (503, "database_busy")
            health = (await agent.get("/healthz")).json()
            assert (health["status"], health["database"]) == ("degraded", False)
            house.bridge.show("a1", state="ready")
            await page.state("ready")
        finally:
            server.start()
        assert (await agent.get("/api/v1/tickets")).status_code == 200
        assert page.opened.close_code is None, "the page was served all the time"


async def test_articles_marks_and_outcomes_are_kept_and_found(house: House, agent: Browser) -> None:
    house.person("chief", "supervisor")
    house.person("writer", "dispatcher")
    house.queued()
    house.answers("a1")
    house.call_ends("a1")
    outcome = {"code": "void/wrong", "note": "找错了"}
    assert (await agent.put(f"/api/v1/calls/{CONTACT}/disposition", json=outcome)).status_code == 200
    assert (await agent.post(f"/api/v1/calls/{CONTACT}/marks", json={"kind": "nuisance"})).status_code == 201
    found = (await agent.get("/api/v1/calls", params={"disposition": "void"})).json()["calls"]
    assert [call["disposition"] for call in found] == ["void/wrong"]
    async with Browser(agent.port) as writer, Browser(agent.port) as chief:
        await writer.log_in("writer")
        await chief.log_in("chief")
        said = {"question": "路灯不亮找谁？", "answer": "城管局", "valid_until": "2026-12-31"}
        article = (await writer.post("/api/v1/knowledge", json=said, headers={"Idempotency-Key": "lights"})).json()[
            "article"
        ]
        acts = f"/api/v1/knowledge/{article['article_id']}/acts"
        await writer.post(acts, json={"act": "submit"})
        assert (await chief.post(acts, json={"act": "publish"})).status_code == 200
        assert (await chief.get("/api/v1/knowledge", params={"due": True})).json()["articles"] == []
        assert [mark["state"] for mark in (await chief.get("/api/v1/marks")).json()["marks"]] == ["marked"]
    answers = (await agent.get("/api/v1/knowledge/search", params={"q": "路灯坏了"})).json()["articles"]
    assert [one["text"]["valid_until"] for one in answers] == ["2026-12-31"]


async def test_a_file_that_comes_twice_at_once_is_there_once(agent: Browser, tmp_path: Path) -> None:
    ticket_id = (await new_ticket(agent)).json()["ticket"]["ticket_id"]
    answers = await asyncio.gather(*(put(agent, ticket_id, key="once") for _ in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4, [answer.text for answer in answers]
    assert len({answer.text for answer in answers}) == 1
    assert (await names(agent, ticket_id), len(on_disk(tmp_path))) == ([NAME], 1)
    made = answers[0].json()["attachment"]
    assert (await agent.get(f"/api/v1/attachments/{made['attachment_id']}")).content == PHOTO
