"""A real Chromium with a made-up microphone, and an ear inside the page."""

from __future__ import annotations

import base64
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import numpy as np
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from hotline.sip_phone import Heard
from tests.kit.tones import speakers, tone_file
from tests.kit.waiting import until_async

FLAGS = (
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)

# Listens to whatever a call brings, without a word of help from the page under test.
_EAR = """
(() => {
  const Native = window.RTCPeerConnection
  let context, analyser
  window.RTCPeerConnection = class extends Native {
    constructor(...given) {
      super(...given)
      this.addEventListener('track', (event) => {
        context ??= new AudioContext()
        analyser = context.createAnalyser()
        analyser.fftSize = 32768
        context.createMediaStreamSource(event.streams[0] ?? new MediaStream([event.track])).connect(analyser)
      })
      this.addEventListener('connectionstatechange', () => { if (this.connectionState === 'closed') analyser = null })
    }
    close() { analyser = null; super.close() }
  }
  window.__ear = () => {
    if (!analyser) return null
    const samples = new Float32Array(analyser.fftSize)
    analyser.getFloatTimeDomainData(samples)
    let text = ''
    for (const byte of new Uint8Array(samples.buffer)) text += String.fromCharCode(byte)
    return { rate: context.sampleRate, samples: btoa(text) }
  }
  // The made-up microphone is a sine; a browser that cleans up voices would take it for noise.
  const media = navigator.mediaDevices
  const native = media?.getUserMedia.bind(media)
  if (media) media.getUserMedia = () => native({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  })
})()
"""


def chromium_path() -> str | None:
    """The system's Chromium; None lets playwright use the one it has installed."""
    return os.environ.get("HOTLINE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@asynccontextmanager
async def chromium(folder: Path, voice: str, *, extra: tuple[str, ...] = ()) -> AsyncIterator[Browser]:
    """A browser process whose microphone says ``voice`` (a name of :data:`tests.kit.tones.PITCHES`)."""
    sound = tone_file(folder, voice, rate=48000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(),
            args=[*FLAGS, f"--use-file-for-fake-audio-capture={sound}", *extra],
            ignore_default_args=["--mute-audio"],
        )
        yield browser
        await browser.close()


async def context_of(
    browser: Browser, language: str = "zh", width: int = 1280, height: int = 800, *, checked: bool = True
) -> BrowserContext:
    """A person's browser profile; pages in it share a log-in.  ``checked``: the devices were tried at the
    beginning of the shift."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, permissions=["microphone"], timezone_id="Asia/Shanghai"
    )
    await context.add_init_script(_EAR)
    await context.add_init_script(
        f"if (!localStorage.getItem('hotline.locale')) localStorage.setItem('hotline.locale', '{language}')"
    )
    if checked:
        await context.add_init_script("localStorage.setItem('hotline.devices.passed', new Date().toISOString())")
    return context


async def heard(page: Page) -> Heard:
    """The last two thirds of a second of what the page's call brings."""
    found = await page.evaluate("window.__ear()")
    if found is None:
        return Heard.nothing()
    samples = np.frombuffer(base64.b64decode(found["samples"]), dtype="<f4").astype(np.float64) * 32767
    return Heard(samples, int(found["rate"]))


async def hears(page: Page, who: set[str], seconds: float = 25.0) -> None:
    """Waits until exactly these parties are audible in the page's call."""

    async def now() -> bool:
        return speakers(await heard(page)) == who

    await until_async(now, f"the page hears {who or 'nobody'}", seconds, every=0.25)


_NETWORK = b"--utility-sub-type=network.mojom.NetworkService"


@contextmanager
def cut_off() -> Iterator[None]:
    """The network of this test's browser is gone: sockets and audio stand still, and nobody is told.

    Chromium does all of its networking in a process of its own; stopped, it is as good as a cable pulled out at the
    next switch, while the pages go on.
    """
    network = _network_service()
    os.kill(network, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(network, signal.SIGCONT)


def _network_service() -> int:
    """Process id of the one browser that runs below this process."""
    parents: dict[int, int] = {}
    serving: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # a process that has just ended
            pid = int(folder.name)
            parents[pid] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if _NETWORK in (folder / "cmdline").read_bytes():
                serving.append(pid)

    def below(pid: int) -> bool:
        return pid == os.getpid() or (pid in parents and below(parents[pid]))

    [ours] = [pid for pid in serving if below(pid)]
    return ours
