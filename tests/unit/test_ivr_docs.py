"""``docs/ivr.md`` names every key, variable and metric there is, and none that there is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.metrics import MetricWrapperBase
from pydantic import TypeAdapter

from ivr import metrics
from ivr.flows.inbound import Choice
from ivr.menu import Menu

pytestmark = pytest.mark.unit

PAGE = (Path(__file__).parents[2] / "docs" / "ivr.md").read_text("utf-8")


def section(title: str) -> dict[str, list[str]]:
    """First cell (without quotes) → the other cells, of the tables under a heading."""
    text = PAGE.split(f"## {title}", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", text, re.M)
    return {name: [cell.strip() for cell in rest.split(" | ")] for name, rest in rows}


def keys_of(schema: dict[str, Any], table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Every key that may stand in the file, and whether it must; from what the loader itself validates with."""
    for name, about in table["properties"].items():
        key = f"{prefix}{name}"
        inner = about.get("items", about)
        within = schema["$defs"].get(inner.get("$ref", "").removeprefix("#/$defs/"), {})
        if "properties" not in within:
            yield key, name in table.get("required", ())
            continue
        if inner is not about:
            yield key, False
        if within is not table:
            yield from keys_of(schema, within, f"{key}.")


SCHEMA = TypeAdapter(Menu).json_schema()
REAL = dict(keys_of(SCHEMA, SCHEMA))


def test_every_key_is_documented_and_nothing_else() -> None:
    told = section("`ivr.toml`")
    assert {*told} == {*REAL}
    assert {name for name, cells in told.items() if cells[-1] == "required"} == {
        name for name, required in REAL.items() if required
    }


def test_the_demo_city_shows_every_key() -> None:
    text = (Path(__file__).parents[2] / "cities/demo/ivr.toml").read_text("utf-8")
    absent = {name for name in REAL if not re.search(rf"^#? ?{name.rsplit('.')[-1]} = ", text, re.M)}
    assert absent <= {"menu.options.language", "menu.options", "menu.options.options", "holidays.days"}


def test_every_variable_is_documented() -> None:
    names = {name.removeprefix("__") for name, _ in Choice("a", 1, "zh").variables().values}
    assert {*section("What the dialplan gets")} == names


def test_every_metric_is_documented() -> None:
    made = [one for one in vars(metrics).values() if isinstance(one, MetricWrapperBase)]
    names = {sample.name for one in made for sample in one.describe()}
    kinds = {one.describe()[0].name: one.describe()[0].type for one in made}
    assert {*section("Watching it")} == {f"{name}_total" if kinds[name] == "counter" else name for name in names}
