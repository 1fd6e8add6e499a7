"""Keeping and letting go: retention, holds, tombstones; who heard what; alarms; the worker's care."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from recordings import (
    KeyRing,
    StoreConfig,
    StoreUnavailable,
    copy_next,
    enqueue,
    find_for_contact,
    get_recording,
    open_audio,
    open_store,
    process_next,
    recording_steps,
    transcript,
)
from recordings.alarms import clear_alarm, open_alarms, raise_alarm
from recordings.contacts import ContactFacts, note_contact
from recordings.crypto import Signer
from recordings.evidence import check_recording
from recordings.holds import HoldRefused, holds_of, lift_hold, place_hold
from recordings.ledger import body_of
from recordings.parts import mark, parts_of
from recordings.plays import (
    PlayRefused,
    close_idle_plays,
    close_play,
    heard,
    open_play,
    plays_of_agent,
    plays_of_recording,
)
from recordings.retention import RetentionRule, delete_expired, delete_recording, resume_deletions
from recordings.store import LocalStore
from recordings.tables import LedgerEntry, Recording, Seal
from recordings.worker import Care
from tests.kit.recordings import (
    contact,
    finished,
    lay_call,
    make_config,
    now,
    silence,
    store_call,
    stored_files,
    tone,
    wav_bytes,
)

pytestmark = pytest.mark.wire

Sessions = sessionmaker[Session]


def state(db: Sessions, recording: str) -> str:
    with db() as session:
        view = get_recording(session, recording)
    assert view is not None
    return view.state


def entries(db: Sessions, kind: str) -> list[LedgerEntry]:
    with db() as session:
        return list(session.scalars(select(LedgerEntry).where(LedgerEntry.kind == kind).order_by(LedgerEntry.seq)))


def later(days: float) -> datetime:
    return now() + timedelta(days=days)


# ---- retention and holds ----


def test_a_ticket_written_after_the_call_keeps_its_recording(db: Sessions, config: StoreConfig) -> None:
    """The category is the ticket's as it stands when the rule is applied, not when the call ended."""
    contacts = [contact() for _ in range(2)]
    env, other = (store_call(db, config, tone(400, 1), tone(900, 1), one) for one in contacts)
    rules = [RetentionRule(None, category="env"), RetentionRule(30)]
    asked: list[list[str]] = []

    def categories(_session: Session, wanted: Sequence[str]) -> dict[str, set[str]]:
        asked.append(sorted(wanted))
        return {contacts[0]: {"road", "env.noise"}}

    assert delete_expired(db, config, rules, later(31), categories) == 1
    assert [state(db, one) for one in (env, other)] == ["ready", "deleted"]
    assert asked == [sorted(contacts)]


def test_what_a_rule_no_longer_keeps_goes_and_leaves_a_tombstone(db: Sessions, config: StoreConfig) -> None:
    contacts = [contact() for _ in range(3)]
    env, held, other = (store_call(db, config, tone(400, 1), tone(900, 1), one) for one in contacts)
    with db.begin() as session:
        note_contact(session, contacts[0], ContactFacts(category="env.noise", queue="citizens"))
        note_contact(session, contacts[1], ContactFacts(category="env"))
        place_hold(session, contacts[1], "u1", "court", now())
    rules = [RetentionRule(30, category="env"), RetentionRule(None)]
    assert delete_expired(db, config, rules, later(29)) == 0
    assert delete_expired(db, config, rules, later(31)) == 1
    assert [state(db, one) for one in (env, held, other)] == ["deleted", "ready", "ready"]
    assert len(stored_files(config)) == 6
    with db() as session:
        assert open_audio(session, config.store, env) is None
        gone = transcript(session, env)
        assert gone is not None
        assert (gone["state"], gone["segments"], gone["versions"]) == ("none", [], [])
        assert check_recording(session, config.store, env).code == "deleted"
    (entry,) = entries(db, "deleted")
    assert (entry.recording_id, entry.person) == (env, None)
    assert body_of(entry)["reason"] == "kept 30 days"
    assert set(body_of(entry)["files"]) == {"original", "listening", "peaks"}


def test_a_hold_keeps_as_long_as_one_is_open(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    recording = store_call(db, config, tone(400, 1), tone(900, 1), one)
    with db.begin() as session:
        first = place_hold(session, one, "u1", "court", now())
        second = place_hold(session, one, "u2", "audit", now())
        lift_hold(session, first, "u1", "settled", now())
        assert [hold.hold_id for hold in holds_of(session, one)] == [second]
    assert not delete_recording(db, config, recording, "u1", "asked to", now())
    with db.begin() as session:
        lift_hold(session, second, "u2", "done", now())
    assert delete_recording(db, config, recording, "u1", "asked to", now())
    assert state(db, recording) == "deleted"
    assert [entry.kind for kind in ("held", "lifted", "deleted") for entry in entries(db, kind)] == [
        "held", "held", "lifted", "lifted", "deleted"
    ]  # fmt: skip
    with db.begin() as session:
        for code, attempt in (
            ("too_late", lambda: place_hold(session, one, "u1", "court", now())),
            ("no_reason", lambda: place_hold(session, contact(), "u1", " ", now())),
            ("no_contact", lambda: place_hold(session, "../x", "u1", "court", now())),
            ("not_held", lambda: lift_hold(session, second, "u1", "again", now())),
            ("not_held", lambda: lift_hold(session, "x", "u1", "again", now())),
        ):
            with pytest.raises(HoldRefused) as caught:
                attempt()
            assert caught.value.code == code
        assert place_hold(session, contact(), "u1", "a call that is still going on", now())


def test_any_number_of_holds(db: Sessions) -> None:
    one = contact()
    with db.begin() as session:
        for number in range(1200):
            place_hold(session, one, "u1", f"case {number}", now())
        assert len(holds_of(session, one)) == 1200


def test_what_is_not_finished_is_not_deleted(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 1)), None)
    with db.begin() as session:
        recording = enqueue(session, one, "call", now())
    assert not delete_recording(db, config, recording, "u1", "asked to", now())
    assert not delete_recording(db, config, contact(), "u1", "asked to", now())
    assert len(list(config.spool.iterdir())) == 1


def test_a_deletion_that_was_interrupted_is_finished(db: Sessions, config: StoreConfig, tmp_path: Path) -> None:
    recording = store_call(db, config, tone(400, 1), tone(900, 1))

    class Dying(LocalStore):
        left = 1

        def delete(self, path: str) -> None:
            if not self.left:
                raise StoreUnavailable("store_unreachable")
            self.left -= 1
            super().delete(path)

    with pytest.raises(StoreUnavailable):
        delete_recording(db, make_config(tmp_path, store=Dying(tmp_path / "store")), recording, "u1", "asked", now())
    assert state(db, recording) == "deleting"
    assert resume_deletions(db, config, now()) == 1
    assert resume_deletions(db, config, now()) == 0
    assert state(db, recording) == "deleted"
    assert stored_files(config) == []
    assert len(entries(db, "deleted")) == 1


# ---- who listened ----


def test_each_play_with_its_seconds_is_known_to_the_agent_concerned(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    recording = store_call(db, config, tone(400, 9), tone(900, 9), one)
    with db.begin() as session:
        note_contact(session, one, ContactFacts(agent_ids=["a1"]))
        note_contact(session, one, ContactFacts(agent_ids=["a2"]))
        play = open_play(session, recording, "u1", "质检", now())
        assert heard(session, play, "u1", 0, 2, now())
        assert heard(session, play, "u1", 5, 8, now())
        assert heard(session, play, "u1", 1.5, 3, now())
        assert not heard(session, play, "u2", 0, 1, now())
        for start, end in ((-1, 2), (5, 5), (5, 4), (0, float("inf")), (float("nan"), 2)):
            assert not heard(session, play, "u1", start, end, now())
        close_play(session, play, now())
        assert not heard(session, play, "u1", 8, 9, now())
        (view,) = plays_of_recording(session, recording)
        assert (view.person, view.reason, view.heard, view.heard_seconds) == ("u1", "质检", ((0, 3), (5, 8)), 6.0)
        for agent in ("a1", "a2"):
            assert plays_of_agent(session, agent, later(-1)) == [view]
        assert plays_of_agent(session, "a3", later(-1)) == []
        assert plays_of_agent(session, "a1", later(1)) == []
    (opened,), (closed,) = entries(db, "opened"), entries(db, "heard")
    assert (opened.person, body_of(opened)["reason"]) == ("u1", "质检")
    assert body_of(closed)["heard"] == [[0, 3], [5, 8]]


def test_a_player_that_vanished_is_closed(db: Sessions, config: StoreConfig) -> None:
    recording = store_call(db, config, tone(400, 1), tone(900, 1))
    with db.begin() as session:
        open_play(session, recording, "u1", "质检", now())
        assert close_idle_plays(session, now()) == 0
        assert close_idle_plays(session, now() + timedelta(minutes=11)) == 1
        assert close_idle_plays(session, now() + timedelta(minutes=22)) == 0


def test_confidential_callers_are_heard_by_named_people_only(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    recording = store_call(db, config, tone(400, 1), tone(900, 1), one)
    with db.begin() as session:
        note_contact(session, one, ContactFacts(confidential=True, named=["u1"]))
        note_contact(session, one, ContactFacts(queue="citizens"))
        open_play(session, recording, "u1", "质检", now())
        for person, wanted, reason, code in (
            ("u2", recording, "质检", "confidential"),
            ("u1", recording, "", "no_reason"),
            ("u1", contact(), "质检", "not_found"),
            ("u1", "../x", "质检", "not_found"),
        ):
            with pytest.raises(PlayRefused) as caught:
                open_play(session, wanted, person, reason, now())
            assert caught.value.code == code
    assert len(entries(db, "opened")) == 1


# ---- alarms and parts ----


def test_odd_recordings_raise_an_alarm_that_somebody_clears(db: Sessions, config: StoreConfig) -> None:
    recording = store_call(db, config, silence(20), tone(900, 20))
    with db.begin() as session:
        (alarm,) = open_alarms(session)
        assert (alarm.kind, alarm.recording_id) == ("one_sided_citizen_missing", recording)
        assert clear_alarm(session, alarm.alarm_id, "u1", now())
        assert not clear_alarm(session, alarm.alarm_id, "u1", now())
        assert not clear_alarm(session, "x", "u1", now())
        assert open_alarms(session) == []
    store_call(db, config, tone(400, 20), tone(900, 20))
    with db() as session:
        assert open_alarms(session) == []


def test_trouble_of_the_machine_is_one_alarm_and_goes_away_by_itself(
    db: Sessions, config: StoreConfig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for _ in range(3):
        one = contact()
        lay_call(config, one, wav_bytes(tone(400, 1)), wav_bytes(tone(900, 1)))
        with db.begin() as session:
            enqueue(session, one, "call", now())
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path))
        finished(db, config)
    with db() as session:
        (alarm,) = open_alarms(session)
    assert (alarm.kind, alarm.recording_id, alarm.times) == ("ffmpeg_missing", None, 3)
    copy_next(db, config, lambda: later(1))
    with db() as session:
        assert open_alarms(session) == []


def test_a_call_that_lasted_and_left_no_audio_raises_an_alarm(db: Sessions, config: StoreConfig) -> None:
    for seconds in (2.0, 95.0):
        with db.begin() as session:
            enqueue(session, contact(), "call", now(), expected_seconds=seconds)
    while process_next(db, config, lambda: later(0.1)):
        pass
    with db() as session:
        (alarm,) = open_alarms(session)
    assert alarm.kind == "no_audio"


def test_an_alarm_counts_how_often(db: Sessions) -> None:
    with db.begin() as session:
        assert raise_alarm(session, "x", now()) == raise_alarm(session, "x", now())
        raise_alarm(session, "x", now(), contact())
        assert sorted(alarm.times for alarm in open_alarms(session)) == [1, 2]


def test_the_parts_of_a_recording_follow_from_marks(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    recording = store_call(db, config, tone(400, 10), tone(900, 10), one)
    with db.begin() as session:
        view = find_for_contact(session, one)[0]
        assert view.started_at is not None
        for _ in range(2):
            mark(session, one, view.started_at + timedelta(seconds=4), "agent", "a1")
            mark(session, one, view.started_at, "queue")
        parts = [(part.start, part.end, part.label, part.who) for part in parts_of(session, recording)]
        assert parts == [(0, 4, "queue", None), (4, 10, "agent", "a1")]
        assert parts_of(session, contact()) == []


# ---- the worker ----


def test_the_worker_seals_closes_and_lets_go(db: Sessions, config: StoreConfig) -> None:
    recording = store_call(db, config, tone(400, 1), tone(900, 1))
    with db.begin() as session:
        open_play(session, recording, "u1", "质检", now())
    moment = [now()]
    care = Care(lambda: Signer(b"k" * 32), ZoneInfo("Asia/Shanghai"), (RetentionRule(10),))
    steps = {step.name: step for step in recording_steps(db, config, lambda: moment[0], care=care)}
    for days in (0, 1, 2, 11):
        moment[0] = later(days)
        assert not steps["recordings.care"].run()
        assert not steps["recordings.retention"].run()
    assert state(db, recording) == "deleted"
    with db() as session:
        assert len(session.scalars(select(Seal)).all()) >= 2
        assert [one.state for one in session.scalars(select(Recording))] == ["deleted"]
    assert len(entries(db, "heard")) == 1


def test_a_key_file_is_whole_after_a_kill(tmp_path: Path) -> None:
    """Rotating in a loop and being killed leaves a readable file with every key that was ever active."""
    ring = KeyRing(tmp_path / "keys.json")
    first = ring.active
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        while True:
            os.write(writing, ring.rotate().encode())
    os.close(writing)
    seen = [os.read(reading, 8).decode() for _ in range(20)]
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while rest := os.read(reading, 8):
        seen.append(rest.decode())
    os.close(reading)
    again = KeyRing(tmp_path / "keys.json")
    assert {first, *seen} <= set(again.key_ids())
    assert again.active in again.key_ids()
    open_store(tmp_path / "store", again)


def test_a_copy_of_what_is_being_deleted_is_not_left_behind(db: Sessions, config: StoreConfig) -> None:
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 1)), wav_bytes(tone(900, 1)))
    with db.begin() as session:
        recording = enqueue(session, one, "call", now())
    process_next(db, config, now)

    def meanwhile(step: str) -> None:
        if step == "compared":
            assert delete_recording(db, config, recording, "u1", "asked to", now())

    assert copy_next(db, config, now, meanwhile)
    assert state(db, recording) == "deleted"
    assert stored_files(config) == []
    assert not copy_next(db, config, lambda: later(1))
