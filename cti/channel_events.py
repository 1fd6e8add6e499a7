"""Handlers: a channel's life, dials, bridges, holding."""

from __future__ import annotations

from cti import endings, offers, parties, talking
from cti.fields import Event, State, integer, is_pseudo
from cti.grouping import Call
from cti.mirror import Channel, Role
from cti.tracker import Tracker


def new_channel(tracker: Tracker, event: Event) -> None:
    """Newchannel: first word of every channel."""
    channel = tracker.mirror.alive(event, at=tracker.at)
    if channel is None:
        return
    tracker.call_of(channel)
    tracker.note_variables(channel, event)
    if channel.state == State.RING:
        _calls(tracker, channel)


def new_state(tracker: Tracker, event: Event) -> None:
    """Newstate: Ring (their phone calls), Ringing (their phone rings), Up."""
    channel = tracker.mirror.alive(event, at=tracker.at)
    if channel is None:
        return
    call = tracker.call_of(channel)
    tracker.note_variables(channel, event)
    state = integer(event.get("ChannelState"), -1)
    before = channel.state
    if state < 0 or before == State.UP:  # nothing comes after Up: a late or doubled word
        return
    channel.state = state
    if channel.local:
        return
    being_dialled = channel.originated or (channel.dialled_by is not None and not channel.dial_status)
    if state == State.RING:
        _calls(tracker, channel)
    elif state in (State.RINGING, State.UP) and being_dialled:
        talking.ring(tracker, channel)
    if state == State.UP and channel is call.caller and not call.originated:
        tracker.arrive(call)


def _calls(tracker: Tracker, channel: Channel) -> None:
    """The channel is somebody calling in."""
    if channel.local or channel.dialled_by is not None or channel.originated:
        return
    channel.role = Role.CALLER
    call = tracker.call_of(channel)
    if call.caller is None:
        call.caller = channel


def new_caller_id(tracker: Tracker, event: Event) -> None:
    """NewCallerid: the number people see; taken over by the look-up itself."""
    tracker.mirror.get(event)


def new_exten(tracker: Tracker, event: Event) -> None:
    """Newexten: the dialplan goes on; only its variables matter here."""
    if "ChanVariable" in event:
        channel = tracker.mirror.get(event)
        if channel is not None:
            tracker.note_variables(channel, event)


def var_set(tracker: Tracker, event: Event) -> None:
    """VarSet: our dialplan variables, and why a queue was left."""
    name = event.get("Variable", "").lstrip("_")
    if name == "QUEUESTATUS":
        channel = tracker.mirror.get(event)
        if channel is not None and channel.call is not None and event.get("Value"):
            tracker.queue_left(channel.call, event["Value"].lower())
    elif name in ("CONTACT_ID", "CITY") or name.startswith("HL_"):
        channel = tracker.mirror.get(event)
        if channel is not None:
            tracker.note_variable(channel, name, event.get("Value", ""))


def rename(tracker: Tracker, event: Event) -> None:
    """Rename: a masquerade of old Asterisks."""
    channel = tracker.mirror.channels.get(event.get("Uniqueid", ""))
    if channel is not None and event.get("Newname"):
        tracker.mirror.rename(channel, event["Newname"])


def local_bridge(tracker: Tracker, event: Event) -> None:
    """LocalBridge: the two halves of a Local channel belong to one call."""
    one = tracker.mirror.channels.get(event.get("LocalOneUniqueid", ""))
    two = tracker.mirror.channels.get(event.get("LocalTwoUniqueid", ""))
    if one is None or two is None:
        return
    tracker.mirror.pair(one, two)
    tracker.merge(tracker.call_of(one), tracker.call_of(two))


def hangup_request(tracker: Tracker, event: Event) -> None:
    """HangupRequest: this phone (not the switch) ended it; the queue reports a refusal as no answer otherwise."""
    channel = tracker.mirror.get(event)
    if channel is None or channel.call is None or channel.hangup_asked is not None:
        return
    channel.hangup_asked = integer(event.get("Cause"))
    if channel.real and channel.state == State.UP and not channel.transferred:
        channel.call.ended_by = channel.name


def hangup(tracker: Tracker, event: Event) -> None:
    """Hangup: last word of every channel.

    Of a channel never seen before, only the root of a call (its Uniqueid is its Linkedid) is worth telling.
    """
    uid, name = event.get("Uniqueid", ""), event.get("Channel", "")
    channel = tracker.mirror.get(event)
    if channel is None:
        root = uid and uid == event.get("Linkedid") and not name.startswith("Local/")
        if not root or is_pseudo(name):
            if uid:
                tracker.mirror.bury(uid)
            return
        channel = tracker.mirror.alive(event, at=tracker.at)
        if channel is None:
            return
    tracker.call_of(channel)
    tracker.note_variables(channel, event)
    state = integer(event.get("ChannelState"), -1)
    if state >= 0 and channel.state != State.UP:
        channel.state = state
    endings.hung_up(tracker, channel, integer(event.get("Cause")))


def dial_begin(tracker: Tracker, event: Event) -> None:
    """DialBegin.  Without a source it is an Originate: that device is called before anybody else."""
    dest = tracker.mirror.alive(event, "Dest", at=tracker.at)
    if dest is None:
        return
    call = tracker.call_of(dest)
    if not event.get("Uniqueid"):
        _originate(call, dest)
        return
    source = tracker.mirror.alive(event, at=tracker.at)
    if source is None:
        return
    tracker.note_variables(source, event)
    call = tracker.merge(tracker.call_of(source), call)
    _dials(tracker, call, source, event)
    again = dest.dialled_by == source.uid and dest.uid in source.dials
    tracker.mirror.dial(source, dest)
    dest.dial_status = ""
    if dest.local:
        _rung_before(tracker, source)
    elif not again:
        picked_up = dest.role is Role.CALLER  # a phone that called the pickup code is "dialled" when it has it
        dest.role = Role.CALLEE
        if dest.state in (State.RINGING, State.UP) and not picked_up:
            talking.ring(tracker, dest)


def _originate(call: Call, dest: Channel) -> None:
    dest.originated = True
    if not call.arrived:  # else it is called in addition, into a call that somebody else began
        call.originated = True
    if dest.real:
        dest.role = Role.CALLER
        call.caller = call.caller or dest


def _dials(tracker: Tracker, call: Call, source: Channel, event: Event) -> None:
    """What it means for the one who dials."""
    if source.originate_root and not call.dialled:
        call.dialled = _number_dialled(event)
    if source.real and source.role is Role.UNKNOWN:
        source.role = Role.CALLER
    if source.real and call.caller is None:
        call.caller = source
    if source is not call.caller:
        return
    tracker.arrive_unless_first_party(call)
    if call.left_queue is not None:
        tracker.queue_left(call, "left")


def _rung_before(tracker: Tracker, source: Channel) -> None:
    """Devices that rang before this link of their chain of Local channels was told."""
    for device in tracker.mirror.targets(source):
        if device.state in (State.RINGING, State.UP) and device.role is not Role.CALLER:
            talking.ring(tracker, device)


def _number_dialled(event: Event) -> str:
    """``0139…`` of ``Local/0139…@context`` or of ``trunk/0139…``: what an originated call is for."""
    text = event.get("DialString", "").partition("@")[0]
    return text.rpartition("/")[2] or event.get("DestExten", "")


def dial_state(tracker: Tracker, event: Event) -> None:
    """DialState: some trunks never ring but say that there is progress."""
    if event.get("DialStatus") not in ("RINGING", "PROGRESS"):
        return
    dest = tracker.mirror.get(event, "Dest")
    if dest is not None and dest.role is not Role.CALLER:
        talking.ring(tracker, dest)


def dial_end(tracker: Tracker, event: Event) -> None:
    """DialEnd: answered, refused, cancelled…; the device's channel may already be gone."""
    status = event.get("DialStatus", "")
    source = tracker.mirror.get(event)
    dest = tracker.mirror.get(event, "Dest")
    if dest is None:
        return
    if source is not None and dest.dialled_by not in (source.uid, None):
        return  # dialled by somebody else by now (semi-attended transfer): that dial goes on
    tracker.mirror.undial(dest, source, status)
    offers.dial_over(tracker, dest, status)


def bridge_enter(tracker: Tracker, event: Event) -> None:
    """BridgeEnter: who hears whom."""
    bridge = event.get("BridgeUniqueid", "")
    channel = tracker.mirror.alive(event, at=tracker.at)
    if channel is None or not bridge:
        return
    call = tracker.call_of(channel)
    tracker.note_variables(channel, event)
    channel.state = State.UP
    holding = event.get("BridgeTechnology", "").startswith("holding")
    tracker.mirror.enter(channel, bridge, holding=holding, swap=event.get("SwapUniqueid", ""))
    if event.get("BridgeCreator") == "ConfBridge":
        tracker.mirror.rooms[bridge] = event.get("BridgeName", "")
    if channel is call.caller and call.left_queue is not None:
        tracker.queue_left(call, "left")
    talking.connected(tracker, channel)


def bridge_leave(tracker: Tracker, event: Event) -> None:
    """BridgeLeave."""
    channel = tracker.mirror.get(event)
    if channel is not None:
        tracker.mirror.leave(channel, event.get("BridgeUniqueid") or None)


def bridge_destroy(tracker: Tracker, event: Event) -> None:
    """BridgeDestroy."""
    tracker.mirror.drop_bridge(event.get("BridgeUniqueid", ""))


def bridge_merge(tracker: Tracker, event: Event) -> None:
    """BridgeMerge: all members of the one bridge are in the other from now on."""
    target, source = event.get("ToBridgeUniqueid", ""), event.get("FromBridgeUniqueid", "")
    if not target or not source or target == source:
        return
    for uid in list(tracker.mirror.bridges.get(source, {})):
        channel = tracker.mirror.channels.get(uid)
        if channel is not None:
            tracker.mirror.enter(channel, target, holding=target in tracker.mirror.holding, swap="")
            talking.connected(tracker, channel)


def hold(tracker: Tracker, event: Event) -> None:
    """Hold: a phone put the other side on hold."""
    channel = tracker.mirror.alive(event, at=tracker.at)
    if channel is not None:
        talking.held(tracker, tracker.call_of(channel), channel)


def unhold(tracker: Tracker, event: Event) -> None:
    """Unhold."""
    channel = tracker.mirror.get(event)
    if channel is not None and channel.call is not None:
        talking.resumed(tracker, channel.call, channel)


def music_start(tracker: Tracker, event: Event) -> None:
    """MusicOnHoldStart: a hold without a phone's doing, if the call had been answered and waits in no queue."""
    channel = tracker.mirror.get(event)
    if channel is None:
        return
    channel.music = True
    call = channel.call
    if call is None or not call.answered or call.waiting or call.held_by:
        return
    if channel is parties.citizen_of(tracker, call):
        talking.held(tracker, call, None)


def music_stop(tracker: Tracker, event: Event) -> None:
    """MusicOnHoldStop."""
    channel = tracker.mirror.get(event)
    if channel is None:
        return
    channel.music = False
    if channel.call is not None and channel is parties.citizen_of(tracker, channel.call):
        talking.resumed(tracker, channel.call, None)
