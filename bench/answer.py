"""From the agent's click on "answer" to the first sound of the agent at the citizen's ear.

Two real browsers, the whole system between them.  The agent's microphone says a steady tone; the citizen's page looks
for that pitch every 5 ms in the last 43 ms of what it plays, so the figure is a little too high rather than too low.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Page

from bench.kit.alone import go_alone
from bench.kit.calls import agent_at_work, report, say, straight_to_the_queue
from tests.kit.chromium import chromium, context_of
from tests.kit.pages import CitizenPage
from tests.kit.stack import Stack, running_stack
from tests.kit.tones import PITCHES
from tests.kit.waiting import until_async

MUST = 1000.0

# Runs before the page's own script: every track a call brings is searched for the pitch.
EAR = """
(pitch => {
  const Native = window.RTCPeerConnection
  window.heardAt = null
  window.RTCPeerConnection = class extends Native {
    constructor(...given) {
      super(...given)
      this.addEventListener('track', (event) => listen(event.streams[0] ?? new MediaStream([event.track])))
    }
  }
  function listen(stream) {
    const context = new AudioContext()
    const analyser = context.createAnalyser()
    analyser.fftSize = 2048
    analyser.smoothingTimeConstant = 0
    context.createMediaStreamSource(stream).connect(analyser)
    const levels = new Float32Array(analyser.frequencyBinCount)
    const bin = Math.round(pitch / (context.sampleRate / analyser.fftSize))
    window.heardAt = null
    const timer = setInterval(() => {
      analyser.getFloatFrequencyData(levels)
      const loudest = levels.indexOf(Math.max(...levels))
      if (Math.abs(loudest - bin) > 1 || levels[loudest] < -50) return
      window.heardAt = performance.timeOrigin + performance.now()
      clearInterval(timer)
      void context.close()
    }, 5)
  }
})(PITCH)
""".replace("PITCH", str(PITCHES["agent"]))

CLICK = """
() => {
  const at = performance.timeOrigin + performance.now()
  document.querySelector('.act.answer').click()
  return at
}
"""


async def first_sound(page: Page) -> float:
    """When the citizen heard the agent, in ms since 1970."""

    async def found() -> float:
        at: float | None = await page.evaluate("window.heardAt")
        return at or 0.0

    return await until_async(found, "the citizen hears the agent", seconds=20, every=0.02)


async def measure(stack: Stack, calls: int) -> list[float]:
    """ms from click to sound, call by call."""
    times = []
    await straight_to_the_queue(stack)
    with tempfile.TemporaryDirectory(prefix="hl-bench-") as folder:
        async with agent_at_work(stack) as desk, chromium(Path(folder), "citizen") as browser:
            context = await context_of(browser)
            await context.add_init_script(EAR)
            citizen = await CitizenPage.open(context, stack)
            for number in range(calls):
                await citizen.dial(skip=False)
                await desk.rings()
                await desk.page.locator(".act.answer:enabled").wait_for()
                clicked: float = await desk.page.evaluate(CLICK)
                times.append(await first_sound(citizen.page) - clicked)
                await citizen.hang_up()
                await desk.state("话后整理")
                await desk.ready()
                if number % 5 == 4:
                    say(f"  {number + 1} calls, the last one {times[-1]:.0f} ms")
    return times


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--calls", type=int, default=40)
    given = options.parse_args()
    go_alone()
    with running_stack() as stack:
        times = asyncio.run(measure(stack, given.calls))
    report("answer", times, MUST)


if __name__ == "__main__":
    main()
