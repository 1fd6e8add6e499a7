"""A break that is asked for before its time: it begins after the call, whoever was started again meanwhile (R09)."""

from __future__ import annotations

import pytest

from cti import Bridge
from cti.facts import CallAnswered
from tests.kit.fake_ami import FakeAsterisk
from tests.kit.waiting import until
from tests.wire.test_cti_link import bridged, of

pytestmark = pytest.mark.wire


async def paused_by_a_call(asterisk: FakeAsterisk, bridge: Bridge) -> None:
    """The agent answers a call from the queue, which ends."""
    answered = CallAnswered(at=0.0, call_id="1", channel="c", by="a", queue="citizens", agent_id="zhang")
    bridge._tell([answered])
    await until(lambda: next_of(bridge)[0] == "wrap_up", "wrap-up")


def next_of(bridge: Bridge) -> tuple[str, str]:
    """The only agent's state, and what follows."""
    view = bridge.agent("zhang")
    assert view is not None
    return view.state, view.next_reason


@pytest.mark.parametrize("lost", ["desk", "switch"])
async def test_what_comes_after_the_call_outlives_the_desk_and_the_switch(lost: str) -> None:
    """R09: a break asked for in a call begins after its wrap-up, whoever was started again meanwhile."""
    async with FakeAsterisk() as asterisk:
        async with bridged(asterisk) as (bridge, found):
            await bridge.agent_login("zhang", "8001", ["citizens"])
            await bridge.agent_ready("zhang")
            await paused_by_a_call(asterisk, bridge)
            await bridge.agent_not_ready("zhang", "lunch")
            assert next_of(bridge) == ("wrap_up", "lunch")
            if lost == "switch":
                await asterisk.restart()
                await until(lambda: of(found, "switch_synced")[1:], "synchronised", 3)
                assert next_of(bridge) == ("wrap_up", "lunch")
        async with bridged(asterisk) as (bridge, _):
            assert next_of(bridge) == ("wrap_up", "lunch")
            await bridge.wrap_up_done("zhang")
            assert asterisk.members["citizens", "PJSIP/8001"]["PausedReason"] == "lunch"
            await until(lambda: next_of(bridge) == ("not_ready", ""), "the break")


async def test_a_break_that_is_taken_back_in_wrap_up_is_none() -> None:
    """R09: the last word counts, for a desk that is started afterwards as well."""
    async with FakeAsterisk() as asterisk:
        async with bridged(asterisk) as (bridge, _):
            await bridge.agent_login("zhang", "8001", ["citizens"])
            await bridge.agent_not_ready("zhang", "lunch")
            await paused_by_a_call(asterisk, bridge)
            assert next_of(bridge) == ("wrap_up", "lunch"), "asked for before the call, or while it rang"
            await bridge.agent_ready("zhang")
            await until(lambda: next_of(bridge) == ("ready", ""), "ready at once")
        async with bridged(asterisk) as (bridge, _):
            assert next_of(bridge) == ("ready", "")
