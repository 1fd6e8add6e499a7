"""What the desk does with a live call: hang up, hold, take back, press keys.  All by AMI; the dialplan's contexts
``hold``, ``conf`` and ``rejoin`` are the places calls are moved to."""

from __future__ import annotations

import re

from cti.ami import AmiLink, Reply
from cti.calls import Switch
from cti.errors import Refused
from cti.views import AgentView, CallView


class Moves:
    """Commands on calls.  They raise AmiDown, or Refused when there is no such call or Asterisk declines."""

    def __init__(self, link: AmiLink, switch: Switch) -> None:
        self._link, self._switch = link, switch
        self._rooms: set[str] = set()
        """Calls that were moved into a conference room: it does not end by itself when the caller goes."""

    async def hangup(self, target: str) -> None:
        """Hang up a channel by name, or the caller of a call by call id or contact id."""
        channel = target
        for call in self._switch.open_calls():
            if target in (call.call_id, call.contact_id):
                channel = call.channel
        await self._must({"Action": "Hangup", "Channel": channel, "Cause": "16"}, "no_such_call")

    async def hold(self, agent_id: str) -> None:
        """The caller hears music, the agent is alone in a conference room of theirs."""
        call, caller, leg = self._two_legs(agent_id)
        room = _room_of(leg)
        self._rooms.add(call.call_id)
        await self._must(
            {
                "Action": "Redirect",
                "Channel": caller,
                "Context": "hold",
                "Exten": "s",
                "Priority": "1",
                "ExtraChannel": leg,
                "ExtraContext": "conf",
                "ExtraExten": room,
                "ExtraPriority": "1",
            },
            "cannot_hold",
        )

    async def resume(self, agent_id: str) -> None:
        """The caller comes into the agent's room: both talk again."""
        call, caller, leg = self._two_legs(agent_id)
        self._rooms.add(call.call_id)
        room = _room_of(leg)
        action = {"Action": "Redirect", "Channel": caller, "Context": "conf", "Exten": room, "Priority": "1"}
        await self._must(action, "cannot_resume")

    async def await_return(self, agent_id: str) -> None:
        """The agent's browser has gone in mid-call: the caller hears music, and the agent's phone is called again as
        soon as it is registered (dialplan context ``rejoin``).  The agent counts as holding until then."""
        call, caller, leg = self._two_legs(agent_id)
        self._rooms.add(call.call_id)
        extension = leg.partition("/")[2].rpartition("-")[0]
        lost = {"Action": "Setvar", "Channel": caller, "Variable": "__HL_LOST_LEG", "Value": leg}
        await self._must(lost, "no_such_call")
        await self._must(
            {
                "Action": "Redirect",
                "Channel": caller,
                "Context": "rejoin",
                "Exten": extension,
                "Priority": "1",
                "ExtraChannel": leg,
                "ExtraContext": "rejoin",
                "ExtraExten": "lost",
                "ExtraPriority": "1",
            },
            "cannot_hold",
        )

    async def send_dtmf(self, agent_id: str, digits: str) -> None:
        """Keys, heard by the other side of the agent's call."""
        if not re.fullmatch(r"[0-9*#A-D]{1,32}", digits):
            raise Refused("bad_digits")
        _, caller, _ = self._two_legs(agent_id)
        for digit in digits:
            await self._must({"Action": "PlayDTMF", "Channel": caller, "Digit": digit}, "no_such_call")

    def _two_legs(self, agent_id: str) -> tuple[CallView, str, str]:
        """The agent's call, the other side's channel, the agent's own."""
        view = self._agent(agent_id)
        call = next(
            (one for one in self._switch.open_calls() if view is not None and one.call_id == view.call_id), None
        )
        if view is None or view.channel is None or call is None or view.state not in ("talking", "held"):
            raise Refused("no_call", agent_id)
        other = call.channel
        if other == view.channel:  # the agent made this call
            other = next((name for name in call.channels if name != view.channel), "")
        if not other:
            raise Refused("no_call", agent_id)
        return call, other, view.channel

    def left_alone(self) -> list[str]:
        """Channels whose other side hung up and which are alone in their conference room: to be hung up too.

        Whoever hears music is not in a room, and is not left alone by this.
        """
        if not self._rooms:
            return []
        calls = {call.call_id: call for call in self._switch.open_calls()}
        self._rooms &= calls.keys()
        roomed = [calls[call_id] for call_id in self._rooms]
        return [call.channels[0] for call in roomed if len(call.channels) == 1 and call.bridged == call.channels]

    async def reload_phones(self) -> None:
        """Asterisk reads its phones anew; calls and registrations stay."""
        await self._must({"Action": "Reload", "Module": "res_pjsip.so"}, "reload_failed")

    def _agent(self, agent_id: str) -> AgentView | None:
        return next((view for view in self._switch.agents() if view.agent_id == agent_id), None)

    async def _must(self, action: dict[str, str], error_id: str) -> Reply:
        reply = await self._link.send(action)
        if not reply.ok:
            raise Refused(error_id, reply.message)
        return reply


def _room_of(leg: str) -> str:
    """The conference room of the agent whose channel this is: ``agent8001`` for ``PJSIP/8001-0000002a``."""
    return f"agent{leg.partition('/')[2].rpartition('-')[0]}"
