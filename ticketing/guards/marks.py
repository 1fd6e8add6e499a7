"""Rules about the marks that lie over a ticket: they are taken back only where they stand."""

from __future__ import annotations

from ticketing.facts import Facts, Guard, breach
from ticketing.model import Refused, Ticket

STAGES = ("first", "follow_up", "final")
"""The chain of reports of an emergency (首报、续报、终报)."""
_NOT_MARKED = Refused("not_marked")
ACCUSED = ("accused_unit", "accused_person")
"""What ``clear_accused`` may take back: the fields of the ticket by their names."""


def emergency_taken(_ticket: Ticket, facts: Facts) -> Refused | None:
    """Where emergencies belong to other numbers the caller is told those."""
    rule = facts.rules.emergency
    if rule is not None and not rule.accepted:
        return breach("emergency_not_taken", rule.src, tell=list(rule.tell))
    return None


def not_yet_emergency(ticket: Ticket, _facts: Facts) -> Refused | None:
    """Those who are told of an emergency are told once; another kind is marked after the first is taken back."""
    return Refused("already_emergency") if ticket.emergency else None


def report_in_order(_ticket: Ticket, facts: Facts) -> Refused | None:
    """A first report, then follow-ups, then a final one, after which there is nothing to report."""
    stage, so_far = facts.given["stage"], facts.found["stages"]
    if stage not in STAGES:
        return Refused("invalid_field", {"field": "stage", "problem": "unknown_value"})
    good = stage != "first" and "final" not in so_far if so_far else stage == "first"
    return None if good else Refused("report_out_of_order", {"so_far": list(so_far)})


def is_emergency(ticket: Ticket, _facts: Facts) -> Refused | None:
    """Only an emergency has a chain of reports."""
    return None if ticket.emergency else Refused("no_emergency")


def only_urgent(ticket: Ticket, _facts: Facts) -> Refused | None:
    """It is urgent, and not because it is an emergency: those are urgent as long as they are one."""
    if ticket.emergency:
        return Refused("still_emergency")
    return None if ticket.urgent else _NOT_MARKED


def is_major(ticket: Ticket, _facts: Facts) -> Refused | None:
    """It is marked as major."""
    return None if ticket.major else _NOT_MARKED


def is_secret(ticket: Ticket, _facts: Facts) -> Refused | None:
    """Its caller is kept secret."""
    return None if ticket.confidential else _NOT_MARKED


def accused_stands(ticket: Ticket, facts: Facts) -> Refused | None:
    """The unit or the person that is to be cleared was named."""
    party = facts.given["party"]
    if party not in ACCUSED:
        return Refused("invalid_field", {"field": "party", "problem": "unknown_value"})
    return None if getattr(ticket, party) is not None else _NOT_MARKED


ALL: tuple[Guard, ...] = (
    emergency_taken,
    not_yet_emergency,
    is_emergency,
    report_in_order,
    only_urgent,
    is_major,
    is_secret,
    accused_stands,
)
