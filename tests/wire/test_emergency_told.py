"""L4: of an emergency the leader and the duty office are told at once, each once, and nobody from whom it is kept."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine

import ticketing as t
from agent_desktop import add_user
from agent_desktop.accounts import find_user
from tests.kit.http_receiver import Receiver, receiver  # noqa: F401
from tests.kit.tickets import UNITS, House, engine  # noqa: F401
from tests.wire.test_channels import run, sms

pytestmark = pytest.mark.wire
LEADER, DUTY_OFFICE = "13900139001", "13900139002"


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    """Kunming; the duty office is one of its units, the leader has a log-in."""
    made = House(engine, "kunming")
    units = [{"unit_id": one.unit_id, "zh": one.zh, "en": one.en, "kind": one.kind} for one in UNITS]
    units.append(
        {"unit_id": "duty", "zh": "市政府总值班室", "en": "Duty office", "kind": "party", "mobile": DUTY_OFFICE}
    )
    with made.db.begin() as session:
        assert t.change_setting(session, "units", {"units": units}, 0, "root", made.now) == 1
        said = t.setting_in_force(made.desk.current(session), "messages")
        assert said is not None
        for one in said["message"]:
            if one["receiver"] == "带班领导":
                one |= {"receiver": "leader1", "address": LEADER}
        assert t.change_setting(session, "messages", said, 0, "root", made.now) == 1
    return made


@pytest.fixture
def leader(house: House) -> str:
    """The user id of the leader on duty; accounts outlive a test of the shared database."""
    with house.db.begin() as session:
        made = find_user(session, "leader1") or add_user(
            session,
            username="leader1",
            password="a long password",
            display_name="李带班",
            roles=["duty_leader"],
            now=house.now,
        )
    return made.user_id


def told(receiver: Receiver) -> list[tuple[str, str]]:  # noqa: F811
    """Number and text of everything that was sent so far."""
    said = [json.loads(body) for _, body in receiver.posted]
    return sorted((one["phones"][0], one["msg"]["content"]) for one in said)


def test_leader_and_duty_office_are_told_at_once_and_once(
    house: House,
    leader: str,
    receiver: Receiver,  # noqa: F811
) -> None:
    ticket = house.do(house.create(title="内部标题"), "mark_emergency", kind="爆炸")
    again = house.refused(ticket, "mark_emergency", kind="火灾")
    assert again.reason == "already_emergency"
    for _ in range(3):
        run(house, sms=sms(house, receiver))
    text = f"【12345热线】突发事件（爆炸），工单{ticket.number}，请立即处置。"
    assert told(receiver) == [(LEADER, text), (DUTY_OFFICE, text)]
    receiver.posted.clear()
    house.do(ticket, "unmark_emergency", reason="误报")
    run(house, sms=sms(house, receiver))
    assert [to for to, _ in told(receiver)] == [LEADER, DUTY_OFFICE]


@pytest.mark.parametrize(
    ("accused", "left"),
    [({"unit": "duty"}, [LEADER]), ({"person": "leader"}, [DUTY_OFFICE]), ({"person": "别人"}, [LEADER, DUTY_OFFICE])],
)
def test_who_is_complained_about_is_not_told(
    house: House,
    leader: str,
    receiver: Receiver,  # noqa: F811
    accused: dict[str, str],
    left: list[str],
) -> None:
    given = {name: leader if value == "leader" else value for name, value in accused.items()}
    ticket = house.do(house.create(), "name_accused", **given)
    house.do(ticket, "mark_emergency", kind="爆炸")
    run(house, sms=sms(house, receiver))
    assert [to for to, _ in told(receiver)] == left


def test_who_is_accused_before_the_text_leaves_is_not_told(
    house: House,
    leader: str,
    receiver: Receiver,  # noqa: F811
) -> None:
    ticket = house.do(house.create(), "mark_emergency", kind="爆炸")
    house.do(ticket, "name_accused", person=leader)
    run(house, sms=sms(house, receiver))
    assert [to for to, _ in told(receiver)] == [DUTY_OFFICE]


def test_who_declared_an_interest_is_not_told(house: House, leader: str, receiver: Receiver) -> None:  # noqa: F811
    ticket = house.create()
    with house.db.begin() as session:
        t.declare_recusal(session, leader, "ticket", ticket.ticket_id, "亲属", by="sup1", now=house.now)
    house.do(ticket, "mark_emergency", kind="爆炸")
    run(house, sms=sms(house, receiver))
    assert [to for to, _ in told(receiver)] == [DUTY_OFFICE]


def test_the_chain_of_reports_has_its_order_and_its_dates(house: House) -> None:
    ticket = house.do(house.create(), "mark_emergency", kind="爆炸")
    for stage, minutes in (("first", 5), ("follow_up", 60), ("follow_up", 60), ("final", 600)):
        house.later(minutes=minutes)
        house.do(ticket, "report_emergency", stage=stage, to="市政府总值班室")
    for stage in ("first", "follow_up", "final"):
        late = house.refused(ticket, "report_emergency", stage=stage, to="市政府总值班室")
        assert late.reason == "report_out_of_order"
    assert house.refused(ticket, "report_emergency", stage="x", to="x").reason == "invalid_field"
    shown = house.matter(ticket)["emergency_reports"]
    assert [one["stage"] for one in shown] == ["first", "follow_up", "follow_up", "final"]
    assert [one["at"][:16] for one in shown] == sorted({one["at"][:16] for one in shown})
    house.do(ticket, "unmark_emergency", reason="误报")
    ticket = house.do(ticket, "mark_emergency", kind="火灾")
    assert house.matter(ticket)["emergency_reports"] == [], "another emergency has its own chain"
    house.do(ticket, "report_emergency", stage="first", to="带班领导")


@pytest.mark.parametrize(
    ("change", "named"),
    [({"receiver": ""}, "receiver"), ({"on": "ticket_created"}, "alarmed"), ({"text": "{code}"}, "code")],
)
def test_a_text_that_could_go_astray_is_refused(house: House, change: dict[str, str], named: str) -> None:
    own = {"id": "x", "on": "ticket_emergency", "by": "sms", "to": "alarmed", "receiver": "领导", "text": "ok"} | change
    with house.db.begin() as session:
        answer = t.change_setting(session, "messages", {"message": [own]}, 1, "root", house.now)
    assert isinstance(answer, t.Refused)
    assert named in answer.detail["problem"]
