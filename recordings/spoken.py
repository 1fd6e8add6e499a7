"""Phone and identity numbers that somebody says: where they are in the text and in the audio.

Pure functions of transcript segments (``{"leg", "start", "end", "text", "words"}``); see reading.transcript().
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FEWEST_DIGITS = 7
"""A number shorter than a local telephone number names nobody (12345, 110, a year, a house)."""
PAUSE = 4.0
"""Seconds between two groups of one number: people dictate in threes and fours and wait for a nod."""
AROUND = 0.15
"""Seconds of audio masked before and after: word times are no exact cut."""
STAR = "＊"

_DIGITS = frozenset("0123456789０１２３４５６７８９零〇○幺一二两三四五六七八九")
_BETWEEN = frozenset(" 　-－—,，.。、;；:：嗯啊呃额哦唉哎是的对好杠然后")
_LAST = frozenset("xX叉")


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A stretch in which a number is said, in seconds of the recording."""

    leg: str
    start: float
    end: float
    digits: int


@dataclass(slots=True)
class _Char:
    char: str
    start: float
    end: float
    segment: int
    at: int
    """Index in the segment's text."""


def find_numbers(segments: Sequence[dict[str, Any]]) -> list[SpokenNumber]:
    """Every number of FEWEST_DIGITS or more digits that one person says, also over several utterances."""
    return [_spoken(leg, run) for leg in _legs(segments) for run in _runs(_chars(segments, leg))]


def mask_numbers(segments: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same segments with every digit of such numbers replaced by a star, in text and words."""
    hidden: dict[int, set[int]] = {}
    for leg in _legs(segments):
        for run in _runs(_chars(segments, leg)):
            for char in run:
                if char.char in _DIGITS or char.char in _LAST:
                    hidden.setdefault(char.segment, set()).add(char.at)
    return [
        _masked(segment, hidden[number]) if number in hidden else segment for number, segment in enumerate(segments)
    ]


def _legs(segments: Sequence[dict[str, Any]]) -> list[str]:
    return sorted({segment["leg"] for segment in segments})


def _spoken(leg: str, run: list[_Char]) -> SpokenNumber:
    digits = sum(char.char in _DIGITS or char.char in _LAST for char in run)
    return SpokenNumber(leg, max(0.0, run[0].start - AROUND), run[-1].end + AROUND, digits)


def _chars(segments: Sequence[dict[str, Any]], leg: str) -> list[_Char]:
    """The characters of one leg in order, each with the time it is said at as nearly as is known."""
    found: list[_Char] = []
    for number, segment in sorted(enumerate(segments), key=lambda pair: pair[1]["start"]):
        if segment["leg"] != leg:
            continue
        text, at = segment["text"], 0
        for word, start, end, *_ in segment.get("words") or [[text, segment["start"], segment["end"]]]:
            place = text.find(word, at)
            if place < 0:  # a word that the text spells differently: its characters have no place of their own
                continue
            step = (end - start) / max(1, len(word))
            found += [
                _Char(char, start + step * offset, start + step * (offset + 1), number, place + offset)
                for offset, char in enumerate(word)
            ]
            at = place + len(word)
    return found


def _runs(chars: list[_Char]) -> list[list[_Char]]:
    """Stretches from a first to a last digit with nothing but pauses and fillers between them."""
    runs: list[list[_Char]] = []
    run: list[_Char] = []
    fillers: list[_Char] = []
    for char in chars:
        if run and char.start - run[-1].end > PAUSE:
            runs.append(run)
            run, fillers = [], []
        if char.char in _DIGITS:
            run, fillers = [*run, *fillers, char] if run else [char], []
        elif run and char.char in _LAST and _count(run) >= 17:
            runs.append([*run, *fillers, char])
            run, fillers = [], []
        elif run and char.char in _BETWEEN:
            fillers.append(char)
        elif run:
            runs.append(run)
            run, fillers = [], []
    return [one for one in [*runs, run] if _count(one) >= FEWEST_DIGITS]


def _count(run: list[_Char]) -> int:
    return sum(char.char in _DIGITS for char in run)


def _masked(segment: dict[str, Any], places: set[int]) -> dict[str, Any]:
    text = "".join(STAR if at in places else char for at, char in enumerate(segment["text"]))
    words, at = [], 0
    for word, *rest in segment.get("words") or []:
        place = segment["text"].find(word, at)
        if place >= 0:
            words.append([text[place : place + len(word)], *rest])
            at = place + len(word)
        else:
            words.append(["".join(STAR if char in _DIGITS else char for char in word), *rest])
    return {**segment, "text": text, "words": words}
