"""Full-text search over tickets, their replies and their calls' transcripts: the one door to the search engine.

The engine is Tantivy, embedded: an index is a folder, written by one process (the worker) and read by any number.  The
index is derived data: it may be deleted at any time and is built again from the database (``hotline reindex``).

Chinese is cut into pairs of neighbouring characters, everything else into words; the rarest pairs of a query are
looked for with BM25 ranking and not all of them must be met (``docs/decisions/0011-search.md`` has the figures).

Who may see what is decided inside the engine, by the same facts as in :mod:`ticketing.access`, so that what a viewer
may not know of is missing from hits and from counts alike.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import tantivy

MOST_TERMS = 24
"""Only this many of a query's terms are looked for, the rarest; a pasted letter must not cost seconds."""
COMMON = 0.15
"""Terms in more than this share of all tickets are left out where rarer ones are there: they rank nothing."""
_MUST_MEET = 0.6
"""The share of a short query's terms that a hit must have; longer queries are ranked, not filtered."""
_SHORT = 8
_RUNS = re.compile(r"[一-鿿㐀-䶿]+|[a-z0-9]+")
_FILTERS = ("status", "kind", "category", "unit", "caller_key")
_SIGHT = ("accused_unit", "accused_person", "involved")

Sort = Literal["best", "newest", "oldest"]


@dataclass(frozen=True)
class SearchDocument:
    """What is searchable of one ticket, and what decides who may find it.  Never the caller's name or number."""

    ticket_id: str
    number: str
    title: str
    text: str
    created_at: datetime
    place: str = ""
    others: Sequence[str] = ()
    """Demands, replies and transcripts."""
    status: str = ""
    kind: str = ""
    category: str = ""
    unit: str = ""
    caller_key: str = ""
    accused_unit: str = ""
    accused_person: str = ""
    involved: frozenset[str] = frozenset()
    """The units that have work in it."""


@dataclass(frozen=True)
class Sight:
    """Who is looking.  ``shares`` are the units whose work the viewer shares in (None: the office, all tickets),
    ``line`` the viewer's unit and those above it, ``recused`` the interests declared, as (field, value)."""

    user_id: str
    shares: frozenset[str] | None = None
    line: frozenset[str] = frozenset()
    recused: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class SearchFilter:
    """Which tickets are looked at; empty fields do not restrict.  Times are aware, ``until`` is excluded."""

    equal: Mapping[str, str] = field(default_factory=dict)
    """status, kind, category, unit or caller_key → the value asked for."""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Hit:
    """A found ticket and its BM25 score (0.0 when sorted by time)."""

    ticket_id: str
    score: float


@dataclass(frozen=True)
class Found:
    """One page of hits and how many there are in all."""

    total: int
    hits: list[Hit]


def terms(text: str) -> list[str]:
    """Pairs of Chinese characters and whole words of anything else, lower case, full-width forms folded."""
    found: list[str] = []
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] < "一" and run[0] < "㐀":
            found.append(run)
        else:
            found += map("".join, itertools.pairwise(run))
    return found


def _characters(text: str) -> set[str]:
    return {character for character in text if "一" <= character <= "鿿"}


class SearchIndex:
    """An index in ``folder`` (made when absent)."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(_schema(), path=str(folder))
        analyser = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("cut", analyser)

    def search(
        self,
        words: str,
        sight: Sight,
        where: SearchFilter | None = None,
        *,
        sort: Sort = "best",
        limit: int = 20,
        offset: int = 0,
    ) -> Found:
        """Tickets that ``words`` speak of and that the viewer may know of.

        ``words`` may also be a ticket's number.  Empty ``words`` find every ticket of the filter.
        """
        self._index.reload()
        searcher = self._index.searcher()
        query = self._query(searcher, words, sight, where or SearchFilter())
        if sort == "best":
            result = searcher.search(query, limit, True, offset=offset)
        else:
            order = tantivy.Order.Desc if sort == "newest" else tantivy.Order.Asc
            result = searcher.search(query, limit, True, order_by_field="created", offset=offset, order=order)
        hits = [
            Hit(str(searcher.doc(address)["ticket_id"][0]), float(score) if sort == "best" else 0.0)
            for score, address in result.hits
        ]
        return Found(int(result.count), hits)

    def writing(self, memory: int = 64_000_000) -> SearchWriter:
        """The one writer; a second one at the same time, in any process, is refused by the engine's lock."""
        return SearchWriter(self._index, memory)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps every writer out and writes nothing itself (a commit would go to whatever has this path by then)."""
        writer = self._index.writer(15_000_000, 1)
        try:
            yield
        finally:
            del writer

    def __len__(self) -> int:
        self._index.reload()
        return int(self._index.searcher().num_docs)

    def _query(self, searcher: Any, words: str, sight: Sight, where: SearchFilter) -> Any:
        occur = tantivy.Occur
        parts = [(occur.Must, self._words_query(searcher, words))]
        for name, value in where.equal.items():
            if name not in _FILTERS:
                raise ValueError(f"no such filter: {name}")
            parts.append((occur.Must, _unscored(self._term(name, value))))
        if where.since or where.until:
            parts.append((occur.Must, _unscored(self._period(where.since, where.until))))
        hidden = {("accused_person", sight.user_id), *sight.recused}
        if sight.shares is not None:
            hidden |= {("accused_unit", unit) for unit in sight.line}
            parts.append((occur.Must, _unscored(self._any_of("involved", sight.shares))))
        parts += [(occur.MustNot, self._term(name, value)) for name, value in sorted(hidden)]
        return tantivy.Query.boolean_query(parts)

    def _words_query(self, searcher: Any, words: str) -> Any:
        looked_for = list(dict.fromkeys(terms(words)))
        if not looked_for:
            single = sorted(_characters(words))
            if not single:
                return tantivy.Query.all_query() if not words.strip() else tantivy.Query.empty_query()
            return tantivy.Query.boolean_query([(tantivy.Occur.Must, self._term("characters", c)) for c in single])
        chosen = _rarest(searcher, looked_for)
        least = max(1, round(len(chosen) * _MUST_MEET)) if len(looked_for) <= _SHORT else 1
        by_words = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term("words", term, "freq")) for term in chosen],
            minimum_number_should_match=least,
        )
        by_number = tantivy.Query.boost_query(self._term("number", words.strip()), 100.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, by_words), (tantivy.Occur.Should, by_number)])

    def _any_of(self, name: str, values: Iterable[str]) -> Any:
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, self._term(name, one)) for one in sorted(values)])

    def _term(self, name: str, value: str, option: str = "basic") -> Any:
        return tantivy.Query.term_query(self._index.schema, name, value, option)

    def _period(self, since: datetime | None, until: datetime | None) -> Any:
        first = int(since.timestamp()) if since else 0
        last = int(until.timestamp()) if until else 2**53
        return tantivy.Query.range_query(
            self._index.schema, "created", tantivy.FieldType.Integer, first, last, include_upper=False
        )


class SearchWriter:
    """Adds and replaces documents; what was added is found after ``commit``.  Use it in a ``with`` statement."""

    def __init__(self, index: Any, memory: int) -> None:
        self._writer = index.writer(memory, 1)

    def __enter__(self) -> SearchWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._writer.commit()
        else:
            self._writer.rollback()
        self._writer.wait_merging_threads()

    def put(self, document: SearchDocument) -> None:
        """Adds the ticket, replacing what was known of it."""
        self._writer.delete_documents_by_term("ticket_id", document.ticket_id)
        self._writer.add_document(_document(document))

    def commit(self) -> None:
        """Makes everything put so far visible to searches."""
        self._writer.commit()


def _unscored(query: Any) -> Any:
    return tantivy.Query.const_score_query(query, 0.0)


def _rarest(searcher: Any, looked_for: Sequence[str]) -> list[str]:
    met = {term: searcher.doc_freq("words", term) for term in looked_for}
    known = sorted((term for term in looked_for if met[term]), key=lambda term: met[term])
    rare = [term for term in known if met[term] <= searcher.num_docs * COMMON]
    # unknown terms stay in short queries: a hit must have its share of all that was asked
    unknown = [term for term in looked_for if not met[term]] if len(looked_for) <= _SHORT else []
    return ((rare or known) + unknown)[:MOST_TERMS] or list(looked_for[:1])


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("ticket_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="cut", index_option="freq")
    builder.add_text_field("characters", tokenizer_name="cut", index_option="basic")
    for name in ("number", *_FILTERS, *_SIGHT):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("created", indexed=True, fast=True)
    return builder.build()


def _document(one: SearchDocument) -> Any:
    # the title twice: a word there says more of the matter than one in the text
    everything = " ".join([one.title, one.title, one.text, one.place, *one.others])
    document = tantivy.Document(
        ticket_id=one.ticket_id,
        number=one.number,
        words=" ".join(terms(everything)),
        characters=" ".join(sorted(_characters(everything))),
        created=int(one.created_at.timestamp()),
    )
    for name in (*_FILTERS, "accused_unit", "accused_person"):
        document.add_text(name, getattr(one, name))
    for unit in one.involved:
        document.add_text("involved", unit)
    return document
