"""A lost microphone, and the line: measured, kept with the call, mended: R39, R42, R47."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.async_api import Browser, WebSocket, expect

from tests.browser.conftest import photograph
from tests.kit.chromium import context_of, hears
from tests.kit.devices import NUMBER, WITNESS, dials
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack
from tests.kit.tones import speakers
from tests.kit.waiting import until

pytestmark = pytest.mark.browser


async def test_r39_a_lost_microphone_is_announced_and_the_call_goes_on_with_the_next(
    stack: Stack, agents_browser: Browser
) -> None:
    context = await context_of(agents_browser)
    await context.add_init_script(WITNESS)
    desk = await DeskPage.open(context, stack)
    await desk.ready()
    # Pulled out, and no other one there.
    await desk.page.evaluate("""() => {
      window.__ask = navigator.mediaDevices.getUserMedia
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('gone', 'NotFoundError'))
      const track = window.__microphone.getAudioTracks()[0]
      track.stop()
      track.dispatchEvent(new Event('ended'))
    }""")
    alert = desk.page.get_by_role("alert")
    await expect(alert).to_contain_text("没有可用的麦克风")
    await desk.state("示忙")
    await expect(desk.page.locator(".bar .line")).to_contain_text("麦克风故障")
    await desk.page.evaluate("navigator.mediaDevices.getUserMedia = window.__ask")
    await alert.get_by_role("button", name="重试").click()
    await expect(alert).to_have_count(0)
    await desk.page.keyboard.press("Alt+r")  # whatever was tried before says nothing about this one
    check = desk.page.get_by_role("dialog")
    await check.get_by_role("button", name="听得清，可以接电话").click()
    await desk.state("就绪")

    # In a call the next microphone takes its place.
    async with stack.citizen(NUMBER) as citizen:
        await dials(citizen)
        await desk.rings()
        await desk.answer()
        await until(lambda: speakers(citizen.heard(0.5)) == {"agent"}, "the citizen hears the agent")
        await desk.page.evaluate("""() => {
          const track = window.__microphone.getAudioTracks()[0]
          track.stop()
          track.dispatchEvent(new Event('ended'))
        }""")
        await until(lambda: speakers(citizen.heard(0.5)) == {"agent"}, "the citizen hears the agent again")
        await expect(alert).to_have_count(0)
        await desk.hang_up()
    await desk.done()


async def test_r42_r47_the_line_is_measured_kept_and_mended(
    stack: Stack, agents_browser: Browser, pictures: Path | None
) -> None:
    desk = await DeskPage.open(await context_of(agents_browser), stack)
    await desk.ready()
    async with stack.citizen(NUMBER) as citizen:
        await dials(citizen)
        await desk.rings()
        await desk.answer()
        mark = desk.part("line-quality")
        await expect(mark).to_be_visible(timeout=20_000)
        assert 4 < float(await mark.get_attribute("data-mos") or 0) < 4.5
        await photograph(desk.page, pictures, "line-quality")
        # Another network: the socket and the audio find their way anew, and nobody is cut off.
        await desk.page.evaluate("window.dispatchEvent(new Event('online'))")
        await expect(desk.page.locator(".bar .line")).not_to_contain_text("话机已注册")
        await desk.registered()
        await hears(desk.page, {"citizen"})
        await until(lambda: speakers(citizen.heard(0.5)) == {"agent"}, "the citizen hears the agent")
        await desk.hang_up()
        await citizen.wait_state("DISCONNECTED")
    await desk.done()
    await desk.part("recent-calls").locator("li a").first.click()
    table = desk.part("call-quality")
    await expect(table.locator("tbody tr")).to_have_count(1)
    await expect(table).to_contain_text("4.")
    await photograph(desk.page, pictures, "call-quality")
    assert desk.complaints == []


async def test_r13_r41_the_line_is_refreshed_and_not_torn_down(stack: Stack, agents_browser: Browser) -> None:
    """Every half minute the phone registers again over the same socket; a ring must not lose its socket by that.

    In a call the server's clock ticks every second, so that what it brings about comes soon."""
    context = await context_of(agents_browser)
    sockets: list[str] = []
    granted: list[float] = []

    def watched(socket: WebSocket) -> None:
        if "/sip" in socket.url:
            sockets.append(socket.url)
            socket.on("framereceived", heard)

    def heard(frame: str | bytes) -> None:
        text = frame if isinstance(frame, str) else frame.decode()
        if text.startswith("SIP/2.0 200 ") and " REGISTER" in text:
            granted.append(time.monotonic())

    context.on("page", lambda page: page.on("websocket", watched))
    desk = await DeskPage.open(context, stack)
    await desk.ready()
    async with stack.citizen(NUMBER) as citizen:
        await dials(citizen)
        await desk.rings()
        await desk.answer()
        await until(lambda: len(granted) == 2, "the registration is refreshed", seconds=60, every=0.5)
        # Longer than the phone waits for an answer, seen at the next of the server's ticks.
        await until(lambda: time.monotonic() - granted[1] > 11, "more of the server's ticks", seconds=20, every=0.5)
        assert len(sockets) == 1
        assert len(granted) == 2
        await desk.hang_up()
    await desk.done()


async def test_keys_pressed_on_the_page_reach_the_other_side(stack: Stack, agents_browser: Browser) -> None:
    """An agent who has called a service's voice menu chooses in it, by mouse and by keyboard."""
    desk = await DeskPage.open(await context_of(agents_browser), stack)
    await desk.ready()
    async with stack.citizen(NUMBER) as citizen:
        await dials(citizen)
        await desk.rings()
        await desk.answer()
        await hears(desk.page, {"citizen"})
        await desk.page.get_by_role("button", name="按键").click()
        pad = desk.page.get_by_role("group", name="按键")
        await pad.get_by_role("button", name="5", exact=True).click()
        for key in "1#":
            await pad.press(key)
        await expect(pad.locator("output")).to_have_text("51#")

        def arrived() -> str:
            return "".join(event["digit"] for event in citizen.events if event["event"] == "digit")

        await until(lambda: len(arrived()) >= 3, "three keys at the citizen's phone")
        assert arrived() == "51#"
        await desk.page.keyboard.press("Escape")
        await desk.hang_up()
    await desk.done()
    assert desk.complaints == []
