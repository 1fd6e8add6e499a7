"""A supervisor at an agent's call, by the desk's interface and real phones; who hears whom is told by pitch (R67)."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from tests.kit.hall import UNIT, Hall, open_hall
from tests.kit.shapes import AGENT, BOSS, CITIZEN, UNIT_, back, citizen_hangs_up, consultation
from tests.kit.stack import Stack
from tests.kit.waiting import until, until_async

pytestmark = pytest.mark.live

WHY = "新员工第一周"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(stack: Stack) -> AsyncIterator[Hall]:
    async with open_hall(stack) as hall:
        yield hall


@pytest_asyncio.fixture(loop_scope="module")
async def hall(opened: Hall) -> AsyncIterator[Hall]:
    """Quiet before, quiet after."""
    yield opened
    await opened.over()


async def ask(hall: Hall, what: str, **body: Any) -> Any:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    return await hall.boss.browser.post(f"/api/v1/floor/{what}", json=body or None, headers=key)


async def asked(hall: Hall, what: str, **body: Any) -> None:
    answer = await ask(hall, what, **body)
    assert answer.status_code in (200, 204), answer.text


async def newest(hall: Hall) -> dict[str, Any]:
    """The last line of the record, as the agent it concerns is shown it."""
    answer = await hall.agent.browser.get("/api/v1/floor/acts/mine")
    assert answer.status_code == 200, answer.text
    acts = answer.json()["acts"]
    return dict(acts[0]) if acts else {}


async def on_record(hall: Hall, contact_id: str, *modes: str) -> None:
    """Over, with who, which call, why and what was done."""

    async def there() -> bool:
        act = await newest(hall)
        return bool(act.get("contact_id") == contact_id and [step["mode"] for step in act["steps"]] == list(modes))

    await until_async(there, f"{modes} of {contact_id} on record", 10)
    act = await newest(hall)
    assert (act["by_name"], act["reason"], act["agent_id"]) == ("hall-boss", WHY, "8101")
    assert act["began_at"] <= act["steps"][0]["at"] <= act["ended_at"]


async def nobody_else(hall: Hall) -> None:
    """Citizen and agent hear each other and nobody else."""
    await hall.hears(hall.citizen, AGENT)
    await hall.hears(hall.agent.phone, CITIZEN)


async def listening_hears_both_and_is_not_heard(hall: Hall) -> None:
    taken = await hall.call()
    refused = await hall.colleague.browser.post(
        "/api/v1/floor/8101/listen", json={"reason": WHY}, headers={"Idempotency-Key": "k" * 20}
    )
    assert refused.status_code == 403, "agents may not"
    await asked(hall, "8101/listen", reason=WHY)
    await hall.hears(hall.boss.phone, CITIZEN, AGENT)
    await nobody_else(hall)
    await hall.boss.is_in("supervising")
    again = await ask(hall, "8101/listen", reason=WHY)
    assert again.json()["error"]["detail"]["reason"] == "busy", "one call at a time"
    assert await newest(hall) == {} or (await newest(hall))["contact_id"] != taken.contact_id, "shown when it is over"
    await asked(hall, "listening/end")
    await hall.boss.phone.wait_state("DISCONNECTED")
    await hall.boss.is_in("not_ready")
    await back(hall)
    await citizen_hangs_up(hall, taken, (AGENT,))
    await on_record(hall, taken.contact_id, "listen")


async def a_whisper_is_for_the_agent_alone(hall: Hall) -> None:
    """The citizen does not hear it, nor is it on the recording; there and back is one call of the supervisor's."""
    taken = await hall.call()
    await asked(hall, "8101/listen", reason=WHY)
    await hall.hears(hall.boss.phone, CITIZEN, AGENT)
    await asked(hall, "listening/turn", mode="whisper")
    await hall.hears(hall.agent.phone, CITIZEN, BOSS)
    await hall.hears(hall.citizen, AGENT)
    await hall.hears(hall.boss.phone, CITIZEN, AGENT)
    await asked(hall, "listening/turn", mode="listen")
    await nobody_else(hall)
    await hall.hears(hall.boss.phone, CITIZEN, AGENT)
    assert len([one for one in hall.boss.phone.events if one.get("event") == "incoming"]) == 1
    await citizen_hangs_up(hall, taken, (AGENT,))
    await hall.boss.phone.wait_state("DISCONNECTED")
    await on_record(hall, taken.contact_id, "listen", "whisper", "listen")


async def the_agent_hangs_up(hall: Hall) -> None:
    taken = await hall.call()
    await asked(hall, "8101/listen", reason=WHY, mode="whisper")
    await hall.hears(hall.agent.phone, CITIZEN, BOSS)
    await hall.agent.phone.hang_up()
    await hall.boss.phone.wait_state("DISCONNECTED")
    await hall.citizen.wait_state("DISCONNECTED")
    await on_record(hall, taken.contact_id, "whisper")


async def the_supervisor_hangs_up(hall: Hall) -> None:
    """The talk goes on untouched when the supervisor's phone goes, and the queue knows the supervisor again."""
    taken = await hall.call()
    await hall.boss.ready()
    await asked(hall, "8101/listen", reason=WHY, mode="whisper")
    await hall.hears(hall.agent.phone, CITIZEN, BOSS)
    await hall.boss.phone.hang_up()
    await nobody_else(hall)
    await hall.boss.is_in("ready")
    await citizen_hangs_up(hall, taken, (AGENT,))
    await on_record(hall, taken.contact_id, "whisper")


async def no_call_is_offered_meanwhile(hall: Hall) -> None:
    """Somebody else calls: a supervisor who was ready is not rung while listening."""
    taken = await hall.call()
    await hall.boss.ready()
    await asked(hall, "8101/listen", reason=WHY)
    await hall.hears(hall.boss.phone, CITIZEN, AGENT)
    async with hall.stack.citizen("13900000077", who="second citizen") as second:
        await second.call(hall.stack.settings.hotline_number)
        await until(lambda: len(hall.ami.of("QueueCallerJoin")) == 2, "the second citizen waits")
        await hall.colleague.ready()
        await hall.colleague.is_in("talking")
        assert not [one for one in hall.ami.of("AgentCalled") if "8192" in one["Interface"]]
        assert len([one for one in hall.boss.phone.events if one.get("event") == "incoming"]) == 1
    await hall.hears(hall.boss.phone, CITIZEN, AGENT)
    await citizen_hangs_up(hall, taken, (AGENT,))


async def hold_and_three_while_listening(hall: Hall) -> None:
    """The ear goes where the agent's channel goes; the consultation's recording has no whisper either."""
    taken = await hall.call()
    await asked(hall, "8101/listen", reason=WHY, mode="whisper")
    await hall.hears(hall.agent.phone, CITIZEN, BOSS)
    await hall.agent.does("call/hold")
    await hall.agent.is_in("held")
    await hall.hears(hall.citizen)
    await hall.hears(hall.agent.phone, BOSS)
    await hall.agent.does("call/resume")
    await hall.hears(hall.citizen, AGENT)
    await hall.hears(hall.agent.phone, CITIZEN, BOSS)
    await hall.agent.does("call/consult", number=UNIT, brief=False)
    await hall.agent.phase("consulting")
    await hall.hears(hall.unit, AGENT)
    await hall.hears(hall.agent.phone, UNIT_, BOSS)
    taken.link_consultations()
    await hall.agent.does("call/merge")
    await hall.agent.is_in("three_way")
    await hall.hears(hall.citizen, AGENT, UNIT_)
    await hall.hears(hall.boss.phone, CITIZEN, AGENT, UNIT_)
    await hall.hears(hall.agent.phone, CITIZEN, UNIT_, BOSS)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT, UNIT_))
    await consultation(taken)


async def from_listening_to_coming_in(hall: Hall) -> None:
    taken = await hall.call()
    await asked(hall, "8101/listen", reason=WHY)
    await hall.hears(hall.boss.phone, CITIZEN, AGENT)
    await asked(hall, "8101/barge", reason=WHY)
    await hall.hears(hall.citizen, AGENT, BOSS)
    await hall.hears(hall.agent.phone, CITIZEN, BOSS)
    await hall.boss.phone.hang_up()
    await back(hall)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT, BOSS), (AGENT,))
    await on_record(hall, taken.contact_id, "barge")


async def a_phone_that_does_not_answer(hall: Hall) -> None:
    taken = await hall.call()
    await hall.boss.phone.command("auto_answer", after=None)
    listening = hall.boss.browser.post(
        "/api/v1/floor/8101/listen", json={"reason": WHY}, headers={"Idempotency-Key": uuid.uuid4().hex}
    )
    answer = asyncio.ensure_future(listening)
    await hall.boss.phone.wait_event("incoming")
    await hall.boss.phone.reject(486)
    refused = await answer
    assert refused.json()["error"]["detail"]["reason"] == "unreachable", refused.text
    await nobody_else(hall)
    await citizen_hangs_up(hall, taken, (AGENT,))
    act = await newest(hall)
    assert act.get("contact_id") != taken.contact_id, "nothing was heard"


SHAPES: dict[str, Callable[[Hall], Awaitable[None]]] = {
    "listening hears both and nobody hears it": listening_hears_both_and_is_not_heard,
    "a whisper is for the agent alone": a_whisper_is_for_the_agent_alone,
    "the agent hangs up": the_agent_hangs_up,
    "the supervisor hangs up": the_supervisor_hangs_up,
    "no call is offered meanwhile": no_call_is_offered_meanwhile,
    "hold, consultation and three-way while whispering": hold_and_three_while_listening,
    "from listening to coming in": from_listening_to_coming_in,
    "a phone that does not answer": a_phone_that_does_not_answer,
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", SHAPES)
async def test_a_supervisor_at_a_call(hall: Hall, name: str) -> None:
    await SHAPES[name](hall)
