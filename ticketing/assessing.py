"""Runs a city's assessment over a period and writes down what it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing import ledger
from ticketing.assessment import Finding, Rate, UnitResult, assess
from ticketing.life import CLOSED_PHASES
from ticketing.model import Refused
from ticketing.office import Office
from ticketing.outbox import put_all
from ticketing.tables import TicketRow
from ticketing.tables_work import DutyRow

CONTENT = ("satisfied", "basically_satisfied")


def unit_results(session: Session, office: Office, since: datetime, until: datetime) -> list[UnitResult]:
    """Each unit's closure and satisfaction over the tickets registered in [since, until) that it leads.

    Closure: closed ÷ all of them.  Satisfaction: satisfied and basically satisfied ÷ those with an opinion.
    """
    columns = (TicketRow.ticket_id, TicketRow.unit, TicketRow.phase, TicketRow.satisfaction)
    wanted = (TicketRow.created_at >= since, TicketRow.created_at < until, TicketRow.unit.is_not(None))
    rows = session.execute(select(*columns).where(*wanted)).all()
    results = []
    for unit in office.dictionary.units:
        own = [row for row in rows if row.unit == unit.unit_id]
        rated = [row for row in own if row.satisfaction is not None]
        rates = {
            "closure_rate": Rate(
                sum(row.phase in CLOSED_PHASES for row in own), len(own), tuple(row.ticket_id for row in own)
            ),
            "satisfaction_rate": Rate(
                sum(row.satisfaction in CONTENT for row in rated), len(rated), tuple(row.ticket_id for row in rated)
            ),
        }
        results.append(UnitResult(unit.unit_id, unit.group, len(own), rates))
    return results


def run_assessment(
    session: Session,
    office: Office,
    since: datetime,
    until: datetime,
    *,
    by: str,
    now: datetime,
    campaign: str | None = None,
    ranking: Sequence[str] = (),
) -> list[Finding] | Refused:
    """Assesses all units by the regulation in force at the end of the period; each duty is written down once."""
    version = office.version_of("", until)
    if version.rules.assessment is None:
        return Refused("not_regulated", {"topic": "assessment"})
    results = unit_results(session, office, since, until)
    found = assess(version.rules.assessment, results, campaign, ranking)
    period = f"{since:%Y%m%dT%H%M}/{until:%Y%m%dT%H%M}"
    for finding in found:
        for act in finding.acts:
            _duty(session, period, finding, act, now)
    said = {
        "period": period,
        "version": version.id,
        "campaign": campaign,
        "ranking": list(ranking),
        "results": {one.unit_id: {name: rate.shown() for name, rate in one.rates.items()} for one in results},
        "findings": [{"unit": one.unit_id, "why": one.why, "acts": list(one.acts)} for one in found],
    }
    ledger.append(session, "assessment", "assessment", "assess", said, by=by, now=now)
    return found


def _duty(session: Session, period: str, finding: Finding, act: str, now: datetime) -> None:
    rule = f"{finding.reason}:{'; '.join(finding.src)}"[:80]
    scope = f"assessment:{period}:{finding.unit_id}"
    known = select(DutyRow.duty_id).where(DutyRow.scope == scope, DutyRow.rule == rule, DutyRow.act == act)
    if session.scalar(known) is not None:
        return
    row = DutyRow(
        duty_id=str(uuid4()),
        scope=scope,
        rule=rule,
        act=act,
        ticket_id="",
        unit_id=finding.unit_id,
        mandatory=True,
        confirm=[],
        src=list(finding.src),
        why=finding.why,
        status="open",
        created_at=now,
    )
    session.add(row)
    put_all(session, [("duty_created", {"duty_id": row.duty_id, "act": act, "unit": finding.unit_id})], now)
