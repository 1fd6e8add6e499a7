"""Benches run seldom and alone; what they import from the house is looked at with every change."""

from __future__ import annotations

import importlib

import pytest

from bench.__main__ import names

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", names())
def test_a_bench_can_be_started(name: str) -> None:
    assert callable(importlib.import_module(f"bench.{name}").main)
