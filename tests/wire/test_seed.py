"""The demo city: complete, consistent with the packs, and safe to seed twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session, sessionmaker

import cti
import ticketing
from agent_desktop import accounts
from hotline import database, migrations, resources, seed, seed_history, seeding
from hotline.secrets_file import SecretsFile

pytestmark = pytest.mark.wire

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
DEMO = seed.read(resources.cities() / "demo")


@pytest.fixture
def sessions(tmp_path: Path) -> sessionmaker[Session]:
    engine = database.build_engine(f"sqlite:///{tmp_path}/t.sqlite")
    migrations.metadata().create_all(engine)
    return database.sessions(engine)


def put(sessions: sessionmaker[Session], home: Path, now: datetime = NOW) -> dict[str, int]:
    with sessions.begin() as session:
        return seeding.put(session, DEMO, SecretsFile(home), now, ZONE)


def test_everybody_can_log_in_with_what_the_demo_shows(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    added = put(sessions, tmp_path)
    shown = seed.logins(DEMO, SecretsFile(tmp_path))
    assert added["users"] == len(shown) >= 6
    for login in shown:
        answer = accounts.log_in(sessions, login.username, login.password, "127.0.0.1", NOW)
        assert isinstance(answer, accounts.LoggedIn), login.username


def test_seeding_again_on_another_day_adds_nothing(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    assert all(put(sessions, tmp_path).values())
    assert not any(put(sessions, tmp_path, NOW + timedelta(days=3)).values())


def test_history_looks_like_real_calls(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    put(sessions, tmp_path)
    with sessions() as session:
        calls = cti.recent_calls(session)
        assert {call.end_reason for call in calls} == {"completed", "abandoned"}
        assert all(call.ended_at is not None and call.ended_at < NOW for call in calls)
        assert len(cti.calls_of_number(session, "+8613800138000")) == 2


def test_tickets_use_words_of_the_pack(sessions: sessionmaker[Session]) -> None:
    words = ticketing.load_dictionary(resources.cities() / "demo" / "tickets.toml")

    def codes(nodes: tuple[ticketing.Category, ...]) -> set[str]:
        return {node.code for node in nodes}.union(*(codes(node.children) for node in nodes))

    known = codes(words.categories)
    written = {call["ticket"]["category"] for call in DEMO.calls if "ticket" in call}
    assert written <= known


def test_agents_and_citizens_have_the_extensions_that_the_dialplan_knows() -> None:
    assert {agent["extension"]: agent["kind"] for agent in DEMO.agents} == {
        "8001": "web",
        "8002": "web",
        "8003": "web",
        "8101": "phone",
    }
    assert [phone["extension"] for phone in DEMO.citizen_phones] == ["9001", "9002"]


def test_the_weeks_before_show_every_indicator_and_are_lived_once(
    sessions: sessionmaker[Session], caplog: pytest.LogCaptureFixture
) -> None:
    """Days of a quiet season: no course is cut short by holidays."""
    now = datetime(2025, 8, 29, 4, tzinfo=UTC)
    caplog.set_level("INFO", "hotline.seed_history")
    pack = ticketing.load_rulepack(resources.cities() / "demo")
    assert not isinstance(pack, list)
    with sessions.begin() as session:
        office = ticketing.OfficeDesk(pack).current(session)
        added = seed_history.put_history(session, office, DEMO, now, ZONE)
        assert caplog.messages == []
        assert added == sum(len(matter["lives"]) for matter in DEMO.matters)
        assert seed_history.put_history(session, office, DEMO, now + timedelta(days=2), ZONE) == 0
        viewer = ticketing.viewer_of(office, ticketing.Actor("x", frozenset({"supervisor"})))
        period = ticketing.Period(now - timedelta(days=28), now, now)
        found = ticketing.measure(session, office, viewer, period)
        assert [code for code, rate in found.office.rates.items() if not rate.numerator] == []
        assert len(found.units) >= 8
        assert list(ticketing.verify(session)) == []
