"""The caller's query over HTTP: no log-in, one nothing, and not many tries."""

from __future__ import annotations

import time
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from agent_desktop import citizen_query
from agent_desktop.api import citizen
from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, error_id, new_ticket

pytestmark = pytest.mark.wire


async def told(agent: Browser, **fields: object) -> dict[str, str]:
    """The code and tail of a new ticket, as the operator reads them to the caller."""
    made = await new_ticket(agent, **{"caller_number": "13800138000"} | fields)
    answer = await agent.get(f"/api/v1/tickets/{made.json()['ticket']['ticket_id']}/query-code")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def ask(browser: Browser, code: str, tail: str) -> httpx.Response:
    return await browser.post("/api/v1/public/progress", json={"code": code, "tail": tail})


async def test_a_caller_without_a_log_in_sees_the_progress_and_no_name(agent: Browser) -> None:
    query = await told(agent, caller_name="张三", text="内部")
    async with Browser(agent.port) as caller:
        answer = await ask(caller, **query)
    assert answer.status_code == 200
    assert answer.json()["progress"]["stage"] == "accepted"
    assert "张三" not in answer.text
    assert "13800138000" not in answer.text


async def test_the_identity_card_opens_it_too_and_its_misses_take_their_time(agent: Browser) -> None:
    query = await told(agent, kind="report", caller_identity="11010519491231002X")
    assert (await ask(agent, query["code"], "002x")).status_code == 200
    began = time.monotonic()
    wrong = await ask(agent, query["code"], "003X")
    assert time.monotonic() - began >= citizen.NOTHING_TAKES
    assert wrong.json() == (await ask(agent, "0000000000", "002X")).json()


async def test_what_is_not_there_takes_its_time(agent: Browser) -> None:
    query = await told(agent)
    began = time.monotonic()
    wrong = await ask(agent, query["code"], "0001")
    missing = await ask(agent, "0000000000", query["tail"])
    assert time.monotonic() - began >= 2 * citizen.NOTHING_TAKES
    assert (wrong.status_code, error_id(wrong)) == (404, "not_found")
    assert wrong.json() == missing.json()


async def test_guessing_the_tail_is_slowed_down_and_time_lets_one_in_again(house: House, agent: Browser) -> None:
    query = await told(agent)
    for guess in range(citizen_query.TRIES_OF_CODE):
        assert (await ask(agent, query["code"], f"{guess:04d}")).status_code == 404
    throttled = await ask(agent, query["code"], query["tail"])
    assert (throttled.status_code, error_id(throttled)) == (429, "query_throttled")
    assert int(throttled.headers["retry-after"]) >= 1
    house.clock.forward(minutes=16)
    assert (await ask(agent, query["code"], query["tail"])).status_code == 200


async def test_one_address_cannot_try_code_after_code(agent: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(citizen_query, "TRIES_OF_ADDRESS", 3)
    for code in range(3):
        assert (await ask(agent, f"{code:010d}", "0000")).status_code == 404
    assert error_id(await ask(agent, "0000000009", "0000")) == "query_throttled"


async def test_an_opinion_comes_when_there_is_a_result(agent: Browser) -> None:
    query = await told(agent)
    body = query | {"outcome": "satisfied"}
    early = await agent.post("/api/v1/public/evaluation", json=body, headers={"Idempotency-Key": "e"})
    assert error_id(early) == "ticket_refused"
    assert early.json()["error"]["detail"]["reason"] == "not_now"
    nothing = await agent.post(
        "/api/v1/public/evaluation", json=body | {"code": "0000000000"}, headers={"Idempotency-Key": "e"}
    )
    assert error_id(nothing) == "not_found"


async def test_an_account_is_demanded_within_the_rules_and_what_is_not_there_says_nothing(
    house: House, agent: Browser
) -> None:
    query = await told(agent)

    async def demand(**other: str) -> httpx.Response:
        body = query | {"text": "为什么"} | other
        return await agent.post("/api/v1/public/account", json=body, headers={"Idempotency-Key": str(uuid4())})

    early = await demand()
    assert error_id(early) == "ticket_refused"
    assert early.json()["error"]["detail"]["reason"] == "no_account_owed"
    began = time.monotonic()
    wrong, missing = await demand(tail="0000"), await demand(code="0000000000")
    with house.write.begin() as session:
        session.execute(text("UPDATE tkt_ticket SET confidential = true"))
    hidden = await demand()
    assert time.monotonic() - began >= 3 * citizen.NOTHING_TAKES
    assert [one.status_code for one in (wrong, missing, hidden)] == [404, 404, 404]
    assert wrong.json() == missing.json() == hidden.json()


async def test_a_confidential_ticket_has_no_code_to_tell(agent: Browser) -> None:
    made = await new_ticket(agent, confidential=True)
    answer = await agent.get(f"/api/v1/tickets/{made.json()['ticket']['ticket_id']}/query-code")
    assert answer.json()["error"]["detail"] == {"reason": "confidential"}
