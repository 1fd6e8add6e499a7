"""The caller's card on an agent's screen while 30 other agents are in calls, in a real Chromium.

The real desk with 100,000 tickets in its database; its switch is moved by hand, so that 30 calls need no 60 telephones.
Every busy agent has an open page (in another process, as browsers are) that takes every message and reports the quality
of its line; ten times a second one of their calls is put on hold or fetched back.  The clock starts with the fact that
``AgentCalled`` becomes (``bench/screen_pop`` has the way before it, with one agent) and stops two frames after the card
has come into the page.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from playwright.async_api import Page as BrowserPage
from playwright.async_api import expect
from sqlalchemy import text

import cti
from bench.kit.alone import go_alone
from bench.kit.busy_pages import contact_of
from bench.kit.calls import report, say
from bench.kit.offices import fill
from bench.kit.tickets import dispatched
from bench.screen_pop import CALLERS, MUST, WATCH
from cti.facts import CallHeld, CallResumed
from hotline.fact_writer import FactWriter
from hotline.resources import web_app
from tests.kit.chromium import chromium, context_of
from tests.wire.desk.house import PASSWORD, House
from tests.wire.desk.server import serving

BUSY = 30
EVERY = 0.1
"""Seconds between two changes in the calls of the busy."""


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


@asynccontextmanager
async def all_busy(house: BusyHouse, port: int) -> AsyncIterator[None]:
    """30 agents with their pages, each in a call in which things happen."""
    numbers = range(2, BUSY + 2)
    for number in numbers:
        house.queued(contact_of(number), f"139{number:08d}")
        house.rings(f"a{number}", contact_of(number))
        house.answers(f"a{number}", contact_of(number))
    command = (sys.executable, "-m", "bench.kit.busy_pages", str(port), str(numbers[0]), str(numbers[-1]))
    pages = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert pages.stdin is not None
    assert pages.stdout is not None
    assert await asyncio.wait_for(pages.stdout.readline(), 60) == b"ready\n"
    happening = asyncio.create_task(_things_happen(house, numbers))
    try:
        yield
    finally:
        happening.cancel()
        with suppress(asyncio.CancelledError):
            await happening
        pages.stdin.close()
        await asyncio.wait_for(pages.wait(), 20)


async def _things_happen(house: BusyHouse, numbers: range) -> None:
    held: set[int] = set()
    for number in itertools.cycle(numbers):
        contact = contact_of(number)
        on = number not in held
        held ^= {number}
        # The state and the fact as the switch would give them; the call's own id is the house's.
        about = {"at": time.time(), "call_id": f"call-{contact[:4]}", "contact_id": contact, "agent_id": f"a{number}"}
        view = {"call_id": about["call_id"], "contact_id": contact, "channel": "PJSIP/8001-1", "since": time.time()}
        house.bridge.show(f"a{number}", state="held" if on else "talking", **view)
        house.tell((CallHeld if on else CallResumed)(**about))  # type: ignore[arg-type]
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

        # The page itself waits: asking it again and again would keep the desk's own process busy.
        at = await screen.wait_for_function("(contact) => window.shown[contact]", arg=contact, timeout=20_000)
        times.append(await at.json_value() - began * 1000)
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
