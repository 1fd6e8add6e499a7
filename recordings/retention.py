"""How long recordings are kept, by rules of the office, and how they go: the file at once, a tombstone for ever.

Without rules nothing is ever deleted: no number in this program pretends to be a law.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from recordings import ledger, search_feed
from recordings.config import StoreConfig
from recordings.holds import holds_of
from recordings.tables import Aside, ContactNote, Recording, Segment, StoredFile, Transcript
from recordings.tables_replay import Clip, Comment, Talk

log = logging.getLogger(__name__)

PAGE = 500


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Recordings that fit every given field are kept ``days`` days.  The first rule that fits decides."""

    days: int | None
    """None: kept for ever."""
    kind: str | None = None
    queue: str | None = None
    category: str | None = None
    """A category code; also fits the categories below it (``env`` fits ``env.noise``)."""
    result: str | None = None

    def fits(self, kind: str, note: ContactNote | None, categories: Collection[str] = ()) -> bool:
        """Whether the rule is about such a recording; what is not known fits only a rule that does not ask.

        ``categories`` are those of the tickets that came of the call, beside the one that was noted.
        """
        queue, noted, result = (note.queue, note.category, note.result) if note else (None, None, None)
        known = [*categories, *([noted] if noted is not None else [])]
        return (
            self.kind in (None, kind)
            and self.queue in (None, queue)
            and self.result in (None, result)
            and (self.category is None or any(f"{one}.".startswith(f"{self.category}.") for one in known))
        )


Categories = Callable[[Session, Sequence[str]], Mapping[str, Collection[str]]]
"""Contact ids → the category codes of the tickets that came of them; contacts without a ticket may be absent."""


def read_rules(text: str) -> list[RetentionRule] | list[str]:
    """The rules in a TOML text (``[[keep]]`` tables), or every problem found in it.

    An empty list of rules keeps everything for ever.
    """
    try:
        tables = tomllib.loads(text).get("keep", [])
    except tomllib.TOMLDecodeError as error:
        return [str(error)]
    known = {field.name for field in fields(RetentionRule)}
    rules, problems = [], []
    for number, table in enumerate(tables, 1):
        unknown = sorted(set(table) - known - {"for_ever"})
        days = table.get("days")
        if unknown:
            problems.append(f"rule {number}: unknown: {', '.join(unknown)}")
        elif table.get("for_ever") is True and days is None:
            rules.append(RetentionRule(None, **{key: table[key] for key in table if key != "for_ever"}))
        elif not isinstance(days, int) or isinstance(days, bool) or days < 1:
            problems.append(f"rule {number}: says neither days (1 or more) nor for_ever = true")
        elif any(not isinstance(table[key], str) for key in table if key not in ("days", "for_ever")):
            problems.append(f"rule {number}: kind, queue, category and result are texts")
        else:
            rules.append(RetentionRule(**{key: table[key] for key in table if key != "for_ever"}))
    return problems or rules


def rule_for(
    rules: Sequence[RetentionRule], kind: str, note: ContactNote | None, categories: Collection[str] = ()
) -> RetentionRule | None:
    """The rule that decides; None when no rule fits (then it is kept)."""
    return next((rule for rule in rules if rule.fits(kind, note, categories)), None)


def delete_expired(
    sessions: sessionmaker[Session],
    config: StoreConfig,
    rules: Sequence[RetentionRule],
    now: datetime,
    categories: Categories | None = None,
) -> int:
    """Deletes what its rule no longer keeps, except what is under hold; how many it were.

    ``categories`` is asked at the moment of deciding: a ticket may have been written, or moved, long after the call.
    Raises StoreUnavailable when the store cannot be written; what was begun is finished by the next run.
    """
    spans = [rule.days for rule in rules if rule.days is not None]
    if not spans:
        return 0
    whole = func.coalesce(Aside.whole_id, Recording.contact_id)
    gone, after = 0, ""
    while True:
        with sessions() as session:
            page = session.execute(
                select(Recording, ContactNote, whole.label("whole"))
                .join(Aside, Aside.contact_id == Recording.contact_id, isouter=True)
                .join(ContactNote, ContactNote.contact_id == whole, isouter=True)
                .where(
                    Recording.state == "ready",
                    Recording.created_at < now - timedelta(days=min(spans)),
                    Recording.recording_id > after,
                )
                .order_by(Recording.recording_id)
                .limit(PAGE)
            ).all()
            known = categories(session, sorted({one.whole for one in page})) if categories and page else {}
        for row, note, call in page:
            rule = rule_for(rules, row.kind, note, known.get(call, ()))
            if rule is not None and rule.days is not None and row.created_at < now - timedelta(days=rule.days):
                gone += delete_recording(sessions, config, row.recording_id, None, f"kept {rule.days} days", now)
        if len(page) < PAGE:
            return gone
        after = page[-1][0].recording_id


def delete_recording(
    sessions: sessionmaker[Session],
    config: StoreConfig,
    recording_id: str,
    person: str | None,
    reason: str,
    now: datetime,
) -> bool:
    """Deletes one recording for good; False when it is under hold, not finished, or not there.

    In three steps, each repeatable: the row says ``deleting``, the files and the text go, the tombstone and the
    ledger's entry are written.  ``person`` None: by rule.
    """
    with sessions.begin() as session:
        row = session.scalars(
            select(Recording).where(Recording.recording_id == recording_id).with_for_update()
        ).one_or_none()
        if row is None or row.state not in ("ready", "deleting") or not row.spool_dropped:
            return False
        if row.state == "ready":
            if holds_of(session, row.contact_id):
                return False
            row.state, row.problem = "deleting", reason[:64]
    _finish_deleting(sessions, config, recording_id, person, reason, now)
    return True


def resume_deletions(sessions: sessionmaker[Session], config: StoreConfig, now: datetime) -> int:
    """Finishes deletions that a crash interrupted."""
    with sessions() as session:
        begun = session.execute(
            select(Recording.recording_id, Recording.problem).where(Recording.state == "deleting")
        ).all()
    for row in begun:
        _finish_deleting(sessions, config, row.recording_id, None, row.problem or "", now)
    return len(begun)


def _finish_deleting(
    sessions: sessionmaker[Session],
    config: StoreConfig,
    recording_id: str,
    person: str | None,
    reason: str,
    now: datetime,
) -> None:
    with sessions() as session:
        files = session.scalars(select(StoredFile).where(StoredFile.recording_id == recording_id)).all()
    for file in files:
        config.store.delete(file.path)
    with sessions.begin() as session:
        row = session.scalars(select(Recording).where(Recording.recording_id == recording_id).with_for_update()).one()
        if row.state != "deleting":
            return  # another worker was quicker
        for table in (Segment, Transcript, StoredFile, Talk, Comment, Clip):
            session.execute(delete(table).where(table.recording_id == recording_id))
        row.state, row.problem, row.transcript_state = "deleted", "deleted", "none"
        search_feed.ask(session, recording_id)
        body = {
            "contact_id": row.contact_id,
            "reason": reason,
            "seconds": row.seconds,
            "files": {file.role: file.sha256 for file in files},
        }
        ledger.append(session, "deleted", now, recording_id=recording_id, person=person, body=body)
    log.info("recording %s: deleted", recording_id)
