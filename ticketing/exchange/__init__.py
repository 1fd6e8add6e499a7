"""Tickets in and out as files: CSV, Excel, JSON lines; a page at a time, whatever their number."""

from ticketing.exchange.exporting import COLUMNS, Exporter, shown_rows
from ticketing.exchange.importing import Importer, Outcome
from ticketing.exchange.sheets import FORMATS, BadFile, Form, Row, read_rows, written

__all__ = [
    "COLUMNS",
    "FORMATS",
    "BadFile",
    "Exporter",
    "Form",
    "Importer",
    "Outcome",
    "Row",
    "read_rows",
    "shown_rows",
    "written",
]
