"""What is shown beside the form while it is written: suggestions, and tickets that may be the same matter.

Candidates come from the search index by words, and from the caller's own tickets; then the comparer decides, by place
first (:mod:`ticketing.similar`).  A missing index or model costs suggestions, never the form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

import ticketing
from agent_desktop.paging import MOST

if TYPE_CHECKING:
    from ticketing.keywords import Suggester, Suggestion
    from ticketing.knowledge_search import KnowledgeSearch
    from ticketing.search_index import Found, SearchIndex, Sort
    from ticketing.similar import Comparer, Likeness

TARGETS = ("category", "unit", "urgency")
CANDIDATES = 20
SHOWN = 5
_NONE: Mapping[str, Any] = {"status": (), "kind": (), "unit": None}
"""What a filter says where it asks for nothing."""


@dataclass(frozen=True)
class Alike:
    """A ticket that may be the same matter, how alike it is, and whether the same person asked."""

    ticket: ticketing.Ticket
    likeness: Likeness
    same_caller: bool


def added_labels(office: ticketing.Office) -> dict[str, list[str]]:
    """Target → the names of what the office has and its pack has not: what was added at run time."""
    shipped = {*_names(office.pack.dictionary.categories), *(unit.zh for unit in office.pack.dictionary.units)}
    units = [unit.zh for unit in office.dictionary.units if unit.enabled]
    return {
        "category": [name for name in _names(office.dictionary.categories) if name not in shipped],
        "unit": [name for name in units if name not in shipped],
    }


def _names(nodes: Sequence[ticketing.Category]) -> Iterator[str]:
    for node in nodes:
        yield node.zh
        yield from _names(node.children)


@dataclass
class Intake:
    """Built once a process; the libraries behind it are loaded at the first use."""

    index_folder: Path
    keywords: Path
    models: Mapping[str, Path] = field(default_factory=dict)
    """Target → the file a learned model is in, where one was trained."""
    _loaded: dict[str, tuple[float, Suggester]] = field(default_factory=dict, repr=False)

    @cached_property
    def index(self) -> SearchIndex:
        """The search index over tickets."""
        from ticketing.search_index import SearchIndex

        return SearchIndex(self.index_folder)

    @cached_property
    def knowledge(self) -> KnowledgeSearch:
        """Finds answers in the knowledge base."""
        from ticketing.knowledge_search import KnowledgeSearch

        return KnowledgeSearch()

    @cached_property
    def comparer(self) -> Comparer:
        """Compares requests in the light of the office's taxonomy."""
        from ticketing.keywords import Keywords
        from ticketing.similar import Comparer

        return Comparer(Keywords.load(self.keywords, "category").words())

    def warm(self) -> None:
        """Loads the libraries, the models and the index, so that the first form of the day does not wait for them."""
        for target in TARGETS:
            self._suggester(target)
        self.comparer.read("", "")
        len(self.index)

    def suggest(self, target: str, text: str, added: Collection[str] = ()) -> list[Suggestion]:
        """At most three labels for a text; a model trained meanwhile is used from the next call on.

        ``added`` are labels the office made at run time, for which no words are known and nothing was learned yet:
        until then their own name speaks for them, and weighs as much as all that was found otherwise.
        """
        from ticketing.keywords import TOP, Suggestion

        found = self._suggester(target).suggest(text)
        named = [one for one in added if len(one) > 1 and one in text and all(one != other.label for other in found)]
        share = 1 / (len(named) + bool(found)) if named else 1.0
        own = [Suggestion(one, share, (one,)) for one in named]
        return [*own, *(replace(one, score=one.score * share) for one in found)][:TOP]

    def source(self, target: str) -> str:
        """``learned`` or ``keywords``."""
        return self._suggester(target).source

    def found(
        self,
        session: Session,
        viewer: ticketing.Viewer,
        words: str,
        wanted: ticketing.TicketFilter,
        *,
        sort: Sort = "best",
        limit: int = 20,
        offset: int = 0,
    ) -> Found:
        """The tickets that words speak of and that are as wanted; ``wanted.q`` is not looked at.

        What the index does not know (lights, dates of units) is asked of the database, about the first 10,000 hits.
        """
        from ticketing.search_feed import sight_of
        from ticketing.search_index import Found, SearchFilter

        single = {"status": wanted.status, "kind": wanted.kind, "unit": (wanted.unit,) if wanted.unit else ()}
        equal = {name: values[0] for name, values in single.items() if len(values) == 1}
        where = SearchFilter(equal, wanted.accepted.start, wanted.accepted.end)
        rest = replace(wanted, **{name: _NONE[name] for name in equal}, accepted=ticketing.Span(), q="", at=None)
        sight = sight_of(session, viewer)
        if rest == ticketing.TicketFilter():
            return self.index.search(words, sight, where, sort=sort, limit=limit, offset=offset)
        hits = self.index.search(words, sight, where, sort=sort, limit=MOST).hits
        by_id = {hit.ticket_id: hit for hit in hits}
        left = ticketing.filtered(session, list(by_id), replace(wanted, q=""), viewer)
        return Found(len(left), [by_id[one] for one in left[offset : offset + limit]])

    def _suggester(self, target: str) -> Suggester:
        from ticketing.keywords import suggester

        path = self.models.get(target)
        written = path.stat().st_mtime if path is not None and path.exists() else 0.0
        if target not in self._loaded or self._loaded[target][0] != written:
            self._loaded[target] = written, suggester(path or Path("none"), self.keywords, target)
        return self._loaded[target][1]

    def alike(
        self,
        session: Session,
        viewer: ticketing.Viewer,
        subject: str,
        text: str,
        place: str,
        caller_key: str,
    ) -> list[Alike]:
        """Tickets that may be the same matter, the likeliest first; none that the viewer must not know of."""
        from ticketing.search_feed import sight_of

        asked = self.comparer.read(subject, text, place)
        own = {one.ticket_id: one for one in ticketing.tickets_of_number(session, caller_key, viewer, CANDIDATES)}
        sight = sight_of(session, viewer)
        words = f"{place} {subject} {text[:200]}"
        hits = self.index.search(words, sight, limit=CANDIDATES).hits if words.strip() else []
        others = [hit.ticket_id for hit in hits if hit.ticket_id not in own]
        candidates = own | ticketing.get_tickets(session, others, viewer)
        found = [
            Alike(one, self.comparer.compare(asked, self.comparer.read(one.title, one.text, one.place)), key in own)
            for key, one in candidates.items()
        ]
        likely = [one for one in found if one.likeness.same]
        return sorted(likely, key=lambda one: (-one.likeness.score, one.ticket.number))[:SHOWN]
