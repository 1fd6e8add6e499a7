"""Fills an empty demo system from the city's ``seed.toml``: people, agents' places, a little history.

Running it again adds what is missing and changes nothing else: people are found by user name, calls and tickets by
ids derived from the file.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

import cti
import ticketing
from agent_desktop import accounts
from cti import facts
from hotline.secrets_file import SecretsFile
from hotline.seed import Seed, password

_NAMES = uuid.UUID("7f1c6f0e-52f4-4d07-9a3c-0f7ad3c7a1de")  # our own namespace for ids made from names (RFC 9562)


def put(session: Session, content: Seed, secrets: SecretsFile, now: datetime, zone: ZoneInfo) -> dict[str, int]:
    """Writes what is missing; returns how many of each were added."""
    added = {"users": 0, "agents": 0, "calls": 0, "tickets": 0, "articles": 0, "duty": 0}
    if content.duty and not cti.list_duty(session):
        for one in content.duty:
            cti.add_duty(session, _duty(one))
            added["duty"] += 1
    for one in content.agents:
        if cti.get_agent(session, one["agent_id"]) is None:
            keys = ("agent_id", "extension", "kind")
            cti.put_agent(session, **{key: one[key] for key in keys}, display_name=one["name"])
            added["agents"] += 1
    for one in (*content.users, *content.agents):
        if accounts.find_user(session, one["username"]) is None:
            _add_user(session, one, secrets, now)
            added["users"] += 1
    today = now.astimezone(zone).date()
    for one in content.calls:
        if cti.get_call(session, _contact(one)) is not None:
            continue
        for fact in _facts(one, today, zone):
            cti.record(session, fact)
        added["calls"] += 1
        added["tickets"] += _put_ticket(session, one, today, zone)
    known = {article.text.question for article in ticketing.list_articles(session, limit=1000)}
    for one in content.articles:
        if one["question"] not in known:
            _put_article(session, one, today, now)
            added["articles"] += 1
    return added


def _duty(one: dict[str, Any]) -> cti.Duty:
    times = {name: time.fromisoformat(one.get(name, "00:00")) for name in ("begins", "ends")}
    return cti.Duty(**(one | times | {"days": tuple(one.get("days", cti.EVERY_DAY))}))


def _add_user(session: Session, one: dict[str, Any], secrets: SecretsFile, now: datetime) -> None:
    accounts.add_user(
        session,
        username=one["username"],
        password=password(one, secrets),
        display_name=one["name"],
        roles=one.get("roles", ["agent"]),
        now=now,
        agent_id=one.get("agent_id"),
        unit_id=one.get("unit"),
    )


def _facts(one: dict[str, Any], today: date, zone: ZoneInfo) -> Iterator[facts.Fact]:
    """The story of one call as the switch would have told it."""
    arrived = _when(one, today, zone).timestamp()
    answered = arrived + one["wait"]
    ids: dict[str, Any] = {"call_id": _contact(one), "linkedid": _contact(one), "contact_id": _contact(one)}
    line, number = f"PJSIP/trunk-{ids['call_id'][:8]}", one["number"]
    yield facts.CallArrived(at=arrived, channel=line, caller_number=number, dialled="12345", **ids)
    yield facts.CallQueued(at=arrived, channel=line, caller_number=number, queue="citizens", position=1, **ids)
    if "agent" not in one:
        yield facts.CallAbandoned(at=answered, queue="citizens", position=1, wait_seconds=one["wait"], **ids)
        yield facts.CallEnded(
            at=answered, reason="cancelled", answered=False, abandoned=True, duration=one["wait"], **ids
        )
        return
    by, waited = f"PJSIP/{one['agent']}-{ids['call_id'][:8]}", float(one["wait"])
    yield facts.CallAnswered(at=answered, channel=line, by=by, agent_id=one["agent"], wait_seconds=waited, **ids)
    ended = answered + one["talk"]
    yield facts.CallEnded(at=ended, reason="completed", answered=True, duration=ended - arrived, **ids)


def _put_ticket(session: Session, one: dict[str, Any], today: date, zone: ZoneInfo) -> bool:
    if "ticket" not in one:
        return False
    command = ticketing.CreateTicket(
        idempotency_key=f"seed-{_contact(one)}",
        created_by=one["agent"],
        contact_id=_contact(one),
        caller_number=one["number"],
        caller_key=cti.normalise(one["number"]).key,
        **one["ticket"],
    )
    saved_at = _when(one, today, zone) + timedelta(seconds=one["wait"] + one["talk"])
    made = ticketing.create_ticket(session, command, saved_at)
    if isinstance(made, ticketing.Refused):
        raise ValueError(f"seed.toml: ticket refused: {made.reason} {dict(made.detail)}")
    return True


def _put_article(session: Session, one: dict[str, Any], today: date, now: datetime) -> None:
    """Written by one person, published by another, as in an office; ``state = "review"`` leaves the second one work."""
    dates = {"valid_from": "valid_from_in", "valid_until": "valid_until_in", "review_by": "review_in"}
    said: dict[str, Any] = {name: today + timedelta(days=one[key]) for name, key in dates.items() if key in one}
    said |= {name: value for name, value in one.items() if name not in (*dates.values(), "state")}
    made = ticketing.write_article(session, ticketing.ArticleText(**said), by="seed", now=now)
    if not isinstance(made, ticketing.Article):
        raise ValueError(f"knowledge.toml: article refused: {one['question']}")
    ticketing.act_on_article(session, made.article_id, "submit", by="seed", now=now)
    if one.get("state") != "review":
        ticketing.act_on_article(session, made.article_id, "publish", by="seed-review", now=now)


def _when(one: dict[str, Any], today: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(today - timedelta(days=one["days_ago"]), time.fromisoformat(one["at"]), zone)


def _contact(one: dict[str, Any]) -> str:
    """The same entry of the file always is the same call, on whatever day it was first seeded."""
    return str(uuid.uuid5(_NAMES, f"{one['number']} {one['days_ago']} {one['at']}"))
