"""What is written to callers, units and the office when something happens: texts with places to fill in, who gets them.

A text is put together at the moment it leaves, from the ticket as it stands then; until then only ids wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.access import hidden_from, is_protected
from ticketing.citizen import new_code, tail_of
from ticketing.dictionary import Unit
from ticketing.messages import Template
from ticketing.model import OutboxEvent, Viewer
from ticketing.office import Office
from ticketing.tables import TicketRow
from ticketing.tables_work import WorkRow


@dataclass(frozen=True, slots=True)
class Notice:
    """A text on its way to somebody."""

    to: str
    """Telephone number or address."""
    subject: str
    text: str


People = Callable[[Session, str], frozenset[str]]
"""User ids of the accounts with this log-in or name; accounts lie in another room."""


def nobody(_session: Session, _name: str) -> frozenset[str]:
    """For an installation without accounts."""
    return frozenset()


def wanted_by(office: Office, channel: str, event: OutboxEvent) -> list[Template]:
    """The templates that this event sets off on a channel."""
    return [one for one in office.messages if one.by == channel and one.on == event.event]


def notice(
    session: Session, office: Office, template_id: str, body: Mapping[str, Any], people: People = nobody
) -> Notice | None:
    """The text as it is to be sent now; None when there is nobody who may get it any more."""
    template = next((one for one in office.messages if one.id == template_id), None)
    if template is not None and template.to == "keeper":
        return _to_keeper(office, template, body)
    row = session.get(TicketRow, str(body.get("ticket_id")))
    if template is None or row is None:
        return None
    if template.to == "alarmed":
        return _to_alarmed(session, office, template, row, people)
    unit = next((one for one in office.dictionary.units if one.unit_id == (body.get("unit") or row.unit)), None)
    to = _caller(row) if template.to == "caller" else _unit(office, row, unit, template.by)
    if not to:
        return None
    if "{code}" in template.text and row.query_code is None:
        row.query_code = new_code()
    said = _places(session, office, row, unit, body)
    return Notice(to, template.subject.format_map(said), template.text.strip().format_map(said))


def _to_alarmed(session: Session, office: Office, template: Template, row: TicketRow, people: People) -> Notice | None:
    """To the unit of this name, else to the address the template names; never to whom the ticket is kept from: the
    unit and the person complained about, and whoever declared an interest."""
    named = template.receiver
    for user_id in {named, *people(session, named)}:
        away = select(TicketRow.ticket_id).where(TicketRow.ticket_id == row.ticket_id, hidden_from(Viewer(user_id)))
        if session.scalar(away) is not None:
            return None
    unit = next((one for one in office.dictionary.units if one.zh == named), None)
    if unit is not None and row.accused_unit in office.relations.above.get(unit.unit_id, ()):
        return None
    to = (_unit(office, row, unit, template.by) if unit is not None else "") or template.address
    if not to:
        return None
    status = next((one.zh for one in office.dictionary.statuses if one.code == row.status), row.status)
    title = "" if is_protected(row) else row.title
    said = {"number": row.number, "title": title, "status": status, "emergency": row.emergency or "", "receiver": named}
    return Notice(to, template.subject.format_map(said), template.text.strip().format_map(said))


def _to_keeper(office: Office, template: Template, body: Mapping[str, Any]) -> Notice | None:
    """Voice messages wait: told to the section whose turn they are, else to the address that the template names."""
    section = str(body.get("section", ""))
    said = {"section": section, "messages": body.get("messages", ""), "minutes": body.get("waiting_minutes", "")}
    to = _keeper(office, template, section)
    return Notice(to, template.subject.format_map(said), template.text.strip().format_map(said)) if to else None


def _keeper(office: Office, template: Template, section: str) -> str:
    unit = next((one for one in office.dictionary.units if section and one.zh == section), None)
    own = "" if unit is None else unit.mobile if template.by == "sms" else unit.email
    return own or template.address


def sections_untold(office: Office, now: datetime) -> tuple[str, ...]:
    """Sections of which nobody is told when voice messages wait too long; ``""`` where the pack names no sections."""
    hours = office.version_of("", now).rules.hours
    templates = [one for one in office.messages if one.to == "keeper"]
    sections = (hours.voicemail_sections if hours is not None else ()) or ("",)
    return tuple(one for one in sections if not any(_keeper(office, template, one) for template in templates))


def _caller(row: TicketRow) -> str:
    return "" if row.confidential or row.no_reply else row.caller_number


def _unit(office: Office, row: TicketRow, unit: Unit | None, channel: str) -> str:
    """Never the unit complained about, nor one below it."""
    if unit is None or row.accused_unit in office.relations.above.get(unit.unit_id, ()):
        return ""
    return unit.mobile if channel == "sms" else unit.email


def _places(
    session: Session, office: Office, row: TicketRow, unit: Unit | None, body: Mapping[str, Any]
) -> dict[str, str]:
    work = session.get(WorkRow, str(body.get("work_id")))
    due = work.due_at if work is not None else row.due_at
    zone = ZoneInfo(office.pack.versions[0].rules.counting.time_zone)
    status = next((one.zh for one in office.dictionary.statuses if one.code == row.status), row.status)
    return {
        "number": row.number,
        "title": "" if is_protected(row) else row.title,
        "status": status,
        "unit": unit.zh if unit is not None else "",
        "due": f"{due.astimezone(zone):%Y-%m-%d %H:%M}" if due is not None else "—",
        "code": row.query_code or "",
        "tail": tail_of(row.caller_number, row.number),
    }
