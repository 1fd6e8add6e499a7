"""Shapes of calls that change hands: transfers, and agents who hang up in the middle."""

from __future__ import annotations

from tests.kit.hall import UNIT, Hall
from tests.kit.shapes import AGENT, CITIZEN, COLLEAGUE, UNIT_, citizen_hangs_up, consulting, recorded
from tests.kit.waiting import until


async def attended_transfer(hall: Hall) -> None:
    """R19, R29: no phantom call, both sides on the recording."""
    taken = await consulting(hall)
    await hall.agent.does("call/transfer")
    await hall.agent.is_in("wrap_up")
    await hall.hears(hall.citizen, UNIT_)
    await hall.hears(hall.unit, CITIZEN)
    await hall.unit.hang_up()
    await hall.citizen.wait_state("DISCONNECTED")
    await recorded(hall, taken, (AGENT,), (UNIT_,))


async def blind_transfer(hall: Hall) -> None:
    taken = await hall.call()
    await hall.agent.does("call/transfer-blind", number=UNIT)
    await hall.agent.is_in("wrap_up")
    await hall.hears(hall.citizen, UNIT_)
    await hall.hears(hall.unit, CITIZEN)
    await citizen_hangs_up(hall, taken, (AGENT,), (UNIT_,))


async def blind_transfer_to_a_busy_unit(hall: Hall) -> None:
    """R29: the next agent gets the citizen first in line, with a note, and is on the recording as the first was."""
    await hall.unit_answers(None)
    taken = await hall.call()
    await hall.colleague.ready()
    await hall.agent.does("call/transfer-blind", number=UNIT)
    await hall.unit.wait_event("incoming")
    await hall.unit.reject(486)
    await hall.colleague.is_in("talking")
    await hall.hears(hall.citizen, COLLEAGUE)
    call = await hall.colleague.phase("talking")
    assert (call["note"], call["contact_id"]) == ("transfer_failed", taken.contact_id)
    assert hall.colleague.card is not None
    assert hall.colleague.card["note"] == "transfer_failed"
    await citizen_hangs_up(hall, taken, (AGENT,), (COLLEAGUE,))


async def blind_transfer_to_a_colleague(hall: Hall) -> None:
    """R29: both are on the recording, whatever codec the second SIP phone speaks."""
    taken = await hall.call()
    await hall.agent.does("call/transfer-blind", number="8191", colleague=True)
    await hall.hears(hall.citizen, COLLEAGUE)
    await hall.hears(hall.colleague.phone, CITIZEN)
    await hall.colleague.is_in("talking")
    await citizen_hangs_up(hall, taken, (AGENT,), (COLLEAGUE,))
    await hall.colleague.phone.wait_state("DISCONNECTED")
    await hall.colleague.is_in("wrap_up", "ready", "not_ready")


async def a_colleague_hangs_up_after_a_blind_transfer(hall: Hall) -> None:
    """The room ends with either of the two: nobody is left in it alone."""
    taken = await hall.call()
    await hall.agent.does("call/transfer-blind", number="8191", colleague=True)
    await hall.hears(hall.citizen, COLLEAGUE)
    await hall.colleague.is_in("talking")
    await hall.colleague.phone.hang_up()
    await hall.citizen.wait_state("DISCONNECTED")
    await recorded(hall, taken, (AGENT,), (COLLEAGUE,))


async def agent_hangs_up_while_holding(hall: Hall) -> None:
    """Music that would never end becomes the first place in the line."""
    taken = await hall.call()
    await hall.colleague.ready()
    await hall.agent.does("call/hold")
    await hall.hears(hall.citizen)
    await hall.agent.phone.hang_up()
    await hall.colleague.is_in("talking")
    await hall.hears(hall.citizen, COLLEAGUE)
    assert (await hall.colleague.phase("talking"))["note"] == "agent_left"
    await citizen_hangs_up(hall, taken, (AGENT,), (COLLEAGUE,))


async def agent_hangs_up_in_consultation(hall: Hall) -> None:
    taken = await consulting(hall)
    await hall.colleague.ready()
    await hall.agent.phone.hang_up()
    await hall.unit.wait_state("DISCONNECTED")
    await hall.hears(hall.citizen, COLLEAGUE)
    assert (await hall.colleague.phase("talking"))["note"] == "agent_left"
    await citizen_hangs_up(hall, taken, (AGENT,), (COLLEAGUE,))


async def to_a_colleague_attended(hall: Hall) -> None:
    """R02, R56: the colleague's call from now on, the first agent is in wrap-up."""
    taken = await hall.call()
    await hall.agent.does("call/consult", number="8191", colleague=True)
    await hall.agent.phase("consulting")
    await hall.colleague.is_in("consulting")
    await hall.agent.does("call/transfer")
    await hall.agent.is_in("wrap_up")
    await hall.colleague.is_in("talking")
    await hall.hears(hall.citizen, COLLEAGUE)
    told = (await hall.colleague.phase("talking"))["contact_id"]
    assert told == taken.contact_id
    await hall.citizen.hang_up()
    await until(lambda: hall.ami.of("Hangup", Channel=taken.channel), "the citizen's end")
    await taken.written("rx", "tx")
    assert taken.told()[-1] == (COLLEAGUE,)
