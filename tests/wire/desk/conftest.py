"""A desk with two agents, a supervisor and an administrator, and browsers of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import routing

from agent_desktop import accounts, keeper
from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, browser_at


@pytest.fixture(autouse=True, scope="session")
def _quick_hash() -> Iterator[None]:
    """Passwords at next to no cost; the real one would be most of these tests' time, and is a number, not logic."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", quick)
        patch.setattr(accounts, "_nobody", quick.hash("nobody"))
        yield


@pytest.fixture(autouse=True, scope="session")
def _routes_are_built_once() -> Iterator[None]:
    """FastAPI builds an application's routes at its first request, half a second's work for ours; every test has an
    application of its own, and they are all alike."""
    build = routing._IncludedRouter._build_effective_context
    built: dict[tuple[int, str], Any] = {}

    def once(self: Any, route: Any) -> Any:
        if not isinstance(route, routing.APIRoute):
            return build(self, route)
        key = (id(route), self.include_context.prefix)
        if key not in built:
            built[key] = build(self, route)
        return built[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(routing._IncludedRouter, "_build_effective_context", once)
        yield


@pytest.fixture
def url() -> str | None:
    """SQLite; :mod:`tests.wire.desk.databases` has both."""
    return None


@pytest.fixture
def house(tmp_path: Path, url: str | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The desk, which looks after things fifty times a second."""
    monkeypatch.setattr(keeper, "TICK", 0.02)
    built = House(tmp_path, url)
    built.agent(1)
    built.agent(2)
    built.person("chief", "supervisor")
    built.person("root", "admin")
    yield built
    built.engine.dispose()


@pytest.fixture
async def stranger(house: House) -> AsyncIterator[Browser]:
    """A browser nobody has logged in with."""
    async with browser_at(house) as opened:
        yield opened


@pytest.fixture
async def agent(stranger: Browser) -> Browser:
    """The browser of agent 1."""
    assert (await stranger.log_in()).status_code == 200
    return stranger


@pytest.fixture
async def colleague(agent: Browser) -> AsyncIterator[Browser]:
    """The browser of agent 2."""
    async with Browser(agent.port) as opened:
        assert (await opened.log_in("agent2")).status_code == 200
        yield opened
