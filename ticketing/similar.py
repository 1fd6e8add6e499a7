"""Do two requests speak of the same matter at the same place?  Pure; the desk and ``hotline duplicates`` both ask here.

The place decides first: complaints copied word for word about another estate are another matter, however alike
(:mod:`ticketing.places`).  Then the matter: how much of the character pairs that carry meaning both texts share, the
names of places taken out.  Pairs from the office's keyword taxonomy weigh three times, phrases of courtesy next to
nothing; no training is needed.
"""

from __future__ import annotations

import itertools
import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ticketing.places import Agreement, Places, agreement, places_in, shared, swapped, without_places

_COURTESY = tomllib.loads((Path(__file__).with_name("data") / "intake_words.toml").read_text("utf-8"))[
    "no_matter"
].split()
_WEIGHT_TAXONOMY, _WEIGHT_PLAIN, _WEIGHT_COURTESY = 3.0, 1.0, 0.05
_READ = 400
"""Characters of the body that are read: who complains says in the first lines where and what."""

HALF = {"agrees": 0.09, "unknown": 0.85}
"""The share of matter at which the score is one half.  At one place a little suffices; where one text names no place
only a copy counts."""
COPIED = 0.8
"""From this share of matter on a text counts as copied, and one exchanged name of a place as another place."""
SAME = 0.5
"""Scores from here on are offered as the same matter."""


@dataclass(frozen=True)
class Request:
    """What a citizen asked, cut down to what comparing needs."""

    places: Places
    pairs: Mapping[str, float]


@dataclass(frozen=True)
class Likeness:
    """``score`` 0…1 (``same`` from :data:`SAME` on), ``matter`` 0…1 the share of meaning in common, ``place``
    whether the places agree, and what of the place both name."""

    score: float
    same: bool
    place: Agreement
    matter: float
    shared_place: str


class Comparer:
    """Compares requests in the light of a taxonomy's words."""

    def __init__(self, taxonomy_words: Iterable[str] = ()) -> None:
        self._weights = dict.fromkeys(_pairs_of(taxonomy_words), _WEIGHT_TAXONOMY)
        self._weights.update(dict.fromkeys(_pairs_of(_COURTESY), _WEIGHT_COURTESY))

    def read(self, subject: str, body: str, place: str = "") -> Request:
        """A request from its subject, its text and the place field of the form; the subject counts twice."""
        text = f"{subject}。{subject}。{body[:_READ]}"
        places = places_in(f"{place}。{text}")
        matter = re.sub(r"[^一-鿿]+", " ", without_places(text, places))
        counts = Counter(pair for pair in map("".join, itertools.pairwise(matter)) if " " not in pair)
        return Request(
            places,
            {pair: (1 + math.log(n)) * self._weights.get(pair, _WEIGHT_PLAIN) for pair, n in counts.items()},
        )

    def compare(self, one: Request, other: Request) -> Likeness:
        """How alike two requests are."""
        matter = _matter(one.pairs, other.pairs)
        place = agreement(one.places, other.places)
        if matter >= COPIED and swapped(one.places, other.places):
            place = "differs"
        score = matter / (matter + HALF[place]) if place in HALF else min(matter, 1.0) * 0.3
        return Likeness(score, score >= SAME, place, matter, shared(one.places, other.places))


def _pairs_of(words: Iterable[str]) -> set[str]:
    return {word[i : i + 2] for word in words for i in range(len(word) - 1)}


def _matter(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Cosine of the weights, each common pair with the smaller of its two."""
    norms = [math.sqrt(sum(weight**2 for weight in pairs.values())) for pairs in (one, other)]
    if not all(norms):
        return 0.0
    common: float = sum(min(one[pair], other[pair]) ** 2 for pair in one.keys() & other.keys())
    return common / (norms[0] * norms[1])
