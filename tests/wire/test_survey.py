"""From the voice menu's note to the database: once, whatever is told twice or killed in between."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

import cti
import recordings
from cti.facts import CallAnswered, CallArrived, CallEnded, Fact
from hotline import migrations
from hotline.caller_words import survey_intake
from hotline.database import build_engine, sessions
from ivr.survey_notes import SurveyNotes
from tests.kit.recordings import contact

pytestmark = pytest.mark.wire

SOMEBODY = "5f0c1f6e-3f50-4a37-9b21-7d6f4c8e2a10"
"""A contact id that is the same in every process that collects these tests."""

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> sessionmaker[Session]:
    engine = build_engine(f"sqlite:///{tmp_path / 'db.sqlite'}")
    migrations.upgrade(engine)
    return sessions(engine)


class Clock:
    def __init__(self) -> None:
        self.now = T0 + timedelta(seconds=70)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "survey"
    made.mkdir()
    return made


@pytest.fixture
def note(folder: Path, clock: Clock) -> SurveyNotes:
    return SurveyNotes(folder, clock)


def tell_call(db: sessionmaker[Session], contact_id: str, agent: str, *, ended: bool = True) -> None:
    """Answered after ten seconds, ended after 90."""
    began = T0.timestamp()
    facts: list[Fact] = [
        CallArrived(at=began, call_id="c" + contact_id[:8], contact_id=contact_id, channel="x", caller_number="1"),
        CallAnswered(at=began + 10, call_id="c" + contact_id[:8], contact_id=contact_id, channel="x", by="y",
                     agent_id=agent),
    ]  # fmt: skip
    end = CallEnded(
        at=began + 90, call_id="c" + contact_id[:8], contact_id=contact_id, reason="completed", answered=True
    )
    with db.begin() as session:
        for fact in [*facts, *([end] if ended else [])]:
            cti.record(session, fact)


def talked(db: sessionmaker[Session], contact_id: str) -> float | None:
    with db() as session:
        call = cti.get_call(session, contact_id)
        assert call is not None
        return call.talk_seconds


def test_asked_then_answered(db: sessionmaker[Session], folder: Path, note: SurveyNotes, clock: Clock) -> None:
    one = contact()
    tell_call(db, one, "a1")
    take_in = survey_intake(db, folder)
    note(f"{one} asked")
    take_in()  # the worker is quicker than the caller
    with db() as session:
        (asked,) = cti.surveys_of(session, [one]).values()
    assert (asked.score, asked.answered_at, asked.asked_at) == (None, None, clock.now)
    assert talked(db, one) == 60, "the talk ended with the question"
    clock.now += timedelta(seconds=8)
    note(f"{one} 4")
    take_in()
    take_in()
    with db() as session:
        (answered,) = cti.surveys_of(session, [one]).values()
        assert (answered.score, answered.asked_at, answered.answered_at) == (4, asked.asked_at, clock.now)
        assert [mark.label for mark in session.query(recordings.Base.metadata.tables["rec_mark"])] == ["survey"]
    assert list(folder.iterdir()) == []


def test_the_talk_is_cut_whichever_comes_first(db: sessionmaker[Session], folder: Path, note: SurveyNotes) -> None:
    one = contact()
    tell_call(db, one, "a1", ended=False)
    note(f"{one} asked")
    note(f"{one} 2")
    survey_intake(db, folder)()
    tell_call(db, one, "a1")
    assert talked(db, one) == 60


def test_the_first_answer_stands(db: sessionmaker[Session], folder: Path, note: SurveyNotes) -> None:
    one = contact()
    for said in ("asked", "5", "1"):
        note(f"{one} {said}")
        survey_intake(db, folder)()
    with db() as session:
        assert cti.surveys_of(session, [one])[one].score == 5


def test_killed_before_the_file_goes(db: sessionmaker[Session], folder: Path, note: SurveyNotes) -> None:
    """The answer is committed, the file still there: taken in again, and there once."""
    one = contact()
    note(f"{one} 3")
    kept = (folder / f"{one}.json").read_bytes()
    survey_intake(db, folder)()
    (folder / f"{one}.json").write_bytes(kept)
    survey_intake(db, folder)()
    with db() as session:
        assert len(cti.surveys_of(session, [one])) == 1
        assert session.query(recordings.Base.metadata.tables["rec_mark"]).count() == 1


def test_a_database_that_is_away_loses_nothing(db: sessionmaker[Session], folder: Path, note: SurveyNotes) -> None:
    one = contact()
    note(f"{one} 3")

    class Away(RuntimeError):
        pass

    def refuse(*_: object) -> None:
        raise Away

    broken = sessionmaker(bind=db.kw["bind"])
    broken.begin = refuse  # type: ignore[method-assign]
    with pytest.raises(Away):
        survey_intake(broken, folder)()
    survey_intake(db, folder)()
    with db() as session:
        assert cti.surveys_of(session, [one])[one].score == 3


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: "{",
        lambda body: "[]",
        lambda body: json.dumps({**body, "score": 6}),
        lambda body: json.dumps({**body, "score": "5"}),
        lambda body: json.dumps({**body, "asked_at": "2026-03-02T08:00:00"}),
        lambda body: json.dumps({"score": 5}),
    ],
)
def test_what_the_menu_did_not_write_is_set_aside(
    db: sessionmaker[Session], folder: Path, note: SurveyNotes, spoil: Callable[[dict[str, object]], str]
) -> None:
    odd, good = contact(), contact()
    for one in (odd, good):
        note(f"{one} 5")
    file = folder / f"{odd}.json"
    file.write_text(spoil(json.loads(file.read_text())))
    survey_intake(db, folder)()
    assert [path.name for path in folder.iterdir()] == [f"{odd}.bad"]
    with db() as session:
        assert set(cti.surveys_of(session, [odd, good])) == {good}


@pytest.mark.parametrize("text", ["", "x 5", f"{SOMEBODY} 6", f"{SOMEBODY} asked\n", f"../{SOMEBODY} 5"])
def test_the_menu_writes_only_what_it_may(note: SurveyNotes, folder: Path, text: str) -> None:
    with pytest.raises(ValueError, match="not a note"):
        note(text)
    assert list(folder.iterdir()) == []


def test_results_of_agents(db: sessionmaker[Session], folder: Path, note: SurveyNotes, clock: Clock) -> None:
    for agent, said in (("a1", "5"), ("a1", "4"), ("a1", "asked"), ("a2", "1")):
        one = contact()
        tell_call(db, one, agent)
        note(f"{one} {said}")
    survey_intake(db, folder)()
    with db() as session:
        found = cti.survey_by_agent(session, T0, T0 + timedelta(hours=1))
        none = cti.survey_by_agent(session, T0 - timedelta(hours=1), T0)
    assert [(one.agent_id, one.asked, one.answered, one.average, one.scores) for one in found] == [
        ("a1", 3, 2, 4.5, (0, 0, 0, 1, 1)),
        ("a2", 1, 1, 1.0, (1, 0, 0, 0, 0)),
    ]
    assert none == []
