"""An installation's database for tests of commands, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hotline.database import build_engine
from tests.kit.postgres import shared_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def installed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Engine]:
    """An empty database which every command of this test uses, those in processes of their own as well."""
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'hotline.sqlite'}"
    if request.param == "postgresql":
        url = shared_postgres().database("installation")
    monkeypatch.setenv("DATABASE_URL", url)
    engine = build_engine(url)
    if request.param == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    yield engine
    engine.dispose()
