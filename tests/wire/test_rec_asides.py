"""What is said of a call, and what holds it, counts for all that was recorded in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

import cti
import recordings
from cti import consultation_ids
from cti.facts import CallArrived, CallEnded, PartyCalled
from hotline import recording_notes
from hotline.worker_jobs import call_over
from recordings import StoreConfig, get_recording
from recordings.contacts import ContactFacts, note_contact
from recordings.holds import lift_hold, place_hold
from recordings.keeping import held
from recordings.plays import PlayRefused, is_open, open_play
from recordings.retention import RetentionRule, delete_expired, delete_recording
from recordings.tables import Recording
from tests.kit.recordings import contact, now, store_call, tone

pytestmark = pytest.mark.wire

Sessions = sessionmaker[Session]


@pytest.fixture
def call(db: Sessions) -> str:
    """A call in which a unit was asked in private."""
    one = contact()
    with db.begin() as session:
        fact = PartyCalled(at=1.0, call_id="c", contact_id=one, channel="PJSIP/units-1", number="5559876", kind="unit")
        recording_notes.note(session, fact, now())
        recording_notes.note(session, fact, now())  # facts may be told twice
    return one


def recorded(db: Sessions, config: StoreConfig, call: str, kind: str) -> str:
    """Something finished that was recorded in the call."""
    own = consultation_ids(call)[0] if kind == "consult" else call
    recording = store_call(db, config, tone(400, 1), tone(900, 1), own)
    with db.begin() as session:
        session.get_one(Recording, recording).kind = kind
    return recording


@pytest.mark.parametrize("kind", ["consult", "survey", "voicemail"])
def test_a_hold_on_a_call_holds_whatever_was_recorded_in_it(
    db: Sessions, config: StoreConfig, call: str, kind: str
) -> None:
    recording = recorded(db, config, call, kind)
    with db.begin() as session:
        hold = place_hold(session, call, "u1", "court", now())
        assert [one.recordings for one in held(session)] == [1]
    assert not delete_recording(db, config, recording, "u1", "asked to", now())
    assert delete_expired(db, config, [RetentionRule(1)], now() + timedelta(days=9)) == 0
    with db.begin() as session:
        lift_hold(session, hold, "u1", "settled", now())
    assert delete_recording(db, config, recording, "u1", "asked to", now())


def test_a_rule_about_the_calls_queue_or_category_is_about_its_consultations(
    db: Sessions, config: StoreConfig, call: str
) -> None:
    recording = recorded(db, config, call, "consult")
    with db.begin() as session:
        note_contact(session, call, ContactFacts(queue="citizens"))
    later = now() + timedelta(days=9)
    asked: list[list[str]] = []

    def categories(_session: Session, contacts: object) -> dict[str, set[str]]:
        asked.append(list(contacts))  # type: ignore[call-overload]
        return {call: {"env.noise"}}

    env = RetentionRule(None, category="env")
    assert delete_expired(db, config, [env, RetentionRule(1, queue="citizens")], later, categories) == 0
    assert asked == [[call]]
    assert delete_expired(db, config, [RetentionRule(1, queue="vip")], later) == 0
    assert delete_expired(db, config, [RetentionRule(1, queue="citizens")], later) == 1
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    assert view.state == "deleted"


def test_a_confidential_calls_consultation_is_for_the_named_alone_at_once(
    db: Sessions, config: StoreConfig, call: str
) -> None:
    recording = recorded(db, config, call, "consult")
    with db.begin() as session:
        before = open_play(session, recording, "u2", "质检", now())
        recordings.confide(session, call, True, ["u1"], "u1", now())
        assert not is_open(session, before, recording, "u2", now()), "who listens already hears no further"
        assert is_open(session, open_play(session, recording, "u1", "质检", now()), recording, "u1", now())
        with pytest.raises(PlayRefused) as caught:
            open_play(session, recording, "u2", "质检", now())
    assert caught.value.code == "confidential"


def test_a_consultation_is_over_when_its_call_is(db: Sessions, call: str) -> None:
    """Asterisk was killed: only the log of calls knows, and it knows the call alone."""
    aside = consultation_ids(call)[0]
    with db.begin() as session:
        cti.Base.metadata.create_all(session.connection())
        assert call_over(session, aside) is None
        cti.record(session, CallArrived(at=1.0, call_id="c", contact_id=call, channel="x", caller_number="1"))
        assert call_over(session, aside) is False
        cti.record(session, CallEnded(at=9.0, call_id="c", contact_id=call, reason="lost", answered=True))
        assert call_over(session, aside) is True
