"""Single moves of live channels, by AMI: hang up, send elsewhere, call, press keys.  The dialplan's contexts are the
places they are moved to.  Each returns when Asterisk has accepted it; what comes of it is seen in the events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from cti.ami import AmiLink, Reply
from cti.errors import Refused

COMES_BY_ITSELF = "PJSIP_HEADER(add,X-Hotline-Rejoin)"
"""Header by which a browser phone answers without a click: its agent has asked for this call."""


class Moves:
    """Commands on channels.  They raise AmiDown, or Refused when Asterisk declines."""

    def __init__(self, link: AmiLink) -> None:
        self._link = link

    async def hangup(self, channel: str) -> None:
        """Hang up one channel by name."""
        await self._must({"Action": "Hangup", "Channel": channel, "Cause": "16"}, "no_such_call")

    async def send_to(
        self, channel: str, place: tuple[str, str], also: Mapping[str, tuple[str, str]] = MappingProxyType({})
    ) -> None:
        """Send a channel to (context, extension), and at most one more at the same moment, so that neither is hung up
        because the other has gone."""
        action = {
            "Action": "Redirect",
            "Channel": channel,
            "Context": place[0],
            "Exten": place[1],
            "Priority": "1",
        }
        for other, (context, extension) in also.items():
            action |= {
                "ExtraChannel": other,
                "ExtraContext": context,
                "ExtraExten": extension,
                "ExtraPriority": "1",
            }
        await self._must(action, "cannot_move")

    async def call(
        self,
        uid: str,
        device: str,
        place: tuple[str, str],
        variables: Mapping[str, str],
        shown: str,
        seconds: int,
    ) -> None:
        """Call ``device``, which sees the number ``shown``; when it answers it goes to (context, extension).

        Returns as soon as Asterisk has taken it on; the new channel's Uniqueid is ``uid``."""
        await self._must(
            {
                "Action": "Originate",
                "Channel": device,
                "Context": place[0],
                "Exten": place[1],
                "Priority": "1",
                "Async": "true",
                "CallerID": f"<{shown}>" if shown else "",
                "ChannelId": uid,
                "Timeout": str(seconds * 1000),
                "Variable": [f"{name}={value}" for name, value in variables.items()],
            },
            "cannot_call",
        )

    async def set_variable(self, channel: str, name: str, value: str) -> None:
        """A channel variable of the dialplan."""
        await self._must({"Action": "Setvar", "Channel": channel, "Variable": name, "Value": value}, "no_such_call")

    async def set_globals(self, values: Mapping[str, str]) -> None:
        """Global variables of the dialplan; a call that has read one already keeps what it read."""
        for name, value in values.items():
            await self._must({"Action": "Setvar", "Variable": name, "Value": value}, "cannot_set")

    async def variable(self, channel: str, name: str) -> str:
        """What a channel variable of the dialplan says now; empty where it was never set."""
        reply = await self._must({"Action": "Getvar", "Channel": channel, "Variable": name}, "no_such_call")
        return reply.fields.get("Value", "")

    async def stop_recording(self, channel: str) -> None:
        """End what is recorded on this channel itself (a private consultation); nothing there is no error."""
        await self._link.send({"Action": "StopMixMonitor", "Channel": channel})

    async def press(self, channel: str, digits: str) -> None:
        """Keys, heard by the party whose channel this is."""
        if not re.fullmatch(r"[0-9*#A-D]{1,32}", digits):
            raise Refused("bad_digits")
        for digit in digits:
            await self._must({"Action": "PlayDTMF", "Channel": channel, "Digit": digit}, "no_such_call")

    async def reload_phones(self) -> None:
        """Asterisk reads its phones anew; calls and registrations stay."""
        await self._must({"Action": "Reload", "Module": "res_pjsip.so"}, "reload_failed")

    async def _must(self, action: Mapping[str, str | list[str]], error_id: str) -> Reply:
        reply = await self._link.send(action)
        if not reply.ok:
            raise Refused(error_id, reply.message)
        return reply
