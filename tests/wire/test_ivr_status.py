"""``hotline ivr`` with a database: a caller keys a code and hears how far the request is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

import ticketing
from agent_desktop import citizen_query
from agent_desktop.tables import ThrottleRow
from hotline.status_query import StatusQuery
from tests.kit.agi_caller import AgiCaller
from tests.kit.ivr_process import Ivr
from tests.kit.status_office import NUMBER, TAIL, Office
from tests.kit.tickets import SHANGHAI, House, engine  # noqa: F401

pytestmark = pytest.mark.wire

MENU_ON = ("enabled = false", "enabled = true")
PATIENT = ("seconds = 15", "seconds = 40")


@pytest.fixture
def ivr(tmp_path: Path) -> Ivr:
    made = Ivr(tmp_path)
    made.edit(MENU_ON, PATIENT)
    return made


@pytest.fixture
def office(tmp_path: Path, ivr: Ivr) -> Iterator[Office]:
    made = Office(tmp_path / "home")
    with ivr.running():
        yield made
    made.engine.dispose()


def dial(ivr: Ivr, *keys: str) -> AgiCaller:
    """Chooses the query during the menu; ``keys`` are what is pressed then, chance by chance."""
    return AgiCaller(keys=["", "", "", "4", *keys]).dial(ivr.port)


def test_a_code_is_told_and_the_caller_taken_leave_of(ivr: Ivr, office: Office) -> None:
    code = office.code()
    call = dial(ivr, code, TAIL)
    after = call.played[call.played.index("menu") + 1 :]
    assert after[:3] == ["status-code", "status-tail", "status-accepted"]
    assert after[-2:] == ["status-next", "goodbye"]
    assert (call.variables["HL_NEXT"], call.variables["__HL_MENU_PATH"]) == ("hangup", "4")
    said = ivr.log.read_text()
    assert code not in said
    assert NUMBER not in said


def test_wrong_and_confidential_sound_alike_and_end_with_a_person(ivr: Ivr, office: Office) -> None:
    code, secret = office.code(), office.code(secret=True)
    calls = [dial(ivr, *[one, tail] * 3) for one, tail in ((code, "0000"), (secret, TAIL), ("0000000000", TAIL))]
    assert calls[0].played == calls[1].played == calls[2].played
    assert calls[0].played[-1] == "please-wait"
    assert {call.variables["HL_NEXT"] for call in calls} == {"queue"}


def test_without_a_database_callers_reach_a_person(ivr: Ivr) -> None:
    with ivr.running():
        call = dial(ivr, "0123456789", TAIL)
    assert call.played[-2:] == ["status-off", "please-wait"]
    assert call.variables["HL_NEXT"] == "queue"
    assert "look-up status failed or was too slow" in ivr.log.read_text()


# ── the door by itself, on both databases ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    """Tries of other tests are not this one's."""
    made = House(engine, "demo")
    with made.db.begin() as session:
        session.execute(delete(ThrottleRow))
    return made


def door(house: House) -> StatusQuery:
    return StatusQuery(house.db, house.desk.current, lambda: house.now, SHANGHAI)


def code_of(house: House, ticket: ticketing.Ticket) -> str:
    with house.db.begin() as session:
        viewer = ticketing.Viewer("op1")
        found = ticketing.query_code(session, ticket.ticket_id, viewer, house.now)
    assert found is not None
    return found[0]


def test_the_day_is_told_while_it_is_ahead(house: House) -> None:
    ticket = house.dispatched(caller_number=NUMBER)
    ask, code = door(house), code_of(house, ticket)
    due = ticket.citizen_due_at
    assert due is not None
    assert ask(f"{code}|{TAIL}|{NUMBER}") == f"handling {due.astimezone(SHANGHAI):%Y-%m-%d}"
    house.now = due
    assert ask(f"{code}|{TAIL}|{NUMBER}") == "handling"


def test_a_result_has_no_day(house: House) -> None:
    ticket = house.dispatched(caller_number=NUMBER)
    house.report(ticket)
    assert door(house)(f"{code_of(house, ticket)}|{TAIL}|") == "checking"


def test_the_pages_tries_count_here_and_these_there(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(citizen_query, "TRIES_OF_CODE", 2)
    code = code_of(house, house.create(caller_number=NUMBER))
    ask = door(house)
    assert ask(f"{code}|0000|a|strange|number") == "nothing"
    citizen_query.within_tries(house.db, house.now, "203.0.113.7", code, lambda _session: None)
    assert ask(f"{code}|{TAIL}|{NUMBER}") == "throttled"
    with pytest.raises(citizen_query.TooManyTries):
        citizen_query.within_tries(house.db, house.now, "203.0.113.7", code, lambda _session: None)


def test_one_number_cannot_try_code_after_code(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(citizen_query, "TRIES_OF_ADDRESS", 2)
    ask = door(house)
    spellings = ("138 0013 8000", f"+86{NUMBER}", NUMBER)
    said = [ask(f"{code:010d}|0000|{number}") for code, number in enumerate(spellings)]
    assert said == ["nothing", "nothing", "throttled"]
    assert ask("0000000004|0000|13900139000") == "nothing"
