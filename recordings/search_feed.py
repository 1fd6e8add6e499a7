"""From the database into the search index over recordings: what is due, or everything."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from recordings import reading
from recordings.asides import asides_of, whole_of
from recordings.parts import parts_of
from recordings.search_index import RecordingDocument, RecordingIndex, Said
from recordings.spoken import mask_numbers
from recordings.store import NotInStore, Store, StoreUnavailable
from recordings.tables import ContactNote, Mark, Recording
from recordings.tables_replay import SearchDue, Talk
from recordings.talk import measure_talk

log = logging.getLogger(__name__)

BATCH = 200
REBUILD_COMMIT = 5_000


def ask(session: Session, *recording_ids: str) -> None:
    """Something that is searchable about these recordings has changed; in the caller's transaction."""
    session.add_all(SearchDue(recording_id=one) for one in recording_ids)
    session.flush()


def ask_for_contact(session: Session, contact_id: str) -> None:
    """The same for everything recorded of a contact."""
    contacts = [contact_id, *asides_of(session, contact_id)]
    ask(session, *session.scalars(select(Recording.recording_id).where(Recording.contact_id.in_(contacts))))


class RecordingFeed:
    """Keeps the index in ``folder`` up to date.  A stopped run loses nothing: what was asked for stays due."""

    def __init__(self, sessions: sessionmaker[Session], store: Store, folder: Path) -> None:
        self._sessions, self._store, self._folder = sessions, store, folder

    def step(self) -> bool:
        """Takes in what is due; False when there was nothing."""
        with self._sessions() as session:
            due = session.execute(
                select(SearchDue.due_id, SearchDue.recording_id).order_by(SearchDue.due_id).limit(BATCH)
            ).all()
        if not due:
            return False
        ids = sorted({row.recording_id for row in due})
        with self._sessions.begin() as session:
            documents = list(self._documents(session, ids))
        with RecordingIndex(self._folder).writing() as writer:
            for recording_id in ids:
                writer.remove(recording_id)
            for document in documents:
                writer.put(document)
        with self._sessions.begin() as session:
            session.execute(delete(SearchDue).where(SearchDue.due_id.in_([row.due_id for row in due])))
        return True

    def rebuild(self, progress: Callable[[int, int], None]) -> int:
        """Builds the whole index again beside the one in use, then takes its place; returns how many recordings.

        ``progress`` is told (done, all).  Stopped half way, the next call goes on where it was.  What changes
        meanwhile stays due and is taken in afterwards.
        """
        fresh = self._folder.with_name(self._folder.name + ".new")
        state = _state(fresh)
        with self._sessions() as session:
            everything = (
                session.scalar(select(func.count()).select_from(Recording).where(Recording.state == "ready")) or 0
            )
        while True:
            with self._sessions.begin() as session:
                ids = session.scalars(
                    select(Recording.recording_id)
                    .where(Recording.recording_id > state["after"], Recording.state == "ready")
                    .order_by(Recording.recording_id)
                    .limit(REBUILD_COMMIT)
                ).all()
                if not ids:
                    break
                with RecordingIndex(fresh).writing(256_000_000) as writer:
                    for start in range(0, len(ids), BATCH):
                        for document in self._documents(session, ids[start : start + BATCH]):
                            writer.put(document)
                        progress(state["done"] + min(start + BATCH, len(ids)), everything)
            state = {"after": ids[-1], "done": state["done"] + len(ids)}
            (fresh / _MARK).write_text(json.dumps(state), "utf-8")
        self._take_over(fresh)
        return int(state["done"])

    def _take_over(self, fresh: Path) -> None:
        RecordingIndex(fresh)  # an office without recordings gets an empty index, not a missing one
        (fresh / _MARK).unlink(missing_ok=True)
        old = self._folder.with_name(self._folder.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        with RecordingIndex(self._folder).locked():  # nobody else writes while the folders change places
            self._folder.rename(old)
            fresh.rename(self._folder)
        shutil.rmtree(old, ignore_errors=True)

    def _documents(self, session: Session, ids: Sequence[str]) -> Iterator[RecordingDocument]:
        rows = session.scalars(select(Recording).where(Recording.recording_id.in_(ids), Recording.state == "ready"))
        for row in rows.all():
            note = session.get(ContactNote, whole_of(session, row.contact_id))
            talk = self._talk(session, row)
            yield RecordingDocument(
                recording_id=row.recording_id,
                contact_id=row.contact_id,
                created_at=row.started_at or row.created_at,
                seconds=row.seconds or 0.0,
                sentences=_sentences(session, row.recording_id),
                kind=row.kind,
                queue=(note and note.queue) or "",
                category=(note and note.category) or "",
                result=(note and note.result) or "",
                agents=note.agent_ids if note else (),
                units=_units(session, row.contact_id),
                talk_over_seconds=talk.talk_over_seconds if talk else 0.0,
                longest_silence=talk.longest_silence if talk else 0.0,
                confidential=note is not None and note.confidential,
                named=note.named if note else (),
            )

    def _talk(self, session: Session, row: Recording) -> Talk | None:
        """Who spoke when, measured now; what was measured before when the waveform cannot be read."""
        known = session.get(Talk, row.recording_id)
        try:
            waveform = reading.peaks(session, self._store, row.recording_id)
        except (NotInStore, StoreUnavailable, ValueError) as error:
            log.warning("recording %s: its waveform cannot be read: %s", row.recording_id, type(error).__name__)
            return known
        if waveform is None:
            return known
        measured = measure_talk(waveform, parts_of(session, row.recording_id))
        talk = known or Talk(recording_id=row.recording_id)
        talk.citizen_seconds, talk.other_seconds = measured.citizen_seconds, measured.other_seconds
        talk.talk_over_seconds, talk.longest_silence = measured.talk_over_seconds, measured.longest_silence
        talk.talk_overs = [list(span) for span in measured.talk_overs]
        talk.silences = [list(span) for span in measured.silences]
        session.add(talk)
        session.flush()
        return talk


_MARK = "from.json"


def _state(fresh: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((fresh / _MARK).read_text("utf-8"))
        return found
    except (OSError, ValueError):
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        return {"after": "", "done": 0}


def _sentences(session: Session, recording_id: str) -> list[Said]:
    """What was said by the newest transcript, spoken numbers masked."""
    found = reading.transcript(session, recording_id)
    segments = mask_numbers(found["segments"]) if found else []
    return [Said(one["leg"], one["start"], one["end"], one["text"]) for one in segments]


def _units(session: Session, contact_id: str) -> list[str]:
    """The handling units that spoke in a three-way call."""
    marks = select(Mark.who).where(Mark.contact_id == contact_id, Mark.label == "unit", Mark.who.is_not(None))
    return sorted({who for who in session.scalars(marks) if who})
