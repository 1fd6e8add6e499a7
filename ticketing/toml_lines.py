"""Where in a TOML file a value stands: tomllib gives values without places, people need the line."""

from __future__ import annotations

import re
import tomllib

Path = tuple[str | int, ...]
"""Keys and positions in arrays of tables, e.g. ``("version", 0, "limit", 2, "amount")``."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_STRINGS = re.compile(r'"""(?:.|\n)*?"""|' + r"'''(?:.|\n)*?'''|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'|#[^\n]*")


def line_index(text: str) -> dict[Path, int]:
    """Line (from 1) of every table header and key of a text that tomllib accepts."""
    index: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    depth = 0
    for number, line in enumerate(_without_strings(text).splitlines(), 1):
        header = _HEADER.match(line) if depth == 0 else None
        key = _KEY.match(line) if depth == 0 and header is None else None
        if header is not None:
            table = _table(header[2], header[1] == "[[", counts)
            index.setdefault(table, number)
        elif key is not None:
            path = table
            for part in _parts(key[1]):
                path = (*path, part)
                index.setdefault(path, number)
            line = line[key.end() :]
        if header is None:
            depth += sum(line.count(mark) for mark in "[{") - sum(line.count(mark) for mark in "]}")
    return index


def line_of(index: dict[Path, int], path: Path) -> int:
    """The line of ``path``, or of the nearest thing around it."""
    while path not in index:
        path = path[:-1]
    return index[path]


def syntax_error(problem: tomllib.TOMLDecodeError, text: str) -> tuple[int, str]:
    """Line and message of what tomllib could not read."""
    message = str(problem)
    found = re.search(r"\(at line (\d+), column \d+\)", message)
    line = int(found[1]) if found else max(1, len(text.splitlines()))
    return line, re.sub(r"\s*\(at [^)]*\)", "", message)


def _without_strings(text: str) -> str:
    """The text with the insides of strings and comments blanked, line breaks kept; quoted keys stay."""

    def blank(found: re.Match[str]) -> str:
        said = found[0]
        rest = text[found.end() :].lstrip(" \t")[:1]
        before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()].lstrip()
        if not said.startswith("#") and (rest in ("=", ".") or (rest == "]" and before.startswith("["))):
            return said
        return "\n" * said.count("\n") or "x"

    return _STRINGS.sub(blank, text)


def _table(name: str, repeated: bool, counts: dict[Path, int]) -> Path:
    path: Path = ()
    parts = _parts(name)
    for position, part in enumerate(parts):
        path = (*path, part)
        last = position == len(parts) - 1
        if last and repeated:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.\s]+", name)]
