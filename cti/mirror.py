"""A mirror of the switch: channels, Local halves, dials and bridges, as the events tell them.

Nothing human here (that is :mod:`cti.calls`): only what exists and what is connected to what.  A channel first
heard of in mid-life is taken in ("adopted") from events that only a living channel can send; one that has hung
up is remembered for a while, because late events about it must not bring it back.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from cti.fields import Event, State, integer, is_pseudo, number

if TYPE_CHECKING:
    from cti.grouping import Call

REMEMBERED = 20_000
"""Hung-up channels whose late events are still recognised."""


class Role(Enum):
    """Which end of its call a channel is."""

    UNKNOWN = "unknown"
    CALLER = "caller"
    CALLEE = "callee"


@dataclass(slots=True, eq=False)
class Channel:
    """One Asterisk channel."""

    uid: str
    name: str
    linkedid: str
    state: int = State.DOWN
    number: str = ""
    caller_name: str = ""
    connected: str = ""
    exten: str = ""
    """The extension it was created for: what a caller dialled."""
    local: bool = False
    half: str = ""
    """``1`` or ``2`` of a Local pair."""
    other_half: str | None = None
    bridge: str | None = None
    music: bool = False
    """It hears music instead of people."""
    dialled_by: str | None = None
    """The channel that dials or dialled it; kept after the dial is over."""
    dials: dict[str, None] = field(default_factory=dict)
    """Channels it is dialling now, in order."""
    originated: bool = False
    role: Role = Role.UNKNOWN
    announced: bool = False
    """Its ringing has been told."""
    answered: bool = False
    """Its answer has been told."""
    dial_status: str = ""
    hangup_asked: int | None = None
    """The cause with which its far end asked for the hang-up, if it did."""
    transferred: bool = False
    """It has passed its call on and has no part in it any more."""
    partners: tuple[str, ...] = ()
    """The real channels it talked to last."""
    variables: str = ""
    call: Call | None = None
    at: float | None = None
    """When it was first seen."""

    @property
    def originate_root(self) -> bool:
        """Asterisk itself was asked to call it (seen, or what a stream that began later shows of it)."""
        unseen = self.half == "1" and self.dialled_by is None and self.uid == self.linkedid
        return self.originated or unseen

    @property
    def real(self) -> bool:
        """A device or a trunk, not a Local half."""
        return not self.local


class Mirror:
    """All living channels and bridges."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.bridges: dict[str, dict[str, None]] = {}
        self.holding: set[str] = set()
        """Bridges whose members do not hear each other (parking, holding)."""
        self.rooms: dict[str, str] = {}
        """Bridges that are conference rooms, and the rooms' names."""
        self._halves: dict[str, str] = {}
        self._gone: OrderedDict[str, None] = OrderedDict()

    # -- channels

    def get(self, event: Event, prefix: str = "") -> Channel | None:
        """The known channel an event speaks of, brought up to date; None when unknown."""
        channel = self.channels.get(event.get(prefix + "Uniqueid", ""))
        if channel is not None:
            self._refresh(channel, event, prefix)
        return channel

    def alive(self, event: Event, prefix: str = "", at: float | None = None) -> Channel | None:
        """Like :meth:`get`, and an unknown channel is taken in: the event proves that it lives."""
        channel = self.get(event, prefix)
        if channel is not None:
            return channel
        uid, name = event.get(prefix + "Uniqueid", ""), event.get(prefix + "Channel", "")
        if not uid or not name or uid in self._gone or is_pseudo(name):
            return None
        channel = Channel(uid, name, event.get(prefix + "Linkedid") or uid, at=at)
        channel.state = integer(event.get(prefix + "ChannelState"))
        channel.exten = event.get(prefix + "Exten", "")
        self._note_name(channel)
        self.channels[uid] = channel
        self._refresh(channel, event, prefix)
        return channel

    def by_name(self, name: str) -> Channel | None:
        """A living channel by its name."""
        return next((channel for channel in self.channels.values() if channel.name == name), None)

    def rename(self, channel: Channel, name: str) -> None:
        """Asterisk gave the channel another name (old masquerades)."""
        channel.name = name
        self._note_name(channel)

    def _note_name(self, channel: Channel) -> None:
        name = channel.name
        channel.local = name.startswith("Local/")
        if channel.local and name[-2:] in (";1", ";2"):
            channel.half = name[-1]
            other = self.channels.get(self._halves.get(f"{name[:-1]}{'2' if channel.half == '1' else '1'}", ""))
            self._halves[name] = channel.uid
            if other is not None:
                self.pair(channel, other)

    def pair(self, one: Channel, two: Channel) -> None:
        """The two halves of a Local channel."""
        one.other_half, two.other_half = two.uid, one.uid

    def _refresh(self, channel: Channel, event: Event, prefix: str) -> None:
        linkedid = event.get(prefix + "Linkedid")
        if linkedid:
            channel.linkedid = linkedid
        caller = event.get(prefix + "CallerIDNum")
        if caller is not None and caller != channel.number:
            channel.number = number(caller) or channel.number
        name = event.get(prefix + "CallerIDName")
        if name is not None and name != channel.caller_name:
            channel.caller_name = number(name)
        connected = event.get(prefix + "ConnectedLineNum")
        if connected is not None and connected != channel.connected:
            channel.connected = number(connected)

    def is_gone(self, uid: str) -> bool:
        """It has hung up (not longer ago than REMEMBERED hang-ups)."""
        return uid in self._gone

    def bury(self, uid: str) -> None:
        """Remember that ``uid`` is no more."""
        self._gone[uid] = None
        if len(self._gone) > REMEMBERED:
            self._gone.popitem(last=False)

    def remove(self, channel: Channel) -> None:
        """The channel hung up."""
        self.leave(channel)
        for uid in channel.dials:
            self._forget_dialler(uid, channel.uid)
        dialler = self.channels.get(channel.dialled_by or "")
        if dialler is not None:
            dialler.dials.pop(channel.uid, None)
        other = self.channels.get(channel.other_half or "")
        if other is not None:
            other.other_half = None
        if self._halves.get(channel.name) == channel.uid:
            del self._halves[channel.name]
        self.channels.pop(channel.uid, None)
        self.bury(channel.uid)

    def _forget_dialler(self, uid: str, dialler: str) -> None:
        dest = self.channels.get(uid)
        if dest is not None and dest.dialled_by == dialler:
            dest.dialled_by = None

    # -- dials

    def dial(self, source: Channel, dest: Channel) -> None:
        """``source`` begins to dial ``dest`` (again, or instead of another channel)."""
        before = self.channels.get(dest.dialled_by or "")
        if before is not None:
            before.dials.pop(dest.uid, None)
        dest.dialled_by = source.uid
        source.dials[dest.uid] = None

    def undial(self, dest: Channel, source: Channel | None, status: str) -> None:
        """A dial is over; who dialled stays known."""
        dest.dial_status = status
        dialler = source or self.channels.get(dest.dialled_by or "")
        if dialler is not None:
            dialler.dials.pop(dest.uid, None)

    def origin(self, dest: Channel) -> tuple[Channel | None, bool]:
        """Who dials ``dest`` in truth, through any chain of Local channels.

        The second value is True for a device that an Originate calls *first*: such a device is the caller of
        the call that is being set up.  The channel is then the Local root of the Originate.
        """
        uid = dest.dialled_by
        for _ in range(64):
            source = self.channels.get(uid or "")
            if source is None:
                return None, False
            if source.real or source.half != "2":
                return source, False
            first = self.channels.get(source.other_half or "")
            if first is None:
                return None, False
            if first.originate_root:
                return first, True
            uid = first.dialled_by
        return None, False

    def targets(self, source: Channel) -> list[Channel]:
        """The devices ``source`` is dialling now, through any Local channels, in order."""
        found: list[Channel] = []
        seen: set[str] = set()
        todo = list(source.dials)
        while todo:
            uid = todo.pop(0)
            dest = self.channels.get(uid)
            if dest is None or uid in seen:
                continue
            seen.add(uid)
            if dest.real:
                found.append(dest)
                continue
            other = self.channels.get(dest.other_half or "")
            if other is not None:
                todo.extend(other.dials)
        return found

    def lineage(self, channel: Channel) -> set[str]:
        """The channel and those it was dialled through (Local halves)."""
        found: set[str] = set()
        uid: str | None = channel.uid
        while uid is not None and uid not in found:
            found.add(uid)
            link = self.channels.get(uid)
            if link is None:
                break
            if link.local and link.half == "2" and link.other_half:
                found.add(link.other_half)
                other = self.channels.get(link.other_half)
                uid = other.dialled_by if other else None
            else:
                uid = link.dialled_by
        return found

    # -- bridges

    def enter(self, channel: Channel, bridge: str, *, holding: bool, swap: str) -> None:
        """A channel joins a bridge (``swap``: in place of that one)."""
        if channel.bridge != bridge:
            self.leave(channel)
        members = self.bridges.setdefault(bridge, {})
        members[channel.uid] = None
        channel.bridge = bridge
        if holding:
            self.holding.add(bridge)
        replaced = self.channels.get(swap)
        if replaced is not None and replaced.bridge == bridge:
            self.leave(replaced)

    def leave(self, channel: Channel, bridge: str | None = None) -> None:
        """A channel leaves its bridge; a late word about an older bridge changes nothing."""
        if channel.bridge is None or (bridge is not None and channel.bridge != bridge):
            return
        members = self.bridges.get(channel.bridge)
        if members is not None:
            members.pop(channel.uid, None)
            if not members:
                self.drop_bridge(channel.bridge)
        channel.bridge = None

    def drop_bridge(self, bridge: str) -> None:
        """The bridge is no more."""
        for uid in self.bridges.pop(bridge, {}):
            channel = self.channels.get(uid)
            if channel is not None and channel.bridge == bridge:
                channel.bridge = None
        self.holding.discard(bridge)
        self.rooms.pop(bridge, None)

    def hearing(self, channel: Channel) -> list[Channel]:
        """The devices that hear each other together with ``channel``, itself included, through Local pairs."""
        found: list[Channel] = []
        seen_bridges: set[str] = set()
        todo = [channel.bridge]
        while todo:
            bridge = todo.pop()
            if bridge is None or bridge in seen_bridges or bridge in self.holding:
                continue
            seen_bridges.add(bridge)
            for member in self._members(bridge):
                if member.real:
                    found.append(member)
                else:
                    other = self.channels.get(member.other_half or "")
                    todo.append(other.bridge if other is not None else None)
        return found

    def _members(self, bridge: str) -> Iterator[Channel]:
        for uid in self.bridges.get(bridge, {}):
            member = self.channels.get(uid)
            if member is not None:
                yield member
