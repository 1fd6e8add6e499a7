"""A small full-text index in memory: texts by key, Chinese cut as in :mod:`ticketing.search_index`, ranked with BM25.

For what is a few thousand texts at most and must be found the moment it is written; tickets have an index on disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import tantivy

from ticketing.search_index import terms

MEMORY = 20_000_000
MOST_TERMS = 24


class WordIndex:
    """Texts by key.  Not safe for several threads at once: whoever shares one locks around it."""

    def __init__(self) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("words", tokenizer_name="cut", index_option="freq")
        builder.add_text_field("characters", tokenizer_name="cut", index_option="basic")
        self._index = tantivy.Index(builder.build())
        self._index.register_tokenizer("cut", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        self._writer = self._index.writer(MEMORY, 1)

    def change(self, put: Mapping[str, str], drop: Iterable[str] = ()) -> None:
        """Adds or replaces texts, takes others out; found or gone when this returns."""
        for key in (*put, *drop):
            self._writer.delete_documents_by_term("key", key)
        for key, text in put.items():
            characters = sorted({character for character in text if "一" <= character <= "鿿"})
            self._writer.add_document(
                tantivy.Document(key=key, words=" ".join(terms(text)), characters=" ".join(characters))
            )
        self._writer.commit()
        self._index.reload()

    def search(self, words: str, limit: int) -> list[tuple[str, float]]:
        """Keys and scores of the texts that speak of ``words``, the best first; nothing for empty words."""
        looked_for = list(dict.fromkeys(terms(words)))[:MOST_TERMS]
        name = "words"
        if not looked_for:  # a single character, which no pair is made of
            name, looked_for = "characters", [letter for letter in words.strip() if "一" <= letter <= "鿿"][:1]
        if not looked_for:
            return []
        should = [(tantivy.Occur.Should, self._term(name, term)) for term in looked_for]
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.boolean_query(should), limit).hits
        return [(str(searcher.doc(address)["key"][0]), float(score)) for score, address in hits]

    def _term(self, name: str, value: str) -> Any:
        option = "freq" if name == "words" else "basic"
        return tantivy.Query.term_query(self._index.schema, name, value, option)
