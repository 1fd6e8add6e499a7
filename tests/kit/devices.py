"""What a page did with its devices, and the ways of a caller that browser tests share."""

from __future__ import annotations

from typing import Any

from hotline.sip_phone import SipPhone
from tests.kit.pages import DeskPage
from tests.kit.waiting import until_async

NUMBER = "13800138000"

# Writes down every sound that is started and on which output, and every notification.
WITNESS = """
(() => {
  window.__rings = []
  window.__notes = []
  const start = AudioBufferSourceNode.prototype.start
  AudioBufferSourceNode.prototype.start = function (...given) {
    if (this.loop) window.__rings.push({ context: this.context, sink: this.context.sinkId ?? '', node: this })
    return start.apply(this, given)
  }
  window.Notification = class {
    static permission = 'granted'
    constructor(title, options) { window.__notes.push({ title, body: options.body }) }
    close() {}
  }
  // The last stream a microphone gave.
  const media = navigator.mediaDevices
  const ask = media.getUserMedia.bind(media)
  media.getUserMedia = async (...given) => (window.__microphone = await ask(...given))
})()
"""
HEARD_RINGS = "window.__rings.filter((one) => one.context.state === 'running').map((one) => one.sink)"


async def dials(citizen: SipPhone) -> None:
    """Past the greeting, straight to the queue."""
    await citizen.call("12345")
    await citizen.wait_state("CONFIRMED")
    await citizen.digits("0")


async def evaluates(desk: DeskPage, expression: str, what: str) -> Any:
    """The first true value of an expression in the page."""
    return await until_async(lambda: desk.page.evaluate(expression), what)
