"""Counters of this room (Prometheus); labels are codes, never ids or texts."""

from __future__ import annotations

from prometheus_client import Counter

COPIED = Counter("hotline_recordings_copied", "Listening copies made")
FINALISED = Counter("hotline_recordings_finalised", "Recordings stored", ["kind"])
SECONDS = Counter("hotline_recording_seconds", "Seconds of recordings stored")
FAILURES = Counter("hotline_recording_failures", "Tries that did not end in a stored recording, by reason", ["problem"])
ALARMS = Counter("hotline_recording_alarms", "Stored recordings with something odd, by what", ["alarm"])
TRANSCRIBED = Counter("hotline_recordings_transcribed", "Transcripts finished", ["engine"])
TRANSCRIBED_SECONDS = Counter("hotline_transcribed_seconds", "Seconds of audio transcribed", ["engine"])
TRANSCRIBING_SECONDS = Counter("hotline_transcribing_seconds", "Seconds spent transcribing", ["engine"])
