"""What the other side of an agent's call says, sent to somebody who listens: live captions.

An AudioSocket channel of Asterisk's own runs ChanSpy on that side's channel, so the call itself is not touched: no
bridge changes, and whatever becomes of the listener, the call goes on.
"""

from __future__ import annotations

import re

from cti.ami import AmiLink
from cti.calls import Switch
from cti.errors import Refused

OPTIONS = "qoESu"
"""No announcement; only what that side says; ends with its channel; the channel is named whole."""


class Listening:
    """Commands; they raise AmiDown, or Refused."""

    def __init__(self, link: AmiLink, switch: Switch) -> None:
        self._link, self._switch = link, switch

    async def begin(self, contact_id: str, address: str, stream: str) -> None:
        """What this call's citizen says goes to the AudioSocket server at ``address``, as ``stream`` (a UUID)."""
        if not re.fullmatch(r"[0-9a-f-]{36}", stream) or not re.fullmatch(r"[0-9A-Za-z.:\-]+", address):
            raise Refused("bad_stream")
        action = {
            "Action": "Originate",
            "Channel": f"AudioSocket/{address}/{stream}",
            "ChannelId": _channel_id(stream),
            "Application": "ChanSpy",
            "Data": f"{self._other_side(contact_id)},{OPTIONS}",
            "Async": "true",
        }
        reply = await self._link.send(action)
        if not reply.ok:
            raise Refused("cannot_listen", reply.message)

    async def end(self, stream: str) -> None:
        """Stops sending.  Does nothing when it has ended by itself."""
        await self._link.send({"Action": "Hangup", "Channel": _channel_id(stream)})

    def _other_side(self, contact_id: str) -> str:
        """The citizen's channel: the caller's, or the one an agent has called."""
        call = next((one for one in self._switch.open_calls() if one.contact_id == contact_id), None)
        if call is None:
            raise Refused("no_call", contact_id)
        agents = {view.channel for view in self._switch.agents()}
        for channel in (call.channel, *call.channels):
            if channel and channel not in agents:
                return channel
        raise Refused("no_call", contact_id)


def _channel_id(stream: str) -> str:
    return f"caption-{stream}"
