"""Facts of the switch become parts of the recording and what is known of the contact."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cti.facts import CallAnswered, CallArrived, CallEnded, CallHeld, CallQueued, CallResumed, Fact
from hotline import recording_notes
from recordings import find_for_contact, parts_of
from recordings.tables import ContactNote, Mark
from tests.kit.recordings import contact, make_config, make_database, now, store_call, tone

pytestmark = pytest.mark.wire


def test_a_call_with_a_hold_has_its_parts(tmp_path: Path) -> None:
    db, config = make_database(f"sqlite:///{tmp_path / 'rec.sqlite'}"), make_config(tmp_path)
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
