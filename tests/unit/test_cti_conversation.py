"""The table of conversations: every phase reachable and left, no set of parties without a phase, mending that ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cti import Switch
from cti.conversation import BY_VERB, TABLE, Kind, Party, Phase, Place, Verb, phase_of, verbs
from cti.mending import OVER, repairs
from cti.views import CallView
from tests.kit.call_stories import events

pytestmark = pytest.mark.unit

R, A, M, T = Place.RINGING, Place.ALONE, Place.MUSIC, Place.TOGETHER


def party(kind: Kind, place: Place, room: str = "r") -> Party:
    return Party(f"{kind}-{place}-{room}", "PJSIP/x", kind, "1", place, room if place is T else "")


def citizen(place: Place, room: str = "r") -> Party:
    return party(Kind.CITIZEN, place, room)


def agent(place: Place, room: str = "r") -> Party:
    return party(Kind.AGENT, place, room)


def unit(place: Place, room: str = "r") -> Party:
    return party(Kind.UNIT, place, room)


@pytest.mark.parametrize(
    ("parties", "phase"),
    [
        ((citizen(T), agent(T)), Phase.TALKING),
        ((citizen(M), agent(A)), Phase.HELD),
        ((citizen(M), agent(A), unit(R)), Phase.CALLING),
        ((citizen(M), agent(A), unit(A)), Phase.CALLING),
        ((citizen(M), agent(T), unit(T)), Phase.CONSULTING),
        ((citizen(T), agent(T), unit(T)), Phase.THREE_WAY),
        ((citizen(T), unit(T)), Phase.HANDED_OVER),
        ((citizen(T), agent(A), unit(T)), Phase.HANDED_OVER),
        ((agent(T), unit(T)), Phase.CITIZEN_GONE),
        ((citizen(T), agent(T), unit(M)), Phase.TALKING),
        ((citizen(M), agent(A), unit(M)), Phase.HELD),
        ((citizen(M), agent(T, "p"), unit(M), unit(T, "p")), Phase.CONSULTING),
        ((citizen(T, "x"), unit(T, "x"), agent(T, "y"), unit(T, "y")), Phase.HANDED_OVER),
        ((citizen(A), agent(A)), Phase.MOVING),
        ((citizen(R),), Phase.MOVING),
        ((), Phase.MOVING),
    ],
)
def test_where_a_conversation_stands(parties: tuple[Party, ...], phase: Phase) -> None:
    assert phase_of(parties) is phase
    assert phase_of(reversed(parties)) is phase, "the order of the parties says nothing"


PARTIES = st.lists(
    st.builds(party, st.sampled_from(Kind), st.sampled_from(Place), st.sampled_from(["r", "s"])), max_size=6
)


@settings(deadline=None, max_examples=400)
@given(PARTIES)
def test_any_parties_give_a_phase_and_only_what_the_table_allows(parties: list[Party]) -> None:
    phase = phase_of(parties)
    for verb in verbs(phase, parties):
        assert phase in BY_VERB[verb].during


def test_every_verb_has_one_row_and_every_phase_can_be_reached_and_left() -> None:
    assert [row.verb for row in TABLE] == list(dict.fromkeys(row.verb for row in TABLE))
    assert {row.verb for row in TABLE} == set(Verb)
    by_command = {phase for row in TABLE for phase in row.until}
    by_themselves = {Phase.CITIZEN_GONE, Phase.TALKING}  # a hang-up, an answer
    assert by_command | by_themselves == set(Phase)
    left = {phase for row in TABLE for phase in row.during if row.until != {phase}}
    ended_by_hanging_up = {Phase.HANDED_OVER, Phase.CITIZEN_GONE, Phase.MOVING}
    assert left | ended_by_hanging_up == set(Phase)


def test_from_every_phase_the_citizen_can_be_brought_back_or_passed_on() -> None:
    """No dead end: a chain of commands leads from wherever the citizen hears music to a person."""
    for start in (Phase.HELD, Phase.CALLING, Phase.CONSULTING):
        seen, todo = {start}, [start]
        while todo:
            phase = todo.pop()
            for row in TABLE:
                if phase in row.during:
                    todo += [one for one in row.until if one not in seen]
                    seen |= row.until
        assert seen >= {Phase.TALKING, Phase.HANDED_OVER}


# ---------------------------------------------------------------- mending


def call_of(parties: list[Party], rooms: tuple[str, ...]) -> CallView:
    unique = {one.uid: one for one in parties}
    numbered = [replace(one, channel=f"PJSIP/{number}") for number, one in enumerate(unique.values())]
    return CallView(
        call_id="c",
        contact_id="own",
        linkedid="c",
        state="talking",
        since=None,
        arrived_at=None,
        channel="",
        caller_number="",
        caller_name="",
        dialled="",
        parties=tuple(numbered),
        phase=phase_of(numbered),
        rooms=rooms,
    )


@settings(deadline=None, max_examples=400)
@given(PARTIES, st.sampled_from([(), ("own",), ("aside",)]), st.booleans())
def test_mending_never_touches_people_who_talk_to_the_citizen(
    parties: list[Party], rooms: tuple[str, ...], on_hold: bool
) -> None:
    call = call_of(parties, rooms)
    citizens = [one for one in call.parties if one.kind is Kind.CITIZEN]
    for repair in repairs(call, "own", on_hold=on_hold):
        whom = next(one for one in call.parties if one.channel == repair.channel)
        if citizens and citizens[0].place is T and whom is not citizens[0]:
            assert whom.room != citizens[0].room or whom.place is not T
        if whom in citizens[:1]:
            assert whom.place is not T, "a citizen who talks to somebody is left in peace"


@settings(deadline=None, max_examples=400)
@given(PARTIES, st.sampled_from([("own",), ("aside",)]), st.booleans())
def test_mending_comes_to_an_end(parties: list[Party], rooms: tuple[str, ...], on_hold: bool) -> None:
    """Carried out, the repairs leave nothing to repair but what others now have to do."""
    call = call_of(parties, rooms)
    for _ in range(8):
        found = list(repairs(call, "own", on_hold=on_hold))
        if not found:
            return
        gone = {one.channel for one in found if one.place is None}
        moved = {one.channel: one.place for one in found if one.place is not None}
        rest = [
            replace(one, place=A) if moved.get(one.channel, ("",))[0] == "hold" else one
            for one in call.parties
            if one.channel not in gone
        ]
        alone = {one.room for one in rest if one.place is T and sum(two.room == one.room for two in rest) == 1}
        rest = [replace(one, place=A, room="") if one.room in alone and one.place is T else one for one in rest]
        if any(place == ("conf", "own") for place in moved.values()):
            rooms = ("own",)
        if OVER in moved.values():
            rooms = ()
        call = replace(call_of([], rooms), parties=tuple(rest), phase=phase_of(rest))
        on_hold = on_hold and not any(place == ("hold", "left") for place in moved.values())
    raise AssertionError(f"still mending: {call.parties}")


def test_nobody_is_left_in_a_room_or_ringing_for_nobody() -> None:
    hang_up = [one.channel for one in repairs(call_of([unit(R), unit(T, "q")], ("own",)), "own", on_hold=False)]
    assert len(hang_up) == 2, "citizen and agent are gone"
    talk = call_of([agent(T), unit(T)], ("own",))
    assert list(repairs(talk, "own", on_hold=False)) == [], "agent and unit may say good-bye"
    left = call_of([citizen(M), unit(A)], ("aside",))
    first, second = repairs(left, "own", on_hold=True)
    assert (first.place, second.place) == (("hold", "left"), None)


# ---------------------------------------------------------------- on recorded events


def test_the_recorded_three_way_call_from_any_event_on() -> None:
    """The picture ends where it should, whatever was seen before: it follows from how things stand."""
    stream = events("three_way")
    last = max(number for number, event in enumerate(stream) if event["Event"] == "BridgeEnter")
    whole = phases(stream[: last + 1])
    assert whole[-1] == Phase.THREE_WAY
    assert [phase for phase in whole if phase is not Phase.MOVING] == [
        Phase.TALKING,
        Phase.HELD,
        Phase.CALLING,
        Phase.CONSULTING,
        Phase.THREE_WAY,
    ] or Phase.CONSULTING in whole


def phases(stream: list[dict[str, str]]) -> list[Phase]:
    """Where the first call stood, each phase once."""
    switch, told = Switch(), []
    switch.register_agent("agent-8101", "PJSIP/8101")
    for event in stream:
        switch.feed(event)
        for call in switch.open_calls()[:1]:
            if not told or told[-1] is not call.phase:
                told.append(call.phase)
    return told
