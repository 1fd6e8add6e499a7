"""The caller's identity document over HTTP: for the office, in full for few, never for units."""

from __future__ import annotations

import pytest

from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, browser_at, error_id, new_ticket

pytestmark = pytest.mark.wire

CARD = "11010519491231002X"


async def path_of(agent: Browser, **fields: object) -> str:
    made = await new_ticket(agent, **{"caller_identity": CARD} | fields)
    assert made.status_code == 201, made.text
    assert CARD not in made.text
    return f"/api/v1/tickets/{made.json()['ticket']['ticket_id']}"


async def test_whoever_wrote_it_sees_it_whole_and_the_ticket_never_holds_it(agent: Browser) -> None:
    path = await path_of(agent)
    answer = await agent.get(f"{path}/caller-identity")
    assert answer.json() == {"identity": {"number": CARD, "masked": False, "version": 1}}
    for other in ("", "/history", "/matter"):
        assert CARD not in (await agent.get(path + other)).text


async def test_others_of_the_office_see_that_there_is_one(house: House, agent: Browser) -> None:
    path = await path_of(agent)
    async with browser_at(house) as other:
        await other.log_in("agent2")
        answer = await other.get(f"{path}/caller-identity")
        assert answer.json()["identity"] == {"number": "110***************", "masked": True, "version": 1}


async def test_a_confidential_callers_is_refused(house: House, agent: Browser) -> None:
    path = await path_of(agent, confidential=True)
    async with browser_at(house) as other:
        await other.log_in("agent2")
        assert error_id(await other.get(f"{path}/caller-identity")) == "forbidden"
        body = {"number": "", "version": 1}
        assert error_id(await other.put(f"{path}/caller-identity", json=body)) == "forbidden"


async def test_it_is_corrected_by_version(agent: Browser) -> None:
    path = await path_of(agent)
    body = {"number": "440524188001010014", "version": 1}
    assert (await agent.put(f"{path}/caller-identity", json=body)).json()["identity"]["version"] == 2
    again = await agent.put(f"{path}/caller-identity", json=body)
    assert (again.status_code, error_id(again)) == (409, "ticket_conflict")
    slip = await agent.put(f"{path}/caller-identity", json={"number": "440524188001010015", "version": 2})
    assert slip.json()["error"]["detail"] == {
        "reason": "invalid_field",
        "field": "caller_identity",
        "problem": "bad_check",
    }
    assert "440524" not in slip.text


async def test_a_slip_registers_nothing(agent: Browser) -> None:
    made = await new_ticket(agent, caller_identity="110105194912310021")
    assert (made.status_code, made.json()["error"]["detail"]["problem"]) == (422, "bad_check")


async def test_the_guide_says_which_forms_ask_for_it(agent: Browser) -> None:
    guide = (await agent.get("/api/v1/form-guide")).json()["guide"]
    assert guide["identity_kinds"] == ["report"]


async def test_a_half_filled_form_does_not_keep_it(agent: Browser) -> None:
    body = {"title": "路灯", "caller_identity": CARD}
    for saved in (
        await agent.put("/api/v1/drafts/call-1", json={"body": body, "version": 0}),
        await agent.get("/api/v1/drafts/call-1"),
    ):
        assert saved.json()["draft"]["body"] == {"title": "路灯"}
