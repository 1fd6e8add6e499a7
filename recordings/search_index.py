"""Full-text search over what was said: this room's one door to the search engine.

The engine is Tantivy, embedded, as for tickets (``docs/decisions/0011-search.md``): an index is a folder, written by
one process (the worker) and read by any number, derived data that ``hotline reindex`` builds again.

One document a recording, each leg a field of its own, so that "said by the agent" is a question to the engine.  Chinese
is cut into pairs of neighbouring characters with their places: words that are asked for must stand together, in that
order, in one utterance.  What is indexed is masked already: spoken phone and identity numbers cannot be looked for.
The utterances lie beside the index, so that a page of hits with their sentences needs no database.

The voice of a confidential caller is found by the people named with it alone, in hits and in counts.
"""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import tantivy

BOUNDARY = "|"
"""Between two utterances: no words stand together across it."""
_RUNS = re.compile(r"[一-鿿㐀-䶿]+|[^\W_一-鿿㐀-䶿]+|＊+")
_FILTERS = ("contact_id", "queue", "agent", "unit", "category", "result", "kind")
_NUMBERS = ("created", "milliseconds", "talk_over", "silence")
LEGS = ("citizen", "other")

Leg = Literal["citizen", "other"]
Sort = Literal["best", "newest", "oldest", "longest"]
_ORDER = {"newest": ("created", "Desc"), "oldest": ("created", "Asc"), "longest": ("milliseconds", "Desc")}


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance, masked."""

    leg: str
    start: float
    end: float
    text: str


@dataclass(frozen=True)
class RecordingDocument:
    """What is searchable of one recording."""

    recording_id: str
    contact_id: str
    """Of the call: what was said aside in it is found with it."""
    created_at: datetime
    seconds: float
    sentences: Sequence[Said] = ()
    kind: str = "call"
    queue: str = ""
    category: str = ""
    result: str = ""
    agents: Sequence[str] = ()
    units: Sequence[str] = ()
    talk_over_seconds: float = 0.0
    longest_silence: float = 0.0
    confidential: bool = False
    named: Sequence[str] = ()
    """User ids that may find a confidential one."""


@dataclass(frozen=True)
class Wanted:
    """What is looked for; empty fields do not restrict.  Times are aware, ``until`` is excluded."""

    words: str = ""
    """Groups apart by blanks; each must have been said just so."""
    by: Leg | None = None
    since: datetime | None = None
    until: datetime | None = None
    contacts: Collection[str] | None = None
    """Only these contacts; None: all."""
    unit: str | None = None
    """A handling unit: it speaks there, or the call is one of ``calls_of_unit``."""
    calls_of_unit: Collection[str] = ()
    equal: dict[str, str] = field(default_factory=dict)
    """queue, agent, category, result, kind → the value asked for."""
    shortest: float | None = None
    longest: float | None = None
    talk_over: float | None = None
    """At least so many seconds in which both speak."""
    silence: float | None = None
    """A silence of at least so many seconds."""


@dataclass(frozen=True, slots=True)
class FoundRecording:
    """A found recording with the utterances that were meant, in order of time."""

    recording_id: str
    score: float
    hits: tuple[Said, ...]
    """The first MOST_HITS of them."""
    hit_count: int


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One page and how many there are in all."""

    total: int
    found: list[FoundRecording]


MOST_HITS = 3


def terms(text: str) -> list[str]:
    """Pairs of Chinese characters (a lone one as it is), whole words of anything else; blanks of a recogniser between
    Chinese words are no boundary."""
    found: list[str] = []
    for run in _RUNS.findall(plain(text)):
        if not "㐀" <= run[0] <= "鿿" or len(run) == 1:
            found.append(run)
        else:
            found += map("".join, itertools.pairwise(run))
    return found


def plain(text: str) -> str:
    """As it is compared: full-width forms folded, lower case, no blanks between Chinese characters."""
    folded = unicodedata.normalize("NFKC", text).replace("*", "＊").lower()
    return re.sub(r"(?<=[一-鿿㐀-䶿])\s+(?=[一-鿿㐀-䶿])", "", folded)


def groups(words: str) -> list[str]:
    """What was typed, in the groups that must each have been said just so."""
    return [group for group in unicodedata.normalize("NFKC", words).lower().split() if terms(group)]


class RecordingIndex:
    """An index in ``folder`` (made when absent)."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._index = tantivy.Index(_schema(), path=str(folder))
        self._index.register_tokenizer("cut", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())

    def search(
        self, wanted: Wanted, person: str, *, sort: Sort = "newest", limit: int = 20, offset: int = 0
    ) -> FoundPage:
        """The recordings that ``person`` (a user id) may know of and that are as wanted."""
        self._index.reload()
        searcher = self._index.searcher()
        query = self._query(wanted, person)
        if sort == "best":
            result = searcher.search(query, limit, True, offset=offset)
        else:
            name, way = _ORDER[sort]
            order = getattr(tantivy.Order, way)
            result = searcher.search(query, limit, True, order_by_field=name, offset=offset, order=order)
        asked = [plain(group) for group in groups(wanted.words)]
        return FoundPage(
            int(result.count),
            [
                self._found(searcher.doc(address), float(score) if sort == "best" else 0.0, asked, wanted.by)
                for score, address in result.hits
            ],
        )

    def _found(self, document: Any, score: float, asked: list[str], by: Leg | None) -> FoundRecording:
        spoken = json.loads(bytes(document["sentences"][0])) if asked else []
        mine = [one for one in spoken if by in (None, one[0])]
        # As it was written down, which is nearly always also as it is compared, and ten times quicker.
        hits = [one for one in mine if any(group in one[3] for group in asked)]
        hits = hits or [one for one in mine if any(group in plain(one[3]) for group in asked)]
        shown = tuple(Said(*one) for one in hits[:MOST_HITS])
        return FoundRecording(str(document["recording_id"][0]), score, shown, len(hits))

    def writing(self, memory: int = 64_000_000) -> RecordingWriter:
        """The one writer; a second one at the same time, in any process, is refused by the engine's lock."""
        return RecordingWriter(self._index, memory)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps every writer out and writes nothing itself."""
        writer = self._index.writer(15_000_000, 1)
        try:
            yield
        finally:
            del writer

    def __len__(self) -> int:
        self._index.reload()
        return int(self._index.searcher().num_docs)

    def _query(self, wanted: Wanted, person: str) -> Any:
        must = tantivy.Occur.Must
        parts = [(must, self._said(group, wanted.by)) for group in groups(wanted.words)]
        if wanted.words.strip() and not parts:
            return tantivy.Query.empty_query()
        parts.append((must, self._unscored(self._any(("sight", [OPEN, person])))))
        for name, value in wanted.equal.items():
            if name not in _FILTERS:
                raise ValueError(f"no such filter: {name}")
            parts.append((must, self._unscored(self._term(name, value))))
        if wanted.contacts is not None:
            parts.append((must, self._unscored(self._any(("contact_id", wanted.contacts)))))
        if wanted.unit is not None:
            either = (("unit", [wanted.unit]), ("contact_id", wanted.calls_of_unit))
            of_unit = tantivy.Query.boolean_query([(tantivy.Occur.Should, self._any(one)) for one in either])
            parts.append((must, self._unscored(of_unit)))
        parts += [(must, self._unscored(one)) for one in self._ranges(wanted)]
        return tantivy.Query.boolean_query(parts)

    def _said(self, group: str, by: Leg | None) -> Any:
        looked_for = terms(group)
        # A lone character at an edge of "楼3" may be half of a pair in what was said ("号楼", "3").
        while len(looked_for) > 1 and _lone(looked_for[0]):
            looked_for = looked_for[1:]
        while len(looked_for) > 1 and _lone(looked_for[-1]):
            looked_for = looked_for[:-1]
        should = [(tantivy.Occur.Should, self._phrase(leg, looked_for)) for leg in LEGS if by in (None, leg)]
        return tantivy.Query.boolean_query(should)

    def _phrase(self, leg: str, looked_for: list[str]) -> Any:
        if len(looked_for) > 1:
            return tantivy.Query.phrase_query(self._index.schema, leg, looked_for)
        one = looked_for[0]
        if _lone(one):  # wherever it stands in a pair
            return tantivy.Query.regex_query(self._index.schema, leg, f"{one}.?|.{one}")
        return self._term(leg, one, "position")

    def _ranges(self, wanted: Wanted) -> Iterator[Any]:
        since = int(wanted.since.timestamp()) if wanted.since else None
        until = int(wanted.until.timestamp()) - 1 if wanted.until else None
        for name, low, high in (
            ("created", since, until),
            ("milliseconds", _thousandths(wanted.shortest), _thousandths(wanted.longest)),
            ("talk_over", _thousandths(wanted.talk_over), None),
            ("silence", _thousandths(wanted.silence), None),
        ):
            if low is not None or high is not None:
                kind = tantivy.FieldType.Integer
                yield tantivy.Query.range_query(self._index.schema, name, kind, low or 0, high or 2**53)

    def _any(self, one: tuple[str, Iterable[str]]) -> Any:
        name, values = one
        return tantivy.Query.term_set_query(self._index.schema, name, sorted(set(values)))

    def _term(self, name: str, value: str, option: str = "basic") -> Any:
        return tantivy.Query.term_query(self._index.schema, name, value, option)

    @staticmethod
    def _unscored(query: Any) -> Any:
        return tantivy.Query.const_score_query(query, 0.0)


OPEN = "*"
"""In the field ``sight``: anybody who may search at all."""


class RecordingWriter:
    """Adds and replaces documents; what was added is found after the ``with`` statement."""

    def __init__(self, index: Any, memory: int) -> None:
        self._writer = index.writer(memory, 1)

    def __enter__(self) -> RecordingWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._writer.commit()
        else:
            self._writer.rollback()
        self._writer.wait_merging_threads()

    def put(self, document: RecordingDocument) -> None:
        """Adds the recording, replacing what was known of it."""
        self.remove(document.recording_id)
        self._writer.add_document(_document(document))

    def remove(self, recording_id: str) -> None:
        """Forgets a recording that was deleted."""
        self._writer.delete_documents_by_term("recording_id", recording_id)


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("recording_id", stored=True, tokenizer_name="raw", index_option="basic")
    for leg in LEGS:
        builder.add_text_field(leg, tokenizer_name="cut", index_option="position")
    for name in (*_FILTERS, "sight"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in _NUMBERS:
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_bytes_field("sentences", stored=True)
    return builder.build()


def _document(one: RecordingDocument) -> Any:
    document = tantivy.Document(
        recording_id=one.recording_id,
        created=int(one.created_at.timestamp()),
        milliseconds=_thousandths(one.seconds),
        talk_over=_thousandths(one.talk_over_seconds),
        silence=_thousandths(one.longest_silence),
    )
    for leg in LEGS:
        words = (" ".join(terms(said.text)) for said in one.sentences if said.leg == leg)
        document.add_text(leg, f" {BOUNDARY} ".join(words))
    for name in ("contact_id", "queue", "category", "result", "kind"):
        document.add_text(name, getattr(one, name))
    sight = one.named if one.confidential else [OPEN]
    for name, values in (("agent", one.agents), ("unit", one.units), ("sight", sight)):
        for value in values:
            document.add_text(name, value)
    spoken = [[said.leg, said.start, said.end, said.text] for said in one.sentences]
    document.add_bytes("sentences", json.dumps(spoken, ensure_ascii=False, separators=(",", ":")).encode())
    return document


def _lone(term: str) -> bool:
    return len(term) == 1 and "㐀" <= term <= "鿿"


def _thousandths(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)
