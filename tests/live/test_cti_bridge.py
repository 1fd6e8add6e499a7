"""The bridge on a real Asterisk: agents, rules, commands; a cut link, a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cti import AmiConfig, Bridge, BridgeConfig, FloorRules, Refused, WrapUp
from cti.facts import Fact
from tests.kit.ami_tap import AmiTap
from tests.kit.switch import TestSwitch
from tests.kit.waiting import until

pytestmark = pytest.mark.live


class Desk:
    """A bridge and what it told."""

    def __init__(self, switch: TestSwitch, **rules: object) -> None:
        self.facts: list[Fact] = []
        ami = AmiConfig(port=switch.settings.ami_port, secret=switch.secrets.get("ami"))
        self.bridge = Bridge(BridgeConfig(ami=ami, rules=FloorRules(**rules)), self.facts.append)  # type: ignore[arg-type]

    def of(self, name: str) -> list[Fact]:
        return [fact for fact in self.facts if fact.name == name]

    async def state(self, state: str, reason: str = "", agent_id: str = "zhang") -> None:
        def there() -> bool:
            view = self.bridge.agent(agent_id)
            return view is not None and (view.state, view.reason) == (state, reason)

        try:
            await until(there, f"{agent_id} is {state} {reason}")
        except AssertionError as problem:
            raise AssertionError(f"{problem}; it is {self.bridge.agent(agent_id)}") from None


@asynccontextmanager
async def desk(switch: TestSwitch, **rules: object) -> AsyncIterator[Desk]:
    made = Desk(switch, **rules)
    await made.bridge.start()
    try:
        await until(lambda: made.bridge.healthy, "a healthy bridge")
        yield made
    finally:
        await made.bridge.stop()


async def test_a_shift(switch: TestSwitch, ami: AmiTap) -> None:
    """Log in, ready, a call, wrap-up, a break asked for in the call, log out: each acknowledged and seen."""
    async with desk(switch) as d, switch.citizen() as citizen, switch.agent() as agent:
        bridge = d.bridge
        await bridge.agent_login("zhang", "8101", ["citizens", "priority"])
        await d.state("not_ready", "signed_in")
        await bridge.agent_ready("zhang")
        await d.state("ready")
        await citizen.call("12345")
        await d.state("talking")
        view = bridge.agent("zhang")
        assert view is not None
        call = bridge.calls()[0]
        assert (call.state, call.caller_number, call.agent_ids) == ("talking", "13900000001", ("zhang",))
        assert view.call_id == call.call_id
        assert view.contact_id == call.contact_id
        await bridge.agent_not_ready("zhang", "lunch")
        await d.state("talking")
        assert view.channel is not None
        await bridge.hangup(view.channel)
        await d.state("wrap_up")
        assert bridge.calls() == []
        await bridge.wrap_up_done("zhang")
        await d.state("not_ready", "lunch")
        await bridge.agent_ready("zhang")
        await d.state("ready")
        await bridge.agent_logout("zhang")
        await d.state("logged_out")
        with pytest.raises(Refused, match="not_logged_in"):
            await bridge.agent_ready("zhang")
        told = [fact.name for fact in d.facts if fact.name != "agent_state_changed"]
        assert told == [
            "switch_synced",
            "call_arrived",
            "call_queued",
            "agent_ringing",
            "dialled",
            "call_answered",
            "agent_ring_ended",
            "call_ended",
        ]
        assert d.bridge.trouble == 0
        await agent.wait_state("DISCONNECTED")


async def test_no_second_call_before_the_wrap_up_is_done(switch: TestSwitch, ami: AmiTap) -> None:
    """R01, R04: wrap-up is a pause of ours, and no queue ends it early."""
    async with desk(switch) as d, switch.citizen() as one, switch.citizen("13900000002") as two, switch.agent():
        await d.bridge.agent_login("zhang", "8101", ["citizens", "priority"])
        await d.bridge.agent_ready("zhang")
        await one.call("12345")
        await d.state("talking")
        await two.call("12345")
        await until(lambda: len(d.of("call_queued")) == 2, "the second citizen waits")
        await one.hang_up()
        await d.state("wrap_up")
        await until(lambda: len(d.of("call_ended")) == 1, "first call over")
        assert len(d.of("agent_ringing")) == 1
        await d.bridge.wrap_up_done("zhang")
        await d.state("talking")
        assert len(d.of("agent_ringing")) == 2


@pytest.mark.parametrize(
    ("mode", "asks", "after"),
    [
        (WrapUp.TIME_BOXED, False, "wrap_up"),
        (WrapUp.DISCRETIONARY, False, "wrap_up"),
        (WrapUp.TIMED, False, "wrap_up"),
        (WrapUp.OPTIONAL, False, "ready"),
        (WrapUp.OPTIONAL, True, "wrap_up"),
        (WrapUp.NONE, False, "ready"),
    ],
)
async def test_what_follows_a_call(switch: TestSwitch, ami: AmiTap, mode: WrapUp, asks: bool, after: str) -> None:
    async with desk(switch, wrap_up=mode) as d, switch.citizen() as citizen, switch.agent():
        await d.bridge.agent_login("zhang", "8101", ["citizens"])
        await d.bridge.agent_ready("zhang")
        await d.state("ready")
        await citizen.call("12345")
        await d.state("talking")
        if asks:
            await d.bridge.ask_wrap_up("zhang")
        await citizen.hang_up()
        await d.state(after)


async def test_missed_calls_make_an_agent_not_ready(switch: TestSwitch, ami: AmiTap) -> None:
    """R10: the pause after missed calls is applied, and taken off by the agent."""
    async with desk(switch, missed_calls_limit=2) as d, switch.citizen() as citizen, switch.agent() as agent:
        await agent.command("auto_answer", after=None)
        await d.bridge.agent_login("zhang", "8101", ["citizens"])
        await d.bridge.agent_ready("zhang")
        await citizen.call("12345")
        for number in (1, 2):
            await until(lambda n=number: len(d.of("agent_ringing")) == n, "ringing")
            await agent.wait_event("incoming", count=number)
            await agent.reject()
            await until(lambda n=number: len(d.of("ring_missed")) == n, "missed")
        await d.state("not_ready", "missed_calls")
        assert {fact.reason for fact in d.of("ring_missed")} == {"rejected"}  # type: ignore[attr-defined]
        assert d.bridge.queues()[0].waiting == 1
        await agent.command("auto_answer", after=0.1)
        await d.bridge.agent_ready("zhang")
        await d.state("talking")


async def test_hold_and_resume_by_the_switch(switch: TestSwitch, ami: AmiTap) -> None:
    async with desk(switch) as d, switch.citizen() as citizen, switch.agent():
        await d.bridge.agent_login("zhang", "8101", ["citizens"])
        await d.bridge.agent_ready("zhang")
        await citizen.call("12345")
        await d.state("talking")
        await d.bridge.hold("zhang")
        await d.state("held")
        await until(lambda: d.of("call_held"), "held")
        await d.bridge.resume("zhang")
        await d.state("talking")
        await until(lambda: d.of("call_resumed"), "resumed")
        await d.bridge.send_dtmf("zhang", "12#")
        view = d.bridge.agent("zhang")
        assert view is not None
        await d.bridge.hangup(view.call_id or "")
        await d.state("wrap_up")


async def test_nobody_is_left_alone_in_a_room(switch: TestSwitch, ami: AmiTap) -> None:
    """After hold and back both sit in a conference room, which does not end when one of them goes."""
    async with desk(switch) as d, switch.citizen() as citizen, switch.agent() as agent:
        await d.bridge.agent_login("zhang", "8101", ["citizens"])
        await d.bridge.agent_ready("zhang")
        for number, leaver in enumerate((agent, citizen), 1):
            await citizen.call("12345")
            await d.state("talking")
            await d.bridge.hold("zhang")
            await d.state("held")
            await d.bridge.resume("zhang")
            await d.state("talking")
            await until(lambda: len(d.bridge.calls()[0].bridged) == 2, "both in the room")
            await leaver.hang_up()
            await d.state("wrap_up")
            await until(lambda n=number: len(d.of("call_ended")) == n, "the call over")
            await d.bridge.wrap_up_done("zhang")


async def test_a_desk_that_starts_in_mid_call_knows_it(switch: TestSwitch, ami: AmiTap) -> None:
    async with switch.citizen() as citizen, switch.citizen("13900000002") as waiting, switch.agent():
        async with desk(switch) as first:
            await first.bridge.agent_login("zhang", "8101", ["citizens"])
            await first.bridge.agent_ready("zhang")
            await citizen.call("12345")
            await first.state("talking")
            await waiting.call("12345")
            await until(lambda: first.of("call_queued")[1:], "two calls")
            before = {(call.call_id, call.contact_id, call.state) for call in first.bridge.calls()}
        async with desk(switch) as second:
            assert {(call.call_id, call.contact_id, call.state) for call in second.bridge.calls()} == before
            await second.state("talking")
            assert second.bridge.queues()[0].waiting == 1
            await citizen.hang_up()
            await second.state("wrap_up")
            await second.bridge.wrap_up_done("zhang")
            await second.state("talking")


async def test_reloading_phones_disturbs_no_call(switch: TestSwitch, ami: AmiTap) -> None:
    async with desk(switch) as d, switch.citizen() as citizen, switch.agent():
        await d.bridge.agent_login("zhang", "8101", ["citizens"])
        await d.bridge.agent_ready("zhang")
        await citizen.call("12345")
        await d.state("talking")
        await d.bridge.provision_reload()
        await d.state("talking")
        assert len(d.bridge.calls()) == 1


async def test_a_killed_asterisk_is_mended(switch: TestSwitch) -> None:
    """R12: calls are closed as what they are, members and their pause are back, within seconds."""
    async with desk(switch) as d, switch.citizen() as citizen, switch.agent():
        await d.bridge.agent_login("zhang", "8101", ["citizens", "priority"])
        await d.bridge.agent_ready("zhang")
        await citizen.call("12345")
        await d.state("talking")
        assert switch.process is not None
        switch.process.kill()
        switch.process.wait(10)
        await until(lambda: not d.bridge.healthy, "link down")
        switch.start()
        await until(lambda: d.bridge.healthy, "healthy again", 5)
        assert d.bridge.calls() == []
        assert [fact.reason for fact in d.of("call_ended")] == ["switch_restarted"]  # type: ignore[attr-defined]
        assert d.of("switch_synced")[-1].restarted  # type: ignore[attr-defined]
        view = d.bridge.agent("zhang")
        assert view is not None
        assert view.queues == ("citizens", "priority")
        await d.bridge.wrap_up_done("zhang")
        await until(lambda: d.bridge.agents()[0].state in ("ready", "phone_lost"), "ready once the phone is back")
        await d.bridge.agent_logout("zhang")
