"""A conversation as a table: where it stands, what may be done then, and where that leads.  Pure.

Where a conversation stands (:class:`Phase`) is never remembered: it follows from where its parties are *now*, and that
is what the switch last said (:mod:`cti.parties`).  So no order of events, no lost event and no restart can make the two
disagree.  A command (:class:`Verb`) is allowed in some phases and has done its work when the switch has brought the
conversation into one of the phases it aims at; nobody counts seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Who a party is."""

    CITIZEN = "citizen"
    AGENT = "agent"
    """Whose call it is."""
    COLLEAGUE = "colleague"
    """Another agent: consulted, or a supervisor who came in."""
    UNIT = "unit"
    """Somebody outside who was called: a handling unit."""


class Place(StrEnum):
    """Where a party is."""

    RINGING = "ringing"
    """Its telephone is being called."""
    ALONE = "alone"
    """On the line, but with nobody: on the way from one place to another, or told what it is about before it joins."""
    MUSIC = "music"
    """On hold."""
    TOGETHER = "together"
    """With somebody else: see ``room`` for with whom."""


@dataclass(frozen=True, slots=True)
class Party:
    """One telephone of a conversation."""

    uid: str
    channel: str
    kind: Kind
    number: str
    place: Place
    room: str = ""
    """The bridge it is in; those of the same bridge hear each other."""
    agent_id: str = ""
    """Of agents and colleagues."""


class Phase(StrEnum):
    """Where a conversation stands, seen from the agent whose call it is."""

    TALKING = "talking"
    """Agent and citizen."""
    HELD = "held"
    """The citizen hears music, the agent is alone."""
    CALLING = "calling"
    """The citizen hears music while a third party is called and told what it is about."""
    CONSULTING = "consulting"
    """The citizen hears music, agent and third party talk in private."""
    THREE_WAY = "three_way"
    """The citizen, the agent and at least one more hear each other."""
    HANDED_OVER = "handed_over"
    """The citizen is with others; the agent has left."""
    CITIZEN_GONE = "citizen_gone"
    """The citizen has hung up; the agent is still with somebody."""
    MOVING = "moving"
    """Between two of these: the switch is at work, or the citizen is in a queue or a menu."""


class Verb(StrEnum):
    """What an agent can do with a conversation."""

    HOLD = "hold"
    RESUME = "resume"
    CONSULT = "consult"
    CANCEL = "cancel"
    """Give up calling or consulting; the citizen is back at once."""
    MERGE = "merge"
    TRANSFER = "transfer"
    """Attended: the citizen goes on with the party consulted, the agent leaves."""
    LEAVE = "leave"
    """Out of a three-way call; the others go on."""
    BLIND = "blind"
    """The citizen is put through without asking first; the agent leaves."""
    DROP = "drop"
    """One party, not the citizen, is taken off the line."""
    BARGE = "barge"
    """Somebody else comes in, heard by all: a supervisor."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    verb: Verb
    during: frozenset[Phase]
    until: frozenset[Phase]
    """Phases in which the command has done its work."""


def _row(verb: Verb, during: str, until: str) -> Row:
    return Row(verb, frozenset(map(Phase, during.split())), frozenset(map(Phase, until.split())))


TABLE: tuple[Row, ...] = (
    _row(Verb.HOLD, "talking three_way", "held"),
    _row(Verb.RESUME, "held", "talking three_way"),
    _row(Verb.CONSULT, "talking held three_way", "calling consulting"),
    _row(Verb.CANCEL, "calling consulting", "talking three_way"),
    _row(Verb.MERGE, "consulting talking", "three_way"),
    _row(Verb.TRANSFER, "consulting", "handed_over talking three_way"),
    _row(Verb.LEAVE, "three_way", "handed_over talking three_way"),
    _row(Verb.BLIND, "talking held", "moving handed_over"),
    _row(
        Verb.DROP,
        "calling consulting three_way citizen_gone talking",
        "talking held three_way calling consulting moving",
    ),
    _row(Verb.BARGE, "talking three_way", "three_way"),
)
"""Every command once.

After TRANSFER and LEAVE a colleague who is there has the call, which is TALKING or THREE_WAY then.  MERGE while TALKING
is for a third party that was left on hold when a browser came back."""

BY_VERB = {row.verb: row for row in TABLE}


def verbs(phase: Phase, parties: Iterable[Party]) -> tuple[Verb, ...]:
    """What may be done now, in the table's order."""
    others = guests_in(parties)
    waiting = any(party.place is Place.MUSIC for party in others)
    allowed = []
    for row in TABLE:
        if phase not in row.during:
            continue
        if row.verb is Verb.DROP and not others:
            continue
        if row.verb is Verb.MERGE and phase is Phase.TALKING and not waiting:
            continue
        allowed.append(row.verb)
    return tuple(allowed)


def citizen_in(parties: Iterable[Party]) -> Party | None:
    """The citizen, while on the line."""
    return next((party for party in parties if party.kind is Kind.CITIZEN), None)


def guests_in(parties: Iterable[Party]) -> list[Party]:
    """Those who were called in addition."""
    return [party for party in parties if party.kind in (Kind.UNIT, Kind.COLLEAGUE)]


def units_in(parties: Iterable[Party]) -> tuple[str, ...]:
    """The numbers of the handling units that hear the agent or the citizen, in the order they came."""
    everybody = [party for party in parties if party.place is Place.TOGETHER]
    rooms = {party.room for party in everybody if party.kind in (Kind.AGENT, Kind.CITIZEN)}
    return tuple(party.number for party in everybody if party.kind is Kind.UNIT and party.room in rooms)


def phase_of(parties: Iterable[Party]) -> Phase:
    """Where a conversation stands; total: any parties anywhere give a phase."""
    everybody = list(parties)
    agents = [party for party in everybody if party.kind is Kind.AGENT]
    citizen, others = citizen_in(everybody), guests_in(everybody)
    rooms = {party.room for party in agents if party.place is Place.TOGETHER}
    beside = [party for party in others if party.place is Place.TOGETHER and party.room in rooms]
    if not agents:
        return Phase.HANDED_OVER if _hears(citizen, others) else Phase.MOVING
    if citizen is None:
        return Phase.CITIZEN_GONE if others else Phase.MOVING
    if citizen.place is Place.TOGETHER and citizen.room in rooms:
        return Phase.THREE_WAY if beside else Phase.TALKING
    if _hears(citizen, others):
        return Phase.HANDED_OVER
    if citizen.place is not Place.MUSIC:
        return Phase.MOVING
    if beside:
        return Phase.CONSULTING
    called = any(party.place in (Place.RINGING, Place.ALONE) for party in others)
    return Phase.CALLING if called else Phase.HELD


def _hears(citizen: Party | None, others: Iterable[Party]) -> bool:
    rooms = {party.room for party in others if party.place is Place.TOGETHER}
    return citizen is not None and citizen.place is Place.TOGETHER and citizen.room in rooms
