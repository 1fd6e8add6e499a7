"""The live WebSocket: pops, takeovers, reloads, presence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from websockets.exceptions import InvalidStatus

from agent_desktop import keeper as keeper_module
from agent_desktop import live as live_module
from agent_desktop.tables import AccessRow
from tests.wire.desk_house import CONTACT, House
from tests.wire.desk_server import SOON, Browser, Page, browser_at

pytestmark = pytest.mark.wire


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(keeper_module, "TICK", 0.02)
    built = House(tmp_path)
    for number in (1, 2):
        built.agent(number)
    built.person("chief", "supervisor")
    return built


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    async with browser_at(house) as opened:
        assert (await opened.log_in()).status_code == 200
        yield opened


@pytest.fixture
async def other(browser: Browser) -> AsyncIterator[Browser]:
    """A second browser, of agent 2."""
    async with Browser(browser.port) as opened:
        assert (await opened.log_in("agent2")).status_code == 200
        yield opened


async def until(condition: Callable[[], bool]) -> None:
    """Waits until something outside of any socket is so."""
    async with asyncio.timeout(SOON):
        while not condition():
            await asyncio.sleep(0.005)


async def gone(house: House) -> None:
    """Waits until the desk has seen agent 1's page go."""
    await until(lambda: house.app.state.desk.hub.viewer("a1") is None)


# --- the pop ---


async def test_only_the_agent_being_rung_gets_the_pop(house: House, browser: Browser, other: Browser) -> None:
    async with Browser(browser.port) as chief:
        await chief.log_in("chief")
        async with browser.page() as mine, other.page() as theirs, chief.page() as watching:
            house.queued()
            house.rings("a1")
            pop = await mine.next("pop")
            assert pop["card"]["number_shown"] == "138 0013 8000"
            assert pop["card"]["waited_seconds"] == 7.5
            assert pop["card"]["menu_labels"] == ["item 2", "item 1"]
            house.bridge.healthy = False
            for page in (theirs, watching):
                assert await page.any() == {"v": 1, "type": "link", "ami": False}, "and nothing before that"
    with house.read() as session:
        looks = [(row.what, row.object_id) for row in session.scalars(select(AccessRow))]
    assert looks == [("card", CONTACT)]


async def test_the_card_is_read_while_the_citizen_waits(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        house.queued()
        desk = house.app.state.desk
        await until(lambda: desk.cards._made[CONTACT].done())
        house.engine.dispose()
        house.doors.read.kw["bind"] = None  # no database any more: whatever is shown was read before
        house.rings("a1")
        assert (await page.next("pop"))["card"]["incomplete"] is False


async def test_a_database_that_is_away_costs_the_story_not_the_pop(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def away(*_args: object) -> None:
        raise OperationalError("SELECT", None, Exception("gone"))

    async with browser.page() as page:
        monkeypatch.setattr("agent_desktop.cards._read", away)
        house.queued()
        house.rings("a1")
        pop = await page.next("pop")
        assert pop["card"]["number_shown"] == "138 0013 8000"
        assert pop["card"]["incomplete"] is True


async def test_a_ring_that_is_over_closes_the_pop(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        house.queued()
        house.rings("a1")
        await page.next("pop")
        house.bridge.show("a1", state="ready")
        house.ring_ends("a1", "missed")
        assert (await page.next("pop_closed"))["reason"] == "missed"
        assert (await page.next("call"))["call"] is None


async def test_a_pop_that_comes_too_late_is_not_shown(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        house.queued()
        house.rings("a1")
        house.bridge.show("a1", state="ready")
        house.ring_ends("a1", "cancelled")
        house.queued("99999999-0000-4000-8000-000000000000")
        house.rings("a1", "99999999-0000-4000-8000-000000000000")
        pop = await page.next("pop")
        assert pop["card"]["contact_id"].startswith("9999"), "the first caller had gone before the card was sent"


# --- a call, a reload, a second tab ---


async def test_a_whole_call(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        assert page.hello["agent"] is None
        await page.register()
        assert (await page.state("not_ready"))["agent"]["reason"] == "signed_in"
        assert ("agent_login", "a1", "8001", ("citizens",)) in house.bridge.asked
        await browser.post("/api/v1/agent/ready")
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


async def test_a_pause_asked_for_in_a_call_is_shown_until_it_holds(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        house.queued()
        house.rings("a1")
        house.answers("a1")
        await page.state("talking")
        house.bridge.keeps_state = True
        answer = (await browser.post("/api/v1/agent/not-ready", json={"reason": "meal"})).json()
        assert (answer["agent"]["state"], answer["agent"]["next_reason"]) == ("talking", "meal")
        assert (await page.state("talking"))["agent"]["next_reason"] == "meal"
        house.bridge.show("a1", state="not_ready", reason="meal")
        assert (await page.state("not_ready"))["agent"]["next_reason"] is None


async def test_a_reload_in_mid_call_brings_everything_back(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        house.queued()
        house.rings("a1")
        house.answers("a1")
        await page.state("talking")
        draft = {"body": {"title": "路灯"}, "version": 0}
        assert (await browser.put(f"/api/v1/drafts/{CONTACT}", json=draft)).status_code == 200
        tab = page.hello["tab"]
        # the old socket is still open: a browser often connects anew before the old close is seen
        async with browser.page(tab) as again:
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


async def talking(house: House, page: Page) -> None:
    """Agent 1 talks, by the telephone in this page."""
    await page.register()
    await page.state("not_ready")
    house.queued()
    house.rings("a1")
    await page.state("ringing")
    await page.register(in_call=True)
    house.clock.forward(seconds=2)
    house.answers("a1")
    await page.state("talking")


async def looked(house: House) -> None:
    """Waits until everything has been looked after again."""
    looks = house.app.state.keeper.looks
    await until(lambda: house.app.state.keeper.looks > looks + 2)


def kept(house: House) -> int:
    """How often the switch was told to keep a caller whose agent's browser has gone."""
    return house.bridge.asked.count(("await_return", "a1"))


async def test_a_caller_is_kept_at_once_when_the_page_is_left(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        await talking(house, page)
        assert kept(house) == 0
    await until(lambda: kept(house) == 1)
    house.clock.forward(seconds=1)
    async with browser.page(page.hello["tab"]) as again:
        await again.register()
        await looked(house)
        assert kept(house) == 1, "once is enough"
        await again.register(in_call=True)
        house.clock.forward(seconds=60)
    await until(lambda: kept(house) == 2)


async def test_a_page_that_is_cut_off_may_still_be_heard_for_a_moment(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        await talking(house, page)
        page.opened.transport.abort()
        await gone(house)
        await looked(house)
        assert kept(house) == 0
        house.clock.forward(seconds=3)
        await until(lambda: kept(house) == 1)


async def test_a_page_without_the_call_gets_it_back(house: House, browser: Browser) -> None:
    """Another tab takes over in mid-call: its telephone has registered and knows of no call."""
    async with browser.page() as first, browser.page() as second:
        await talking(house, first)
        await second.say({"type": "take_over"})
        await second.next("hello", active=True)
        house.clock.forward(seconds=1)
        await second.register()
        await until(lambda: kept(house) == 1)


async def test_hanging_up_is_not_losing_the_call(house: House, browser: Browser) -> None:
    """The page hears of its own hang-up before the switch has told us."""
    async with browser.page() as page:
        await talking(house, page)
        house.clock.forward(seconds=60)
        await page.register(in_call=False)
        await looked(house)
        house.call_ends("a1")
        await page.state("wrap_up")
        house.clock.forward(seconds=5)
        await looked(house)
        assert kept(house) == 0


async def test_a_ring_that_the_reloaded_page_does_not_have_is_ended(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        await page.register()
        await page.state("not_ready")
        house.queued()
        house.rings("a1")
        await page.state("ringing")
        await page.register(in_call=True)
        house.clock.forward(seconds=1)
    async with browser.page(page.hello["tab"]) as again:
        await again.register()
        await looked(house)
        house.clock.forward(seconds=2)
        await until(lambda: ("hangup", "PJSIP/8001-1") in house.bridge.asked)


async def test_a_second_tab_waits_and_takes_over_when_told(house: House, browser: Browser) -> None:
    async with browser.page() as first, browser.page() as second:
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


async def test_a_waiting_tab_inherits_when_the_active_one_goes(browser: Browser) -> None:
    async with browser.page() as first, browser.page() as second:
        await first.opened.close()
        hello = await second.next("hello")
        assert hello["active"] is True
        assert hello["tab"] == second.hello["tab"]


# --- presence ---


async def test_a_page_that_goes_takes_a_ready_agent_out_and_brings_him_back(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        await page.register()
        await page.state("not_ready")
        await browser.post("/api/v1/agent/ready")
        await page.state("ready")
    await gone(house)
    house.clock.forward(seconds=4)
    looks = house.app.state.keeper.looks
    await until(lambda: house.app.state.keeper.looks > looks + 2)
    assert house.bridge.agent_views["a1"].state == "ready", "a reload is no reason"
    house.clock.forward(seconds=2)
    await until(lambda: house.bridge.agent_views["a1"].state == "not_ready")
    assert house.bridge.agent_views["a1"].reason == "screen_lost"
    async with browser.page() as page:
        await page.register()
        await page.state("ready")


async def test_an_agent_who_went_home_is_logged_out(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        await page.register()
        await page.state("not_ready")
    await gone(house)
    house.clock.forward(minutes=16)
    await until(lambda: ("agent_logout", "a1") in house.bridge.asked)


async def test_an_agent_with_a_sip_phone_needs_only_the_page(house: House, browser: Browser) -> None:
    house.agent(3, kind="phone")
    async with Browser(browser.port) as third:
        await third.log_in("agent3")
        async with third.page() as page:
            await page.state("not_ready")
    assert ("agent_login", "a3", "8003", ("citizens",)) in house.bridge.asked


async def test_logging_out_leaves_the_queues_and_closes_the_pages(house: House, browser: Browser) -> None:
    async with browser.page() as page, browser.page() as waiting:
        await page.register()
        await page.state("not_ready")
        await browser.post("/api/v1/logout")
        assert await page.close_code() == 4003
        assert await waiting.close_code() == 4003
    await until(lambda: house.bridge.agent_views["a1"].state == "logged_out")


async def test_a_switch_that_is_away_gets_the_log_in_when_it_is_back(house: House, browser: Browser) -> None:
    from cti import AmiDown

    house.bridge.failure = AmiDown("away")
    async with browser.page() as page:
        await page.register()
        await until(lambda: ("agent_login", "a1", "8001", ("citizens",)) in house.bridge.asked)
        answer = await browser.post("/api/v1/agent/ready")
        assert (answer.status_code, answer.json()["error"]["error_id"]) == (503, "switch_down")
        house.bridge.failure = None
        await page.state("not_ready")


async def test_everybody_is_told_when_the_switch_goes_and_comes(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        house.bridge.healthy = False
        await page.next("link", ami=False)
        house.bridge.healthy = True
        await page.next("link", ami=True)


# --- recordings ---


async def test_the_agent_is_told_when_the_recording_can_be_played(house: House, browser: Browser) -> None:
    import recordings
    from recordings.tables import Recording

    async with browser.page() as page:
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


# --- bad peers ---


async def test_nobody_logged_in_gets_no_picture(house: House) -> None:
    async with browser_at(house) as stranger, stranger.socket("/api/v1/live?v=1") as opened:
        await opened.wait_closed()
        assert opened.close_code == 4003


async def test_a_page_of_another_site_gets_no_handshake(browser: Browser) -> None:
    with pytest.raises(InvalidStatus):
        async with browser.socket("/api/v1/live?v=1", headers={"Origin": "https://evil.invalid"}):
            pass


@pytest.mark.parametrize("path", ["/api/v1/live", "/api/v1/live?v=2", "/api/v1/live?v=x"])
async def test_an_unknown_version_is_named(browser: Browser, path: str) -> None:
    async with browser.socket(path) as opened:
        await opened.wait_closed()
        assert opened.close_code == 4006


HELLO = '{"v":1,"type":"hello"}'


@pytest.mark.parametrize(
    "messages",
    [
        ["garbage"],
        ['{"v":1,"type":"pong"}'],
        ['{"v":2,"type":"hello"}'],
        ['{"v":1,"type":"hello","extra":1}'],
        ['{"v":1,"type":"hello","tab":"<script>"}'],
        ["[" * 3000],
        ["x" * 5000],
        [b"\x00\x01"],
        [HELLO, '{"v":1,"type":"phone"}'],
        [HELLO, '{"v":1,"type":"phone","registered":"maybe"}'],
        [HELLO, '{"v":1,"type":"drop_tables"}'],
        [HELLO, "null"],
    ],
)
async def test_messages_of_another_shape_close_the_socket(browser: Browser, messages: list[str | bytes]) -> None:
    async with browser.socket("/api/v1/live?v=1") as opened:
        for message in messages:
            await opened.send(message)
        await asyncio.wait_for(opened.wait_closed(), SOON)
        assert opened.close_code == 4002
    async with browser.page() as page:
        assert page.hello["active"] is True, "the next page is served"


async def test_a_silent_page_counts_as_gone(house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "PING_EVERY", 0.05)
    monkeypatch.setattr(live_module, "PONG_WITHIN", 0.2)
    async with browser.page() as alive, browser.page() as frozen:
        frozen.answers_pings = False
        for _ in range(6):
            await alive.next("ping")
        assert await frozen.close_code() == 4004
        assert alive.opened.close_code is None


async def test_a_page_that_takes_nothing_is_closed_and_harms_nobody(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        desk = house.app.state.desk
        viewer = desk.hub.viewer("a1")
        for _ in range(live_module.LONGEST_QUEUE + 2):
            desk.hub.push("a1", live_module.Ping())
        assert viewer.closing == 4005
        assert await page.close_code() == 4005


async def test_the_end_of_the_log_in_closes_an_open_page_but_not_in_a_call(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "PING_EVERY", 0.02)
    monkeypatch.setattr(live_module, "CHECKED_EVERY", 1)
    async with browser.page() as page:
        house.queued()
        house.rings("a1")
        house.answers("a1")
        await page.state("talking")
        house.clock.forward(hours=13)
        for _ in range(5):
            await page.next("ping")
        assert page.opened.close_code is None
        house.bridge.show("a1", state="ready")
        assert await page.close_code() == 4003


async def test_wrap_up_of_an_agent_whose_page_has_gone_ends_in_not_ready(house: House, browser: Browser) -> None:
    async with browser.page() as page:
        await page.register()
        await page.state("not_ready")
        house.queued()
        house.rings("a1")
        house.answers("a1")
        await page.state("talking")
    await gone(house)
    house.call_ends("a1")
    house.clock.forward(seconds=31)
    await until(lambda: house.bridge.agent_views["a1"].reason == "screen_lost")
    assert house.bridge.agent_views["a1"].state == "not_ready", "never ready in between"
