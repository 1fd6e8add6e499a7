"""Tickets: what a citizen asked for, who handles it, until when, and everything that was done about it.

The public names below are all that other packages may use.
"""

from ticketing.access import note_refusal, viewer_of
from ticketing.assessing import run_assessment, unit_results
from ticketing.assessment import Finding, Rate, UnitResult, assess
from ticketing.attachments import (
    Attachment,
    NewFile,
    add_attachment,
    attachments_of,
    check_attach,
    every_attachment,
    may_attach,
    open_attachment,
)
from ticketing.balance import Balance, check_balance, unbalanced_tickets
from ticketing.calendar import WorkCalendar, YearTable, read_table
from ticketing.calls import add_call, added_in, calls_added_to, categories_of_contacts, confidential_contacts
from ticketing.case import CITIZEN, SYSTEM, Actor
from ticketing.citizen import Progress, demand_account, evaluate, progress, query_code
from ticketing.commands import Act, perform
from ticketing.deadlines import Answer, Question, ask, ask_extension
from ticketing.dictionary import Category, Dictionary, Unit, load_dictionary
from ticketing.drafts import drop_draft, get_draft, save_draft
from ticketing.duty_list import Duty, DutyPage, DutyState, decide_duty, list_duties
from ticketing.handlers import create_ticket, update_ticket
from ticketing.hotspots import REST, Cell, PlaceAxis, categories_below, hotspot_tickets, hotspots
from ticketing.identity import Identity, change_identity, forget_identities, identity_of
from ticketing.in_force import setting_choices, setting_in_force
from ticketing.inbox import Assigned, works_of
from ticketing.indicators import COMPOSITE, INDICATORS, Period
from ticketing.knowledge import (
    Article,
    ArticleConflict,
    ArticleText,
    act_on_article,
    article_history,
    get_article,
    list_articles,
    write_article,
)
from ticketing.ledger import (
    history,
    history_page,
    holds_line,
    ledger_heads,
    ledger_lines,
    note_hand_over,
    verify,
)
from ticketing.ledger_reading import Line as LedgerLine
from ticketing.ledger_reading import read_ledgers
from ticketing.lifedoc import life_markdown
from ticketing.measuring import Figures, Measured, Spans, measure, measured_tickets
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
from ticketing.notices import Notice, People, notice, sections_untold, wanted_by
from ticketing.office import (
    Office,
    OfficeDesk,
    build_office,
    change_setting,
    get_setting,
    loaded_tables,
    setting_version,
)
from ticketing.outbox import (
    OutboxEntry,
    outbox_counts,
    outbox_done,
    outbox_due,
    outbox_failed,
    outbox_page,
    outbox_retry,
    outbox_split,
)
from ticketing.pack_reader import Problem
from ticketing.packdoc import pack_json, rules_json, schema_markdown
from ticketing.periods import PERIODS
from ticketing.reading import light_of, matter
from ticketing.recusal import Recusal, declare_recusal, end_recusal, list_recusals
from ticketing.reports import REGISTERED, Dimension, ReportLine, report, reported_tickets
from ticketing.rulepack import RulePack, load_rulepack
from ticketing.rules.words import Channel, Kind, Origin
from ticketing.scoring import Scored
from ticketing.store import (
    calls_of_tickets,
    get_ticket,
    get_tickets,
    list_tickets,
    open_ticket,
    tickets_of_contact,
    tickets_of_number,
)
from ticketing.sweep import Swept, recompute, sweep
from ticketing.tables import Base
from ticketing.voicemail import (
    Voicemail,
    VoicemailWaiting,
    became_ticket,
    claim_voicemail,
    finish_voicemail,
    get_voicemail,
    list_voicemail,
    release_voicemail,
    remind_voicemail,
    take_in_voicemail,
    voicemail_waiting,
)
from ticketing.words import Label

__all__ = [
    "CITIZEN",
    "COMPOSITE",
    "INDICATORS",
    "KINDS",
    "PERIODS",
    "REGISTERED",
    "REST",
    "SYSTEM",
    "Act",
    "Actor",
    "Answer",
    "Article",
    "ArticleConflict",
    "ArticleText",
    "Assigned",
    "Attachment",
    "Balance",
    "Base",
    "Category",
    "Cell",
    "Channel",
    "Conflict",
    "CreateTicket",
    "Dictionary",
    "Dimension",
    "Draft",
    "DraftConflict",
    "Duty",
    "DutyPage",
    "DutyState",
    "Figures",
    "Finding",
    "HistoryEntry",
    "Identity",
    "Kind",
    "Label",
    "LedgerLine",
    "Measured",
    "NewFile",
    "Notice",
    "Office",
    "OfficeDesk",
    "Origin",
    "OutboxEntry",
    "OutboxEvent",
    "Page",
    "People",
    "Period",
    "PlaceAxis",
    "Problem",
    "Progress",
    "Question",
    "Rate",
    "Recusal",
    "Refused",
    "ReportLine",
    "RulePack",
    "Scored",
    "Spans",
    "Swept",
    "Ticket",
    "TicketFilter",
    "Unit",
    "UnitResult",
    "UpdateTicket",
    "Viewer",
    "Voicemail",
    "VoicemailWaiting",
    "WorkCalendar",
    "YearTable",
    "act_on_article",
    "add_attachment",
    "add_call",
    "added_in",
    "article_history",
    "ask",
    "ask_extension",
    "assess",
    "attachments_of",
    "became_ticket",
    "build_office",
    "calls_added_to",
    "calls_of_tickets",
    "categories_below",
    "categories_of_contacts",
    "change_identity",
    "change_setting",
    "check_attach",
    "check_balance",
    "claim_voicemail",
    "confidential_contacts",
    "create_ticket",
    "decide_duty",
    "declare_recusal",
    "demand_account",
    "drop_draft",
    "end_recusal",
    "evaluate",
    "every_attachment",
    "finish_voicemail",
    "forget_identities",
    "get_article",
    "get_draft",
    "get_setting",
    "get_ticket",
    "get_tickets",
    "get_voicemail",
    "history",
    "history_page",
    "holds_line",
    "hotspot_tickets",
    "hotspots",
    "identity_of",
    "ledger_heads",
    "ledger_lines",
    "life_markdown",
    "light_of",
    "list_articles",
    "list_duties",
    "list_recusals",
    "list_tickets",
    "list_voicemail",
    "load_dictionary",
    "load_rulepack",
    "loaded_tables",
    "matter",
    "may_attach",
    "measure",
    "measured_tickets",
    "note_hand_over",
    "note_refusal",
    "notice",
    "open_attachment",
    "open_ticket",
    "outbox_counts",
    "outbox_done",
    "outbox_due",
    "outbox_failed",
    "outbox_page",
    "outbox_retry",
    "outbox_split",
    "pack_json",
    "perform",
    "progress",
    "query_code",
    "read_ledgers",
    "read_table",
    "recompute",
    "release_voicemail",
    "remind_voicemail",
    "report",
    "reported_tickets",
    "rules_json",
    "run_assessment",
    "save_draft",
    "schema_markdown",
    "sections_untold",
    "setting_choices",
    "setting_in_force",
    "setting_version",
    "sweep",
    "take_in_voicemail",
    "tickets_of_contact",
    "tickets_of_number",
    "unbalanced_tickets",
    "unit_results",
    "update_ticket",
    "verify",
    "viewer_of",
    "voicemail_waiting",
    "wanted_by",
    "works_of",
    "write_article",
]
