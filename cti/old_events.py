"""Events of Asterisk 11 and older (AMI 1.x), rewritten into their successors.

AMI 1.x knows ``Dial`` and ``Bridge`` with sub-states instead of events of their own, names the same fields
differently, and moves calls by masquerades (channels swap names).  Nothing is lost by the rewriting but what
these versions never said: a ``Dial`` end does not tell which device it was.
"""

from __future__ import annotations

from collections.abc import Callable

from cti.fields import Event

Rewritten = dict[str, str]


class OldEvents:
    """Rewriter; it remembers which dials are open, because their end names only the source."""

    def __init__(self) -> None:
        self._dials: dict[str, dict[str, str]] = {}

    def dial(self, event: Event) -> list[Rewritten]:
        """``Dial`` with SubEvent Begin or End."""
        source = event.get("UniqueID") or event.get("Uniqueid") or event.get("SrcUniqueID", "")
        channel = event.get("Channel") or event.get("Source", "")
        stamp = {"Timestamp": event.get("Timestamp", "")}
        if event.get("SubEvent", "Begin") == "Begin":
            dest = event.get("DestUniqueID") or event.get("DestUniqueid", "")
            name = event.get("Destination", "")
            self._dials.setdefault(source, {})[dest] = name
            if len(self._dials) > 10_000:
                self._dials.pop(next(iter(self._dials)))
            return [
                {
                    "Event": "DialBegin",
                    "Channel": channel,
                    "Uniqueid": source,
                    "DestChannel": name,
                    "DestUniqueid": dest,
                    "DialString": event.get("Dialstring", ""),
                    **stamp,
                }
            ]
        return [
            {
                "Event": "DialEnd",
                "Channel": channel,
                "Uniqueid": source,
                "DestChannel": name,
                "DestUniqueid": dest,
                "DialStatus": event.get("DialStatus", ""),
                **stamp,
            }
            for dest, name in self._dials.pop(source, {}).items()
        ]

    def bridge(self, event: Event) -> list[Rewritten]:
        """``Bridge`` (Bridgestate Link/Unlink), ``Link``, ``Unlink``: a bridge of just these two."""
        unlink = "Unlink" in (event.get("Bridgestate"), event.get("Event"))
        pair = [(event.get(f"Channel{n}", ""), event.get(f"Uniqueid{n}", "")) for n in "12"]
        bridge = "+".join(sorted(uid for _, uid in pair))
        return [
            {
                "Event": "BridgeLeave" if unlink else "BridgeEnter",
                "Channel": name,
                "Uniqueid": uid,
                "BridgeUniqueid": bridge,
                "BridgeTechnology": "simple_bridge",
                "Timestamp": event.get("Timestamp", ""),
            }
            for name, uid in pair
        ]

    def local_bridge(self, event: Event) -> list[Rewritten]:
        """``LocalBridge`` with Uniqueid1 and Uniqueid2."""
        if "LocalOneUniqueid" in event:
            return [dict(event)]
        renamed = {"LocalOneUniqueid": "Uniqueid1", "LocalTwoUniqueid": "Uniqueid2"}
        return [_with(event, **{new: event.get(old, "") for new, old in renamed.items()})]

    def transfer(self, event: Event) -> list[Rewritten]:
        """chan_sip's ``Transfer``: Channel transferred; TargetChannel is the other party or the second leg."""
        attended = event.get("TransferType") == "Attended"
        prefixes = ("OrigTransferer", "SecondTransferer") if attended else ("Transferer", "Transferee")
        fields = {"Event": "AttendedTransfer" if attended else "BlindTransfer", "Result": "Success"}
        for prefix, old in zip(prefixes, ("", "Target"), strict=True):
            fields[prefix + "Channel"] = event.get(old + "Channel", "")
            fields[prefix + "Uniqueid"] = event.get(old + "Uniqueid", "")
        fields["SecondTransfererExten" if attended else "Extension"] = event.get("TransferExten", "")
        return [_with(event, **fields)]

    def join(self, event: Event) -> list[Rewritten]:
        """``Join``: a caller entered a queue."""
        return [_with(event, Event="QueueCallerJoin")]

    def leave(self, event: Event) -> list[Rewritten]:
        """``Leave``: a caller left a queue."""
        return [_with(event, Event="QueueCallerLeave")]

    def music(self, event: Event) -> list[Rewritten]:
        """``MusicOnHold`` with State."""
        return [_with(event, Event="MusicOnHoldStop" if event.get("State") == "Stop" else "MusicOnHoldStart")]

    def hold(self, event: Event) -> list[Rewritten]:
        """``Hold`` with Status On or Off."""
        return [_with(event, Event="Unhold" if event.get("Status") == "Off" else "Hold")]

    def agent_called(self, event: Event) -> list[Rewritten]:
        """``AgentCalled`` with ChannelCalling."""
        if "ChannelCalling" not in event:
            return [dict(event)]
        return [
            _with(
                event,
                Channel=event["ChannelCalling"],
                Interface=event.get("AgentCalled", ""),
                MemberName=event.get("AgentName", ""),
                DestChannel=event.get("DestinationChannel", ""),
            )
        ]

    def agent(self, event: Event) -> list[Rewritten]:
        """``AgentConnect`` and ``AgentRingNoAnswer`` with Member: Channel is the agent's there."""
        if "Member" not in event:
            return [dict(event)]
        return [
            _with(
                event,
                Channel="",
                DestChannel=event.get("Channel", ""),
                DestUniqueid=event.get("BridgedChannel", ""),
                Interface=event["Member"],
                HoldTime=event.get("Holdtime", ""),
                RingTime=event.get("Ringtime", ""),
            )
        ]


def _with(event: Event, **fields: str) -> Rewritten:
    return {**event, **fields}


REWRITES: dict[str, Callable[[OldEvents, Event], list[Rewritten]]] = {
    "Dial": OldEvents.dial,
    "Bridge": OldEvents.bridge,
    "Link": OldEvents.bridge,
    "Unlink": OldEvents.bridge,
    "LocalBridge": OldEvents.local_bridge,
    "Transfer": OldEvents.transfer,
    "Join": OldEvents.join,
    "Leave": OldEvents.leave,
    "MusicOnHold": OldEvents.music,
    "Hold": OldEvents.hold,
    "AgentCalled": OldEvents.agent_called,
    "AgentConnect": OldEvents.agent,
    "AgentRingNoAnswer": OldEvents.agent,
}
"""Old event → rewriting.  Names still in use today pass through unchanged when they are of today's form."""
