"""What the shapes of calls in ``tests/live/test_conversations.py`` are made of."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from cti import consultation_ids
from tests.kit.hall import UNIT, Hall, Taken
from tests.kit.tones import speakers, story
from tests.kit.waiting import until, until_async

CITIZEN, AGENT, UNIT_, COLLEAGUE, BOSS = "citizen", "agent", "unit", "second citizen", "supervisor"
SERVICE = "service"
"""The voices."""


async def consulting(hall: Hall, *, brief: bool = False) -> Taken:
    """Agent and unit talk in private, the citizen hears music."""
    taken = await hall.call()
    await hall.agent.does("call/consult", number=UNIT, brief=brief)
    await hall.agent.phase("consulting")
    await hall.hears(hall.agent.phone, UNIT_)
    await hall.hears(hall.unit, AGENT)
    await hall.hears(hall.citizen)
    taken.link_consultations()
    return taken


async def three(hall: Hall) -> Taken:
    """Citizen, agent and unit hear each other."""
    taken = await consulting(hall)
    await hall.agent.does("call/merge")
    await hall.agent.is_in("three_way")
    await hall.hears(hall.citizen, AGENT, UNIT_)
    await hall.hears(hall.agent.phone, CITIZEN, UNIT_)
    await hall.hears(hall.unit, CITIZEN, AGENT)
    return taken


async def back(hall: Hall) -> None:
    """Citizen and agent hear each other again, and nobody else is there."""
    await hall.agent.phase("talking")
    await hall.hears(hall.citizen, AGENT)
    await hall.hears(hall.agent.phone, CITIZEN)


async def citizen_hangs_up(hall: Hall, taken: Taken, *heard: tuple[str, ...]) -> None:
    """The end, and the look at the recording."""
    if hall.citizen.in_call:
        if speakers(hall.citizen.heard(0.4)) == set(heard[-1]):  # long enough that the recorder's last block holds it
            await until(lambda: speakers(hall.citizen.heard(1.0)) == set(heard[-1]), "a second of the last phase")
        await hall.citizen.hang_up()
    await recorded(hall, taken, *heard)


async def recorded(hall: Hall, taken: Taken, *heard: tuple[str, ...]) -> None:
    """Every second the citizen was connected is there, with whom the citizen heard, one after the other."""
    await until(lambda: hall.ami.of("Hangup", Channel=taken.channel), "the citizen's end")
    connected = hall.connected_seconds(taken)
    await taken.written("rx", "tx")
    voice, ear = taken.heard("rx"), taken.heard("tx")
    assert voice.seconds == ear.seconds
    assert abs(ear.seconds - connected) < 0.5, f"{ear.seconds} s recorded of {connected} s"
    assert [who for who in story(voice) if who] == [(CITIZEN,)], "the citizen's voice from the first second to the last"
    told = taken.told()
    rest = iter(told)
    steps = [step for step, _ in groupby(heard)]
    assert all(any(step == who for who in rest) for step in steps), f"{steps} is not in {told}"
    everybody = {party for step in heard for party in step}
    assert {party for step in told for party in step} <= everybody, f"nobody else: {told}"


async def consultation(taken: Taken, number: int = 1) -> None:
    """The private consultation is kept apart: the unit on one leg, the agent on the other, no citizen."""
    await taken.written(f"consult{number}-rx", f"consult{number}-tx")
    unit, agent = taken.told(f"consult{number}-rx"), taken.told(f"consult{number}-tx")
    assert {who for step in unit for who in step} == {UNIT_}, unit
    assert {who for step in agent for who in step} == {AGENT}, agent


async def labelled(hall: Hall, taken: Taken) -> None:
    """The replay desk finds the call and its consultation by the unit that spoke, and names it in their parts."""
    contacts = {taken.contact_id, consultation_ids(taken.contact_id)[0]}
    found: dict[str, str] = {}

    async def both() -> bool:
        answer = await hall.boss.browser.get("/api/v1/recordings", params={"unit": "water-company", "limit": "50"})
        rows = [row["recording"] for row in answer.json()["found"]]
        found.update({row["contact_id"]: row["recording_id"] for row in rows if row["contact_id"] in contacts})
        return found.keys() == contacts

    await until_async(both, "call and consultation are found by the unit", 30)
    call, consult = [await _parts(hall, found[one]) for one in sorted(contacts, key=taken.contact_id.__ne__)]
    rest = iter(label for label, _ in call)
    assert all(label in rest for label in ("queue", "agent", "consult", "three_way", "unit")), call
    assert all(bool(units) is (label in ("consult", "three_way", "unit")) for label, units in [*call, *consult])
    assert consult == [("consult", ["自来水公司"])]


async def _parts(hall: Hall, recording_id: str) -> list[tuple[str, Any]]:
    answer = await hall.boss.browser.get(f"/api/v1/recordings/{recording_id}/story")
    assert answer.status_code == 200, answer.text
    return [(part["label"], part["units"]) for part in answer.json()["parts"]]
