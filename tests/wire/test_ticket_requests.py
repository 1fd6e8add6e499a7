"""What a unit may ask for (return, more time, termination), what is done again, promised or reviewed."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

import ticketing as t
from tests.kit.tickets import House, engine, handler  # noqa: F401

pytestmark = pytest.mark.wire


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "demo")


def test_a_return_is_ruled_on_and_locked(house: House) -> None:
    ticket = house.dispatched("bureau")
    ticket = house.do(ticket, "request_return", handler("bureau"), reason="非本单位职责")
    assert ticket.status == "return_requested"
    ticket = house.do(ticket, "refuse_return", work=house.work(ticket, "bureau")["work_id"], ruling="属其职责")
    assert ticket.status == "handling"
    locked = house.refused(ticket, "request_return", handler("bureau"), reason="再次申请")
    assert (locked.reason, locked.detail["why"]) == ("return_locked", "refused")


def test_an_approved_return_starts_a_full_clock_for_the_next_unit(house: House) -> None:
    ticket = house.dispatched("bureau")
    citizen = ticket.citizen_due_at
    ticket = house.do(ticket, "request_return", handler("bureau"), reason="非本单位职责")
    house.clock("2025-06-04T10:00")
    ticket = house.do(ticket, "approve_return", work=house.work(ticket, "bureau")["work_id"])
    assert (ticket.status, ticket.unit, ticket.due_at) == ("registered", None, citizen)
    house.clock("2025-06-05T10:00")
    ticket = house.do(ticket, "dispatch", units=["company"])
    assert house.due(ticket, "company") == "2025-06-19T23:59:59"
    assert ticket.citizen_due_at == citizen


def test_the_window_for_returning_closes(house: House) -> None:
    ticket = house.dispatched("bureau")
    house.clock("2025-06-04T23:59:59")
    assert house.work(ticket, "bureau")["return_due_at"] is not None
    house.clock("2025-06-05T00:00:00")
    assert house.refused(ticket, "request_return", handler("bureau"), reason="晚了").reason == "too_late"


def test_a_designated_unit_keeps_it(house: House) -> None:
    ticket = house.dispatched("bureau")
    house.do(ticket, "designate", work=house.work(ticket, "bureau")["work_id"], how="designated")
    assert house.refused(ticket, "request_return", handler("bureau"), reason="不归我").reason == "return_locked"


def test_an_extension_counts_from_the_old_date(house: House) -> None:
    ticket = house.dispatched("bureau")
    assert house.due(ticket) == "2025-06-17T23:59:59"
    assert house.refused(ticket, "request_extension", handler("bureau"), days=3).reason == "missing"
    assert house.refused(ticket, "request_extension", handler("bureau"), days=11, reason="难").reason == "too_long"
    ticket = house.do(ticket, "request_extension", handler("bureau"), days=3, reason="需要采购")
    assert house.due(ticket) == "2025-06-17T23:59:59"
    ticket = house.do(ticket, "approve_extension", work=house.work(ticket, "bureau")["work_id"])
    assert house.due(ticket) == "2025-06-20T23:59:59"
    assert ticket.status == "handling"
    explanation = house.work(ticket, "bureau")["explanation"]
    assert [step["article"] for step in explanation["steps"]] == ["demo:7", "demo:11"]
    assert explanation["conventions"]["C8"] == "old_due"


def test_an_extension_is_filed_before_the_date(house: House) -> None:
    ticket = house.dispatched("bureau")
    house.clock("2025-06-18T00:00:00")
    assert house.refused(ticket, "request_extension", handler("bureau"), days=3, reason="难").reason == "too_late"


def test_a_refused_extension_leaves_it_late_since_the_old_date(house: House) -> None:
    ticket = house.dispatched("bureau")
    house.do(ticket, "request_extension", handler("bureau"), days=3, reason="难")
    house.clock("2025-06-18T09:00")
    assert house.sweep().overdue == 1
    house.do(ticket, "refuse_extension", work=house.work(ticket, "bureau")["work_id"], ruling="不同意")
    work = house.work(ticket, "bureau")
    assert (work["overdue"], work["light"]) == (True, "red")


def test_extensions_run_out(house: House) -> None:
    ticket = house.dispatched("bureau")
    for _ in range(2):
        house.do(ticket, "request_extension", handler("bureau"), days=1, reason="难")
        house.do(ticket, "approve_extension", work=house.work(ticket, "bureau")["work_id"])
    assert house.refused(ticket, "request_extension", handler("bureau"), days=1, reason="难").reason == (
        "no_extension_left"
    )


def test_a_dropped_request_does_not_count(house: House) -> None:
    ticket = house.dispatched("bureau")
    for _ in range(3):
        house.do(ticket, "request_extension", handler("bureau"), days=1, reason="难")
        assert house.do(ticket, "drop_request", handler("bureau")).status == "handling"


def test_a_clock_stands_still_where_the_pack_says_so(house: House) -> None:
    ticket = house.dispatched("bureau")
    ticket = house.do(ticket, "request_termination", handler("bureau"), ground="caller_refuses", reason="拒不配合")
    house.clock("2025-06-06T09:00")
    work = house.work(ticket, "bureau")["work_id"]
    ticket = house.do(ticket, "refuse_termination", work=work, ruling="继续办理")
    assert house.due(ticket) == "2025-06-19T23:59:59"
    assert house.work(ticket, "bureau")["explanation"]["pauses"][0]["why"] == "termination_requested"


def test_termination_is_reviewed_and_explained(house: House) -> None:
    ticket = house.dispatched("bureau")
    asked = {"ground": "not_accept", "reason": "已进入诉讼"}
    assert house.refused(ticket, "request_termination", handler("bureau"), **asked).reason == "unknown_code"
    ticket = house.do(ticket, "request_termination", handler("bureau"), **asked, code="D1")
    ticket = house.do(ticket, "approve_termination", work=house.work(ticket, "bureau")["work_id"])
    assert ticket.status == "terminated"
    assert house.refused(ticket, "close").reason == "missing"
    assert house.do(ticket, "close", explanation="已向来电人说明").status == "closed"


def test_redo_starts_the_limit_again(house: House) -> None:
    ticket = house.report(house.dispatched("bureau"))
    house.clock("2025-06-10T09:00")
    ticket = house.do(ticket, "redo", reason="没有回答问题")
    assert (ticket.status, house.due(ticket)) == ("handling", "2025-06-24T23:59:59")
    assert house.ledger(ticket, "redo") == ["redo"]
    assert house.closed(house.report(ticket)).status == "closed"


def test_a_promise_wakes_up(house: House) -> None:
    ticket = house.report(house.dispatched("bureau"))
    ticket = house.do(ticket, "pass_review")
    early = house.refused(ticket, "promise", condition="管网改造后", wake_at="2025-06-01T00:00:00+08:00")
    assert early.detail["problem"] == "not_later"
    ticket = house.do(ticket, "promise", condition="管网改造后", wake_at="2025-09-01T08:00:00+08:00")
    assert ticket.status == "promised"
    house.clock("2025-08-31T23:00")
    assert not house.sweep()
    house.clock("2025-09-01T08:00")
    assert house.sweep().woken == 1
    assert house.matter(ticket)["ticket"]["status"] == "handling"


def test_review_has_as_many_stages_as_the_regulation(house: House) -> None:
    ticket = house.closed(house.report(house.dispatched("bureau")))
    ticket = house.do(ticket, "request_review", t.CITIZEN, reason="不服")
    ticket = house.do(ticket, "uphold", conclusion="维持")
    ticket = house.do(ticket, "request_review", t.CITIZEN, reason="仍不服")
    ticket = house.do(ticket, "overturn", conclusion="重新办理")
    assert ticket.status == "handling"
    ticket = house.closed(house.report(ticket))
    assert house.refused(ticket, "request_review", t.CITIZEN, reason="再不服").reason == "no_review_left"
