"""The desk's measurements for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Histogram(
    "hotline_desk_request_seconds",
    "Time from request to the end of the answer",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
POP = Histogram(
    "hotline_desk_pop_seconds",
    "Time from the switch's event that an agent is being rung to the card leaving for that agent's browser",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5),
)
FLOOR = Histogram(
    "hotline_desk_floor_seconds",
    "Time from something that changes the floor to its picture leaving for the pages that show it",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 1, 2.5),
)
CARDS = Counter("hotline_desk_cards", "Caller cards made", ("outcome",))
LIVE = Gauge("hotline_desk_live_sockets", "Open live WebSockets")
LIVE_CLOSED = Counter("hotline_desk_live_closed", "Live WebSockets closed by the desk", ("code",))
SIP = Gauge("hotline_desk_sip_sockets", "Open SIP WebSockets")
AMI_UP = Gauge("hotline_desk_ami_up", "1 while the switch can be reached")
AGENTS = Gauge("hotline_desk_agents", "Agents by state", ("state",))
OPEN_CALLS = Gauge("hotline_desk_open_calls", "Calls the switch is handling")
VOICEMAIL = Gauge("hotline_voicemail_waiting", "Voice messages that nobody has dealt with yet", ("taken",))
VOICEMAIL_OLDEST = Gauge("hotline_voicemail_oldest_seconds", "How long the oldest of them has waited; 0 without any")
LOOKS_FAILED = Counter("hotline_desk_looks_failed", "Looks at the state of things that ended in an exception")
CAPTIONS = Counter("hotline_desk_captions", "Sentences of citizens shown while they were spoken")
FILES = Counter("hotline_desk_attachments", "Files put to tickets, kept or refused and why", ("outcome",))
FILE_BYTES = Counter("hotline_desk_attachment_bytes", "Bytes of the files that were kept")
MOS = Histogram(
    "hotline_desk_line_mos",
    "Mean opinion score of the agents' lines, a window of some seconds each",
    buckets=(1.5, 2, 2.5, 3, 3.5, 3.75, 4, 4.25, 4.5),
)
