"""Tickets: what a citizen asked for, who handles it, until when, and everything that was done about it.

The public names below are all that other packages may use.
"""

from ticketing.calendar import WorkCalendar, YearTable, read_table
from ticketing.deadlines import Answer, Question, ask, ask_extension
from ticketing.dictionary import Category, Dictionary, Unit, load_dictionary
from ticketing.drafts import drop_draft, get_draft, save_draft
from ticketing.handlers import create_ticket, update_ticket
from ticketing.ledger import history, verify
from ticketing.model import (
    KINDS,
    Conflict,
    CreateTicket,
    Draft,
    DraftConflict,
    HistoryEntry,
    OutboxEvent,
    Page,
    Refused,
    Ticket,
    TicketFilter,
    UpdateTicket,
    Viewer,
)
from ticketing.outbox import outbox_counts, outbox_done, outbox_due, outbox_failed
from ticketing.pack_reader import Problem
from ticketing.packdoc import pack_json, rules_json, schema_markdown
from ticketing.rulepack import RulePack, load_rulepack
from ticketing.store import get_ticket, list_tickets, tickets_of_contact, tickets_of_number
from ticketing.tables import Base
from ticketing.words import Label

__all__ = [
    "KINDS",
    "Answer",
    "Base",
    "Category",
    "Conflict",
    "CreateTicket",
    "Dictionary",
    "Draft",
    "DraftConflict",
    "HistoryEntry",
    "Label",
    "OutboxEvent",
    "Page",
    "Problem",
    "Question",
    "Refused",
    "RulePack",
    "Ticket",
    "TicketFilter",
    "Unit",
    "UpdateTicket",
    "Viewer",
    "WorkCalendar",
    "YearTable",
    "ask",
    "ask_extension",
    "create_ticket",
    "drop_draft",
    "get_draft",
    "get_ticket",
    "history",
    "list_tickets",
    "load_dictionary",
    "load_rulepack",
    "outbox_counts",
    "outbox_done",
    "outbox_due",
    "outbox_failed",
    "pack_json",
    "read_table",
    "rules_json",
    "save_draft",
    "schema_markdown",
    "tickets_of_contact",
    "tickets_of_number",
    "update_ticket",
    "verify",
]
