"""Calls that the house itself sets up for an agent: the agent's own phone rings first, then the citizen's."""

from __future__ import annotations

import re

from cti.ami import AmiLink
from cti.calls import Switch
from cti.errors import Refused
from cti.moves import COMES_BY_ITSELF

RING_SECONDS = 30
"""How long the agent's phone rings before the call is given up."""
_FREE = ("ready", "not_ready", "wrap_up")


async def call_out(link: AmiLink, switch: Switch, agent_id: str, number: str) -> None:
    """Rings the agent's phone; when it is answered the dialplan calls ``number`` as if the agent had dialled it.

    Raises AmiDown; Refused with ``bad_number``, ``no_phone`` (the agent is not logged in or the phone is away),
    ``busy`` (ringing or in a call) or ``cannot_call``.
    """
    digits = re.sub(r"[\s()-]", "", number)
    if not re.fullmatch(r"\+?[0-9]{5,20}", digits):
        raise Refused("bad_number")
    view = next((one for one in switch.agents() if one.agent_id == agent_id), None)
    if view is None or view.state in ("logged_out", "phone_lost"):
        raise Refused("no_phone", agent_id)
    if view.state not in _FREE:
        raise Refused("busy", agent_id)
    reply = await link.send(
        {
            "Action": "Originate",
            "Channel": view.interface,
            "Context": "from-agents",
            "Exten": digits,
            "Priority": "1",
            "CallerID": f"<{digits}>",
            "Timeout": str(RING_SECONDS * 1000),
            "Async": "true",
            "Variable": f"{COMES_BY_ITSELF}={digits}",
        }
    )
    if not reply.ok:
        raise Refused("cannot_call", reply.message)
