"""Captures for tests, and the plain meaning of a list of facts."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cti import AmiParser, Switch, clean_event, to_json
from cti.facts import Fact

CAPTURES = Path(__file__).parents[1] / "captures"
Event = dict[str, str]


def names() -> list[str]:
    """Every recorded story; with HOTLINE_MORE_CAPTURES=folder also the ``*.events.json`` in there."""
    ours = sorted(path.parent.name for path in CAPTURES.glob("*/events.ami"))
    return ours + sorted(str(path) for path in _more().glob("*.events.json"))


def _more() -> Path:
    return Path(os.environ.get("HOTLINE_MORE_CAPTURES", os.devnull))


@cache
def events(name: str) -> tuple[Event, ...]:
    """The events of a story."""
    if name.endswith(".json"):
        return tuple(clean_event(one) for one in json.loads(Path(name).read_text("utf-8")))
    data = (CAPTURES / name / "events.ami").read_bytes()
    return tuple(message for message in AmiParser().feed(data) if "Event" in message)


def expected(name: str) -> dict[str, Any]:
    """What happened, as whoever played the story wrote it down."""
    path = Path(name.replace(".events.", ".expected.")) if name.endswith(".json") else None
    text = (path or CAPTURES / name / "expected.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def replayed(stream: Iterable[Mapping[str, str]]) -> tuple[Switch, list[Fact]]:
    """A tracker fed with these events, and all its facts."""
    switch = Switch()
    return switch, [fact for event in stream for fact in switch.feed(event)]


def meaning(lines: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The plain meaning of facts in JSON: computed from the output of ``hotline replay`` and nothing else."""
    told = list(lines)

    def of(name: str) -> list[dict[str, Any]]:
        return [fact for fact in told if fact["fact"] == name]

    first = next(iter(of("call_arrived")), None)
    return {
        "caller": first
        and {
            "channel": first["channel"],
            "num": first["caller_number"],
            "linkedid": first["linkedid"],
            "exten": first["dialled"],
        },
        "dialled": [fact["channel"] for fact in of("dialled")],
        "answered_by": [fact["by"] for fact in of("call_answered")],
        "transfers": [{key: fact[key] for key in ("kind", "by", "to")} for fact in of("call_transferred")],
        "hangup_reasons": [fact["reason"] for fact in of("call_ended")],
        "abandoned_queue": bool(of("call_abandoned")),
        "missed": [[fact["agent_id"], fact["reason"]] for fact in of("ring_missed")],
        "holds": len(of("call_held")),
    }


def meaning_of(found: Iterable[Fact]) -> dict[str, Any]:
    return meaning(to_json(fact) for fact in found)


def jittered(stream: Iterable[Event], rng: random.Random, window: float) -> list[Event]:
    """The events in another order that Asterisk might have sent them in: each channel's own order is kept."""
    latest: dict[str, float] = {}
    placed = []
    for number, event in enumerate(stream):
        ids = [value for key, value in event.items() if key.endswith(("Uniqueid", "UniqueID")) and value] or [""]
        at = max([number + rng.random() * window, *(latest.get(uid, -1.0) + 1e-6 for uid in ids)])
        latest.update(dict.fromkeys(ids, at))
        placed.append((at, number, event))
    return [event for _, _, event in sorted(placed, key=lambda one: one[:2])]
