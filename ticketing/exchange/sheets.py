"""Tables as CSV, Excel or JSON lines, row by row: never the whole of one in memory."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal

Form = Literal["csv", "xlsx", "jsonl"]
FORMATS: Mapping[Form, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}
ROWS_A_SHEET = 1_000_000
"""Excel's own limit is 1,048,576."""
LONGEST_CELL = 32_767
"""Characters; Excel refuses to open a file with more in a cell."""
_CHUNK = 256 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would carry out; such a text gets a quotation mark before it."""


class BadFile(ValueError):
    """The file as a whole cannot be read; the text says why."""


@dataclass(frozen=True)
class Row:
    """One row of a table, with its line in the file and how many bytes were read so far (0 where that is unknown)."""

    line: int
    values: Mapping[str, str]
    read: int = 0


def written(form: Form, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The file, piece by piece."""
    if form == "jsonl":
        return (json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
    return _csv(columns, rows) if form == "csv" else _xlsx(columns, rows)


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """With a byte order mark, without which Excel takes UTF-8 for the local code page."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    yield b"\xef\xbb\xbf"
    for row in rows:
        writer.writerow([_harmless(row[name]) for name in columns])
        if buffer.tell() >= _CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _xlsx(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("1")
    sheet.append(list(columns))
    for position, row in enumerate(rows, 1):
        if position % ROWS_A_SHEET == 0:
            sheet = book.create_sheet(f"{position // ROWS_A_SHEET + 1}")
            sheet.append(list(columns))
        cells = []
        for name in columns:
            value = row[name]
            if isinstance(value, str):
                cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL])
                cell.data_type = "s"  # a text that begins with "=" is still a text
                cells.append(cell)
            else:
                cells.append(value)
        sheet.append(cells)
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_CHUNK):
            yield piece


def read_rows(path: Path, form: Form, names: Mapping[str, str]) -> Iterator[Row]:
    """The rows of a file as texts under our own names; ``names`` maps every accepted heading to one.

    Raises :class:`BadFile` for headings that are unknown or missing, and for a file that is not of its form.
    """
    readers: Mapping[Form, Callable[[Path, Mapping[str, str]], Iterator[Row]]] = {
        "csv": _read_csv,
        "xlsx": _read_xlsx,
        "jsonl": _read_jsonl,
    }
    return readers[form](path, names)


def _read_csv(path: Path, names: Mapping[str, str]) -> Iterator[Row]:
    with path.open("rb") as raw:
        text = io.TextIOWrapper(raw, encoding=_encoding(raw), newline="")
        reader = csv.reader(text)
        try:
            columns = _columns(next(reader, []), names)
            for cells in reader:
                if any(cells):
                    values = dict(zip(columns, (_plain(cell) for cell in cells), strict=False))
                    yield Row(reader.line_num, values, raw.tell())
        except (csv.Error, UnicodeDecodeError) as error:
            raise BadFile(f"line {reader.line_num + 1}: {error}") from error


def _encoding(raw: IO[bytes]) -> str:
    """UTF-8, or what a Chinese Excel writes as CSV."""
    beginning = raw.read(_CHUNK)
    raw.seek(0)
    try:
        beginning.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(beginning) - 3:  # else only the last letter was cut in two
            return "gb18030"
    return "utf-8-sig"


def _plain(cell: str) -> str:
    """Without the quotation mark that an export put before a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _read_xlsx(path: Path, names: Mapping[str, str]) -> Iterator[Row]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise BadFile("this is not an Excel workbook") from error
    try:
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True)
            columns = _columns([_cell(cell) for cell in next(rows, ())], names)
            for line, cells in enumerate(rows, 2):
                values = dict(zip(columns, (_cell(cell) for cell in cells), strict=False))
                if any(values.values()):
                    yield Row(line, values)
    finally:
        book.close()


def _cell(value: Any) -> str:
    """A cell as text: numbers without ``.0``, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_jsonl(path: Path, names: Mapping[str, str]) -> Iterator[Row]:
    read = 0
    with path.open("rb") as file:
        for line, raw in enumerate(file, 1):
            read += len(raw)
            if not raw.strip():
                continue
            try:
                said = json.loads(raw)
            except ValueError as error:
                raise BadFile(f"line {line}: this is not JSON") from error
            if not isinstance(said, dict):
                raise BadFile(f"line {line}: this is not a JSON object")
            columns = _columns(list(said), names)
            yield Row(line, dict(zip(columns, (_cell(value) for value in said.values()), strict=True)), read)


def _columns(heads: Sequence[str], names: Mapping[str, str]) -> list[str]:
    unknown = [head for head in heads if head.strip() not in names]
    if unknown:
        raise BadFile(f"unknown column {unknown[0]!r}; there are {', '.join(dict.fromkeys(names.values()))}")
    return [names[head.strip()] for head in heads]
