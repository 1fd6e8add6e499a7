"""Names of places in a citizen's words, and whether two texts speak of the same place.  Pure.

Citizens name an estate, a road, a school in many ways (丽景新城, 丽景新城小区, 区里的丽景新城社区); what stays is
the end of the name with its kind.  Two mentions agree when their ends agree over more than the kind itself.
``某`` stands for a masked character and agrees with any other.  The words are data: ``intake_words.toml``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Agreement = Literal["agrees", "differs", "unknown"]

_WORDS = {
    name: words.split()
    for name, words in tomllib.loads(
        (Path(__file__).with_name("data") / "intake_words.toml").read_text("utf-8")
    ).items()
}
_GENERIC = frozenset(_WORDS["generic"])
_ESTATE = "小区"
_SAID_AT_WILL = re.compile("社区|楼盘|项目")
"""丽景新城, 丽景新城小区 and 丽景新城社区 are one."""
_LONGEST = 6
"""Characters of a name before its kind."""
_DISTRICT = re.compile(r"([A-Z]\d+)(?:区|县|市)?|([一-鿿]{1,2}(?:[^\W小社片景园地校厂辖]区|[一-鿿]县))(?![域级])")


def _any_of(words: list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_KIND = re.compile(_any_of([*_WORDS["kinds"], *_WORDS["offices"]]))
_STOP = re.compile(_any_of(_WORDS["not_a_name"]))
_TRADE = re.compile(f"({_any_of(_WORDS['trades'])})$")


@dataclass(frozen=True)
class Places:
    """The mentions of one text: ``names`` with their kinds; towns and street ``offices``; ``districts``."""

    names: frozenset[str]
    offices: frozenset[str]
    districts: frozenset[str]

    @property
    def known(self) -> bool:
        """Whether a place is named that is not masked throughout."""
        return any(len(name.replace("某", "")) >= 3 for name in self.names)


def places_in(text: str) -> Places:
    """The places that ``text`` names."""
    plain = _plain(text)
    names, offices = set(), set()
    for found in _KIND.finditer(plain):
        kind, proper = found.group(), _proper(plain, found.start())
        if len(proper) < 2 or not _tells(proper + kind):
            continue
        if kind in _WORDS["offices"]:
            offices.add(proper + kind)
        elif kind == _ESTATE and _kind_at_end(proper):
            names.add(proper)
        else:
            names.add(proper + kind)
    districts = {coded or named for coded, named in _DISTRICT.findall(plain)}
    return Places(frozenset(names), frozenset(offices), frozenset(districts))


def shared(one: Places, other: Places) -> str:
    """The longest end of a name that both texts have; "" when they share none."""
    ends = (_common_end(a, b) for a in one.names for b in other.names)
    return max((end for end in ends if _tells(end)), key=len, default="")


def agreement(one: Places, other: Places) -> Agreement:
    """Whether two texts speak of one place: "unknown" when one of them names none."""
    if shared(one, other):
        return "agrees"
    if one.known and other.known:
        return "differs"
    if one.districts and other.districts and not one.districts & other.districts:
        return "differs"
    return "unknown"


def swapped(one: Places, other: Places) -> bool:
    """Whether each text names a place that the other has nothing like: in a copied text, the place was exchanged."""
    return bool(_alone(one, other) and _alone(other, one))


def _alone(one: Places, other: Places) -> set[str]:
    return {a for a in one.names if "某" not in a and not any(_tells(_common_end(a, b)) for b in other.names)}


def without_places(text: str, places: Places) -> str:
    """``text`` with the names taken out, so that what is left is the matter."""
    plain = _plain(text)
    for name in sorted(places.names | places.offices | places.districts, key=len, reverse=True):
        plain = plain.replace(name, " ")
    return plain.replace(_ESTATE, " ")


def _plain(text: str) -> str:
    return _SAID_AT_WILL.sub(_ESTATE, re.sub(r"[·.．\s]", "", text))


def _proper(text: str, end: int) -> str:
    """A name's part before its kind: back to punctuation or to a word that no name contains."""
    run = re.search(r"[一-鿿]*$", text[max(0, end - _LONGEST) : end])
    left = run.group() if run else ""
    for stop in reversed(list(_STOP.finditer(left))):
        # 和平路, 向阳小区: where it would leave less than a name, such a word is part of the name
        if stop.group() not in _WORDS["in_names"] or len(left) - stop.end() >= 2:
            return left[stop.end() :]
    return left


def _common_end(a: str, b: str) -> str:
    """The characters that both end with, masked where either is."""
    end = ""
    for x, y in zip(reversed(a), reversed(b), strict=False):
        if x != y and "某" not in (x, y):
            break
        end = ("某" if "某" in (x, y) else x) + end
    return end


def _kind_at_end(name: str) -> str:
    return max((kind for kind in _WORDS["kinds"] if name.endswith(kind)), key=len, default="")


def _tells(name: str) -> bool:
    """Whether more is left of a name without its kind than a generic word or a mask."""
    kind = _kind_at_end(name)
    proper = name.removesuffix(kind)
    if len(proper) < 2:
        return False
    if not proper.strip("某"):
        return len(kind) >= 2 and kind != _ESTATE  # 某某新城: the compound kind still tells something
    return proper not in _GENERIC and not _TRADE.search(proper)
