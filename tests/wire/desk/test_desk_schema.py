"""Random and deliberately wrong requests, made from the interface's own description: no answer is ever a 5xx, and every
answer is what the description promises."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from agent_desktop.api import citizen
from tests.wire.desk.house import CONTACT, PASSWORD, House
from tests.wire.desk.server import serving
from tests.wire.desk.test_desk_recordings import Shelf
from tests.wire.desk.test_desk_rules import RULES

pytestmark = pytest.mark.wire

EXAMPLES = 15
"""A route; enough to cross every kind of field, few enough for every run."""

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@dataclass
class Served:
    """A desk served from another thread, because the requests here are synchronous."""

    base_url: str
    cookies: dict[str, str]
    description: dict[str, object]
    known: dict[str, str]
    """Ids of things that exist, by the name of the parameter."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    house = House(tmp_path_factory.mktemp("schema"))
    house.agent(roles=("agent", "auditor"))
    shelf = Shelf(house, tmp_path_factory.mktemp("shelf"))
    ticket = house.ticket()
    known = {"contact_id": CONTACT, "recording_id": shelf.recording_id, "ticket_id": ticket.ticket_id}
    ports: list[int] = []
    ready, done = threading.Event(), threading.Event()

    async def serve() -> None:
        async with serving(house) as port:
            house.queued()
            ports.append(port)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    patch = pytest.MonkeyPatch()
    patch.setattr(citizen, "NOTHING_TAKES", 0.0)
    thread.start()
    assert ready.wait(10)
    base_url = f"http://127.0.0.1:{ports[0]}"
    login = {"username": "agent1", "password": PASSWORD}
    answer = requests.post(f"{base_url}/api/v1/login", json=login, headers={"X-Requested-With": "hotline"}, timeout=30)
    yield Served(base_url, dict(answer.cookies), house.app.openapi(), known)
    done.set()
    thread.join()
    patch.undo()


@pytest.fixture(scope="module")
def description(served: Served) -> BaseSchema:
    return schemathesis.openapi.from_dict(served.description)


def try_out(served: Served, operation: APIOperation, mode: GenerationMode, **ids: object) -> set[int]:
    """Sends many requests to one operation; the statuses that came back."""
    statuses: set[int] = set()
    cookies = {} if operation.path == "/api/v1/logout" else served.cookies

    @given(case=operation.as_strategy(mode, **ids))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Case) -> None:
        headers = {"X-Requested-With": "hotline"}
        response = case.call(base_url=served.base_url, headers=headers, cookies=cookies, timeout=30)
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    send()
    return statuses


OPERATIONS = sorted(key for key in RULES if key[0] != "HEAD")


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_request_surprises_the_desk(
    served: Served, description: BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    operation = description[path][method]
    raw = operation.definition.raw
    if mode is GenerationMode.NEGATIVE and not (raw.get("parameters") or "requestBody" in raw):
        return  # nothing that could be wrong
    statuses = try_out(served, operation, mode)
    assert mode is GenerationMode.POSITIVE or max(statuses) >= 400


KNOWN = {"{contact_id}", "{ticket_id}", "{recording_id}"}
"""Parameters for which the served desk holds something real."""
MAY_BE_MISSING = {"transcript", "outcome"}
"""What belongs to a real thing and may itself not be there: no transcript yet, another ticket's outcome.

Drafts come and go with the other tests."""


@pytest.mark.parametrize(("method", "path"), [key for key in OPERATIONS if KNOWN & set(key[1].split("/"))])
def test_nor_one_about_things_that_exist(served: Served, description: BaseSchema, method: str, path: str) -> None:
    name = path.partition("{")[2].partition("}")[0]
    statuses = try_out(
        served, description[path][method], GenerationMode.POSITIVE, path_parameters={name: served.known[name]}
    )
    assert 404 not in statuses or path.rpartition("/")[2] in MAY_BE_MISSING or "drafts" in path


def test_a_real_call_stands_behind_the_requests(served: Served) -> None:
    answer = requests.get(f"{served.base_url}/api/v1/calls", cookies=served.cookies, timeout=30)
    assert CONTACT in answer.text
