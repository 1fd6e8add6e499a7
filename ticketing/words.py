"""The program's own words with what people read: statuses, verbs, duties… from ``words.toml`` beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Label:
    """A code of the program with the words people read."""

    code: str
    zh: str
    en: str


@cache
def labels(group: str) -> tuple[Label, ...]:
    """All words of one group (``status``, ``verb``, …) in their order."""
    content = tomllib.loads(files("ticketing").joinpath("words.toml").read_text(encoding="utf-8"))
    return tuple(Label(code, zh, en) for code, (zh, en) in content[group].items())
