"""Which channels are one call: a call is a set of channels, joined transitively by whatever they share."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from dataclasses import dataclass, field

from cti.mirror import REMEMBERED, Channel


@dataclass(slots=True, eq=False)
class Offer:
    """A queue offers the call to an agent; open until answered, missed or cancelled."""

    agent_id: str
    interface: str
    queue: str
    channel: str
    channel_uid: str
    at: float | None
    open: bool = True
    hold_seconds: float | None = None
    ring_seconds: float | None = None


@dataclass(slots=True)
class LeftQueue:
    """A caller left a queue without an agent; whether that was a hang-up shows in what comes next."""

    queue: str
    position: int
    wait_seconds: float | None
    at: float | None
    reason: str
    """What it was if it was no hang-up."""


@dataclass(slots=True)
class Ending:
    """How the caller's channel hung up."""

    cause: int
    was_up: bool
    at: float | None


@dataclass(slots=True)
class BlindTransfer:
    """A blind transfer on its way: nobody rings yet."""

    by: str
    by_uid: str
    number: str


@dataclass(slots=True, eq=False)
class Call:
    """One call while any of its channels lives."""

    call_id: str
    linkedid: str
    order: int
    channels: dict[str, Channel] = field(default_factory=dict)
    caller: Channel | None = None
    """Whose call it is now: kept after the hang-up until the call is closed; changes on transfers."""
    contact_id: str | None = None
    city: str = ""
    menu_path: str = ""
    caller_class: str = ""
    priority: str = ""
    dialled: str = ""
    arrived: bool = False
    arrived_at: float | None = None
    originated: bool = False
    began_at: float | None = None
    answered: bool = False
    state: str = "arrived"
    since: float | None = None
    queue: str = ""
    queued_at: float | None = None
    waiting: bool = False
    """In a queue now."""
    left_queue: LeftQueue | None = None
    """Out of the queue and not answered; a hang-up at once makes it an abandoned call."""
    abandoned: bool = False
    offers: list[Offer] = field(default_factory=list)
    held_by: set[str] = field(default_factory=set)
    """Uniqueids of the phones that hold; ``""`` for music without a holding phone."""
    transfer: BlindTransfer | None = None
    blind_reached_nobody: bool = False
    ending: Ending | None = None
    ended_by: str = ""
    """The channel that hung up last of its own will."""
    called: Channel | None = None
    """Whom an agent called who began the call: the citizen."""
    called_number: str = ""
    owner: str = ""
    """The agent whose call it is."""
    many: bool = False
    """More than two telephones have taken part."""
    phase: str = ""
    """Where the conversation of many stands (:mod:`cti.conversation`), as told last."""
    units: tuple[str, ...] = ()
    """The handling units that took part in that phase, as told last."""
    guests: dict[str, str] = field(default_factory=dict)
    """Those called in addition and still there: channel id and number."""
    joined: set[str] = field(default_factory=set)
    """Those of them who have been heard."""
    note: str = ""
    """What the next agent should know (HL_NOTE)."""
    linkedids: list[str] = field(default_factory=list)
    """Linkedids under which new channels find it."""
    contacts: list[str] = field(default_factory=list)

    def offer_of(self, lineage: set[str], name: str) -> Offer | None:
        """The latest offer made to one of these channel ids, or to the device of that channel name."""
        for offer in reversed(self.offers):
            if offer.channel_uid in lineage or name.startswith(offer.interface + "-"):
                return offer
        return None


class Calls:
    """All open calls, found by channel, linkedid or contact."""

    def __init__(self) -> None:
        self.open: dict[str, Call] = {}
        self._by_linkedid: dict[str, Call] = {}
        self._by_contact: dict[str, Call] = {}
        self._counter = itertools.count()
        self._closed: OrderedDict[str, None] = OrderedDict()

    def of(self, channel: Channel) -> Call:
        """The channel's call; a new channel joins the call of its linkedid or begins one."""
        if channel.call is None:
            call = self._by_linkedid.get(channel.linkedid)
            if call is None:
                call = Call(channel.linkedid or channel.uid, channel.linkedid, next(self._counter))
                call.began_at = channel.at
                call.since = channel.at
                while call.call_id in self.open or call.call_id in self._closed:
                    # a channel found in mid-life whose call's root is spent: the call needs another name
                    call.call_id = channel.uid if call.call_id != channel.uid else f"{call.call_id}+"
                self.open[call.call_id] = call
                self._by_linkedid[channel.linkedid] = call
                call.linkedids.append(channel.linkedid)
            self.put(channel, call)
        assert channel.call is not None
        return channel.call

    def put(self, channel: Channel, call: Call) -> None:
        """The channel belongs to that call from now on."""
        if channel.call is not None:
            channel.call.channels.pop(channel.uid, None)
        channel.call = call
        call.channels[channel.uid] = channel

    def join(self, channel: Channel, call: Call) -> Call:
        """A new channel, the root of its own linkedid, belongs to a call that is there already."""
        self._by_linkedid[channel.linkedid] = call
        call.linkedids.append(channel.linkedid)
        self.put(channel, call)
        return call

    def with_contact(self, contact_id: str) -> Call | None:
        """The open call of a contact."""
        return self._by_contact.get(contact_id)

    def name_contact(self, call: Call, contact_id: str) -> None:
        """The call's CONTACT_ID became known."""
        call.contact_id = contact_id
        call.contacts.append(contact_id)
        self._by_contact[contact_id] = call

    def absorb(self, kept: Call, lost: Call) -> None:
        """Everything of ``lost`` belongs to ``kept``; ``lost`` is no more."""
        for channel in list(lost.channels.values()):
            self.put(channel, kept)
        kept.offers.extend(lost.offers)
        kept.held_by |= lost.held_by
        kept.guests |= lost.guests
        kept.joined |= lost.joined
        kept.answered = kept.answered or lost.answered
        kept.transfer = kept.transfer or lost.transfer
        for linkedid in lost.linkedids:
            self._by_linkedid[linkedid] = kept
        for contact_id in lost.contacts:
            self._by_contact[contact_id] = kept
        kept.linkedids += lost.linkedids
        kept.contacts += lost.contacts
        self.open.pop(lost.call_id, None)

    def close(self, call: Call) -> None:
        """The call is over."""
        self.open.pop(call.call_id, None)
        self._closed[call.call_id] = None
        if len(self._closed) > REMEMBERED:
            self._closed.popitem(last=False)
        for linkedid in call.linkedids:
            self._by_linkedid.pop(linkedid, None)
        for contact_id in call.contacts:
            self._by_contact.pop(contact_id, None)


def older(one: Call, two: Call) -> tuple[Call, Call]:
    """(kept, lost) of two calls that turned out to be one: a citizen's contact wins, then age."""
    if (one.contact_id is None) != (two.contact_id is None):
        return (one, two) if one.contact_id is not None else (two, one)
    return (one, two) if one.order < two.order else (two, one)
