"""Shapes of calls, each driven as an agent drives them: through the desk's interface, with a SIP phone at the place.

Every shape says who hears whom in each phase, and at its end what is on the citizen's recording: all of the time the
citizen was connected, everybody the citizen heard in that order, and nothing of a private consultation, which is in a
recording of its own.  Each party has a pitch of its own; an FFT tells who is heard.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from tests.kit.dropped_shapes import dropped_browser
from tests.kit.emergency_shapes import emergency_service, emergency_service_is_busy
from tests.kit.hall import UNIT, Hall, open_hall
from tests.kit.shapes import (
    AGENT,
    BOSS,
    CITIZEN,
    COLLEAGUE,
    UNIT_,
    back,
    citizen_hangs_up,
    consultation,
    consulting,
    labelled,
    recorded,
    three,
)
from tests.kit.stack import Stack
from tests.kit.transfer_shapes import (
    a_colleague_hangs_up_after_a_blind_transfer,
    agent_hangs_up_in_consultation,
    agent_hangs_up_while_holding,
    attended_transfer,
    blind_transfer,
    blind_transfer_to_a_busy_unit,
    blind_transfer_to_a_colleague,
    to_a_colleague_attended,
)
from tests.kit.waiting import until

pytestmark = pytest.mark.live


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(stack: Stack) -> AsyncIterator[Hall]:
    async with open_hall(stack) as hall:
        yield hall


@pytest_asyncio.fixture(loop_scope="module")
async def hall(opened: Hall) -> AsyncIterator[Hall]:
    """Quiet before, quiet after."""
    yield opened
    await opened.over()


async def queue_call(hall: Hall) -> None:
    """R25: the desk shows who is on the line from the answer on."""
    taken = await hall.call()
    call = await hall.agent.phase("talking")
    assert [(party["kind"], party["place"]) for party in call["parties"]] == [
        ("citizen", "together"),
        ("agent", "together"),
    ]
    await citizen_hangs_up(hall, taken, (AGENT,))
    await hall.agent.is_in("wrap_up")


async def hold_and_back(hall: Hall) -> None:
    """R46: no one-way audio after a hold."""
    taken = await hall.call()
    await hall.agent.does("call/hold")
    await hall.agent.is_in("held")
    await hall.hears(hall.citizen)
    await hall.hears(hall.agent.phone)
    await hall.agent.does("call/resume")
    await back(hall)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT,))


async def agent_leaves(hall: Hall) -> None:
    """R28: the recording goes on when the agent's leg has gone."""
    taken = await three(hall)
    await hall.agent.does("call/leave")
    await hall.agent.is_in("wrap_up")
    await hall.hears(hall.citizen, UNIT_)
    await hall.hears(hall.unit, CITIZEN)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT, UNIT_), (UNIT_,))
    await hall.unit.wait_state("DISCONNECTED")
    await consultation(taken)
    await labelled(hall, taken)


async def unit_leaves(hall: Hall) -> None:
    """R24: nobody else is dropped when one party hangs up."""
    taken = await three(hall)
    await hall.unit.hang_up()
    await back(hall)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT, UNIT_), (AGENT,))


async def unit_leaves_after_the_agent(hall: Hall) -> None:
    taken = await three(hall)
    await hall.agent.does("call/leave")
    await hall.hears(hall.citizen, UNIT_)
    await hall.unit.hang_up()
    await hall.citizen.wait_state("DISCONNECTED")
    await recorded(hall, taken, (AGENT,), (AGENT, UNIT_), (UNIT_,))


async def unit_is_dropped(hall: Hall) -> None:
    taken = await three(hall)
    call = await hall.agent.phase("three_way")
    party = next(one for one in call["parties"] if one["kind"] == "unit")
    assert "自来水公司" in party["name"]
    await hall.agent.does("call/drop", party=party["party"])
    await hall.unit.wait_state("DISCONNECTED")
    await back(hall)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT, UNIT_), (AGENT,))


async def three_on_hold(hall: Hall) -> None:
    taken = await three(hall)
    await hall.agent.does("call/hold")
    await hall.hears(hall.citizen)
    await hall.hears(hall.unit)
    await hall.agent.does("call/resume")
    await hall.agent.phase("three_way")
    await hall.hears(hall.citizen, AGENT, UNIT_)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT, UNIT_), (AGENT, UNIT_))


def failed_consultation(code: int, reason: str) -> Callable[[Hall], Awaitable[None]]:
    """R26: a consultation that comes to nothing harms neither the citizen nor the recording."""

    async def shape(hall: Hall) -> None:
        await hall.unit_answers(None)
        taken = await hall.call()
        await hall.agent.does("call/consult", number=UNIT, brief=False)
        await hall.unit.wait_event("incoming")
        await hall.hears(hall.citizen)
        await hall.unit.reject(code)
        call = await hall.agent.phase("held")
        assert call["gone"]["reason"] == reason, call["gone"]
        await hall.agent.does("call/resume")
        await back(hall)
        await citizen_hangs_up(hall, taken, (AGENT,), (AGENT,))

    return shape


async def unit_hangs_up_in_consultation(hall: Hall) -> None:
    taken = await consulting(hall)
    await hall.unit.hang_up()
    call = await hall.agent.phase("held")
    assert call["gone"]["reason"] == "completed"
    await hall.agent.does("call/resume")
    await back(hall)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT,))
    await consultation(taken)


async def cancelled_while_it_rings(hall: Hall) -> None:
    await hall.unit_answers(None)
    taken = await hall.call()
    await hall.agent.does("call/consult", number=UNIT, brief=False)
    await hall.unit.wait_event("incoming")
    began = time.monotonic()
    await hall.agent.does("call/cancel")
    assert time.monotonic() - began < 1, "the citizen is back within a second"
    await back(hall)
    await hall.unit.wait_state("DISCONNECTED")
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT,))


async def cancelled_while_they_talk(hall: Hall) -> None:
    taken = await consulting(hall)
    began = time.monotonic()
    await hall.agent.does("call/cancel")
    assert time.monotonic() - began < 1, "the citizen is back within a second"
    await back(hall)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT,))


async def two_tries(hall: Hall) -> None:
    """The first unit is busy, the second try goes through: two consultations, two recordings."""
    await hall.unit_answers(None)
    taken = await hall.call()
    await hall.agent.does("call/consult", number=UNIT, brief=False)
    await hall.unit.wait_event("incoming")
    await hall.unit.reject(486)
    await hall.agent.phase("held")
    await hall.unit_answers(0.1)
    await hall.agent.does("call/consult", number=UNIT, brief=False)
    await hall.agent.phase("consulting")
    await hall.hears(hall.unit, AGENT)
    taken.link_consultations()
    await hall.agent.does("call/merge")
    await hall.hears(hall.citizen, AGENT, UNIT_)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT, UNIT_))
    await consultation(taken, 2)


async def citizen_leaves_on_hold(hall: Hall) -> None:
    """R18, R05: nobody stays in a call that is over."""
    taken = await hall.call()
    await hall.agent.does("call/hold")
    await hall.hears(hall.citizen)
    await citizen_hangs_up(hall, taken, (AGENT,))
    await hall.agent.phone.wait_state("DISCONNECTED")
    await hall.agent.is_in("wrap_up")


async def citizen_leaves_while_it_rings(hall: Hall) -> None:
    await hall.unit_answers(None)
    taken = await hall.call()
    await hall.agent.does("call/consult", number=UNIT, brief=False)
    await hall.unit.wait_event("incoming")
    await citizen_hangs_up(hall, taken, (AGENT,))
    await hall.unit.wait_state("DISCONNECTED")
    await hall.agent.is_in("wrap_up")


async def citizen_leaves_in_consultation(hall: Hall) -> None:
    """Agent and unit may finish their talk."""
    taken = await consulting(hall)
    await citizen_hangs_up(hall, taken, (AGENT,))
    await hall.agent.phase("citizen_gone")
    await hall.hears(hall.unit, AGENT)
    await hall.agent.phone.hang_up()
    await hall.unit.wait_state("DISCONNECTED")
    await hall.agent.is_in("wrap_up")


async def citizen_leaves_three(hall: Hall) -> None:
    taken = await three(hall)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT, UNIT_))
    await hall.hears(hall.unit, AGENT)
    await hall.unit.hang_up()
    await hall.agent.phone.wait_state("DISCONNECTED")
    await hall.agent.is_in("wrap_up")


async def a_fourth_party(hall: Hall) -> None:
    """Somebody else is consulted while citizen and unit wait, then everybody is together."""
    taken = await three(hall)
    await hall.agent.does("call/consult", number="8191", colleague=True)
    await hall.agent.phase("consulting")
    await hall.hears(hall.colleague.phone, AGENT)
    await hall.hears(hall.citizen)
    await hall.hears(hall.unit)
    await hall.agent.does("call/merge")
    await hall.hears(hall.citizen, AGENT, UNIT_, COLLEAGUE)
    await hall.hears(hall.unit, AGENT, CITIZEN, COLLEAGUE)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT, UNIT_), tuple(sorted((AGENT, UNIT_, COLLEAGUE))))


async def a_supervisor_comes_in(hall: Hall) -> None:
    """R67: heard by all and recorded; an agent may not do it."""
    taken = await hall.call()
    wanted = {"json": {"reason": "市民要求"}, "headers": {"Idempotency-Key": taken.contact_id}}
    refused = await hall.colleague.browser.post("/api/v1/floor/8101/barge", **wanted)
    assert refused.status_code == 403
    answer = await hall.boss.browser.post("/api/v1/floor/8101/barge", **wanted)
    assert answer.status_code == 204, answer.text
    await hall.hears(hall.citizen, AGENT, BOSS)
    await hall.hears(hall.agent.phone, CITIZEN, BOSS)
    await hall.agent.is_in("three_way")
    await hall.boss.phone.hang_up()
    await back(hall)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT, BOSS), (AGENT,))


async def an_outgoing_call_of_three(hall: Hall) -> None:
    """An agent calls a citizen, whose history pops, and brings a unit in: recorded like any call."""
    await hall.agent.ready()
    async with hall.stack.called_citizen() as called:
        await hall.agent.does("call/out", number="13800138000")
        await hall.hears(called, AGENT)
        assert hall.agent.card is not None
        assert hall.agent.card["earlier_calls"], "the citizen's history has popped"
        taken = hall.take()
        await hall.agent.does("call/consult", number=UNIT, brief=False)
        await hall.agent.phase("consulting")
        await hall.hears(hall.unit, AGENT)
        await hall.hears(called)
        await hall.agent.does("call/merge")
        await hall.hears(called, AGENT, UNIT_)
        await hall.hears(hall.unit, AGENT, CITIZEN)
        await hall.agent.does("call/leave")
        await hall.hears(called, UNIT_)
        await called.hang_up()
        await recorded(hall, taken, (AGENT,), (AGENT, UNIT_), (UNIT_,))


def place_of_unit(hall: Hall) -> str:
    parties = (hall.agent.call or {}).get("parties", [])
    return next((str(party["place"]) for party in parties if party["kind"] == "unit"), "")


async def the_unit_is_told_first(hall: Hall) -> None:
    """Who calls and about what, before it joins; the agent hears that it rings."""
    taken = await hall.call()
    await hall.agent.does("call/consult", number=UNIT)
    await hall.unit.wait_state("CONFIRMED")
    await hall.agent.phase("calling")
    await until(lambda: place_of_unit(hall) == "alone", "the unit is being told")
    await hall.agent.phase("consulting")
    await hall.hears(hall.unit, AGENT)
    await hall.agent.does("call/cancel")
    await back(hall)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT,))


SHAPES: dict[str, Callable[[Hall], Awaitable[None]]] = {
    "queue call (R25)": queue_call,
    "hold and back (R46)": hold_and_back,
    "consult, merge, agent leaves (R28)": agent_leaves,
    "consult, merge, unit leaves (R24)": unit_leaves,
    "agent leaves, then the unit": unit_leaves_after_the_agent,
    "the unit is dropped": unit_is_dropped,
    "three on hold and back": three_on_hold,
    "the unit is busy (R26)": failed_consultation(486, "busy"),
    "the unit does not answer (R26)": failed_consultation(480, "no-answer"),
    "the unit rejects (R26)": failed_consultation(603, "rejected"),
    "the unit hangs up in the consultation": unit_hangs_up_in_consultation,
    "cancelled while it rings": cancelled_while_it_rings,
    "cancelled while they talk": cancelled_while_they_talk,
    "first unit busy, second try": two_tries,
    "citizen leaves on hold (R05, R18)": citizen_leaves_on_hold,
    "citizen leaves while it rings": citizen_leaves_while_it_rings,
    "citizen leaves in the consultation": citizen_leaves_in_consultation,
    "citizen leaves the three": citizen_leaves_three,
    "attended transfer to a unit (R19, R29)": attended_transfer,
    "blind transfer to a unit": blind_transfer,
    "blind transfer to a busy unit": blind_transfer_to_a_busy_unit,
    "blind transfer to a colleague": blind_transfer_to_a_colleague,
    "blind transfer to a colleague, who hangs up": a_colleague_hangs_up_after_a_blind_transfer,
    "agent hangs up while holding": agent_hangs_up_while_holding,
    "agent hangs up in the consultation": agent_hangs_up_in_consultation,
    "a fourth party": a_fourth_party,
    "attended transfer to a colleague (R02, R56)": to_a_colleague_attended,
    "a supervisor comes in (R67)": a_supervisor_comes_in,
    "an outgoing call of three": an_outgoing_call_of_three,
    "the unit is told first": the_unit_is_told_first,
    "emergency service called, joined, agent leaves": emergency_service,
    "emergency service busy (R26)": emergency_service_is_busy,
    "dropped browser and return (R44)": dropped_browser("talking"),
    "dropped browser and return, in a consultation": dropped_browser("consulting"),
    "dropped browser and return, in a three-way call": dropped_browser("three_way"),
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", SHAPES)
async def test_a_shape_of_call(hall: Hall, name: str) -> None:
    await SHAPES[name](hall)
