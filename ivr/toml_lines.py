"""TOML with the line of every key, and every syntax error at once.  Pure: text in, values and lines out.

The standard reader knows neither: it stops at the first error and forgets lines.  So a line that does not
parse is blanked and the reading repeated, and a scan of headers and keys remembers where each one stood.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]

_MOST_ERRORS = 50
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_HEADER = re.compile(r"\s*(\[\[|\[)\s*(.+?)\s*\]{1,2}\s*(?:#.*)?$")
_ENTRY = re.compile(r"\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_PART = re.compile(r"[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'")


@dataclass(frozen=True)
class TomlText:
    """What could be read, where it stood, and what could not be read (line, message)."""

    values: dict[str, Any]
    lines: dict[Path, int]
    errors: list[tuple[int, str]] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The line of ``path``, or of the nearest table around it that has one; 1 at worst."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


def read(text: str) -> TomlText:
    """Reads as much of ``text`` as is TOML."""
    rows = text.split("\n")
    errors: list[tuple[int, str]] = []
    values: dict[str, Any] = {}
    while len(errors) < _MOST_ERRORS:
        try:
            values = tomllib.loads("\n".join(rows))
            break
        except tomllib.TOMLDecodeError as error:
            found = _AT.search(str(error))
            line = int(found[1]) if found and found[1] else _last_written(rows)
            errors.append((line, _AT.sub("", str(error))))
            if not rows[line - 1].strip():
                break
            rows[line - 1] = ""
    return TomlText(values, _lines(rows), sorted(errors))


def _last_written(rows: list[str]) -> int:
    """The number of the last line that is not blank."""
    return max((number for number, row in enumerate(rows, 1) if row.strip()), default=1)


def _lines(rows: list[str]) -> dict[Path, int]:
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, row in enumerate(rows, 1):
        if header := _HEADER.match(row):
            table = _inside_arrays(_parts(header[2]), counts)
            if header[1] == "[[":
                array = table if isinstance(table[-1], str) else table[:-1]
                counts[array] = counts.get(array, -1) + 1
                table = (*array, counts[array])
                lines.setdefault(array, number)
            lines.setdefault(table, number)
        elif entry := _ENTRY.match(row):
            lines.setdefault((*table, *_parts(entry[1])), number)
    return lines


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _inside_arrays(names: Path, counts: dict[Path, int]) -> Path:
    """``menu.options.options`` with the index of the newest element after each array of tables."""
    path: Path = ()
    for name in names:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    return path
