"""The web app's types are those of this server: what the page reads is what the desk writes."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

WEB = Path(__file__).parents[2] / "agent_desktop" / "web"
HOW = "run `npm run types` in agent_desktop/web"


@pytest.fixture(scope="module")
def schemas() -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    found: dict[str, dict[str, dict[str, dict[str, object]]]] = runpy.run_path(str(WEB / "scripts" / "schemas.py"))[
        "schemas"
    ]()
    return found


def test_live_messages(schemas: dict[str, object]) -> None:
    generated = json.loads((WEB / "src/generated/live-schema.json").read_text("utf-8"))
    assert generated == json.loads(json.dumps(schemas["live"])), HOW


def test_every_model_and_field_of_the_http_interface(
    schemas: dict[str, dict[str, dict[str, dict[str, object]]]],
) -> None:
    generated = (WEB / "src/generated/http.ts").read_text("utf-8")
    for name, model in schemas["http"]["$defs"].items():
        _, found, rest = generated.partition(f"export type {name} = ")
        assert found, f"{name}: {HOW}"
        text = rest.partition("\nexport type")[0]
        for field in model.get("properties", {}):  # type: ignore[attr-defined]
            assert f"readonly {field}" in text, f"{name}.{field}: {HOW}"
