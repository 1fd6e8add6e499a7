"""Runs a city's assessment over a period and writes down what it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing import ledger
from ticketing.assessment import Finding, Rate, UnitResult, assess
from ticketing.indicators import INDICATORS, WHOLE, Period
from ticketing.model import Refused
from ticketing.office import Office
from ticketing.outbox import put_all
from ticketing.tables_work import DutyRow

_MEASURED = {"closure_rate": "closure_rate", "satisfaction_plain": "satisfaction_rate"}
"""Indicator → the name of its rate in a rule pack."""


def unit_results(session: Session, office: Office, since: datetime, until: datetime) -> list[UnitResult]:
    """Each unit's closure and satisfaction over [since, until), counted as the statistics count them."""
    period = Period(since, until, until)
    measured = {code: session.execute(INDICATORS[code].rows(period, None)).all() for code in _MEASURED}
    results = []
    for unit in office.dictionary.units:
        rates = {}
        for code, name in _MEASURED.items():
            own = [row for row in measured[code] if row.unit == unit.unit_id]
            rates[name] = Rate(sum(row.hit == WHOLE for row in own), len(own), tuple(row.ticket_id for row in own))
        results.append(UnitResult(unit.unit_id, unit.group, rates["closure_rate"].denominator, rates))
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
        "since": since.isoformat(),
        "until": until.isoformat(),
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
