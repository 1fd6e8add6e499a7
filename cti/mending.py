"""What has to be done because somebody has gone, by how things stand: nobody may be left with silence, music that never
ends, or a telephone that rings for nobody.  Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cti.conversation import Kind, Party, Phase, Place, citizen_in, guests_in
from cti.views import CallView

LEFT = ("hold", "left")
"""Where a citizen goes whose agent has left them on hold."""
OVER = ("survey", "s")
"""Where a citizen goes whom everybody else has left: asked how the call was, if the house asks, else it ends."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One channel has to be hung up, or to go to (context, extension)."""

    channel: str
    place: tuple[str, str] | None = None


def repairs(call: CallView, room: str, *, on_hold: bool) -> Iterator[Repair]:
    """``room``: the call's own room; ``on_hold``: the citizen was put on hold by an agent's command."""
    agents = [party for party in call.parties if party.kind is Kind.AGENT]
    citizen, guests = citizen_in(call.parties), guests_in(call.parties)
    if citizen is None:
        yield from _without_citizen(call, agents, guests)
    elif not agents:
        yield from _without_agent(call, citizen, guests, on_hold=on_hold)
    elif call.phase is Phase.HELD and on_hold and call.rooms and call.rooms != (room,):
        # The party that was called is not there (any more): the agent need not hear a ringing tone.
        yield from (Repair(leg.channel, ("conf", room)) for leg in agents if leg.place is Place.ALONE)


def _without_citizen(call: CallView, agents: list[Party], guests: list[Party]) -> Iterator[Repair]:
    """The agent and a unit who are talking may say good-bye; everybody else is let go."""
    for party in guests:
        if not agents or party.place is not Place.TOGETHER:
            yield Repair(party.channel)
    if call.rooms:
        yield from (Repair(leg.channel) for leg in agents if leg.place is Place.ALONE)


def _without_agent(call: CallView, citizen: Party, guests: list[Party], *, on_hold: bool) -> Iterator[Repair]:
    if on_hold and citizen.place is Place.MUSIC and call.state != "queued":
        yield Repair(citizen.channel, LEFT)
        yield from (Repair(party.channel) for party in guests)
    elif not guests and citizen.place is Place.ALONE and call.rooms:
        yield Repair(citizen.channel, OVER)
