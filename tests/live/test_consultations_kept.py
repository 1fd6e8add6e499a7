"""A desk that is killed in a call: the next one's consultation is recorded beside the first one's, not over it."""

from __future__ import annotations

import pytest

from cti import Target, consultation_ids
from tests.kit.ami_tap import AmiTap
from tests.kit.switch import TestSwitch
from tests.kit.tones import speakers
from tests.kit.waiting import until
from tests.live.test_cti_bridge import Desk, desk

pytestmark = pytest.mark.live

UNIT = Target("5559876")


async def consulted(d: Desk, agent_id: str = "zhang") -> None:
    """One consultation from the first ring to its end."""
    await d.bridge.consult(agent_id, UNIT)
    await until(lambda: d.bridge.calls()[0].phase == "consulting", "a private talk")


async def test_the_second_consultation_has_a_file_of_its_own(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.citizen() as citizen, switch.agent() as agent, switch.unit() as unit:
        async with desk(switch) as first:
            await first.bridge.agent_login("zhang", "8101", ["citizens"])
            await first.bridge.agent_ready("zhang")
            await citizen.call("12345")
            await first.state("talking")
            contact_id = first.bridge.calls()[0].contact_id or ""
            await consulted(first)
            await until(lambda: speakers(unit.heard(0.4)) == {"agent"}, "the unit hears the agent")
            await first.bridge.cancel("zhang")
        files = [switch.settings.consult_spool / f"{one}-tx.wav" for one in consultation_ids(contact_id)[:3]]
        await until(lambda: files[0].stat().st_size > 2000, "something of the first talk is written")
        kept = files[0].read_bytes()
        # Nothing of the first desk's memory is left: another object, which learns of the call from the switch.
        async with desk(switch) as second:
            await second.bridge.agent_login("zhang", "8101", ["citizens"])
            await until(lambda: [c for c in second.bridge.calls() if c.phase == "talking"], "the call is known again")
            await consulted(second)
            await until(lambda: speakers(agent.heard(0.4)) == {"unit"}, "agent and unit talk")
            await second.bridge.cancel("zhang")
            await until(lambda: files[1].exists() and files[1].stat().st_size > 0, "a second recording")
        assert files[0].read_bytes()[44:][: len(kept) - 44] == kept[44:], "the first one is as it was"
        assert not files[2].exists()
