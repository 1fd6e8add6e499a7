"""Facts of the switch become parts of the recording and what is known of the contact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

import cti
import recordings
from cti.facts import CallAnswered, CallArrived, CallEnded, CallHeld, CallQueued, CallResumed, ConversationChanged, Fact
from hotline import recording_notes
from recordings import StoreConfig, Unit, find_for_contact, parts_of
from recordings.parts import units_heard
from recordings.tables import ContactNote, Mark, Recording
from tests.kit.call_stories import events, replayed
from tests.kit.recordings import contact, make_config, make_database, now, store_call, tone

pytestmark = pytest.mark.wire


WATER = Unit("5559876", "water-company", "自来水公司")


def house(folder: Path) -> tuple[sessionmaker[Session], StoreConfig]:
    """Recordings, and the call room with a duty roster."""
    db = make_database(f"sqlite:///{folder / 'rec.sqlite'}")
    with db.begin() as session:
        cti.Base.metadata.create_all(session.connection())
        for person in ("调度", "值班经理"):  # two lines at one number are one unit
            cti.add_duty(session, cti.Duty(unit_id=WATER[1], unit_name=WATER[2], person=person, number=WATER[0]))
    return db, make_config(folder)


def test_a_call_with_a_hold_has_its_parts(tmp_path: Path) -> None:
    db, config = house(tmp_path)
    one = contact()
    recording = store_call(db, config, tone(400, 10), tone(900, 10), one)
    with db() as session:
        began = find_for_contact(session, one)[0].started_at
    assert began is not None
    told: list[tuple[float, Fact]] = [
        (0, CallArrived(contact_id=one, channel="c", caller_number="1")),
        (2, CallQueued(contact_id=one, channel="c", caller_number="1", queue="citizens", position=1)),
        (4, CallAnswered(contact_id=one, channel="c", by="d", agent_id="a1")),
        (6, CallHeld(contact_id=one, agent_id="a1")),
        (7, CallResumed(contact_id=one, agent_id="a1")),
        (9, CallAnswered(contact_id=one, channel="c", by="u")),
        (10, CallEnded(contact_id=one, reason="completed", answered=True)),
        (1, CallQueued(contact_id="strange\0id", channel="c", caller_number="1", queue="x", position=1)),
        (1, CallHeld(contact_id=None)),
    ]
    with db.begin() as session:
        for seconds, fact in told:
            recording_notes.note(session, fact, began + timedelta(seconds=seconds))
    with db() as session:
        assert [(part.start, part.end, part.label, part.who) for part in parts_of(session, recording)] == [
            (0, 2, "menu", None),
            (2, 4, "queue", None),
            (4, 6, "agent", "a1"),
            (6, 7, "hold", "a1"),
            (7, 9, "agent", "a1"),
            (9, 10, "unit", None),
        ]
        note = session.get_one(ContactNote, one)
        assert (note.queue, note.agent_ids) == ("citizens", ["a1"])
        assert session.query(Mark).filter(Mark.contact_id != one).count() == 0
        assert now() > began


def told(name: str) -> list[Fact]:
    """The facts of a recorded story, with the unit's channel called as the desk calls it (cti.parties.third_uid)."""
    named = [{key: value.replace("unit-1", "third-5559876-1") for key, value in one.items()} for one in events(name)]
    return replayed(named)[1]


def test_each_part_of_a_real_call_says_which_unit_speaks_there(tmp_path: Path) -> None:
    """Queue, agent, private consultation, all three, the unit alone: what the switch said of a call, and the two
    recordings that were made of it."""
    db, config = house(tmp_path)
    story = told("three_way")
    one = next(fact.contact_id for fact in story if fact.contact_id)
    aside = cti.consultation_ids(one)[0]
    call, consult = (store_call(db, config, tone(400, 1), tone(900, 1), each) for each in (one, aside))
    with db.begin() as session:
        arrived = next(fact.at for fact in story if isinstance(fact, CallArrived))
        assert arrived is not None
        for recording in (call, consult):
            session.get_one(Recording, recording).started_at = datetime.fromtimestamp(arrived, UTC)
        session.get_one(Recording, consult).kind = "consult"
        for fact in story:
            recording_notes.note(session, fact, now())
    with db.begin() as session:
        cti.remove_duty(session, cti.list_duty(session)[0].duty_id)  # the roster may change afterwards
        parts = parts_of(session, call)
        assert [(part.label, part.who, part.units) for part in parts] == [
            ("menu", None, ()),
            ("queue", None, ()),
            ("agent", "agent-8101", ()),
            ("hold", None, ()),
            ("consult", "agent-8101", (WATER,)),
            ("agent", None, ()),
            ("three_way", "agent-8101", (WATER,)),
            ("unit", None, (WATER,)),
        ]
        assert [(part.label, part.units) for part in parts_of(session, consult)] == [("consult", (WATER,))]
        assert recordings.judged_parts(session, consult) == []
        assert units_heard(session, call) == units_heard(session, consult) == {"water-company"}


def test_what_a_unit_said_in_private_is_not_said_to_be_on_the_calls_recording(tmp_path: Path) -> None:
    db, config = house(tmp_path)
    one = contact()
    recording = store_call(db, config, tone(400, 10), tone(900, 10), one)
    with db.begin() as session:
        began = session.get_one(Recording, recording).started_at
        assert began is not None
        for seconds, phase in ((2, "consulting"), (5, "talking")):
            fact = ConversationChanged(contact_id=one, phase=phase, agent_id="a1", units=("5559876",) * (seconds < 5))
            recording_notes.note(session, fact, began + timedelta(seconds=seconds))
    with db() as session:
        assert units_heard(session, recording) == set()


def test_a_unit_that_a_call_was_put_through_to_is_known_by_the_number_dialled(tmp_path: Path) -> None:
    db, _ = house(tmp_path)
    story = replayed(events("blind_by_agent"))[1]
    one = next(fact.contact_id for fact in story if fact.contact_id)
    with db.begin() as session:
        cti.add_duty(session, cti.Duty(unit_id="heating", unit_name="热力公司", person="", number="8102"))
        for fact in story:
            recording_notes.note(session, fact, now())
        marks = session.scalars(select(Mark).where(Mark.contact_id == one, Mark.label == "unit")).all()
        assert [(mark.who, mark.units) for mark in marks] == [(None, [["8102", "heating", "热力公司"]])]
