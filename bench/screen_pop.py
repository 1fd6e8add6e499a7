"""From AgentCalled on the manager interface to the caller's card on the agent's screen, in a real Chromium.

The whole system runs, with 100,000 tickets in its database; the callers' numbers have tickets among them.  The clock
starts with Asterisk's own stamp on the event and stops two frames after the card has come into the page.
"""

from __future__ import annotations

import argparse
import asyncio

from sqlalchemy import text

from bench.kit.alone import go_alone
from bench.kit.calls import agent_at_work, report, say, straight_to_the_queue
from bench.kit.offices import fill
from bench.kit.tickets import dispatched
from hotline.database import build_engine
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack, running_stack
from tests.kit.waiting import until_async

MUST = 150.0
CALLERS = 10

WATCH = """
() => {
  window.shown = {}
  const look = () => {
    const contact = document.querySelector('[data-testid=caller-card]')?.dataset.contact
    if (!contact || contact in window.shown) return
    window.shown[contact] = null
    const painted = () => { window.shown[contact] = performance.timeOrigin + performance.now() }
    requestAnimationFrame(() => requestAnimationFrame(painted))
  }
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true })
}
"""


async def shown_at(desk: DeskPage, contact: str) -> float:
    """When the card of this contact was on the screen, in ms since 1970."""

    async def found() -> float:
        at: float | None = await desk.page.evaluate("(contact) => window.shown[contact] ?? null", contact)
        return at or 0.0

    return await until_async(found, "the caller's card", seconds=20)


async def measure(stack: Stack, calls: int) -> list[float]:
    """ms from event to screen, call by call."""
    times = []
    await straight_to_the_queue(stack)
    async with agent_at_work(stack) as desk, stack.ami() as ami:
        await desk.page.evaluate(WATCH)
        for number in range(calls):
            ami.events.clear()
            async with stack.citizen(f"1380000{number % CALLERS:04d}") as citizen:
                await citizen.call("12345")
                called = await ami.wait("AgentCalled", seconds=20)
                at = await shown_at(desk, called["ChanVariable CONTACT_ID"])
                times.append(at - float(called["Timestamp"]) * 1000)
            await desk.state("就绪")
            if number % 10 == 9:
                say(f"  {number + 1} calls, the last one {times[-1]:.0f} ms")
    return times


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--calls", type=int, default=100)
    options.add_argument("--tickets", type=int, default=100_000)
    given = options.parse_args()
    go_alone()
    with running_stack() as stack:
        engine = build_engine(stack.settings.sqlalchemy_url)
        fill(engine, given.tickets, dispatched)
        with engine.begin() as connection:  # the keys under which callers are looked up
            connection.execute(text("UPDATE tkt_ticket SET caller_key = '+' || caller_key WHERE number LIKE 'X-%'"))
        engine.dispose()
        times = asyncio.run(measure(stack, given.calls))
    report("screen_pop", times, MUST, tickets=given.tickets)


if __name__ == "__main__":
    main()
