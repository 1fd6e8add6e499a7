"""Turns parsed TOML into the dataclasses of :mod:`ticketing.rules`, collecting every fault with its line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from ticketing.rules import Rules
from ticketing.rules.words import Src
from ticketing.toml_lines import Path, line_index, line_of, syntax_error

_ARTICLE = re.compile(r"(?P<source>[^\s:]+):(?P<place>\S.*)")


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a file, at its line."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"

    @classmethod
    def of_syntax(cls, file: str, problem: tomllib.TOMLDecodeError, text: str) -> Problem:
        """The fault that keeps the file from being TOML at all."""
        line, message = syntax_error(problem, text)
        return cls(file, line, message)


class _Wrong(Exception):
    """A value that does not fit; the message is for people."""


class Reader:
    """Reads values from tables; what does not fit becomes a :class:`Problem` and reading goes on."""

    def __init__(self, file: str, text: str) -> None:
        self.problems: list[Problem] = []
        self.articles: dict[str, int | None] = {}
        """Known sources and how many articles each has."""
        self._file = file
        self._lines = line_index(text)

    def fault(self, at: Path, message: str) -> None:
        """Notes a fault at the nearest known place."""
        self.problems.append(Problem(self._file, line_of(self._lines, at), message))

    def only(self, at: Path, table: Mapping[str, Any], known: Iterable[str]) -> None:
        """Every key must be a known one."""
        known = set(known)
        for key in table:
            if key not in known:
                self.fault((*at, key), f"unknown key {key!r}{self.near(key, known)}")

    @staticmethod
    def near(word: str, known: Iterable[str]) -> str:
        """“, did you mean …?” or nothing."""
        close = difflib.get_close_matches(str(word), sorted(known), 1)
        return f", did you mean {close[0]!r}?" if close else ""

    def tables(self, at: Path, table: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """The tables of an array ``[[key]]`` with their positions."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.fault((*at, key), f"{key!r} must be tables [[{key}]]")
            return
        yield from enumerate(value)

    def text(
        self, at: Path, table: Mapping[str, Any], key: str, *, pattern: str = r"[^\n]*\S[^\n]*", optional: bool = False
    ) -> str:
        """A line of text; "" after a fault or when an optional one is missing."""
        value = table.get(key)
        if value is None and optional:
            return ""
        if value is None:
            self.fault(at, f"needs {key!r}")
        elif not isinstance(value, str) or not re.fullmatch(pattern, value):
            self.fault((*at, key), f"{key!r} cannot be {value!r}")
        else:
            return value
        return ""

    def number(self, at: Path, table: Mapping[str, Any], key: str, *, optional: bool = False) -> int | None:
        """A whole number; None after a fault or when an optional one is missing."""
        value = table.get(key)
        if value is None and optional:
            return None
        if type(value) is not int:
            self.fault((*at, key), f"{key!r} must be a whole number")
            return None
        return value

    def words(self, at: Path, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """A list of words, empty when missing."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self.fault((*at, key), f"{key!r} must be a list of words")
            return ()
        return tuple(value)

    def src(self, at: Path, table: Mapping[str, Any]) -> tuple[str, ...]:
        """The articles a table cites; each must name a declared source."""
        if "src" not in table:
            self.fault(at, "needs 'src', the article it comes from")
            return ()
        value = table["src"]
        cited = (value,) if isinstance(value, str) else value
        if not isinstance(cited, (list, tuple)) or not cited or not all(isinstance(one, str) for one in cited):
            self.fault((*at, "src"), "'src' must be an article or a list of articles")
            return ()
        for article in cited:
            wrong = self._article(article)
            if wrong:
                self.fault((*at, "src"), wrong)
        return tuple(cited)

    def topic(self, at: Path, field_name: str, value: Any) -> Any:
        """The value of one topic of :class:`~ticketing.rules.Rules`; None after a fault."""
        return self._value(at, value, _hints(Rules)[field_name], field_name)

    def _article(self, article: str) -> str | None:
        if article == "convention":
            return None
        found = _ARTICLE.fullmatch(article)
        if found is None:
            return f"'src' must look like 'source:article', not {article!r}"
        if found["source"] not in self.articles:
            return f"source {found['source']!r} is not declared{self.near(found['source'], self.articles)}"
        last = self.articles[found["source"]]
        number = re.match(r"\d+", found["place"])
        if last is not None and number is not None and not 1 <= int(number[0]) <= last:
            return f"source {found['source']!r} has articles 1 to {last}, not {number[0]}"
        return None

    def _build(self, at: Path, cls: Any, table: Any) -> Any:
        if not isinstance(table, dict):
            self.fault(at, "must be a table")
            return None
        before = len(self.problems)
        hints = _hints(cls)
        self.only(at, table, {toml_name(name) for name in hints})
        given: dict[str, Any] = {}
        for field in fields(cls):
            key = toml_name(field.name)
            if hints[field.name] == Src:
                given[field.name] = self.src(at, table)
            elif key in table:
                given[field.name] = self._value((*at, key), table[key], hints[field.name], key)
            elif field.default is MISSING:
                self.fault(at, f"needs {key!r}")
        return None if len(self.problems) > before else cls(**given)

    def _value(self, at: Path, value: Any, hint: Any, key: str) -> Any:
        many, inner = shape(hint)
        if is_dataclass(inner) and many:
            if not isinstance(value, list):
                self.fault(at, f"must be tables [[{key}]]")
                return ()
            return tuple(self._build((*at, position), inner, table) for position, table in enumerate(value))
        if is_dataclass(inner):
            return self._build(at, inner, value)
        try:
            if many:
                values = value if isinstance(value, list) else [value]
                return tuple(_plain(one, inner, key) for one in values)
            return _plain(value, inner, key)
        except _Wrong as wrong:
            self.fault(at, str(wrong))
            return None


def toml_name(field_name: str) -> str:
    """The key of a field: Python's own words carry an underscore behind them in the code."""
    return field_name.rstrip("_")


@cache
def _hints(cls: Hashable) -> dict[str, Any]:
    return get_type_hints(cls, include_extras=True)


def shape(hint: Any) -> tuple[bool, Any]:
    """Whether a field holds many, and the type of one."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (option for option in get_args(hint) if option is not NoneType)
    if get_origin(hint) is tuple:
        return True, get_args(hint)[0]
    return False, hint


def _plain(value: Any, inner: Any, key: str) -> Any:
    if get_origin(inner) is Literal:
        choices = get_args(inner)
        if value not in choices:
            hint = Reader.near(str(value), choices)
            raise _Wrong(f"{key!r} cannot be {value!r}{hint or ': it is one of ' + ', '.join(choices)}")
        return value
    if type(value) is not inner:
        names = {str: "text", int: "a whole number", bool: "true or false"}
        raise _Wrong(f"{key!r} must be {names[inner]}, not {value!r}")
    if inner is str and not value.strip():
        raise _Wrong(f"{key!r} is empty")
    return value
