"""A caller's identity document: in one table, shown to few, forgotten when it has served."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, inspect, text

import ticketing as t
from tests.kit.tickets import CENTRE, SHANGHAI, House, engine, handler  # noqa: F401
from ticketing.exchange import Exporter

pytestmark = pytest.mark.wire

CARD = "11010519491231002X"


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "demo")


def known(house: House, ticket: t.Ticket, actor: t.Actor = CENTRE, *, whole: bool = True) -> t.Identity | None:
    with house.db.begin() as session:
        viewer = t.viewer_of(house.desk.current(session), actor)
        return t.identity_of(session, ticket.ticket_id, viewer, house.now, whole=whole)


def changed(
    house: House, ticket: t.Ticket, number: str, version: int, actor: t.Actor = CENTRE
) -> t.Identity | t.Refused | None:
    with house.db.begin() as session:
        viewer = t.viewer_of(house.desk.current(session), actor)
        return t.change_identity(session, ticket.ticket_id, viewer, number, version, house.now)


def forgotten(house: House, days: int) -> int:
    with house.db.begin() as session:
        return t.forget_identities(session, house.now - timedelta(days=days))


def test_it_stands_in_one_table_alone(house: House) -> None:
    ticket = house.dispatched(caller_identity=CARD)
    house.report(ticket)
    house.closed(ticket)
    assert changed(house, ticket, "440524188001010014", 1) == t.Identity("440524188001010014", False, 2)
    holding = set()
    with house.db() as session:
        for table in inspect(house.engine).get_table_names():
            rows = session.execute(text(f'SELECT * FROM "{table}"')).all()
            if any(number in str(row) for row in rows for number in (CARD, "440524188001010014")):
                holding.add(table)
    assert holding == {"tkt_caller_identity"}
    assert CARD not in str(house.matter(ticket))


def test_a_wrong_number_registers_nothing(house: House) -> None:
    refused = house.try_create(caller_identity="110105194912310021")
    assert refused == t.Refused("invalid_field", {"field": "caller_identity", "problem": "bad_check"})
    with house.db() as session:
        assert session.execute(text("SELECT count(*) FROM tkt_ticket")).scalar() == 0


def test_a_whole_look_is_recorded_and_a_masked_one_shows_nothing(house: House) -> None:
    ticket = house.create(caller_identity=CARD)
    assert known(house, ticket, whole=False) == t.Identity("110***************", True, 1)
    assert house.ledger(ticket, "access") == []
    assert known(house, ticket) == t.Identity(CARD, False, 1)
    assert house.ledger(ticket, "access") == ["view"]
    assert house.breaks() == []


def test_a_look_at_a_protected_ticket_is_one_line(house: House) -> None:
    ticket = house.create(caller_identity=CARD, confidential=True)
    known(house, ticket)
    assert house.ledger(ticket, "access") == ["view"]


def test_units_are_told_nothing(house: House) -> None:
    ticket = house.dispatched(caller_identity=CARD)
    assert known(house, ticket, handler("bureau")) is None
    assert changed(house, ticket, "", 1, handler("bureau")) is None


def test_two_writers_one_wins(house: House) -> None:
    ticket = house.create()
    assert known(house, ticket) == t.Identity("", False, 0)
    assert changed(house, ticket, CARD, 0) == t.Identity(CARD, False, 1)
    assert changed(house, ticket, "护照 E1234", 0) == t.Refused("version")
    assert isinstance(changed(house, ticket, "110105194912310021", 1), t.Refused)
    assert changed(house, ticket, "", 1) == t.Identity("", False, 0)
    assert known(house, ticket) == t.Identity("", False, 0)


def test_it_goes_when_the_ticket_has_been_over_for_long_enough(house: House) -> None:
    ticket = house.dispatched(caller_identity=CARD)
    house.now += timedelta(days=100)
    assert forgotten(house, 90) == 0, "somebody still owes something"
    house.report(ticket)
    house.closed(ticket)
    house.now += timedelta(days=89)
    assert forgotten(house, 90) == 0
    house.now += timedelta(days=1)
    assert forgotten(house, 90) == 1
    assert known(house, ticket) == t.Identity("", False, 0)


@pytest.mark.parametrize(
    ("actor", "confidential", "told"),
    [(CENTRE, False, "110***************"), (CENTRE, True, ""), (handler("bureau"), False, "")],
)
def test_no_file_takes_it_out_whole(house: House, actor: t.Actor, confidential: bool, told: str) -> None:
    house.dispatched(caller_identity=CARD, confidential=confidential)
    with house.db() as session:
        viewer = t.viewer_of(house.desk.current(session), actor)
    exporter = Exporter(house.db, viewer, lambda one: one.confidential, house.now)
    rows = list(exporter.of_filter(t.TicketFilter(), SHANGHAI))
    assert [row["caller_identity"] for row in rows] == [told]
