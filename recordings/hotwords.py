"""Names of places and offices that a recogniser hears right and writes wrong.

Most errors of a good Mandarin engine are the right syllables in the wrong characters.  A name from the city's list
replaces a stretch of text that sounds exactly like it; nothing is ever changed that sounds different.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from recordings.recogniser import Utterance, Word

SHORTEST = 3
"""Syllables; two sound like too many other words."""


class Hotwords:
    """The names of one city."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_sound: dict[tuple[str, ...], str] = {}
        for name in names:
            sound = tuple(_syllable(char) for char in name.strip())
            if len(sound) >= SHORTEST and all(sound):
                self._by_sound.setdefault(sound, name.strip())
        self._lengths = sorted({len(sound) for sound in self._by_sound}, reverse=True)

    def __len__(self) -> int:
        return len(self._by_sound)

    def correct(self, text: str) -> str:
        """The text with names written as in the list; its length never changes."""
        sounds = [_syllable(char) for char in text]
        found, at = list(text), 0
        while at < len(text):
            for length in self._lengths:
                name = self._by_sound.get(tuple(sounds[at : at + length]))
                if name is not None and len(sounds[at : at + length]) == length:
                    found[at : at + length] = name
                    at += length - 1
                    break
            at += 1
        return "".join(found)

    def corrected(self, said: Utterance) -> Utterance:
        """The utterance and its words, which keep their times."""
        text = self.correct(said.text)
        if text == said.text:
            return said
        words, at = [], 0
        for word in said.words:
            place = said.text.find(word.text, at)
            if place < 0:
                words.append(word)
                continue
            at = place + len(word.text)
            words.append(Word(text[place:at], word.start, word.end, word.conf))
        return replace(said, text=text, words=tuple(words))


def read_names(text: str) -> list[str]:
    """One name a line; blank lines and what follows # are left out."""
    names = (line.partition("#")[0].strip() for line in text.splitlines())
    return [name for name in names if name]


@lru_cache(maxsize=30_000)
def _syllable(char: str) -> str:
    """How a character sounds, without its tone; empty for what is no Chinese character."""
    if not "\u3400" <= char <= "\u9fff":
        return ""
    from pypinyin import Style, lazy_pinyin

    return str(lazy_pinyin(char, style=Style.NORMAL)[0])
