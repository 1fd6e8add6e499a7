"""Every route has an access rule, and the rule holds: walked from the application itself, so none can be forgotten."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.routing import BaseRoute, Mount

from agent_desktop.access import Rule
from agent_desktop.house_rules import load_house_rules
from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, browser_at

pytestmark = pytest.mark.wire

RULES = {
    ("GET", "/api/v1/balance"): "statistics.read",
    ("GET", "/api/v1/balance/{code}/tickets"): "statistics.read",
    ("GET", "/api/v1/indicators"): "statistics.read",
    ("GET", "/api/v1/indicators/period"): "statistics.read",
    ("GET", "/api/v1/indicators/{code}/tickets"): "statistics.read",
    ("GET", "/api/v1/exports/indicators.{form}"): "statistics.read",
    ("GET", "/api/v1/hotspots"): "statistics.read",
    ("GET", "/api/v1/hotspots/tickets"): "statistics.read",
    ("GET", "/api/v1/exports/hotspots.{form}"): "statistics.read",
    ("GET", "/api/v1/exports/report.{form}"): "statistics.read",
    ("GET", "/api/v1/duties"): "ticket.read",
    ("POST", "/api/v1/duties/{duty_id}/decision"): "ticket.read",
    ("GET", "/api/v1/assessments"): "statistics.read",
    ("POST", "/api/v1/assessments"): "statistics.read",
    ("GET", "/api/v1/assessments/results"): "statistics.read",
    ("GET", "/api/v1/reports"): "statistics.read",
    ("POST", "/api/v1/reports"): "statistics.read",
    ("PUT", "/api/v1/reports/{report_id}"): "statistics.read",
    ("DELETE", "/api/v1/reports/{report_id}"): "statistics.read",
    ("GET", "/api/v1/reports/lines"): "statistics.read",
    ("GET", "/api/v1/reports/lines/tickets"): "statistics.read",
    ("GET", "/api/v1/tokens"): "office.read",
    ("POST", "/api/v1/tokens"): "office.write",
    ("POST", "/api/v1/tokens/{token_id}/revoke"): "office.write",
    ("POST", "/api/v1/machine/tickets"): "token tickets.create",
    ("GET", "/api/v1/machine/tickets"): "token tickets.read_own",
    ("GET", "/api/v1/machine/tickets/{ticket_id}"): "token tickets.read_own",
    ("GET", "/healthz"): "public",
    ("GET", "/metrics"): "own machine",
    ("GET", "/api/v1/welcome"): "public",
    ("POST", "/api/v1/login"): "public",
    ("POST", "/api/v1/logout"): "logged in",
    ("POST", "/api/v1/public/progress"): "public",
    ("POST", "/api/v1/public/evaluation"): "public",
    ("POST", "/api/v1/public/account"): "public",
    ("GET", "/api/v1/tickets/{ticket_id}/query-code"): "ticket.write",
    ("GET", "/api/v1/tickets/{ticket_id}/caller-identity"): "ticket.read",
    ("PUT", "/api/v1/tickets/{ticket_id}/caller-identity"): "ticket.write",
    ("GET", "/api/v1/me"): "logged in",
    ("GET", "/api/v1/calls"): "call.read",
    ("GET", "/api/v1/calls/{contact_id}"): "call.read",
    ("GET", "/api/v1/calls/{contact_id}/quality"): "call.read",
    ("GET", "/api/v1/card/{contact_id}"): "card.read",
    ("POST", "/api/v1/calls/{contact_id}/marks"): "caller.mark",
    ("GET", "/api/v1/marks"): "caller.review",
    ("POST", "/api/v1/marks/{mark_id}/decision"): "caller.review",
    ("GET", "/api/v1/form-guide"): "ticket.read",
    ("GET", "/api/v1/calls/{contact_id}/hand-overs"): "call.read",
    ("POST", "/api/v1/calls/{contact_id}/hand-overs"): "call.take",
    ("GET", "/api/v1/knowledge/search"): "knowledge.read",
    ("GET", "/api/v1/knowledge"): "knowledge.write",
    ("POST", "/api/v1/knowledge"): "knowledge.write",
    ("GET", "/api/v1/knowledge/{article_id}"): "knowledge.write",
    ("PUT", "/api/v1/knowledge/{article_id}"): "knowledge.write",
    ("POST", "/api/v1/knowledge/{article_id}/acts"): "knowledge.write",
    ("PUT", "/api/v1/calls/{contact_id}/disposition"): "call.take",
    ("POST", "/api/v1/calls/{contact_id}/additions"): "ticket.write",
    ("POST", "/api/v1/agent/wrap-up"): "call.take",
    ("POST", "/api/v1/call/hold"): "call.take",
    ("POST", "/api/v1/call/resume"): "call.take",
    ("POST", "/api/v1/call/consult"): "call.take",
    ("POST", "/api/v1/call/cancel"): "call.take",
    ("POST", "/api/v1/call/merge"): "call.take",
    ("POST", "/api/v1/call/transfer"): "call.take",
    ("POST", "/api/v1/call/transfer-blind"): "call.take",
    ("POST", "/api/v1/call/leave"): "call.take",
    ("POST", "/api/v1/call/drop"): "call.take",
    ("POST", "/api/v1/call/out"): "call.take",
    ("GET", "/api/v1/duty"): "call.take",
    ("GET", "/api/v1/duty/all"): "office.write",
    ("POST", "/api/v1/duty"): "office.write",
    ("PUT", "/api/v1/duty/{duty_id}"): "office.write",
    ("DELETE", "/api/v1/duty/{duty_id}"): "office.write",
    ("GET", "/api/v1/colleagues"): "call.take",
    ("POST", "/api/v1/calls/{contact_id}/outcome"): "ticket.write",
    ("POST", "/api/v1/floor/{agent_id}/barge"): "call.barge",
    ("POST", "/api/v1/floor/{agent_id}/listen"): "call.listen",
    ("POST", "/api/v1/floor/listening/turn"): "call.listen",
    ("POST", "/api/v1/floor/listening/end"): "call.listen",
    ("POST", "/api/v1/floor/{agent_id}/act"): "floor.act",
    ("GET", "/api/v1/floor/acts"): "ledger.read",
    ("GET", "/api/v1/floor/acts/mine"): "logged in",
    ("GET", "/api/v1/drafts/{contact_id}"): "ticket.write",
    ("PUT", "/api/v1/drafts/{contact_id}"): "ticket.write",
    ("DELETE", "/api/v1/drafts/{contact_id}"): "ticket.write",
    ("GET", "/api/v1/tickets"): "ticket.read",
    ("POST", "/api/v1/tickets"): "ticket.write",
    ("GET", "/api/v1/tickets/{ticket_id}"): "ticket.read",
    ("PUT", "/api/v1/tickets/{ticket_id}"): "ticket.write",
    ("GET", "/api/v1/tickets/{ticket_id}/history"): "ticket.read",
    ("GET", "/api/v1/tickets/{ticket_id}/matter"): "ticket.read",
    ("POST", "/api/v1/tickets/{ticket_id}/acts"): "ticket.read",
    ("GET", "/api/v1/tickets/{ticket_id}/papers"): "ticket.read",
    ("POST", "/api/v1/tickets/{ticket_id}/papers"): "ticket.write",
    ("GET", "/api/v1/papers/{paper_id}.{form}"): "ticket.read",
    ("GET", "/api/v1/tickets/{ticket_id}/attachments"): "ticket.read",
    ("POST", "/api/v1/tickets/{ticket_id}/attachments"): "ticket.read",
    ("GET", "/api/v1/attachments/{attachment_id}"): "ticket.read",
    ("GET", "/api/v1/inbox"): "ticket.read",
    ("GET", "/api/v1/search"): "ticket.read",
    ("POST", "/api/v1/intake/suggestions"): "ticket.read",
    ("POST", "/api/v1/intake/alike"): "ticket.read",
    ("GET", "/api/v1/rulepack"): "ticket.read",
    ("GET", "/api/v1/settings/{name}"): "office.read",
    ("PUT", "/api/v1/settings/{name}"): "office.write",
    ("GET", "/api/v1/settings/{name}/history"): "office.read",
    ("GET", "/api/v1/exports/tickets.{form}"): "ticket.export",
    ("GET", "/api/v1/exports/search.{form}"): "ticket.export",
    ("GET", "/api/v1/outbox"): "system.read",
    ("POST", "/api/v1/outbox/{outbox_id}/retry"): "office.write",
    ("GET", "/api/v1/ledger"): "ledger.read",
    ("GET", "/api/v1/ledger/proof"): "ledger.read",
    ("GET", "/api/v1/recusals"): "ticket.read",
    ("POST", "/api/v1/recusals"): "ticket.read",
    ("POST", "/api/v1/recusals/{recusal_id}/end"): "recusal.manage",
    ("GET", "/api/v1/dictionary"): "ticket.read",
    ("GET", "/api/v1/recordings/{recording_id}"): "recording.read",
    ("GET", "/api/v1/recordings/{recording_id}/audio"): "recording.read",
    ("HEAD", "/api/v1/recordings/{recording_id}/audio"): "recording.read",
    ("GET", "/api/v1/recordings/{recording_id}/peaks"): "recording.read",
    ("GET", "/api/v1/recordings/{recording_id}/transcript"): "recording.read",
    ("GET", "/api/v1/voicemail"): "voicemail.handle",
    ("GET", "/api/v1/voicemail/{voicemail_id}"): "voicemail.handle",
    ("POST", "/api/v1/voicemail/{voicemail_id}/claim"): "voicemail.handle",
    ("POST", "/api/v1/voicemail/{voicemail_id}/release"): "voicemail.handle",
    ("POST", "/api/v1/voicemail/{voicemail_id}/done"): "voicemail.handle",
    ("POST", "/api/v1/voicemail/{voicemail_id}/call-back"): "voicemail.handle",
    ("GET", "/api/v1/survey/calls/{contact_id}"): "call.read",
    ("GET", "/api/v1/survey/agents"): "call.read",
    ("GET", "/api/v1/recordings"): "recording.search",
    ("GET", "/api/v1/recordings/{recording_id}/story"): "recording.read",
    ("GET", "/api/v1/recordings/{recording_id}/proof"): "recording.read",
    ("GET", "/api/v1/recordings/{recording_id}/plays"): "recording.read",
    ("POST", "/api/v1/recordings/{recording_id}/plays"): "recording.read",
    ("POST", "/api/v1/plays/{play_id}/heard"): "recording.read",
    ("GET", "/api/v1/plays/mine"): "logged in",
    ("POST", "/api/v1/recordings/{recording_id}/comments"): "recording.read",
    ("DELETE", "/api/v1/comments/{comment_id}"): "recording.read",
    ("POST", "/api/v1/recordings/{recording_id}/clips"): "recording.read",
    ("GET", "/api/v1/tickets/{ticket_id}/clips"): "ticket.read",
    ("POST", "/api/v1/recordings/{recording_id}/transcripts"): "recording.review",
    ("POST", "/api/v1/recordings/{recording_id}/exports"): "recording.export",
    ("GET", "/api/v1/quality/form"): "recording.review",
    ("GET", "/api/v1/quality/reviewers"): "recording.review",
    ("GET", "/api/v1/quality/reviews"): "recording.review",
    ("POST", "/api/v1/quality/reviews"): "recording.review",
    ("GET", "/api/v1/quality/reviews/{review_id}"): "recording.review",
    ("PUT", "/api/v1/quality/reviews/{review_id}"): "recording.review",
    ("POST", "/api/v1/quality/reviews/{review_id}/release"): "recording.review",
    ("GET", "/api/v1/quality/results"): "recording.review",
    ("GET", "/api/v1/quality/calibrations"): "recording.review",
    ("POST", "/api/v1/quality/calibrations"): "recording.review",
    ("GET", "/api/v1/quality/calibrations/{calibration_id}"): "recording.review",
    ("GET", "/api/v1/keeping"): "recording.keep",
    ("GET", "/api/v1/keeping/chain"): "recording.keep",
    ("GET", "/api/v1/keeping/tombstones"): "recording.keep",
    ("POST", "/api/v1/keeping/holds"): "recording.keep",
    ("POST", "/api/v1/keeping/holds/{hold_id}/lift"): "recording.keep",
    ("POST", "/api/v1/keeping/alarms/{alarm_id}/clear"): "recording.keep",
    ("GET", "/api/v1/keeping/contacts/{contact_id}/confidential"): "recording.keep",
    ("PUT", "/api/v1/keeping/contacts/{contact_id}/confidential"): "recording.keep",
    ("POST", "/api/v1/agent/ready"): "call.take",
    ("POST", "/api/v1/agent/not-ready"): "call.take",
    ("POST", "/api/v1/agent/wrap-up-done"): "call.take",
    ("POST", "/api/v1/agent/hangup"): "call.take",
    ("POST", "/api/v1/demo/citizen"): "demo only",
}
"""What each address asks for.  A new route fails the tests below until it stands here."""

WEB_SOCKETS = {"/api/v1/live", "/sip"}
"""They look at the cookie themselves: tests/wire/test_desk_live.py, test_desk_sip.py."""


def walk(routes: list[BaseRoute]) -> Iterator[BaseRoute]:
    """All routes, those of included routers too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from walk(inner.routes)
        else:
            yield route


def rules_of(dependant: Dependant) -> Iterator[Rule]:
    for inner in dependant.dependencies:
        if isinstance(inner.call, Rule):
            yield inner.call
        yield from rules_of(inner)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    static = tmp_path_factory.mktemp("static")
    (static / "index.html").write_text("page")
    (static / "assets").mkdir()
    return House(tmp_path_factory.mktemp("rules"), static_dir=static).app


def operations(app: FastAPI) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for path, item in app.openapi()["paths"].items():
        found |= {(method.upper(), path) for method in item}
    return found


def test_the_interfaces_description_and_the_table_agree(app: FastAPI) -> None:
    assert operations(app) == {entry for entry in RULES if entry[0] != "HEAD"}


def test_every_http_route_carries_exactly_one_rule(app: FastAPI) -> None:
    seen = 0
    for route in walk(app.routes):
        if isinstance(route, APIRoute):
            names = [rule.name for rule in rules_of(route.dependant)]
            router_rules = getattr(route, "dependencies", [])
            names += [d.dependency.name for d in router_rules if isinstance(d.dependency, Rule)]
            assert len(set(names)) == 1, f"{route.path} has the rules {names}"
            seen += 1
    assert seen >= len(RULES)


def test_no_route_of_another_kind_has_crept_in(app: FastAPI) -> None:
    for route in walk(app.routes):
        path = getattr(route, "path", "")
        if isinstance(route, APIWebSocketRoute):
            assert path in WEB_SOCKETS
        elif isinstance(route, Mount):
            assert path == "/assets"
        elif not isinstance(route, APIRoute):
            assert path == "/api/openapi.json"


@pytest.fixture
async def visitors(tmp_path: Path) -> AsyncIterator[dict[str, Browser]]:
    """Nobody, and one person of every role."""
    house = House(tmp_path, demo=False)
    house.agent(1)
    house.person("supervisor", "supervisor")
    house.person("admin", "admin")
    async with AsyncExitStack() as stack:
        nobody = await stack.enter_async_context(browser_at(house))
        found = {"nobody": nobody}
        for role, username in (("agent", "agent1"), ("supervisor", "supervisor"), ("admin", "admin")):
            found[role] = await stack.enter_async_context(Browser(nobody.port))
            await found[role].log_in(username)
        yield found


BODIES: dict[str, Any] = {
    "/api/v1/agent/not-ready": {"reason": "meal"},
    "/api/v1/drafts/{contact_id}": {"body": {}, "version": 0},
    "/api/v1/voicemail/{voicemail_id}/done": {"outcome": "called_back"},
}


IDS = {"paper_id": "1", "outbox_id": "1", "form": "pdf", "name": "units", "agent_id": "a9"}
"""What stands in an address where ``x`` would not do."""


@pytest.mark.parametrize("who", ["nobody", "agent", "supervisor", "admin"])
async def test_the_rules_hold_for_everybody(visitors: dict[str, Browser], who: str) -> None:
    visitor = visitors[who]
    rules = load_house_rules()
    allowed = rules.permissions((who,)) if who != "nobody" else frozenset()
    for (method, path), rule in RULES.items():
        if path in ("/api/v1/logout", "/api/v1/login"):
            continue
        address = re.sub(r"{(\w+)}", lambda found: IDS.get(found[1], "x"), path)
        names = [name for _, name, _, _ in Formatter().parse(path) if name]
        address = path.format(**(dict.fromkeys(names, "x") | {"paper_id": 1, "form": "pdf", "name": "units"}))
        answer = await visitor.request(method, address, json=BODIES.get(path))
        refused = answer.status_code in (401, 403)
        if rule in ("public", "own machine"):
            assert answer.status_code == (422 if method == "POST" else 200), path
        elif rule == "demo only":
            assert answer.status_code == 404, path
        elif who == "nobody":
            assert answer.status_code == 401, path
        elif rule != "logged in":
            assert refused == (rule not in allowed or _needs_a_place(path, who)), f"{method} {path} for {who}"


def _needs_a_place(path: str, who: str) -> bool:
    """Drafts belong to an agent's place."""
    return path.startswith("/api/v1/drafts") and who != "agent"
