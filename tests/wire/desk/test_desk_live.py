"""The live WebSocket: pops, a whole call, reloads, second tabs, recordings."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

import recordings
from agent_desktop.tables import AccessRow
from recordings.tables import Recording
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser, browser_at, until

pytestmark = pytest.mark.wire


async def test_only_the_agent_being_rung_gets_the_pop(house: House, agent: Browser, colleague: Browser) -> None:
    async with Browser(agent.port) as chief:
        await chief.log_in("chief")
        async with agent.page() as mine, colleague.page() as theirs, chief.page() as watching:
            house.queued()
            house.rings("a1")
            pop = await mine.next("pop")
            assert pop["card"]["number_shown"] == "138 0013 8000"
            assert pop["card"]["waited_seconds"] == 7.5
            assert pop["card"]["menu_labels"] == [{"zh": "项目 2", "en": "item 2"}, {"zh": "项目 1", "en": "item 1"}]
            house.bridge.healthy = False
            for page in (theirs, watching):
                assert await page.any() == {"v": 1, "type": "link", "ami": False}, "and nothing before that"
    with house.read() as session:
        looks = [(row.what, row.object_id) for row in session.scalars(select(AccessRow))]
    assert looks == [("card", CONTACT)]


async def test_the_card_is_read_while_the_citizen_waits(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        house.queued()
        desk = house.app.state.desk
        await until(lambda: desk.cards._made[CONTACT].done())
        house.engine.dispose()
        house.doors.read.kw["bind"] = None  # no database any more: whatever is shown was read before
        house.rings("a1")
        assert (await page.next("pop"))["card"]["incomplete"] is False


async def test_a_database_that_is_away_costs_the_story_not_the_pop(
    house: House, agent: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def away(*_args: object) -> None:
        raise OperationalError("SELECT", None, Exception("gone"))

    async with agent.page() as page:
        monkeypatch.setattr("agent_desktop.cards._read", away)
        house.queued()
        house.rings("a1")
        pop = await page.next("pop")
        assert pop["card"]["number_shown"] == "138 0013 8000"
        assert pop["card"]["incomplete"] is True


async def test_a_ring_that_is_over_closes_the_pop(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        house.queued()
        house.rings("a1")
        await page.next("pop")
        house.bridge.show("a1", state="ready")
        house.ring_ends("a1", "missed")
        assert (await page.next("pop_closed"))["reason"] == "missed"
        assert (await page.next("call"))["call"] is None


async def test_a_pop_that_comes_too_late_is_not_shown(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        house.queued()
        house.rings("a1")
        house.bridge.show("a1", state="ready")
        house.ring_ends("a1", "cancelled")
        house.queued("99999999-0000-4000-8000-000000000000")
        house.rings("a1", "99999999-0000-4000-8000-000000000000")
        pop = await page.next("pop")
        assert pop["card"]["contact_id"].startswith("9999"), "the first caller had gone before the card was sent"


async def test_a_whole_call(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        assert page.hello["agent"] is None
        await page.register()
        assert (await page.state("not_ready"))["agent"]["reason"] == "signed_in"
        assert ("agent_login", "a1", "8001", ("citizens",)) in house.bridge.asked
        await agent.post("/api/v1/agent/ready")
        await page.state("ready")
        house.queued()
        house.rings("a1")
        await page.state("ringing")
        await page.next("pop")
        house.clock.forward(seconds=4)
        house.answers("a1")
        call = (await page.next("call"))["call"]
        assert (call["state"], call["contact_id"]) == ("talking", CONTACT)
        house.clock.forward(seconds=60)
        house.call_ends("a1")
        wrapping = (await page.state("wrap_up"))["agent"]
        assert wrapping["until"] == "2026-03-02T04:01:34Z"
        assert (await page.next("call"))["call"]["state"] == "ended"
        house.clock.forward(seconds=30)
        await page.state("ready")
        assert house.bridge.asked[-1] == ("wrap_up_done", "a1")
        assert (await page.next("call"))["call"] is None


async def test_a_pause_asked_for_in_a_call_is_shown_until_it_holds(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        house.queued()
        house.rings("a1")
        house.answers("a1")
        await page.state("talking")
        house.bridge.keeps_state = True
        answer = (await agent.post("/api/v1/agent/not-ready", json={"reason": "meal"})).json()
        assert (answer["agent"]["state"], answer["agent"]["next_reason"]) == ("talking", "meal")
        assert (await page.state("talking"))["agent"]["next_reason"] == "meal"
        house.bridge.show("a1", state="not_ready", reason="meal")
        assert (await page.state("not_ready"))["agent"]["next_reason"] is None


async def test_a_reload_in_mid_call_brings_everything_back(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        house.queued()
        house.rings("a1")
        house.answers("a1")
        await page.state("talking")
        draft = {"body": {"title": "路灯"}, "version": 0}
        assert (await agent.put(f"/api/v1/drafts/{CONTACT}", json=draft)).status_code == 200
        tab = page.hello["tab"]
        # the old socket is still open: a agent often connects anew before the old close is seen
        async with agent.page(tab) as again:
            assert again.hello["active"] is True
            assert again.hello["tab"] == tab
            assert again.hello["agent"]["state"] == "talking"
            assert again.hello["call"]["contact_id"] == CONTACT
            assert again.hello["card"]["number_shown"] == "138 0013 8000"
            assert again.hello["draft"]["body"] == {"title": "路灯"}
            assert await page.close_code() == 4001
    assert not any(asked[0] == "agent_not_ready" for asked in house.bridge.asked)


async def test_a_reload_in_wrap_up_keeps_the_ended_call_even_over_a_restart(tmp_path: Path) -> None:
    first = House(tmp_path)
    first.agent()
    async with browser_at(first) as browser:
        await browser.log_in()
        first.queued()
        first.rings("a1")
        first.answers("a1")
        first.call_ends("a1")
    second = House(tmp_path)
    second.bridge.agent_views = first.bridge.agent_views
    async with browser_at(second) as browser:
        await browser.log_in()
        async with browser.page() as page:
            assert page.hello["agent"]["state"] == "wrap_up"
            assert page.hello["call"]["state"] == "ended"
            assert page.hello["call"]["contact_id"] == CONTACT
            assert page.hello["card"]["contact_id"] == CONTACT


async def test_a_second_tab_waits_and_takes_over_when_told(house: House, agent: Browser) -> None:
    """R21: of several tabs one is offered calls."""
    async with agent.page() as first, agent.page() as second:
        assert (first.hello["active"], second.hello["active"]) == (True, False)
        assert second.hello["call"] is None
        house.queued()
        house.rings("a1")
        await first.next("pop")
        await second.say({"type": "take_over"})
        assert (await first.next("taken_over"))["type"] == "taken_over"
        assert await first.close_code() == 4001
        hello = await second.next("hello")
        assert hello["active"] is True
        assert hello["call"]["state"] == "ringing"
        assert hello["card"]["contact_id"] == CONTACT
        house.answers("a1")
        assert (await second.next("call"))["call"]["state"] == "talking"


async def test_a_waiting_tab_inherits_when_the_active_one_goes(agent: Browser) -> None:
    async with agent.page() as first, agent.page() as second:
        await first.opened.close()
        hello = await second.next("hello")
        assert hello["active"] is True
        assert hello["tab"] == second.hello["tab"]


async def test_the_agent_is_told_when_the_recording_can_be_played(house: House, agent: Browser) -> None:

    async with agent.page() as page:
        house.queued()
        house.rings("a1")
        house.answers("a1")
        house.call_ends("a1")
        with house.write.begin() as session:
            recording_id = recordings.enqueue(session, CONTACT, "call", house.clock())
        await page.state("wrap_up")
        with house.write.begin() as session:
            row = session.get(Recording, recording_id)
            assert row is not None
            row.state = "ready"
        ready = await page.next("recording_ready")
        assert (ready["contact_id"], ready["recording_id"]) == (CONTACT, recording_id)
