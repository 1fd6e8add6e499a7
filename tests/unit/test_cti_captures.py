"""The tracker on recorded streams: whole, from any event on, doubled, out of order."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence

import pytest
from typer.testing import CliRunner

from cti import Switch
from cti.facts import CallArrived, CallEnded, CallsMerged, Fact
from hotline.cli.main import app
from tests.kit.call_stories import CAPTURES, events, expected, jittered, meaning, meaning_of, names, replayed

pytestmark = pytest.mark.unit

EVERY = pytest.mark.parametrize("name", names())


def assert_sound(switch: Switch, found: Sequence[Fact]) -> None:
    """Nothing is open any more, and every call that arrived ended once or went on in another."""
    assert switch.open_calls() == []
    arrived = [fact.call_id for fact in found if isinstance(fact, CallArrived)]
    over = [fact.call_id for fact in found if isinstance(fact, CallEnded | CallsMerged)]
    assert Counter(arrived) == Counter(over)
    assert max(Counter(arrived).values(), default=1) == 1


@EVERY
def test_it_tells_what_happened(name: str) -> None:
    switch, found = replayed(events(name))
    truth = expected(name)
    told = meaning_of(found)
    assert told | {key: truth[key] for key in truth.keys() - told.keys()} == told | truth
    assert_sound(switch, found)


@EVERY
def test_it_may_begin_anywhere(name: str) -> None:
    """Every suffix of every capture: no error, nothing left open, no end without a beginning."""
    stream = events(name)
    for begin in range(len(stream) + 1):
        assert_sound(*replayed(stream[begin:]))


@EVERY
def test_doubled_events_change_nothing(name: str) -> None:
    plain = meaning_of(replayed(events(name))[1])
    doubled = [event for event in events(name) for _ in range(2)]
    switch, found = replayed(doubled)
    assert meaning_of(found) == plain
    assert_sound(switch, found)


@EVERY
def test_a_stream_played_twice_is_the_same_call(name: str) -> None:
    switch, found = replayed(events(name) * 2)
    assert meaning_of(found) == meaning_of(replayed(events(name))[1])
    assert_sound(switch, found)


@EVERY
def test_order_across_channels_does_not_matter_much(name: str) -> None:
    """A little out of order: the same meaning, but for who rang first, and music that starts after the hold is over.

    Wildly out of order: still sound.
    """
    rng = random.Random(12345)

    def unordered(facts: Sequence[Fact]) -> dict[str, object]:
        told = meaning_of(facts)
        del told["holds"]
        lists = {key: sorted(map(str, value)) for key, value in told.items() if isinstance(value, list)}
        moved = [{**one, "to": sorted(one["to"])} for one in told["transfers"]]
        return {**told, **lists, "transfers": moved}

    plain = unordered(replayed(events(name))[1])
    for _ in range(10):
        switch, found = replayed(jittered(events(name), rng, window=3))
        assert unordered(found) == plain
        assert_sound(switch, found)
        assert_sound(*replayed(jittered(events(name), rng, window=10_000)))


@EVERY
def test_every_event_may_be_missing(name: str) -> None:
    """One event lost anywhere, unless it is the last word of a channel: sound all the same."""
    stream = events(name)
    for lost, event in enumerate(stream):
        if event["Event"] != "Hangup":
            assert_sound(*replayed(stream[:lost] + stream[lost + 1 :]))


def test_the_same_stream_gives_the_same_facts() -> None:
    streams = [event for name in names() for event in events(name)]
    assert replayed(streams)[1] == replayed(streams)[1]


def test_many_calls_at_once_do_not_disturb_each_other() -> None:
    """All stories played at the same time, event by event in turn, tell what each tells alone."""
    played = [name for name in names() if not name.endswith(".json")]
    streams = {name: [_renamed(event, number) for event in events(name)] for number, name in enumerate(played)}
    mixed = [
        streams[name][step]
        for step in range(max(map(len, streams.values())))
        for name in played
        if step < len(streams[name])
    ]
    switch, found = replayed(mixed)
    assert_sound(switch, found)
    alone = Counter(fact.name for name in played for fact in replayed(streams[name])[1])
    together = Counter(fact.name for fact in found)
    without_agents = [kind for kind in alone if kind != "agent_state_changed"]
    assert {kind: together[kind] for kind in without_agents} == {kind: alone[kind] for kind in without_agents}


def _renamed(event: dict[str, str], number: int) -> dict[str, str]:
    """The event of a call of its own: Uniqueids, bridges, channels, queues and agents get a number in front."""
    ids = ("Uniqueid", "Linkedid", "Channel", "Queue", "Interface", "MemberName")
    renamed = {key: f"{number}#{value}" if key.endswith(ids) and value else value for key, value in event.items()}
    for key, value in event.items():
        if key.endswith("Channel") and value:
            tech, _, rest = value.partition("/")
            renamed[key] = f"{tech}/{number}#{rest}"
        if key.endswith("Interface"):
            tech, _, rest = value.partition("/")
            renamed[key] = f"{tech}/{number}#{rest}"
    return renamed


@pytest.mark.parametrize("form", ["raw", "array", "lines", "lf"])
def test_replay_prints_the_facts_of_every_form(form: str, tmp_path: object) -> None:
    name = "attended_by_agent"
    raw = (CAPTURES / name / "events.ami").read_bytes()
    data = {
        "raw": raw,
        "lf": raw.replace(b"\r\n", b"\n"),
        "array": json.dumps(list(events(name)), indent=1).encode(),
        "lines": "\n".join(json.dumps(event) for event in events(name)).encode(),
    }[form]
    result = CliRunner().invoke(app, ["replay", "-"], input=data)
    assert result.exit_code == 0, result.stderr
    told = meaning(json.loads(line) for line in result.stdout.splitlines())
    truth = expected(name)
    assert {key: told[key] for key in told.keys() & truth.keys()} == {
        key: truth[key] for key in told.keys() & truth.keys()
    }
