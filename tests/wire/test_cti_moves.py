"""Conversations on a switch that does not exist: what Asterisk is asked for, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cti import AmiConfig, AmiDown, Bridge, BridgeConfig, CallView, Refused, Target, consultation_ids, talks
from tests.kit.call_stories import events
from tests.kit.fake_ami import FakeAsterisk, Message
from tests.kit.waiting import until

pytestmark = pytest.mark.wire

AGENT = "agent-8101"


class Talking:
    """The recorded call, at the point where citizen and agent talk; then the switch does what the test says."""

    def __init__(self, asterisk: FakeAsterisk, bridge: Bridge) -> None:
        self.asterisk, self.bridge = asterisk, bridge

    @property
    def call(self) -> CallView:
        return self.bridge.calls()[0]

    @property
    def agent(self) -> str:
        return next(name for name in self.call.channels if name.startswith("PJSIP/8101-"))

    def says(self, event: str, channel: str, **fields: str) -> None:
        """An event of a channel that the recording knows."""
        known = next(one for one in events("queue_answered") if one.get("Channel") == channel)
        self.asterisk.emit({**known, "Event": event, "ChannelState": "6", **fields})

    def music(self, channel: str, *, on: bool = True) -> None:
        self.says("BridgeLeave", channel, BridgeUniqueid="")
        self.says("MusicOnHoldStart" if on else "MusicOnHoldStop", channel)

    def room(self, channel: str, name: str) -> None:
        self.says(
            "BridgeEnter",
            channel,
            BridgeUniqueid=f"room-{name}",
            BridgeTechnology="softmix",
            BridgeCreator="ConfBridge",
            BridgeName=name,
        )

    async def asked(self, action: str, count: int = 1) -> Message:
        await until(lambda: len(self.asterisk.asked(action)) >= count, f"{count} x {action}")
        return self.asterisk.asked(action)[count - 1]


@asynccontextmanager
async def talking() -> AsyncIterator[Talking]:
    async with FakeAsterisk() as asterisk:
        bridge = Bridge(BridgeConfig(ami=AmiConfig(port=asterisk.port, secret="right")), lambda fact: None)
        await bridge.start()
        await until(lambda: bridge.healthy, "a healthy bridge")
        stream = events("queue_answered")
        last = max(number for number, event in enumerate(stream) if event["Event"] == "BridgeEnter")
        asterisk.emit(*stream[: last + 1])
        await until(lambda: [call for call in bridge.calls() if call.state == "talking"], "a conversation")
        yield Talking(asterisk, bridge)
        await bridge.stop()


async def test_hold_is_done_when_the_switch_has_done_it() -> None:
    async with talking() as t:
        citizen, agent, room = t.call.channel, t.agent, t.call.contact_id or ""
        holding = asyncio.create_task(t.bridge.hold(AGENT))
        asked = await t.asked("Redirect")
        assert (asked["Channel"], asked["Context"], asked["ExtraChannel"]) == (citizen, "hold", agent)
        assert (asked["ExtraContext"], asked["ExtraExten"]) == ("conf", room)
        t.music(citizen)
        await until(lambda: t.call.state == "held", "the music")
        assert not holding.done(), "the agent is still on the way"
        t.room(agent, room)
        await holding
        resuming = asyncio.create_task(t.bridge.resume(AGENT))
        back = await t.asked("Redirect", 2)
        assert (back["Channel"], back["Context"], back["Exten"]) == (citizen, "conf", room)
        assert "ExtraChannel" not in back
        t.music(citizen, on=False)
        t.room(citizen, room)
        await resuming
        assert t.call.phase == "talking"


async def test_a_consultation_with_a_unit_that_is_busy() -> None:
    """The citizen stays on hold, the agent is taken out of the ringing tone, and may try somebody else."""
    async with talking() as t:
        citizen, agent, contact = t.call.channel, t.agent, t.call.contact_id or ""
        room = consultation_ids(contact)[0]
        consulting = asyncio.create_task(t.bridge.consult(AGENT, Target("5559876", brief=("a", "b"))))
        t_moved = await t.asked("Redirect")
        assert (t_moved["ExtraContext"], t_moved["ExtraExten"]) == ("aside", room)
        called = await t.asked("Originate")
        assert (called["Channel"], called["Context"], called["Exten"]) == ("PJSIP/5559876@units", "brief", room)
        uid = called["ChannelId"]
        t.music(citizen)
        t.room(agent, room)
        unit = {"Channel": "PJSIP/units-00000099", "Uniqueid": uid, "Linkedid": uid, "ChannelState": "5"}
        t.asterisk.emit({"Event": "Newchannel", **unit})
        await consulting
        assert t.call.phase == "calling"
        assert [(party.number, party.place) for party in t.call.parties if party.kind == "unit"] == [
            ("5559876", "ringing")
        ]
        t.asterisk.emit({"Event": "Hangup", **unit, "Cause": "17"})
        quiet = await t.asked("Redirect", 2)
        assert (quiet["Channel"], quiet["Context"], quiet["Exten"]) == (agent, "conf", contact)
        assert t.call.phase == "held"


async def test_a_consultation_after_a_restart_of_ours_is_not_recorded_over_an_earlier_one() -> None:
    """The count is on the switch: this process never saw the first consultation."""
    async with talking() as t:
        citizen, contact = t.call.channel, t.call.contact_id or ""
        t.asterisk.variables[citizen, talks.CONSULTED] = "1"
        consulting = asyncio.create_task(t.bridge.consult(AGENT, Target("5559876")))
        moved = await t.asked("Redirect")
        assert moved["ExtraExten"] == consultation_ids(contact)[1]
        assert t.asterisk.variables[citizen, talks.CONSULTED] == "2"
        consulting.cancel()
        await asyncio.gather(consulting, return_exceptions=True)


async def test_more_consultations_than_have_names_are_refused() -> None:
    async with talking() as t:
        t.asterisk.variables[t.call.channel, talks.CONSULTED] = str(talks.CONSULTATIONS)
        with pytest.raises(Refused, match="too_many_consultations"):
            await t.bridge.consult(AGENT, Target("5559876"))
        assert t.asterisk.asked("Redirect") == []


async def test_what_is_refused() -> None:
    async with talking() as t:
        with pytest.raises(Refused, match="bad_digits"):
            await t.bridge.send_dtmf(AGENT, "1\r\nAction: x")
        with pytest.raises(Refused, match="no_call"):
            await t.bridge.hold("nobody")
        with pytest.raises(Refused, match="not_now: talking"):
            await t.bridge.merge(AGENT)
        with pytest.raises(Refused, match="bad_number"):
            await t.bridge.consult(AGENT, Target("5559876@elsewhere"))
        with pytest.raises(Refused, match="bad_number"):
            await t.bridge.transfer_blind(AGENT, Target("1&PJSIP/2"))
        t.asterisk.failing |= {"Redirect", "Hangup"}
        with pytest.raises(Refused, match="cannot_move: no"):
            await t.bridge.hold(AGENT)
        with pytest.raises(Refused, match="no_such_call"):
            await t.bridge.hangup("PJSIP/gone-00000001")
        assert t.call.phase == "talking"


async def test_one_command_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second click while the switch is at work is refused; a switch that does nothing is named."""
    monkeypatch.setattr(talks, "PATIENCE", 0.2)
    async with talking() as t:
        first = asyncio.create_task(t.bridge.hold(AGENT))
        await t.asked("Redirect")
        with pytest.raises(Refused, match="still_moving"):
            await t.bridge.hold(AGENT)
        with pytest.raises(AmiDown):
            await first


async def test_other_commands() -> None:
    async with talking() as t:
        citizen, agent, call = t.call.channel, t.agent, t.call
        await t.bridge.send_dtmf(AGENT, "1*#")
        assert [(one["Channel"], one["Digit"]) for one in t.asterisk.asked("PlayDTMF")] == [
            (citizen, "1"),
            (citizen, "*"),
            (citizen, "#"),
        ]
        for target in (call.call_id, call.contact_id or "", agent):
            await t.bridge.hangup(target)
        assert [one["Channel"] for one in t.asterisk.asked("Hangup")] == [citizen, citizen, agent]
        await t.bridge.provision_reload()
        assert t.asterisk.asked("Reload")[0]["Module"] == "res_pjsip.so"


async def test_the_last_one_in_a_room_is_hung_up() -> None:
    async with talking() as t:
        citizen, agent = t.call.channel, t.agent
        t.room(citizen, "r")
        t.room(agent, "r")
        t.says("Hangup", citizen, Cause="16")
        assert (await t.asked("Hangup"))["Channel"] == agent


async def test_an_agent_who_leaves_a_citizen_on_hold() -> None:
    """Nobody waits with music for nobody: first in line, with a note."""
    async with talking() as t:
        citizen, agent, room = t.call.channel, t.agent, t.call.contact_id or ""
        holding = asyncio.create_task(t.bridge.hold(AGENT))
        await t.asked("Redirect")
        t.music(citizen)
        t.room(agent, room)
        await holding
        t.says("Hangup", agent, Cause="16")
        sent = await t.asked("Redirect", 2)
        assert (sent["Channel"], sent["Context"], sent["Exten"]) == (citizen, "hold", "left")
