"""The knowledge base: what the office answers, written by those who know, published by somebody else.

An article has a copy that is worked on and, once published, one in force; changing the first leaves the second as it
is until the change has been reviewed.  Everything done to an article stands in the hash-chained ledger under
``article:<id>``.  Dates are local dates of the office.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from ticketing import ledger
from ticketing.idempotency import carried_out, claim
from ticketing.model import HistoryEntry, Refused, json_ready, storable
from ticketing.tables_knowledge import ArticleRow

LIMITS = {"question": 300, "answer": 20_000, "read_out": 2_000, "category": 100, "keywords": 300, "unit": 64}
"""Longest accepted texts, in characters."""

ArticleAct = Literal["submit", "publish", "send_back", "withdraw", "confirm"]
_FROM = {
    "submit": ("draft",),
    "publish": ("review",),
    "send_back": ("review",),
    "withdraw": ("draft", "review", "published"),
    "confirm": ("published",),
}
_TO = {"submit": "review", "publish": "published", "send_back": "draft", "withdraw": "withdrawn"}
_NEEDS_NOTE = ("send_back", "withdraw")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """What an article says."""

    question: str
    answer: str
    read_out: str = ""
    """What is said on the telephone; empty: the answer itself."""
    unit: str | None = None
    category: str = ""
    keywords: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    review_by: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it may be told to a caller on this day."""
        return (self.valid_from or day) <= day <= (self.valid_until or day)


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it stands: the copy being worked on, and the one in force (None: never published, withdrawn)."""

    article_id: str
    state: str
    text: ArticleText
    in_force: ArticleText | None
    version: int
    written_by: str
    written_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class ArticleConflict:
    """Somebody else has changed the article meanwhile."""

    current: Article


def write_article(
    session: Session,
    text: ArticleText,
    *,
    by: str,
    now: datetime,
    article_id: str | None = None,
    version: int = 0,
    of_unit: str | None = None,
    key: str | None = None,
) -> Article | ArticleConflict | Refused:
    """Writes a new article, or over version ``version`` of one.  Somebody of a handling unit (``of_unit``) writes
    only what that unit answers for.  A new one with a ``key`` that was used before is the one it made then."""
    refused = _check(text)
    if refused is not None:
        return refused
    if of_unit is not None and text.unit != of_unit:
        return Refused("not_allowed", {"unit": text.unit})
    verb = "write"
    if article_id is None:
        made = str(uuid4())
        before = _again(session, key, asdict(text), made, now)
        if before is not None:
            return before
        row = ArticleRow(article_id=made, version=0, note="", in_force=None)
        session.add(row)
        verb = "begin"
    else:
        found = session.get(ArticleRow, article_id, with_for_update=True)
        if found is None or (of_unit is not None and found.unit != of_unit):
            return Refused("not_found")
        if found.version != version:
            return ArticleConflict(_article(found))
        row = found
    for name, value in asdict(text).items():
        setattr(row, name, value)
    row.state, row.written_by, row.written_at, row.version = "draft", by, now, row.version + 1
    session.flush()
    _note(session, row, verb, asdict(text), by, now)
    return _article(row)


def act_on_article(
    session: Session,
    article_id: str,
    act: ArticleAct,
    *,
    by: str,
    now: datetime,
    note: str = "",
    review_by: date | None = None,
    of_unit: str | None = None,
) -> Article | Refused:
    """Submits for review, publishes, sends back, withdraws, or confirms that it still holds (until ``review_by``).
    Nobody publishes what they wrote last themselves."""
    row = session.get(ArticleRow, article_id, with_for_update=True)
    if row is None or (of_unit is not None and row.unit != of_unit):
        return Refused("not_found")
    if row.state not in _FROM[act]:
        return Refused("not_now", {"status": row.state})
    if act in _NEEDS_NOTE and not note.strip():
        return Refused("missing", {"needs": ["note"]})
    if act == "publish" and row.written_by == by:
        return Refused("own_article")
    row.state = _TO.get(act, row.state)
    row.note = note
    if act == "confirm":
        row.review_by = review_by
    if act in ("publish", "confirm"):
        row.in_force = json_ready(asdict(_text(row)))
    elif act == "withdraw":
        row.in_force = None
    if act != "submit":
        row.decided_by, row.decided_at = by, now
    row.version += 1
    session.flush()
    _note(session, row, act, {"note": note, "review_by": review_by}, by, now)
    return _article(row)


def get_article(session: Session, article_id: str) -> Article | None:
    """One article."""
    row = session.get(ArticleRow, article_id)
    return None if row is None else _article(row)


def list_articles(
    session: Session,
    *,
    state: str | None = None,
    unit: str | None = None,
    due: date | None = None,
    offset: int = 0,
    limit: int = 200,
) -> list[Article]:
    """Articles for those who look after them, last written first; ``due``: in force and to be looked at by then,
    because the review date or the last day of validity has come."""
    statement = select(ArticleRow)
    if state is not None:
        statement = statement.where(ArticleRow.state == state)
    if unit is not None:
        statement = statement.where(ArticleRow.unit == unit)
    if due is not None:
        come = or_(ArticleRow.review_by <= due, ArticleRow.valid_until < due)
        statement = statement.where(and_(ArticleRow.in_force.is_not(None), come))
    order = (ArticleRow.written_at.desc(), ArticleRow.article_id)
    return [_article(row) for row in session.scalars(statement.order_by(*order).offset(offset).limit(limit))]


def article_history(session: Session, article_id: str) -> list[HistoryEntry]:
    """What was done to an article, oldest first."""
    return ledger.history(session, f"article:{article_id}")


def _check(text: ArticleText) -> Refused | None:
    said = asdict(text)
    for name, limit in LIMITS.items():
        value = said[name] or ""
        if len(value) > limit:
            return Refused("invalid_field", {"field": name, "problem": "too_long", "limit": limit})
        if not storable(value):
            return Refused("invalid_field", {"field": name, "problem": "bad_character"})
    for name in ("question", "answer"):
        if not said[name].strip():
            return Refused("invalid_field", {"field": name, "problem": "empty"})
    if text.valid_from and text.valid_until and text.valid_until < text.valid_from:
        return Refused("invalid_field", {"field": "valid_until", "problem": "not_later"})
    return None


def _again(
    session: Session, key: str | None, said: Mapping[str, Any], made: str, now: datetime
) -> Article | Refused | None:
    """What the key made before; None when it is free, and taken for ``made`` now."""
    if claim(session, key, said, made, now):
        return None
    earlier = carried_out(session, key, said)
    if isinstance(earlier, Refused):
        return earlier
    row = session.get(ArticleRow, earlier)
    assert row is not None
    return _article(row)


def _note(session: Session, row: ArticleRow, verb: str, body: Mapping[str, Any], by: str, now: datetime) -> None:
    said = {"version": row.version, **body}
    ledger.append(session, "history", f"article:{row.article_id}", f"article_{verb}", said, by=by, now=now)


_NAMES = tuple(field.name for field in fields(ArticleText))
_DATES = ("valid_from", "valid_until", "review_by")


def _text(row: ArticleRow) -> ArticleText:
    return ArticleText(**{name: getattr(row, name) for name in _NAMES})


def text_in_force(row: ArticleRow) -> ArticleText | None:
    """What callers are told, as it was published."""
    if row.in_force is None:
        return None
    said = dict(row.in_force)
    for name in _DATES:
        said[name] = date.fromisoformat(said[name]) if said.get(name) else None
    return ArticleText(**said)


def _article(row: ArticleRow) -> Article:
    return Article(
        article_id=row.article_id,
        state=row.state,
        text=_text(row),
        in_force=text_in_force(row),
        version=row.version,
        written_by=row.written_by,
        written_at=row.written_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        note=row.note,
    )
