"""Who must not see a ticket does not see it anywhere: lists, counts, pages, errors, events; and it is on record."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select

import ticketing as t
from tests.kit.tickets import CENTRE, House, engine, handler, leader  # noqa: F401
from ticketing.access import counted
from ticketing.tables import OutboxRow, TicketRow

pytestmark = pytest.mark.wire


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "demo")


def viewer(house: House, actor: t.Actor) -> t.Viewer:
    return t.viewer_of(house.office(), actor)


def listed(house: House, actor: t.Actor, **wanted: object) -> set[str]:
    """Ids of the tickets the actor's list shows."""
    with house.db() as session:
        page = t.list_tickets(session, t.TicketFilter(**wanted), viewer(house, actor))  # type: ignore[arg-type]
    assert isinstance(page, t.Page)
    return {ticket.ticket_id for ticket in page.tickets}


def count(house: House, actor: t.Actor) -> int:
    with house.db() as session:
        return session.scalar(select(func.count()).select_from(TicketRow).where(counted(viewer(house, actor)))) or 0


def opened(house: House, ticket: t.Ticket, actor: t.Actor) -> t.Ticket | None:
    with house.db.begin() as session:
        return t.open_ticket(session, ticket.ticket_id, viewer(house, actor), house.now)


def accused_of(house: House, unit: str, handled_by: str) -> t.Ticket:
    ticket = house.create(accused_unit=unit, caller_key="861380", contact_id="c9", title="举报窗口收费")
    return house.do(ticket, "dispatch", units=[handled_by])


def test_the_accused_unit_and_those_below_it_see_nothing(house: House) -> None:
    ticket = accused_of(house, "county", "bureau")
    for unit in ("county", "township", "village"):
        actor = handler(unit)
        assert listed(house, actor) == set()
        assert listed(house, actor, q="收费") == set()
        assert count(house, actor) == 0
        assert opened(house, ticket, actor) is None
        assert house.attempt(ticket, "sign", actor) == t.Refused("not_found")
        eyes = viewer(house, actor)
        with house.db() as session:
            assert t.get_ticket(session, ticket.ticket_id, eyes) is None
            assert t.tickets_of_number(session, "861380", eyes) == []
            assert t.tickets_of_contact(session, "c9", eyes) == []
    assert listed(house, handler("bureau")) == {ticket.ticket_id}


def test_a_missing_and_a_hidden_ticket_answer_alike(house: House) -> None:
    ticket = accused_of(house, "county", "bureau")
    missing = t.Act(ticket_id="none", verb="sign", actor=handler("county"))
    with house.db.begin() as session:
        no_such = t.perform(session, house.desk.current(session), missing, house.now)
    assert house.attempt(ticket, "sign", handler("county")) == no_such == t.Refused("not_found")


def test_the_unit_above_the_accused_may_handle_it(house: House) -> None:
    ticket = house.create(accused_unit="township")
    ticket = house.do(ticket, "dispatch", units=["county"])
    house.do(ticket, "sign", handler("county"))
    refused = house.refused(ticket, "sub_dispatch", leader("county"), units=["township"])
    assert refused.reason == "accused_unit"


def test_being_accused_later_takes_the_work_away(house: House) -> None:
    ticket = house.dispatched("county")
    house.do(ticket, "sub_dispatch", leader("county"), units=["township"])
    assert listed(house, handler("township")) == {ticket.ticket_id}
    ticket = house.do(ticket, "name_accused", unit="township")
    assert listed(house, handler("township")) == set()
    assert house.work(ticket, "township")["status"] == "withdrawn"
    assert (ticket.status, ticket.unit) == ("handling", "county")
    ticket = house.do(ticket, "name_accused", unit="county")
    assert (ticket.status, ticket.unit) == ("registered", None)


def test_an_accused_person_sees_nothing_wherever_the_desk(house: House) -> None:
    ticket = house.create(accused_person="op7")
    assert ticket.ticket_id not in listed(house, t.Actor("op7", frozenset({"operator"})))
    assert opened(house, ticket, t.Actor("op7", frozenset({"supervisor"}))) is None
    assert house.attempt(ticket, "answer", t.Actor("op7", frozenset({"supervisor"})), reply="x") == (
        t.Refused("not_found")
    )
    assert ticket.ticket_id in listed(house, t.Actor("op8", frozenset({"operator"})))


@pytest.mark.parametrize("scope", ["ticket", "unit", "caller"])
def test_a_recused_person_sees_nothing(house: House, scope: str) -> None:
    ticket = house.create(caller_key="861380", accused_unit="company")
    other = house.create()
    scope_id = {"ticket": ticket.ticket_id, "unit": "company", "caller": "861380"}[scope]
    interested = t.Actor("op3", frozenset({"supervisor"}))
    with house.db.begin() as session:
        made = t.declare_recusal(session, "op3", scope, scope_id, "亲属", by="op3", now=house.now)  # type: ignore[arg-type]
        assert made == t.declare_recusal(session, "op3", scope, scope_id, "亲属", by="op3", now=house.now)  # type: ignore[arg-type]
    assert isinstance(made, str)
    assert listed(house, interested) == {other.ticket_id}
    assert count(house, interested) == 1
    assert house.attempt(ticket, "mark_urgent", interested) == t.Refused("not_found")
    with house.db.begin() as session:
        assert t.end_recusal(session, made, "已调离", by="sup1", now=house.now) is None
        assert t.end_recusal(session, made, "已调离", by="sup1", now=house.now) == t.Refused("not_found")
    assert listed(house, interested) == {ticket.ticket_id, other.ticket_id}


def test_whoever_handles_a_unit_they_are_tied_to_is_kept_out(house: House) -> None:
    ticket = house.dispatched("bureau")
    with house.db.begin() as session:
        t.declare_recusal(session, "op3", "unit", "bureau", "配偶任职", by="op3", now=house.now)
    assert ticket.ticket_id not in listed(house, t.Actor("op3", frozenset({"supervisor"})))


def test_units_see_only_what_they_work_on(house: House) -> None:
    mine, other = house.dispatched("bureau"), house.dispatched("company")
    assert listed(house, handler("bureau")) == {mine.ticket_id}
    assert opened(house, other, handler("bureau")) is None
    house.do(mine, "sub_dispatch", leader("bureau"), units=["bureau-office"])
    assert listed(house, handler("bureau-office")) == {mine.ticket_id}


def test_a_unit_sees_its_own_part_only(house: House) -> None:
    ticket = house.dispatched("bureau", "company")
    house.do(ticket, "sign", handler("company"))
    house.do(ticket, "report", leader("company"), result="内部情况", items=[])
    seen = house.matter(ticket, handler("bureau"))
    assert {work["unit_id"] for work in seen["works"]} == {"bureau"}
    assert seen["reports"] == seen["duties"] == seen["opinions"] == []
    assert set(seen["verbs"]) == {"ticket", house.work(ticket, "bureau")["work_id"]}


@pytest.mark.parametrize("role", ["statistics", "admin"])
def test_who_is_shown_numbers_sees_no_ticket(house: House, role: str) -> None:
    ticket = house.create()
    actor = t.Actor("st1", frozenset({role}))
    assert listed(house, actor) == set()
    assert opened(house, ticket, actor) is None
    assert count(house, actor) == 1


def test_every_view_and_every_refusal_is_in_the_access_ledger(house: House) -> None:
    ticket = accused_of(house, "county", "bureau")
    opened(house, ticket, CENTRE)
    opened(house, ticket, handler("county"))
    house.attempt(ticket, "sign", handler("county"))
    with house.db() as session:
        lines = [(line.verb, line.by, line.body["how"]) for line in t.history(session, ticket.ticket_id, "access")]
    assert lines[-3:] == [
        ("view", "sup1", "open"),
        ("refuse", "county-handler", "open"),
        ("refuse", "county-handler", "sign"),
    ]
    assert house.breaks() == []


def test_an_unprotected_ticket_is_looked_at_without_a_line(house: House) -> None:
    ticket = house.create()
    opened(house, ticket, CENTRE)
    assert house.ledger(ticket, "access") == []


def test_events_name_those_who_must_not_learn_of_it(house: House) -> None:
    ticket = house.create(accused_unit="county", accused_person="op7")
    house.do(ticket, "dispatch", units=["bureau"])
    with house.db() as session:
        bodies = [row.body for row in session.scalars(select(OutboxRow))]
    assert bodies
    for body in bodies:
        assert body["hidden_from"] == ["county", "op7"]
        assert not {"title", "text", "caller_name", "caller_number"} & set(body)


def test_a_link_does_not_betray_a_hidden_ticket(house: House) -> None:
    hidden = house.create(accused_person="op7")
    mine = house.create()
    actor = t.Actor("op7", frozenset({"supervisor"}))
    assert house.refused(mine, "link", actor, to=hidden.ticket_id) == house.refused(mine, "link", actor, to="none")
    made = house.create(by="op7", same_matter_as=hidden.ticket_id)
    assert made.matter_id is None


def test_who_asked_to_stay_unknown_is_unknown_to_units(house: House) -> None:
    ticket = house.dispatched("bureau", confidential=True, caller_name="王五", caller_number="138", caller_key="86138")
    with house.db() as session:
        page = t.list_tickets(session, t.TicketFilter(), viewer(house, handler("bureau")))
    assert isinstance(page, t.Page)
    assert [(one.caller_name, one.caller_number) for one in page.tickets] == [("", "")]
    assert house.matter(ticket, handler("bureau"))["ticket"]["caller_name"] == ""


def test_a_caller_may_ask_for_secrecy_when_all_is_over(house: House) -> None:
    ticket = house.closed(house.report(house.dispatched("bureau")))
    assert house.do(ticket, "keep_secret").confidential
    answered = house.do(house.create(), "answer", reply="好")
    house.do(answered, "name_accused", unit="county")
    assert house.matter(answered)["ticket"]["accused_unit"] == "county"
