"""Shapes of calls in which the agent presses the emergency button: the service is behind the carrier's line."""

from __future__ import annotations

from typing import Any

from tests.kit.hall import Hall, Taken
from tests.kit.shapes import AGENT, CITIZEN, SERVICE, back, citizen_hangs_up
from tests.kit.waiting import until_async


async def _hand_over(hall: Hall, taken: Taken) -> dict[str, Any]:
    answer = await hall.agent.browser.get(f"/api/v1/calls/{taken.contact_id}/hand-overs")
    return dict(answer.json()["hand_overs"][-1])


async def emergency_service(hall: Hall) -> None:
    """Called, told by the agent, the citizen is brought in, the agent leaves; each step has its time."""
    taken = await hall.call()
    async with hall.stack.called_citizen(SERVICE) as service:
        await hall.agent.does(f"calls/{taken.contact_id}/hand-overs", service="ambulance")
        assert "120" in (await service.wait_event("incoming"))["local"]
        await hall.agent.phase("consulting")
        await hall.hears(service, AGENT)
        await hall.hears(hall.agent.phone, SERVICE)
        await hall.hears(hall.citizen)
        await hall.agent.does("call/merge")
        await hall.agent.phase("three_way")
        await hall.hears(hall.citizen, AGENT, SERVICE)
        await hall.hears(service, CITIZEN, AGENT)
        await hall.agent.does("call/leave")
        await hall.hears(hall.citizen, SERVICE)
        await hall.hears(service, CITIZEN)
        await citizen_hangs_up(hall, taken, (AGENT,), (AGENT, SERVICE), (SERVICE,))
        await service.wait_state("DISCONNECTED")

    async def over() -> bool:
        return (await _hand_over(hall, taken))["ended_at"] is not None

    await until_async(over, "the hand-over is over")
    told = await _hand_over(hall, taken)
    assert told["outcome"] == "handed_over"
    assert 0 < told["seconds"] < told["joined_seconds"] < told["ended_seconds"]


async def emergency_service_is_busy(hall: Hall) -> None:
    """The citizen is back with the agent, and the try is kept."""
    taken = await hall.call()
    async with hall.stack.called_citizen(SERVICE) as service:
        await service.command("auto_answer", after=None)
        await hall.agent.does(f"calls/{taken.contact_id}/hand-overs", service="fire")
        await service.wait_event("incoming")
        await hall.hears(hall.citizen)
        await service.reject(486)
        await hall.agent.phase("held")
        await hall.agent.does("call/resume")
        await back(hall)
    await citizen_hangs_up(hall, taken, (AGENT,), (AGENT,))
    assert (await _hand_over(hall, taken))["outcome"] == "not_reached"
