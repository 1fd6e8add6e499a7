"""The live messages' shape, and that the web app's copy of it is the same."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desktop.codec import LARGEST_MESSAGE, BadMessage, decode, encode
from agent_desktop.messages import SERVER_MESSAGES, ClientHello, Link, json_schema

pytestmark = pytest.mark.unit

GENERATED = Path(__file__).parents[2] / "agent_desktop" / "web" / "src" / "generated" / "live-schema.json"


def test_the_web_apps_types_come_from_this_schema() -> None:
    written = json.loads(GENERATED.read_text("utf-8"))
    assert written == json_schema(), "run `npm run types` in agent_desktop/web"


def test_every_reference_in_the_schema_leads_somewhere() -> None:
    schema = json_schema()

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if "$ref" in node else []
            return own + [found for value in node.values() for found in references(value)]
        return [found for value in node for found in references(value)] if isinstance(node, list) else []

    found = references(schema)
    assert found
    assert {name.removeprefix("#/$defs/") for name in found} <= schema["$defs"].keys()


def test_every_message_names_its_version_and_type() -> None:
    schema = json_schema()["$defs"]
    for side in ("ServerMessage", "ClientMessage"):
        for name in schema[side]["discriminator"]["mapping"].values():
            properties = schema[name.removeprefix("#/$defs/")]["properties"]
            assert properties["v"]["const"] == 1
            assert "const" in properties["type"]


def test_what_is_encoded_can_be_read_back() -> None:
    message = Link(ami=True)
    assert SERVER_MESSAGES.validate_json(encode(message)) == message
    assert decode('{"v":1,"type":"hello","tab":"abcdefgh"}') == ClientHello(type="hello", tab="abcdefgh")


@given(st.text(max_size=LARGEST_MESSAGE + 10))
def test_any_text_is_a_message_or_a_bad_message(text: str) -> None:
    with suppress(BadMessage):
        decode(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )
)
def test_any_json_is_a_message_or_a_bad_message(value: Any) -> None:
    with pytest.raises(BadMessage):
        decode(json.dumps(value))
