"""Suggestions at intake: category, lead unit, urgency; the first three with their reasons.

Two sources behind one question.  A keyword taxonomy (``cities/<code>/keywords.toml``) serves an office on its first
day; a text classifier learns from the office's own tickets and takes the taxonomy's words as additional examples,
and its hits as one more vote: worth three points of accuracy at 300 tickets, no harm at many thousands.

Features are single characters and character pairs: Chinese has no blanks between words, and on short citizens'
messages pairs did better than a word segmenter (see ``docs/decisions/0010-suggestions.md``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import ComplementNB

from ticketing.keywords import TOP, Example, Keywords, Suggestion, heaviest

_Weights = tuple[float, float, float]
CANDIDATE_WEIGHTS: tuple[_Weights, ...] = (
    (1.0, 0.0, 0.0),
    (0.75, 0.25, 0.0),
    (0.8, 0.0, 0.2),
    (0.6, 0.2, 0.2),
    (0.45, 0.25, 0.3),
)
"""How much logistic regression, naive Bayes and the keywords may count; in doubt the first of equals."""
_NOT_WORDS = re.compile(r"[^一-鿿]+")
"""Latin letters, digits and punctuation carry codes and masks, not the matter."""


@dataclass(frozen=True)
class Evaluation:
    """How well suggestions met the given labels: shares 0…1 over ``examples`` texts."""

    examples: int
    accuracy: float
    top3: float
    macro_f1: float
    per_label: Mapping[str, float]


def clean(text: str) -> str:
    """Chinese characters only, runs kept apart; the first sentence (the subject) counts twice."""
    subject = re.split(r"[。！？\n]", text, maxsplit=1)[0]
    return _NOT_WORDS.sub(" ", f"{subject} {text}").strip()


class Learned:
    """A classifier trained on examples: three voters, mixed.

    Logistic regression and complement naive Bayes on character pairs, and the keyword taxonomy as it stands.  The
    last two help an office with few tickets and get in the way of one with many; how much each of them counts is
    therefore chosen at training by cross-validation (``expected`` is what that promised).
    """

    source = "learned"

    def __init__(self, voters: _Voters, weights: _Weights, expected: Evaluation) -> None:
        self._voters, self._weights, self.expected = voters, weights, expected

    @property
    def labels(self) -> list[str]:
        """Every label that can be suggested."""
        return self._voters.labels

    @classmethod
    def train(cls, examples: Sequence[Example], keywords: Keywords) -> Learned:
        """Learn from ``examples``.

        Raises ValueError with the reason when there is nothing to learn (fewer than two labels, or a label with
        fewer than two examples, which cross-validation cannot split).
        """
        counts = Counter(example.label for example in examples)
        if len(counts) < 2:
            raise ValueError(f"at least two labels are needed, found {len(counts)}")
        rare = sorted(label for label, count in counts.items() if count < 2)
        if rare:
            raise ValueError("each label needs at least two examples; only one for: " + ", ".join(rare))
        weights, expected = _choose_weights(examples, keywords, folds=min(4, *counts.values()))
        return cls(_Voters(examples, keywords), weights, expected)

    def suggest(self, text: str) -> list[Suggestion]:
        """See :class:`Suggester`."""
        row = self._voters.rows([text])
        if not row.nnz:
            return []
        scores = _mix(self._voters.votes([text]), self._weights)[0]
        best = scores.argsort()[::-1][:TOP]
        return [Suggestion(self.labels[i], float(scores[i]), self._voters.reasons(text, i)) for i in best]

    def suggest_many(self, texts: Sequence[str]) -> list[list[str]]:
        """The labels alone, best first, for many texts at once."""
        return _ranked(self.labels, _mix(self._voters.votes(texts), self._weights))

    def save(self, path: Path) -> None:
        """Write to ``path`` (replaced in one step, readable by the owner alone: joblib files run code when loaded)."""
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        joblib.dump(self, fresh, compress=3)
        fresh.chmod(0o600)
        fresh.replace(path)

    @staticmethod
    def load(path: Path) -> Learned:
        """What :meth:`save` wrote.  Raises ValueError when the file holds something else."""
        loaded = joblib.load(path)
        if not isinstance(loaded, Learned):
            raise ValueError(f"{path.name} holds no trained suggestions")
        return loaded


class _Voters:
    """The three voters fitted to the same examples; ``votes`` gives one matrix (texts × labels) for each."""

    def __init__(self, examples: Sequence[Example], keywords: Keywords) -> None:
        extra = keywords.examples({example.label for example in examples})
        everything = [*examples, *extra]
        self._keywords = keywords
        self._vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        rows = self._vectoriser.fit_transform([clean(example.text) for example in everything])
        given = [example.label for example in everything]
        self._linear = LogisticRegression(C=5, max_iter=1000, class_weight="balanced").fit(rows, given)
        self._bayes = ComplementNB(alpha=0.1).fit(rows, given)
        self.labels = [str(label) for label in self._linear.classes_]
        self._names = self._vectoriser.get_feature_names_out()

    def rows(self, texts: Sequence[str]) -> Any:
        return self._vectoriser.transform([clean(text) for text in texts])

    def votes(self, texts: Sequence[str]) -> list[Any]:
        rows = self.rows(texts)
        counted = np.array([self._counted(text) for text in texts])
        return [
            self._linear.predict_proba(rows),
            self._bayes.predict_proba(rows),
            counted / counted.sum(axis=1, keepdims=True),
        ]

    def _counted(self, text: str) -> list[float]:
        hits = self._keywords.hits(text)
        # half a character for every label, so that one short word does not decide alone
        return [0.5 + sum(hits.get(label, {}).values()) for label in self.labels]

    def reasons(self, text: str, index: int) -> tuple[str, ...]:
        words = self._keywords.hits(text).get(self.labels[index], {})
        if words:
            return heaviest(words)
        row, weights = self.rows([text]), self._linear.coef_
        toward = weights[index] if len(self.labels) > 2 else weights[0] * (1 if index else -1)
        gains = {
            self._names[column]: float(value * toward[column])
            for column, value in zip(row.indices, row.data, strict=True)
            if len(self._names[column].strip()) > 1 and value * toward[column] > 0
        }
        return heaviest(gains)


def evaluate(examples: Sequence[Example], ranked: Sequence[Sequence[str]]) -> Evaluation:
    """Compare the labels suggested for each example (best first) with the labels given."""
    truth = [example.label for example in examples]
    first = [labels[0] if labels else "" for labels in ranked]
    names = sorted(set(truth))
    each = f1_score(truth, first, labels=names, average=None, zero_division=0)
    return Evaluation(
        examples=len(truth),
        accuracy=float(accuracy_score(truth, first)),
        top3=sum(label in labels for label, labels in zip(truth, ranked, strict=True)) / len(truth),
        macro_f1=float(f1_score(truth, first, labels=names, average="macro", zero_division=0)),
        per_label={name: float(value) for name, value in zip(names, each, strict=True)},
    )


def _mix(votes: Sequence[Any], weights: _Weights) -> Any:
    return sum(weight * vote for weight, vote in zip(weights, votes, strict=True))


def _ranked(labels: Sequence[str], scores: Any) -> list[list[str]]:
    return [[labels[i] for i in row.argsort()[::-1][:TOP]] for row in scores]


def _choose_weights(examples: Sequence[Example], keywords: Keywords, folds: int) -> tuple[_Weights, Evaluation]:
    """The weights with the best macro-F1 on held-out examples, and what they reached there."""
    given = [example.label for example in examples]
    held_out: list[tuple[list[Example], list[str], list[Any]]] = []
    for train, test in StratifiedKFold(folds, shuffle=True, random_state=0).split(given, given):
        voters = _Voters([examples[i] for i in train], keywords)
        tested = [examples[i] for i in test]
        held_out.append((tested, voters.labels, voters.votes([example.text for example in tested])))

    def score(weights: _Weights) -> Evaluation:
        tested = [example for part, _, _ in held_out for example in part]
        ranked = [row for _, labels, votes in held_out for row in _ranked(labels, _mix(votes, weights))]
        return evaluate(tested, ranked)

    results = {weights: score(weights) for weights in CANDIDATE_WEIGHTS}
    best = max(CANDIDATE_WEIGHTS, key=lambda weights: results[weights].macro_f1)
    return best, results[best]
