"""Marks that were set by mistake are taken back, with a reason that stays on record, by who may."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select

import ticketing as t
from tests.kit.tickets import CENTRE, House, engine, handler  # noqa: F401
from ticketing.access import counted
from ticketing.tables import OutboxRow, TicketRow

pytestmark = pytest.mark.wire
OPERATOR = t.Actor("op2", frozenset({"operator"}))
DISPATCHER = t.Actor("d1", frozenset({"dispatcher"}))
MARKED = {
    "unmark_urgent": ("mark_urgent", {}),
    "unmark_major": ("mark_major", {}),
    "unmark_emergency": ("mark_emergency", {"kind": "险情"}),
    "lift_secrecy": ("keep_secret", {}),
    "clear_accused": ("name_accused", {"unit": "county"}),
}


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "demo")


def given(verb: str) -> dict[str, str]:
    return {"reason": "登记有误"} | ({"party": "accused_unit"} if verb == "clear_accused" else {})


def sees(house: House, actor: t.Actor, q: str = "") -> tuple[set[str], int]:
    """Ids in the actor's list, and the number in the actor's statistics."""
    with house.db() as session:
        eyes = t.viewer_of(house.office(), actor)
        page = t.list_tickets(session, t.TicketFilter(q=q), eyes)
        number = session.scalar(select(func.count()).select_from(TicketRow).where(counted(eyes))) or 0
    assert isinstance(page, t.Page)
    return {one.ticket_id for one in page.tickets}, number


@pytest.mark.parametrize("verb", MARKED)
def test_a_mark_is_taken_back_with_a_reason(house: House, verb: str) -> None:
    before = house.create()
    mark, said = MARKED[verb]
    wrong = "no_emergency" if verb == "unmark_emergency" else "not_marked"
    assert house.refused(before, verb, **given(verb)).reason == wrong
    marked = house.do(before, mark, **said)
    no_reason = house.refused(marked, verb, **given(verb) | {"reason": " "})
    assert (no_reason.reason, no_reason.detail["needs"]) == ("missing", ["reason"])
    after = house.do(marked, verb, **given(verb))
    fields = ("major", "emergency", "confidential", "accused_unit", "accused_person")
    assert [getattr(after, one) for one in fields] == [getattr(before, one) for one in fields]
    assert house.ledger(after, "history")[-2:] == [mark, verb]
    with house.db() as session:
        assert t.history(session, after.ticket_id, "history")[-1].body["reason"] == "登记有误"
    assert house.breaks() == []


@pytest.mark.parametrize(
    ("verb", "who"),
    [
        ("unmark_major", DISPATCHER),
        ("unmark_emergency", DISPATCHER),
        ("lift_secrecy", OPERATOR),
        ("clear_accused", OPERATOR),
        ("unmark_urgent", handler("bureau")),
    ],
)
def test_who_may_is_the_offices_choice(house: House, verb: str, who: t.Actor) -> None:
    mark, said = MARKED[verb]
    ticket = house.do(house.dispatched("bureau"), mark, **said)
    assert house.refused(ticket, verb, who, **given(verb)).reason == "not_allowed"
    role = {"zh": "员", "en": "Clerk", "sees": "all", "verbs": [verb]}
    with house.db.begin() as session:
        roles = {"roles": {"clerk": role}}
        assert t.change_setting(session, "roles", roles, 0, "admin", house.now) == 1
    clerk = t.Actor("c1", frozenset({"clerk"}))
    assert house.do(ticket, verb, clerk, **given(verb)).version == ticket.version + 1


def test_what_was_major_by_mistake_is_dispatched_without_the_leader(house: House) -> None:
    ticket = house.do(house.create(), "mark_major")
    assert house.refused(ticket, "dispatch", units=["bureau"]).reason == "leader_first"
    ticket = house.do(ticket, "unmark_major", reason="点错")
    assert house.do(ticket, "dispatch", units=["bureau"]).status == "delivered"


def test_an_emergency_is_urgent_as_long_as_it_is_one(house: House) -> None:
    ticket = house.do(house.create(), "mark_emergency", kind="险情")
    assert house.refused(ticket, "unmark_urgent", reason="x").reason == "still_emergency"
    ticket = house.do(ticket, "unmark_emergency", reason="误报")
    assert (ticket.emergency, ticket.urgent) == (None, True)
    assert house.refused(ticket, "report_emergency", to="带班领导", stage="first").reason == "no_emergency"
    assert not house.do(ticket, "unmark_urgent", reason="误报", version=ticket.version).urgent
    assert house.ledger(ticket, "emergency") == ["mark_emergency", "unmark_emergency"]
    with house.db() as session:
        told = [row.event for row in session.scalars(select(OutboxRow).order_by(OutboxRow.outbox_id))]
    assert told.count("emergency_taken_back") == 1


def test_who_was_wrongly_named_sees_the_ticket_again(house: House) -> None:
    """N2: lists, search, counts, the ticket itself and its events, for the unit and those below it."""
    ticket = house.dispatched("county", title="举报窗口收费")
    house.do(ticket, "name_accused", unit="county", person="op7")
    person = t.Actor("op7", frozenset({"supervisor"}))
    for actor in (handler("county"), person):
        assert sees(house, actor) == (set(), 0)
    assert house.attempt(ticket, "clear_accused", person, **given("clear_accused")) == t.Refused("not_found")
    ticket = house.do(ticket, "clear_accused", party="accused_unit", reason="名称相近")
    assert sees(house, handler("county"), "收费") == ({ticket.ticket_id}, 1)
    assert sees(house, person) == (set(), 0)
    assert house.refused(ticket, "clear_accused", party="accused_unit", reason="x").reason == "not_marked"
    assert house.refused(ticket, "clear_accused", party="title", reason="x").reason == "invalid_field"
    house.do(ticket, "clear_accused", party="accused_person", reason="同名")
    assert sees(house, person) == ({ticket.ticket_id}, 1)
    with house.db() as session:
        bodies = [row.body for row in session.scalars(select(OutboxRow).order_by(OutboxRow.outbox_id))]
    assert [body.get("hidden_from") for body in bodies[-2:]] == [["op7"], None]
    house.do(ticket, "dispatch", units=["county"])
    house.do(ticket, "sign", handler("county"), work=house.work(ticket, "county")["work_id"])


def test_secrecy_that_was_lifted_is_on_record_and_the_caller_is_known_again(house: House) -> None:
    ticket = house.dispatched("bureau", confidential=True, caller_name="王五", caller_number="13800138000")
    assert house.matter(ticket, handler("bureau"))["ticket"]["caller_name"] == ""
    ticket = house.do(ticket, "lift_secrecy", reason="来电人同意公开")
    assert house.matter(ticket, handler("bureau"))["ticket"]["caller_name"] == "王五"
    with house.db() as session:
        lines = [(one.verb, one.by, one.body) for one in t.history(session, ticket.ticket_id, "access")]
    assert lines[-2:] == [
        ("view", CENTRE.user_id, {"how": "lift_secrecy"}),
        ("lift_secrecy", CENTRE.user_id, {"reason": "来电人同意公开"}),
    ]


@pytest.mark.parametrize("verb", ["lift_secrecy", "clear_accused"])
def test_what_is_over_can_be_put_right_as_well(house: House, verb: str) -> None:
    ticket = house.closed(house.report(house.dispatched("bureau")))
    mark, said = MARKED[verb]
    ticket = house.do(house.do(ticket, mark, **said), "archive")
    assert house.do(ticket, verb, **given(verb)).status == "archived"
