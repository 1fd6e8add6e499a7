"""The counters of the IVR process, for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

sessions = Counter("hotline_ivr_sessions_total", "Calls that went through the IVR, by how they left it.", ["end"])
"""``end``: done, hung_up, time_limit, unexpected (a peer that answers unasked), error."""
rejected = Counter("hotline_ivr_connections_rejected_total", "Connections closed without a session.", ["reason"])
"""``reason``: full, headers, line_too_long, silence, closed, unexpected."""
active = Gauge("hotline_ivr_sessions_active", "Calls in the IVR now.")
seconds = Histogram(
    "hotline_ivr_session_seconds",
    "How long a call stayed in the IVR.",
    buckets=(0.1, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120),
)
failed_commands = Counter("hotline_ivr_commands_failed_total", "Commands Asterisk could not perform.", ["verb"])
failed_lookups = Counter("hotline_ivr_lookups_failed_total", "Look-ups that failed or were too slow.", ["source"])
