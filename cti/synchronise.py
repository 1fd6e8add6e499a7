"""Reading the switch and putting its queue members right: the questions and commands around a synchronising."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cti.agents import pause_reasons, pause_text
from cti.ami import AmiLink, Reply
from cti.errors import Refused
from cti.snapshot import Snapshot


@dataclass(slots=True)
class Wanted:
    """An agent as the agent wants to be: in these queues, paused or not, and why."""

    agent_id: str
    interface: str
    queues: tuple[str, ...]
    paused: bool
    reason: str = ""
    after: str = ""
    """Not-ready reason asked for during the call or the wrap-up; empty: ready again."""


async def startup_of(link: AmiLink) -> str:
    """When this Asterisk process started, as a text that changes with every start and with nothing else."""
    reply = await link.send({"Action": "CoreStatus"})
    return f"{reply.fields.get('CoreStartupDate', '')} {reply.fields.get('CoreStartupTime', '')}"


async def read_switch(link: AmiLink, at: float, *, restarted: bool) -> Snapshot:
    """Everything the picture needs, as lists."""
    channels = await link.send({"Action": "CoreShowChannels"}, as_list=True)
    queues = await link.send({"Action": "QueueStatus"}, as_list=True)
    bridges = await link.send({"Action": "BridgeList"}, as_list=True)
    holding = [
        event.get("BridgeUniqueid", "")
        for event in bridges.events
        if event.get("BridgeTechnology", "").startswith("holding")
    ]
    rooms = [
        (event.get("BridgeUniqueid", ""), event.get("BridgeName", ""))
        for event in bridges.events
        if event.get("BridgeCreator") == "ConfBridge"
    ]
    return Snapshot(
        at=at,
        restarted=restarted,
        channels=_named(channels, "CoreShowChannel"),
        waiting=_named(queues, "QueueEntry"),
        members=_named(queues, "QueueMember"),
        queues=tuple(event.get("Queue", "") for event in _named(queues, "QueueParams")),
        holding=tuple(holding),
        rooms=tuple(rooms),
    )


def _named(reply: Reply, name: str) -> tuple[dict[str, str], ...]:
    return tuple(event for event in reply.events if event.get("Event") == name)


class Members:
    """Commands on queue members."""

    def __init__(self, link: AmiLink) -> None:
        self._link = link

    async def add(self, wanted: Wanted) -> None:
        """Into all wanted queues, with the wanted pause."""
        for queue in wanted.queues:
            await self._add_to(wanted, queue)
        await self.pause(wanted)

    async def _add_to(self, wanted: Wanted, queue: str) -> None:
        reply = await self._link.send(
            {
                "Action": "QueueAdd",
                "Queue": queue,
                "Interface": wanted.interface,
                "StateInterface": wanted.interface,
                "MemberName": wanted.agent_id,
                "Paused": "true" if wanted.paused else "false",  # the reason follows, this action takes none
            }
        )
        _accept(reply, "already there")

    async def remove(self, wanted: Wanted) -> None:
        """Out of all wanted queues."""
        for queue in wanted.queues:
            await self._remove_from(wanted.interface, queue)

    async def _remove_from(self, interface: str, queue: str) -> None:
        reply = await self._link.send({"Action": "QueueRemove", "Queue": queue, "Interface": interface})
        _accept(reply, "not there")

    async def pause(self, wanted: Wanted) -> None:
        """Paused or not, in every queue at once."""
        reply = await self._link.send(
            {
                "Action": "QueuePause",
                "Interface": wanted.interface,
                "Paused": "true" if wanted.paused else "false",
                "Reason": pause_text(wanted.reason, wanted.after),
            }
        )
        _accept(reply, "")

    async def reconcile(self, agents: dict[str, Wanted], leaving: Iterable[Wanted], *, adopt: bool) -> int:
        """Make the members equal to what is wanted; the number of members that had to be put right.

        ``leaving``: agents whose logout did not reach the switch.  ``adopt``: the first time this process looks,
        members it does not know belong to agents who logged in before it was started: they are taken over as
        they are.  Later, unknown members are another desk's and are left alone.
        """
        queues = await self._link.send({"Action": "QueueStatus"}, as_list=True)
        present = _members(_named(queues, "QueueMember"))
        mended = 0
        for gone in leaving:
            if gone.interface in present:
                await self.remove(present.pop(gone.interface))
                mended += 1
        if adopt:
            known = {wanted.interface for wanted in agents.values()}
            agents.update({found.agent_id: found for found in present.values() if found.interface not in known})
        for wanted in agents.values():
            mended += await self._put_right(wanted, present.get(wanted.interface))
        return mended

    async def _put_right(self, wanted: Wanted, found: Wanted | None) -> int:
        there = set(found.queues) if found is not None else set()
        missing = [queue for queue in wanted.queues if queue not in there]
        extra = sorted(there - set(wanted.queues))
        for queue in missing:
            await self._add_to(wanted, queue)
        for queue in extra:
            await self._remove_from(wanted.interface, queue)
        paused = found.paused if found is not None else wanted.paused
        reasons = (found.reason, found.after) if found is not None else ("", "")
        right = (paused, *reasons) == (wanted.paused, wanted.reason, wanted.after) and not (missing and wanted.paused)
        if not right:
            await self.pause(wanted)
        return int(bool(missing or extra or not right))


def _accept(reply: Reply, already: str) -> None:
    """Refused for an error, unless it only says that things are as they should be."""
    if not reply.ok and not (already and already in reply.message.lower()):
        raise Refused("switch_declined", reply.message)


def _members(events: Iterable[dict[str, str]]) -> dict[str, Wanted]:
    """QueueMember events by interface."""
    found: dict[str, Wanted] = {}
    for event in events:
        interface = event.get("Location") or event.get("Interface", "")
        name = event.get("Name") or event.get("MemberName") or interface
        agent_id = interface.rpartition("/")[2] if name == interface else name
        paused = event.get("Paused") == "1"
        queue = event.get("Queue", "")
        if interface in found:
            one = found[interface]
            one.queues += (queue,)
            one.paused = one.paused and paused
        else:
            reason, after = pause_reasons(event.get("PausedReason", "")) if paused else ("", "")
            found[interface] = Wanted(agent_id, interface, (queue,), paused, reason, after)
    return found
