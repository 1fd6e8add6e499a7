"""A ticket's life over HTTP: dispatched, worked on by its unit, reported; secrecy; papers; search and suggestions."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from agent_desktop.accounts import add_user, find_user
from hotline.database import sessions
from tests.wire.desk.databases import url  # noqa: F401
from tests.wire.desk.house import PASSWORD, House
from tests.wire.desk.server import Browser, browser_at, error_id, new_ticket
from ticketing.search_feed import Feed

pytestmark = pytest.mark.wire


@pytest.fixture
async def dispatcher(house: House, stranger: Browser) -> Browser:
    house.person("dispatch", "dispatcher")
    assert (await stranger.log_in("dispatch")).status_code == 200
    return stranger


@pytest.fixture
async def unit(house: House, dispatcher: Browser) -> AsyncIterator[Browser]:
    """A leader of the education bureau."""
    house.person("edu", "unit_leader", "education")
    async with Browser(dispatcher.port) as opened:
        assert (await opened.log_in("edu")).status_code == 200
        yield opened


async def act(browser: Browser, ticket_id: str, verb: str, *, work: str | None = None, **given: Any) -> httpx.Response:
    body = {"verb": verb, "given": given, "work_id": work}
    key = f"{verb}-{work}"
    return await browser.post(f"/api/v1/tickets/{ticket_id}/acts", json=body, headers={"idempotency-key": key})


async def registered(browser: Browser, **fields: Any) -> str:
    made = await new_ticket(browser, fields.pop("key", "k1"), **{"title": "学校补课收费", "kind": "complaint"} | fields)
    assert made.status_code == 201, made.text
    return str(made.json()["ticket"]["ticket_id"])


async def test_from_the_desk_to_the_unit_and_back(dispatcher: Browser, unit: Browser) -> None:
    ticket_id = await registered(dispatcher)
    assert (await unit.get("/api/v1/inbox")).json()["works"] == []
    sent = await act(dispatcher, ticket_id, "dispatch", units=["education"])
    assert sent.status_code == 200, sent.text
    works = (await unit.get("/api/v1/inbox")).json()["works"]
    assert [(work["status"], work["light"], work["ticket"]["ticket_id"]) for work in works] == [
        ("delivered", "green", ticket_id)
    ]
    signed = await act(unit, ticket_id, "sign")
    assert signed.json()["matter"]["works"][0]["status"] == "signed"
    explained = signed.json()["matter"]["works"][0]["explanation"]
    assert explained["trace"]
    assert "report" in signed.json()["matter"]["verbs"][works[0]["work_id"]]


async def test_what_a_role_may_not_do_is_forbidden(agent: Browser) -> None:
    ticket_id = await registered(agent)
    answer = await act(agent, ticket_id, "dispatch", units=["education"])
    assert (answer.status_code, error_id(answer)) == (403, "forbidden")


async def test_a_refusal_names_its_reason(dispatcher: Browser) -> None:
    ticket_id = await registered(dispatcher)
    answer = await act(dispatcher, ticket_id, "dispatch", units=["nobody"])
    assert error_id(answer) == "ticket_refused"
    assert answer.json()["error"]["detail"]["reason"] == "unknown_unit"


async def test_the_same_key_acts_once(dispatcher: Browser) -> None:
    ticket_id = await registered(dispatcher)
    first = await act(dispatcher, ticket_id, "mark_urgent")
    second = await act(dispatcher, ticket_id, "mark_urgent")
    assert first.json()["matter"]["ticket"]["version"] == second.json()["matter"]["ticket"]["version"]


async def test_an_outdated_act_shows_the_current_ticket(dispatcher: Browser) -> None:
    ticket_id = await registered(dispatcher)
    body = {"verb": "mark_urgent", "version": 0}
    answer = await dispatcher.post(
        f"/api/v1/tickets/{ticket_id}/acts", json=body, headers={"idempotency-key": "outdated"}
    )
    assert (answer.status_code, error_id(answer)) == (409, "ticket_conflict")
    assert answer.json()["error"]["detail"]["current"]["version"] == 1


async def test_the_accused_unit_never_learns_of_it(house: House, dispatcher: Browser, unit: Browser) -> None:
    ticket_id = await registered(dispatcher, text="补课")
    assert (await act(dispatcher, ticket_id, "name_accused", unit="education")).status_code == 200
    Feed(sessions(house.engine), house.doors.intake.index_folder).step()
    for path in (f"/api/v1/tickets/{ticket_id}/matter", f"/api/v1/tickets/{ticket_id}"):
        assert error_id(await unit.get(path)) == "not_found"
    nothing = {"total": 0, "found": [], "next_cursor": None}
    assert (await unit.get("/api/v1/search", params={"q": "补课"})).json() == nothing
    assert (await dispatcher.get("/api/v1/search", params={"q": "补课"})).json()["total"] == 1
    async with Browser(dispatcher.port) as chief:
        await chief.log_in("chief")
        lines = (await chief.get("/api/v1/ledger", params={"name": "access"})).json()["lines"]
    assert "refuse" in {line["verb"] for line in lines}


async def test_a_confidential_caller_stays_unknown_on_the_matters_page(house: House, dispatcher: Browser) -> None:
    async with Browser(dispatcher.port) as chief:
        await chief.log_in("chief")
        fields = {"confidential": True, "caller_name": "李四", "caller_number": "13800138000"}
        ticket_id = await registered(chief, **fields)
        assert (await chief.get(f"/api/v1/tickets/{ticket_id}/matter")).json()["matter"]["ticket"][
            "caller_name"
        ] == "李四"
    shown = (await dispatcher.get(f"/api/v1/tickets/{ticket_id}/matter")).text
    assert "李四" not in shown
    assert "13800138000" not in shown


async def issued(browser: Browser, path: str, kind: str, key: str) -> httpx.Response:
    return await browser.post(path, json={"kind": kind}, headers={"idempotency-key": key})


async def test_a_paper_keeps_its_number_and_its_words(dispatcher: Browser) -> None:
    ticket_id = await registered(dispatcher)
    path = f"/api/v1/tickets/{ticket_id}/papers"
    made = [(await issued(dispatcher, path, "dispatch_order", key)).json()["paper"] for key in ("1", "2")]
    assert (await issued(dispatcher, path, "dispatch_order", "2")).json()["paper"] == made[1], "sent again: no third"
    assert [one["number"] for one in made] == ["交办〔2026〕1号", "交办〔2026〕2号"]
    assert (await dispatcher.get(path)).json()["papers"] == made
    before = (await dispatcher.get(f"/api/v1/papers/{made[0]['paper_id']}.docx")).content
    await dispatcher.put(f"/api/v1/tickets/{ticket_id}", json={"version": 1, "title": "改了"})
    after = (await dispatcher.get(f"/api/v1/papers/{made[0]['paper_id']}.docx")).content
    words = [zipfile.ZipFile(io.BytesIO(one)).read("word/document.xml") for one in (before, after)]
    assert words[0] == words[1]
    assert "学校补课收费".encode() in words[0]
    assert error_id(await issued(dispatcher, path, "poem", "3")) == "unknown_paper"
    assert error_id(await dispatcher.get("/api/v1/papers/999.pdf")) == "not_found"


async def test_what_is_typed_brings_suggestions_and_the_same_matter(house: House, dispatcher: Browser) -> None:
    text = "东湖新城小区旁边的搅拌站噪音扰民，灰尘很大"
    ticket_id = await registered(dispatcher, title="搅拌站噪音", text=text, caller_number="13800138000")
    Feed(sessions(house.engine), house.doors.intake.index_folder).step()
    house.doors.intake.warm()
    typed = {"title": "投诉搅拌站", "text": "东湖新城附近搅拌站噪音、扬尘污染", "caller_number": "13900139000"}
    found = (await dispatcher.post("/api/v1/intake/alike", json=typed)).json()["tickets"]
    assert [(one["ticket"]["ticket_id"], one["shared_place"], one["same_caller"]) for one in found] == [
        (ticket_id, "东湖新城", False)
    ]
    elsewhere = typed | {"text": "金桥花园附近搅拌站噪音、扬尘污染"}
    assert (await dispatcher.post("/api/v1/intake/alike", json=elsewhere)).json()["tickets"] == []
    suggested = (await dispatcher.post("/api/v1/intake/suggestions", json=typed)).json()
    assert suggested["category"]["suggestions"][0]["reasons"]
    assert suggested["urgency"]["suggestions"] == []


@pytest.mark.parametrize("what", ["model", "index"])
async def test_a_desk_starts_though_what_suggests_is_broken(house: House, what: str) -> None:
    intake = house.doors.intake
    broken = intake.index_folder if what == "index" else intake.index_folder.with_name("category.joblib")
    broken.write_bytes(b"nothing of use")
    if what == "model":
        intake.models = {"category": broken}
    with pytest.raises(Exception, match=r"."):  # whatever the library says
        intake.warm()
    async with browser_at(house) as visitor:
        assert (await visitor.log_in("root")).status_code == 200


async def test_a_setting_holds_at_once_and_the_ledgers_stay_whole(house: House, dispatcher: Browser) -> None:
    async with Browser(dispatcher.port) as root:
        await root.log_in("root")
        units = [{"unit_id": "only", "zh": "唯一", "en": "Only", "kind": "department", "parent": None}]
        change = {"version": 0, "value": {"units": units}}
        assert (await root.put("/api/v1/settings/units", json=change)).status_code == 200
        assert error_id(await root.put("/api/v1/settings/units", json=change)) == "setting_conflict"
        assert (await root.get("/api/v1/settings/units")).json()["version"] == 1
    shown = (await dispatcher.get("/api/v1/dictionary")).json()["units"]
    assert [unit["unit_id"] for unit in shown] == ["only"]
    async with Browser(dispatcher.port) as chief:
        await chief.log_in("chief")
        assert (await chief.get("/api/v1/ledger/proof")).json() == {"breaks": []}
        page = (await chief.get("/api/v1/ledger", params={"limit": 1})).json()
        assert page["lines"][0]["ledger"] == "settings"


async def test_the_regulation_shows_what_it_is_silent_about(dispatcher: Browser) -> None:
    pack = (await dispatcher.get("/api/v1/rulepack")).json()["pack"]
    assert pack["versions"]


async def test_the_person_complained_about_is_named_by_name_and_sees_it_no_more(
    house: House, dispatcher: Browser, unit: Browser
) -> None:
    """N2: what is written is a name, what the matter is kept from is the account."""
    ticket_id = await registered(dispatcher)
    await act(dispatcher, ticket_id, "dispatch", units=["education"])
    assert (await unit.get(f"/api/v1/tickets/{ticket_id}")).status_code == 200
    with house.read() as session:
        called = find_user(session, "edu")
    assert called is not None
    named = await act(dispatcher, ticket_id, "name_accused", person=called.display_name)
    assert named.status_code == 200, named.text
    assert named.json()["matter"]["ticket"]["accused_person"] == called.display_name
    assert (await unit.get(f"/api/v1/tickets/{ticket_id}")).status_code == 404
    assert (await unit.get("/api/v1/inbox")).json()["works"] == []


async def test_of_several_people_with_one_name_the_log_in_is_asked_for(house: House, dispatcher: Browser) -> None:
    ticket_id = await registered(dispatcher)
    with house.write.begin() as session:
        for username in ("wang1", "wang2"):
            add_user(
                session,
                username=username,
                password=PASSWORD,
                display_name="王伟",
                roles=["unit_handler"],
                unit_id="education",
                now=house.clock(),
            )
    refused = await act(dispatcher, ticket_id, "name_accused", person="王伟")
    assert refused.status_code == 422
    assert refused.json()["error"]["detail"]["usernames"] == ["wang1", "wang2"]


async def test_secrecy_is_lifted_by_who_may_know_everything(house: House, dispatcher: Browser) -> None:
    """Whoever may not see the caller does not make the caller seen, whatever the office's roles say."""
    house.person("boss", "supervisor")
    house.person("clerk", "agent")
    async with Browser(dispatcher.port) as clerk:
        assert (await clerk.log_in("clerk")).status_code == 200
        ticket_id = await registered(clerk, confidential=True, caller_name="王五", caller_number="13800138000")
    address = f"/api/v1/tickets/{ticket_id}"
    assert (await dispatcher.get(address)).json()["ticket"]["caller_name"] == ""
    refused = await act(dispatcher, ticket_id, "lift_secrecy", reason="来电人同意")
    assert refused.status_code == 403
    async with Browser(dispatcher.port) as boss:
        assert (await boss.log_in("boss")).status_code == 200
        lifted = await act(boss, ticket_id, "lift_secrecy", reason="来电人同意")
        assert lifted.status_code == 200, lifted.text
        lines = (await boss.get("/api/v1/ledger", params={"name": "access"})).json()["lines"]
    assert (await dispatcher.get(address)).json()["ticket"]["caller_name"] == "王五"
    assert [line["verb"] for line in lines if line["ticket_id"] == ticket_id][:2] == ["lift_secrecy", "view"]
