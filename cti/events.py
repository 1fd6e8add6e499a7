"""The table: which AMI event is handled by what.

One line an event; what is not in the table is ignored.  Events of Asterisk 11 and older are rewritten into
these by :mod:`cti.old_events` first.
"""

from __future__ import annotations

from collections.abc import Callable

from cti import channel_events, queue_events, transfer_events
from cti.fields import Event
from cti.tracker import Tracker

Handler = Callable[[Tracker, Event], None]

EVENTS: dict[str, Handler] = {
    # a channel's life
    "Newchannel": channel_events.new_channel,
    "Newstate": channel_events.new_state,
    "NewCallerid": channel_events.new_caller_id,
    "Newexten": channel_events.new_exten,
    "VarSet": channel_events.var_set,
    "Rename": channel_events.rename,
    "LocalBridge": channel_events.local_bridge,
    "HangupRequest": channel_events.hangup_request,
    "Hangup": channel_events.hangup,
    # who dials whom
    "DialBegin": channel_events.dial_begin,
    "DialState": channel_events.dial_state,
    "DialEnd": channel_events.dial_end,
    # who hears whom
    "BridgeEnter": channel_events.bridge_enter,
    "BridgeLeave": channel_events.bridge_leave,
    "BridgeDestroy": channel_events.bridge_destroy,
    "BridgeMerge": channel_events.bridge_merge,
    "Hold": channel_events.hold,
    "Unhold": channel_events.unhold,
    "MusicOnHoldStart": channel_events.music_start,
    "MusicOnHoldStop": channel_events.music_stop,
    # a call changes hands
    "BlindTransfer": transfer_events.blind_transfer,
    "AttendedTransfer": transfer_events.attended_transfer,
    "Pickup": transfer_events.pickup,
    # callers in queues
    "QueueCallerJoin": queue_events.joined,
    "QueueCallerLeave": queue_events.left,
    "QueueCallerAbandon": queue_events.abandoned,
    "AgentCalled": queue_events.agent_called,
    "AgentConnect": queue_events.agent_connect,
    "AgentRingNoAnswer": queue_events.agent_missed,
    # members of queues: the agents
    "QueueMemberAdded": queue_events.member,
    "QueueMemberStatus": queue_events.member,
    "QueueMemberPause": queue_events.member,
    "QueueMemberPaused": queue_events.member,
    "QueueMemberRemoved": queue_events.member_removed,
}
