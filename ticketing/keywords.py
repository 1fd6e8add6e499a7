"""What is suggested at intake before anything was learned: a keyword taxonomy (``cities/<code>/keywords.toml``).

Apart from :mod:`ticketing.suggest`, because that needs scikit-learn, which takes two seconds to load: while it loads
nothing else of the desk runs, and an office that has trained nothing never needs it.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

TOP = 3
REASONS = 4


@dataclass(frozen=True)
class Example:
    """One text with the label that people gave it."""

    text: str
    label: str


@dataclass(frozen=True)
class Suggestion:
    """``label`` with ``score`` (0…1, the scores of all labels add up to 1) and the words that speak for it."""

    label: str
    score: float
    reasons: tuple[str, ...]


class Suggester(Protocol):
    """Anything that ranks labels for a text."""

    source: str

    def suggest(self, text: str) -> list[Suggestion]:
        """At most three labels, best first; empty when nothing in the text speaks for any label."""
        ...


class Keywords:
    """The taxonomy: label → groups of words, from ``keywords.toml``'s tables."""

    source = "keywords"

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        self.groups = {label: [group.split() for group in rows] for label, rows in groups.items()}
        self._labels_of: dict[str, list[str]] = {}
        for label, rows in self.groups.items():
            for word in {word for row in rows for word in row}:
                self._labels_of.setdefault(word, []).append(label)

    @classmethod
    def load(cls, path: Path, target: str) -> Keywords:
        """The table ``target`` ("category" or "urgency") of ``path``; an absent file or table gives no words."""
        if not path.exists():
            return cls({})
        return cls(tomllib.loads(path.read_text("utf-8")).get(target, {}))

    def suggest(self, text: str) -> list[Suggestion]:
        """Labels by the characters of their words found; a word that two labels share counts half for each."""
        found = self.hits(text)
        total = sum(sum(words.values()) for words in found.values())
        ranked = sorted(found.items(), key=lambda item: -sum(item[1].values()))[:TOP]
        return [Suggestion(label, sum(words.values()) / total, heaviest(words)) for label, words in ranked]

    def hits(self, text: str) -> dict[str, dict[str, float]]:
        """Label → word found in ``text`` → its weight: length times (1 + ln of how often it occurs), shared."""
        found: dict[str, dict[str, float]] = {}
        for word, labels in self._labels_of.items():
            if times := text.count(word):
                for label in labels:
                    found.setdefault(label, {})[word] = len(word) * (1 + math.log(times)) / len(labels)
        return found

    def words(self) -> list[str]:
        """Every word of the taxonomy."""
        return list(self._labels_of)

    def examples(self, labels: Iterable[str]) -> list[Example]:
        """The groups of these labels as examples to learn from."""
        return [Example(" ".join(row), label) for label in labels for row in self.groups.get(label, [])]


def heaviest(words: Mapping[str, float]) -> tuple[str, ...]:
    """At most four words: those of greatest weight, none part of one already named."""
    chosen: list[str] = []
    for word in sorted(words, key=lambda w: -words[w]):
        if not any(word in other for other in chosen):
            chosen.append(word)
        if len(chosen) == REASONS:
            break
    return tuple(chosen)


def suggester(model: Path, keywords: Path, target: str) -> Suggester:
    """What is in use: the learned model where there is one, else the taxonomy.  Raises ValueError as Learned.load."""
    if not model.exists():
        return Keywords.load(keywords, target)
    from ticketing.suggest import Learned

    return Learned.load(model)
