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
from recordings.parts import judged_parts, units_heard
from recordings.search_index import RecordingDocument, RecordingIndex, Said
from recordings.spoken import mask_numbers
from recordings.store import NotInStore, Store, StoreUnavailable
from recordings.tables import ContactNote, Recording
from recordings.tables_replay import SearchDue, Talk
from recordings.talk import TalkMeasure, measure_talk

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


Measured = dict[str, TalkMeasure]
"""Recording's id → what its waveform says."""


class RecordingFeed:
    """Keeps the index in ``folder`` up to date.  A stopped run loses nothing: what was asked for stays due.

    ``read`` takes no write lock: waveforms and transcripts of hundreds of recordings are read and measured while others
    write.  ``write`` is open only for what came of it.
    """

    def __init__(self, read: sessionmaker[Session], write: sessionmaker[Session], store: Store, folder: Path) -> None:
        self._read, self._write, self._store, self._folder = read, write, store, folder

    def step(self) -> bool:
        """Takes in what is due; False when there was nothing."""
        measured: Measured = {}
        with self._read() as session:
            due = session.execute(
                select(SearchDue.due_id, SearchDue.recording_id).order_by(SearchDue.due_id).limit(BATCH)
            ).all()
            if not due:
                return False
            ids = sorted({row.recording_id for row in due})
            documents = list(self._documents(session, ids, measured))
        with RecordingIndex(self._folder).writing() as writer:
            for recording_id in ids:
                writer.remove(recording_id)
            for document in documents:
                writer.put(document)
        with self._write.begin() as session:
            _keep(session, measured)
            session.execute(delete(SearchDue).where(SearchDue.due_id.in_([row.due_id for row in due])))
        return True

    def rebuild(self, progress: Callable[[int, int], None]) -> int:
        """Builds the whole index again beside the one in use, then takes its place; returns how many recordings.

        ``progress`` is told (done, all).  Stopped half way, the next call goes on where it was.  What changes
        meanwhile stays due and is taken in afterwards.
        """
        fresh = self._folder.with_name(self._folder.name + ".new")
        state = _state(fresh)
        with self._read() as session:
            everything = (
                session.scalar(select(func.count()).select_from(Recording).where(Recording.state == "ready")) or 0
            )
        while True:
            measured: Measured = {}
            with self._read() as session:
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
                        for document in self._documents(session, ids[start : start + BATCH], measured):
                            writer.put(document)
                        progress(state["done"] + min(start + BATCH, len(ids)), everything)
            with self._write.begin() as session:
                _keep(session, measured)
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

    def _documents(self, session: Session, ids: Sequence[str], measured: Measured) -> Iterator[RecordingDocument]:
        """The documents of these recordings; what their waveforms say goes into ``measured``."""
        rows = session.scalars(select(Recording).where(Recording.recording_id.in_(ids), Recording.state == "ready"))
        for row in rows.all():
            whole = whole_of(session, row.contact_id)
            note = session.get(ContactNote, whole)
            talk = self._talk(session, row, measured)
            yield RecordingDocument(
                recording_id=row.recording_id,
                contact_id=whole,
                created_at=row.started_at or row.created_at,
                seconds=row.seconds or 0.0,
                sentences=_sentences(session, row.recording_id),
                kind=row.kind,
                queue=(note and note.queue) or "",
                category=(note and note.category) or "",
                result=(note and note.result) or "",
                agents=note.agent_ids if note else (),
                units=sorted(units_heard(session, row.recording_id)),
                talk_over_seconds=talk.talk_over_seconds if talk else 0.0,
                longest_silence=talk.longest_silence if talk else 0.0,
                confidential=note is not None and note.confidential,
                named=note.named if note else (),
            )

    def _talk(self, session: Session, row: Recording, measured: Measured) -> TalkMeasure | Talk | None:
        """Who spoke when, measured now; what was measured before when the waveform cannot be read."""
        try:
            waveform = reading.peaks(session, self._store, row.recording_id)
        except (NotInStore, StoreUnavailable, ValueError) as error:
            log.warning("recording %s: its waveform cannot be read: %s", row.recording_id, type(error).__name__)
            waveform = None
        if waveform is None:
            return session.get(Talk, row.recording_id)
        measured[row.recording_id] = measure_talk(waveform, judged_parts(session, row.recording_id))
        return measured[row.recording_id]


def _keep(session: Session, measured: Measured) -> None:
    """Writes down what was measured, but of recordings that were deleted meanwhile.

    The recordings are locked, in one order for all, so that two who have measured the same one wait for each other.
    """
    kept = select(Recording.recording_id).where(Recording.recording_id.in_(measured), Recording.state == "ready")
    for recording_id in session.scalars(kept.order_by(Recording.recording_id).with_for_update()).all():
        found = measured[recording_id]
        talk = session.get(Talk, recording_id) or Talk(recording_id=recording_id)
        talk.citizen_seconds, talk.other_seconds = found.citizen_seconds, found.other_seconds
        talk.talk_over_seconds, talk.longest_silence = found.talk_over_seconds, found.longest_silence
        talk.talk_overs = [list(span) for span in found.talk_overs]
        talk.silences = [list(span) for span in found.silences]
        session.add(talk)


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
