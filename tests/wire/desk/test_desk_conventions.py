"""What every address of the interface has in common, read from its own description, so none can be forgotten.

Exceptions stand here with their reason; one that no longer is one fails as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from agent_desktop.errors import ERRORS
from tests.wire.desk.house import House

pytestmark = pytest.mark.wire

API = "/api/v1"

WHOLE = {
    "/welcome": "the demo's log-ins, written in the city's seed",
    "/me": "what belongs to one person",
    "/dictionary": "the office's words, needed whole to draw any page",
    "/form-guide": "the city's form, needed whole",
    "/colleagues": "agents with a place: as many as there are chairs",
    "/duty": "the roster is looked at whole while a citizen waits",
    "/duty/all": "the same for whoever keeps it",
    "/ledger/proof": "breaks of the chain; a sound ledger has none",
    "/keeping": "counts, alarms and rules on one page",
    "/keeping/contacts/{contact_id}/confidential": "the people named with one call, and who could be",
    "/quality/form": "one scorecard",
    "/quality/reviewers": "people with one permission",
    "/quality/results": "at most 53 weeks",
    "/quality/calibrations/{calibration_id}": "one calibration",
    "/quality/reviews/{review_id}": "one review",
    "/calls/{contact_id}": "one call with what belongs to it",
    "/calls/{contact_id}/hand-overs": "the hand-overs of one call",
    "/calls/{contact_id}/quality": "the lines of one call",
    "/voicemail/{voicemail_id}": "one message",
    "/survey/agents": "one line an agent",
    "/balance": "a line a check",
    "/indicators": "the figures of one period, a line a unit",
    "/assessments/results": "a line a unit",
    "/reports/lines": "the lines of one report, a named number at most",
    "/hotspots": "one level of the places by one of the categories",
    "/recordings/{recording_id}/transcript": "one recording's words, drawn along its time",
    "/recordings/{recording_id}/story": "one recording with what belongs to it",
    "/recordings/{recording_id}/plays": "who heard one recording, newest hundreds",
    "/plays/mine": "one person's own, by days",
    "/floor/acts/mine": "what was done at one person's place, by days",
    "/tickets/{ticket_id}/papers": "the papers of one ticket",
    "/tickets/{ticket_id}/attachments": "the files of one ticket, fifty at most",
    "/tickets/{ticket_id}/clips": "the clips of one ticket",
    "/knowledge/search": "the best few for a question that is being asked",
    "/knowledge/{article_id}": "one article with its history",
}
"""Answers with a list that does not come in pages: bounded by what they are about."""

ONCE = {
    "/login": "a second session is harmless",
    "/logout": "ending what has ended is harmless",
    "/public/progress": "asks; the secret is kept out of addresses",
    "/intake/suggestions": "asks; what is typed is kept out of addresses",
    "/intake/alike": "asks, too",
    "/recusals": "the same interest declared again is the same recusal",
    "/assessments": "what follows from a period is written down once, however often it is assessed",
    "/duties/{duty_id}/decision": "names what exists; decided already is refused",
    "/recusals/{recusal_id}/end": "names what exists; ended already is not found",
    "/tokens": "its secret is told once, so a repetition cannot answer the same; a token nobody was told is revoked",
    "/tokens/{token_id}/revoke": "names what exists; ended already is ended",
    "/outbox/{outbox_id}/retry": "names what exists; asking twice asks once",
    "/voicemail/{voicemail_id}/claim": "names what exists; mine already is mine",
    "/voicemail/{voicemail_id}/release": "names what exists",
    "/voicemail/{voicemail_id}/done": "names what exists; done already is refused",
    "/voicemail/{voicemail_id}/call-back": "one conversation at a time: a second is refused by the switch",
    "/recordings/{recording_id}/plays": "each opening is a play of its own",
    "/plays/{play_id}/heard": "reports what was heard so far, added up by its spans",
    "/recordings/{recording_id}/transcripts": "each run is a version of its own",
    "/recordings/{recording_id}/exports": "each file given out is an act of its own and on record",
    "/quality/reviews": "an open review of the same recording and reviewer is given back",
    "/quality/reviews/{review_id}/release": "names what exists",
    "/keeping/holds/{hold_id}/lift": "names what exists; lifted already is refused",
    "/keeping/alarms/{alarm_id}/clear": "names what exists",
    "/calls/{contact_id}/marks": "the same mark for the same call is one",
    "/marks/{mark_id}/decision": "names what exists",
    "/calls/{contact_id}/hand-overs": "a running one to the same service is given back",
    "/knowledge/{article_id}/acts": "names what exists; an act that was done is refused in the next state",
    "/calls/{contact_id}/outcome": "names the conference, which has one outcome",
    "/floor/listening/turn": "names one's own listening; says how it shall be",
    "/floor/listening/end": "ending what has ended is refused, nothing else",
    "/demo/citizen": "lends a telephone for a minute; the same browser gets the same one",
}
"""POSTs without a key: why the same request twice does no harm."""
AT_THE_TELEPHONE = ("/agent/", "/call/")
"""An agent's state and conversation: the switch answers for what is, and a second press finds it done or refused."""

LAST_WORD = {
    "/calls/{contact_id}/disposition": "one agent's own word about the own call",
    "/keeping/contacts/{contact_id}/confidential": "says what shall be, not what shall change",
}
"""PUTs without a version."""


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return House(tmp_path_factory.mktemp("conventions")).app.openapi()


def operations(said: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, address below the interface's root, what is said about it."""
    for path, methods in said["paths"].items():
        if path.startswith(API):
            for method, operation in methods.items():
                yield method.upper(), path.removeprefix(API), operation


def fields(said: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """The fields of a JSON body, by name."""
    schema = content.get("application/json", {}).get("schema", {})
    return dict(resolved(said, schema).get("properties", {}))


def resolved(said: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = said["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def parameters(operation: dict[str, Any], where: str) -> set[str]:
    return {one["name"] for one in operation.get("parameters", []) if one["in"] == where}


def answer(said: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """The fields of the answer when all went well."""
    found: dict[str, Any] = {}
    for status, content in operation["responses"].items():
        if status.startswith("2"):
            found |= fields(said, content.get("content", {}))
    return found


def test_every_list_goes_on_by_a_cursor(description: dict[str, Any]) -> None:
    paged, whole = set(), set()
    for method, path, operation in operations(description):
        shape = answer(description, operation)
        lists = [name for name, one in shape.items() if resolved(description, one).get("type") == "array"]
        if method != "GET" or not lists:
            continue
        query = parameters(operation, "query")
        if "cursor" in query:
            assert {"limit"} <= query and "next_cursor" in shape, path
            assert not query & {"offset", "page", "before"}, path
            paged.add(path)
        else:
            assert "next_cursor" not in shape, path
            whole.add(path)
    assert whole == WHOLE.keys()
    assert {"/tickets", "/search", "/inbox", "/tickets/{ticket_id}/history", "/ledger", "/outbox", "/calls"} <= paged


def test_every_error_has_the_one_shape_and_a_known_id(description: dict[str, Any]) -> None:
    for method, path, operation in operations(description):
        for status, content in operation["responses"].items():
            if status < "400":
                continue
            assert set(fields(description, content["content"])) == {"error"}, f"{method} {path} {status}"
            named = re.findall(r"`(\w+)`:", content["description"])
            assert named, f"{method} {path} {status} says which errors"
            assert {ERRORS[name][0] for name in named} == {int(status)}, f"{method} {path} {status}"


def test_whatever_makes_something_takes_a_key(description: dict[str, Any]) -> None:
    keyless = set()
    for method, path, operation in operations(description):
        keyed = "idempotency-key" in {name.lower() for name in parameters(operation, "header")}
        if method == "POST" and not keyed and not path.startswith(AT_THE_TELEPHONE):
            keyless.add(path)
        assert method == "POST" or not keyed, f"{method} {path} repeats as it is"
    assert keyless == set(ONCE)


def test_whatever_changes_something_names_the_version_it_saw(description: dict[str, Any]) -> None:
    unnamed = set()
    for method, path, operation in operations(description):
        if method in ("PUT", "PATCH"):
            body = fields(description, operation.get("requestBody", {}).get("content", {}))
            if "version" not in body:
                unnamed.add(path)
    assert unnamed == set(LAST_WORD)
    acts = description["paths"][f"{API}/tickets/{{ticket_id}}/acts"]["post"]
    assert "version" in fields(description, acts["requestBody"]["content"])
