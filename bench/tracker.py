"""The call tracker on one core: bytes of a manager stream in, facts out; beside it panoramisk's bare parsing.

The stream is our own captures (real Asterisk 22, with all channel variables) played many times over, twenty calls'
stories interleaved event by event, every copy with ids of its own.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import sys
import time
from pathlib import Path

from panoramisk.message import Message

from cti import AmiParser, Switch

CAPTURES = Path(__file__).parents[1] / "tests" / "captures"
COPIES = 20
TOGETHER = 20
ROUNDS = 5
CHUNK = 65536
MUST = 10_000


def stream() -> bytes:
    """About 45,000 events."""
    stories = [path.read_bytes() for path in sorted(CAPTURES.glob("*/events.ami"))]
    copies = [_copy(story, number) for number, story in enumerate(stories * COPIES)]
    blocks: list[bytes] = []
    for begin in range(0, len(copies), TOGETHER):
        played = [copy.split(b"\r\n\r\n")[:-1] for copy in copies[begin : begin + TOGETHER]]
        turns = itertools.zip_longest(*played)
        blocks += [block for turn in turns for block in turn if block is not None]
    return b"\r\n\r\n".join(blocks) + b"\r\n\r\n"


def _copy(story: bytes, number: int) -> bytes:
    """The same calls again, as other calls."""
    for old, new in (
        (b"hotline-1", b"hotline%d-1"),
        (b"BridgeUniqueid: ", b"BridgeUniqueid: %d-"),
        (b"CONTACT_ID=", b"CONTACT_ID=%d-"),
        (b"-0000", b"-%04x"),
    ):
        story = story.replace(old, new % number)
    return story


def ours(data: bytes) -> tuple[float, int, int, int]:
    """Seconds, events, facts, calls left open."""
    parser, switch = AmiParser(), Switch()
    events = facts = 0
    began = time.process_time()
    for begin in range(0, len(data), CHUNK):
        for event in parser.feed(data[begin : begin + CHUNK]):
            events += 1
            facts += len(switch.feed(event))
    return time.process_time() - began, events, facts, len(switch.open_calls())


def panoramisks(data: bytes) -> tuple[float, int]:
    """Seconds and messages for what panoramisk does with the same bytes before anybody may look at them."""
    rest, messages = "", 0
    began = time.process_time()
    for begin in range(0, len(data), CHUNK):
        text = rest + data[begin : begin + CHUNK].decode("utf-8", "ignore")
        *lines, rest = text.split("\r\n\r\n")
        messages += sum(Message.from_line(line.strip()) is not None for line in lines)
    return time.process_time() - began, messages


def main() -> None:
    """Alternate the two, so that both see the same machine."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    data = stream()
    print(f"{len(data) / 1e6:.0f} MB", file=sys.stderr)
    speeds: list[float] = []
    others: list[float] = []
    for _ in range(ROUNDS):
        seconds, events, facts, still_open = ours(data)
        other_seconds, messages = panoramisks(data)
        speeds.append(events / seconds)
        others.append(messages / other_seconds)
        print(f"tracker {speeds[-1]:,.0f}/s, panoramisk's parsing {others[-1]:,.0f}/s", file=sys.stderr)
    value = round(statistics.median(speeds))
    result = {
        "name": "tracker",
        "value": value,
        "unit": "events/s on one core",
        "must": f">= {MUST}",
        "ok": value >= MUST and still_open == 0,
        "detail": {
            "events": events,
            "facts": facts,
            "open_at_the_end": still_open,
            "bytes_per_event": round(len(data) / events),
            "slowest": round(min(speeds)),
            "panoramisk_parsing_only": round(statistics.median(others)),
        },
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
