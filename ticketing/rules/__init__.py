"""What a city's regulation may say: one frozen dataclass a topic, one documented field a value.

This is the schema of ``cities/<code>/tickets.toml``.  The loader reads types, choices and documentation from here, so
does ``docs/city.md``.  A field that is None was not regulated, and is shown so.  Every topic carries ``src``: the
articles it was taken from.
"""

from __future__ import annotations

from dataclasses import dataclass

from ticketing.rules.clock import (
    Counting,
    Extension,
    Hours,
    LimitRule,
    PauseRule,
    Statute,
    Unsolvable,
    Urgent,
)
from ticketing.rules.handling import (
    ApproveFirst,
    Callback,
    ClosingReport,
    Dissatisfied,
    Jurisdiction,
    MainUnit,
    Network,
    Reply,
    Report,
    Return,
    Review,
    Satisfaction,
    Terminate,
)
from ticketing.rules.intake import (
    Emergency,
    Guide,
    Intake,
    NotAccept,
    Publicity,
    Query,
    Recusal,
    Repeat,
    Secrecy,
)
from ticketing.rules.oversight import (
    Assessment,
    Circular,
    Consequence,
    Ground,
    Knowledge,
    Ledgers,
    Oversight,
    Publications,
    Redo,
    Supervise,
    Urge,
)

__all__ = [
    "ApproveFirst",
    "Assessment",
    "Callback",
    "Circular",
    "ClosingReport",
    "Consequence",
    "Counting",
    "Dissatisfied",
    "Emergency",
    "Extension",
    "Ground",
    "Guide",
    "Hours",
    "Intake",
    "Jurisdiction",
    "Knowledge",
    "Ledgers",
    "LimitRule",
    "MainUnit",
    "Network",
    "NotAccept",
    "Oversight",
    "PauseRule",
    "Publications",
    "Publicity",
    "Query",
    "Recusal",
    "Redo",
    "Repeat",
    "Reply",
    "Report",
    "Return",
    "Review",
    "Rules",
    "Satisfaction",
    "Secrecy",
    "Statute",
    "Supervise",
    "Terminate",
    "Unsolvable",
    "Urge",
    "Urgent",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One version of a city's regulation: every topic, None (or an empty list) where it is silent."""

    counting: Counting
    hours: Hours | None = None
    intake: Intake | None = None
    guide: Guide | None = None
    not_accept: tuple[NotAccept, ...] = ()
    network: Network | None = None
    limit: tuple[LimitRule, ...] = ()
    urgent: Urgent | None = None
    statute: Statute | None = None
    unsolvable: Unsolvable | None = None
    pause: tuple[PauseRule, ...] = ()
    extension: Extension | None = None
    return_: Return | None = None
    terminate: Terminate | None = None
    jurisdiction: Jurisdiction | None = None
    main_unit: MainUnit | None = None
    approve_first: ApproveFirst | None = None
    report: Report | None = None
    reply: Reply | None = None
    satisfaction: Satisfaction | None = None
    callback: Callback | None = None
    dissatisfied: Dissatisfied | None = None
    closing_report: ClosingReport | None = None
    urge: Urge | None = None
    redo: Redo | None = None
    supervise: Supervise | None = None
    consequence: tuple[Consequence, ...] = ()
    ground: tuple[Ground, ...] = ()
    circular: Circular | None = None
    emergency: Emergency | None = None
    secrecy: Secrecy | None = None
    recusal: Recusal | None = None
    repeat: Repeat | None = None
    review: Review | None = None
    query: Query | None = None
    publicity: Publicity | None = None
    knowledge: Knowledge | None = None
    ledgers: Ledgers | None = None
    publications: Publications | None = None
    assessment: Assessment | None = None
    oversight: Oversight | None = None
