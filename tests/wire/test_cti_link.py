"""The link and the bridge over a real socket, against an Asterisk that misbehaves on command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cti import AmiConfig, AmiDown, AmiLink, Bridge, BridgeConfig, Fact, FloorRules, Refused
from cti.errors import BadAction
from tests.kit.call_stories import events, meaning_of, names, replayed
from tests.kit.fake_ami import FakeAsterisk, Message
from tests.kit.waiting import until

pytestmark = pytest.mark.wire


def patient(port: int, secret: str = "right") -> AmiConfig:
    """As in the house, only quicker to lose patience."""
    return AmiConfig(
        port=port,
        secret=secret,
        action_timeout=0.5,
        connect_timeout=0.5,
        ping_interval=0.05,
        ping_timeout=0.3,
        backoff_first=0.02,
        backoff_most=0.1,
    )


@asynccontextmanager
async def linked(asterisk: FakeAsterisk, seen: list[Message]) -> AsyncIterator[AmiLink]:
    link = AmiLink(patient(asterisk.port), on_event=seen.append)
    await link.start()
    try:
        await until(lambda: link.up, "the link")
        yield link
    finally:
        await link.stop()


@asynccontextmanager
async def bridged(asterisk: FakeAsterisk) -> AsyncIterator[tuple[Bridge, list[Fact]]]:
    found: list[Fact] = []
    bridge = Bridge(BridgeConfig(ami=patient(asterisk.port)), found.append)
    await bridge.start()
    try:
        await until(lambda: bridge.healthy, "a healthy bridge")
        yield bridge, found
    finally:
        await bridge.stop()


def of(found: list[Fact], name: str) -> list[Fact]:
    return [fact for fact in found if fact.name == name]


async def test_rules_changed_while_it_runs_reach_the_dialplan_and_after_a_new_link_again() -> None:
    async with FakeAsterisk() as asterisk, bridged(asterisk) as (bridge, _):

        def told() -> list[tuple[str, str]]:
            return [(one["Variable"], one["Value"]) for one in asterisk.asked("Setvar")]

        assert told() == [], "nothing was decided: as the dialplan says"
        await bridge.follow(FloorRules(longest_wait=600, longest_absence=20))
        decided = [("LONGEST_WAIT", "600"), ("LONGEST_ABSENCE", "20")]
        assert told() == decided
        asterisk.cut()
        await until(lambda: told() == decided * 2, "the rules told anew")


# -- the link


async def test_events_arrive_whatever_stands_between_them() -> None:
    seen: list[Message] = []
    greeting = b"\x00\xffnonsense\r\nAsterisk Call Manager/7.0.3\r\n"
    async with FakeAsterisk(greeting=greeting) as asterisk, linked(asterisk, seen):
        asterisk.raw(b"Event: One\r\n\r\ngarbage\r\n\r\n: \r\n\r\n\xff\xfe\r\n\r\nEvent: T")
        asterisk.raw(b"wo\r\nName: \xe5\xbc\xa0\r\n\r\n")
        await until(lambda: [e["Event"] for e in seen][-2:] == ["One", "Two"], "two events")
        assert seen[-1]["Name"] == "张"


async def test_a_failing_callback_costs_one_event_not_the_link() -> None:
    seen: list[Message] = []

    def callback(event: Message) -> None:
        if event["Event"] == "Bad":
            raise KeyError(event["CallerIDNum"])
        seen.append(event)

    async with FakeAsterisk() as asterisk:
        link = AmiLink(patient(asterisk.port), on_event=callback)
        await link.start()
        await until(lambda: link.up, "the link")
        asterisk.emit({"Event": "Bad", "CallerIDNum": "13900000001"}, {"Event": "Good"})
        await until(lambda: seen and seen[-1]["Event"] == "Good", "the next event")
        assert (link.trouble, link.connects, link.up) == (1, 1, True)
        await link.stop()


async def test_a_failing_callback_does_not_tell_the_number(caplog: pytest.LogCaptureFixture) -> None:
    def callback(event: Message) -> None:
        raise KeyError(event.get("CallerIDNum", ""))

    async with FakeAsterisk() as asterisk:
        link = AmiLink(patient(asterisk.port), on_event=callback)
        await link.start()
        await until(lambda: link.up, "the link")
        asterisk.emit({"Event": "Bad", "CallerIDNum": "13900000001"})
        await until(lambda: link.trouble == 2, "trouble")  # FullyBooted was the first
        await link.stop()
    assert "event callback failed: KeyError" in caplog.text
    assert "13900000001" not in caplog.text


@pytest.mark.parametrize(
    "action",
    [
        {"Action": "UserEvent", "Note": "a\r\nAction: Originate"},
        {"Action": "UserEvent", "Note": "a\nb"},
        {"Action": "UserEvent", "No\rte": "a"},
        {"Action": "UserEvent", "Variable": ["fine", "not\r\nfine"]},
        {"Action": "User\x00Event"},
    ],
)
async def test_no_line_break_leaves_the_house(action: dict[str, str | list[str]]) -> None:
    async with FakeAsterisk() as asterisk, linked(asterisk, []) as link:
        with pytest.raises(BadAction):
            await link.send(action)
        await link.send({"Action": "Marker"})
        assert [one["Action"] for one in asterisk.actions] == ["Login", "Marker"]


async def test_nothing_is_sent_while_down_nor_afterwards() -> None:
    async with FakeAsterisk() as asterisk, linked(asterisk, []) as link:
        asterisk.silent.add("Originate")
        pending = asyncio.create_task(link.send({"Action": "Originate"}, timeout=30))
        await until(lambda: asterisk.asked("Originate"), "the action on its way")
        await asterisk.stop()
        with pytest.raises(AmiDown):
            await asyncio.wait_for(pending, 2)
        await until(lambda: not link.up, "the link down")
        with pytest.raises(AmiDown):
            await link.send({"Action": "Originate"})
        asterisk.silent.clear()
        await asterisk.listen()
        await until(lambda: link.up, "the link again")
        await link.send({"Action": "Marker"})
        assert len(asterisk.asked("Originate")) == 1


async def test_an_action_without_answer_ends() -> None:
    async with FakeAsterisk() as asterisk, linked(asterisk, []) as link:
        asterisk.silent.add("Slow")
        with pytest.raises(AmiDown):
            await link.send({"Action": "Slow"})
        assert (await link.send({"Action": "Marker"})).ok


async def test_a_list_that_is_refused_ends() -> None:
    async with FakeAsterisk() as asterisk, linked(asterisk, []) as link:
        asterisk.failing.add("QueueStatus")
        reply = await link.send({"Action": "QueueStatus"}, as_list=True)
        assert (reply.ok, reply.message, reply.events) == (False, "no", ())


async def test_a_frozen_asterisk_is_noticed() -> None:
    async with FakeAsterisk() as asterisk, linked(asterisk, []) as link:
        asterisk.frozen = True
        await until(lambda: not link.up, "the silence noticed", 2)
        asterisk.frozen = False
        await until(lambda: link.up, "the link again", 2)


async def test_up_means_fully_booted() -> None:
    async with FakeAsterisk() as asterisk:
        asterisk.boots = False
        link = AmiLink(patient(asterisk.port), on_event=lambda event: None)
        await link.start()
        await until(lambda: asterisk.logins == 1, "the log-in")
        with pytest.raises(AmiDown):
            await link.send({"Action": "Marker"})
        asterisk.emit({"Event": "FullyBooted"})
        await until(lambda: link.up, "the link")
        assert asterisk.logins == 1
        await link.stop()


async def test_a_wrong_secret_is_tried_again_and_again_but_slowly() -> None:
    async with FakeAsterisk() as asterisk:
        link = AmiLink(patient(asterisk.port, secret="wrong"), on_event=lambda event: None)
        await link.start()
        await until(lambda: len(asterisk.asked("Login")) == 3, "three tries")
        assert not link.up
        await link.stop()


# -- the bridge


async def test_every_story_over_the_wire_is_the_story_of_the_file() -> None:
    async with FakeAsterisk() as asterisk, bridged(asterisk) as (bridge, found):
        for name in [name for name in names() if not name.endswith(".json")]:
            found.clear()
            asterisk.emit(*events(name), {"Event": "QueueMemberAdded", "Queue": name, "Interface": f"PJSIP/{name}"})
            await until(lambda: of(found, "agent_state_changed")[-1:] and found[-1].agent_id == name, name)  # type: ignore[attr-defined]  # noqa: B023
            assert meaning_of(found) == meaning_of(replayed(events(name))[1])
        assert bridge.trouble == 0


def channel(number: str, **fields: str) -> Message:
    uid = f"hotline-1.{number}"
    return {
        "Channel": f"PJSIP/trunk-{number}",
        "Uniqueid": uid,
        "Linkedid": uid,
        "ChannelState": "6",
        "CallerIDNum": "13900000001",
        "Exten": "12345",
        **fields,
    }


def call(number: str) -> list[Message]:
    """A citizen's call up to the answer by the machine."""
    ring = {"Event": "Newchannel", **channel(number, ChannelState="4")}
    return [ring, {"Event": "Newstate", **channel(number)}]


async def test_calls_that_ended_during_a_cut_are_closed_and_new_ones_found() -> None:
    async with FakeAsterisk() as asterisk, bridged(asterisk) as (bridge, found):
        asterisk.emit(*call("1"), *call("2"))
        await until(lambda: len(bridge.calls()) == 2, "two calls")
        asterisk.channels = [channel("2"), channel("3", ChanVariable="CONTACT_ID=c-3")]
        asterisk.waiting = [{"Queue": "citizens", "Position": "1", "Wait": "7", **channel("3")}]
        asterisk.cut()
        await until(lambda: len(of(found, "switch_synced")) == 2, "synchronised", 3)
        assert [view.call_id for view in bridge.calls()] == ["hotline-1.2", "hotline-1.3"]
        ended = of(found, "call_ended")
        assert [(fact.call_id, fact.reason) for fact in ended] == [("hotline-1.1", "lost")]  # type: ignore[attr-defined]
        assert [fact.contact_id for fact in of(found, "call_queued")] == ["c-3"]
        synced = found[-1]
        assert (synced.restarted, synced.closed, synced.found) == (False, 1, 1)  # type: ignore[attr-defined]
        assert bridge.queues()[0].waiting == 1


async def test_events_during_the_reading_are_neither_lost_nor_doubled() -> None:
    async with FakeAsterisk() as asterisk:
        asterisk.channels = [channel("1")]
        bye = {"Event": "Hangup", "Cause": "16", **channel("1")}
        asterisk.while_listing = [{"Event": "Newstate", **channel("1")}, *call("5"), bye]
        async with bridged(asterisk) as (bridge, found):
            await until(lambda: of(found, "call_ended"), "the end heard while reading")
            assert [view.call_id for view in bridge.calls()] == ["hotline-1.5"]
            assert len(of(found, "call_arrived")) == 2


async def test_a_restart_brings_members_and_pauses_back() -> None:
    """R11, R12: with their reasons."""
    async with FakeAsterisk() as asterisk, bridged(asterisk) as (bridge, found):
        await bridge.agent_login("zhang", "8001", ["citizens", "priority"])
        await bridge.agent_ready("zhang")
        await bridge.agent_login("li", "8002", ["citizens"])
        await bridge.agent_not_ready("li", "lunch")
        asterisk.emit(*call("1"))
        await until(lambda: bridge.calls(), "a call")
        found.clear()
        await asterisk.restart()
        await until(lambda: of(found, "switch_synced"), "synchronised", 3)
        assert [fact.reason for fact in of(found, "call_ended")] == ["switch_restarted"]  # type: ignore[attr-defined]
        members = {key: (one["Name"], one["Paused"], one["PausedReason"]) for key, one in asterisk.members.items()}
        assert members == {
            ("citizens", "PJSIP/8001"): ("zhang", "0", ""),
            ("priority", "PJSIP/8001"): ("zhang", "0", ""),
            ("citizens", "PJSIP/8002"): ("li", "1", "lunch"),
        }
        assert {view.agent_id: (view.state, view.reason) for view in bridge.agents()} == {
            "zhang": ("ready", ""),
            "li": ("not_ready", "lunch"),
        }
        assert of(found, "agent_state_changed") == []


async def test_members_that_others_changed_are_put_right_after_a_cut() -> None:
    """R06: queue and desk agree again without a reload."""
    async with FakeAsterisk() as asterisk, bridged(asterisk) as (bridge, found):
        await bridge.agent_login("zhang", "8001", ["citizens"])
        await bridge.agent_ready("zhang")
        asterisk.cut()
        del asterisk.members["citizens", "PJSIP/8001"]
        other = {"Queue": "citizens", "Name": "of another desk", "Location": "PJSIP/9999", "Paused": "0"}
        asterisk.members["citizens", "PJSIP/9999"] = other
        await until(lambda: len(of(found, "switch_synced")) == 2, "synchronised", 3)
        assert list(asterisk.members) == [("citizens", "PJSIP/9999"), ("citizens", "PJSIP/8001")]
        assert asterisk.members["citizens", "PJSIP/8001"]["Paused"] == "0"


async def test_a_logout_without_link_is_done_when_there_is_one() -> None:
    async with FakeAsterisk() as asterisk, bridged(asterisk) as (bridge, found):
        await bridge.agent_login("zhang", "8001", ["citizens"])
        await asterisk.stop()
        await until(lambda: not bridge.healthy, "down")
        with pytest.raises(AmiDown):
            await bridge.agent_logout("zhang")
        await asterisk.listen()
        await until(lambda: len(of(found, "switch_synced")) == 2, "synchronised", 3)
        assert asterisk.members == {}


async def test_a_new_process_takes_over_the_agents_it_finds() -> None:
    async with FakeAsterisk() as asterisk:
        async with bridged(asterisk) as (bridge, _):
            await bridge.agent_login("zhang", "8001", ["citizens"])
            await bridge.agent_not_ready("zhang", "lunch")
        async with bridged(asterisk) as (bridge, _):
            view = bridge.agent("zhang")
            assert view is not None
            assert (view.state, view.reason) == ("not_ready", "lunch")
            await bridge.agent_ready("zhang")
            assert asterisk.members["citizens", "PJSIP/8001"]["Paused"] == "0"


async def test_reading_that_fails_is_tried_again() -> None:
    async with FakeAsterisk() as asterisk:
        asterisk.silent.add("CoreShowChannels")
        bridge = Bridge(BridgeConfig(ami=patient(asterisk.port)), lambda fact: None)
        await bridge.start()
        await until(lambda: len(asterisk.asked("CoreShowChannels")) == 2, "a second try")
        assert not bridge.healthy
        asterisk.silent.clear()
        await until(lambda: bridge.healthy, "healthy")
        await bridge.stop()


async def test_what_asterisk_declines_is_refused() -> None:
    async with FakeAsterisk() as asterisk, bridged(asterisk) as (bridge, _):
        asterisk.failing.add("QueueAdd")
        with pytest.raises(Refused, match="switch_declined: no"):
            await bridge.agent_login("zhang", "8001", ["citizens"])
        for wrong in ("wrap_up", "a b", "x\r\ny", ""):
            with pytest.raises(Refused):
                await bridge.agent_not_ready("zhang", wrong)
        with pytest.raises(Refused, match="bad_extension"):
            await bridge.agent_login("zhang", "8001\r\nX: y", ["citizens"])
        with pytest.raises(Refused, match="not_logged_in"):
            await bridge.agent_ready("nobody")
        with pytest.raises(Refused, match="no_call"):
            await bridge.hold("zhang")


async def test_facts_may_be_awaited_in_order() -> None:
    told: list[str] = []

    async def slow(fact: Fact) -> None:
        await asyncio.sleep(0.01 if fact.name == "switch_synced" else 0)
        told.append(fact.name)

    async with FakeAsterisk() as asterisk:
        bridge = Bridge(BridgeConfig(ami=patient(asterisk.port)), slow)
        await bridge.start()
        await until(lambda: bridge.healthy, "healthy")
        asterisk.emit(*call("1"), {"Event": "Hangup", "Cause": "16", **channel("1")})
        await until(lambda: told[-1:] == ["call_ended"], "all told")
        assert told == ["switch_synced", "call_arrived", "call_ended"]
        await bridge.stop()


async def test_an_unstamped_event_gets_the_house_clock() -> None:
    async with FakeAsterisk() as asterisk:
        found: list[Fact] = []
        bridge = Bridge(BridgeConfig(ami=patient(asterisk.port)), found.append, clock=lambda: 1234.5)
        await bridge.start()
        await until(lambda: bridge.healthy, "healthy")
        asterisk.emit(*call("1"))
        await until(lambda: of(found, "call_arrived"), "arrived")
        assert of(found, "call_arrived")[0].at == 1234.5
        await bridge.stop()
