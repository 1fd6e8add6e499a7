"""Finding articles while a caller waits: the ones in force, by words, as they stand at this moment.

Each process keeps its own index in memory and brings it up to date before each search, from the articles' version
numbers; the base is a few thousand short texts, so that costs a few milliseconds and nothing has to be told anybody.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing.knowledge import ArticleText, text_in_force
from ticketing.tables_knowledge import ArticleRow
from ticketing.word_index import WordIndex

LOOKED_AT = 50
"""Hits of which those that hold today are taken."""


@dataclass(frozen=True)
class FoundArticle:
    """An article that may answer the question, with its score (higher is likelier)."""

    article_id: str
    text: ArticleText
    score: float


class KnowledgeSearch:
    """Searches the articles in force.  One for a process; safe for its threads."""

    def __init__(self) -> None:
        self._index = WordIndex()
        self._known: dict[str, int] = {}
        self._stamp: tuple[int, int] = (0, 0)
        self._lock = threading.Lock()

    def search(
        self, session: Session, words: str, today: date, category: str = "", limit: int = 8
    ) -> list[FoundArticle]:
        """The articles that speak of ``words`` and hold today, the best first."""
        with self._lock:
            self._refresh(session)
            hits = self._index.search(words, LOOKED_AT)
        rows = session.scalars(select(ArticleRow).where(ArticleRow.article_id.in_([key for key, _score in hits])))
        texts = {row.article_id: text_in_force(row) for row in rows}
        found = []
        for key, score in hits:
            text = texts.get(key)
            if text is None or not text.holds_on(today):
                continue
            if category and text.category != category and not text.category.startswith(category + "/"):
                continue
            found.append(FoundArticle(key, text, score))
        return found[:limit]

    def _refresh(self, session: Session) -> None:
        """Versions only grow and articles are never deleted: count and sum tell whether anything has changed."""
        count, total = session.execute(select(func.count(), func.coalesce(func.sum(ArticleRow.version), 0))).one()
        if (count, total) == self._stamp:
            return
        rows = session.execute(select(ArticleRow.article_id, ArticleRow.version))
        versions = {article_id: version for article_id, version in rows}  # noqa: C416 - a Result has keys()
        changed = [key for key, version in versions.items() if self._known.get(key) != version]
        put, drop = {}, []
        for row in session.scalars(select(ArticleRow).where(ArticleRow.article_id.in_(changed))):
            text = text_in_force(row)
            if text is None:
                drop.append(row.article_id)
            else:
                put[row.article_id] = _searched(text)
        self._index.change(put, drop)
        self._known, self._stamp = versions, (count, total)


def _searched(text: ArticleText) -> str:
    """The question weighs three times, the keywords twice: they are what a caller says."""
    return " ".join([text.question] * 3 + [text.keywords] * 2 + [text.answer, text.read_out])
