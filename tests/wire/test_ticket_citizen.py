"""The caller's own look at a matter: code and tail open it, everything else is the same nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, event, update

import ticketing as t
from tests.kit.tickets import CENTRE, House, engine, leader  # noqa: F401
from ticketing.citizen import STAGES
from ticketing.life import TABLE
from ticketing.tables import TicketRow

pytestmark = pytest.mark.wire


CARD = "11010519491231002X"
"""The example of GB 11643-1999."""


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "demo")


def code_of(house: House, ticket: t.Ticket, actor: t.Actor = CENTRE) -> tuple[str, str]:
    with house.db.begin() as session:
        viewer = t.viewer_of(house.desk.current(session), actor)
        found = t.query_code(session, ticket.ticket_id, viewer, house.now)
    assert found is not None
    return found


def asked(house: House, code: str, tail: str) -> t.Progress | None:
    with house.db.begin() as session:
        return t.progress(session, house.desk.current(session), code, tail, house.now)


def said(house: House, code: str, tail: str, outcome: str, note: str = "", key: str = "e1") -> Any:
    with house.db.begin() as session:
        return t.evaluate(session, house.desk.current(session), code, tail, outcome, note, key, house.now)


def test_every_status_of_the_table_has_a_word_for_its_caller() -> None:
    statuses = {row.to for row in TABLE if row.machine == "ticket" and row.to}
    assert statuses <= set(STAGES)


def test_progress_from_acceptance_to_the_end(house: House) -> None:
    ticket = house.create(caller_number="138 0013 8000")
    code, tail = code_of(house, ticket)
    assert (len(code), tail) == (10, "8000")
    first = asked(house, code, tail)
    assert first is not None
    assert (first.stage, first.unit, first.public_reply, first.may_evaluate) == ("accepted", None, "", False)
    house.do(ticket, "dispatch", units=["bureau"])
    house.do(ticket, "sign", leader("bureau"))
    handling = asked(house, code, tail)
    assert handling is not None
    assert handling.unit is not None
    assert (handling.stage, handling.unit.unit_id, handling.delivered_at) == ("handling", "bureau", house.now)
    house.report(ticket, public_reply="路灯已修复")
    reported = asked(house, code, tail)
    assert reported is not None
    assert reported.public_reply == "", "nothing is told before the centre has looked at it"
    house.do(ticket, "pass_review")
    checked = asked(house, code, tail)
    assert checked is not None
    assert (checked.stage, checked.public_reply, checked.may_evaluate) == ("checking", "路灯已修复", True)


def test_the_opinion_goes_through_the_workflow(house: House) -> None:
    ticket = house.dispatched(caller_number="13800138000")
    code, tail = code_of(house, ticket)
    early = said(house, code, tail, "satisfied")
    assert isinstance(early, t.Refused)
    house.report(ticket)
    house.do(ticket, "pass_review")
    assert said(house, code, tail, "dissatisfied", " ") == t.Refused("missing", {"needs": ["note"]})
    told = said(house, code, tail, "dissatisfied", "还是不亮")
    assert told.satisfaction == "dissatisfied"
    assert said(house, code, tail, "dissatisfied", "还是不亮") == told
    assert house.ledger(ticket, "evaluation") == ["evaluate"], "the same key says it once"
    opinion = house.matter(ticket)["opinions"][0]
    assert (opinion["source"], opinion["by"], opinion["note"]) == ("citizen", "citizen", "还是不亮")


def test_wrong_confidential_and_missing_are_one_answer_by_the_same_statements(house: House) -> None:
    right = house.create(caller_number="13800138000")
    code, tail = code_of(house, right)
    secret = house.create(caller_number="13900139000", caller_identity=CARD)
    hidden, hidden_tail = code_of(house, secret)
    house.do(secret, "keep_secret")
    missing = f"{(int(code) + 1) % 10**10:010d}"
    statements: list[str] = []
    event.listen(house.engine, "before_cursor_execute", lambda _c, _cur, text, *_: statements.append(text))
    asked(house, code, tail)
    seen = []
    for one, end in ((code, "0000"), (hidden, hidden_tail), (hidden, CARD[-4:]), (missing, tail)):
        statements.clear()
        assert asked(house, one, end) is None
        assert said(house, one, end, "satisfied") is None
        seen.append(list(statements))
    assert all(one == seen[0] for one in seen)
    assert len(seen[0]) >= 6


@pytest.mark.parametrize("tail", ["002X", "002x", "8000"])
def test_the_end_of_the_identity_card_opens_it_as_well_as_the_telephones(house: House, tail: str) -> None:
    ticket = house.create(caller_number="13800138000", caller_identity="110105 19491231 002x")
    code, told = code_of(house, ticket)
    assert told == "8000"
    assert asked(house, code, tail) is not None
    assert asked(house, code, "0021") is None


def test_a_document_without_four_figures_opens_nothing(house: House) -> None:
    ticket = house.create(caller_number="13800138000", caller_identity="护照 E1")
    code, _ = code_of(house, ticket)
    assert asked(house, code, "") is None


def test_a_confidential_matter_has_no_code(house: House) -> None:
    ticket = house.create(confidential=True)
    with house.db.begin() as session:
        viewer = t.viewer_of(house.desk.current(session), CENTRE)
        assert t.query_code(session, ticket.ticket_id, viewer, house.now) is None


def test_a_withheld_number_is_replaced_by_the_end_of_the_tickets(house: House) -> None:
    ticket = house.create(caller_number="")
    assert code_of(house, ticket)[1] == ticket.number[-4:]


def test_a_ticket_from_before_gets_its_code_when_it_is_told(house: House) -> None:
    ticket = house.create()
    with house.db.begin() as session:
        session.execute(update(TicketRow).values(query_code=None))
    code, tail = code_of(house, ticket)
    assert code_of(house, ticket) == (code, tail)
    assert asked(house, code, tail) is not None
    assert house.ledger(ticket, "access") == []


def test_a_look_at_the_code_of_a_protected_matter_is_recorded(house: House) -> None:
    ticket = house.create(accused_unit="county")
    code_of(house, ticket)
    assert "view" in house.ledger(ticket, "access")


def test_a_merged_matter_is_answered_for_by_the_other(house: House) -> None:
    main = house.dispatched(caller_number="13800138000")
    other = house.create(caller_number="13900139000")
    code, tail = code_of(house, other)
    house.do(other, "merge", into=main.ticket_id)
    told = asked(house, code, tail)
    assert told is not None
    assert (told.number, told.stage) == (main.number, "handling")
    house.do(main, "keep_secret")
    assert asked(house, code, tail) is None
