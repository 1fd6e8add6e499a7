"""Moves of a live call, as Asterisk is asked for them."""

from __future__ import annotations

import pytest

from cti import AmiConfig, Bridge, BridgeConfig, CallView, Refused
from tests.kit.call_stories import events
from tests.kit.fake_ami import FakeAsterisk
from tests.kit.waiting import until

pytestmark = pytest.mark.wire


async def talking(asterisk: FakeAsterisk, bridge: Bridge) -> CallView:
    """The recorded call, up to where citizen and agent talk."""
    await bridge.start()
    await until(lambda: bridge.healthy, "a healthy bridge")
    stream = events("queue_answered")
    last = max(number for number, event in enumerate(stream) if event["Event"] == "BridgeEnter")
    asterisk.emit(*stream[: last + 1])
    await until(lambda: [call for call in bridge.calls() if call.state == "talking"], "a conversation")
    return bridge.calls()[0]


async def test_what_the_switch_is_asked_for() -> None:
    async with FakeAsterisk() as asterisk:
        ami = AmiConfig(port=asterisk.port, secret="right")
        bridge = Bridge(BridgeConfig(ami=ami), lambda fact: None)
        call = await talking(asterisk, bridge)
        agent = next(name for name in call.channels if name.startswith("PJSIP/8101-"))
        await bridge.hold("agent-8101")
        await bridge.resume("agent-8101")
        held, back = asterisk.asked("Redirect")
        assert (held["Channel"], held["Context"], held["ExtraChannel"]) == (call.channel, "hold", agent)
        assert (held["ExtraContext"], held["ExtraExten"]) == (back["Context"], back["Exten"]) == ("conf", "agent8101")
        assert back["Channel"] == call.channel
        await bridge.send_dtmf("agent-8101", "1*#")
        assert [(one["Channel"], one["Digit"]) for one in asterisk.asked("PlayDTMF")] == [
            (call.channel, "1"),
            (call.channel, "*"),
            (call.channel, "#"),
        ]
        for target in (call.call_id, call.contact_id or "", agent):
            await bridge.hangup(target)
        assert [one["Channel"] for one in asterisk.asked("Hangup")] == [call.channel, call.channel, agent]
        await bridge.provision_reload()
        assert asterisk.asked("Reload")[0]["Module"] == "res_pjsip.so"
        await bridge.stop()


async def test_what_is_refused() -> None:
    async with FakeAsterisk() as asterisk:
        bridge = Bridge(BridgeConfig(ami=AmiConfig(port=asterisk.port, secret="right")), lambda fact: None)
        await talking(asterisk, bridge)
        with pytest.raises(Refused, match="bad_digits"):
            await bridge.send_dtmf("agent-8101", "1\r\nAction: x")
        with pytest.raises(Refused, match="no_call"):
            await bridge.hold("nobody")
        asterisk.failing |= {"Redirect", "Hangup"}
        with pytest.raises(Refused, match="cannot_hold: no"):
            await bridge.hold("agent-8101")
        with pytest.raises(Refused, match="no_such_call"):
            await bridge.hangup("PJSIP/gone-00000001")
        await bridge.stop()


async def test_the_last_one_in_a_room_is_hung_up() -> None:
    async with FakeAsterisk() as asterisk:
        bridge = Bridge(BridgeConfig(ami=AmiConfig(port=asterisk.port, secret="right")), lambda fact: None)
        call = await talking(asterisk, bridge)
        await bridge.resume("agent-8101")
        caller, agent = (
            next(event for event in events("queue_answered") if event.get("Channel", "").startswith(name))
            for name in (call.channel, "PJSIP/8101-")
        )
        room = {"BridgeUniqueid": "room", "BridgeTechnology": "softmix"}
        asterisk.emit({**caller, "Event": "BridgeEnter", **room}, {**agent, "Event": "BridgeEnter", **room})
        asterisk.emit({**caller, "Event": "Hangup", "Cause": "16", "ChannelState": "6"})
        await until(lambda: asterisk.asked("Hangup"), "the room emptied")
        assert asterisk.asked("Hangup")[0]["Channel"] == agent["Channel"]
        await bridge.stop()
