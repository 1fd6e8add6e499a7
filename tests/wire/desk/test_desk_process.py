"""The desk as it is really wired: settings, database, the true bridge; the manager interface plays captures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

import cti
import recordings
from agent_desktop import add_user
from hotline import migrations
from hotline.database import build_engine, sessions
from hotline.settings import Settings
from hotline.wiring import DeskProcess, utc_now
from tests.wire.desk.fake_ami import FakeAmi, captured, fake_ami
from tests.wire.desk.house import PASSWORD
from tests.wire.desk.server import Browser, serving, until

pytestmark = pytest.mark.wire

AGENT = "agent-8101"
"""The agent's name in the captures."""


@pytest.fixture
async def ami() -> AsyncIterator[FakeAmi]:
    async with fake_ami() as fake:
        yield fake


@pytest.fixture
def settings(tmp_path: Path, ami: FakeAmi) -> Settings:
    return Settings(home=tmp_path, ami_port=ami.port, demo=True)


@pytest.fixture
def database(settings: Settings) -> sessionmaker[Session]:
    engine = build_engine(settings.sqlalchemy_url)
    migrations.upgrade(engine)
    made = sessions(engine)
    with made.begin() as session:
        cti.put_agent(session, agent_id=AGENT, extension="8101", display_name="赵磊", kind="phone")
        add_user(
            session,
            username="zhao",
            password=PASSWORD,
            display_name="赵磊",
            roles=["agent"],
            agent_id=AGENT,
            now=utc_now(),
        )
    return made


@pytest.fixture
async def browser(settings: Settings, database: sessionmaker[Session]) -> AsyncIterator[Browser]:
    process = DeskProcess(settings, utc_now)
    process.start()
    try:
        async with serving(process) as port, Browser(port) as opened:
            await until(lambda: process.bridge.healthy)
            assert (await opened.log_in("zhao")).status_code == 200
            yield opened
    finally:
        process.stop()


async def test_events_become_a_pop_a_call_row_and_work_for_the_recorder(
    ami: FakeAmi, browser: Browser, database: sessionmaker[Session]
) -> None:
    events = captured("queue_answered")
    ringing = next(number for number, event in enumerate(events) if "AgentCalled" in event) + 1
    answered = next(number for number, event in enumerate(events) if "AgentConnect" in event) + 1
    async with browser.page() as page:
        ami.say("".join(events[:ringing]))
        pop = await page.next("pop")
        assert pop["card"]["number_shown"] == "139 0000 0001"
        while pop["card"]["incomplete"]:  # a busy machine: the number came first, the story follows
            pop = await page.next("pop")
        ami.say("".join(events[ringing:answered]))
        ami.say("".join(events[answered:]))
        await page.next("pop_closed")
    contact_id = pop["card"]["contact_id"]

    def ended() -> bool:
        with database() as session:
            row = cti.get_call(session, contact_id)
            return row is not None and row.ended_at is not None

    await until(ended)
    with database() as session:
        row = cti.get_call(session, contact_id)
        assert row is not None
        assert (row.agent_id, row.end_reason, row.caller_number) == (AGENT, "completed", "13900000001")
        names = session.scalars(select(cti.FactRow.name).where(cti.FactRow.contact_id == contact_id)).all()
        waiting = recordings.find_for_contact(session, contact_id)
    assert [recording.state for recording in waiting] == ["waiting"]
    assert names.index("call_queued") < names.index("agent_ringing") < names.index("call_ended")


async def test_the_agent_is_logged_in_by_the_page_and_out_by_the_log_out(ami: FakeAmi, browser: Browser) -> None:
    async with browser.page():
        await until(lambda: any(action["Action"] == "QueueAdd" for action in ami.asked))
        added = next(action for action in ami.asked if action["Action"] == "QueueAdd")
        assert (added["Interface"], added["MemberName"], added["Paused"]) == ("PJSIP/8101", AGENT, "true")
        await browser.post("/api/v1/logout")
        await until(lambda: any(action["Action"] == "QueueRemove" for action in ami.asked))


async def test_a_cut_link_is_seen_and_mended(ami: FakeAmi, browser: Browser) -> None:
    async with browser.page() as page:
        ami.answers = False
        ami.drop()
        await page.next("link", ami=False)
        ami.answers = True
        await page.next("link", ami=True)
    assert (await browser.get("/healthz")).json()["status"] == "ok"


async def test_without_a_switch_tickets_can_still_be_written(
    tmp_path: Path, settings: Settings, database: sessionmaker[Session]
) -> None:
    process = DeskProcess(settings.model_copy(update={"ami_port": 1}), utc_now)
    process.start()
    try:
        async with serving(process) as port, Browser(port) as browser:
            assert (await browser.get("/healthz")).json() == {"status": "degraded", "database": True, "switch": False}
            await browser.log_in("zhao")
            async with browser.page() as page:
                assert page.hello["ami"] is False
                answer = await browser.post("/api/v1/agent/ready")
                assert answer.json()["error"]["error_id"] in ("switch_down", "refused_by_switch")
                matter = {
                    "title": "路灯",
                    "text": "路灯不亮",
                    "kind": "help",
                    "category": "construction/municipal/lights",
                }
                made = await browser.post("/api/v1/tickets", json=matter, headers={"Idempotency-Key": "k"})
                assert made.status_code == 201, made.text
    finally:
        process.stop()
