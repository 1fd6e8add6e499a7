"""A day at the desk in a real Chromium: how much is loaded, how soon one can work, and what 500 calls leave behind.

The first load and the time until the telephone is registered are taken from the whole system.  The 500 calls (eight
hours of a busy agent) come through the live WebSocket of the real desk, whose switch is moved by hand: pop, answer,
captions, quality, a ticket being written, hang-up, wrap-up.  Memory is JavaScript's heap after a forced collection.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, Response, expect

from agent_desktop import CaptionHeard, EngineChanged, NoCaptions
from bench.kit.alone import go_alone
from bench.kit.calls import say
from hotline.resources import web_app
from tests.kit.chromium import chromium, context_of
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack, running_stack
from tests.wire.desk.house import PASSWORD, House
from tests.wire.desk.server import serving

BUNDLE_KB = 500
READY_MS = 2000
GROWTH_MB = 50
WARM = 50
"""Calls after which everything that is loaded once has been loaded."""
LOADS = 5


class Engine(NoCaptions):
    """Captions said by the bench."""

    def __init__(self) -> None:
        super().__init__()
        self.why_not = None
        self.streams = 1
        self.tell: Any = None

    async def start(self, told: Any) -> None:
        self.tell = told
        told(EngineChanged())


async def first_load(browser: Browser, stack: Stack) -> tuple[float, list[float]]:
    """KB gzipped of what the page asks for with an empty cache, and ms until its telephone is registered."""
    sizes: dict[str, int] = {}
    times = []

    async def note(answer: Response) -> None:
        if "/api/" not in answer.url and answer.status == 200:
            sizes[answer.url] = len(gzip.compress(await answer.body()))

    context = await context_of(browser)
    desk = await DeskPage.open(context, stack)
    state = await context.storage_state()
    await desk.page.close()
    for number in range(LOADS):
        fresh = await browser.new_context(storage_state=state, permissions=["microphone"])
        page = await fresh.new_page()
        if number == 0:
            page.on("response", note)
        began = time.perf_counter()
        await page.goto(f"{stack.url}/desk", wait_until="commit")
        await expect(page.locator(".bar .line")).to_contain_text("话机已注册")
        times.append((time.perf_counter() - began) * 1000)
        await page.wait_for_load_state("networkidle") if number == 0 else None
        await fresh.close()
    return sum(sizes.values()) / 1024, times


async def heap(page: Page) -> float:
    """MB that are still in use after everything that can go has gone."""
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    used = (await session.send("Runtime.getHeapUsage"))["usedSize"] / 1e6
    await session.detach()
    return float(used)


async def one_call(house: House, engine: Engine, page: Page, number: int) -> None:
    """A citizen calls, is written down, and hangs up."""
    contact = str(uuid.UUID(int=(number + 1) << 112))
    call_id = f"call-{contact[:4]}"
    house.clock.forward(seconds=57)
    house.queued(contact, f"1380000{number % 500:04d}")
    house.rings("a1", contact)
    await expect(page.get_by_test_id("caller-card")).to_have_attribute("data-contact", contact)
    house.answers("a1", contact)
    await expect(page.locator(".bar .name")).to_have_text("通话中")
    await page.fill("#f-title", f"第{number}件事")
    await page.fill("#f-text", "路灯不亮，夜间出行不便。" * 20)
    while not (asked := [what for what in house.bridge.asked if what[:2] == ("listen", contact)]):
        await asyncio.sleep(0.01)
    for line in range(20):
        engine.tell(CaptionHeard(str(asked[-1][3]), line, line + 1, "我们小区门口的路灯坏了三天", True))
    await expect(page.get_by_test_id("captions").get_by_role("listitem")).to_have_count(20)
    house.call_ends("a1", contact)
    await expect(page.locator(".bar .name")).to_have_text("话后整理")
    house.bridge.call_views.pop(call_id, None)
    house.bridge.asked.clear()
    house.bridge.show("a1", state="ready")
    house.app.state.desk.refresh()
    await expect(page.get_by_test_id("caller-card")).to_have_count(0)


async def a_day(browser: Browser, calls: int) -> tuple[float, float]:
    """Heap in MB after the first calls and after all of them."""
    engine = Engine()
    with tempfile.TemporaryDirectory(prefix="hl-bench-") as folder:
        house = House(Path(folder), captions=engine, static_dir=web_app())
        house.agent(1)
        async with serving(house) as port:
            page = await (await context_of(browser)).new_page()
            await page.goto(f"http://127.0.0.1:{port}/login")
            await page.fill("#username", "agent1")
            await page.fill("#password", PASSWORD)
            await page.press("#password", "Enter")
            await expect(page.locator(".bar .name")).to_have_count(1)
            house.bridge.show("a1", extension="8001", state="ready")
            house.app.state.desk.refresh()
            before = 0.0
            for number in range(calls):
                await one_call(house, engine, page, number)
                if number + 1 in (WARM, calls) or number % 100 == 99:
                    now = await heap(page)
                    before = now if number + 1 == WARM else before
                    say(f"  {number + 1} calls, {now:.1f} MB")
            after = await heap(page)
        house.engine.dispose()
    return before, after


async def measure(calls: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="hl-bench-") as folder:
        async with chromium(Path(folder), "agent") as browser:
            with running_stack() as stack:
                kilobytes, ready = await first_load(browser, stack)
            say(f"  first load {kilobytes:.0f} KB, ready in {sorted(ready)[len(ready) // 2]:.0f} ms")
            before, after = await a_day(browser, calls)
    return {
        "bundle_kb": round(kilobytes, 1),
        "ready_ms_median": round(sorted(ready)[len(ready) // 2]),
        "ready_ms_max": round(max(ready)),
        "heap_mb_after_50": round(before, 1),
        "heap_mb_after_all": round(after, 1),
    }


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--calls", type=int, default=500)
    given = options.parse_args()
    go_alone()
    found = asyncio.run(measure(given.calls))
    growth = round(found["heap_mb_after_all"] - found["heap_mb_after_50"], 1)
    within = found["bundle_kb"] <= BUNDLE_KB and found["ready_ms_median"] <= READY_MS
    detail = found | {"calls": given.calls, "bundle_kb_must": BUNDLE_KB, "ready_ms_must": READY_MS}
    told = {"name": "desk_load", "value": growth, "unit": "MB of heap grown in a day", "must": GROWTH_MB}
    print(json.dumps(told | {"ok": within and growth <= GROWTH_MB, "detail": detail}))


if __name__ == "__main__":
    main()
