"""The caller's card on an agent's screen while 30 other agents are in calls, in a real Chromium.

The real desk with 100,000 tickets in its database; its switch is moved by hand, so that 30 calls need no 60 telephones.
Every busy agent has an open page of its own that takes every message and reports the quality of its line; ten times a
second one of their calls is put on hold or fetched back.  The clock starts with the fact that ``AgentCalled`` becomes
(``bench/screen_pop`` has the way before it, with one agent) and stops two frames after the card has come into the page.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from playwright.async_api import Page as BrowserPage
from playwright.async_api import expect
from sqlalchemy import text

import cti
from bench.kit.alone import go_alone
from bench.kit.calls import report, say
from bench.kit.offices import fill
from bench.kit.tickets import dispatched
from bench.screen_pop import CALLERS, MUST, WATCH
from cti.facts import CallHeld, CallResumed
from hotline.fact_writer import FactWriter
from hotline.resources import web_app
from tests.kit.chromium import chromium, context_of
from tests.kit.waiting import until_async
from tests.wire.desk.house import PASSWORD, House
from tests.wire.desk.server import Browser, Page, serving

BUSY = 30
EVERY = 0.1
"""Seconds between two changes in the calls of the busy."""
QUALITY = {
    "seconds": 5,
    "rtt_ms": 20,
    "rtt_ms_max": 30,
    "jitter_ms": 3,
    "jitter_ms_max": 5,
    "loss": 0.001,
    "loss_max": 0.002,
    "mos": 4.3,
    "mos_min": 4.2,
    "warnings": [],
}


class BusyHouse(House):
    """Facts go the way they go in the running desk: to the log by a thread, to the pages at once."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, static_dir=web_app())
        self.writer = FactWriter(self.write, self.clock)
        self.writer.start()

    def tell(self, *facts: cti.Fact) -> None:
        for fact in facts:
            self.writer.put(fact)
            self.app.state.desk.on_fact(fact)


def contact_of(number: int) -> str:
    return str(uuid.UUID(int=number << 112))


async def listens(page: Page) -> None:
    """Takes whatever the desk tells."""
    while True:
        await page.any()


@asynccontextmanager
async def all_busy(house: BusyHouse, port: int) -> AsyncIterator[None]:
    """30 agents with their pages, each in a call in which things happen."""
    async with AsyncExitStack() as inside:
        tasks = []
        pages = []
        for number in range(2, BUSY + 2):
            browser = await inside.enter_async_context(Browser(port))
            assert (await browser.log_in(f"agent{number}")).status_code == 200
            page = await inside.enter_async_context(browser.page())
            await page.register(in_call=True)
            house.queued(contact_of(number), f"139{number:08d}")
            house.rings(f"a{number}", contact_of(number))
            house.answers(f"a{number}", contact_of(number))
            tasks.append(asyncio.create_task(listens(page)))
            pages.append((number, page))
        tasks.append(asyncio.create_task(_things_happen(house, pages)))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*tasks)


async def _things_happen(house: BusyHouse, pages: list[tuple[int, Page]]) -> None:
    held: set[int] = set()
    for number, page in itertools.cycle(pages):
        contact = contact_of(number)
        on = number not in held
        held ^= {number}
        # The state and the fact as the switch would give them; the call's own id is the house's.
        about = {"at": time.time(), "call_id": f"call-{contact[:4]}", "contact_id": contact, "agent_id": f"a{number}"}
        view = {"call_id": about["call_id"], "contact_id": contact, "channel": "PJSIP/8001-1", "since": time.time()}
        house.bridge.show(f"a{number}", state="held" if on else "talking", **view)
        house.tell((CallHeld if on else CallResumed)(**about))  # type: ignore[arg-type]
        await page.say({"type": "quality", "contact_id": contact} | QUALITY)
        await asyncio.sleep(EVERY)


async def measure(house: BusyHouse, screen: BrowserPage, pops: int) -> list[float]:
    """ms from fact to screen, call by call."""
    times = []
    house.bridge.show("a1", extension="8001", state="ready")
    house.app.state.desk.refresh()
    await screen.evaluate(WATCH)
    for number in range(pops):
        contact = contact_of(1000 + number)
        house.queued(contact, f"1380000{number % CALLERS:04d}")
        began = time.time()
        house.rings("a1", contact)

        async def shown(contact: str = contact) -> float:
            at: float | None = await screen.evaluate("(contact) => window.shown[contact] ?? null", contact)
            return at or 0.0

        times.append(await until_async(shown, "the caller's card", seconds=20) - began * 1000)
        house.bridge.show("a1", state="ready")
        house.bridge.call_views.pop(f"call-{contact[:4]}", None)
        house.ring_ends("a1", "cancelled", contact)
        await expect(screen.get_by_test_id("caller-card")).to_have_count(0)
    return times


async def run(pops: int, tickets: int) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="hl-bench-") as folder:
        house = BusyHouse(Path(folder))
        fill(house.engine, tickets, dispatched)
        with house.engine.begin() as connection:  # the keys under which callers are looked up
            connection.execute(text("UPDATE tkt_ticket SET caller_key = '+' || caller_key WHERE number LIKE 'X-%'"))
        for number in range(1, BUSY + 2):
            house.agent(number)
        async with chromium(Path(folder), "agent") as browser, serving(house) as port:
            screen = await (await context_of(browser)).new_page()
            await screen.goto(f"http://127.0.0.1:{port}/login")
            await screen.fill("#username", "agent1")
            await screen.fill("#password", PASSWORD)
            await screen.press("#password", "Enter")
            await expect(screen.locator(".bar .name")).to_have_count(1)
            async with all_busy(house, port):
                say(f"  {BUSY} agents are busy")
                times = await measure(house, screen, pops)
        house.writer.stop()
        house.engine.dispose()
    return times


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--pops", type=int, default=100)
    options.add_argument("--tickets", type=int, default=100_000)
    given = options.parse_args()
    go_alone()
    times = asyncio.run(run(given.pops, given.tickets))
    report("pop_busy", times, MUST, tickets=given.tickets, busy=BUSY)


if __name__ == "__main__":
    main()
